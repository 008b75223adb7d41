/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* assemble_check_group.c - a problem of groups and an answer, as the checker reads them: not by the code that
 * reads them for the solver. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "certificate/group_check.h"
#include "commands/assemble_check.h"
#include "i18n/i18n.h"

enum { MOST = 20000, MOST_STEPS = 64 };

struct named {
    const struct json_tree *id;
    int64_t firm;
};

struct papers {
    struct arena *arena;
    const struct json_tree *problem, *steps, *firms;
    struct named *named; /* in the order of their ids */
    struct check_groups g;
    double unit; /* units of cost to 1 */
};

static struct fault *wrong(const char *what)
{
    return fault(FAULT_INVALID, "The answer does not fit the problem: %s.", what);
}

/* --- names ----------------------------------------------------------------------------------------- */

static int compare_names(const struct json_tree *a, const struct json_tree *b)
{
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    return a->kind == TREE_NUMBER ? (a->number > b->number) - (a->number < b->number)
                                  : slice_compare(a->text, b->text);
}

static int by_name(const void *a, const void *b)
{
    return compare_names(((const struct named *)a)->id, ((const struct named *)b)->id);
}

/* The firms by their ids, in order. */
static struct fault *sort_names(struct papers *p)
{
    p->named = NEW(p->arena, struct named, p->firms->count + 1);
    for (size_t j = 0; j < p->firms->count; j++) {
        p->named[j] = (struct named){json_tree_member(&p->firms->items[j], "id"), (int64_t)j};
        if (!p->named[j].id)
            return wrong("id");
    }
    qsort(p->named, p->firms->count, sizeof *p->named, by_name);
    for (size_t j = 1; j < p->firms->count; j++)
        if (compare_names(p->named[j - 1].id, p->named[j].id) == 0)
            return wrong("id");
    return NULL;
}

/* The firm of this id; -1: none. */
static int64_t firm_of(const struct papers *p, const struct json_tree *id)
{
    const struct named wanted = {id, 0};
    const struct named *found = bsearch(&wanted, p->named, p->firms->count, sizeof wanted, by_name);
    return found ? found->firm : -1;
}

static int64_t step_of(const struct papers *p, const char *name)
{
    for (size_t i = 0; i < p->steps->count; i++)
        if (p->steps->items[i].kind == TREE_TEXT && slice_equal(p->steps->items[i].text, slice_of(name)))
            return (int64_t)i;
    return -1;
}

/* --- the problem ----------------------------------------------------------------------------------- */

static int64_t units(const struct papers *p, const struct json_tree *t)
{
    return t && t->kind == TREE_NUMBER ? (int64_t)llround(t->number * p->unit) : 0;
}

/* pieces[step] of a member that maps steps to numbers. */
static struct fault *read_by_step(const struct papers *p, const struct json_tree *map, bool money,
                                  int64_t *into)
{
    for (size_t k = 0; map && k < map->count; k++) {
        int64_t step = step_of(p, map->items[k].name);
        if (step < 0 || map->items[k].kind != TREE_NUMBER || !(map->items[k].number >= 0))
            return wrong(map->items[k].name);
        into[step] = money ? units(p, &map->items[k]) : (int64_t)map->items[k].number;
    }
    return NULL;
}

static struct fault *read_firm(struct papers *p, int64_t j)
{
    const struct json_tree *t = &p->firms->items[j], *x = json_tree_member(t, "x_km"),
                           *y = json_tree_member(t, "y_km");
    struct check_groups *g = &p->g;
    g->adding[j] = units(p, json_tree_member(t, "cost"));
    for (int64_t i = 0; i < g->steps; i++) {
        g->doing[j * g->steps + i] = -1;
        g->room[j * g->steps + i] = g->pieces[i];
    }
    TRY(read_by_step(p, json_tree_member(t, "steps"), true, g->doing + j * g->steps));
    TRY(read_by_step(p, json_tree_member(t, "capacities"), false, g->room + j * g->steps));
    for (int64_t i = 0; i < g->steps; i++) /* nobody does more of a step than there is */
        if (g->room[j * g->steps + i] > g->pieces[i])
            g->room[j * g->steps + i] = g->pieces[i];
    g->east[j] = x ? x->number : NAN; /* not known: nobody is within reach */
    g->north[j] = y ? y->number : NAN;
    return NULL;
}

