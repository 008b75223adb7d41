/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "schedule/schedule_check.h"

#include <string.h>

#include "arena/arena.h"

struct checked {
    const struct schedule_problem *p;
    const struct schedule *s;
    struct arena *arena;
};

static bool is_there(const struct schedule_problem *p, int person, int slot)
{
    int words = p->slots / 64 + (p->slots % 64 != 0);
    return !p->there || (p->there[person * words + slot / 64] & (uint64_t)1 << slot % 64) != 0;
}

static int bears(const struct schedule_problem *p, int person)
{
    return p->cap && p->cap[person] < p->slots ? p->cap[person] : p->slots;
}

/* --- the meetings ------------------------------------------------------------------------------------ */

static struct fault *check_meeting(const struct checked *c, size_t i, bool *busy, int *tables)
{
    const struct schedule_problem *p = c->p;
    int slot = c->s->slot[i], both[2] = {p->requests[i].a, p->requests[i].b};
    if (slot >= p->slots)
        return fault(FAULT_INVALID, "Request %zu: there is no slot %d.", i + 1, slot);
    for (int side = 0; side < 2; side++) {
        bool *here = &busy[(size_t)both[side] * (size_t)p->slots + (size_t)slot];
        if (!is_there(p, both[side], slot))
            return fault(FAULT_INVALID, "Request %zu: person %d is not there in slot %d.", i + 1,
                         both[side] + 1, slot);
        if (*here)
            return fault(FAULT_INVALID, "Request %zu: person %d is twice in slot %d.", i + 1, both[side] + 1,
                         slot);
        *here = true;
    }
    if (++tables[slot] > p->tables)
        return fault(FAULT_INVALID, "Slot %d has more than %d meetings.", slot, p->tables);
    return NULL;
}

static struct fault *check_tables(const struct checked *c)
{
    const struct schedule_problem *p = c->p;
    bool *taken = NEW(c->arena, bool, (size_t)p->slots *(size_t)p->tables + 1);
    for (size_t i = 0; c->s->table && i < p->count; i++) {
        if (c->s->slot[i] < 0)
            continue;
        int table = c->s->table[i];
        bool *here = &taken[(size_t)c->s->slot[i] * (size_t)p->tables + (size_t)table];
        if (table < 0 || table >= p->tables || *here)
            return fault(FAULT_INVALID, "Request %zu: table %d of slot %d is not free.", i + 1, table,
                         c->s->slot[i]);
        *here = true;
    }
    return NULL;
}

static struct fault *check_counts(const struct checked *c, const int *meetings, int64_t weight)
{
    for (int v = 0; v < c->p->persons; v++)
        if (meetings[v] > bears(c->p, v))
            return fault(FAULT_INVALID, "Person %d has %d meetings, more than can be borne.", v + 1,
                         meetings[v]);
    for (int j = 0; j < MEETING_LEVELS; j++) {
        int met = 0;
        for (int v = 0; v < c->p->persons; v++)
            met += meetings[v] >= j + 1;
        if (met != c->s->met[j])
            return fault(FAULT_INVALID, "%d persons have %d meetings or more, not %d.", met, j + 1,
                         c->s->met[j]);
    }
    if (weight != c->s->weight)
        return fault(FAULT_INVALID, "The meetings weigh %lld, not %lld.", (long long)weight,
                     (long long)c->s->weight);
    return NULL;
}

static struct fault *check_plan(const struct checked *c)
{
    const struct schedule_problem *p = c->p;
    bool *busy = NEW(c->arena, bool, (size_t)p->persons *(size_t)p->slots + 1);
    int *tables = NEW(c->arena, int, p->slots + 1), *meetings = NEW(c->arena, int, p->persons + 1);
    int64_t weight = 0;
    for (size_t i = 0; i < p->count; i++) {
        if (c->s->slot[i] < 0)
            continue;
        TRY(check_meeting(c, i, busy, tables));
        meetings[p->requests[i].a]++;
        meetings[p->requests[i].b]++;
        weight += p->requests[i].weight;
    }
    TRY(check_tables(c));
    return check_counts(c, meetings, weight);
}

/* --- the bound --------------------------------------------------------------------------------------- */

/* A person's requests put into slots of their own, as many as can be: augmenting ways, breadth first. */
struct entitled {
    const struct checked *c;
    const size_t *own;
    int count;
    int *slot_of, *request_of, *came_from, *queue;
};

static bool fits(const struct entitled *e, int request, int slot)
{
    const struct meeting_request *r = &e->c->p->requests[e->own[request]];
    return is_there(e->c->p, r->a, slot) && is_there(e->c->p, r->b, slot);
}

