/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* quotients.h - how special, how concentrated and how growing: tables of jobs by region and industry.
 *
 * Arrays in, arrays out; the caller has room for the answers. What has no sense (a region without jobs, an
 * industry that is nowhere) is UNKNOWN_REAL, never 0 or 1. Cost O(regions × industries) unless said. */
#ifndef GRAPPE_QUOTIENTS_H
#define GRAPPE_QUOTIENTS_H

#include <stddef.h>

#include "fault/fault.h"

struct arena;

struct jobs {
    size_t regions, industries;
    const double *at;                      /* regions × industries, a region after the other */
    const double *of_region, *of_industry; /* sums */
    double whole;
};

/* Checks the numbers and sums them: INVALID, with its place, for what is no number or less than nothing, and
 * for a table without any jobs. `at` is kept by the caller. */
struct fault *jobs_sum(struct arena *, size_t regions, size_t industries, const double *at,
                       struct jobs *) MUST_CHECK;

/* (E_ri / E_r) / (E_i / E), regions × industries. */
void location_quotients(const struct jobs *, double *quotients);
/* The bounds between which the number of jobs lies that such a count may stand for, 95 % (Garwood 1936, exact
 * for counts that happen by themselves): a quotient times bound / jobs is its own bound. */
void poisson_bounds(double count, double *low, double *high);

/* One value a region. Krugman: sum |s_ri - s_i| over industries, 0 to 2. Hachman: 1 / sum s_ri LQ_ri, 1 for
 * the shares of the whole. Herfindahl: sum s_ri^2. */
void krugman_indices(const struct jobs *, double *indices);
void hachman_indices(const struct jobs *, double *indices);
void herfindahl_indices(const struct jobs *, double *indices);
/* One value an industry: the locational Gini of Krugman (1991), at most .5; regions weigh the same.
 * O(regions log regions) an industry. */
void locational_ginis(struct arena *work, const struct jobs *, double *ginis);

/* Plain ones, for any n values from 0 on. Gini: 0 when all are equal, 1 - 1/n when one has everything. */
double gini(struct arena *work, const double *values, size_t n);
/* Parts against a base (an industry's regions against all jobs, or against people). Hoover: the share that
 * would have to move, half of sum |part - base|. Hoover-Gini: the Gini of the Lorenz curve of parts over
 * base. Ratio Gini: of the ratios of shares, each counting once, over n^2 (gini.conc and gini.spec of
 * Farhauer and Kröll 2013). Unknown when either has nothing, and the ratio Gini where a part has no base. */
double hoover(const double *part, const double *base, size_t n);
double hoover_gini(struct arena *work, const double *part, const double *base, size_t n);
double ratio_gini(struct arena *work, const double *part, const double *base, size_t n);

/* Ellison and Glaeser (1997) for one industry: plants with their jobs and the region each stands in, and the
 * regions' shares of all jobs. Unknown for less than two plants, and where one region has everything. */
double ellison_glaeser(const double *jobs, const size_t *region, size_t plants, const double *share,
                       size_t regions);

/* What became of one region's jobs in one industry: the growth of the whole, that of its industry beyond it,
 * and its own; the three sum to the change. Esteban-Marquillas split its own into what the region does better
 * at average weight, and what it is specialised in. */
struct shift_share {
    double national, mix, regional;
    double competitive, allocation;
};
/* One region against the whole, `industries` of each. Growth from nothing is unknown: all five are, and the
 * jobs are `created` instead. INVALID as jobs_sum(), and when the whole has no jobs at the beginning. */
struct fault *shift_share(struct arena *work, const double *before, const double *after,
                          const double *whole_before, const double *whole_after, size_t industries,
                          struct shift_share *effects, double *created) MUST_CHECK;

#endif
