/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* movements.h - how cells may move together so that every equation still holds: what hides one another.
 *
 * If cell p can move by its need while only hidden cells move with it, nobody can tell the difference. Asked
 * thousands of times for one publication, each time from rest, and answered after a handful of steps: a dual
 * simplex on a dense table of which only what is not zero is touched, with costs |movement| of each cell. */
#ifndef GRAPPE_SECRECY_MOVEMENTS_H
#define GRAPPE_SECRECY_MOVEMENTS_H

#include <stdint.h>

#include "secrecy/model.h"

struct movements;

/* Of a model of at most so many cells and equations. LIMIT_MOVEMENTS bounds their product. */
enum { LIMIT_MOVEMENTS = 30 * 1000 * 1000 };
struct movements *movements_new(struct arena *, size_t cells, size_t equations);
/* After the model has changed. */
void movements_read(struct movements *, const struct secrecy_model *);

/* Of each cell: the cost of moving by one (INFINITY: it stays), and how far it may move. Costs from 0 on,
 * best all different. */
struct movement_limits {
    const double *cost, *up, *down;
};
/* The cheapest movement of all cells with `cell` moved by `change`; false when there is none. */
bool movements_find(struct movements *, int32_t cell, double change, struct movement_limits, double *moves);
/* After false: weights of cells such that the weighted sum of movements is 0 in every movement, and cannot be
 * within the limits. */
void movements_proof(const struct movements *, double *weights);
/* Work done so far: multiplications in steps. */
uint64_t movements_work(const struct movements *);

#endif
