/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "schedule/schedule.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "schedule/bound.h"

enum { GAP_STEPS = 20000000 }; /* looks, some hundredths of a second */

/* --- what was given ---------------------------------------------------------------------------------- */

static struct fault *check_request(const struct schedule_problem *p, size_t i)
{
    const struct meeting_request *r = &p->requests[i];
    if (r->a < 0 || r->a >= p->persons || r->b < 0 || r->b >= p->persons)
        return fault(FAULT_INVALID, "Request %zu is of a person that does not exist.", i + 1);
    if (r->a == r->b)
        return fault(FAULT_INVALID, "Request %zu is of a person with himself.", i + 1);
    if (!p->one_set && (p->second[r->a] || !p->second[r->b]))
        return fault(FAULT_INVALID, "Request %zu is of two persons of the same side.", i + 1);
    if (r->weight < 1 || r->weight > LIMIT_SCHEDULE_WEIGHT)
        return fault(FAULT_INVALID, "Request %zu weighs %lld: 1 to %d is possible.", i + 1,
                     (long long)r->weight, LIMIT_SCHEDULE_WEIGHT);
    return NULL;
}

/* All the persons' first meetings together must fit into 62 bits. */
static bool levels_fit(const struct schedule_problem *p)
{
    double worth = 1;
    for (size_t i = 0; i < p->count; i++)
        worth += (double)p->requests[i].weight;
    for (int j = 0; j < MEETING_LEVELS; j++)
        worth *= 2.0 * (p->persons + 1);
    return worth < 4e18;
}

static struct fault *check(const struct schedule_problem *p)
{
    if (p->persons < 0 || p->slots < 0 || p->tables < 0)
        return fault(FAULT_INVALID, "Persons, slots and tables are numbers from 0 on.");
    if (p->persons > LIMIT_SCHEDULE_PERSONS || p->slots > LIMIT_SCHEDULE_SLOTS ||
        p->count > LIMIT_SCHEDULE_REQUESTS || (int64_t)p->persons * p->slots > 4000000)
        return fault(FAULT_LIMIT,
                     "A schedule has at most %d persons, %d slots and %d requests, and 4 million places.",
                     LIMIT_SCHEDULE_PERSONS, LIMIT_SCHEDULE_SLOTS, LIMIT_SCHEDULE_REQUESTS);
    for (size_t i = 0; i < p->count; i++)
        TRY(check_request(p, i));
    for (int v = 0; p->cap && v < p->persons; v++)
        if (p->cap[v] < 0)
            return fault(FAULT_INVALID, "Person %d can have no fewer than 0 meetings.", v + 1);
    if (p->fairness == FAIR_LEVELS && !levels_fit(p))
        return fault(FAULT_LIMIT, "These are too many persons and requests to be fair to: try it without.");
    return NULL;
}

/* --- the first schedule ------------------------------------------------------------------------------ */

struct choice {
    uint32_t request;
    int units, slots;
};

static int by_freedom(const void *x, const void *y)
{
    const struct choice *a = x, *b = y;
    if (a->units != b->units)
        return b->units - a->units;
    return a->slots != b->slots ? a->slots - b->slots : (a->request > b->request) - (a->request < b->request);
}

static bool always_there(const struct schedule_problem *p)
{
    for (size_t i = 0; p->there && i < p->count; i++)
        for (int s = 0; s < p->slots; s++)
            if (!schedule_there(p, p->requests[i].a, s) || !schedule_there(p, p->requests[i].b, s))
                return false;
    return true;
}

/* What the flow chose, those with the fewest common slots first. */
static void insert_chosen(struct plan *plan, const unsigned char *units)
{
    ARENA_SCOPE(work);
    const struct schedule_problem *p = plan->problem;
    struct choice *chosen = NEW(work, struct choice, p->count + 1);
    size_t count = 0;
    bool exact = !p->one_set && always_there(p);
    for (size_t i = 0; i < p->count; i++) {
        int slots = 0;
        for (int s = 0; s < p->slots; s++)
            slots += schedule_there(p, p->requests[i].a, s) && schedule_there(p, p->requests[i].b, s);
        if (units[i])
            chosen[count++] = (struct choice){(uint32_t)i, units[i], slots};
    }
    if (count)
        qsort(chosen, count, sizeof *chosen, by_freedom);
    for (size_t i = 0; i < count; i++)
        (void)plan_insert(plan, chosen[i].request, exact ? INT_MAX : p->tables, 0);
    if (exact)
        plan_even_out(plan);
}

/* --- better and better ------------------------------------------------------------------------------- */

static void shuffle(int *values, int count, struct random *random)
{
    for (int i = count - 1; i > 0; i--) {
        int j = (int)random_below(random, (uint64_t)i + 1), kept = values[i];
        values[i] = values[j];
        values[j] = kept;
    }
}

