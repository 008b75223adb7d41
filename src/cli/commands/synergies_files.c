/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "commands/synergies_files.h"

#include <math.h>
#include <stdlib.h>

#include "arena/arena.h"
#include "clock/clock.h"
#include "i18n/i18n.h"
#include "number/checked.h"
#include "record/record.h"
#include "rows_in.h"
#include "words/words.h"

struct member_cells {
    bool tied, described; /* is in the ties, in the attributes */
    int country, kind;    /* -1: not known */
    struct geo_point place;
    struct slice text;
};

static const struct member_cells nothing_known = {.country = -1, .kind = -1, .place = {NAN, NAN}};

struct synergy_files *synergy_files_new(struct arena *a)
{
    struct synergy_files *f = NEW(a, struct synergy_files, 1);
    *f = (struct synergy_files){.members = vocabulary_new(a),
                                .groups = vocabulary_new(a),
                                .countries = vocabulary_new(a),
                                .kinds = vocabulary_new(a),
                                .things = vocabulary_new(a)};
    return f;
}

/* The member of a column, new or old. */
static struct fault *read_member(struct arena *a, const struct rows_in *r, int column,
                                 struct synergy_files *f, int *member)
{
    uint32_t number = 0;
    TRY(rows_in_name(r, column, f->members, &number));
    if (number >= LIMIT_SYNERGY_MEMBERS)
        return fault(FAULT_LIMIT, "%s, line %lld: more than %d members.", r->path, (long long)r->line,
                     LIMIT_SYNERGY_MEMBERS);
    while (f->cell_count <= number)
        *PUSH(a, f->cells, f->cell_count, f->cell_capacity) = nothing_known;
    *member = (int)number;
    return arena_check(a);
}

/* --- ties -------------------------------------------------------------------------------------------- */

/* YYYY, YYYY-MM or YYYY-MM-DD: the middle of what is named. */
static bool middle_of_date(struct arena *a, struct slice typed, double *day)
{
    static const struct {
        size_t length;
        const char *rest;
    } shapes[] = {{4, "-07-01"}, {7, "-15"}, {10, ""}};
    int64_t whole;
    for (size_t i = 0; i < COUNT(shapes); i++)
        if (typed.len == shapes[i].length &&
            day_parse(slice_of(arena_print(a, "%.*s%s", SLICE_ARGS(typed), shapes[i].rest)), &whole)) {
            *day = (double)whole;
            return true;
        }
    return false;
}

static struct fault *read_tie(struct arena *a, const struct rows_in *r, struct synergy_files *f)
{
    enum { GROUP, MEMBER, DATE, WEIGHT };
    struct membership *m = PUSH(a, f->ties, f->tie_count, f->tie_capacity);
    uint32_t group = 0;
    *m = (struct membership){.weight = NAN, .day = NAN};
    TRY(rows_in_name(r, GROUP, f->groups, &group));
    TRY(read_member(a, r, MEMBER, f, &m->member));
    m->group = (int)group;
    f->cells[m->member].tied = true;
    if (rows_in_cell(r, DATE).len && !middle_of_date(a, rows_in_cell(r, DATE), &m->day))
        return rows_in_refused(r, DATE, tr("is no date"));
    if (!rows_in_cell(r, WEIGHT).len)
        return NULL;
    TRY(rows_in_number(r, WEIGHT, &m->weight));
    return m->weight > 0 ? NULL : rows_in_refused(r, WEIGHT, tr("is not above 0"));
}

/* --- attributes --------------------------------------------------------------------------------------- */

static struct fault *read_degrees(const struct rows_in *r, int column, double most, double *degrees)
{
    if (!rows_in_cell(r, column).len)
        return NULL;
    TRY(rows_in_number(r, column, degrees));
    return fabs(*degrees) <= most ? NULL : rows_in_refused(r, column, tr("is not possible here"));
}

/* Things between semicolons. */
static struct fault *read_things(struct arena *a, const struct rows_in *r, int column, struct holding as,
                                 struct synergy_files *f)
{
    struct slice left = rows_in_cell(r, column), thing;
    while (slice_cut(&left, ';', &thing)) {
        thing = slice_trim(thing);
        if (!thing.len)
            continue;
        as.thing = (int)vocabulary_add(f->things, thing);
        *PUSH(a, f->holdings, f->holding_count, f->holding_capacity) = as;
    }
    return arena_check(a);
}

