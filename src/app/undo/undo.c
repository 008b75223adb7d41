/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "undo/undo.h"

#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "clock/clock.h"
#include "i18n/i18n.h"
#include "imports/uploads.h"
#include "journal/journal.h"
#include "rows/rows.h"
#include "text/buffer.h"

static const struct sight everything = {.program = "undo"};

struct undo {
    struct door *door;
    struct arena *arena;
    const struct journal_entry *entries; /* newest first */
    size_t count;
    struct buffer *names; /* of what was built on them */
};

struct fault *undo_absent(void)
{
    return fault(FAULT_NOT_FOUND, "There is no change here that you may undo.");
}

/* Done by the viewer, or to be looked after by a facilitator. */
static bool theirs(const struct undo *u, const struct journal_entry *e)
{
    const struct viewer *v = door_viewer(u->door);
    return (v->program || (v->roles & ROLE_FACILITATOR) || (v->person && e->person == v->person)) &&
           e->act <= JOURNAL_RESTORE && record_type_find(e->type);
}

/* What no rights help against. */
static struct fault *check_entry(const struct undo *u, const struct journal_entry *e)
{
    if (!door_viewer(u->door)->program && type_gives_rights(record_type_find(e->type)))
        return fault(FAULT_CONFLICT,
                     "Rights are given and taken on their own pages: nothing else undoes it.");
    if (!door_may_undo(u->door, e->person, e->at_us))
        return fault(FAULT_CONFLICT, "Only what happened in the last %d days can be undone.", UNDO_DAYS);
    if (e->erased)
        return fault(FAULT_CONFLICT, "This cannot be undone: what stood there before was erased.");
    return NULL;
}

/* Only what its history shows to the viewer: an undo brings back what stood before, and the record may have
 * been closed to them then. */
static struct fault *check_seen(const struct undo *u, const struct journal_entry *e)
{
    const struct record_type *type = record_type_find(e->type);
    struct now_record now;
    struct history_line line;
    bool shown;
    struct fault *hidden = now_load(u->door, type, e->record, &now);
    if (hidden)
        return hidden->code == FAULT_NOT_FOUND ? undo_absent() : hidden;
    TRY(history_line_load(u->door, type, &now, e, &line, &shown));
    return shown ? NULL : undo_absent();
}

static bool of_these(const struct undo *u, int64_t entry)
{
    for (size_t i = 0; i < u->count; i++)
        if (u->entries[i].id == entry)
            return true;
    return false;
}

/* Did the later entry touch what this one did? A field for a field; anything for a record that came or went.
 */
static bool builds_on(const struct journal_entry *later, const struct journal_entry *e)
{
    if (e->act != JOURNAL_UPDATE || later->act != JOURNAL_UPDATE)
        return true;
    for (size_t i = 0; i < later->count; i++)
        for (size_t k = 0; k < e->count; k++)
            if (later->changes[i].field == e->changes[k].field)
                return true;
    return false;
}

static struct fault *find_later(const struct undo *u, const struct journal_entry *e)
{
    enum { MOST = 1000 };
    struct journal_entry *later = NULL;
    size_t count = 0;
    TRY(journal_of_record(door_connection(u->door), u->arena, &everything, e->type, e->record, MOST, &later,
                          &count));
    for (size_t i = 0; i < count && later[i].id > e->id; i++)
        if (!of_these(u, later[i].id) && builds_on(&later[i], e))
            return undo_name(u->door, u->names, record_type_find(e->type), e->record);
    return NULL;
}

