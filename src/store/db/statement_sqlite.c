/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* statement_sqlite.c - prepared statements of SQLite: arguments bound, rows stepped, columns read. */
#include <stdlib.h>

#include "arena/arena.h"
#include "db/sqlite.h"
#include "hurry/hurry.h"

static struct fault *failed(struct connection *c)
{
    return sqlite_fault(c->link, &c->error);
}

struct fault *sqlite_prepare(struct connection *c, struct statement *s, const char *sql)
{
    sqlite3_stmt *handle = NULL;
    sqlite_unlock(c, s->by_program);
    int code = sqlite3_prepare_v3(c->link, sql, -1, SQLITE_PREPARE_PERSISTENT, &handle, NULL);
    s->handle = handle;
    return code == SQLITE_OK ? NULL : failed(c);
}

void sqlite_close_statement(struct connection *c, struct statement *s)
{
    (void)c;
    (void)sqlite3_finalize(s->handle);
}

bool sqlite_busy(const struct statement *s)
{
    return sqlite3_stmt_busy(s->handle);
}

/* The head of the list is copied: an argument is often gone before the statement is stepped. */
static int bind_ids(sqlite3_stmt *handle, int slot, struct id_list list)
{
    struct id_list *copy = malloc(sizeof *copy);
    if (!copy)
        abort();
    *copy = list;
    return sqlite3_bind_pointer(handle, slot, copy, "id_list", free);
}

/* Texts are bound without a copy: they live until the statement has run. */
static int bind_one(sqlite3_stmt *handle, int slot, const struct argument *a)
{
    switch (a->kind) {
    case ARGUMENT_INTEGER:
        return known_integer(a->integer) ? sqlite3_bind_int64(handle, slot, a->integer)
                                         : sqlite3_bind_null(handle, slot);
    case ARGUMENT_REAL:
        return sqlite3_bind_double(handle, slot, a->real); /* SQLite makes NULL of NaN */
    case ARGUMENT_TEXT:
        return sqlite3_bind_text(handle, slot, a->text, -1, SQLITE_STATIC); /* and of a NULL pointer */
    case ARGUMENT_SLICE:
        return sqlite3_bind_text64(handle, slot, a->slice.ptr ? a->slice.ptr : "", a->slice.len,
                                   SQLITE_STATIC, SQLITE_UTF8);
    case ARGUMENT_BYTES:
        return sqlite3_bind_blob64(handle, slot, a->slice.ptr, a->slice.len, SQLITE_STATIC);
    case ARGUMENT_IDS:
        return bind_ids(handle, slot, a->ids);
    }
    return SQLITE_MISUSE;
}

struct fault *sqlite_send(struct connection *c, struct statement *s, struct arguments arguments)
{
    if (hurry_is_over())
        return hurry_fault();
    for (size_t i = 0; i < arguments.count; i++)
        if (bind_one(s->handle, s->slot[i] + 1, &arguments.at[i]) != SQLITE_OK)
            return failed(c);
    return NULL;
}

struct fault *sqlite_step(struct connection *c, struct statement *s, bool *row)
{
    sqlite_unlock(c, s->by_program); /* a step prepares anew when the schema has changed */
    int code = sqlite3_step(s->handle);
    *row = code == SQLITE_ROW;
    if (*row)
        return NULL;
    struct fault *wrong = code == SQLITE_DONE ? NULL : failed(c);
    (void)sqlite3_reset(s->handle);
    return wrong;
}

void sqlite_reset(struct connection *c, struct statement *s)
{
    (void)c;
    (void)sqlite3_reset(s->handle);
}

int64_t sqlite_changes(struct connection *c, struct statement *s)
{
    (void)s;
    return sqlite3_changes64(c->link);
}

/* Columns. */

int sqlite_columns(const struct statement *s)
{
    return sqlite3_column_count(s->handle);
}

const char *sqlite_column_name(const struct statement *s, int column)
{
    return sqlite3_column_name(s->handle, column);
}

bool sqlite_unknown(const struct statement *s, int column)
{
    return sqlite3_column_type(s->handle, column) == SQLITE_NULL;
}

int64_t sqlite_integer(const struct statement *s, int column)
{
    return sqlite3_column_int64(s->handle, column);
}

struct slice sqlite_bytes(const struct statement *s, int column)
{
    const void *at = sqlite3_column_blob(s->handle, column);
    return (struct slice){at ? at : "", (size_t)sqlite3_column_bytes(s->handle, column)};
}

/* One type test and one copy a column. */
struct fault *sqlite_cells(const struct statement *s, int first, const struct cell *cells, int count,
                           struct arena *a, void *row)
{
    sqlite3_stmt *handle = s->handle;
    static const int expected[] = {[CELL_TEXT] = SQLITE_TEXT,
                                   [CELL_INTEGER] = SQLITE_INTEGER,
                                   [CELL_REAL] = SQLITE_FLOAT,
                                   [CELL_FLAG] = SQLITE_INTEGER,
                                   [CELL_REF] = SQLITE_INTEGER};
    for (int i = 0; i < count; i++) {
        int column = first + i, type = sqlite3_column_type(handle, column);
        void *at = (char *)row + cells[i].offset;
        if (type == SQLITE_NULL) {
            cell_forget(&cells[i], row);
            continue;
        }
        if (type != expected[cells[i].kind] && !(cells[i].kind == CELL_REAL && type == SQLITE_INTEGER))
            return cell_of_another_type(s, column);
        if (cells[i].kind == CELL_TEXT) {
            const char *text = (const char *)sqlite3_column_text(handle, column);
            *(const char **)at = arena_text(a, text, (size_t)sqlite3_column_bytes(handle, column));
        } else if (cells[i].kind == CELL_REAL)
            *(double *)at = sqlite3_column_double(handle, column);
        else if (cells[i].kind == CELL_FLAG)
            *(enum flag *)at = sqlite3_column_int(handle, column) ? FLAG_YES : FLAG_NO;
        else
            *(int64_t *)at = sqlite3_column_int64(handle, column);
    }
    return NULL;
}
