/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "certificate/group_check.h"

#include <math.h>
#include <string.h>

__extension__ typedef __int128 wide;

enum { DEEPEST = 20100 };
struct checking {
    const struct check_groups *g;
    struct slice rest;
    bool ended;
    wide claimed;
    int64_t *taken, taken_count;
};

static int64_t take_number(struct checking *c)
{
    uint64_t value = 0;
    for (int shift = 0; shift < 63 && c->rest.len; shift += 7) {
        uint8_t byte = (uint8_t)c->rest.ptr[0];
        c->rest = slice_from(c->rest, 1);
        value |= (uint64_t)(byte & 127) << shift;
        if (byte < 128)
            return (int64_t)value;
    }
    c->ended = true;
    return 0;
}

static struct fault *take_head(struct checking *c, int64_t *bound, int64_t *decimals)
{
    const struct slice head = S("grappe group proof 1\n");
    if (!slice_starts(c->rest, head))
        return fault(FAULT_INVALID, "This is no proof of a group.");
    c->rest = slice_from(c->rest, head.len);
    *bound = take_number(c);
    *decimals = take_number(c);
    return c->ended || *decimals > 9 ? fault(FAULT_INVALID, "The proof ends too early.") : NULL;
}

struct fault *group_check_decimals(struct slice proof, int64_t *decimals)
{
    int64_t bound;
    return take_head(&(struct checking){.rest = proof}, &bound, decimals);
}

static double km_between(const struct check_groups *g, int64_t a, int64_t b)
{
    if (g->apart)
        return g->apart[a * g->firms + b];
    if (!g->east)
        return 0;
    double east = g->east[a] - g->east[b], north = g->north[a] - g->north[b];
    return sqrt(east * east + north * north);
}

static bool together(const struct check_groups *g, int64_t a, int64_t b)
{
    return !(g->rivals && g->rivals[a * g->firms + b]) && km_between(g, a, b) <= g->reach;
}

/* --- the tree -------------------------------------------------------------------------------------- */

/* What the prices leave of a firm's cost: below 0, they pay it more than it costs. */
static wide left_of(const struct check_groups *g, int64_t firm, const int64_t *price)
{
    wide left = g->adding[firm];
    for (int64_t i = 0; i < g->steps; i++) {
        int64_t at = firm * g->steps + i;
        if (g->doing[at] >= 0 && g->doing[at] < price[i])
            left -= (wide)g->room[at] * (price[i] - g->doing[at]);
    }
    return left;
}

/* Whether those taken and open cannot do everything, by counting alone. */
static bool is_hopeless(const struct checking *c, const bool *open)
{
    const struct check_groups *g = c->g;
    int64_t undone = 0, most = 0;
    ARENA_SCOPE(work);
    wide *lacking = NEW(work, wide, g->steps + 1), *supply = NEW(work, wide, g->steps + 1);
    for (int64_t i = 0; i < g->steps; i++) {
        lacking[i] = g->pieces[i];
        for (int64_t m = 0; m < c->taken_count; m++)
            lacking[i] -= g->doing[c->taken[m] * g->steps + i] < 0 ? 0 : g->room[c->taken[m] * g->steps + i];
        undone += lacking[i] > 0;
    }
    for (int64_t j = 0; j < g->firms; j++) {
        int64_t useful = 0;
        for (int64_t i = 0; i < g->steps && open[j]; i++)
            if (g->doing[j * g->steps + i] >= 0 && g->room[j * g->steps + i] > 0 && lacking[i] > 0) {
                supply[i] += g->room[j * g->steps + i];
                useful++;
            }
        most = useful > most ? useful : most;
    }
    for (int64_t i = 0; i < g->steps; i++)
        if (lacking[i] > supply[i])
            return true;
    return undone > most * (g->most_members - c->taken_count);
}

/* Of those who are paid more than they cost, the most paid, and no more than may be added. */
struct paid {
    wide *most;
    int64_t count, room;
};

static void add_paid(struct paid *p, wide left)
{
    if (p->count == p->room && (!p->room || p->most[p->count - 1] <= left))
        return;
    int64_t at = p->count < p->room ? p->count++ : p->count - 1;
    for (; at > 0 && p->most[at - 1] > left; at--)
        p->most[at] = p->most[at - 1];
    p->most[at] = left;
}

/* Reads the prices: true when nothing below costs less than claimed; else closes who is too dear. */
static bool bound_closes(struct checking *c, bool *open)
{
    const struct check_groups *g = c->g;
    ARENA_SCOPE(work);
    int64_t *price = NEW(work, int64_t, g->steps + 1);
    wide *left = NEW(work, wide, g->firms + 1), bound = 0;
    struct paid paid = {NEW(work, wide, g->firms + 1), 0, g->most_members - c->taken_count};
    for (int64_t i = 0; i < g->steps; i++)
        bound += (wide)g->pieces[i] * (price[i] = take_number(c));
    for (int64_t m = 0; m < c->taken_count; m++)
        bound += left_of(g, c->taken[m], price);
    for (int64_t j = 0; j < g->firms; j++)
        if (open[j] && (left[j] = left_of(g, j, price)) < 0)
            add_paid(&paid, left[j]);
    for (int64_t k = 0; k < paid.count; k++)
        bound += paid.most[k];
    for (int64_t j = 0; j < g->firms; j++)
        if (open[j] && left[j] > 0 && bound + left[j] >= c->claimed)
            open[j] = false;
    return bound >= c->claimed;
}

static bool any(const struct check_groups *g, const bool *firms)
{
    return memchr(firms, true, (size_t)g->firms);
}

