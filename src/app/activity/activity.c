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
    BACK = 100000, /* entries that a page goes back at most, */
    AT_ONCE = 50,  /* as many of those about records to be seen read at once, */
    JUDGED = 1000, /* and as many judged by the time they are of */
    OWNED = 2000,  /* records of one type and organisation */
};

struct feed {
    struct door *door;
    struct arena *arena;
    struct journal_wish wish;
    struct activity *out;
    size_t most, capacity, line_capacity;
    size_t judged; /* entries */
    bool full;     /* there is a group more than are wanted */
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

/* Its own, or that of what it hangs on. */
static struct fault *name_of(struct feed *f, const struct record_type *type, const void *record,
                             const char **name)
{
    const struct field *own = type->name_field ? field_find(type, type->name_field) : NULL;
    const struct field *by = own ? NULL : record_hangs_by(type, record);
    const char **names = NULL;
    if (own && field_known(own, record))
        *name = value_shown(own, f->arena, record);
    if (!by)
        return NULL;
    TRY(door_names(f->door, record_type_find(by->to), field_in(by, record), 1, &names));
    *name = names[0];
    return NULL;
}

/* The entry as a line, if the viewer may see it. */
static struct fault *line_of(struct feed *f, const struct journal_entry *e, struct activity_line *line,
                             bool *shown)
{
    struct now_record now;
    const struct record_type *type = record_type_find(e->type);
    *shown = type && e->act <= JOURNAL_RESTORE;
    if (!*shown)
        return NULL;
    struct fault *hidden = now_load(f->door, type, e->record, &now);
    *shown = !hidden;
    if (hidden)
        return hidden->code == FAULT_NOT_FOUND ? NULL : hidden;
    *line = (struct activity_line){.type = type, .record = e->record, .deleted = now.deleted};
    TRY(name_of(f, type, now.record, &line->name));
    TRY(history_line_load(f->door, type, &now, e, &line->what, shown));
    *shown =
        *shown && (!f->wish.person || line->what.person); /* of one person: what they are told to have done */
    return NULL;
}

static struct activity_group *last_group(const struct feed *f)
{
    return f->out->count ? &f->out->groups[f->out->count - 1] : NULL;
}

static bool in_last_group(const struct feed *f, const struct journal_entry *e)
{
    return f->out->count && last_group(f)->batch == e->batch;
}

static struct activity_group *group_of(struct feed *f, const struct journal_entry *e)
{
    if (in_last_group(f, e))
        return last_group(f);
    struct activity_group *fresh = PUSH(f->arena, f->out->groups, f->out->count, f->capacity);
    *fresh = (struct activity_group){.batch = e->batch, .at_us = e->at_us, .day = day_at(e->at_us)};
    f->line_capacity = 0;
    return fresh;
}

/* A line that has no place any more tells that there is more; one that is not shown tells nothing. */
static struct fault *add(struct feed *f, const struct journal_entry *e)
{
    struct activity_line line;
    bool shown;
    TRY(line_of(f, e, &line, &shown));
    f->judged++;
    f->full = shown && f->out->count == f->most && !in_last_group(f, e);
    if (!shown || f->full)
        return NULL;
    struct activity_group *g = group_of(f, e);
    g->more = g->count == LINES;
    if (g->more)
        return NULL;
    struct activity_line *lines = (struct activity_line *)(uintptr_t)g->lines;
    *PUSH(f->arena, lines, g->count, f->line_capacity) = line;
    g->lines = lines;
    g->person = line.what.person;
    g->author = line.what.person ? e->person : 0;
    g->may_undo = line.what.may_undo;
    return arena_check(f->arena);
}

/* Entries, newest first, until the page is full; what is left of a transaction of which enough was shown is
 * passed over. *all: neither happened. */
static struct fault *take_some(struct feed *f, const struct journal_entry *entries, size_t count, bool *all)
{
    *all = false;
    for (size_t i = 0; i < count; i++) {
        const struct journal_entry *e = &entries[i];
        if (in_last_group(f, e) && last_group(f)->more)
            return journal_batch_start(door_connection(f->door), e->batch, &f->wish.before);
        TRY(add(f, e));
        if (f->full)
            return NULL;
        f->wish.before = e->id;
    }
    *all = true;
    return NULL;
}

/* *end: nothing is left that this page goes back to. */
static struct fault *take_round(struct feed *f, bool *end)
{
    struct journal_entry *entries = NULL;
    size_t count = 0;
    bool all;
    const struct sight sight = door_sight(f->door);
    TRY(journal_page(door_connection(f->door), f->arena, &sight, &f->wish, &entries, &count));
    TRY(take_some(f, entries, count, &all));
    *end = all && (int64_t)count < f->wish.most;
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
                                   .most = AT_ONCE};
    f.wish.records = asked->records;
    f.wish.record_count = asked->record_count;
    if (asked->organisation)
        TRY(records_of(&f, asked->organisation));
    else
        TRY(journal_back(door_connection(d), f.wish.before, BACK, &f.wish.from));
    int64_t since = asked->since_us ? id_at(asked->since_us) : 0;
    f.wish.from = f.wish.from > since ? f.wish.from : since;
    while (!f.full && !end && f.judged < JUDGED)
        TRY(take_round(&f, &end));
    out->next = end ? f.wish.from : f.wish.before;
    return NULL;
}
