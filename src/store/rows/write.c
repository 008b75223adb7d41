/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* write.c - records inserted, updated, deleted and restored, each with its journal entry. */
#include <string.h>

#include "clock/clock.h"
#include "i18n/i18n.h"
#include "journal/journal.h"
#include "records/records.h"
#include "rows/plan.h"
#include "text/fold.h"

/* Prepared once per connection and type, and kept: an import passes here for every line. */
static struct fault *pinned(struct connection *c, struct statement **slot, struct buffer *sql)
{
    TRY(buffer_check(sql));
    TRY(statement_find(c, buffer_view(sql), buffer_string(sql), slot));
    (*slot)->pinned = true;
    return NULL;
}

/* Both take the cells as $1…, then the folded name. */
static struct fault *insert_statement(struct connection *c, struct plan *p)
{
    if (p->insert)
        return NULL;
    ARENA_SCOPE(work);
    struct buffer *sql = buffer_new(work, LIMIT_SQL);
    buffer_print(sql, "INSERT INTO \"%s\"(", p->type->name);
    for (int i = 0; i < p->count; i++)
        buffer_print(sql, "%s%s", i ? ", " : "", p->names[i]);
    if (p->name)
        buffer_print(sql, ", \"%s_folded\"", p->type->name_field);
    buffer_text(sql, ") VALUES ($1");
    for (int i = 1; i < p->count + (p->name != NULL); i++)
        buffer_print(sql, ", $%d", i + 1);
    buffer_char(sql, ')');
    return pinned(c, &p->insert, sql);
}

static struct fault *update_statement(struct connection *c, struct plan *p)
{
    if (p->update)
        return NULL;
    ARENA_SCOPE(work);
    struct buffer *sql = buffer_new(work, LIMIT_SQL);
    buffer_print(sql, "UPDATE \"%s\" SET ", p->type->name);
    for (int i = 1; i < p->count; i++)
        buffer_print(sql, "%s%s = $%d", i > 1 ? ", " : "", p->names[i], i + 1);
    if (p->name)
        buffer_print(sql, ", \"%s_folded\" = $%d", p->type->name_field, p->count + 1);
    buffer_text(sql, " WHERE \"id\" = $1");
    return pinned(c, &p->update, sql);
}

/* SQLite does not say which reference failed; this looks, after the fact. */
static struct fault *name_dangling_ref(struct connection *c, const struct record_type *t, const void *record)
{
    for (int i = 0; i < t->count; i++) {
        const struct field *f = &t->fields[i];
        if (f->kind != KIND_ref || !field_known(f, record))
            continue;
        ARENA_SCOPE(work);
        const struct record_type *to = record_type_find(f->to);
        void *other = record_new(work, to);
        struct fault *missing = stored_load(c, work, to, *(const int64_t *)field_in(f, record), other);
        if (missing && missing->code == FAULT_NOT_FOUND)
            return fault_in(f->name, fault(FAULT_INVALID, "%s: there is no such record.", tr(f->label)));
    }
    return fault(FAULT_INVALID, "This refers to a record that does not exist.");
}

static struct fault *row_store(struct connection *c, struct plan *p, struct statement *s, const void *record)
{
    ARENA_SCOPE(work);
    struct argument arguments[2 * LIMIT_FIELDS + 3];
    size_t count = 0;
    for (int i = 0; i < p->count; i++)
        arguments[count++] = cell_argument(&p->cells[i], record);
    if (p->name) {
        struct argument name = cell_argument(p->name, record);
        arguments[count++] = argument_text(name.text ? fold_text(work, name.text) : NULL);
    }
    struct fault *wrong = statement_run(c, s, (struct arguments){arguments, count});
    bool dangling = wrong && sqlite3_extended_errcode(c->handle) == SQLITE_CONSTRAINT_FOREIGNKEY;
    return dangling ? name_dangling_ref(c, p->type, record) : wrong;
}