static struct fault *read_attributes(struct arena *a, const struct rows_in *r, struct synergy_files *f)
{
    enum { MEMBER, KIND, COUNTRY, LAT, LON, TEXT, THINGS };
    int member;
    TRY(read_member(a, r, MEMBER, f, &member));
    struct member_cells *c = &f->cells[member];
    struct slice kind = rows_in_cell(r, KIND), country = rows_in_cell(r, COUNTRY),
                 text = rows_in_cell(r, TEXT);
    c->described = true;
    if (kind.len)
        c->kind = (int)vocabulary_add(f->kinds, kind);
    if (country.len)
        c->country = (int)vocabulary_add(f->countries, country);
    if (text.len)
        c->text = slice_of(
            arena_print(a, "%.*s%s%.*s", SLICE_ARGS(c->text), c->text.len ? "\n" : "", SLICE_ARGS(text)));
    struct geo_point place = {NAN, NAN};
    TRY(read_degrees(r, LAT, 90, &place.lat));
    TRY(read_degrees(r, LON, 180, &place.lon));
    if (isnan(place.lat) != isnan(place.lon))
        return rows_in_refused(r, isnan(place.lat) ? LON : LAT, tr("has no other coordinate beside it"));
    if (!isnan(place.lat))
        c->place = place;
    for (int k = 0; k < COMPLEMENTS * SIDES; k++)
        TRY(read_things(a, r, THINGS + k,
                        (struct holding){(enum complement)(k / SIDES), (enum side)(k % SIDES), member, 0},
                        f));
    return arena_check(a);
}

/* --- lists of members --------------------------------------------------------------------------------- */

static struct fault *read_named(struct arena *a, const struct rows_in *r, struct synergy_files *f,
                                struct named_list *list, bool contact)
{
    struct named *n = PUSH(a, list->of, list->count, list->capacity);
    *n = (struct named){.line = r->line};
    TRY(read_member(a, r, contact, f, &n->member));
    if (contact)
        TRY(read_member(a, r, 0, f, &n->query));
    return contact && n->query == n->member ? rows_in_refused(r, 1, tr("is the firm itself")) : NULL;
}

struct fault *synergy_file_read(struct arena *a, struct table *t, const char *path, enum synergy_file which,
                                struct synergy_files *f)
{
    static const char *const names[SYNERGY_FILES][13] = {
        [FILE_TIES] = {"group", "member", "?date", "?weight", NULL},
        [FILE_ATTRIBUTES] = {"member", "?type", "?country", "?lat", "?lon", "?text", "?does", "?needs",
                             "?spare", "?short", "?gives", "?takes", NULL},
        [FILE_QUERIES] = {"member", NULL},
        [FILE_CANDIDATES] = {"member", NULL},
        [FILE_CONTACTS] = {"query", "member", NULL}};
    struct rows_in r;
    f->list[which].path = path;
    TRY(rows_in_begin(t, path, names[which], &r));
    for (bool more = true;;) {
        TRY(rows_in_next(&r, &more));
        if (!more)
            return NULL;
        TRY(which == FILE_TIES         ? read_tie(a, &r, f)
            : which == FILE_ATTRIBUTES ? read_attributes(a, &r, f)
                                       : read_named(a, &r, f, &f->list[which], which == FILE_CONTACTS));
    }
}

/* --- in the order of names ---------------------------------------------------------------------------- */

struct entry {
    struct slice name;
    int number;
};

static int by_name(const void *x, const void *y)
{
    return slice_compare(((const struct entry *)x)->name, ((const struct entry *)y)->name);
}

/* The place of each number of a vocabulary when its texts stand in order. */
static int *places_by_name(struct arena *a, const struct vocabulary *v)
{
    uint32_t count = vocabulary_count(v);
    struct entry *entries = NEW(a, struct entry, count + 1);
    int *place = NEW(a, int, count + 1);
    for (uint32_t i = 0; i < count; i++)
        entries[i] = (struct entry){vocabulary_text(v, i), (int)i};
    if (count)
        qsort(entries, count, sizeof *entries, by_name);
    for (uint32_t i = 0; i < count; i++)
        place[entries[i].number] = (int)i;
    return place;
}

