/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "commands/assemble_problem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "words/words.h"
#include "json/json_tree.h"

enum { MOST_DECIMALS = 9 };
#define MOST_VOLUME 1e9

struct reading {
    struct arena *arena;
    const struct json_tree *root, *steps, *firms, *volumes;
    struct vocabulary *firm_ids, *step_ids;
    struct assemble_problem *out;
    uint8_t *role;
    double *distance;
};

static struct fault *at(struct reading *r, const struct json_tree *t, struct fault *raised)
{
    return fault_in(json_tree_path(r->arena, t), raised);
}

/* A number from 0 to `most`. */
static struct fault *amount(struct reading *r, const struct json_tree *t, double most, double *out)
{
    TRY(json_tree_expect(t, TREE_NUMBER));
    *out = t->number;
    if (t->number >= 0 && t->number <= most)
        return NULL;
    return at(r, t, fault(FAULT_INVALID, "%s is not between 0 and %.0f.", json_tree_path(r->arena, t), most));
}

/* The name of a firm or a step: a text that is not empty; a whole number will do for a firm. */
static struct fault *name_of(struct reading *r, const struct json_tree *t, const char **out)
{
    if (t->kind == TREE_NUMBER && t->whole) {
        *out = arena_print(r->arena, "%lld", (long long)t->integer);
        return NULL;
    }
    TRY(json_tree_expect(t, TREE_TEXT));
    *out = t->text.ptr;
    return t->text.len ? NULL : at(r, t, fault(FAULT_INVALID, "%s is empty.", json_tree_path(r->arena, t)));
}

static struct fault *add_name(struct reading *r, struct vocabulary *ids, const struct json_tree *t,
                              const char **name)
{
    TRY(name_of(r, t, name));
    if (vocabulary_find(ids, slice_of(*name)) != VOCABULARY_NONE)
        return at(r, t,
                  fault(FAULT_INVALID, "%s: \"%s\" is there twice.", json_tree_path(r->arena, t), *name));
    (void)vocabulary_add(ids, slice_of(*name));
    return NULL;
}

static struct fault *find_name(struct reading *r, struct vocabulary *ids, const struct json_tree *t,
                               int32_t *out)
{
    const char *name;
    TRY(name_of(r, t, &name));
    uint32_t found = vocabulary_find(ids, slice_of(name));
    if (found == VOCABULARY_NONE)
        return at(r, t, fault(FAULT_INVALID, "%s: \"%s\" is not known.", json_tree_path(r->arena, t), name));
    *out = (int32_t)found;
    return NULL;
}

/* The step a member of an object is named after. */
static struct fault *step_of(struct reading *r, const struct json_tree *t, int32_t *out)
{
    uint32_t found = vocabulary_find(r->step_ids, slice_of(t->name));
    *out = (int32_t)found;
    if (found != VOCABULARY_NONE)
        return NULL;
    return at(r, t,
              fault(FAULT_INVALID, "%s: there is no step \"%s\".", json_tree_path(r->arena, t), t->name));
}

/* --- costs in whole units -------------------------------------------------------------------------- */

/* Decimals that a number needs, at most nine. */
static int32_t decimals_of(double value)
{
    double scale = 1;
    for (int32_t d = 0; d < MOST_DECIMALS; d++, scale *= 10)
        if (round(value * scale) / scale == value)
            return d;
    return MOST_DECIMALS;
}

static struct fault *scan_cost(struct reading *r, const struct json_tree *t, double *total)
{
    double cost;
    TRY(amount(r, t, 1e12, &cost));
    int32_t d = decimals_of(cost);
    r->out->decimals = d > r->out->decimals ? d : r->out->decimals;
    *total += cost;
    return NULL;
}

/* The unit of cost: fine enough for every cost as it is written, as long as their sum can be counted in it.
 */
static struct fault *choose_unit(struct reading *r)
{
    double total = 1, pieces = 1;
    for (size_t i = 0; r->volumes && i < r->volumes->count; i++)
        pieces = fmax(pieces, r->volumes->items[i].number);
    for (size_t j = 0; j < r->firms->count; j++) {
        const struct json_tree *cost, *steps;
        double of_steps = 0;
        TRY(json_tree_expect(&r->firms->items[j], TREE_OBJECT));
        TRY(json_tree_want(&r->firms->items[j], "cost", TREE_NUMBER, &cost));
        TRY(json_tree_want(&r->firms->items[j], "steps", TREE_OBJECT, &steps));
        TRY(scan_cost(r, cost, &total));
        for (size_t k = 0; k < steps->count; k++)
            TRY(scan_cost(r, &steps->items[k], &of_steps));
        total += of_steps * pieces;
    }
    while (r->out->decimals > 0 && total * pow(10, r->out->decimals) > (double)GROUP_COST_MOST)
        r->out->decimals--;
    return NULL;
}