/* The terms of one field, replacing what stands there. */
static struct fault *terms_store(struct transaction *t, const struct record_type *type, const struct field *f,
                                 const void *record, bool fresh)
{
    const struct term_list *list = field_in(f, record);
    int64_t id = ((const struct record_head *)record)->id;
    if (!fresh)
        TRY(db_change(t, NULL, "DELETE FROM record_term WHERE type = $1 AND record = $2 AND field = $3",
                      ARGS(ARG(type->name), ARG(id), ARG(f->id))));
    for (size_t i = 0; i < list->count; i++) {
        struct fault *wrong =
            db_change(t, NULL,
                      "INSERT INTO record_term(type, record, field, term) VALUES($1, $2, $3, $4)"
                      " ON CONFLICT DO NOTHING",
                      ARGS(ARG(type->name), ARG(id), ARG(f->id), ARG(list->ids[i])));
        if (wrong && wrong->code == FAULT_INVALID)
            return fault_in(f->name, fault(FAULT_INVALID, "%s: there is no such term.", tr(f->label)));
        TRY(wrong);
    }
    return NULL;
}

/* Journals every field that differs; `before` NULL: an insertion, every known field. */
static struct fault *differences(struct arena *work, const struct record_type *type, const void *before,
                                 const void *after, struct journal_change **changes, size_t *count)
{
    *changes = NEW(work, struct journal_change, type->count);
    *count = 0;
    for (int i = 0; i < type->count; i++) {
        const struct field *f = &type->fields[i];
        bool was = before && field_known(f, before), is = field_known(f, after);
        if (before ? field_equal(f, before, after) : !is)
            continue;
        (*changes)[(*count)++] = (struct journal_change){.field = f->id,
                                                         .before = was ? value_plain(f, work, before) : NULL,
                                                         .after = is ? value_plain(f, work, after) : NULL};
    }
    return arena_check(work);
}

/* What goes with the row: its terms, its entry. */
static struct fault *insert_rest(struct transaction *t, struct plan *p, const void *record, int64_t person)
{
    ARENA_SCOPE(work);
    struct journal_change *changes;
    size_t count;
    const struct record_head *head = record;
    for (int i = 0; i < p->terms_count; i++)
        TRY(terms_store(t, p->type, p->terms[i], record, true));
    TRY(differences(work, p->type, NULL, record, &changes, &count));
    return journal_append(t, person, JOURNAL_INSERT, p->type->name, head->id, changes, count);
}

/* Takes a half-made record back, so that it happened whole or not at all even when the caller goes on after
 * the fault. Cheaper than a savepoint, which copies every page it meets: an import passes here for every
 * line. */
static struct fault *insert_undo(struct transaction *t, struct plan *p, int64_t id, struct fault *wrong)
{
    ARENA_SCOPE(work);
    struct fault kept = *wrong;
    struct buffer *sql = buffer_new(work, LIMIT_SQL);
    struct statement *s;
    TRY(db_change(t, NULL, "DELETE FROM record_term WHERE type = $1 AND record = $2",
                  ARGS(ARG(p->type->name), ARG(id))));
    buffer_print(sql, "DELETE FROM \"%s\" WHERE \"id\" = $1", p->type->name);
    TRY(statement_find(t->connection, buffer_view(sql), buffer_string(sql), &s));
    TRY(statement_run(t->connection, s, ARGS(ARG(id))));
    return fault_again(&kept);
}

struct fault *rows_insert(struct transaction *t, const struct record_type *type, void *record, int64_t person)
{
    struct plan *p = plan_of(t->connection, type);
    struct record_head *head = record, kept = *head;
    TRY(transaction_check(t));
    if (!head->id)
        head->id = new_id();
    head->version = 1;
    TRY(insert_statement(t->connection, p));
    struct fault *wrong = row_store(t->connection, p, p->insert, record);
    if (!wrong) {
        wrong = insert_rest(t, p, record, person);
        if (wrong)
            wrong = insert_undo(t, p, head->id, wrong);
    }
    if (wrong)
        *head = kept;
    return wrong;
}

/* A write of several statements happens whole or not at all, even when the caller goes on after a fault. */
static struct fault *step_begin(struct transaction *t)
{
    return db_change(t, NULL, "SAVEPOINT step", NO_ARGS);
}