static struct fault *check_node(struct checking *c, const bool *from, int depth)
{
    const struct check_groups *g = c->g;
    ARENA_SCOPE(work);
    bool *open = NEW(work, bool, g->firms + 1), *below = NEW(work, bool, g->firms + 1);
    if (c->taken_count < g->most_members)
        memcpy(open, from, (size_t)g->firms * sizeof *open);
    if (is_hopeless(c, open))
        return NULL;
    bool closed = bound_closes(c, open);
    if (c->ended)
        return fault(FAULT_INVALID, "The proof ends too early.");
    if (closed)
        return NULL;
    int64_t firm = take_number(c) - 1;
    if (firm < 0 && !any(g, open) && any(g, from)) /* all who were left are too dear: the taken alone */
        return check_node(c, below, depth + 1);
    if (firm < 0)
        return fault(FAULT_INVALID, "The proof stops where a cheaper group is possible.");
    if (c->ended || firm >= g->firms || !open[firm] || depth > DEEPEST)
        return fault(FAULT_INVALID, "The proof branches on a firm that is settled.");
    open[firm] = false;
    for (int64_t k = 0; k < g->firms; k++)
        below[k] = open[k] && together(g, firm, k);
    c->taken[c->taken_count++] = firm;
    TRY(check_node(c, below, depth + 1));
    c->taken_count--;
    return check_node(c, open, depth + 1);
}

/* --- the claim ------------------------------------------------------------------------------------- */

static struct fault *check_members(const struct check_groups *g, const struct group_claim *claim)
{
    if (claim->count > g->most_members)
        return fault(FAULT_INVALID, "The group has more members than it may.");
    for (int64_t m = 0; m < claim->count; m++) {
        if (g->barred[claim->members[m]])
            return fault(FAULT_INVALID, "Member %lld is excluded.", (long long)m + 1);
        for (int64_t k = 0; k < m; k++)
            if (claim->members[k] == claim->members[m] || !together(g, claim->members[k], claim->members[m]))
                return fault(FAULT_INVALID, "Members %lld and %lld cannot be together.", (long long)k + 1,
                             (long long)m + 1);
    }
    for (int64_t j = 0; j < g->firms; j++) {
        bool in = !g->wanted[j];
        for (int64_t m = 0; m < claim->count; m++)
            in |= claim->members[m] == j;
        if (!in)
            return fault(FAULT_INVALID, "Firm %lld must be in, and is not.", (long long)j + 1);
    }
    return NULL;
}

static struct fault *check_work(const struct check_groups *g, const struct group_claim *claim)
{
    wide cost = 0;
    for (int64_t m = 0; m < claim->count; m++)
        cost += g->adding[claim->members[m]];
    for (int64_t i = 0; i < g->steps; i++) {
        wide done = 0;
        for (int64_t m = 0; m < claim->count; m++) {
            int64_t some = claim->done[m * g->steps + i], at = claim->members[m] * g->steps + i;
            if (some < 0 || (some > 0 && (g->doing[at] < 0 || some > g->room[at])))
                return fault(FAULT_INVALID, "Member %lld cannot do its part of step %lld.", (long long)m + 1,
                             (long long)i + 1);
            done += some;
            cost += some > 0 ? (wide)some * g->doing[at] : 0;
        }
        if (done != g->pieces[i])
            return fault(FAULT_INVALID, "The group leaves step %lld undone.", (long long)i + 1);
    }
    return cost == claim->cost ? NULL : fault(FAULT_INVALID, "The group does not cost what the answer says.");
}

/* More than any group costs. */
static wide above_all(const struct check_groups *g)
{
    wide sum = 1;
    for (int64_t j = 0; j < g->firms; j++)
        sum += g->adding[j];
    for (int64_t i = 0; i < g->steps; i++) {
        int64_t dearest = 0;
        for (int64_t j = 0; j < g->firms; j++)
            dearest = g->doing[j * g->steps + i] > dearest ? g->doing[j * g->steps + i] : dearest;
        sum += (wide)dearest * g->pieces[i];
    }
    return sum;
}

static struct fault *check_proof(const struct check_groups *g, const struct group_claim *claim,
                                 struct slice proof)
{
    ARENA_SCOPE(work);
    struct checking c = {.g = g, .rest = proof, .taken = NEW(work, int64_t, g->firms + 1)};
    int64_t bound, decimals;
    TRY(take_head(&c, &bound, &decimals));
    c.claimed = bound;
    if (claim->infeasible ? c.claimed < above_all(g) : bound != claim->bound)
        return fault(FAULT_INVALID, "The proof is of another bound.");
    bool *open = NEW(work, bool, g->firms + 1);
    for (int64_t j = 0; j < g->firms; j++) {
        open[j] = !g->barred[j] && !g->wanted[j];
        for (int64_t k = 0; k < g->firms && open[j]; k++)
            open[j] = !g->wanted[k] || together(g, j, k);
        if (g->wanted[j])
            c.taken[c.taken_count++] = j;
    }
    TRY(check_node(&c, open, 0));
    return c.rest.len ? fault(FAULT_INVALID, "The proof has ended, but the file goes on.") : NULL;
}

struct fault *group_check(const struct check_groups *g, const struct group_claim *claim, struct slice proof)
{
    if (!claim->infeasible) {
        TRY(check_members(g, claim));
        TRY(check_work(g, claim));
        if (claim->bound < 0 || claim->bound > claim->cost)
            return fault(FAULT_INVALID, "The bound is not between 0 and the cost.");
    }
    return check_proof(g, claim, proof);
}
