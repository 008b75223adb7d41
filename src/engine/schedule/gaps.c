/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* gaps.c - the same meetings in a better order: who waits less between the first and the last. */
#include <string.h>

#include "arena/arena.h"
#include "schedule/plan.h"

/* Two slots that exchange what they can: those who hang together by their meetings in the two change all at
 * once (a chain of Kempe's), so that nobody is asked twice at a time. */
struct moving {
    uint32_t request;
    int from; /* 0 or 1: of the two */
};

struct exchange {
    struct plan *plan;
    int slot[2];
    bool *seen;        /* of each person, for these two slots */
    int *chain, count; /* persons */
    struct moving *moving;
    int leave[2], moving_count; /* meetings of the chain: of each slot, and of both */
    int64_t steps;
};

static int request_at(const struct plan *plan, int person, int slot)
{
    return plan->at[(size_t)person * (size_t)plan->problem->slots + (size_t)slot];
}

static int64_t waits(const struct plan *plan, int person, const int *swapped)
{
    int first = -1, last = -1, met = 0;
    for (int s = 0; s < plan->problem->slots; s++) {
        int at = swapped && s == swapped[0] ? swapped[1] : swapped && s == swapped[1] ? swapped[0] : s;
        if (request_at(plan, person, at) < 0)
            continue;
        first = first < 0 ? s : first;
        last = s;
        met++;
    }
    return met ? last - first + 1 - met : 0;
}

int64_t plan_waits(const struct plan *plan)
{
    int64_t sum = 0;
    for (int v = 0; v < plan->problem->persons; v++)
        sum += waits(plan, v, NULL);
    return sum;
}

static void add_person(struct exchange *x, int person)
{
    if (!x->seen[person])
        x->chain[x->count++] = person;
    x->seen[person] = true;
}

/* All who hang together with this person by meetings of the two slots. */
static void follow(struct exchange *x, int person)
{
    x->count = x->moving_count = x->leave[0] = x->leave[1] = 0;
    add_person(x, person);
    for (int k = 0; k < x->count; k++)
        for (int side = 0; side < 2; side++) {
            int v = x->chain[k], request = request_at(x->plan, v, x->slot[side]);
            if (request < 0)
                continue;
            const struct meeting_request *r = &x->plan->problem->requests[request];
            add_person(x, r->a);
            add_person(x, r->b);
            if (r->a != v) /* each meeting once */
                continue;
            x->moving[x->moving_count++] = (struct moving){(uint32_t)request, side};
            x->leave[side]++;
        }
}

static bool may_move(const struct exchange *x)
{
    const struct plan *plan = x->plan;
    int more = x->leave[0] - x->leave[1];
    bool may = plan->used[x->slot[1]] + more <= plan->problem->tables &&
               plan->used[x->slot[0]] - more <= plan->problem->tables;
    for (int k = 0; k < x->count && may; k++)
        for (int side = 0; side < 2 && may; side++)
            may = request_at(plan, x->chain[k], x->slot[side]) < 0 ||
                  schedule_there(plan->problem, x->chain[k], x->slot[!side]);
    return may;
}

static bool exchange_chain(struct exchange *x)
{
    int64_t less = 0;
    if (!may_move(x))
        return false;
    for (int k = 0; k < x->count; k++)
        less += waits(x->plan, x->chain[k], NULL) - waits(x->plan, x->chain[k], x->slot);
    x->steps += (int64_t)x->count * x->plan->problem->slots;
    if (less <= 0)
        return false;
    for (int i = 0; i < x->moving_count; i++)
        plan_take(x->plan, x->moving[i].request);
    for (int i = 0; i < x->moving_count; i++)
        plan_place(x->plan, x->moving[i].request, x->slot[!x->moving[i].from]);
    return true;
}

static bool exchange_slots(struct exchange *x)
{
    bool better = false;
    memset(x->seen, 0, (size_t)x->plan->problem->persons * sizeof *x->seen);
    for (int v = 0; v < x->plan->problem->persons; v++)
        if (!x->seen[v] &&
            (request_at(x->plan, v, x->slot[0]) >= 0 || request_at(x->plan, v, x->slot[1]) >= 0)) {
            follow(x, v);
            better |= exchange_chain(x);
        }
    x->steps += x->plan->problem->persons;
    return better;
}

void plan_close_gaps(struct plan *plan, int64_t steps)
{
    ARENA_SCOPE(work);
    const struct schedule_problem *p = plan->problem;
    struct exchange x = {.plan = plan,
                         .seen = NEW(work, bool, p->persons + 1),
                         .chain = NEW(work, int, p->persons + 1),
                         .moving = NEW(work, struct moving, p->count + 1)};
    for (bool better = true; better && x.steps < steps;) {
        better = false;
        for (x.slot[0] = 0; x.slot[0] < p->slots; x.slot[0]++)
            for (x.slot[1] = x.slot[0] + 1; x.slot[1] < p->slots && x.steps < steps; x.slot[1]++)
                better |= exchange_slots(&x);
    }
}
