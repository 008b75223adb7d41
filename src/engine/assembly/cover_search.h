/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* cover_search.h - good covers, by local search that gives weight to the rows that are hard to cover. */
#ifndef GRAPPE_ASSEMBLY_COVER_SEARCH_H
#define GRAPPE_ASSEMBLY_COVER_SEARCH_H

#include "assembly/cover.h"
#include "random/random.h"

struct cover_found {
    int64_t cost; /* INT64_MAX: none yet */
    int32_t *members, count;
};

/* Looks for a cover cheaper than *best, from `start` (columns of this table; none: greedily), for `steps`
 * steps or until one costs no more than `enough`. Every row has a column. True when *best got better: its
 * columns are then those of this table. Returns the steps taken in *steps.
 * Source: Gao, Weise, Li (2014), A fast row-weighting local search for the set covering problem; carried to
 * costs by weight gained or lost a unit of cost. */
bool cover_search(const struct cover *, struct random *, const int32_t *start, int32_t start_count,
                  int64_t enough, int64_t *steps, struct cover_found *best);

#endif
