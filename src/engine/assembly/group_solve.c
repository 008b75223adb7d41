/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* group_solve.c - the tree of groups. At each node: who is taken, who is still open; the bound; a branch on
 * the step that fewest can still do. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "assembly/group_search.h"

enum { ASK_EVERY = 64, STARTS = 60, GREEDY_DEPTH = 6, ROOT_ROUNDS = 300, NODE_ROUNDS = 10 };

/* --- the tree -------------------------------------------------------------------------------------- */

/* Memory of a node of this depth, for as long as it is visited; not cleared. */
static void *take_pool(struct group_search *s, int depth, int which, size_t size)
{
    struct group_pool *pool = &s->pools[depth][which];
    if (pool->size < size) {
        pool->bytes = arena_alloc(s->arena, size, 1, alignof(max_align_t));
        pool->size = size;
    }
    return pool->bytes;
}

/* The level below: only firms marked open. */
static struct group_level narrow(struct group_search *s, int depth, int which, const struct group_level *l,
                                 const bool *open)
{
    struct group_level below = {0};
    size_t offers = 1;
    for (int32_t i = 0; i < s->p->steps; i++)
        offers += (size_t)l->count[i];
    struct group_bid *offer =
        take_pool(s, depth, which, offers * sizeof *offer + (size_t)l->open_count * sizeof(int32_t));
    below.open = (int32_t *)(void *)(offer + offers);
    for (int32_t k = 0; k < l->open_count; k++)
        if (open[l->open[k]])
            below.open[below.open_count++] = l->open[k];
    for (int32_t i = 0; i < s->p->steps; i++) {
        below.offer[i] = offer;
        for (int32_t k = 0; k < l->count[i]; k++)
            if (open[l->offer[i][k].firm])
                *offer++ = l->offer[i][k];
        below.count[i] = (int32_t)(offer - below.offer[i]);
    }
    s->steps += (int64_t)offers;
    return below;
}

/* Fewest more members that could do all steps not done, by counting; and whether the supply is enough. */
static bool can_end(const struct group_search *s, const struct group_level *l, const int64_t *left)
{
    int32_t undone = 0, most = 0;
    for (int32_t i = 0; i < s->p->steps; i++) {
        int64_t supply = 0;
        if (left[i] <= 0)
            continue;
        undone++;
        for (int32_t k = 0; k < l->count[i] && supply < left[i]; k++)
            supply += l->offer[i][k].capacity;
        if (supply < left[i])
            return false;
    }
    for (int32_t k = 0; undone && k < l->open_count; k++) {
        int32_t useful = 0, j = l->open[k];
        for (int32_t e = s->p->start[j]; e < s->p->start[j + 1]; e++)
            useful += s->p->entry[e].capacity > 0 && left[s->p->entry[e].step] > 0;
        most = useful > most ? useful : most;
    }
    return undone <= most * (s->members_most - s->taken_count);
}

/* Of the undone step that fewest can do, or of any firm when all is done: who costs least by the prices. */
static int32_t choose_branch(const struct group_search *s, const struct group_level *l, const int64_t *left,
                             const struct group_prices *v)
{
    int32_t step = -1, found = -1;
    int64_t least = INT64_MAX;
    for (int32_t i = 0; i < s->p->steps; i++)
        if (left[i] > 0 && l->count[i] && (step < 0 || l->count[i] < l->count[step]))
            step = i;
    if (step < 0) {
        for (int32_t k = 0; k < l->open_count; k++)
            if (found < 0 || v->slack[l->open[k]] < v->slack[found])
                found = l->open[k];
        return found;
    }
    for (int32_t k = 0; k < l->count[step]; k++) {
        const struct group_bid *o = &l->offer[step][k];
        int64_t price = v->slack[o->firm] + (o->cost > v->price[step] ? o->cost - v->price[step] : 0);
        if (price < least) {
            least = price;
            found = o->firm;
        }
    }
    return found;
}

static bool may_go_on(struct group_search *s)
{
    s->nodes++;
    if (s->stopped || (s->nodes > 1 && s->steps >= s->budget) || proof_is_full(s->proof))
        s->stopped = true;
    else if (s->nodes % ASK_EVERY == 0 && s->o->go_on) {
        struct cover_progress now = {s->steps, s->budget, s->found ? s->best[0].cost : -1, s->root_bound,
                                     s->nodes};
        s->stopped = !s->o->go_on(s->o->with, &now);
    }
    return !s->stopped;
}

static void visit(struct group_search *s, const struct group_level *l, int depth);

/* Takes the firm, with what that rules out; then does without it. */
static void branch(struct group_search *s, const struct group_level *l, bool *open, int32_t firm, int depth)
{
    bool *rest = take_pool(s, depth, POOL_REST, (size_t)s->p->firms + 1);
    const uint64_t *row = group_conflicts_of(s, firm);
    for (int32_t k = 0; k < l->open_count; k++)
        rest[l->open[k]] = open[l->open[k]] && l->open[k] != firm && !group_bit(row, l->open[k]);
    struct group_level in = narrow(s, depth, POOL_IN, l, rest);
    s->taken[s->taken_count++] = firm;
    visit(s, &in, depth + 1);
    s->taken_count--;
    open[firm] = false;
    struct group_level out = narrow(s, depth, POOL_OUT, l, open);
    visit(s, &out, depth + 1);
}

