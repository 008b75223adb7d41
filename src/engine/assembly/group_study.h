/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* group_study.h - what surrounds the cheapest group: what would mend a problem without one, what cheaper,
 * smaller or closer groups there are, whose loss breaks or raises what. Each is exact: it solves the problem
 * anew. */
#ifndef GRAPPE_ASSEMBLY_GROUP_STUDY_H
#define GRAPPE_ASSEMBLY_GROUP_STUDY_H

#include "assembly/group.h"

/* The least change of one kind that lets a group do everything; kinds that cannot help are not there. */
enum relaxed { RELAX_MEMBERS, RELAX_DISTANCE, RELAX_CONFLICT, RELAX_EXCLUDED, RELAX_MUST, RELAXATIONS };

struct relaxation {
    bool helps;
    int32_t members;         /* RELAX_MEMBERS: so many must be allowed */
    double distance;         /* RELAX_DISTANCE: km */
    struct firm_pair *pairs; /* RELAX_CONFLICT: allowed together; one pair where one is enough */
    int32_t *firms;     /* RELAX_EXCLUDED, RELAX_MUST: not kept out, not kept in; one where one is enough */
    int32_t count;      /* of either */
    struct group group; /* what is then possible, the cheapest */
};

struct group_missing {
    uint64_t steps;    /* the fewest that must be left out */
    uint64_t nowhere;  /* of all steps: those that all firms together, the excluded too, cannot do */
    struct group rest; /* the group that does all others, the cheapest */
    struct relaxation by[RELAXATIONS];
};

/* For a problem without a group. Uses budget and go_on of the options, for each solve. */
struct fault *group_explain_missing(struct arena *, const struct group_problem *,
                                    const struct group_options *, struct group_missing *) MUST_CHECK;

struct front_point {
    struct group group;
    double diameter; /* km */
};

/* All groups that no other is at least as good as in cost, members and diameter, and better in one: by
 * members, then cost. *whole is false when a budget ended a solve. */
struct fault *group_front(struct arena *, const struct group_problem *, const struct group_options *,
                          struct front_point **, int32_t *count, bool *whole) MUST_CHECK;

struct group_loss {
    int32_t lost[2]; /* the second is -1 for one firm alone */
    bool breaks;     /* nobody can do all without them: missing tells which steps */
    uint64_t missing;
    struct group instead;
};

/* What the best group's members' loss does: each alone, then the pairs that do more than either alone. Losing
 * others changes nothing. */
struct fault *group_losses(struct arena *, const struct group_problem *, const struct group_options *,
                           const struct group *best, struct group_loss **, int32_t *count) MUST_CHECK;

#endif
