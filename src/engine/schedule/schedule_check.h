/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* schedule_check.h - whether a schedule is one, and proves what it claims; shares no code with the solver. */
#ifndef GRAPPE_SCHEDULE_CHECK_H
#define GRAPPE_SCHEDULE_CHECK_H

#include "schedule/schedule.h"

/* Every meeting asked for, in a slot where both are, nobody twice in a slot, no slot with more than the
 * tables, nobody beyond the cap, persons with one, two and three meetings and the weight counted again, and
 * the bound no less than what its prices prove. INVALID, saying which of these is not so. Tables, where they
 * are told (not NULL), each in one meeting a slot. Cost O(requests · slots + sum of matchings). */
struct fault *schedule_check(struct arena *, const struct schedule_problem *,
                             const struct schedule *) MUST_CHECK;

#endif
