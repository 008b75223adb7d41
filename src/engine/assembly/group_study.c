/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "assembly/group_study.h"

#include <math.h>
#include <string.h>

enum { MOST_TRIED = 200 };

/* The cheapest group of a changed problem; false: there is none, or none was found. */
static struct fault *solve(const struct group_problem *p, const struct group_options *o, bool may_miss,
                           struct group *best, bool *found, bool *whole)
{
    ARENA_SCOPE(work);
    struct group_answer answer;
    struct group_options one = {
        .budget = o->budget, .best = 1, .may_miss = may_miss, .go_on = o->go_on, .with = o->with};
    TRY(group_solve(work, p, &one, &answer));
    *found = answer.count > 0;
    if (*found)
        *best = answer.groups[0];
    *whole &= answer.status == ASSEMBLY_OPTIMAL || answer.status == ASSEMBLY_INFEASIBLE;
    return NULL;
}

static uint8_t *copy_roles(struct arena *a, const struct group_problem *p)
{
    uint8_t *role = NEW(a, uint8_t, p->firms + 1);
    if (p->firms)
        memcpy(role, p->role, (size_t)p->firms);
    return role;
}

/* --- what is missing ------------------------------------------------------------------------------- */

static uint64_t steps_nowhere(const struct group_problem *p)
{
    uint64_t nowhere = 0;
    for (int32_t i = 0; i < p->steps; i++) {
        int64_t supply = 0;
        for (int32_t k = 0; k < p->start[p->firms] && supply < p->volume[i]; k++)
            supply += p->entry[k].step == i ? p->entry[k].capacity : 0;
        if (supply < p->volume[i])
            nowhere |= UINT64_C(1) << i;
    }
    return nowhere;
}

/* Fewest members: halving between what fails and what a group without limit has. */
static struct fault *relax_members(const struct group_problem *p, const struct group_options *o,
                                   struct relaxation *r)
{
    struct group_problem q = *p;
    bool whole = true, found;
    struct group g;
    q.max_members = GROUP_STEPS_MOST;
    TRY(solve(&q, o, false, &r->group, &r->helps, &whole));
    int32_t fails = p->max_members;
    for (r->members = r->group.count; r->helps && r->members - fails > 1;) {
        q.max_members = fails + (r->members - fails) / 2;
        TRY(solve(&q, o, false, &g, &found, &whole));
        if (found) {
            r->group = g;
            r->members = g.count;
        } else {
            fails = q.max_members;
        }
    }
    return NULL;
}

/* Least distance: halving, until nothing closer than the closest group found remains. */
static struct fault *relax_distance(const struct group_problem *p, const struct group_options *o,
                                    struct relaxation *r)
{
    static const double close_enough = 1e-3;
    struct group_problem q = *p;
    bool whole = true, found = true;
    struct group g;
    if (!isfinite(p->max_distance))
        return NULL;
    q.max_distance = INFINITY;
    TRY(solve(&q, o, false, &r->group, &r->helps, &whole));
    double fails = p->max_distance;
    r->distance = group_diameter(p, &r->group);
    for (bool last = false; r->helps && !(last && !found);) {
        last = r->distance - fails < close_enough;
        q.max_distance = last ? nextafter(r->distance, 0) : (fails + r->distance) / 2;
        TRY(solve(&q, o, false, &g, &found, &whole));
        if (found) {
            r->group = g;
            r->distance = group_diameter(p, &g);
        } else {
            fails = q.max_distance;
        }
    }
    return NULL;
}

/* One pair that is enough, or all pairs that a group without any rule has. */
static struct fault *relax_conflicts(struct arena *a, const struct group_problem *p,
                                     const struct group_options *o, struct relaxation *r)
{
    struct group_problem q = *p;
    bool whole = true, found = false;
    struct firm_pair *rest = NEW(a, struct firm_pair, p->conflicts + 1);
    q.conflicts = 0;
    TRY(solve(&q, o, false, &r->group, &r->helps, &whole));
    r->pairs = NEW(a, struct firm_pair, p->conflicts + 1);
    q.conflicts = p->conflicts - 1;
    q.conflict = rest;
    for (int32_t k = 0; r->helps && !found && k < p->conflicts && k < MOST_TRIED; k++) {
        memcpy(rest, p->conflict, (size_t)p->conflicts * sizeof *rest);
        rest[k] = rest[p->conflicts - 1];
        TRY(solve(&q, o, false, &r->group, &found, &whole));
        if (found)
            r->pairs[r->count++] = p->conflict[k];
    }
    for (int32_t k = 0; r->helps && !found && k < p->conflicts; k++) {
        bool in[2] = {false, false};
        for (int32_t m = 0; m < r->group.count; m++)
            for (int end = 0; end < 2; end++)
                in[end] |= r->group.members[m] == p->conflict[k].firm[end];
        if (in[0] && in[1])
            r->pairs[r->count++] = p->conflict[k];
    }
    return NULL;
}

/* Firms of this role made free: one that is enough, the cheapest; else all that a group then has, or lacks.
 */
