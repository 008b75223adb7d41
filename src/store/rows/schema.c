/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* schema.c - the tables of a space, made from the descriptions. */
#include <string.h>

#include "answers/answers.h"
#include "contents/contents.h"
#include "journal/schema.h"
#include "queries/jobs.h"
#include "record/record.h"
#include "records/records.h"
#include "rows/plan.h"

static const char *column_type(const struct dialect *d, enum kind kind)
{
    switch (cell_kind_of(kind)) {
    case CELL_TEXT:
        return d->text;
    case CELL_REAL:
        return d->real;
    case CELL_INTEGER:
    case CELL_FLAG:
    case CELL_REF:
        break;
    }
    return d->integer;
}

static void column_define(struct buffer *sql, const struct dialect *d, const struct record_type *t,
                          const struct field *f)
{
    for (int which = 0; which < column_count(f->kind); which++) {
        buffer_text(sql, ",\n  ");
        column_name(sql, f, which);
        buffer_print(sql, " %s", column_type(d, f->kind));
        if (f->required && f->kind != KIND_interval)
            buffer_text(sql, " NOT NULL");
        if (f->kind == KIND_ref)
            buffer_print(sql, " CONSTRAINT \"%s_%s\" REFERENCES \"%s\"(\"id\") DEFERRABLE", t->name, f->name,
                         f->to);
    }
}

static void table_define(struct buffer *sql, const struct dialect *d, const struct record_type *t)
{
    buffer_print(sql,
                 "CREATE TABLE IF NOT EXISTS \"%s\" (\n  \"id\" %s PRIMARY KEY,\n"
                 "  \"version\" %s NOT NULL,\n  deleted_us %s",
                 t->name, d->integer, d->integer, d->integer);
    for (int i = 0; i < t->count; i++)
        if (fold_kept(d, t, &t->fields[i]))
            buffer_print(sql, ",\n  \"%s_folded\" %s", t->fields[i].name, d->text);
    for (int longs = 0; longs < 2; longs++)
        for (int i = 0; i < t->count; i++)
            if ((t->fields[i].kind == KIND_longtext) == longs)
                column_define(sql, d, t, &t->fields[i]);
    buffer_print(sql, "\n%s;\n", d->table_end);
}

/* Who may see how many: levels, and whom they belong to, without reading the rows. */
static void levels_index(struct buffer *sql, const struct record_type *t)
{
    bool owned = t->owner && strcmp(t->owner, "id") != 0;
    if (t->visibility_field)
        buffer_print(
            sql,
            "CREATE INDEX IF NOT EXISTS \"%s_levels\" ON \"%s\"(\"%s\"%s%s%s) WHERE deleted_us IS NULL;\n",
            t->name, t->name, t->visibility_field, owned ? ", \"" : "", owned ? t->owner : "",
            owned ? "\"" : "");
}

/* Unique only among records that are not deleted, so that a value can be used again. A reference that is
 * mostly empty costs no entry where it is. SQLite takes "IS NOT NULL" of a column that is never NULL for a
 * constant, and would then not use the index: it is left out there. */
static void value_index(struct buffer *sql, const struct record_type *t, const struct field *f)
{
    buffer_print(sql,
                 "CREATE %sINDEX IF NOT EXISTS \"%s_%s\" ON \"%s\"(\"%s\"%s%s%s) WHERE deleted_us IS NULL",
                 f->unique ? "UNIQUE " : "", t->name, f->name, t->name, f->name, f->by_owner ? ", \"" : "",
                 f->by_owner ? t->owner : "", f->by_owner ? "\"" : "");
    if (!f->required)
        buffer_print(sql, " AND \"%s\" IS NOT NULL", f->name);
    buffer_text(sql, ";\n");
}