static bool insert_unmet(struct plan *plan, int from)
{
    bool better = false;
    for (size_t i = 0; i < plan->problem->count; i++)
        if (plan->slot[i] < 0)
            better |= plan_insert(plan, i, plan->problem->tables, from);
    return better;
}

/* Until two rounds in a row find nothing. */
static void settle(struct plan *plan, const struct slot_lists *lists, struct random *random)
{
    ARENA_SCOPE(work);
    int slots = plan->problem->slots, *order = NEW(work, int, slots + 1);
    for (int s = 0; s < slots; s++)
        order[s] = s;
    for (int idle = 0; idle < 2; idle++) {
        if (insert_unmet(plan, 0))
            idle = -1;
        shuffle(order, slots, random);
        for (int i = 0; i < slots; i++)
            if (plan_best_slot(plan, lists, order[i], false, 0, random))
                idle = -1;
    }
}

/* Half of what stands in two to four slots goes, and they are made anew. */
static void shake(struct plan *plan, const struct slot_lists *lists, struct random *random)
{
    enum { MOST = 4 };
    int chosen[MOST], slots = plan->problem->slots;
    int count = 2 + (int)random_below(random, MOST - 1);
    for (int i = 0; i < count; i++) {
        chosen[i] = (int)random_below(random, (uint64_t)slots);
        for (size_t j = lists->start[chosen[i]]; j < lists->start[chosen[i] + 1]; j++)
            if (plan->slot[lists->requests[j]] == chosen[i] && random_below(random, 2))
                plan_take(plan, lists->requests[j]);
    }
    for (int i = 0; i < 2 * count; i++)
        (void)plan_best_slot(plan, lists, chosen[i % count], false, 0, random);
}

/* The value that proves itself: the flow's own. One set: of both directions, so half of it. */
static bool proven(const struct plan *plan, const struct bound *b)
{
    return plan->value >= (plan->problem->one_set ? b->value / 2 : b->value);
}

static void improve(struct arena *a, struct plan *plan, const struct bound *b,
                    const struct schedule_effort *effort, struct schedule *out)
{
    if (proven(plan, b) || !plan->problem->slots)
        return;
    struct random random = random_seeded(effort->seed, 1);
    struct slot_lists lists = plan_lists(a, plan->problem);
    struct plan *kept = plan_new(a, plan->problem);
    settle(plan, &lists, &random);
    for (; out->shakes < effort->shakes && !proven(plan, b); out->shakes++) {
        if (effort->tell && !effort->tell(effort->with, out->shakes, effort->shakes))
            return;
        plan_copy(kept, plan);
        shake(plan, &lists, &random);
        if (plan->value < kept->value)
            plan_copy(plan, kept);
    }
}

/* --- what is told ------------------------------------------------------------------------------------ */

/* The table where one of the two was last, if it is free: whoever has a stand stays at it. */
static int free_table(const int *last, const struct meeting_request *r, const bool *taken)
{
    int table = 0;
    if (last[r->b] >= 0 && !taken[last[r->b]])
        return last[r->b];
    if (last[r->a] >= 0 && !taken[last[r->a]])
        return last[r->a];
    while (taken[table])
        table++;
    return table;
}

static void set_tables(const struct schedule_problem *p, struct schedule *out)
{
    ARENA_SCOPE(work);
    int *last = NEW(work, int, p->persons + 1);
    memset(last, -1, (size_t)p->persons * sizeof *last);
    for (int s = 0; s < p->slots; s++) {
        ARENA_SCOPE(slot);
        bool *taken = NEW(slot, bool, p->tables + 1);
        for (size_t i = 0; i < p->count; i++) {
            const struct meeting_request *r = &p->requests[i];
            if (out->slot[i] != s)
                continue;
            out->table[i] = free_table(last, r, taken);
            taken[out->table[i]] = true;
            last[r->a] = last[r->b] = out->table[i];
        }
    }
}

static void tell(struct arena *a, const struct plan *plan, struct schedule *out)
{
    const struct schedule_problem *p = plan->problem;
    out->slot = plan->slot;
    out->table = NEW(a, int, p->count + 1);
    memset(out->table, -1, p->count * sizeof *out->table);
    out->weight = 0;
    out->waits = plan_waits(plan);
    for (size_t i = 0; i < p->count; i++)
        out->weight += plan->slot[i] >= 0 ? p->requests[i].weight : 0;
    for (int j = 0; j < MEETING_LEVELS; j++)
        for (int v = 0; v < p->persons; v++)
            out->met[j] += plan->meetings[v] > j;
    set_tables(p, out);
}

