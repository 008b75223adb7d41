/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* statistics.h - one look at the points for K, L, M or Kd; private to territory/. */
#ifndef GRAPPE_STATISTICS_H
#define GRAPPE_STATISTICS_H

#include "territory/neighbours.h"

struct random;

/* What does not change from look to look: pairs, corrections at the edge, who is asked about. */
struct statistics;
struct fault *statistics_prepare(struct arena *, const struct concentration_request *,
                                 struct statistics **) MUST_CHECK;

/* What does: the points' kinds and weights as they are dealt. One a thread; as they stand to begin with. */
struct statistics_room;
struct statistics_room *statistics_room(struct arena *, const struct statistics *);
struct fault *statistics_deal(const struct statistics *, struct statistics_room *,
                              struct random *) MUST_CHECK; /* LIMIT: too many pairs */

/* of_count × radii values. */
void statistics_look(const struct statistics *, struct statistics_room *, double *values);

#endif
