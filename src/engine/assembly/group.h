/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* group.h - the cheapest group of firms that together do every step, found and proven.
 *
 *   min  sum of what adding a firm costs + sum of steps, each at the member that does it
 *   at most K members; no two that conflict or stand further apart than D; some firms must be in, some are
 * out
 *
 * With volumes, a step is split between members up to their capacities; its cost is then of one piece.
 * Branch and bound on whole numbers: dual ascent of the facility location relaxation, conflicts propagated
 * at once, a cut on the number of members. */
#ifndef GRAPPE_ASSEMBLY_GROUP_H
#define GRAPPE_ASSEMBLY_GROUP_H

#include "assembly/cover.h"

enum { GROUP_STEPS_MOST = 64, GROUP_FIRMS_MOST = 20000 };
#define GROUP_COST_MOST INT64_C(10000000000000000) /* of all firms and steps together, in units of cost */

enum firm_role { FIRM_FREE, FIRM_MUST, FIRM_EXCLUDED };

struct group_entry {
    int32_t step;
    int64_t cost;     /* of the step, or of one of its pieces */
    int64_t capacity; /* pieces; 1 where there are no volumes */
};

struct firm_pair {
    int32_t firm[2];
};

struct group_problem {
    int32_t firms, steps;
    const int64_t *volume; /* of each step; 1 where there are none */
    const int64_t *cost;   /* of adding each firm */
    const int32_t *start;  /* firm j does entry[start[j] .. start[j + 1]), steps ascending */
    const struct group_entry *entry;
    const uint8_t *role;    /* enum firm_role */
    const double *x, *y;    /* km; or */
    const double *distance; /* firms * firms, km; or both NULL */
    double max_distance;    /* km; INFINITY: any */
    const struct firm_pair *conflict;
    int32_t conflicts, max_members;
};

struct group_options {
    int64_t budget;   /* steps, as cover.h counts them */
    int32_t best;     /* groups wanted, at least 1: the cheapest ones, none with a member it can do without */
    int64_t below;    /* only groups that cost less; 0: any */
    bool may_miss;    /* groups may leave steps out: as few as possible, then as cheap */
    int32_t decimals; /* of the unit of cost, 0 .. 9: told in the proof */
    struct proof_out *proof; /* NULL, or with best == 1 and nothing missed */
    bool (*go_on)(void *with, const struct cover_progress *);
    void *with;
};

struct group {
    int64_t cost;
    int32_t members[GROUP_STEPS_MOST], count; /* firms, ascending */
    uint64_t missing;                         /* bit of each step that is left out */
};

struct group_answer {
    enum assembly_status status;
    int64_t bound;
    struct group *groups; /* the cheapest first; ties: the lesser members first */
    int32_t count;
    int64_t nodes, steps;
};

/* INVALID naming the firm: sizes, costs below 0 or too large, roles, pairs; a firm that must be in and is
 * out, two that must be in and conflict, more of them than K. */
struct fault *group_check_problem(const struct group_problem *) MUST_CHECK;
/* IO: the proof cannot be written. The problem has passed group_check_problem(); only its limits may be
 * tighter. */
struct fault *group_solve(struct arena *, const struct group_problem *, const struct group_options *,
                          struct group_answer *) MUST_CHECK;

/* Whether two firms cannot be in one group. */
bool group_conflict(const struct group_problem *, int32_t a, int32_t b);
double group_distance(const struct group_problem *, int32_t a, int32_t b); /* 0 without places */
double group_diameter(const struct group_problem *, const struct group *);
/* What the members cost at best, steps shared out; pieces[m * steps + i] (may be NULL) is what member m does
 * of step i. Steps they cannot do whole are told in *missing, and cost nothing. */
int64_t group_cost(const struct group_problem *, const int32_t *members, int32_t count, int64_t *pieces,
                   uint64_t *missing);

#endif
