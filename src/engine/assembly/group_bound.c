/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <string.h>

#include "assembly/group_search.h"

/* A step while its price rises: the offers of the taken, the cheapest first, and where the price stands. */
struct rising {
    struct group_bid taken[GROUP_STEPS_MOST + 1];
    int32_t taken_count, below; /* open offers that cost no more than the price */
    bool done;
};

static void add_taken(struct rising *r, struct group_bid o)
{
    int32_t at = r->taken_count++;
    for (; at > 0 && r->taken[at - 1].cost > o.cost; at--)
        r->taken[at] = r->taken[at - 1];
    r->taken[at] = o;
}

static void gather_taken(const struct group_search *s, struct rising *rising)
{
    const struct group_problem *p = s->p;
    for (int32_t i = 0; i < p->steps; i++) {
        rising[i].taken_count = rising[i].below = 0;
        rising[i].done = false;
        if (s->o->may_miss)
            add_taken(&rising[i], (struct group_bid){-1, s->penalty[i], p->volume[i]});
    }
    for (int32_t m = 0; m < s->taken_count; m++)
        for (int32_t k = p->start[s->taken[m]]; k < p->start[s->taken[m] + 1]; k++) {
            const struct group_entry *e = &p->entry[k];
            add_taken(&rising[e->step], (struct group_bid){s->taken[m], e->cost, e->capacity});
        }
}

/* One rise of the price of a step; what it adds to the bound, 0 when it can rise no more. */
static int64_t rise(struct group_search *s, const struct group_level *l, struct rising *r, int32_t i,
                    struct group_prices *v)
{
    int64_t supplied = 0, next = INT64_MAX, room = INT64_MAX;
    for (int32_t k = 0; k < r->taken_count; k++) {
        if (r->taken[k].cost > v->price[i]) {
            next = r->taken[k].cost - v->price[i];
            break;
        }
        supplied += r->taken[k].capacity;
    }
    while (r->below < l->count[i] && l->offer[i][r->below].cost <= v->price[i])
        r->below++;
    if (r->below < l->count[i] && l->offer[i][r->below].cost - v->price[i] < next)
        next = l->offer[i][r->below].cost - v->price[i];
    if (supplied >= s->p->volume[i])
        return 0;
    for (int32_t k = 0; k < r->below && room; k++)
        if (l->offer[i][k].capacity && v->slack[l->offer[i][k].firm] / l->offer[i][k].capacity < room)
            room = v->slack[l->offer[i][k].firm] / l->offer[i][k].capacity;
    int64_t by = room < next ? room : next;
    if (by == INT64_MAX) /* nobody is left: any price */
        by = 0;
    for (int32_t k = 0; k < r->below && by; k++)
        v->slack[l->offer[i][k].firm] -= by * l->offer[i][k].capacity;
    v->price[i] += by;
    s->steps += r->below;
    return by * (s->p->volume[i] - supplied);
}

int64_t group_bound(struct group_search *s, const struct group_level *l, struct group_prices *v)
{
    static _Thread_local struct rising rising[GROUP_STEPS_MOST];
    int64_t bound = 0;
    int32_t left = s->p->steps;
    gather_taken(s, rising);
    for (int32_t m = 0; m < s->taken_count; m++)
        bound += s->p->cost[s->taken[m]];
    for (int32_t k = 0; k < l->open_count; k++)
        v->slack[l->open[k]] = s->p->cost[l->open[k]];
    for (int32_t i = 0; i < s->p->steps; i++) {
        int64_t taken = rising[i].taken_count ? rising[i].taken[0].cost : INT64_MAX;
        int64_t open = l->count[i] ? l->offer[i][0].cost : INT64_MAX;
        v->price[i] = taken < open ? taken : open == INT64_MAX ? 0 : open;
        bound += s->p->volume[i] * v->price[i];
    }
    while (left)
        for (int32_t i = 0; i < s->p->steps; i++) {
            int64_t more = rising[i].done ? 0 : rise(s, l, &rising[i], i, v);
            bound += more;
            left -= !rising[i].done && !more;
            rising[i].done |= !more;
        }
    return bound;
}