static struct fault *mark_firms(const struct papers *p, const char *name, bool *marks)
{
    const struct json_tree *list = json_tree_member(p->problem, name);
    for (size_t k = 0; list && k < list->count; k++) {
        int64_t firm = firm_of(p, &list->items[k]);
        if (firm < 0)
            return wrong(name);
        marks[firm] = true;
    }
    return NULL;
}

/* Calls take(p, a, b, entry) for each list of firms a and b, and perhaps something more. */
static struct fault *read_pairs(struct papers *p, const char *name,
                                void (*take)(struct papers *, int64_t, const struct json_tree *))
{
    const struct json_tree *list = json_tree_member(p->problem, name);
    for (size_t k = 0; list && k < list->count; k++) {
        const struct json_tree *t = &list->items[k];
        int64_t a = t->count >= 2 ? firm_of(p, &t->items[0]) : -1,
                b = t->count >= 2 ? firm_of(p, &t->items[1]) : -1;
        if (a < 0 || b < 0)
            return wrong(name);
        take(p, a * p->g.firms + b, t);
        take(p, b * p->g.firms + a, t);
    }
    return NULL;
}

static void take_rivals(struct papers *p, int64_t cell, const struct json_tree *t)
{
    (void)t;
    p->g.rivals[cell] = true;
}

static void take_distance(struct papers *p, int64_t cell, const struct json_tree *t)
{
    p->g.apart[cell] = t->count == 3 ? t->items[2].number : INFINITY;
}

static struct fault *read_rules(struct papers *p)
{
    struct check_groups *g = &p->g;
    const struct json_tree *members = json_tree_member(p->problem, "max_members"),
                           *reach = json_tree_member(p->problem, "max_distance_km");
    g->most_members = members && members->number < MOST_STEPS ? (int64_t)members->number : MOST_STEPS;
    g->reach = reach ? reach->number : INFINITY;
    if (!reach)
        g->east = g->north = NULL;
    TRY(mark_firms(p, "must", g->wanted));
    TRY(mark_firms(p, "exclude", g->barred));
    if (json_tree_member(p->problem, "conflicts")) {
        g->rivals = NEW(p->arena, bool, g->firms * g->firms + 1);
        TRY(read_pairs(p, "conflicts", take_rivals));
    }
    if (!json_tree_member(p->problem, "distances"))
        return NULL;
    g->apart = NEW(p->arena, double, g->firms * g->firms + 1);
    for (int64_t k = 0; k < g->firms * g->firms; k++)
        g->apart[k] = k % (g->firms + 1) ? INFINITY : 0;
    return read_pairs(p, "distances", take_distance);
}

static struct fault *read_problem(struct papers *p)
{
    struct check_groups *g = &p->g;
    TRY(json_tree_want(p->problem, "steps", TREE_LIST, &p->steps));
    TRY(json_tree_want(p->problem, "firms", TREE_LIST, &p->firms));
    g->firms = (int64_t)p->firms->count;
    g->steps = (int64_t)p->steps->count;
    if (g->firms > MOST || g->steps > MOST_STEPS)
        return wrong("firms");
    TRY(sort_names(p));
    g->adding = NEW(p->arena, int64_t, g->firms + 1);
    g->doing = NEW(p->arena, int64_t, g->firms * g->steps + 1);
    g->room = NEW(p->arena, int64_t, g->firms * g->steps + 1);
    g->pieces = NEW(p->arena, int64_t, g->steps + 1);
    g->wanted = NEW(p->arena, bool, g->firms + 1);
    g->barred = NEW(p->arena, bool, g->firms + 1);
    g->east = NEW(p->arena, double, g->firms + 1);
    g->north = NEW(p->arena, double, g->firms + 1);
    for (int64_t i = 0; i < g->steps; i++)
        g->pieces[i] = 1;
    TRY(read_by_step(p, json_tree_member(p->problem, "volumes"), false, g->pieces));
    for (int64_t j = 0; j < g->firms; j++)
        TRY(read_firm(p, j));
    return read_rules(p);
}

/* --- the answer ------------------------------------------------------------------------------------ */

