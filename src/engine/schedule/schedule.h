/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* schedule.h - one-to-one meetings: who meets whom in which slot, with a proven bound beside it.
 *
 * Persons ask for meetings; a person is in one meeting a slot, only when there; a slot has so many tables.
 * What is best is decided in this order (FAIR_LEVELS): as many persons as can be with at least one meeting,
 * then with two, then with three, then the greatest sum of the meetings' weights; or the sum alone
 * (FAIR_NONE).
 *
 * Two sides who are always there: exact, as a bipartite graph of degree <= slots has a colouring with as many
 * colours (König 1916) whose colours can be evened out; choosing the meetings is then a flow. With
 * availabilities the problem is NP-complete (Even, Itai and Shamir 1975): what the flow chose is inserted by
 * Kempe chains, slots are re-optimised one at a time, exactly, and shaken. What was found is then put in an
 * order in which persons wait less between their meetings. The flow's value is a bound on any schedule, and
 * its dual a proof that others can check (schedule_check.h). */
#ifndef GRAPPE_SCHEDULE_H
#define GRAPPE_SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fault/fault.h"

struct arena;

enum {
    LIMIT_SCHEDULE_PERSONS = 20000,
    LIMIT_SCHEDULE_REQUESTS = 200000,
    LIMIT_SCHEDULE_SLOTS = 1000,
    LIMIT_SCHEDULE_WEIGHT = 1000
};
enum { MEETING_LEVELS = 3 };

enum fairness { FAIR_LEVELS, FAIR_NONE };

struct meeting_request {
    int a, b; /* persons; of two sides, `a` is on the first */
    int64_t weight;
};

/* p for whom asked with priority 1..9, 0 for whom did not: one counts double when both asked. */
static inline int64_t meeting_weight(int priority_a, int priority_b)
{
    return priority_a + priority_b + 2 * (priority_a > 0 && priority_b > 0);
}

struct schedule_problem {
    int persons, slots, tables;
    bool one_set;          /* no sides: anybody may meet anybody */
    const bool *second;    /* of two sides: who is on the second */
    const uint64_t *there; /* persons × schedule_words(slots): bit s of a person's words; NULL: always */
    const int *cap;        /* meetings a person can bear; NULL: as many as there are slots */
    const struct meeting_request *requests; /* no two of the same persons */
    size_t count;
    enum fairness fairness;
};

static inline int schedule_words(int slots)
{
    return (slots + 63) / 64;
}

static inline bool schedule_there(const struct schedule_problem *p, int person, int slot)
{
    return !p->there ||
           (p->there[(size_t)person * (size_t)schedule_words(p->slots) + (size_t)slot / 64] >> (slot % 64) &
            1);
}

enum unmet { UNMET_NOT, UNMET_NO_COMMON_SLOT, UNMET_CAP, UNMET_BUSY, UNMET_TABLES };

struct schedule {
    int *slot, *table;                                  /* of each request; -1: unmet */
    int met[MEETING_LEVELS], met_bound[MEETING_LEVELS]; /* persons with at least 1, 2, 3 meetings */
    int64_t weight, weight_bound; /* no schedule has more; with FAIR_LEVELS the best one may well have less */
    bool optimal;                 /* proven */
    int64_t waits; /* slots between a person's first and last meeting without one, of all: the tie-break */
    /* The proof of weight_bound: flow_prices over the persons. One set: each person stands on both sides, and
     * the bound is half of what the prices say, rounded down. */
    int64_t *price_a, *price_b, price_table;
    int64_t shakes; /* made */
};

struct schedule_effort {
    uint64_t seed;
    int64_t shakes;                                     /* at most so many */
    bool (*tell)(void *with, int64_t done, int64_t of); /* after each; false stops it; may be NULL */
    void *with;
};

/* INVALID, naming what: a person, slot or weight out of range, a request of a person with himself, or both of
 * one side. LIMIT over the limits above. Everything lives in the arena. Cost: the flows O(d · requests ·
 * log persons), a shake O(requests of a slot · log persons). */
struct fault *schedule_solve(struct arena *, const struct schedule_problem *, const struct schedule_effort *,
                             struct schedule *) MUST_CHECK;

/* A schedule under way, mended from slot `now` on; what was before stands. `old` is the slot of each request,
 * -1 for none and for new ones; the problem is as it is now (fewer tables, new requests, other hours: whoever
 * does not come is there no more). First whoever is free is given what still can be, and nobody moves. Then,
 * with `stay`, what is unmet is inserted, and slots are re-optimised, each meeting that stays being worth so
 * much more. INVALID when `old` is no schedule of this problem before `now`. */
struct fault *schedule_repair(struct arena *, const struct schedule_problem *, const int *old, int now,
                              int64_t stay, uint64_t seed, struct schedule *) MUST_CHECK;

/* Why each request is unmet, in this schedule. Cost O(requests · slots). */
void schedule_reasons(struct arena *, const struct schedule_problem *, const struct schedule *,
                      enum unmet *reasons);

#endif
