/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* bound.h - what no schedule can exceed, by a flow that knows no slots; private to schedule/. */
#ifndef GRAPPE_BOUND_H
#define GRAPPE_BOUND_H

#include "schedule/plan.h"

struct bound_network; /* who can have how many meetings, which of them are possible, room in all slots */
struct bound_network *bound_network_new(struct arena *, const struct schedule_problem *);

struct bound {
    int64_t value; /* of levels and weights; one set: both directions of each meeting counted */
    int met[MEETING_LEVELS];
    unsigned char *units; /* of each request: 0, 1, or in one set 2 */
};
/* level: of plan_new(), all 0 for the weights alone. prices only then; of NULL none are told. */
void bound_of(struct arena *, const struct bound_network *, const int64_t *level, struct bound *,
              struct flow_prices *);

#endif
