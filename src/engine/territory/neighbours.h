/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* neighbours.h - who stands within which radius of whom: found once, asked many times. */
#ifndef GRAPPE_NEIGHBOURS_H
#define GRAPPE_NEIGHBOURS_H

#include "territory/points.h"

/* Points are numbered anew so that those near each other in the plane are near in memory. Of the i-th, the
 * points at more than radius k-1 and at most radius k are near[from[i * (radii + 1) + k]] up to the next. */
struct neighbours {
    size_t count, radii;
    const int32_t *place; /* the number each point had */
    const size_t *from;
    const int32_t *near;
};

/* LIMIT when there are more pairs than the arena is to hold. Cost O(points + pairs within the largest). */
struct fault *neighbours_find(struct arena *, const double *x, const double *y, size_t count, struct radii,
                              struct neighbours *) MUST_CHECK;

static inline size_t neighbours_from(const struct neighbours *n, size_t i, size_t radius)
{
    return n->from[i * (n->radii + 1) + radius];
}

#endif