static bool one_more(struct entitled *e, int first)
{
    int head = 0, tail = 0;
    memset(e->came_from, -1, (size_t)e->c->p->slots * sizeof *e->came_from);
    e->queue[tail++] = first;
    while (head < tail) {
        int request = e->queue[head++];
        for (int s = 0; s < e->c->p->slots; s++) {
            if (e->came_from[s] >= 0 || !fits(e, request, s))
                continue;
            e->came_from[s] = request;
            if (e->request_of[s] >= 0) {
                e->queue[tail++] = e->request_of[s];
                continue;
            }
            for (int slot = s, left; slot >= 0; slot = left) { /* back along the way */
                left = e->slot_of[e->came_from[slot]];
                e->slot_of[e->came_from[slot]] = slot;
                e->request_of[slot] = e->came_from[slot];
            }
            return true;
        }
    }
    return false;
}

static int entitlement(const struct checked *c, int person)
{
    ARENA_SCOPE(work);
    const struct schedule_problem *p = c->p;
    size_t *own = NEW(work, size_t, p->count + 1);
    struct entitled e = {.c = c, .own = own};
    for (size_t i = 0; i < p->count; i++)
        if (p->requests[i].a == person || p->requests[i].b == person)
            own[e.count++] = i;
    e.slot_of = NEW(work, int, e.count + 1);
    e.queue = NEW(work, int, e.count + 1);
    e.request_of = NEW(work, int, p->slots + 1);
    e.came_from = NEW(work, int, p->slots + 1);
    memset(e.slot_of, -1, (size_t)e.count * sizeof *e.slot_of);
    memset(e.request_of, -1, (size_t)p->slots * sizeof *e.request_of);
    int placed = 0;
    for (int r = 0; r < e.count; r++)
        placed += one_more(&e, r);
    return placed < bears(p, person) ? placed : bears(p, person);
}

static int64_t room_in_all(const struct schedule_problem *p)
{
    int64_t room = 0;
    for (int s = 0; s < p->slots; s++) {
        int first = 0, second = 0;
        for (int v = 0; v < p->persons; v++) {
            bool here = is_there(p, v, s);
            second += here && !p->one_set && p->second[v];
            first += here && (p->one_set || !p->second[v]);
        }
        int pairs = p->one_set ? first / 2 : first < second ? first : second;
        room += pairs < p->tables ? pairs : p->tables;
    }
    return room;
}

static bool can_ever_meet(const struct schedule_problem *p, const struct meeting_request *r)
{
    for (int s = 0; s < p->slots; s++)
        if (is_there(p, r->a, s) && is_there(p, r->b, s))
            return true;
    return false;
}

static int64_t above(int64_t weight, int64_t price)
{
    return weight > price ? weight - price : 0;
}

/* Weak duality: each meeting pays at its two persons and for its table, or by itself. */
static int64_t proven_bound(const struct checked *c)
{
    const struct schedule_problem *p = c->p;
    const struct schedule *s = c->s;
    int64_t sum = (p->one_set ? 2 : 1) * room_in_all(p) * s->price_table;
    for (int v = 0; v < p->persons; v++)
        if (s->price_a[v] || s->price_b[v])
            sum += entitlement(c, v) * (s->price_a[v] + s->price_b[v]);
    for (size_t i = 0; i < p->count; i++) {
        const struct meeting_request *r = &p->requests[i];
        if (!can_ever_meet(p, r))
            continue;
        sum += above(r->weight, s->price_a[r->a] + s->price_b[r->b] + s->price_table);
        if (p->one_set)
            sum += above(r->weight, s->price_a[r->b] + s->price_b[r->a] + s->price_table);
    }
    return p->one_set ? sum / 2 : sum;
}

static struct fault *check_bound(const struct checked *c)
{
    for (int v = 0; v < c->p->persons; v++)
        if (c->s->price_a[v] < 0 || c->s->price_b[v] < 0 || c->s->price_table < 0)
            return fault(FAULT_INVALID, "The certificate has a price below 0.");
    int64_t bound = proven_bound(c);
    if (bound > c->s->weight_bound)
        return fault(FAULT_INVALID, "The certificate proves a bound of %lld, not %lld.", (long long)bound,
                     (long long)c->s->weight_bound);
    if (c->s->weight > c->s->weight_bound)
        return fault(FAULT_INVALID, "The meetings weigh more than the bound.");
    if (c->s->optimal && c->p->fairness == FAIR_NONE && c->s->weight != c->s->weight_bound)
        return fault(FAULT_INVALID, "This is called optimal, but does not reach its bound.");
    return NULL;
}

struct fault *schedule_check(struct arena *a, const struct schedule_problem *p, const struct schedule *s)
{
    struct checked c = {p, s, a};
    TRY(check_plan(&c));
    TRY(check_bound(&c));
    return arena_check(a);
}
