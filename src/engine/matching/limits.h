/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* limits.h - what limits a match: certificates, tolerance, size, volume, distance; and the checks of a
 * need. */
#ifndef GRAPPE_MATCHING_LIMITS_H
#define GRAPPE_MATCHING_LIMITS_H

#include "matching/internal.h"
#include "tolerance/tolerance.h"

struct fault *need_judge(const struct matcher *, const struct match_need *, int64_t today) MUST_CHECK;

/* Fills the contributions from CRITERION_FIRST_LIMIT on, the gates, and the capability that fits best under
 * the weights of the criteria. */
void judge_limits(const struct matcher *, const struct match_need *, const struct detail_set *asked,
                  const double *weights, int firm, struct matched *);

/* Whether the firm is known to hold all that the need requires. */
bool holds_required(const struct matcher *, const struct match_need *, int firm);

#endif
