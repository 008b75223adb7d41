/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* for_checker.h - a problem of groups and an answer in the words of the checker, for tests. */
#ifndef GRAPPE_FOR_CHECKER_H
#define GRAPPE_FOR_CHECKER_H

#include <string.h>

#include "assembly/group.h"
#include "certificate/group_check.h"

static inline struct check_groups for_checker(struct arena *a, const struct group_problem *p)
{
    int64_t cells = (int64_t)p->firms * p->steps;
    struct check_groups g = {p->firms, p->steps, p->max_members};
    g.adding = NEW(a, int64_t, p->firms + 1);
    g.doing = NEW(a, int64_t, cells + 1);
    g.room = NEW(a, int64_t, cells + 1);
    g.pieces = NEW(a, int64_t, p->steps + 1);
    g.wanted = NEW(a, bool, p->firms + 1);
    g.barred = NEW(a, bool, p->firms + 1);
    g.rivals = NEW(a, bool, (int64_t)p->firms * p->firms + 1);
    g.east = NEW(a, double, p->firms + 1);
    g.north = NEW(a, double, p->firms + 1);
    g.reach = p->max_distance;
    if (p->distance) {
        g.apart = NEW(a, double, (int64_t)p->firms * p->firms + 1);
        memcpy(g.apart, p->distance, (size_t)p->firms * (size_t)p->firms * sizeof *g.apart);
    }
    for (int64_t k = 0; k < cells; k++)
        g.doing[k] = -1;
    for (int32_t i = 0; i < p->steps; i++)
        g.pieces[i] = p->volume[i];
    for (int32_t j = 0; j < p->firms; j++) {
        g.adding[j] = p->cost[j];
        g.wanted[j] = p->role[j] == FIRM_MUST;
        g.barred[j] = p->role[j] == FIRM_EXCLUDED;
        g.east[j] = p->x ? p->x[j] : 0;
        g.north[j] = p->y ? p->y[j] : 0;
        for (int32_t k = p->start[j]; k < p->start[j + 1]; k++) {
            g.doing[(int64_t)j * p->steps + p->entry[k].step] = p->entry[k].cost;
            g.room[(int64_t)j * p->steps + p->entry[k].step] = p->entry[k].capacity;
        }
    }
    for (int32_t k = 0; k < p->conflicts; k++)
        for (int end = 0; end < 2; end++)
            g.rivals[(int64_t)p->conflict[k].firm[end] * p->firms + p->conflict[k].firm[1 - end]] = true;
    return g;
}

static inline struct group_claim claim_of(struct arena *a, const struct group_problem *p,
                                          const struct group_answer *r)
{
    struct group_claim claim = {.infeasible = r->status == ASSEMBLY_INFEASIBLE, .bound = r->bound};
    if (!r->count)
        return claim;
    const struct group *g = &r->groups[0];
    int64_t *members = NEW(a, int64_t, g->count + 1),
            *done = NEW(a, int64_t, (int64_t)g->count * p->steps + 1);
    uint64_t missing;
    claim.cost = group_cost(p, g->members, g->count, done, &missing);
    for (int32_t m = 0; m < g->count; m++)
        members[m] = g->members[m];
    claim.members = members;
    claim.count = g->count;
    claim.done = done;
    return claim;
}

#endif
