/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "schedule/plan.h"

#include <limits.h>
#include <string.h>

#include "arena/arena.h"

struct plan *plan_new(struct arena *a, const struct schedule_problem *p)
{
    struct plan *plan = NEW(a, struct plan, 1);
    size_t places = (size_t)p->persons * (size_t)p->slots;
    int64_t sum = 1;
    plan->problem = p;
    plan->slot = NEW(a, int, p->count + 1);
    plan->at = NEW(a, int, places + 1);
    plan->meetings = NEW(a, int, p->persons + 1);
    plan->used = NEW(a, int, p->slots + 1);
    memset(plan->slot, -1, p->count * sizeof *plan->slot);
    memset(plan->at, -1, places * sizeof *plan->at);
    for (size_t i = 0; i < p->count; i++)
        sum += p->requests[i].weight;
    /* one more person is worth more than all that comes after */
    for (int j = MEETING_LEVELS - 1; j >= 0 && p->fairness == FAIR_LEVELS; j--, sum *= p->persons + 1)
        plan->level[j] = sum;
    return plan;
}

void plan_copy(struct plan *to, const struct plan *from)
{
    const struct schedule_problem *p = from->problem;
    memcpy(to->slot, from->slot, p->count * sizeof *to->slot);
    memcpy(to->at, from->at, (size_t)p->persons * (size_t)p->slots * sizeof *to->at);
    memcpy(to->meetings, from->meetings, (size_t)p->persons * sizeof *to->meetings);
    memcpy(to->used, from->used, (size_t)p->slots * sizeof *to->used);
    to->value = from->value;
}

static int *place_of(const struct plan *plan, int person, int slot)
{
    return &plan->at[(size_t)person * (size_t)plan->problem->slots + (size_t)slot];
}

static int64_t next_meeting(const struct plan *plan, int person)
{
    return plan->meetings[person] < MEETING_LEVELS ? plan->level[plan->meetings[person]] : 0;
}

int64_t plan_gain(const struct plan *plan, size_t request)
{
    const struct meeting_request *r = &plan->problem->requests[request];
    return r->weight + next_meeting(plan, r->a) + next_meeting(plan, r->b);
}

void plan_place(struct plan *plan, size_t request, int slot)
{
    const struct meeting_request *r = &plan->problem->requests[request];
    plan->value += plan_gain(plan, request);
    plan->slot[request] = slot;
    *place_of(plan, r->a, slot) = *place_of(plan, r->b, slot) = (int)request;
    plan->meetings[r->a]++;
    plan->meetings[r->b]++;
    plan->used[slot]++;
}

void plan_take(struct plan *plan, size_t request)
{
    const struct meeting_request *r = &plan->problem->requests[request];
    int slot = plan->slot[request];
    plan->slot[request] = -1;
    *place_of(plan, r->a, slot) = *place_of(plan, r->b, slot) = -1;
    plan->meetings[r->a]--;
    plan->meetings[r->b]--;
    plan->used[slot]--;
    plan->value -= plan_gain(plan, request);
}

int plan_cap(const struct schedule_problem *p, int person)
{
    return p->cap && p->cap[person] < p->slots ? p->cap[person] : p->slots;
}

static bool bears_more(const struct plan *plan, const struct meeting_request *r)
{
    return plan->meetings[r->a] < plan_cap(plan->problem, r->a) &&
           plan->meetings[r->b] < plan_cap(plan->problem, r->b);
}

static bool free_at(const struct plan *plan, int person, int slot)
{
    return schedule_there(plan->problem, person, slot) && *place_of(plan, person, slot) < 0;
}

bool plan_can(const struct plan *plan, size_t request, int slot)
{
    const struct meeting_request *r = &plan->problem->requests[request];
    return bears_more(plan, r) && free_at(plan, r->a, slot) && free_at(plan, r->b, slot);
}

/* --- Kempe chains ----------------------------------------------------------------------------------- */

struct chain {
    int *requests; /* as long as there are persons: no person comes twice */
    int count;
};

static int other_of(const struct meeting_request *r, int person)
{
    return r->a == person ? r->b : r->a;
}

/* From `person`, in turn by a meeting in slot x and one in slot y; false when one of them cannot be moved to
 * the other slot, or when it leads to `barred`. */
