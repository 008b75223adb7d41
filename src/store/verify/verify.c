/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "verify/verify.h"

#include <string.h>

#include "i18n/i18n.h"
#include "journal/journal.h"
#include "rows/plan.h"

#define INTEGRITY_ROW(COLUMN) COLUMN(text, integrity_check)
ROW(integrity_row, INTEGRITY_ROW)

static struct fault *file_verify(struct connection *c, struct arena *a)
{
    struct integrity_row *rows;
    size_t count;
    TRY(db_select(c, a, integrity_row, &rows, &count, "PRAGMA integrity_check(1)", NO_ARGS));
    if (count == 1 && strcmp(rows[0].integrity_check, "ok") == 0)
        return NULL;
    return fault(FAULT_IO, "The file is damaged: %s.", count ? rows[0].integrity_check : "");
}

/* One count from SQL that was made from descriptions. */
static struct fault *count_of(struct connection *c, struct buffer *sql, int64_t *count)
{
    struct statement *s;
    bool row;
    TRY(buffer_check(sql));
    TRY(statement_find(c, buffer_view(sql), buffer_string(sql), &s));
    TRY(statement_bind(c, s, NO_ARGS));
    TRY(statement_step(c, s, &row));
    *count = row ? sqlite3_column_int64(s->handle, 0) : 0;
    statement_reset(s);
    return NULL;
}

/* References and terms to what is not there. */
static struct fault *links_verify(struct connection *c, struct verification *v)
{
    int64_t dangling = 0, known = 0;
    TRY(db_integer(c, &dangling, 0, "SELECT count(*) FROM pragma_foreign_key_check", NO_ARGS));
    if (dangling)
        return fault(FAULT_INVALID, "%lld links lead to records that do not exist.", (long long)dangling);
    TRY(db_integer(c, &v->terms, 0, "SELECT count(*) FROM record_term", NO_ARGS));
    for (int i = 0; i < record_type_count; i++) {
        ARENA_SCOPE(work);
        int64_t count = 0;
        struct buffer *sql = buffer_new(work, LIMIT_SQL);
        const char *name = all_record_types[i]->name;
        buffer_print(
            sql,
            "SELECT count(*) FROM record_term x JOIN \"%s\" r ON r.\"id\" = x.record WHERE x.type = '%s'",
            name, name);
        TRY(count_of(c, sql, &count));
        known += count;
    }
    if (known != v->terms)
        return fault(FAULT_INVALID, "%lld terms belong to records that do not exist.",
                     (long long)(v->terms - known));
    return NULL;
}

static struct fault *names_verify(struct connection *c, const struct record_type *t)
{
    ARENA_SCOPE(work);
    struct buffer *sql = buffer_new(work, LIMIT_SQL);
    int64_t stale = 0;
    if (!t->name_field)
        return NULL;
    buffer_print(sql, "SELECT count(*) FROM \"%s\" WHERE \"%s_folded\" IS NOT folded(\"%s\")", t->name,
                 t->name_field, t->name_field);
    TRY(count_of(c, sql, &stale));
    if (stale)
        return fault(FAULT_INVALID, "%s: the sort form of %lld names is out of date.", tr(t->title),
                     (long long)stale);
    return NULL;
}

static struct fault *record_verify(struct connection *c, const struct plan *p, struct statement *s)
{
    ARENA_SCOPE(work);
    void *record = record_new(work, p->type);
    TRY(cells_read(s->handle, 0, p->cells, p->count, work, record));
    TRY(terms_attach(c, work, p, record, 1, 0));
    const struct fault *wrong = record_check(p->type, record);
    if (!wrong)
        return NULL;
    return fault(FAULT_INVALID, "%s %lld, field %s: %s", tr(p->type->title),
                 (long long)((struct record_head *)record)->id, wrong->field, wrong->text);
}

static struct fault *type_verify(struct connection *c, const struct record_type *t, int64_t *records)
{
    ARENA_SCOPE(work);
    struct plan *p = plan_of(c, t);
    struct buffer *sql = buffer_new(work, LIMIT_SQL);
    struct statement *s;
    bool row;
    buffer_print(sql, "SELECT %s FROM \"%s\" r WHERE r.deleted_us IS NULL", p->columns, t->name);
    TRY(statement_find(c, buffer_view(sql), buffer_string(sql), &s));
    TRY(statement_bind(c, s, NO_ARGS));
    TRY(statement_step(c, s, &row));
    while (row) {
        struct fault *wrong = record_verify(c, p, s);
        if (wrong) {
            statement_reset(s);
            return wrong;
        }
        ++*records;
        TRY(statement_step(c, s, &row));
    }
    return NULL;
}

struct fault *space_verify(struct connection *c, struct arena *a, struct verification *v)
{
    int64_t head, journals;
    *v = (struct verification){.types = record_type_count};
    TRY(file_verify(c, a));
    TRY(db_integer(c, &journals, 0, "SELECT count(*) FROM sqlite_schema WHERE name = 'journal'", NO_ARGS));
    if (!journals)
        return fault(FAULT_INVALID, "This file of Grappe is not a space.");
    TRY(journal_verify(c, &v->sealed, &v->open));
    TRY(journal_head(c, a, &head, &v->head));
    TRY(db_integer(c, &v->erased, 0,
                   "SELECT count(*) FROM journal j WHERE NOT EXISTS"
                   " (SELECT 1 FROM journal_values v WHERE v.entry = j.id)",
                   NO_ARGS));
    TRY(links_verify(c, v));
    for (int i = 0; i < record_type_count; i++) {
        TRY(names_verify(c, all_record_types[i]));
        TRY(type_verify(c, all_record_types[i], &v->records));
    }
    return NULL;
}