static int64_t in_units(const struct reading *r, double cost)
{
    return llround(cost * pow(10, r->out->decimals));
}

/* --- steps and firms ------------------------------------------------------------------------------- */

static struct fault *read_steps(struct reading *r)
{
    struct group_problem *p = &r->out->p;
    if (r->steps->count > GROUP_STEPS_MOST)
        return at(r, r->steps,
                  fault(FAULT_LIMIT, "At most %d firms and %d steps.", GROUP_FIRMS_MOST, GROUP_STEPS_MOST));
    p->steps = (int32_t)r->steps->count;
    r->step_ids = vocabulary_new(r->arena);
    r->out->step = NEW(r->arena, const char *, p->steps + 1);
    int64_t *volume = NEW(r->arena, int64_t, p->steps + 1);
    for (int32_t i = 0; i < p->steps; i++) {
        TRY(json_tree_expect(&r->steps->items[i], TREE_TEXT));
        TRY(add_name(r, r->step_ids, &r->steps->items[i], &r->out->step[i]));
        volume[i] = 1;
    }
    p->volume = volume;
    r->volumes = json_tree_member(r->root, "volumes");
    if (!r->volumes)
        return NULL;
    r->out->volumes = true;
    TRY(json_tree_expect(r->volumes, TREE_OBJECT));
    for (size_t k = 0; k < r->volumes->count; k++) {
        const struct json_tree *t = &r->volumes->items[k];
        int32_t step;
        double pieces;
        TRY(step_of(r, t, &step));
        TRY(amount(r, t, MOST_VOLUME, &pieces));
        if (!t->whole || pieces < 1)
            return at(
                r, t,
                fault(FAULT_INVALID, "%s is not a whole number from 1 on.", json_tree_path(r->arena, t)));
        volume[step] = (int64_t)pieces;
    }
    return NULL;
}

static int by_step(const void *a, const void *b)
{
    return ((const struct group_entry *)a)->step - ((const struct group_entry *)b)->step;
}

/* Without a capacity, a firm can do the whole step. */
static struct fault *read_capacities(struct reading *r, const struct json_tree *firm, struct group_entry *e,
                                     int32_t count)
{
    const struct json_tree *list = json_tree_member(firm, "capacities");
    for (int32_t k = 0; k < count; k++)
        e[k].capacity = r->out->p.volume[e[k].step];
    if (!list)
        return NULL;
    TRY(json_tree_expect(list, TREE_OBJECT));
    for (size_t c = 0; c < list->count; c++) {
        int32_t step;
        double pieces;
        TRY(step_of(r, &list->items[c], &step));
        TRY(amount(r, &list->items[c], MOST_VOLUME, &pieces));
        for (int32_t k = 0; k < count; k++)
            if (e[k].step == step)
                e[k].capacity = pieces < (double)e[k].capacity ? (int64_t)pieces : e[k].capacity;
    }
    return NULL;
}

static struct fault *read_firm(struct reading *r, const struct json_tree *t, int32_t j, struct group_entry *e,
                               int32_t *count, int64_t *cost)
{
    static const char *const known[] = {"id", "name", "cost", "x_km", "y_km", "steps", "capacities", NULL};
    const struct json_tree *id = json_tree_member(t, "id"), *value, *steps;
    TRY(json_tree_only(t, known));
    if (!id)
        return at(r, t, fault(FAULT_INVALID, "%s.id is missing.", json_tree_path(r->arena, t)));
    TRY(add_name(r, r->firm_ids, id, &r->out->firm[j]));
    r->out->numbered[j] = id->kind == TREE_NUMBER;
    TRY(json_tree_want(t, "cost", TREE_NUMBER, &value));
    TRY(json_tree_want(t, "steps", TREE_OBJECT, &steps));
    *cost = in_units(r, value->number);
    for (size_t k = 0; k < steps->count; k++) {
        TRY(step_of(r, &steps->items[k], &e[k].step));
        e[k].cost = in_units(r, steps->items[k].number);
    }
    *count = (int32_t)steps->count;
    qsort(e, steps->count, sizeof *e, by_step);
    return read_capacities(r, t, e, *count);
}

