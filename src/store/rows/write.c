/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* write.c - records inserted, updated, deleted and restored, each with its journal entry. */
#include <string.h>

#include "clock/clock.h"
#include "i18n/i18n.h"
#include "journal/journal.h"
#include "records/records.h"
#include "rows/plan.h"
#include "text/fold.h"

#define OURS BY_PROGRAM("rows")

/* Prepared once per connection and type, and kept: an import passes here for every line. */
static struct fault *pinned(struct connection *c, struct statement **slot, struct buffer *sql)
{
    TRY(buffer_check(sql));
    TRY(statement_find(c, buffer_view(sql), slot));
    (*slot)->pinned = true;
    return NULL;
}

#define ALL_KNOWN UINT64_MAX

static bool cell_named(const struct plan *p, const struct cell *cell, uint64_t known)
{
    int field = p->field_of[cell - p->cells];
    return field < 0 || known >> field & 1;
}

/* The fields with columns of which a record says something. */
static uint64_t known_fields(const struct plan *p, const void *record)
{
    uint64_t known = 0;
    for (int i = 0; i < p->type->count; i++)
        if (p->type->fields[i].kind != KIND_terms && field_known(&p->type->fields[i], record))
            known |= (uint64_t)1 << i;
    return known;
}

static void columns_name(struct buffer *sql, const struct plan *p, uint64_t known)
{
    int count = 0;
    for (int i = 0; i < p->count; i++)
        if (cell_named(p, &p->cells[i], known))
            buffer_print(sql, "%s%s", count++ ? ", " : "", p->names[i]);
    for (int i = 0; i < p->folds_count; i++)
        if (cell_named(p, p->folds[i].of, known)) {
            buffer_print(sql, ", %s", p->folds[i].name);
            count++;
        }
    buffer_text(sql, ") VALUES ($1");
    for (int i = 1; i < count; i++)
        buffer_print(sql, ", $%d", i + 1);
}

/* One that names no column which stays empty: a server looks at each argument, NULL or not. After some such
 * sets of columns, records of other sets share the statement that names them all. */
static struct fault *insert_statement(struct connection *c, struct plan *p, uint64_t known,
                                      const struct insertion **found)
{
    struct insertion *one = p->insertions, *end = one + p->insertions_count;
    while (one < end && one->known != known && one->known != ALL_KNOWN)
        one++;
    *found = one;
    if (one < end)
        return NULL;
    ARENA_SCOPE(work);
    struct buffer *sql = buffer_new(work, LIMIT_SQL);
    one->known = p->insertions_count == INSERTIONS - 1 ? ALL_KNOWN : known;
    buffer_print(sql, OURS "INSERT INTO \"%s\"(", p->type->name);
    columns_name(sql, p, one->known);
    buffer_char(sql, ')');
    TRY(pinned(c, &one->statement, sql));
    p->insertions_count++;
    return NULL;
}

/* Takes the cells as $1…, then the folded texts. */
static struct fault *update_statement(struct connection *c, struct plan *p)
{
    if (p->update)
        return NULL;
    ARENA_SCOPE(work);
    struct buffer *sql = buffer_new(work, LIMIT_SQL);
    buffer_print(sql, OURS "UPDATE \"%s\" SET ", p->type->name);
    for (int i = 1; i < p->count; i++)
        buffer_print(sql, "%s%s = $%d", i > 1 ? ", " : "", p->names[i], i + 1);
    for (int i = 0; i < p->folds_count; i++)
        buffer_print(sql, ", %s = $%d", p->folds[i].name, p->count + i + 1);
    buffer_text(sql, " WHERE \"id\" = $1");
    return pinned(c, &p->update, sql);
}

static struct fault *row_store(struct connection *c, const struct plan *p, struct statement *s,
                               const void *record, uint64_t known)
{
    ARENA_SCOPE(work);
    struct argument arguments[3 * LIMIT_FIELDS + 2];
    size_t count = 0;
    for (int i = 0; i < p->count; i++)
        if (cell_named(p, &p->cells[i], known))
            arguments[count++] = cell_argument(&p->cells[i], record);
    for (int i = 0; i < p->folds_count; i++) {
        if (!cell_named(p, p->folds[i].of, known))
            continue;
        struct argument text = cell_argument(p->folds[i].of, record);
        arguments[count++] = argument_text(text.text ? fold_text(work, text.text) : NULL);
    }
    return statement_queue(c, s, (struct arguments){arguments, count});
}

struct fault *row_queue(struct connection *c, struct plan *p, const void *record)
{
    const struct insertion *with;
    TRY(insert_statement(c, p, known_fields(p, record), &with));
    return row_store(c, p, with->statement, record, with->known);
}

