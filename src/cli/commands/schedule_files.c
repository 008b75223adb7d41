/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "commands/schedule_files.h"

#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "i18n/i18n.h"
#include "rows_in.h"
#include "words/words.h"

/* --- requests ---------------------------------------------------------------------------------------- */

enum { A, B, PRIORITY_A, PRIORITY_B };

struct line {
    uint32_t person[2];
    int priority[2];
    size_t at; /* where it stands; of two with the same persons, the first stays */
};

static struct fault *read_line(const struct rows_in *r, struct schedule_file *f, struct line *l)
{
    TRY(rows_in_name(r, A, f->persons, &l->person[0]));
    TRY(rows_in_name(r, B, f->persons, &l->person[1]));
    l->priority[0] = !rows_in_has(r, PRIORITY_A) && !rows_in_has(r, PRIORITY_B);
    for (int side = 0; side < 2; side++) {
        int64_t priority = l->priority[side];
        if (rows_in_has(r, PRIORITY_A + side))
            TRY(rows_in_integer(r, PRIORITY_A + side, 0, 9, &priority));
        l->priority[side] = (int)priority;
    }
    if (l->person[0] == l->person[1])
        return rows_in_refused(r, B, tr("is the same person"));
    if (!l->priority[0] && !l->priority[1])
        return rows_in_refused(r, B, tr("is asked for by nobody: both priorities are 0"));
    return vocabulary_count(f->persons) > LIMIT_SCHEDULE_PERSONS
               ? fault(FAULT_LIMIT, "%s, line %lld: more than %d persons.", r->path, (long long)r->line,
                       LIMIT_SCHEDULE_PERSONS)
               : NULL;
}

/* Sides of persons that are not known yet; a person stays on his own. */
static struct fault *take_sides(struct arena *a, const struct rows_in *r, struct schedule_file *f,
                                const struct line *l, uint32_t *known)
{
    if (!f->second)
        f->second = NEW(a, bool, LIMIT_SCHEDULE_PERSONS + 2);
    for (int side = 0; side < 2; side++) {
        if (l->person[side] >= *known) {
            f->second[l->person[side]] = side;
            *known = l->person[side] + 1;
        } else if (!f->problem.one_set && f->second[l->person[side]] != (side != 0)) {
            return rows_in_refused(r, A + side, tr("is on the other side elsewhere: see --one-set"));
        }
    }
    return NULL;
}

static int by_persons(const void *x, const void *y)
{
    const struct line *a = x, *b = y;
    for (int side = 0; side < 2; side++)
        if (a->person[side] != b->person[side])
            return a->person[side] < b->person[side] ? -1 : 1;
    return (a->at > b->at) - (a->at < b->at);
}

static int by_place(const void *x, const void *y)
{
    const struct line *a = x, *b = y;
    return (a->at > b->at) - (a->at < b->at);
}

static size_t merge(struct line *lines, size_t count)
{
    size_t kept = 0;
    if (count)
        qsort(lines, count, sizeof *lines, by_persons);
    for (size_t i = 0; i < count; i++) {
        struct line *last = kept ? &lines[kept - 1] : NULL;
        if (!last || memcmp(last->person, lines[i].person, sizeof last->person) != 0) {
            lines[kept++] = lines[i];
            continue;
        }
        for (int side = 0; side < 2; side++)
            if (lines[i].priority[side] > last->priority[side])
                last->priority[side] = lines[i].priority[side];
    }
    if (kept)
        qsort(lines, kept, sizeof *lines, by_place);
    return kept;
}

static void keep(struct arena *a, struct schedule_file *f, const struct line *lines, size_t count)
{
    f->requests = NEW(a, struct meeting_request, count + 1);
    f->priorities = NEW(a, struct priorities, count + 1);
    for (size_t i = 0; i < count; i++) {
        memcpy(f->priorities[i].of, lines[i].priority, sizeof lines[i].priority);
        f->requests[i] = (struct meeting_request){(int)lines[i].person[0], (int)lines[i].person[1],
                                                  meeting_weight(lines[i].priority[0], lines[i].priority[1])};
    }
    f->problem.requests = f->requests;
    f->problem.count = count;
    f->problem.persons = (int)vocabulary_count(f->persons);
    f->problem.second = f->second;
}

/* One set knows no first and second: the lower number comes first. */
static void turn(struct line *l)
{
    if (l->person[0] < l->person[1])
        return;
    *l = (struct line){{l->person[1], l->person[0]}, {l->priority[1], l->priority[0]}, l->at};
}

static struct line *lines_so_far(struct arena *a, const struct schedule_file *f, size_t *capacity)
{
    *capacity = f->problem.count + 64;
    struct line *lines = NEW(a, struct line, *capacity);
    for (size_t i = 0; i < f->problem.count; i++)
        lines[i] = (struct line){{(uint32_t)f->requests[i].a, (uint32_t)f->requests[i].b},
                                 {f->priorities[i].of[0], f->priorities[i].of[1]},
                                 i};
    return lines;
}

