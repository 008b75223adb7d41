/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* group_greedy.c - who cannot be with whom; the best groups found; groups made greedily. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "assembly/group_search.h"

/* --- conflicts ------------------------------------------------------------------------------------- */

void group_list_rivals(struct group_search *s)
{
    const struct group_problem *p = s->p;
    s->rival_start = NEW(s->arena, int32_t, p->firms + 2);
    s->rival = NEW(s->arena, int32_t, 2 * (int64_t)p->conflicts + 1);
    for (int32_t k = 0; k < 2 * p->conflicts; k++)
        s->rival_start[p->conflict[k / 2].firm[k % 2] + 1]++;
    for (int32_t j = 0; j < p->firms; j++)
        s->rival_start[j + 1] += s->rival_start[j];
    for (int32_t k = 0; k < 2 * p->conflicts; k++)
        s->rival[s->rival_start[p->conflict[k / 2].firm[k % 2]]++] = p->conflict[k / 2].firm[1 - k % 2];
    for (int32_t j = p->firms; j > 0; j--)
        s->rival_start[j] = s->rival_start[j - 1];
    s->rival_start[0] = 0;
}

const uint64_t *group_conflicts_of(struct group_search *s, int32_t firm)
{
    const struct group_problem *p = s->p;
    if (s->row[firm])
        return s->row[firm];
    uint64_t *row = NEW(s->arena, uint64_t, s->words);
    if (isfinite(p->max_distance))
        for (int32_t k = 0; k < p->firms; k++)
            if (group_distance(p, firm, k) > p->max_distance)
                row[k / 64] |= UINT64_C(1) << (k % 64);
    for (int32_t k = s->rival_start[firm]; k < s->rival_start[firm + 1]; k++)
        row[s->rival[k] / 64] |= UINT64_C(1) << (s->rival[k] % 64);
    row[firm / 64] &= ~(UINT64_C(1) << (firm % 64));
    s->steps += p->firms;
    return s->row[firm] = row;
}

/* --- the best groups so far ------------------------------------------------------------------------ */

static int by_index(const void *a, const void *b)
{
    return (*(const int32_t *)a > *(const int32_t *)b) - (*(const int32_t *)a < *(const int32_t *)b);
}

/* With the penalty of each step that is left out; -1: one is, and may not be. */
static int64_t cost_of(struct group_search *s, const int32_t *members, int32_t count, uint64_t *missing)
{
    int64_t cost = group_cost(s->p, members, count, NULL, missing);
    for (int32_t i = 0; *missing && i < s->p->steps; i++)
        if (*missing >> i & 1)
            cost += s->penalty[i] * s->p->volume[i];
    s->steps += (int64_t)count * s->p->steps;
    return *missing && !s->o->may_miss ? -1 : cost;
}

/* A group with a member it could do without for as little is not among the best: the smaller one is. */
static bool has_idle_member(struct group_search *s, const struct group *g)
{
    int32_t rest[GROUP_STEPS_MOST];
    uint64_t missing;
    for (int32_t m = 0; m < g->count; m++) {
        int32_t count = 0;
        for (int32_t k = 0; k < g->count; k++)
            if (k != m)
                rest[count++] = g->members[k];
        int64_t cost = cost_of(s, rest, count, &missing);
        if (s->p->role[g->members[m]] != FIRM_MUST && cost >= 0 && cost <= g->cost)
            return true;
    }
    return false;
}

static int compare_groups(const struct group *a, const struct group *b)
{
    if (a->cost != b->cost)
        return a->cost < b->cost ? -1 : 1;
    for (int32_t k = 0; k < a->count && k < b->count; k++)
        if (a->members[k] != b->members[k])
            return a->members[k] < b->members[k] ? -1 : 1;
    return a->count - b->count;
}

