/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* cover_bound.h - the Lagrangian bound of a cover, by the volume algorithm.
 *
 *   L(u) = sum_i u_i + sum_j min(0, r_j),   r_j = c_j - sum of u over the rows of j,   u >= 0
 *
 * is at most the cost of any cover. Floating point proposes u; whoever proves with it counts again in
 * integers. */
#ifndef GRAPPE_ASSEMBLY_COVER_BOUND_H
#define GRAPPE_ASSEMBLY_COVER_BOUND_H

#include "assembly/cover.h"

struct cover_bound {
    double *price;   /* u of each row */
    double *reduced; /* r of each column, at these prices */
    double *share;   /* 0 .. 1 of each column: about what the linear relaxation takes of it */
    double value;    /* L */
    double *scratch; /* the rest: workspace of 3 * rows + columns */
};

struct cover_bound_options {
    double target;             /* cost to beat: stops when the bound says that nothing can */
    int most_steps;            /* of the ascent */
    int patience;              /* steps without a better bound before they get smaller */
    bool (*go_on)(void *with); /* NULL, or asked now and then; false: the bound so far */
    void *with;
};

/* Workspace for tables of at most these sizes. */
struct cover_bound cover_bound_new(struct arena *, int32_t rows, int32_t columns);
/* b->price of each row when nothing better is known: the cheapest share of its columns. */
void cover_bound_start(const struct cover *, struct cover_bound *);
/* Raises the bound from the prices that stand in b->price; returns the entries looked at.
 * Source: Barahona and Anbil (2000), The volume algorithm, Mathematical Programming 87. */
int64_t cover_bound_raise(const struct cover *, const struct cover_bound_options *, struct cover_bound *);

#endif