static int by_id(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static struct fault *check_later(const struct undo *u)
{
    int64_t *made = NEW(u->arena, int64_t, u->count + 1);
    size_t made_count = 0;
    for (size_t i = 0; i < u->count && u->names->len < 200; i++) {
        TRY(find_later(u, &u->entries[i]));
        if (u->entries[i].act == JOURNAL_INSERT || u->entries[i].act == JOURNAL_RESTORE)
            made[made_count++] = u->entries[i].record;
    }
    if (u->names->len)
        return fault(FAULT_CONFLICT, "This cannot be undone: changed since then: %.500s.",
                     buffer_string(u->names));
    if (made_count)
        qsort(made, made_count, sizeof *made, by_id);
    TRY(undo_dependents(u->door, made, made_count, u->names));
    if (u->names->len)
        return fault(FAULT_CONFLICT, "This cannot be undone: these depend on it: %.500s.",
                     buffer_string(u->names));
    return NULL;
}

static const struct field *field_of_id(const struct record_type *type, int id)
{
    for (int i = 0; i < type->count; i++)
        if (type->fields[i].id == id)
            return &type->fields[i];
    return NULL;
}

/* The fields of an entry as they were before it; each must be the viewer's to see and to write today. */
static struct fault *put_back(const struct undo *u, const struct record_type *type,
                              const struct journal_entry *e, void *record, field_mask *mask)
{
    for (size_t i = 0; i < e->count; i++) {
        const struct field *f = field_of_id(type, e->changes[i].field);
        if (!f)
            continue;
        if (!door_field_shown(u->door, type, f, record) || !field_writable(type, f, record, door_viewer(u->door)))
            return fault_in(f->name,
                            fault(FAULT_DENIED, "You may not change \"%s\" any more.", tr(f->label)));
        *mask |= (field_mask)1 << (f - type->fields);
    }
    for (size_t i = 0; i < e->count; i++) {
        const struct field *f = field_of_id(type, e->changes[i].field);
        if (f)
            TRY(value_load(f, u->arena, slice_of(e->changes[i].before), record));
    }
    return NULL;
}

static struct fault *take_back(const struct undo *u, const struct journal_entry *e)
{
    const struct record_type *type = record_type_find(e->type);
    const struct sight sight = door_sight(u->door);
    struct record_head *record = record_new(u->arena, type);
    field_mask mask = 0;
    if (e->act == JOURNAL_DELETE)
        return door_restore(u->door, type, e->record);
    TRY(rows_load(door_connection(u->door), u->arena, type, e->record, &sight, record));
    if (e->act != JOURNAL_UPDATE)
        return door_delete(u->door, type, e->record, record->version);
    TRY(put_back(u, type, e, record, &mask));
    return door_save_any(u->door, type, record, mask);
}

static struct fault *undo_all(struct undo *u)
{
    if (!u->count)
        return undo_absent();
    for (size_t i = 0; i < u->count; i++) { /* all of what is hidden before any of what is told */
        if (!theirs(u, &u->entries[i]))
            return undo_absent();
        TRY(check_seen(u, &u->entries[i]));
    }
    for (size_t i = 0; i < u->count; i++)
        TRY(check_entry(u, &u->entries[i]));
    TRY(check_later(u));
    for (size_t i = 0; i < u->count; i++) /* newest first: what refers goes before what is referred to */
        TRY(take_back(u, &u->entries[i]));
    return arena_check(u->arena);
}

/* In a transaction of its own that a refusal undoes at once. */
static struct fault *run(struct undo *u, int64_t entry, int64_t batch)
{
    enum { MOST = 5000 };
    struct journal_entry *entries = NEW(u->arena, struct journal_entry, 1);
    u->count = 1;
    u->names = buffer_new(u->arena, 4 * KIB);
    if (entry)
        TRY(journal_entry_load(door_connection(u->door), u->arena, entry, entries));
    else
        TRY(journal_of_batch(door_connection(u->door), u->arena, batch, &entries, &u->count));
    if (u->count > MOST)
        return fault(FAULT_LIMIT, "This changed more than %d records: it is undone in parts.", MOST);
    u->entries = entries;
    return undo_all(u);
}

static struct fault *undo(struct door *d, int64_t entry, int64_t batch)
{
    ARENA_SCOPE(work);
    struct undo u = {.door = d, .arena = work};
    TRY(door_begin(d));
    struct fault *refused = run(&u, entry, batch);
    if (!refused)
        return door_commit(d);
    struct fault kept = *refused;
    door_abandon(d);
    return fault_again(&kept);
}

struct fault *undo_entry(struct door *d, int64_t entry)
{
    return undo(d, entry, 0);
}

/* Whoever sees no imports does not learn that this is one. */
static struct fault *import_seen(struct door *d, int64_t batch, bool *seen)
{
    struct import_batch import;
    const struct sight sight = door_sight(d);
    struct fault *none =
        rows_load(door_connection(d), door_arena(d), &import_batch_type, batch, &sight, &import);
    *seen = !none;
    return none && none->code == FAULT_NOT_FOUND ? NULL : none;
}

struct fault *undo_takes_access(struct door *d, int64_t batch, bool *takes)
{
    bool import;
    *takes = false;
    TRY(import_seen(d, batch, &import));
    for (int i = 0; i < record_type_count && import && !*takes; i++)
        if (type_gives_rights(all_record_types[i]))
            TRY(journal_batch_has(door_connection(d), batch, all_record_types[i]->name, takes));
    return NULL;
}

struct fault *undo_batch(struct jobs *jobs, struct door *d, int64_t batch, const char *link, int64_t *job)
{
    bool import;
    *job = 0;
    TRY(import_seen(d, batch, &import));
    return import ? uploads_ask_undo(jobs, d, batch, link, job) : undo(d, 0, batch);
}
