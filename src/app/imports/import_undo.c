/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* import_undo.c - an import taken back, from the journal of its transaction. */
#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "clock/clock.h"
#include "i18n/i18n.h"
#include "imports/import_room.h"
#include "journal/journal.h"
#include "queries/imports.h"
#include "rows/rows.h"
#include "text/buffer.h"
#include "undo/undo.h"

static const struct sight everything = {.program = "import"};

enum { NAMED = 5 }; /* records named in a refusal */

struct undo {
    struct door *door;
    struct arena *arena;
    int64_t batch;
    int64_t *made; /* records the import made, sorted */
    size_t made_count, made_capacity;
    const struct undo_watch *watch; /* NULL: nobody */
    int64_t done, total;            /* entries */
};

/* What the import is about: neither itself nor the mapping it left for the next file. */
static bool concerns(const struct imports_entry *e)
{
    return (e->act == JOURNAL_INSERT || e->act == JOURNAL_UPDATE) &&
           strcmp(e->type, import_batch_type.name) != 0 && strcmp(e->type, import_mapping_type.name) != 0;
}

static int by_id(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* What the import did, newest first and a piece at a time: an import has no limit. */
static struct fault *each_entry(struct undo *u,
                                struct fault *(*visit)(struct undo *, const struct imports_entry *))
{
    enum { AT_ONCE = 1000 };
    int64_t before = INT64_MAX;
    for (size_t count = AT_ONCE; count == AT_ONCE;) {
        ARENA_SCOPE(work);
        struct imports_entry *entries = NULL;
        TRY(imports_entries(door_connection(u->door), work, u->batch, before, AT_ONCE, &entries, &count));
        for (size_t i = 0; i < count; i++) {
            before = entries[i].id;
            if (concerns(&entries[i]))
                TRY(visit(u, &entries[i]));
        }
    }
    return arena_check(u->arena);
}

static struct fault *collect(struct undo *u, const struct imports_entry *e)
{
    u->total++;
    if (e->act == JOURNAL_INSERT)
        *PUSH(u->arena, u->made, u->made_count, u->made_capacity) = e->record;
    return NULL;
}

static struct fault *refuse_changed(struct undo *u)
{
    struct imports_record *changed = NULL;
    size_t count = 0;
    TRY(imports_changed_since(door_connection(u->door), u->arena, u->batch, NAMED, &changed, &count));
    if (!count)
        return NULL;
    struct buffer *names = buffer_new(u->arena, 4 * KIB);
    for (size_t i = 0; i < count; i++)
        if (record_type_find(changed[i].type))
            TRY(undo_name(u->door, names, record_type_find(changed[i].type), changed[i].record));
    return fault(FAULT_CONFLICT, "This import cannot be undone: changed since then: %.500s.",
                 buffer_string(names));
}

static struct fault *refuse_depended_on(struct undo *u)
{
    struct buffer *names = buffer_new(u->arena, 4 * KIB);
    TRY(undo_dependents(u->door, u->made, u->made_count, names));
    if (!names->len)
        return NULL;
    return fault(FAULT_CONFLICT, "This import cannot be undone: these depend on what it made: %.500s.",
                 buffer_string(names));
}

static const struct field *field_of_id(const struct record_type *type, int id)
{
    for (int i = 0; i < type->count; i++)
        if (type->fields[i].id == id)
            return &type->fields[i];
    return NULL;
}

/* The fields of one entry as they were before it. */
static struct fault *put_back(struct undo *u, struct arena *work, const struct record_type *type,
                              const struct imports_entry *e, void *record)
{
    enum { RECENT = 50 }; /* nothing came after the import, and one line makes few entries */
    struct journal_entry *history = NULL;
    size_t count = 0;
    TRY(journal_of_record(door_connection(u->door), work, &everything, e->type, e->record, RECENT, &history,
                          &count));
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; history[i].id == e->id && k < history[i].count; k++) {
            const struct field *f = field_of_id(type, history[i].changes[k].field);
            if (f)
                TRY(value_load(f, work, slice_of(history[i].changes[k].before), record));
        }
    return NULL;
}

static struct fault *take_back(struct undo *u, const struct imports_entry *e)
{
    enum { STEP = 50 };
    ARENA_SCOPE(work);
    const struct record_type *type = record_type_find(e->type);
    struct transaction *t = door_transaction(u->door);
    int64_t person = door_viewer(u->door)->person;
    if (!type)
        return fault(FAULT_BUG, "The journal speaks of an unknown record type.");
    if (u->watch && u->done++ % STEP == 0)
        TRY(u->watch->progress(u->watch->with, u->done, u->total));
    struct record_head *record = (void *)NEW(work, max_align_t, type->size / sizeof(max_align_t) + 1);
    TRY(rows_load(door_connection(u->door), work, type, e->record, &everything, record));
    if (e->act == JOURNAL_INSERT)
        return rows_delete(t, type, record->id, record->version, person);
    TRY(put_back(u, work, type, e, record));
    return rows_update(t, type, record, person);
}

static struct fault *mark(struct undo *u, struct import_batch *b)
{
    b->undone = today();
    return rows_update(door_transaction(u->door), &import_batch_type, b, door_viewer(u->door)->person);
}

static struct fault *undo(struct undo *u)
{
    struct import_batch b;
    TRY(rows_load(door_connection(u->door), u->arena, &import_batch_type, u->batch, &everything, &b));
    if (known_integer(b.undone))
        return fault(FAULT_CONFLICT, "This import was undone already.");
    TRY(each_entry(u, collect));
    if (u->made_count)
        qsort(u->made, u->made_count, sizeof *u->made, by_id);
    TRY(refuse_changed(u));
    TRY(refuse_depended_on(u));
    TRY(each_entry(u, take_back)); /* newest first: what refers goes before what is referred to */
    TRY(mark(u, &b));
    if (u->watch)
        TRY(u->watch->keeping(u->watch->with, u->door));
    return door_commit(u->door);
}

struct fault *imports_undo(struct door *d, int64_t batch, const struct undo_watch *watch)
{
    TRY(import_allowed(d));
    ARENA_SCOPE(work);
    struct undo u = {.arena = work, .batch = batch, .watch = watch};
    TRY(import_own_door(d, work, &u.door));
    TRY(door_begin(u.door));
    return undo(&u);
}