static struct fault *relax_role(struct arena *a, const struct group_problem *p, const struct group_options *o,
                                enum firm_role role, struct relaxation *r)
{
    struct group_problem q = *p;
    bool whole = true, found;
    struct group g;
    uint8_t *roles = copy_roles(a, p);
    r->firms = NEW(a, int32_t, p->firms + 1);
    q.role = roles;
    for (int32_t j = 0, tried = 0; j < p->firms && tried < MOST_TRIED; j++) {
        if (p->role[j] != role)
            continue;
        tried++;
        roles[j] = FIRM_FREE;
        TRY(solve(&q, o, false, &g, &found, &whole));
        roles[j] = (uint8_t)role;
        if (!found || (r->helps && r->group.cost <= g.cost))
            continue;
        r->helps = true;
        r->group = g;
        r->firms[0] = j;
        r->count = 1;
    }
    for (int32_t j = 0; j < p->firms && !r->helps; j++)
        roles[j] = p->role[j] == role ? FIRM_FREE : p->role[j];
    if (r->helps)
        return NULL;
    TRY(solve(&q, o, false, &r->group, &r->helps, &whole));
    for (int32_t j = 0; j < p->firms && r->helps; j++) {
        bool in = false;
        for (int32_t m = 0; m < r->group.count; m++)
            in |= r->group.members[m] == j;
        if (p->role[j] == role && in == (role == FIRM_EXCLUDED))
            r->firms[r->count++] = j;
    }
    return NULL;
}

struct fault *group_explain_missing(struct arena *a, const struct group_problem *p,
                                    const struct group_options *o, struct group_missing *out)
{
    bool found, whole = true;
    *out = (struct group_missing){.nowhere = steps_nowhere(p)};
    TRY(solve(p, o, true, &out->rest, &found, &whole));
    out->steps = found ? out->rest.missing : 0;
    if (out->nowhere)
        return NULL;
    TRY(relax_members(p, o, &out->by[RELAX_MEMBERS]));
    TRY(relax_distance(p, o, &out->by[RELAX_DISTANCE]));
    TRY(relax_conflicts(a, p, o, &out->by[RELAX_CONFLICT]));
    TRY(relax_role(a, p, o, FIRM_EXCLUDED, &out->by[RELAX_EXCLUDED]));
    return relax_role(a, p, o, FIRM_MUST, &out->by[RELAX_MUST]);
}

/* --- the front ------------------------------------------------------------------------------------- */

static bool at_least_as_good(const struct front_point *a, const struct front_point *b)
{
    return a->group.cost <= b->group.cost && a->group.count <= b->group.count && a->diameter <= b->diameter;
}

static void keep_point(struct front_point *points, int32_t *count, const struct front_point *new)
{
    int32_t kept = 0;
    for (int32_t k = 0; k < *count; k++)
        if (at_least_as_good(&points[k], new))
            return;
    for (int32_t k = 0; k < *count; k++)
        if (!at_least_as_good(new, &points[k]))
            points[kept++] = points[k];
    points[kept++] = *new;
    *count = kept;
}

struct fault *group_front(struct arena *a, const struct group_problem *p, const struct group_options *o,
                          struct front_point **out, int32_t *count, bool *whole)
{
    struct group_problem q = *p;
    struct front_point point, *points = NULL;
    int32_t capacity = 0, most = p->max_members < GROUP_STEPS_MOST ? p->max_members : GROUP_STEPS_MOST;
    *whole = true;
    *count = 0;
    for (q.max_members = 0; q.max_members <= most; q.max_members++) {
        bool found = true;
        q.max_distance = p->max_distance;
        while (found) {
            TRY(solve(&q, o, false, &point.group, &found, whole));
            if (!found)
                break;
            point.diameter = group_diameter(p, &point.group);
            if (*count + 1 >= capacity) {
                int32_t before = capacity;
                capacity = 2 * capacity + 16;
                points = arena_grow(a, points, (size_t)before, (size_t)capacity, sizeof *points,
                                    alignof(max_align_t));
            }
            keep_point(points, count, &point);
            if (point.diameter <= 0)
                break;
            q.max_distance = nextafter(point.diameter, 0);
        }
        TRY(arena_check(a));
    }
    *out = points;
    return NULL;
}

/* --- losses ---------------------------------------------------------------------------------------- */

static struct fault *lose(const struct group_problem *p, const struct group_options *o, struct group_loss *l)
{
    ARENA_SCOPE(work);
    struct group_problem q = *p;
    uint8_t *role = copy_roles(work, p);
    bool whole = true, found;
    struct group rest;
    for (int k = 0; k < 2; k++)
        if (l->lost[k] >= 0)
            role[l->lost[k]] = FIRM_EXCLUDED;
    q.role = role;
    TRY(solve(&q, o, false, &l->instead, &found, &whole));
    l->breaks = !found;
    if (found)
        return NULL;
    TRY(solve(&q, o, true, &rest, &found, &whole));
    l->missing = found ? rest.missing : 0;
    return NULL;
}

struct fault *group_losses(struct arena *a, const struct group_problem *p, const struct group_options *o,
                           const struct group *best, struct group_loss **out, int32_t *count)
{
    struct group_loss *list = NEW(a, struct group_loss, best->count * (GROUP_STEPS_MOST + 1) + 1);
    int32_t n = 0;
    for (int32_t m = 0; m < best->count; m++) {
        list[n] = (struct group_loss){.lost = {best->members[m], -1}};
        TRY(lose(p, o, &list[n++]));
    }
    for (int32_t m = 0; m < best->count;
         m++) /* the second is in what stands in for the first: else nothing new */
        for (int32_t k = 0; k < list[m].instead.count && !list[m].breaks; k++) {
            struct group_loss both = {.lost = {best->members[m], list[m].instead.members[k]}};
            int64_t alone = list[m].instead.cost;
            bool known = false, broken = false;
            for (int32_t other = 0; other < best->count; other++)
                if (best->members[other] == both.lost[1]) {
                    known |= other < m; /* the pair was looked at from its other end */
                    broken |= list[other].breaks;
                    if (list[other].instead.cost > alone)
                        alone = list[other].instead.cost;
                }
            if (known || broken)
                continue;
            TRY(lose(p, o, &both));
            if (both.breaks || both.instead.cost > alone)
                list[n++] = both;
        }
    *out = list;
    *count = n;
    return NULL;
}