struct fault *schedule_requests_read(struct arena *a, struct table *t, const char *path,
                                     struct schedule_file *f)
{
    static const char *const names[] = {"a", "b", "?priority_a", "?priority_b", NULL};
    struct rows_in r;
    size_t count = f->problem.count, capacity;
    if (!f->persons)
        f->persons = vocabulary_new(a);
    struct line *lines = lines_so_far(a, f, &capacity);
    uint32_t known = vocabulary_count(f->persons);
    TRY(rows_in_begin(t, path, names, &r));
    for (bool more = true;;) {
        TRY(rows_in_next(&r, &more));
        if (!more)
            break;
        struct line *l = PUSH(a, lines, count, capacity);
        *l = (struct line){.at = count};
        TRY(read_line(&r, f, l));
        TRY(take_sides(a, &r, f, l, &known));
        if (f->problem.one_set)
            turn(l);
        if (count > LIMIT_SCHEDULE_REQUESTS)
            return fault(FAULT_LIMIT, "%s, line %lld: more than %d requests.", path, (long long)r.line,
                         LIMIT_SCHEDULE_REQUESTS);
    }
    keep(a, f, lines, merge(lines, count));
    return arena_check(a);
}

/* --- what is said of persons -------------------------------------------------------------------------- */

static int person_of(const struct schedule_file *f, struct slice name)
{
    uint32_t number = vocabulary_find(f->persons, name);
    return number == VOCABULARY_NONE ? -1 : (int)number;
}

static size_t words_in(const struct schedule_file *f)
{
    return (size_t)schedule_words(f->problem.slots);
}

static uint64_t *hours_of(const struct schedule_file *f, int person, int64_t slot)
{
    return &f->there[(size_t)person * words_in(f) + (size_t)slot / 64];
}

static void all_hours(struct arena *a, struct schedule_file *f, bool there)
{
    f->there = NEW(a, uint64_t, (size_t)f->problem.persons * words_in(f) + 1);
    if (there)
        memset(f->there, -1, (size_t)f->problem.persons * words_in(f) * sizeof *f->there);
    f->problem.there = f->there;
}

struct fault *schedule_availability_read(struct arena *a, struct table *t, const char *path,
                                         struct schedule_file *f)
{
    enum { PERSON, SLOT };
    static const char *const names[] = {"person", "slot", NULL};
    struct rows_in r;
    int64_t slot;
    all_hours(a, f, false);
    TRY(rows_in_begin(t, path, names, &r));
    for (bool more = true;;) {
        TRY(rows_in_next(&r, &more));
        if (!more)
            return arena_check(a);
        int person = person_of(f, rows_in_cell(&r, PERSON));
        TRY(rows_in_integer(&r, SLOT, 0, f->problem.slots - 1, &slot));
        if (person >= 0)
            *hours_of(f, person, slot) |= (uint64_t)1 << (slot % 64);
    }
}

struct fault *schedule_caps_read(struct arena *a, struct table *t, const char *path, struct schedule_file *f)
{
    enum { PERSON, CAP };
    static const char *const names[] = {"person", "cap", NULL};
    struct rows_in r;
    int64_t cap;
    f->problem.cap = f->cap = NEW(a, int, f->problem.persons + 1);
    for (int v = 0; v < f->problem.persons; v++)
        f->cap[v] = f->problem.slots;
    TRY(rows_in_begin(t, path, names, &r));
    for (bool more = true;;) {
        TRY(rows_in_next(&r, &more));
        if (!more)
            return arena_check(a);
        int person = person_of(f, rows_in_cell(&r, PERSON));
        TRY(rows_in_integer(&r, CAP, 0, 1000000, &cap));
        if (person >= 0)
            f->cap[person] = (int)cap;
    }
}

struct fault *schedule_absent(struct arena *a, struct schedule_file *f, struct slice name, int now)
{
    int person = person_of(f, name);
    if (person < 0)
        return fault(FAULT_NOT_FOUND, "Nobody of these requests is named \"%.*s\".",
                     name.len < 100 ? (int)name.len : 100, name.ptr);
    if (!f->there)
        all_hours(a, f, true);
    for (int s = now; s < f->problem.slots; s++)
        *hours_of(f, person, s) &= ~((uint64_t)1 << (s % 64));
    return NULL;
}

/* --- a plan ------------------------------------------------------------------------------------------- */

int64_t schedule_request_of(const struct schedule_file *f, struct slice a, struct slice b)
{
    int x = person_of(f, a), y = person_of(f, b);
    for (size_t i = 0; x >= 0 && y >= 0 && i < f->problem.count; i++)
        if ((f->requests[i].a == x && f->requests[i].b == y) ||
            (f->problem.one_set && f->requests[i].a == y && f->requests[i].b == x))
            return (int64_t)i;
    return -1;
}

struct fault *schedule_plan_read(struct arena *a, struct table *t, const char *path,
                                 const struct schedule_file *f, int **slots)
{
    enum { SLOT = B + 1 };
    static const char *const names[] = {"a", "b", "slot", NULL};
    struct rows_in r;
    int64_t slot;
    *slots = NEW(a, int, f->problem.count + 1);
    memset(*slots, -1, f->problem.count * sizeof **slots);
    TRY(rows_in_begin(t, path, names, &r));
    for (bool more = true;;) {
        TRY(rows_in_next(&r, &more));
        if (!more)
            return arena_check(a);
        int64_t request = schedule_request_of(f, rows_in_cell(&r, A), rows_in_cell(&r, B));
        if (request < 0)
            return rows_in_refused(&r, B, tr("has no request with this person"));
        TRY(rows_in_integer(&r, SLOT, 0, f->problem.slots - 1, &slot));
        if ((*slots)[request] >= 0)
            return rows_in_refused(&r, B, tr("meets this person twice"));
        (*slots)[request] = (int)slot;
    }
}