/* From the prices of the node above; the root's from its own of last time, so that its bound never falls. */
static int64_t raise_bound(struct group_search *s, const struct group_level *l, int depth, int64_t bound,
                           struct group_prices *v)
{
    const int64_t *above = s->pools[depth ? depth - 1 : 0][POOL_PRICES].bytes;
    bound = group_bound_raise(s, l, above, depth ? NODE_ROUNDS : ROOT_ROUNDS, bound, v);
    memcpy(take_pool(s, depth, POOL_PRICES, sizeof v->price), v->price, sizeof v->price);
    return bound;
}

static void visit(struct group_search *s, const struct group_level *l, int depth)
{
    static const struct group_level nobody;
    int64_t left[GROUP_STEPS_MOST];
    struct group_prices v = {.slack = s->slack};
    if (!may_go_on(s))
        return;
    group_offer(s, s->taken, s->taken_count);
    if (s->taken_count == s->members_most)
        l = &nobody;
    (void)group_count_left(s, s->taken, s->taken_count, left);
    if (!s->o->may_miss && !can_end(s, l, left))
        return;
    if (depth <= GREEDY_DEPTH && !s->proof)
        group_greedy(s, l, -1);
    int64_t bound = group_bound(s, l, &v);
    if (s->split && bound < s->beat)
        bound = raise_bound(s, l, depth, bound, &v);
    if (!depth)
        s->root_bound = bound < s->beat ? bound : s->beat;
    for (int32_t i = 0; i < s->p->steps; i++)
        proof_number(s->proof, (uint64_t)v.price[i]);
    if (bound >= s->beat)
        return;
    bool *open = take_pool(s, depth, POOL_OPEN, (size_t)s->p->firms + 1);
    for (int32_t k = 0; k < l->open_count; k++)
        open[l->open[k]] = bound + v.slack[l->open[k]] < s->beat;
    struct group_level kept = narrow(s, depth, POOL_KEPT, l, open);
    int32_t firm = choose_branch(s, &kept, left, &v);
    if (firm >= 0) {
        proof_number(s->proof, (uint64_t)firm + 1);
        branch(s, &kept, open, firm, depth);
        return;
    }
    proof_number(s->proof, 0); /* all who are left are too dear: what the taken do alone */
    if (l->open_count)
        visit(s, &nobody, depth + 1);
}

/* --- the whole ------------------------------------------------------------------------------------- */

static int by_cost(const void *a, const void *b)
{
    const struct group_bid *x = a, *y = b;
    return x->cost != y->cost ? (x->cost > y->cost) - (x->cost < y->cost)
                              : (x->firm > y->firm) - (x->firm < y->firm);
}

/* All who may be in; those who must are taken already. */
static struct group_level whole(struct arena *a, struct group_search *s)
{
    const struct group_problem *p = s->p;
    struct group_level l = {.open = NEW(a, int32_t, p->firms + 1)};
    ARENA_SCOPE(work);
    bool *ruled_out = NEW(work, bool, p->firms + 1);
    for (int32_t j = 0; j < p->firms; j++)
        if (p->role[j] == FIRM_MUST && s->taken_count == s->members_most) {
            s->impossible = true;
        } else if (p->role[j] == FIRM_MUST) {
            const uint64_t *row = group_conflicts_of(s, j);
            s->taken[s->taken_count++] = j;
            for (int32_t k = 0; k < p->firms; k++)
                ruled_out[k] |= group_bit(row, k);
        }
    for (int32_t m = 0; m < s->taken_count; m++)
        s->impossible |= ruled_out[s->taken[m]];
    for (int32_t k = 0; k < p->start[p->firms]; k++)
        l.count[p->entry[k].step]++;
    for (int32_t i = 0; i < p->steps; i++) {
        l.offer[i] = NEW(a, struct group_bid, l.count[i] + 1);
        l.count[i] = 0;
    }
    for (int32_t j = 0; j < p->firms; j++) {
        if (p->role[j] != FIRM_FREE || ruled_out[j])
            continue;
        l.open[l.open_count++] = j;
        for (int32_t k = p->start[j]; k < p->start[j + 1]; k++)
            if (p->entry[k].capacity)
                l.offer[p->entry[k].step][l.count[p->entry[k].step]++] =
                    (struct group_bid){j, p->entry[k].cost, p->entry[k].capacity};
    }
    for (int32_t i = 0; i < p->steps; i++)
        qsort(l.offer[i], (size_t)l.count[i], sizeof *l.offer[i], by_cost);
    return l;
}

