/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* complexity.h - which regions do what few others do, and what is near to what they do (Hidalgo and Hausmann
 * 2009, Hidalgo and others 2007, Tacchella and others 2012).
 *
 * M is regions × industries of true and false: a location quotient of at least 1. Every region must have an
 * industry and every industry a region: INVALID names the first that has none. */
#ifndef GRAPPE_COMPLEXITY_H
#define GRAPPE_COMPLEXITY_H

#include <stdbool.h>
#include <stddef.h>

#include "fault/fault.h"

struct arena;

struct presence {
    size_t regions, industries;
    const bool *at; /* regions × industries */
};

/* Economic complexity of regions, standardised (mean 0, population standard deviation 1), and of industries
 * on the same scale: a region's is the mean of its industries'. The sign follows diversity; below a
 * correlation of .2 with it (*diversity) it is not to be relied on. INVALID when M falls apart into pieces
 * without a tie: then there is no common order. UNKNOWN_REAL for all when nothing tells the regions apart.
 * Cost O(regions^3). */
struct fault *economic_complexity(struct arena *, const struct presence *, double *regions,
                                  double *industries, double *diversity) MUST_CHECK;

/* Industries × industries: the smaller of both chances to find one where the other is. O(regions ×
 * industries^2). */
struct fault *relatedness(struct arena *, const struct presence *, double *phi) MUST_CHECK;
/* Regions × industries: how much of what is near to an industry, itself included, a region has, 0 to 1. */
void relatedness_density(const struct presence *, const double *phi, double *density);

/* Fitness of regions and complexity of industries after so many rounds, each of mean 1. */
struct fault *fitness_complexity(struct arena *, const struct presence *, int rounds, double *fitness,
                                 double *complexity) MUST_CHECK;

#endif
