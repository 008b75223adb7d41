/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <math.h>
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

/* --- where steps are split ------------------------------------------------------------------------- */

struct prices_at {
    int64_t price[GROUP_STEPS_MOST], supplied[GROUP_STEPS_MOST];
};

/* What the prices leave of a firm's cost, below 0 when they pay it more; `supplied` of what it would do. */
static int64_t left_of(const struct group_search *s, int32_t firm, const int64_t *price)
{
    int64_t left = s->p->cost[firm];
    for (int32_t k = s->p->start[firm]; k < s->p->start[firm + 1]; k++) {
        const struct group_entry *e = &s->p->entry[k];
        if (price[e->step] > e->cost)
            left -= e->capacity * (price[e->step] - e->cost);
    }
    return left;
}

static void supply(const struct group_search *s, int32_t firm, struct prices_at *at)
{
    for (int32_t k = s->p->start[firm]; k < s->p->start[firm + 1]; k++) {
        const struct group_entry *e = &s->p->entry[k];
        if (at->price[e->step] > e->cost)
            at->supplied[e->step] += e->capacity;
    }
}

/* The bound that these prices give: as if each firm decided by itself whether they pay it enough. No more
 * than are allowed can: those whom they pay most. */
static int64_t bound_at(struct group_search *s, const struct group_level *l, struct prices_at *at,
                        int64_t *slack)
{
    int32_t most = s->members_most - s->taken_count, count = 0;
    int32_t paid[GROUP_STEPS_MOST + 1];
    int64_t bound = 0;
    for (int32_t i = 0; i < s->p->steps; i++) {
        bound += s->p->volume[i] * at->price[i];
        at->supplied[i] = 0;
    }
    for (int32_t m = 0; m < s->taken_count; m++) {
        bound += left_of(s, s->taken[m], at->price);
        supply(s, s->taken[m], at);
    }
    for (int32_t k = 0; k < l->open_count; k++) {
        int32_t j = l->open[k], place;
        if ((slack[j] = left_of(s, j, at->price)) >= 0 ||
            (count == most && slack[paid[count - 1]] <= slack[j]))
            continue;
        for (place = count < most ? count++ : most - 1; place > 0 && slack[paid[place - 1]] > slack[j];
             place--)
            paid[place] = paid[place - 1];
        paid[place] = j;
    }
    for (int32_t k = 0; k < count; k++) {
        bound += slack[paid[k]];
        supply(s, paid[k], at);
    }
    s->steps += l->open_count;
    return bound;
}

/* Keeps prices that bound more than the best so far. */
static int64_t keep_better(struct group_search *s, const struct group_level *l, struct prices_at *at,
                           struct group_prices *v, int64_t best)
{
    int64_t now = bound_at(s, l, at, v->slack);
    if (now > best)
        memcpy(v->price, at->price, sizeof at->price);
    return now;
}

/* Up where too little is supplied, down where too much (Held, Wolfe and Crowder 1974). */
int64_t group_bound_raise(struct group_search *s, const struct group_level *l, const int64_t *above,
                          int rounds, int64_t bound, struct group_prices *v)
{
    struct prices_at at = {0};
    double stride = 1, place[GROUP_STEPS_MOST];
    memcpy(at.price, above ? above : v->price, sizeof at.price);
    int64_t now = keep_better(s, l, &at, v, bound);
    bound = now > bound ? now : bound;
    for (int32_t i = 0; i < s->p->steps; i++)
        place[i] = (double)at.price[i];
    for (int idle = 0; rounds-- > 0 && bound < s->beat && s->taken_count < s->members_most;) {
        double squares = 0;
        for (int32_t i = 0; i < s->p->steps; i++)
            squares += pow((double)(s->p->volume[i] - at.supplied[i]), 2);
        if (squares == 0)
            break;
        double by = stride * (double)(s->beat - now) / squares;
        for (int32_t i = 0; i < s->p->steps; i++) {
            place[i] = fmin(fmax(0, place[i] + by * (double)(s->p->volume[i] - at.supplied[i])),
                            (double)s->beat / (double)s->p->volume[i]);
            at.price[i] = llround(place[i]);
        }
        now = keep_better(s, l, &at, v, bound);
        idle = now > bound ? 0 : idle + 1;
        bound = now > bound ? now : bound;
        stride /= idle && idle % 4 == 0 ? 2 : 1;
    }
    memcpy(at.price, v->price, sizeof at.price);
    return bound_at(s, l, &at, v->slack);
}