/* A greedy group around each of those who can do the step that fewest can. */
static void start_greedily(struct group_search *s, const struct group_level *l)
{
    int32_t rarest = 0;
    group_greedy(s, l, -1);
    for (int32_t i = 1; i < s->p->steps; i++)
        if (l->count[i] < l->count[rarest])
            rarest = i;
    for (int32_t k = 0; s->p->steps && k < l->count[rarest] && k < STARTS && s->taken_count < s->members_most;
         k++)
        group_greedy(s, l, l->offer[rarest][k].firm);
}

/* More than any group costs: what "none" is proven below. */
static int64_t above_all(const struct group_problem *p)
{
    int64_t total = 1;
    for (int32_t j = 0; j < p->firms; j++)
        total += p->cost[j];
    for (int32_t i = 0; i < p->steps; i++) {
        int64_t dearest = 0;
        for (int32_t k = 0; k < p->start[p->firms]; k++)
            if (p->entry[k].step == i && p->entry[k].cost > dearest)
                dearest = p->entry[k].cost;
        total += dearest * p->volume[i];
    }
    return total;
}

/* Of the groups that cost as little as the best, that of the first firms; as far as a few steps more will do.
 */
static void break_ties(struct group_search *s, const struct group_level *l)
{
    static const int64_t more = 1000000, times = 3;
    s->ties = true;
    s->beat = s->best[0].cost + 1;
    s->budget = s->steps + times * s->steps + more;
    visit(s, l, 0);
    s->ties = s->stopped = false;
}

/* The search once more, with nothing left to find: what it closes is the proof. */
static void prove(struct group_search *s, const struct group_level *l, int64_t beat)
{
    s->proof = s->o->proof;
    s->beat = beat;
    s->stopped = false;
    s->budget = INT64_MAX;
    proof_back(s->proof, 0);
    proof_text(s->proof, "grappe group proof 1\n");
    proof_number(s->proof, (uint64_t)beat);
    proof_number(s->proof, (uint64_t)s->o->decimals);
    visit(s, l, 0);
}

static void finish(struct group_search *s, const struct group_level *l, int64_t none,
                   struct group_answer *out)
{
    bool all = !s->stopped;
    out->count = s->found;
    out->groups = s->best;
    out->bound = all ? (s->found ? s->best[0].cost : none) : s->root_bound;
    if (s->found && out->bound > s->best[0].cost)
        out->bound = s->best[0].cost;
    all |= s->found && s->o->best == 1 && out->bound == s->best[0].cost;
    out->status = s->found ? (all ? ASSEMBLY_OPTIMAL : ASSEMBLY_FEASIBLE)
                  : all    ? ASSEMBLY_INFEASIBLE
                           : ASSEMBLY_UNKNOWN;
    out->nodes = s->nodes;
    if (out->status == ASSEMBLY_OPTIMAL && all && s->o->best == 1 && !s->o->may_miss && s->o->budget)
        break_ties(s, l);
    if (s->o->proof)
        prove(s, l, out->bound);
    if (s->o->proof && s->stopped) { /* it got too long: of the first bound, then */
        out->bound = s->root_bound;
        out->status = s->found ? ASSEMBLY_FEASIBLE : ASSEMBLY_UNKNOWN;
        prove(s, l, out->bound);
    }
    for (int32_t g = 0; g < s->found; g++) /* without the penalties */
        for (int32_t i = 0; i < s->p->steps; i++)
            if (s->best[g].missing >> i & 1)
                s->best[g].cost -= s->penalty[i] * s->p->volume[i];
    out->steps = s->steps;
}

struct fault *group_solve(struct arena *a, const struct group_problem *p, const struct group_options *o,
                          struct group_answer *out)
{
    int64_t none = above_all(p);
    struct group_search s = {.arena = a,
                             .p = p,
                             .o = o,
                             .beat = o->below > 0 ? o->below : none,
                             .budget = o->budget,
                             .words = p->firms / 64 + 1};
    s.members_most = p->max_members < GROUP_STEPS_MOST ? p->max_members : GROUP_STEPS_MOST;
    s.row = NEW(a, const uint64_t *, p->firms + 1);
    s.pools = arena_alloc(a, (size_t)p->firms + 3, sizeof *s.pools, alignof(max_align_t));
    group_list_rivals(&s);
    s.slack = NEW(a, int64_t, p->firms + 1);
    s.best = NEW(a, struct group, o->best + 1);
    for (int32_t i = 0; i < p->steps; i++)
        s.penalty[i] = none / p->volume[i] + 1;
    if (o->may_miss)
        s.beat = INT64_MAX;
    for (int32_t i = 0; i < p->steps; i++)
        s.split |= p->volume[i] > 1;
    struct group_level l = whole(a, &s);
    if (!s.impossible) {
        start_greedily(&s, &l);
        visit(&s, &l, 0);
    }
    finish(&s, &l, none, out);
    proof_flush(o->proof);
    return o->proof && o->proof->broken ? fault(FAULT_IO, "The proof cannot be written.") : NULL;
}