/* Things too are numbered in the order of their names. */
static struct fault *place_holdings(struct arena *a, struct synergy_files *f, const int *place)
{
    const int *thing_place = places_by_name(a, f->things);
    int count = (int)vocabulary_count(f->things);
    f->thing_names = NEW(a, struct slice, count + 1);
    for (int t = 0; t < count; t++)
        f->thing_names[thing_place[t]] = vocabulary_text(f->things, (uint32_t)t);
    for (size_t i = 0; i < f->holding_count; i++) {
        f->holdings[i].member = place[f->holdings[i].member];
        f->holdings[i].thing = thing_place[f->holdings[i].thing];
    }
    return f->holding_count ? complements_new(a, f->member_count, count, f->holdings, f->holding_count,
                                              &f->attributes.complements)
                            : NULL;
}

static void place_attributes(struct arena *a, struct synergy_files *f, const int *place)
{
    int n = f->member_count, *country = NEW(a, int, n + 1), *kind = NEW(a, int, n + 1);
    struct geo_point *at = NEW(a, struct geo_point, n + 1);
    struct slice *text = NEW(a, struct slice, n + 1);
    for (int v = 0; v < n; v++) {
        const struct member_cells *c = &f->cells[v];
        country[place[v]] = c->country;
        kind[place[v]] = c->kind;
        at[place[v]] = c->place;
        text[place[v]] = c->text;
    }
    f->has_attributes = f->list[FILE_ATTRIBUTES].path;
    f->attributes =
        (struct attributes){.members = n, .country = country, .kind = kind, .place = at, .text = text};
}

static int by_query_and_member(const void *x, const void *y)
{
    const struct named *a = x, *b = y;
    return a->query != b->query ? (a->query > b->query) - (a->query < b->query)
                                : (a->member > b->member) - (a->member < b->member);
}

/* Of candidates and contacts something must be known. */
static struct fault *check_known(const struct synergy_files *f, enum synergy_file which)
{
    const struct named_list *list = &f->list[which];
    for (size_t i = 0; i < list->count; i++) {
        const struct member_cells *c = &f->cells[list->of[i].member];
        struct slice name = vocabulary_text(f->members, (uint32_t)list->of[i].member);
        if (!c->tied && !c->described)
            return fault(FAULT_INVALID,
                         "%s, line %lld, column \"member\": \"%.*s\" is in no tie and has no attributes.",
                         list->path, (long long)list->of[i].line, SLICE_ARGS(name));
    }
    return NULL;
}

/* In the order of names, each once; all of whom something is known where there is no file. */
static void settle_list(struct arena *a, struct synergy_files *f, enum synergy_file which, const int *place)
{
    struct named_list *list = &f->list[which];
    size_t kept = 0;
    for (int v = 0; v < f->member_count && !list->path && which != FILE_CONTACTS; v++)
        if (f->cells[v].tied || f->cells[v].described)
            PUSH(a, list->of, list->count, list->capacity)->member = v;
    for (size_t i = 0; i < list->count; i++) {
        list->of[i].member = place[list->of[i].member];
        list->of[i].query = which == FILE_CONTACTS ? place[list->of[i].query] : 0;
    }
    if (list->count)
        qsort(list->of, list->count, sizeof *list->of, by_query_and_member);
    for (size_t i = 0; i < list->count; i++)
        if (!kept || by_query_and_member(&list->of[kept - 1], &list->of[i]) != 0)
            list->of[kept++] = list->of[i];
    list->count = kept;
}

struct fault *synergy_files_finish(struct arena *a, struct synergy_files *f)
{
    const int *place = places_by_name(a, f->members), *group_place = places_by_name(a, f->groups);
    f->member_count = (int)vocabulary_count(f->members);
    f->group_count = (int)vocabulary_count(f->groups);
    f->names = NEW(a, struct slice, f->member_count + 1);
    TRY(check_known(f, FILE_CANDIDATES));
    TRY(check_known(f, FILE_CONTACTS));
    for (size_t i = 0; i < f->list[FILE_QUERIES].count; i++) {
        const struct member_cells *c = &f->cells[f->list[FILE_QUERIES].of[i].member];
        f->unknown += !c->tied && !c->described;
    }
    for (int v = 0; v < f->member_count; v++)
        f->names[place[v]] = vocabulary_text(f->members, (uint32_t)v);
    place_attributes(a, f, place);
    TRY(place_holdings(a, f, place));
    for (size_t i = 0; i < f->tie_count; i++) {
        f->ties[i].group = group_place[f->ties[i].group];
        f->ties[i].member = place[f->ties[i].member];
    }
    for (int which = FILE_QUERIES; which < SYNERGY_FILES; which++)
        settle_list(a, f, (enum synergy_file)which, place);
    return arena_check(a);
}
