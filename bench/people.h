/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* people.h - organisations and people who act for them, for benches of what is written to them. */
#ifndef GRAPPE_BENCH_PEOPLE_H
#define GRAPPE_BENCH_PEOPLE_H

#include "door/door.h"
#include "house/house.h"

/* Ends the program with a word about a fault. */
void must(const struct fault *);

/* The program's, within a change. */
struct door *bench_change(const struct space_info *, struct arena *);

/* So many people, each with a mandate of one of `organisations`, one in `facilitators` of them a facilitator
 * (0: none). Returns the ids of the organisations. */
int64_t *bench_people(struct door *, struct arena *, int people, int organisations, int facilitators);

#endif