/* The terms of one field, replacing what stands there. */
static struct fault *terms_store(struct transaction *t, const struct record_type *type, const struct field *f,
                                 const void *record, bool fresh)
{
    const struct term_list *list = field_in(f, record);
    int64_t id = ((const struct record_head *)record)->id;
    if (!fresh)
        TRY(change_queue(t,
                         SQL(OURS "DELETE FROM record_term WHERE type = $1 AND record = $2 AND field = $3"),
                         ARGS(ARG(type->name), ARG(id), ARG(f->id))));
    for (size_t i = 0; i < list->count; i++)
        TRY(change_queue(t,
                         SQL(OURS "INSERT INTO record_term(type, record, field, term) VALUES($1, $2, $3, $4)"
                                  " ON CONFLICT DO NOTHING"),
                         ARGS(ARG(type->name), ARG(id), ARG(f->id), ARG(list->ids[i]))));
    return NULL;
}

static struct fault *term_missing(struct connection *c, const struct field *f, const void *record)
{
    const struct term_list *list = field_in(f, record);
    for (size_t i = 0; i < list->count; i++) {
        int64_t found;
        TRY(db_integer(c, &found, 0, OURS "SELECT id FROM term WHERE id = $1", ARGS(ARG(list->ids[i]))));
        if (!found)
            return fault_in(f->name, fault(FAULT_INVALID, "%s: there is no such term.", tr(f->label)));
    }
    return NULL;
}

static struct fault *record_missing(struct connection *c, const struct field *f, const void *record)
{
    ARENA_SCOPE(work);
    const struct record_type *to = record_type_find(f->to);
    void *other = record_new(work, to);
    struct fault *missing = stored_load(c, work, to, *(const int64_t *)field_in(f, record), other);
    if (missing && missing->code == FAULT_NOT_FOUND)
        return fault_in(f->name, fault(FAULT_INVALID, "%s: there is no such record.", tr(f->label)));
    return NULL;
}

/* A database does not always say which reference leads nowhere; this looks, after the fact. */
static struct fault *name_dangling(struct transaction *of, const struct record_type *t, const void *record,
                                   struct fault *wrong)
{
    struct connection *c = of->connection;
    if (!wrong || c->error != ERROR_REFERENCE || *wrong->field)
        return wrong;
    if (c->engine->remote)
        transaction_undo(of); /* only then it answers */
    for (int i = 0; i < t->count; i++) {
        const struct field *f = &t->fields[i];
        if (f->kind == KIND_terms)
            TRY(term_missing(c, f, record));
        else if (f->kind == KIND_ref && field_known(f, record))
            TRY(record_missing(c, f, record));
    }
    return fault(FAULT_INVALID, "This refers to a record that does not exist.");
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

/* A fault may come later, with what needs an answer; at once where it would not name the field then. */
static struct fault *name_now(struct transaction *t, const struct plan *p, const void *record)
{
    for (int i = 0; i < p->terms_count; i++)
        if (field_known(p->terms[i], record))
            return connection_settle(t->connection);
    return NULL;
}

static struct fault *insert_whole(struct transaction *t, struct plan *p, const void *record, int64_t person)
{
    t->connection->error = ERROR_OK;
    TRY(row_queue(t->connection, p, record));
    TRY(insert_rest(t, p, record, person));
    return name_now(t, p, record);
}

struct fault *rows_insert(struct transaction *t, const struct record_type *type, void *record, int64_t person)
{
    struct record_head *head = record, kept = *head;
    TRY(transaction_check(t));
    if (!head->id)
        head->id = new_id();
    head->version = 1;
    struct fault *wrong =
        transaction_failed(t, insert_whole(t, plan_of(t->connection, type), record, person));
    wrong = name_dangling(t, type, record, wrong);
    if (wrong)
        *head = kept;
    return wrong;
}

static struct fault *update_whole(struct transaction *t, struct plan *p, const void *before, void *record,
                                  const struct journal_change *changes, size_t count, int64_t person)
{
    const struct record_head *head = record;
    t->connection->error = ERROR_OK;
    TRY(update_statement(t->connection, p));
    TRY(row_store(t->connection, p, p->update, record, ALL_KNOWN));
    for (int i = 0; i < p->terms_count; i++)
        if (!field_equal(p->terms[i], before, record))
            TRY(terms_store(t, p->type, p->terms[i], record, false));
    TRY(journal_append(t, person, JOURNAL_UPDATE, p->type->name, head->id, changes, count));
    return name_now(t, p, record);
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
    head->version++;
    struct fault *wrong = transaction_failed(t, update_whole(t, p, before, record, changes, count, person));
    wrong = name_dangling(t, type, record, wrong);
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
        buffer_print(sql, OURS "UPDATE \"%s\" SET \"version\" = \"version\" + 1, %s", type->name, set);
        TRY(pinned(t->connection, slot, sql));
    }
    TRY(transaction_failed(t, statement_run(t->connection, *slot, arguments)));
    *changed = t->connection->engine->changes(t->connection, *slot);
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