void group_offer(struct group_search *s, const int32_t *members, int32_t count)
{
    struct group g = {.count = count};
    g.cost = cost_of(s, members, count, &g.missing);
    if (g.cost < 0 || g.cost >= s->beat)
        return;
    memcpy(g.members, members, (size_t)count * sizeof *members);
    qsort(g.members, (size_t)count, sizeof *g.members, by_index);
    int32_t place = 0;
    while (place < s->found && compare_groups(&s->best[place], &g) < 0)
        place++;
    if (place == s->o->best || (place < s->found && compare_groups(&s->best[place], &g) == 0) ||
        has_idle_member(s, &g))
        return;
    int32_t last = s->found < s->o->best ? s->found++ : s->found - 1;
    memmove(&s->best[place + 1], &s->best[place], (size_t)(last - place) * sizeof g);
    s->best[place] = g;
    if (s->found == s->o->best)
        s->beat = s->best[s->found - 1].cost + s->ties;
}

/* --- greedy groups --------------------------------------------------------------------------------- */

bool group_count_left(const struct group_search *s, const int32_t *members, int32_t count, int64_t *left)
{
    bool any = false;
    for (int32_t i = 0; i < s->p->steps; i++)
        left[i] = s->p->volume[i];
    for (int32_t m = 0; m < count; m++)
        for (int32_t k = s->p->start[members[m]]; k < s->p->start[members[m] + 1]; k++)
            left[s->p->entry[k].step] -= s->p->entry[k].capacity;
    for (int32_t i = 0; i < s->p->steps; i++)
        any |= left[i] > 0;
    return any;
}

/* Cost a step newly done; INFINITY: the firm does nothing new. */
static double price_of_help(const struct group_search *s, int32_t firm, const int64_t *left)
{
    double done = 0, cost = (double)s->p->cost[firm];
    for (int32_t k = s->p->start[firm]; k < s->p->start[firm + 1]; k++) {
        const struct group_entry *e = &s->p->entry[k];
        if (left[e->step] <= 0)
            continue;
        double some = (double)(e->capacity < left[e->step] ? e->capacity : left[e->step]);
        done += some / (double)s->p->volume[e->step];
        cost += some * (double)e->cost;
    }
    return done > 0 ? cost / done : INFINITY;
}

void group_greedy(struct group_search *s, const struct group_level *l, int32_t start)
{
    ARENA_SCOPE(work);
    int32_t members[GROUP_STEPS_MOST], count = s->taken_count;
    int64_t left[GROUP_STEPS_MOST];
    uint64_t *blocked = NEW(work, uint64_t, s->words);
    memcpy(members, s->taken, (size_t)count * sizeof *members);
    for (int32_t next = start; count < s->members_most;) {
        double best = INFINITY;
        if (next >= 0) {
            const uint64_t *row = group_conflicts_of(s, next);
            members[count++] = next;
            for (int32_t w = 0; w < s->words; w++)
                blocked[w] |= row[w];
            blocked[next / 64] |= UINT64_C(1) << (next % 64);
        }
        next = -1;
        if (!group_count_left(s, members, count, left))
            break;
        for (int32_t k = 0; k < l->open_count; k++) {
            double price = group_bit(blocked, l->open[k]) ? INFINITY : price_of_help(s, l->open[k], left);
            if (price < best) {
                best = price;
                next = l->open[k];
            }
        }
        s->steps += l->open_count * 4;
        if (next < 0)
            break;
    }
    for (int32_t m = s->taken_count; m < count; m++) { /* without those that cost more than they save */
        int32_t rest[GROUP_STEPS_MOST], kept = 0;
        uint64_t missing;
        for (int32_t k = 0; k < count; k++)
            if (k != m)
                rest[kept++] = members[k];
        int64_t with = cost_of(s, members, count, &missing), without = cost_of(s, rest, kept, &missing);
        if (without >= 0 && without <= with) {
            memcpy(members, rest, (size_t)kept * sizeof *rest);
            count--;
            m--;
        }
    }
    group_offer(s, members, count);
}