static bool chain_of(const struct plan *plan, int person, int x, int y, int barred, struct chain *c)
{
    c->count = 0;
    for (int slot = x;; slot = slot == x ? y : x) {
        int request = *place_of(plan, person, slot);
        if (request < 0)
            return true;
        const struct meeting_request *r = &plan->problem->requests[request];
        int other = other_of(r, person), target = slot == x ? y : x;
        if (other == barred || !schedule_there(plan->problem, person, target) ||
            !schedule_there(plan->problem, other, target))
            return false;
        c->requests[c->count++] = request;
        person = other;
    }
}

static void exchange(struct plan *plan, const struct chain *c, int x, int y)
{
    int *slots = &c->requests[c->count]; /* behind them there is as much room */
    for (int i = 0; i < c->count; i++) {
        slots[i] = plan->slot[c->requests[i]];
        plan_take(plan, (size_t)c->requests[i]);
    }
    for (int i = 0; i < c->count; i++)
        plan_place(plan, (size_t)c->requests[i], slots[i] == x ? y : x);
}

/* `a` is free in x, `b` in y: b's meeting in x makes room, and so on. */
static bool insert_by_chain(struct plan *plan, size_t request, int a, int b, int tables, int from,
                            struct chain *c)
{
    for (int x = from; x < plan->problem->slots; x++) {
        if (!free_at(plan, a, x) || !schedule_there(plan->problem, b, x))
            continue;
        for (int y = from; y < plan->problem->slots; y++) {
            if (x == y || !free_at(plan, b, y) || !chain_of(plan, b, x, y, a, c))
                continue;
            int grows = c->count % 2 ? y : x; /* an odd chain leaves x as it was, with the new one */
            if (plan->used[grows] >= tables)
                continue;
            exchange(plan, c, x, y);
            plan_place(plan, request, x);
            return true;
        }
    }
    return false;
}

bool plan_insert(struct plan *plan, size_t request, int tables, int from)
{
    const struct meeting_request *r = &plan->problem->requests[request];
    int best = -1;
    if (!bears_more(plan, r))
        return false;
    for (int s = from; s < plan->problem->slots; s++)
        if (plan->used[s] < tables && plan_can(plan, request, s) &&
            (best < 0 || plan->used[s] < plan->used[best]))
            best = s;
    if (best >= 0) {
        plan_place(plan, request, best);
        return true;
    }
    ARENA_SCOPE(work);
    struct chain c = {.requests = NEW(work, int, 2 * plan->problem->persons + 2)};
    return insert_by_chain(plan, request, r->a, r->b, tables, from, &c) ||
           insert_by_chain(plan, request, r->b, r->a, tables, from, &c);
}

/* --- tables ----------------------------------------------------------------------------------------- */

/* The end of the chain of x and y that a person is in; -1 when it is a ring. */
static int end_of_chain(const struct plan *plan, int person, int x, int y)
{
    int first = *place_of(plan, person, x), slot = x, at = person;
    for (int request = first; request >= 0; request = *place_of(plan, at, slot)) {
        at = other_of(&plan->problem->requests[request], at);
        slot = slot == x ? y : x;
        if (*place_of(plan, at, slot) == first)
            return -1;
    }
    return at;
}

/* A chain with one more meeting in x than in y: there is one when x has more in all. */
static void lighten(struct plan *plan, int x, int y, struct chain *c)
{
    for (int person = 0; person < plan->problem->persons; person++) {
        if (*place_of(plan, person, x) < 0 || *place_of(plan, person, y) >= 0)
            continue;
        int end = end_of_chain(plan, person, x, y);
        if (end < 0 || *place_of(plan, end, x) < 0 || !chain_of(plan, person, x, y, -1, c))
            continue;
        exchange(plan, c, x, y);
        return;
    }
}

void plan_even_out(struct plan *plan)
{
    ARENA_SCOPE(work);
    const struct schedule_problem *p = plan->problem;
    struct chain c = {.requests = NEW(work, int, 2 * p->persons + 2)};
    for (;;) {
        int most = 0, least = 0;
        for (int s = 1; s < p->slots; s++) {
            most = plan->used[s] > plan->used[most] ? s : most;
            least = plan->used[s] < plan->used[least] ? s : least;
        }
        if (plan->used[most] <= p->tables || plan->used[least] >= p->tables)
            return;
        lighten(plan, most, least, &c);
    }
}
