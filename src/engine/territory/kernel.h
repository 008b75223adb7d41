/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* kernel.h - the density of distances between sites (Duranton and Overman 2005); private to territory/. */
#ifndef GRAPPE_KERNEL_H
#define GRAPPE_KERNEL_H

#include "territory/points.h"

struct kernel_sites {
    size_t count;
    double *x, *y, *weight;
};
struct kernel_sites kernel_sites_new(struct arena *, size_t most);
void kernel_sites_add(struct kernel_sites *, double x, double y, double weight);

/* Kd at each radius, over the pairs within `of`, or between `of` and `to`: a Gaussian kernel reflected at 0,
 * of the width .9 min(sd, IQR / 1.34) N^(-1/5) of distances up to twice the largest radius. Every pair is
 * counted as it is; `coarse`, or beyond five million pairs, in 16,384 steps of distance, which moves a value
 * by less than a thousandth of what chance does. Unknown for less than two pairs. Cost O(pairs + radii ×
 * distances). */
void kernel_density(struct arena *work, const struct kernel_sites *of, const struct kernel_sites *to,
                    struct radii, bool weighted, bool coarse, double *values);

#endif
