/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* plan.h - a schedule while it is made: who is where, what it is worth; private to schedule/. */
#ifndef GRAPPE_PLAN_H
#define GRAPPE_PLAN_H

#include "random/random.h"
#include "schedule/flow.h"
#include "schedule/schedule.h"

struct plan {
    const struct schedule_problem *problem;
    int *slot;                     /* of each request; -1: none */
    int *at;                       /* persons × slots: the request a person is in; -1: none */
    int *meetings;                 /* of each person */
    int *used;                     /* tables, of each slot */
    int64_t level[MEETING_LEVELS]; /* what a person's first, second, third meeting is worth; never growing */
    int64_t value;                 /* of all of it */
};

struct plan *plan_new(struct arena *, const struct schedule_problem *);
void plan_copy(struct plan *to, const struct plan *from); /* of the same problem */
void plan_place(struct plan *, size_t request, int slot);
void plan_take(struct plan *, size_t request);
int plan_cap(const struct schedule_problem *, int person);
/* What the next meeting of both adds. */
int64_t plan_gain(const struct plan *, size_t request);
bool plan_can(const struct plan *, size_t request, int slot); /* both there, free, under their caps */

/* Puts a request where it fits, perhaps by exchanging two slots along a chain of others' meetings, none of
 * which is before slot `from` (Kempe 1879). `tables`: how many a slot may have. false: it stays unmet.
 * Cost O(slots² · chain). */
bool plan_insert(struct plan *, size_t request, int tables, int from);
/* Moves meetings between slots until none has more than the problem's tables, where everybody is always there
 * and there is room in all. */
void plan_even_out(struct plan *);

/* Slots in which a person waits between the first and the last meeting, summed over all. */
int64_t plan_waits(const struct plan *);
/* The same meetings, exchanged between slots along chains as long as somebody waits less and it pays; so many
 * looks at a person's slot at most. */
void plan_close_gaps(struct plan *, int64_t steps);

/* The requests that could stand in each slot. */
struct slot_lists {
    size_t *start; /* slots + 1 */
    uint32_t *requests;
};
struct slot_lists plan_lists(struct arena *, const struct schedule_problem *);

/* The best meetings of one slot, the other slots standing: a matching, exactly. only_free: who is busy there
 * stays as he is. true: worth more than before. */
bool plan_best_slot(struct plan *, const struct slot_lists *, int slot, bool only_free, int64_t stay,
                    struct random *);

#endif
