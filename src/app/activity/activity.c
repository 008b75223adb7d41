/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "activity/activity.h"

#include <string.h>

#include "arena/arena.h"
#include "clock/clock.h"
#include "journal/journal.h"
#include "rows/rows.h"

enum {
    USUAL_GROUPS = 20,
    LINES = 6,     /* shown of a transaction */
    TRIED = 24,    /* entries of it looked at, when they are hidden */
    SCAN = 5000,   /* entries passed over to find those that fit, */
    AT_ONCE = 100, /* as many of those read at once, */
    ROUNDS = 12,   /* and as often, for a page */
    OWNED = 2000,  /* records of one type and organisation */
};

struct feed {
    struct door *door;
    struct arena *arena;
    struct journal_wish wish;
    struct activity *out;
    size_t most, capacity, line_capacity;
    int64_t batch; /* of the entry looked at last */
    size_t tried;  /* entries of it looked at */
    bool full;     /* as many groups as are wanted */
};

/* The organisation itself and what it owns, as far as the viewer may see it. */
static struct fault *records_of(struct feed *f, int64_t organisation)
{
    int64_t *ids = NULL;
    size_t count = 0, capacity = 0;
    *PUSH(f->arena, ids, count, capacity) = organisation;
    const struct sight sight = door_sight(f->door);
    for (int i = 0; i < record_type_count; i++) {
        const struct record_type *type = all_record_types[i];
        char *records = NULL;
        size_t found = 0;
        if (!type->owner || strcmp(type->owner, "id") == 0)
            continue;
        struct filter filter = {
            .field = field_find(type, type->owner), .comparison = OPERATOR_EQUAL, .integer = organisation};
        struct list_query query = {
            .type = type, .filters = &filter, .filter_count = 1, .limit = OWNED, .skip = ~(uint64_t)0};
        TRY(rows_list(door_connection(f->door), f->arena, &query, &sight, (void **)&records, &found, NULL));
        for (size_t k = 0; k < found; k++)
            *PUSH(f->arena, ids, count, capacity) =
                ((const struct record_head *)(const void *)(records + k * type->size))->id;
    }
    f->wish.records = ids;
    f->wish.record_count = count;
    return NULL;
}

/* The entry as a line, if the viewer may see it. */
static struct fault *line_of(struct feed *f, const struct journal_entry *bare, struct activity_line *line,
                             bool *shown)
{
    struct journal_entry e;
    struct now_record now;
    const struct record_type *type = record_type_find(bare->type);
    *shown = type && bare->act <= JOURNAL_RESTORE;
    if (!*shown)
        return NULL;
    struct fault *hidden = now_load(f->door, type, bare->record, &now);
    *shown = !hidden;
    if (hidden)
        return hidden->code == FAULT_NOT_FOUND ? NULL : hidden;
    TRY(journal_entry_load(door_connection(f->door), f->arena, bare->id, &e));
    *line = (struct activity_line){.type = type, .record = bare->record, .deleted = now.deleted};
    const struct field *name = type->name_field ? field_find(type, type->name_field) : NULL;
    if (name && field_known(name, now.record))
        line->name = value_shown(name, f->arena, now.record);
    return history_line_load(f->door, type, &now, &e, &line->what, shown);
}

static struct activity_group *group_of(struct feed *f, const struct journal_entry *e)
{
    struct activity *out = f->out;
    struct activity_group *last = out->count ? &out->groups[out->count - 1] : NULL;
    if (last && last->batch == e->batch)
        return last;
    struct activity_group *fresh = PUSH(f->arena, out->groups, out->count, f->capacity);
    *fresh = (struct activity_group){.batch = e->batch, .at_us = e->at_us, .day = day_at(e->at_us)};
    f->line_capacity = 0;
    return fresh;
}

static struct fault *add(struct feed *f, const struct journal_entry *e)
{
    struct activity_line line;
    bool shown;
    TRY(line_of(f, e, &line, &shown));
    f->tried++;
    if (!shown)
        return NULL;
    struct activity_group *g = group_of(f, e);
    struct activity_line *lines = (struct activity_line *)(uintptr_t)g->lines;
    *PUSH(f->arena, lines, g->count, f->line_capacity) = line;
    g->lines = lines;
    g->person = line.what.person;
    g->author = line.what.person ? e->person : 0;
    g->may_undo = line.what.may_undo;
    return arena_check(f->arena);
}

/* Passes over what is left of a transaction that was looked at enough. */
static struct fault *pass_batch(struct feed *f, int64_t batch)
{
    if (f->out->count && f->out->groups[f->out->count - 1].batch == batch)
        f->out->groups[f->out->count - 1].more = true;
    return journal_batch_start(door_connection(f->door), batch, &f->wish.before);
}

static bool in_last_group(const struct feed *f, int64_t batch)
{
    return f->out->count && f->out->groups[f->out->count - 1].batch == batch;
}

static bool enough_of(const struct feed *f, int64_t batch)
{
    return f->tried >= TRIED || (in_last_group(f, batch) && f->out->groups[f->out->count - 1].count >= LINES);
}

/* Entries, newest first, until the page is full or a transaction was looked at enough. *all: neither. */
static struct fault *take_some(struct feed *f, const struct journal_entry *entries, size_t count, bool *all)
{
    *all = false;
    for (size_t i = 0; i < count; i++) {
        const struct journal_entry *e = &entries[i];
        if (e->batch != f->batch)
            f->tried = 0;
        f->batch = e->batch;
        f->full = f->out->count == f->most && !in_last_group(f, e->batch);
        if (f->full)
            return NULL;
        if (enough_of(f, e->batch))
            return pass_batch(f, e->batch);
        TRY(add(f, e));
        f->wish.before = e->id;
    }
    *all = true;
    return NULL;
}

/* *end: nothing is left before what was looked at. */
static struct fault *take_round(struct feed *f, bool *end)
{
    struct journal_entry *entries = NULL;
    size_t count = 0;
    int64_t scanned = 0;
    bool all;
    TRY(journal_page(door_connection(f->door), f->arena, &f->wish, &entries, &count, &scanned));
    TRY(take_some(f, entries, count, &all));
    bool window_done = all && (int64_t)count < f->wish.most;
    *end = window_done && !scanned;
    if (window_done && scanned)
        f->wish.before = scanned;
    return NULL;
}

struct fault *activity_load(struct door *d, const struct activity_request *asked, struct activity *out)
{
    struct feed f = {.door = d, .arena = door_arena(d), .out = out};
    bool end = false;
    *out = (struct activity){0};
    f.most = asked->groups ? asked->groups : USUAL_GROUPS;
    f.wish = (struct journal_wish){.before = asked->before ? asked->before : INT64_MAX,
                                   .person = asked->person,
                                   .type = asked->type ? asked->type->name : NULL,
                                   .scan = SCAN,
                                   .most = AT_ONCE};
    if (asked->organisation)
        TRY(records_of(&f, asked->organisation));
    for (int round = 0; round < ROUNDS && !f.full && !end; round++)
        TRY(take_round(&f, &end));
    out->next = end ? 0 : f.wish.before;
    return NULL;
}