/* The bounds, of the levels and of the weights alone. */
static void set_bounds(struct arena *a, const struct plan *plan, struct bound *levels, struct schedule *out)
{
    static const int64_t none[MEETING_LEVELS];
    const struct schedule_problem *p = plan->problem;
    struct bound weights;
    struct flow_prices prices = {NEW(a, int64_t, p->persons + 1), NEW(a, int64_t, p->persons + 1), 0};
    struct bound_network *network = bound_network_new(a, p);
    bound_of(a, network, none, &weights, &prices);
    out->weight_bound = p->one_set ? weights.value / 2 : weights.value;
    out->price_a = prices.left;
    out->price_b = prices.right;
    out->price_table = prices.unit;
    *levels = weights;
    if (p->fairness == FAIR_LEVELS)
        bound_of(a, network, plan->level, levels, NULL);
    memcpy(out->met_bound, levels->met, sizeof out->met_bound);
}

struct fault *schedule_solve(struct arena *a, const struct schedule_problem *p,
                             const struct schedule_effort *effort, struct schedule *out)
{
    struct bound levels;
    *out = (struct schedule){0};
    TRY(check(p));
    struct plan *plan = plan_new(a, p);
    set_bounds(a, plan, &levels, out);
    insert_chosen(plan, levels.units);
    improve(a, plan, &levels, effort, out);
    out->optimal = proven(plan, &levels);
    plan_close_gaps(plan, GAP_STEPS);
    tell(a, plan, out);
    return arena_check(a);
}

/* --- mending ----------------------------------------------------------------------------------------- */

struct stood {
    uint32_t request;
    int slot;
    int64_t weight;
};

static int heavier_first(const void *x, const void *y)
{
    const struct stood *a = x, *b = y;
    if (a->weight != b->weight)
        return a->weight > b->weight ? -1 : 1;
    return (a->request > b->request) - (a->request < b->request);
}

/* What stood and still can; of a slot with too many, the heaviest. */
static struct fault *stand_again(struct plan *plan, const int *old, int now)
{
    ARENA_SCOPE(work);
    const struct schedule_problem *p = plan->problem;
    struct stood *stood = NEW(work, struct stood, p->count + 1);
    size_t count = 0;
    for (size_t i = 0; i < p->count; i++)
        if (old[i] >= 0)
            stood[count++] = (struct stood){(uint32_t)i, old[i], p->requests[i].weight};
    if (count)
        qsort(stood, count, sizeof *stood, heavier_first);
    for (size_t i = 0; i < count; i++) {
        int slot = stood[i].slot;
        bool past = slot < now;
        if (slot < p->slots && plan_can(plan, stood[i].request, slot) &&
            (past || plan->used[slot] < p->tables))
            plan_place(plan, stood[i].request, slot);
        else if (past)
            return fault(FAULT_INVALID,
                         "Meeting %u of slot %d is not possible: this is not the plan of these requests.",
                         stood[i].request + 1, slot);
    }
    return NULL;
}

struct fault *schedule_repair(struct arena *a, const struct schedule_problem *p, const int *old, int now,
                              int64_t stay, uint64_t seed, struct schedule *out)
{
    struct random random = random_seeded(seed, 2);
    struct bound levels;
    *out = (struct schedule){0};
    TRY(check(p));
    struct plan *plan = plan_new(a, p);
    struct slot_lists lists = plan_lists(a, p);
    TRY(stand_again(plan, old, now));
    for (int s = now; s < p->slots; s++)
        (void)plan_best_slot(plan, &lists, s, true, 0, &random);
    if (stay) {
        (void)insert_unmet(plan, now);
        for (int s = now; s < p->slots; s++)
            (void)plan_best_slot(plan, &lists, s, false, stay, &random);
    }
    set_bounds(a, plan, &levels, out);
    out->optimal = proven(plan, &levels);
    tell(a, plan, out);
    return arena_check(a);
}

static enum unmet why(const struct plan *plan, const struct meeting_request *r)
{
    const struct schedule_problem *p = plan->problem;
    const int *a = &plan->at[(size_t)r->a * (size_t)p->slots],
              *b = &plan->at[(size_t)r->b * (size_t)p->slots];
    int common = 0, open = 0;
    for (int s = 0; s < p->slots; s++) {
        bool here = schedule_there(p, r->a, s) && schedule_there(p, r->b, s);
        common += here;
        open += here && a[s] < 0 && b[s] < 0;
    }
    if (!common)
        return UNMET_NO_COMMON_SLOT;
    if (plan->meetings[r->a] >= plan_cap(p, r->a) || plan->meetings[r->b] >= plan_cap(p, r->b))
        return UNMET_CAP;
    return open ? UNMET_TABLES : UNMET_BUSY;
}

void schedule_reasons(struct arena *a, const struct schedule_problem *p, const struct schedule *s,
                      enum unmet *reasons)
{
    struct plan *plan = plan_new(a, p);
    for (size_t i = 0; i < p->count; i++)
        if (s->slot[i] >= 0)
            plan_place(plan, i, s->slot[i]);
    for (size_t i = 0; i < p->count; i++)
        reasons[i] = s->slot[i] >= 0 ? UNMET_NOT : why(plan, &p->requests[i]);
}