static struct fault *read_firms(struct reading *r)
{
    struct group_problem *p = &r->out->p;
    size_t entries = 0;
    if (r->firms->count > GROUP_FIRMS_MOST)
        return at(r, r->firms,
                  fault(FAULT_LIMIT, "At most %d firms and %d steps.", GROUP_FIRMS_MOST, GROUP_STEPS_MOST));
    TRY(choose_unit(r));
    p->firms = (int32_t)r->firms->count;
    for (int32_t j = 0; j < p->firms; j++)
        entries += json_tree_member(&r->firms->items[j], "steps")->count;
    struct group_entry *entry = NEW(r->arena, struct group_entry, entries + 1);
    int64_t *cost = NEW(r->arena, int64_t, p->firms + 1);
    int32_t *start = NEW(r->arena, int32_t, p->firms + 1), count = 0;
    r->firm_ids = vocabulary_new(r->arena);
    r->out->firm = NEW(r->arena, const char *, p->firms + 1);
    r->out->numbered = NEW(r->arena, bool, p->firms + 1);
    r->role = NEW(r->arena, uint8_t, p->firms + 1);
    for (int32_t j = 0; j < p->firms; j++) {
        TRY(read_firm(r, &r->firms->items[j], j, entry + start[j], &count, &cost[j]));
        start[j + 1] = start[j] + count;
    }
    p->cost = cost;
    p->entry = entry;
    p->start = start;
    p->role = r->role;
    return NULL;
}

/* --- places ---------------------------------------------------------------------------------------- */

static struct fault *read_distances(struct reading *r, const struct json_tree *list)
{
    struct group_problem *p = &r->out->p;
    size_t n = (size_t)p->firms;
    TRY(json_tree_expect(list, TREE_LIST));
    double *km = NEW(r->arena, double, n *n + 1);
    for (size_t k = 0; k < n * n; k++)
        km[k] = k % (n + 1) ? -1 : 0;
    for (size_t k = 0; k < list->count; k++) {
        const struct json_tree *t = &list->items[k];
        int32_t a, b;
        double far;
        TRY(json_tree_expect(t, TREE_LIST));
        if (t->count != 3)
            return at(
                r, t,
                fault(FAULT_INVALID, "%s is not two firms and their distance.", json_tree_path(r->arena, t)));
        TRY(find_name(r, r->firm_ids, &t->items[0], &a));
        TRY(find_name(r, r->firm_ids, &t->items[1], &b));
        TRY(amount(r, &t->items[2], 1e9, &far));
        km[(size_t)a * n + (size_t)b] = km[(size_t)b * n + (size_t)a] = a == b ? 0 : far;
    }
    for (size_t k = 0; k < n * n; k++)
        if (km[k] < 0)
            return at(r, list,
                      fault(FAULT_INVALID, "distances: the distance between \"%s\" and \"%s\" is missing.",
                            r->out->firm[k / n], r->out->firm[k % n]));
    p->distance = km;
    return NULL;
}

/* Where the firms are, where anybody has to know: distances, or both coordinates of each. */
static struct fault *read_places(struct reading *r)
{
    static const char *const names[] = {"x_km", "y_km"};
    struct group_problem *p = &r->out->p;
    const struct json_tree *list = json_tree_member(r->root, "distances");
    bool all = true;
    if (list)
        return read_distances(r, list);
    double *km[] = {NEW(r->arena, double, p->firms + 1), NEW(r->arena, double, p->firms + 1)};
    for (int32_t j = 0; j < p->firms; j++)
        for (size_t c = 0; c < COUNT(names); c++) {
            const struct json_tree *value = json_tree_member(&r->firms->items[j], names[c]);
            if (!value && isfinite(p->max_distance))
                TRY(json_tree_want(&r->firms->items[j], names[c], TREE_NUMBER, &value));
            all &= value != NULL;
            if (value)
                TRY(json_tree_expect(value, TREE_NUMBER));
            km[c][j] = value ? value->number : 0;
        }
    p->x = all ? km[0] : NULL;
    p->y = all ? km[1] : NULL;
    return NULL;
}

/* --- the rest -------------------------------------------------------------------------------------- */

