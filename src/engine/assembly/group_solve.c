/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* group_solve.c - the tree of groups. At each node: who is taken, who is still open; the bound; a branch on
 * the step that fewest can still do. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "assembly/group_search.h"

enum { ASK_EVERY = 64, STARTS = 60, GREEDY_DEPTH = 6 };

/* --- conflicts ------------------------------------------------------------------------------------- */

/* The pairs, by firm. */
static void list_rivals(struct group_search *s)
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

/* The firms that cannot be with this one, a bit each; made when first asked for. */
static const uint64_t *conflicts_of(struct group_search *s, int32_t firm)
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

static bool bit(const uint64_t *bits, int32_t k)
{
    return bits[k / 64] >> (k % 64) & 1;
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

static void offer(struct group_search *s, const int32_t *members, int32_t count)
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

/* What is left to do of each step after these members. */
static bool count_left(const struct group_search *s, const int32_t *members, int32_t count, int64_t *left)
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

/* From the members taken, and `start` unless -1: whoever helps most for the money, until all is done. */
static void greedy(struct group_search *s, const struct group_level *l, int32_t start)
{
    ARENA_SCOPE(work);
    int32_t members[GROUP_STEPS_MOST], count = s->taken_count;
    int64_t left[GROUP_STEPS_MOST];
    uint64_t *blocked = NEW(work, uint64_t, s->words);
    memcpy(members, s->taken, (size_t)count * sizeof *members);
    for (int32_t next = start; count < s->members_most;) {
        double best = INFINITY;
        if (next >= 0) {
            const uint64_t *row = conflicts_of(s, next);
            members[count++] = next;
            for (int32_t w = 0; w < s->words; w++)
                blocked[w] |= row[w];
            blocked[next / 64] |= UINT64_C(1) << (next % 64);
        }
        next = -1;
        if (!count_left(s, members, count, left))
            break;
        for (int32_t k = 0; k < l->open_count; k++) {
            double price = bit(blocked, l->open[k]) ? INFINITY : price_of_help(s, l->open[k], left);
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
    offer(s, members, count);
}

/* --- the tree -------------------------------------------------------------------------------------- */

/* The level below: only firms marked open. */
static struct group_level narrow(struct arena *a, struct group_search *s, const struct group_level *l,
                                 const bool *open)
{
    struct group_level below = {.open = NEW(a, int32_t, l->open_count + 1)};
    for (int32_t k = 0; k < l->open_count; k++)
        if (open[l->open[k]])
            below.open[below.open_count++] = l->open[k];
    for (int32_t i = 0; i < s->p->steps; i++) {
        below.offer[i] = NEW(a, struct group_offer, l->count[i] + 1);
        for (int32_t k = 0; k < l->count[i]; k++)
            if (open[l->offer[i][k].firm])
                below.offer[i][below.count[i]++] = l->offer[i][k];
        s->steps += l->count[i];
    }
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
        const struct group_offer *o = &l->offer[step][k];
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
    ARENA_SCOPE(work);
    bool *rest = NEW(work, bool, s->p->firms + 1);
    const uint64_t *row = conflicts_of(s, firm);
    for (int32_t k = 0; k < l->open_count; k++)
        rest[l->open[k]] = open[l->open[k]] && l->open[k] != firm && !bit(row, l->open[k]);
    struct group_level in = narrow(work, s, l, rest);
    s->taken[s->taken_count++] = firm;
    visit(s, &in, depth + 1);
    s->taken_count--;
    open[firm] = false;
    struct group_level out = narrow(work, s, l, open);
    visit(s, &out, depth + 1);
}

static void visit(struct group_search *s, const struct group_level *l, int depth)
{
    ARENA_SCOPE(work);
    static const struct group_level nobody;
    int64_t left[GROUP_STEPS_MOST];
    struct group_prices v = {.slack = s->slack};
    if (!may_go_on(s))
        return;
    offer(s, s->taken, s->taken_count);
    if (s->taken_count == s->members_most)
        l = &nobody;
    (void)count_left(s, s->taken, s->taken_count, left);
    if (!s->o->may_miss && !can_end(s, l, left))
        return;
    if (depth <= GREEDY_DEPTH && !s->proof)
        greedy(s, l, -1);
    int64_t bound = group_bound(s, l, &v);
    if (!depth)
        s->root_bound = bound < s->beat ? bound : s->beat;
    for (int32_t i = 0; i < s->p->steps; i++)
        proof_number(s->proof, (uint64_t)v.price[i]);
    if (bound >= s->beat)
        return;
    bool *open = NEW(work, bool, s->p->firms + 1);
    int32_t count = 0;
    for (int32_t k = 0; k < l->open_count; k++)
        count += open[l->open[k]] = bound + v.slack[l->open[k]] < s->beat;
    struct group_level kept = narrow(work, s, l, open);
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
    const struct group_offer *x = a, *y = b;
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
            const uint64_t *row = conflicts_of(s, j);
            s->taken[s->taken_count++] = j;
            for (int32_t k = 0; k < p->firms; k++)
                ruled_out[k] |= bit(row, k);
        }
    for (int32_t m = 0; m < s->taken_count; m++)
        s->impossible |= ruled_out[s->taken[m]];
    for (int32_t k = 0; k < p->start[p->firms]; k++)
        l.count[p->entry[k].step]++;
    for (int32_t i = 0; i < p->steps; i++) {
        l.offer[i] = NEW(a, struct group_offer, l.count[i] + 1);
        l.count[i] = 0;
    }
    for (int32_t j = 0; j < p->firms; j++) {
        if (p->role[j] != FIRM_FREE || ruled_out[j])
            continue;
        l.open[l.open_count++] = j;
        for (int32_t k = p->start[j]; k < p->start[j + 1]; k++)
            if (p->entry[k].capacity)
                l.offer[p->entry[k].step][l.count[p->entry[k].step]++] =
                    (struct group_offer){j, p->entry[k].cost, p->entry[k].capacity};
    }
    for (int32_t i = 0; i < p->steps; i++)
        qsort(l.offer[i], (size_t)l.count[i], sizeof *l.offer[i], by_cost);
    return l;
}

/* A greedy group around each of those who can do the step that fewest can. */
static void start_greedily(struct group_search *s, const struct group_level *l)
{
    int32_t rarest = 0;
    greedy(s, l, -1);
    for (int32_t i = 1; i < s->p->steps; i++)
        if (l->count[i] < l->count[rarest])
            rarest = i;
    for (int32_t k = 0; s->p->steps && k < l->count[rarest] && k < STARTS && s->taken_count < s->members_most;
         k++)
        greedy(s, l, l->offer[rarest][k].firm);
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
    list_rivals(&s);
    s.slack = NEW(a, int64_t, p->firms + 1);
    s.best = NEW(a, struct group, o->best + 1);
    for (int32_t i = 0; i < p->steps; i++)
        s.penalty[i] = none / p->volume[i] + 1;
    if (o->may_miss)
        s.beat = INT64_MAX;
    struct group_level l = whole(a, &s);
    if (!s.impossible) {
        start_greedily(&s, &l);
        visit(&s, &l, 0);
    }
    finish(&s, &l, none, out);
    proof_flush(o->proof);
    return o->proof && o->proof->broken ? fault(FAULT_IO, "The proof cannot be written.") : NULL;
}
