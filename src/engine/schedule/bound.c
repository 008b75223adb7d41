/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "schedule/bound.h"

#include <string.h>

#include "arena/arena.h"

_Static_assert((int)MEETING_LEVELS == (int)FLOW_REWARDS, "every level has its reward");

/* --- entitlement: a matching of a person's requests and slots (Kuhn 1955) ---------------------------- */

struct own {
    const struct schedule_problem *problem;
    const uint32_t *requests;
    int *taken; /* slot → position in `requests`; -1 */
    bool *seen;
};

static bool common(const struct schedule_problem *p, size_t request, int slot)
{
    const struct meeting_request *r = &p->requests[request];
    return schedule_there(p, r->a, slot) && schedule_there(p, r->b, slot);
}

static bool give_slot(struct own *o, int position)
{
    for (int s = 0; s < o->problem->slots; s++) {
        if (o->seen[s] || !common(o->problem, o->requests[position], s))
            continue;
        o->seen[s] = true;
        if (o->taken[s] < 0 || give_slot(o, o->taken[s])) {
            o->taken[s] = position;
            return true;
        }
    }
    return false;
}

/* Always there, all of them: no matching is needed. */
static int placeable(struct arena *work, const struct schedule_problem *p, const uint32_t *requests,
                     int count, int most)
{
    struct own o = {p, requests, NEW(work, int, p->slots + 1), NEW(work, bool, p->slots + 1)};
    int placed = 0;
    if (!p->there)
        return count < most ? count : most;
    memset(o.taken, -1, (size_t)p->slots * sizeof *o.taken);
    for (int i = 0; i < count && placed < most; i++) {
        memset(o.seen, 0, (size_t)p->slots);
        placed += give_slot(&o, i);
    }
    return placed;
}

/* The requests of each person, one after the other. */
struct by_person {
    size_t *start;
    uint32_t *requests;
};

static struct by_person requests_by_person(struct arena *a, const struct schedule_problem *p)
{
    struct by_person b = {NEW(a, size_t, p->persons + 2), NEW(a, uint32_t, 2 * p->count + 1)};
    for (size_t i = 0; i < p->count; i++) {
        b.start[p->requests[i].a + 2]++;
        b.start[p->requests[i].b + 2]++;
    }
    for (int v = 2; v <= p->persons + 1; v++)
        b.start[v] += b.start[v - 1];
    for (size_t i = 0; i < p->count; i++) {
        b.requests[b.start[p->requests[i].a + 1]++] = (uint32_t)i;
        b.requests[b.start[p->requests[i].b + 1]++] = (uint32_t)i;
    }
    return b;
}

static int64_t bound_tables(const struct schedule_problem *p)
{
    int64_t all = 0;
    for (int s = 0; s < p->slots; s++) {
        int there[2] = {0};
        for (int v = 0; v < p->persons; v++)
            there[!p->one_set && p->second[v]] += schedule_there(p, v, s);
        int pairs = p->one_set ? there[0] / 2 : there[0] < there[1] ? there[0] : there[1];
        all += pairs < p->tables ? pairs : p->tables;
    }
    return all;
}

/* --- the flow ---------------------------------------------------------------------------------------- */

struct bound_network {
    const struct schedule_problem *problem;
    struct flow_network flow;
    uint32_t *requests; /* of each arc */
};

static int *entitlements(struct arena *a, const struct schedule_problem *p)
{
    struct by_person own = requests_by_person(a, p);
    int *most = NEW(a, int, p->persons + 1);
    for (int v = 0; v < p->persons; v++) {
        ARENA_SCOPE(work);
        int slots = 0;
        for (int s = 0; s < p->slots; s++)
            slots += schedule_there(p, v, s);
        most[v] = placeable(work, p, own.requests + own.start[v], (int)(own.start[v + 1] - own.start[v]),
                            slots < plan_cap(p, v) ? slots : plan_cap(p, v));
    }
    return most;
}

static bool has_common_slot(const struct schedule_problem *p, size_t request)
{
    for (int s = 0; s < p->slots; s++)
        if (common(p, request, s))
            return true;
    return false;
}

struct bound_network *bound_network_new(struct arena *a, const struct schedule_problem *p)
{
    struct bound_network *n = NEW(a, struct bound_network, 1);
    struct flow_arc *arcs = NEW(a, struct flow_arc, 2 * p->count + 1);
    int ways = p->one_set ? 2 : 1, *most = entitlements(a, p);
    n->problem = p;
    n->requests = NEW(a, uint32_t, 2 * p->count + 1);
    n->flow =
        (struct flow_network){p->persons, p->persons, most, most, NULL, arcs, 0, ways * bound_tables(p)};
    for (size_t i = 0; i < p->count; i++) {
        const struct meeting_request *r = &p->requests[i];
        for (int way = 0; way < ways && has_common_slot(p, i); way++) {
            n->requests[n->flow.arc_count] = (uint32_t)i;
            arcs[n->flow.arc_count++] = (struct flow_arc){way ? r->b : r->a, way ? r->a : r->b, r->weight};
        }
    }
    return n;
}

static int64_t *rewards(struct arena *a, const struct schedule_problem *p, const int64_t *level)
{
    int64_t *reward = NEW(a, int64_t, 2 * FLOW_REWARDS * p->persons + 1);
    for (int v = 0; v < 2 * p->persons; v++)
        memcpy(&reward[FLOW_REWARDS * v], level, FLOW_REWARDS * sizeof *level);
    return level[0] ? reward : NULL;
}

static void count_met(struct arena *work, const struct bound_network *n, const bool *used, struct bound *b)
{
    const struct schedule_problem *p = n->problem;
    int *units = NEW(work, int, 2 * p->persons + 1), reached[MEETING_LEVELS] = {0};
    for (size_t i = 0; i < n->flow.arc_count; i++) {
        units[n->flow.arcs[i].from] += used[i];
        units[p->persons + n->flow.arcs[i].to] += used[i];
    }
    for (int v = 0; v < 2 * p->persons; v++)
        for (int j = 0; j < MEETING_LEVELS; j++)
            reached[j] += units[v] > j;
    for (int j = 0; j < MEETING_LEVELS; j++)
        b->met[j] = reached[j] / (p->one_set ? 2 : 1);
}

void bound_of(struct arena *a, const struct bound_network *n, const int64_t *level, struct bound *b,
              struct flow_prices *prices)
{
    ARENA_SCOPE(work);
    struct flow_network flow = n->flow;
    bool *used = NEW(work, bool, flow.arc_count + 1);
    flow.reward = rewards(work, n->problem, level);
    *b = (struct bound){.units = NEW(a, unsigned char, n->problem->count + 1)};
    flow_solve(work, &flow, used, &b->value, prices);
    for (size_t i = 0; i < flow.arc_count; i++)
        b->units[n->requests[i]] = (unsigned char)(b->units[n->requests[i]] + used[i]);
    count_met(work, n, used, b);
}
