/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "synergy/complements.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"

/* The things of each member, and the members of each thing: rows `first[i] .. first[i + 1]` of `of`. */
struct rows {
    size_t *first;
    int *of;
};

struct complements {
    int members;
    struct rows things[COMPLEMENTS][SIDES], members_of[COMPLEMENTS][SIDES];
};

static int by_all(const void *x, const void *y)
{
    const struct holding *a = x, *b = y;
    const int of_a[] = {(int)a->what, (int)a->side, a->member, a->thing},
              of_b[] = {(int)b->what, (int)b->side, b->member, b->thing};
    int k = 0;
    while (k < 3 && of_a[k] == of_b[k])
        k++;
    return (of_a[k] > of_b[k]) - (of_a[k] < of_b[k]);
}

/* Counts become places; `next` is where the next one of each row goes. */
static size_t *add_up(struct arena *work, struct rows *r, int rows)
{
    size_t *next = NEW(work, size_t, rows + 1);
    for (int i = 0; i < rows; i++) {
        r->first[i + 1] += r->first[i];
        next[i] = r->first[i];
    }
    return next;
}

/* Holdings of one kind and side, in order of member and thing. */
static void fill(struct arena *a, struct complements *c, int things, const struct holding *of, size_t count)
{
    if (!count)
        return;
    struct arena *work = arena_new(LIMIT_COMMAND_MEMORY);
    struct rows *thing = &c->things[of->what][of->side], *member = &c->members_of[of->what][of->side];
    *thing = (struct rows){NEW(a, size_t, c->members + 1), NEW(a, int, count)};
    *member = (struct rows){NEW(a, size_t, things + 1), NEW(a, int, count)};
    for (size_t i = 0; i < count; i++) {
        thing->first[of[i].member + 1]++;
        member->first[of[i].thing + 1]++;
    }
    size_t *next_thing = add_up(work, thing, c->members), *next_member = add_up(work, member, things);
    for (size_t i = 0; i < count; i++) {
        thing->of[next_thing[of[i].member]++] = of[i].thing;
        member->of[next_member[of[i].thing]++] = of[i].member;
    }
    arena_free(work);
}

struct fault *complements_new(struct arena *a, int members, int things, const struct holding *given,
                              size_t count, const struct complements **out)
{
    struct complements *c = NEW(a, struct complements, 1);
    struct holding *sorted = NEW(a, struct holding, count + 1);
    size_t kept = 0;
    *c = (struct complements){.members = members};
    *out = c;
    for (size_t i = 0; i < count; i++) {
        if (given[i].member < 0 || given[i].member >= members || given[i].thing < 0 ||
            given[i].thing >= things)
            return fault(FAULT_INVALID, "Holding %zu is of a member or a thing that does not exist.", i + 1);
        sorted[i] = given[i];
    }
    if (count)
        qsort(sorted, count, sizeof *sorted, by_all);
    for (size_t i = 0; i < count; i++)
        if (!kept || by_all(&sorted[kept - 1], &sorted[i]) != 0)
            sorted[kept++] = sorted[i];
    for (size_t i = 0, end; i < kept; i = end) {
        for (end = i; end < kept && sorted[end].what == sorted[i].what && sorted[end].side == sorted[i].side;)
            end++;
        fill(a, c, things, sorted + i, end - i);
    }
    return arena_check(a);
}

static size_t length(const struct rows *r, int row)
{
    return r->first ? r->first[row + 1] - r->first[row] : 0;
}

bool complements_score(const struct complements *c, enum complement what, int member, double *scores)
{
    const struct rows *things = c->things[what], *members = c->members_of[what];
    if (!length(&things[SIDE_HAS], member) && !length(&things[SIDE_ASKS], member))
        return false;
    memset(scores, 0, (size_t)c->members * sizeof *scores);
    for (int side = 0; side < SIDES; side++)
        for (size_t i = 0; i < length(&things[side], member); i++) {
            int t = things[side].of[things[side].first[member] + i];
            const struct rows *others = &members[!side];
            double part = 1 / sqrt((double)length(&members[side], t) * (double)length(others, t));
            for (size_t k = 0; k < length(others, t); k++)
                scores[others->of[others->first[t] + k]] += part;
        }
    scores[member] = 0;
    return true;
}

int complements_between(const struct complements *c, enum complement what, enum side side, int member, int x,
                        int *things, int most)
{
    const struct rows *mine = &c->things[what][!side], *theirs = &c->things[what][side];
    int count = 0;
    for (size_t i = 0, k = 0; i < length(mine, member) && k < length(theirs, x) && count < most;) {
        int a = mine->of[mine->first[member] + i], b = theirs->of[theirs->first[x] + k];
        if (a == b)
            things[count++] = a;
        i += a <= b;
        k += b <= a;
    }
    return count;
}