static void indexes_define(struct buffer *sql, const struct record_type *t)
{
    levels_index(sql, t);
    if (t->name_field)
        buffer_print(sql, "CREATE INDEX IF NOT EXISTS \"%s_%s_folded\" ON \"%s\"(\"%s_folded\", \"id\");\n",
                     t->name, t->name_field, t->name, t->name_field);
    for (int i = 0; i < t->count; i++)
        if (t->fields[i].unique || t->fields[i].sought || t->fields[i].kind == KIND_ref)
            value_index(sql, t, &t->fields[i]);
}

static void terms_define(struct buffer *sql, const struct dialect *d)
{
    buffer_print(sql,
                 "CREATE TABLE IF NOT EXISTS record_term (\n"
                 "  type %s NOT NULL, record %s NOT NULL, field %s NOT NULL,\n"
                 "  term %s NOT NULL REFERENCES term(id) DEFERRABLE,\n  PRIMARY KEY (type, record, field, "
                 "term)\n%s;\n",
                 d->text, d->integer, d->integer, d->integer, d->keyed_end);
    buffer_text(sql,
                "CREATE INDEX IF NOT EXISTS record_term_term ON record_term(term, type, field, record);\n");
}

struct fault *rows_create_schema(struct transaction *t)
{
    ARENA_SCOPE(work);
    struct buffer *sql = buffer_new(work, LIMIT_SQL);
    const struct dialect *d = &t->connection->engine->dialect;
    buffer_text(sql, BY_PROGRAM("schema"));
    for (int i = 0; i < record_type_count; i++) {
        table_define(sql, d, all_record_types[i]);
        indexes_define(sql, all_record_types[i]);
    }
    terms_define(sql, d);
    journal_define(sql, d);
    answers_define(sql, d);
    jobs_define(sql, d);
    contents_define(sql, d);
    if (d->views_stay)
        views_define(sql, t->connection);
    TRY(buffer_check(sql));
    return db_script(t, buffer_string(sql));
}

struct fault *rows_count_anew(struct transaction *t)
{
    const char *statistics = t->connection->engine->dialect.statistics;
    if (!statistics)
        return NULL;
    ARENA_SCOPE(work);
    struct buffer *sql = buffer_new(work, LIMIT_SQL);
    buffer_print(sql, BY_PROGRAM("statistics") "%s", statistics);
    for (int i = 0; i < record_type_count; i++)
        buffer_print(sql, ", \"%s\"", all_record_types[i]->name);
    TRY(buffer_check(sql));
    return db_script(t, buffer_string(sql));
}

struct fault *rows_open(const char *place, bool create, struct db **db)
{
    return db_open_locked(place, create, views_define, db);
}

/* A column that is not there is met when its statement is prepared, or sent. */
static struct fault *type_check(struct connection *c, const struct record_type *t)
{
    ARENA_SCOPE(work);
    struct statement *s;
    TRY(plan_select(work, c, plan_of(c, t), "FALSE", &s));
    TRY(statement_run(c, s, NO_ARGS));
    if (!c->locked)
        return NULL;
    const char *seen = arena_print(work, "SELECT id FROM \"seen_%s\" WHERE FALSE", t->name);
    TRY(statement_find(c, slice_of(seen), &s));
    return statement_run(c, s, NO_ARGS);
}

/* What stands beside the records. */
static struct fault *others_check(struct connection *c)
{
    int64_t rows;
    TRY(db_integer(c, &rows, 0, BY_PROGRAM("schema") "SELECT max(id) FROM kept_answer", NO_ARGS));
    TRY(db_integer(c, &rows, 0, BY_PROGRAM("schema") "SELECT count(*) FROM content_part WHERE FALSE", NO_ARGS));
    return jobs_table_check(c);
}

struct fault *rows_check_schema(struct connection *c)
{
    for (int i = 0; i <= record_type_count; i++) {
        struct fault *wrong = i < record_type_count ? type_check(c, all_record_types[i]) : others_check(c);
        if (wrong && wrong->code == FAULT_BUG) {
            ARENA_SCOPE(work);
            return fault(FAULT_INVALID, "%s is not a space of this version of Grappe: make it anew.",
                         place_shown(work, db_path(c->db)));
        }
        TRY(wrong);
    }
    return NULL;
}
