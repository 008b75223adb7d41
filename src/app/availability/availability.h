/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* availability.h - what organisations say is free in which months, as far as the viewer may see it. */
#ifndef GRAPPE_AVAILABILITY_H
#define GRAPPE_AVAILABILITY_H

#include "door/door.h"

/* May one rely on it on this day, and is its last month not over? */
bool availability_holds(const struct availability *, int64_t day);
/* Does it begin in the month of the deadline or before? Deadline unknown: yes. */
bool availability_in_time(const struct availability *, int64_t deadline);

/* "Une semaine ou plus, de janvier 2027 à mars 2027" */
const char *availability_words(struct arena *, const struct availability *);

/* Those that hold today, in no order; noted as read by nobody. */
struct fault *availabilities_holding(struct door *, struct availability **, size_t *count) MUST_CHECK;

#endif