static struct fault *read_roles(struct reading *r, const char *name, enum firm_role role)
{
    const struct json_tree *list = json_tree_member(r->root, name);
    if (list)
        TRY(json_tree_expect(list, TREE_LIST));
    for (size_t k = 0; list && k < list->count; k++) {
        int32_t firm;
        TRY(find_name(r, r->firm_ids, &list->items[k], &firm));
        if (r->role[firm] != FIRM_FREE && r->role[firm] != role)
            return at(r, &list->items[k],
                      fault(FAULT_INVALID, "Firm \"%s\" must be in, and is excluded.", r->out->firm[firm]));
        r->role[firm] = (uint8_t)role;
    }
    return NULL;
}

static struct fault *read_conflicts(struct reading *r)
{
    const struct json_tree *list = json_tree_member(r->root, "conflicts");
    if (!list)
        return NULL;
    TRY(json_tree_expect(list, TREE_LIST));
    struct firm_pair *pairs = NEW(r->arena, struct firm_pair, list->count + 1);
    for (size_t k = 0; k < list->count; k++) {
        const struct json_tree *t = &list->items[k];
        TRY(json_tree_expect(t, TREE_LIST));
        if (t->count != 2)
            return at(r, t, fault(FAULT_INVALID, "%s is not two firms.", json_tree_path(r->arena, t)));
        for (int end = 0; end < 2; end++)
            TRY(find_name(r, r->firm_ids, &t->items[end], &pairs[k].firm[end]));
        if (pairs[k].firm[0] == pairs[k].firm[1])
            return at(r, t, fault(FAULT_INVALID, "%s is not two firms.", json_tree_path(r->arena, t)));
    }
    r->out->p.conflict = pairs;
    r->out->p.conflicts = (int32_t)list->count;
    return NULL;
}

static struct fault *read_limits(struct reading *r)
{
    const struct json_tree *members = json_tree_member(r->root, "max_members"),
                           *distance = json_tree_member(r->root, "max_distance_km"),
                           *seconds = json_tree_member(r->root, "time_limit_s");
    double most = GROUP_STEPS_MOST;
    r->out->p.max_distance = INFINITY;
    r->out->seconds = -1;
    if (members)
        TRY(amount(r, members, 1e9, &most));
    if (members && !members->whole)
        return at(r, members, fault(FAULT_INVALID, "%s is not a whole number.", "max_members"));
    r->out->p.max_members = (int32_t)fmin(most, GROUP_STEPS_MOST);
    if (distance)
        TRY(amount(r, distance, 1e9, &r->out->p.max_distance));
    return seconds ? amount(r, seconds, 1e6, &r->out->seconds) : NULL;
}

/* Two that must both be in and cannot be together, by their names. */
static struct fault *check_musts(const struct reading *r)
{
    const struct group_problem *p = &r->out->p;
    for (int32_t a = 0; a < p->firms; a++)
        for (int32_t b = 0; b < a && p->role[a] == FIRM_MUST; b++)
            if (p->role[b] == FIRM_MUST && group_conflict(p, a, b))
                return fault_in("must", fault(FAULT_INVALID,
                                              "\"%s\" and \"%s\" must both be in, but cannot be "
                                              "together.",
                                              r->out->firm[b], r->out->firm[a]));
    return NULL;
}

struct fault *assemble_problem_read(struct arena *a, struct slice text, struct assemble_problem *out)
{
    static const char *const known[] = {"steps",     "firms",   "max_members", "max_distance_km",
                                        "conflicts", "must",    "exclude",     "time_limit_s",
                                        "distances", "volumes", NULL};
    struct reading r = {.arena = a, .out = out};
    struct json_tree *root;
    *out = (struct assemble_problem){0};
    TRY(json_tree_read(a, text, &root));
    r.root = root;
    TRY(json_tree_expect(root, TREE_OBJECT));
    TRY(json_tree_only(root, known));
    TRY(json_tree_want(root, "steps", TREE_LIST, &r.steps));
    TRY(json_tree_want(root, "firms", TREE_LIST, &r.firms));
    TRY(read_steps(&r));
    TRY(read_firms(&r));
    TRY(read_limits(&r));
    TRY(read_places(&r));
    TRY(read_conflicts(&r));
    TRY(read_roles(&r, "must", FIRM_MUST));
    TRY(read_roles(&r, "exclude", FIRM_EXCLUDED));
    TRY(check_musts(&r));
    return group_check_problem(&out->p);
}