static struct fault *read_amount(const struct papers *p, const struct json_tree *answer, const char *name,
                                 int64_t *out)
{
    const struct json_tree *value;
    TRY(json_tree_want(answer, name, TREE_NUMBER, &value));
    double scaled = value->number * p->unit;
    *out = llround(scaled);
    return fabs(scaled - (double)*out) < 1e-3 ? NULL : wrong(name);
}

/* {step: firm} or {step: {firm: pieces}}. */
static struct fault *read_work(const struct papers *p, const struct json_tree *answer,
                               const struct json_tree *members, int64_t *done)
{
    const struct json_tree *work;
    TRY(json_tree_want(answer, "assignment", TREE_OBJECT, &work));
    for (size_t k = 0; k < work->count; k++) {
        const struct json_tree *t = &work->items[k];
        int64_t step = step_of(p, t->name), known = 0;
        for (size_t m = 0; m < members->count && step >= 0; m++) {
            const struct json_tree *id = &members->items[m];
            const char *name =
                id->kind == TREE_TEXT ? id->text.ptr : arena_print(p->arena, "%lld", (long long)id->integer);
            const struct json_tree *part = t->kind == TREE_OBJECT ? json_tree_member(t, name) : NULL;
            int64_t *cell = &done[(int64_t)m * p->g.steps + step];
            if (part && part->kind == TREE_NUMBER && part->whole)
                *cell = part->integer;
            else if (t->kind != TREE_OBJECT && compare_names(t, id) == 0)
                *cell = p->g.pieces[step];
            known += *cell > 0;
        }
        if (known != (t->kind == TREE_OBJECT ? (int64_t)t->count : 1))
            return wrong(t->name);
    }
    return NULL;
}

static struct fault *read_claim(const struct papers *p, const struct json_tree *answer,
                                struct group_claim *claim)
{
    const struct json_tree *status, *members, *gap;
    TRY(json_tree_expect(answer, TREE_OBJECT));
    TRY(json_tree_want(answer, "status", TREE_TEXT, &status));
    claim->infeasible = slice_equal(status->text, S("infeasible"));
    if (claim->infeasible)
        return NULL;
    bool optimal = slice_equal(status->text, S("optimal"));
    if (!optimal && !slice_equal(status->text, S("feasible")))
        return fault_in("status",
                        fault(FAULT_INVALID, "There is nothing to check in an answer that is \"%.*s\".",
                              SLICE_ARGS(status->text)));
    TRY(read_amount(p, answer, "cost", &claim->cost));
    TRY(read_amount(p, answer, "bound", &claim->bound));
    TRY(json_tree_want(answer, "gap", TREE_NUMBER, &gap));
    if (fabs(gap->number * (double)claim->cost - (double)(claim->cost - claim->bound)) >
        1e-6 * (double)claim->cost)
        return fault_in("gap", fault(FAULT_INVALID, "The gap is not that of cost and bound."));
    if (optimal && claim->cost != claim->bound)
        return fault_in("bound",
                        fault(FAULT_INVALID, "The answer calls itself optimal, but its bound is below its "
                                             "cost."));
    TRY(json_tree_want(answer, "members", TREE_LIST, &members));
    int64_t *firms = NEW(p->arena, int64_t, members->count + 1);
    int64_t *done = NEW(p->arena, int64_t, (int64_t)members->count * p->g.steps + 1);
    for (size_t m = 0; m < members->count; m++)
        if ((firms[m] = firm_of(p, &members->items[m])) < 0)
            return wrong("members");
    claim->members = firms;
    claim->count = (int64_t)members->count;
    claim->done = done;
    return read_work(p, answer, members, done);
}

struct fault *assemble_check_group(struct arena *a, struct slice problem, const struct json_tree *answer,
                                   struct slice proof)
{
    struct papers p = {.arena = a};
    struct group_claim claim = {0};
    struct json_tree *tree;
    int64_t decimals;
    TRY(json_tree_read(a, problem, &tree));
    TRY(group_check_decimals(proof, &decimals));
    p.problem = tree;
    p.unit = pow(10, (double)decimals);
    TRY(read_problem(&p));
    TRY(read_claim(&p, answer, &claim));
    TRY(group_check(&p.g, &claim, proof));
    (void)puts(claim.infeasible            ? tr("True: no group can do everything.")
               : claim.cost == claim.bound ? tr("True: the group does everything, and none does for less.")
                                           : tr("True: the group does everything, and the bound holds."));
    return NULL;
}