static struct fault *step_end(struct transaction *t, struct fault *wrong)
{
    if (!wrong)
        return db_change(t, NULL, "RELEASE step", NO_ARGS);
    struct fault kept = *wrong;
    if (!db_change(t, NULL, "ROLLBACK TO step", NO_ARGS) && !db_change(t, NULL, "RELEASE step", NO_ARGS))
        *wrong = kept;
    return wrong;
}

static struct fault *update_whole(struct transaction *t, struct plan *p, const void *before, void *record,
                                  const struct journal_change *changes, size_t count, int64_t person)
{
    const struct record_head *head = record;
    TRY(update_statement(t->connection, p));
    TRY(row_store(t->connection, p, p->update, record));
    for (int i = 0; i < p->terms_count; i++)
        if (!field_equal(p->terms[i], before, record))
            TRY(terms_store(t, p->type, p->terms[i], record, false));
    return journal_append(t, person, JOURNAL_UPDATE, p->type->name, head->id, changes, count);
}

static struct fault *moved_on(const struct record_type *type)
{
    return fault(FAULT_CONFLICT, "%s: somebody else changed this in the meantime.", tr(type->title));
}

struct fault *rows_update(struct transaction *t, const struct record_type *type, void *record, int64_t person)
{
    ARENA_SCOPE(work);
    struct plan *p = plan_of(t->connection, type);
    struct record_head *head = record;
    void *before = record_new(work, type);
    struct journal_change *changes;
    size_t count;
    TRY(transaction_check(t));
    TRY(stored_load(t->connection, work, type, head->id, before));
    if (((const struct record_head *)before)->version != head->version)
        return moved_on(type);
    TRY(differences(work, type, before, record, &changes, &count));
    if (!count)
        return NULL;
    TRY(step_begin(t));
    head->version++;
    struct fault *wrong = step_end(t, update_whole(t, p, before, record, changes, count, person));
    if (wrong)
        head->version--;
    return wrong;
}

/* Deletion and its undo: the row and its terms stay. */

static struct fault *mark(struct transaction *t, struct statement **slot, const struct record_type *type,
                          const char *set, struct arguments arguments, int64_t *changed)
{
    if (!*slot) {
        ARENA_SCOPE(work);
        struct buffer *sql = buffer_new(work, LIMIT_SQL);
        buffer_print(sql, "UPDATE \"%s\" SET \"version\" = \"version\" + 1, %s", type->name, set);
        TRY(pinned(t->connection, slot, sql));
    }
    TRY(statement_run(t->connection, *slot, arguments));
    *changed = sqlite3_changes64(t->connection->handle);
    return NULL;
}

struct fault *rows_delete(struct transaction *t, const struct record_type *type, int64_t id, int64_t version,
                          int64_t person)
{
    struct plan *p = plan_of(t->connection, type);
    int64_t changed;
    TRY(transaction_check(t));
    TRY(mark(t, &p->remove, type,
             "deleted_us = $3 WHERE \"id\" = $1 AND \"version\" = $2 AND deleted_us IS NULL",
             ARGS(ARG(id), ARG(version), ARG(now_us())), &changed));
    if (!changed) {
        ARENA_SCOPE(work);
        TRY(stored_load(t->connection, work, type, id, record_new(work, type)));
        return moved_on(type);
    }
    return journal_append(t, person, JOURNAL_DELETE, type->name, id, NULL, 0);
}

struct fault *rows_restore(struct transaction *t, const struct record_type *type, int64_t id, int64_t person)
{
    struct plan *p = plan_of(t->connection, type);
    int64_t changed;
    TRY(transaction_check(t));
    TRY(mark(t, &p->restore, type, "deleted_us = NULL WHERE \"id\" = $1 AND deleted_us IS NOT NULL",
             ARGS(ARG(id)), &changed));
    return changed ? journal_append(t, person, JOURNAL_RESTORE, type->name, id, NULL, 0)
                   : no_such_record(type);
}
