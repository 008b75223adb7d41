/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* schema.c - the tables of a space, made from the descriptions. */
#include <string.h>

#include "journal/schema.h"
#include "record/record.h"
#include "records/records.h"
#include "rows/plan.h"

static const char *column_type(enum kind kind)
{
    static const char *const types[] = {[CELL_TEXT] = "TEXT",
                                        [CELL_INTEGER] = "INTEGER",
                                        [CELL_REAL] = "REAL",
                                        [CELL_FLAG] = "INTEGER",
                                        [CELL_REF] = "INTEGER"};
    return types[cell_kind_of(kind)];
}

static void column_define(struct buffer *sql, const struct field *f)
{
    for (int which = 0; which < column_count(f->kind); which++) {
        buffer_text(sql, ",\n  ");
        column_name(sql, f, which);
        buffer_print(sql, " %s", column_type(f->kind));
        if (f->required && f->kind != KIND_interval)
            buffer_text(sql, " NOT NULL");
        if (f->kind == KIND_ref)
            buffer_print(sql, " REFERENCES \"%s\"(\"id\")", f->to);
    }
}

static void table_define(struct buffer *sql, const struct record_type *t)
{
    buffer_print(sql,
                 "CREATE TABLE IF NOT EXISTS \"%s\" (\n  \"id\" INTEGER PRIMARY KEY,\n"
                 "  \"version\" INTEGER NOT NULL,\n  deleted_us INTEGER",
                 t->name);
    if (t->name_field)
        buffer_print(sql, ",\n  \"%s_folded\" TEXT", t->name_field);
    for (int longs = 0; longs < 2; longs++)
        for (int i = 0; i < t->count; i++)
            if ((t->fields[i].kind == KIND_longtext) == longs)
                column_define(sql, &t->fields[i]);
    buffer_text(sql, "\n) STRICT;\n");
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
 * mostly empty costs no entry where it is. */
static void indexes_define(struct buffer *sql, const struct record_type *t)
{
    levels_index(sql, t);
    if (t->name_field)
        buffer_print(sql, "CREATE INDEX IF NOT EXISTS \"%s_%s_folded\" ON \"%s\"(\"%s_folded\", \"id\");\n",
                     t->name, t->name_field, t->name, t->name_field);
    for (int i = 0; i < t->count; i++) {
        const struct field *f = &t->fields[i];
        if (f->unique)
            buffer_print(sql,
                         "CREATE UNIQUE INDEX IF NOT EXISTS \"%s_%s\" ON \"%s\"(\"%s\")"
                         " WHERE deleted_us IS NULL AND \"%s\" IS NOT NULL;\n",
                         t->name, f->name, t->name, f->name, f->name);
        else if (f->kind == KIND_ref)
            buffer_print(sql,
                         "CREATE INDEX IF NOT EXISTS \"%s_%s\" ON \"%s\"(\"%s\")"
                         " WHERE deleted_us IS NULL AND \"%s\" IS NOT NULL;\n",
                         t->name, f->name, t->name, f->name, f->name);
    }
}

struct fault *rows_create_schema(struct transaction *t)
{
    ARENA_SCOPE(work);
    struct buffer *sql = buffer_new(work, LIMIT_SQL);
    for (int i = 0; i < record_type_count; i++) {
        table_define(sql, all_record_types[i]);
        indexes_define(sql, all_record_types[i]);
    }
    buffer_text(sql,
                "CREATE TABLE IF NOT EXISTS record_term (\n"
                "  type TEXT NOT NULL, record INTEGER NOT NULL, field INTEGER NOT NULL,\n"
                "  term INTEGER NOT NULL REFERENCES term(id),\n"
                "  PRIMARY KEY (type, record, field, term)\n) STRICT, WITHOUT ROWID;\n"
                "CREATE INDEX IF NOT EXISTS record_term_term ON record_term(term, type, field, record);\n");
    buffer_text(sql, journal_schema);
    TRY(buffer_check(sql));
    return db_script(t, buffer_string(sql));
}
