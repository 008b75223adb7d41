/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* slots.c - one slot at a time, exactly. */
#include <string.h>

#include "arena/arena.h"
#include "schedule/plan.h"

static bool common(const struct schedule_problem *p, const struct meeting_request *r, int slot)
{
    return schedule_there(p, r->a, slot) && schedule_there(p, r->b, slot);
}

struct slot_lists plan_lists(struct arena *a, const struct schedule_problem *p)
{
    struct slot_lists lists = {.start = NEW(a, size_t, p->slots + 1)};
    size_t count = 0;
    for (int s = 0; s < p->slots; s++)
        for (size_t i = 0; i < p->count; i++)
            count += common(p, &p->requests[i], s);
    lists.requests = NEW(a, uint32_t, count + 1);
    count = 0;
    for (int s = 0; s < p->slots; s++) {
        for (size_t i = 0; i < p->count; i++)
            if (common(p, &p->requests[i], s))
                lists.requests[count++] = (uint32_t)i;
        lists.start[s + 1] = count;
    }
    return lists;
}

/* The matching of a slot: who stands on which side of it, and what could be. */
struct match {
    struct flow_network network;
    struct flow_arc *arcs;
    uint32_t *requests; /* of each arc */
    int *units;         /* one for each person */
    bool *right, *used;
};

/* One set is cut in two at random, those who meet now on either side of the cut. */
static void choose_sides(const struct plan *plan, int slot, struct match *m, struct random *random)
{
    const struct schedule_problem *p = plan->problem;
    for (int v = 0; v < p->persons; v++)
        m->right[v] = p->one_set ? random_below(random, 2) : p->second[v];
    if (!p->one_set)
        return;
    for (int v = 0; v < p->persons; v++) {
        int request = plan->at[(size_t)v * (size_t)p->slots + (size_t)slot];
        if (request >= 0)
            m->right[p->requests[request].b] = !m->right[p->requests[request].a];
    }
}

static bool open_to(const struct plan *plan, const struct meeting_request *r, int slot, bool only_free)
{
    const struct schedule_problem *p = plan->problem;
    size_t slots = (size_t)p->slots, s = (size_t)slot;
    if (plan->meetings[r->a] >= plan_cap(p, r->a) || plan->meetings[r->b] >= plan_cap(p, r->b))
        return false;
    return !only_free || (plan->at[(size_t)r->a * slots + s] < 0 && plan->at[(size_t)r->b * slots + s] < 0);
}

/* What is taken out of the slot may come back; what is unmet may come in. */
static void collect(struct plan *plan, const struct slot_lists *lists, int slot, bool only_free, int64_t stay,
                    const bool *was, struct match *m)
{
    const struct schedule_problem *p = plan->problem;
    for (size_t i = lists->start[slot]; i < lists->start[slot + 1]; i++) {
        uint32_t request = lists->requests[i];
        const struct meeting_request *r = &p->requests[request];
        if (plan->slot[request] >= 0 || m->right[r->a] == m->right[r->b] ||
            !open_to(plan, r, slot, only_free))
            continue;
        m->requests[m->network.arc_count] = request;
        m->arcs[m->network.arc_count++] =
            (struct flow_arc){m->right[r->a] ? r->b : r->a, m->right[r->a] ? r->a : r->b,
                              plan_gain(plan, request) + (was && was[request] ? stay : 0)};
    }
}

static size_t empty_slot(struct plan *plan, const struct slot_lists *lists, int slot, uint32_t *taken,
                         bool *was)
{
    size_t count = 0;
    for (size_t i = lists->start[slot]; i < lists->start[slot + 1]; i++)
        if (plan->slot[lists->requests[i]] == slot) {
            was[lists->requests[i]] = true;
            taken[count++] = lists->requests[i];
        }
    for (size_t i = 0; i < count; i++)
        plan_take(plan, taken[i]);
    return count;
}

bool plan_best_slot(struct plan *plan, const struct slot_lists *lists, int slot, bool only_free, int64_t stay,
                    struct random *random)
{
    ARENA_SCOPE(work);
    const struct schedule_problem *p = plan->problem;
    size_t most = lists->start[slot + 1] - lists->start[slot] + 1;
    struct match m = {.arcs = NEW(work, struct flow_arc, most),
                      .requests = NEW(work, uint32_t, most),
                      .units = NEW(work, int, p->persons),
                      .right = NEW(work, bool, p->persons),
                      .used = NEW(work, bool, most)};
    uint32_t *taken = NEW(work, uint32_t, most);
    bool *was = NEW(work, bool, p->count + 1);
    int64_t before = plan->value, profit;
    choose_sides(plan, slot, &m, random);
    size_t count = only_free ? 0 : empty_slot(plan, lists, slot, taken, was);
    for (int v = 0; v < p->persons; v++)
        m.units[v] = 1;
    m.network = (struct flow_network){p->persons, p->persons, m.units, m.units,
                                      NULL,       m.arcs,     0,       p->tables - plan->used[slot]};
    collect(plan, lists, slot, only_free, stay, was, &m);
    flow_solve(work, &m.network, m.used, &profit, NULL);
    for (size_t i = 0; i < m.network.arc_count; i++)
        if (m.used[i])
            plan_place(plan, m.requests[i], slot);
    if (stay || plan->value != before || !count)
        return plan->value > before;
    for (size_t i = 0; i < m.network.arc_count;
         i++) /* no better: as it was, so that nobody moves for nothing */
        if (m.used[i])
            plan_take(plan, m.requests[i]);
    for (size_t i = 0; i < count; i++)
        plan_place(plan, taken[i], slot);
    return false;
}
