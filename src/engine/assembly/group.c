/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* group.c - what a problem of groups must be, and what a given group costs. */
#include "assembly/group.h"

#include <math.h>
#include <string.h>

__extension__ typedef __int128 wide;

double group_distance(const struct group_problem *p, int32_t a, int32_t b)
{
    if (p->distance)
        return p->distance[(size_t)a * (size_t)p->firms + (size_t)b];
    if (!p->x)
        return 0;
    double dx = p->x[a] - p->x[b], dy = p->y[a] - p->y[b];
    return sqrt(dx * dx + dy * dy);
}

bool group_conflict(const struct group_problem *p, int32_t a, int32_t b)
{
    if (a == b)
        return false;
    for (int32_t k = 0; k < p->conflicts; k++)
        if ((p->conflict[k].firm[0] == a && p->conflict[k].firm[1] == b) ||
            (p->conflict[k].firm[0] == b && p->conflict[k].firm[1] == a))
            return true;
    return group_distance(p, a, b) > p->max_distance;
}

double group_diameter(const struct group_problem *p, const struct group *g)
{
    double most = 0;
    for (int32_t a = 0; a < g->count; a++)
        for (int32_t b = 0; b < a; b++)
            most = fmax(most, group_distance(p, g->members[a], g->members[b]));
    return most;
}

/* --- cost ------------------------------------------------------------------------------------------ */

static const struct group_entry *entry_of(const struct group_problem *p, int32_t firm, int32_t step)
{
    for (int32_t k = p->start[firm]; k < p->start[firm + 1]; k++)
        if (p->entry[k].step == step)
            return &p->entry[k];
    return NULL;
}

/* Gives a step to the cheapest members first; -1: they cannot do all of it. */
static int64_t step_cost(const struct group_problem *p, const int32_t *members, int32_t count, int32_t step,
                         int64_t *pieces)
{
    const struct group_entry *offer[GROUP_STEPS_MOST];
    int64_t cost = 0, left = p->volume[step];
    for (int32_t m = 0; m < count; m++)
        offer[m] = entry_of(p, members[m], step);
    while (left > 0) {
        int32_t best = -1;
        for (int32_t m = 0; m < count; m++)
            if (offer[m] && offer[m]->capacity && (best < 0 || offer[m]->cost < offer[best]->cost))
                best = m;
        if (best < 0)
            return -1;
        int64_t some = offer[best]->capacity < left ? offer[best]->capacity : left;
        cost += some * offer[best]->cost;
        left -= some;
        if (pieces)
            pieces[best * p->steps + step] = some;
        offer[best] = NULL;
    }
    return cost;
}

int64_t group_cost(const struct group_problem *p, const int32_t *members, int32_t count, int64_t *pieces,
                   uint64_t *missing)
{
    int64_t cost = 0;
    *missing = 0;
    if (pieces)
        memset(pieces, 0, (size_t)count * (size_t)p->steps * sizeof *pieces);
    for (int32_t m = 0; m < count; m++)
        cost += p->cost[members[m]];
    for (int32_t i = 0; i < p->steps; i++) {
        int64_t of_step = step_cost(p, members, count, i, pieces);
        if (of_step < 0)
            *missing |= UINT64_C(1) << i;
        else
            cost += of_step;
    }
    return cost;
}

/* --- checks ---------------------------------------------------------------------------------------- */

static struct fault *check_firm(const struct group_problem *p, int32_t j, wide *total)
{
    if (p->cost[j] < 0)
        return fault_in("cost", fault(FAULT_INVALID, "The cost of firm %d is negative.", j + 1));
    if (p->x && (!isfinite(p->x[j]) || !isfinite(p->y[j])))
        return fault_in("x_km", fault(FAULT_INVALID, "The place of firm %d is no number.", j + 1));
    *total += p->cost[j];
    for (int32_t k = p->start[j]; k < p->start[j + 1]; k++) {
        const struct group_entry *e = &p->entry[k];
        if (e->step < 0 || e->step >= p->steps || (k > p->start[j] && e->step <= e[-1].step))
            return fault_in(
                "steps", fault(FAULT_INVALID, "Firm %d has a step that is unknown, or named twice.", j + 1));
        if (e->cost < 0 || e->capacity < 0)
            return fault_in("steps",
                            fault(FAULT_INVALID, "Firm %d has a cost or a capacity below 0.", j + 1));
    }
    return NULL;
}

static struct fault *check_places(const struct group_problem *p)
{
    for (size_t k = 0; p->distance && k < (size_t)p->firms * (size_t)p->firms; k++)
        if (!(p->distance[k] >= 0))
            return fault_in("distances", fault(FAULT_INVALID, "A distance is no number from 0 on."));
    for (int32_t k = 0; k < p->conflicts; k++)
        for (int end = 0; end < 2; end++)
            if (p->conflict[k].firm[end] < 0 || p->conflict[k].firm[end] >= p->firms ||
                p->conflict[k].firm[0] == p->conflict[k].firm[1])
                return fault_in("conflicts",
                                fault(FAULT_INVALID, "Conflict %d is not between two firms.", k + 1));
    return NULL;
}

static struct fault *check_must(const struct group_problem *p)
{
    int32_t must[GROUP_STEPS_MOST], count = 0;
    for (int32_t j = 0; j < p->firms; j++) {
        if (p->role[j] != FIRM_MUST)
            continue;
        if (count == p->max_members || count == GROUP_STEPS_MOST)
            return fault_in("must",
                            fault(FAULT_INVALID, "More firms must be in than the group may have members."));
        for (int32_t k = 0; k < count; k++)
            if (group_conflict(p, must[k], j))
                return fault_in("must", fault(FAULT_INVALID,
                                              "Firms %d and %d must both be in, but they cannot be "
                                              "together.",
                                              must[k] + 1, j + 1));
        must[count++] = j;
    }
    return NULL;
}

struct fault *group_check_problem(const struct group_problem *p)
{
    wide total = 0;
    if (p->firms < 0 || p->firms > GROUP_FIRMS_MOST || p->steps < 0 || p->steps > GROUP_STEPS_MOST)
        return fault(FAULT_LIMIT, "At most %d firms and %d steps.", GROUP_FIRMS_MOST, GROUP_STEPS_MOST);
    if (!(p->max_distance >= 0))
        return fault_in("max_distance_km",
                        fault(FAULT_INVALID, "The largest distance is no number from 0 on."));
    if (p->max_members < 0)
        return fault_in("max_members", fault(FAULT_INVALID, "The number of members is below 0."));
    for (int32_t j = 0; j < p->firms; j++)
        TRY(check_firm(p, j, &total));
    for (int32_t i = 0; i < p->steps; i++) {
        int64_t dearest = 0;
        if (p->volume[i] < 1)
            return fault_in("volumes", fault(FAULT_INVALID, "The volume of step %d is below 1.", i + 1));
        for (int32_t k = 0; k < p->start[p->firms]; k++)
            if (p->entry[k].step == i && p->entry[k].cost > dearest)
                dearest = p->entry[k].cost;
        total += (wide)dearest * p->volume[i];
    }
    if (total > GROUP_COST_MOST)
        return fault(FAULT_LIMIT, "The costs are too large.");
    TRY(check_places(p));
    return check_must(p);
}
