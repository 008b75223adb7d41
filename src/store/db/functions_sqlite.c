/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* functions_sqlite.c - what our SQL may call: folded(text), and the table id_list(list) of bound ids. */
#include <string.h>

#include "arena/arena.h"
#include "db/sqlite.h"
#include "text/fold.h"

static void folded(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    const char *text = (const char *)sqlite3_value_text(values[0]);
    if (!text)
        return; /* NULL stays NULL */
    ARENA_SCOPE(work);
    struct slice out = fold(work, (struct slice){text, (size_t)sqlite3_value_bytes(values[0])});
    sqlite3_result_text(context, out.ptr, (int)out.len, SQLITE_TRANSIENT);
}

/* id_list: one column of ids, and a hidden one that receives the pointer. */

struct list_cursor {
    sqlite3_vtab_cursor base;
    const struct id_list *list;
    size_t at;
};

static int list_connect(sqlite3 *handle, void *unused, int argc, const char *const *argv,
                        sqlite3_vtab **table, char **message)
{
    (void)unused, (void)argc, (void)argv, (void)message;
    int code = sqlite3_declare_vtab(handle, "CREATE TABLE x(id INTEGER, list HIDDEN)");
    if (code == SQLITE_OK && !(*table = sqlite3_malloc(sizeof **table)))
        code = SQLITE_NOMEM;
    if (code == SQLITE_OK)
        memset(*table, 0, sizeof **table);
    return code;
}

static int list_disconnect(sqlite3_vtab *table)
{
    sqlite3_free(table);
    return SQLITE_OK;
}

static int list_plan(sqlite3_vtab *table, sqlite3_index_info *info)
{
    (void)table;
    for (int i = 0; i < info->nConstraint; i++)
        if (info->aConstraint[i].usable && info->aConstraint[i].iColumn == 1 &&
            info->aConstraint[i].op == SQLITE_INDEX_CONSTRAINT_EQ) {
            info->aConstraintUsage[i].argvIndex = 1;
            info->aConstraintUsage[i].omit = 1;
            info->estimatedCost = 10;
            info->estimatedRows = 10;
            return SQLITE_OK;
        }
    return SQLITE_CONSTRAINT;
}

static int list_open(sqlite3_vtab *table, sqlite3_vtab_cursor **cursor)
{
    (void)table;
    struct list_cursor *c = sqlite3_malloc(sizeof *c);
    if (!c)
        return SQLITE_NOMEM;
    *c = (struct list_cursor){.list = NULL};
    *cursor = &c->base;
    return SQLITE_OK;
}

static int list_close(sqlite3_vtab_cursor *cursor)
{
    sqlite3_free(cursor);
    return SQLITE_OK;
}

static int list_filter(sqlite3_vtab_cursor *cursor, int plan, const char *name, int count,
                       sqlite3_value **values)
{
    (void)plan, (void)name;
    struct list_cursor *c = (struct list_cursor *)cursor;
    c->list = count ? sqlite3_value_pointer(values[0], "id_list") : NULL;
    c->at = 0;
    return SQLITE_OK;
}

static int list_next(sqlite3_vtab_cursor *cursor)
{
    ((struct list_cursor *)cursor)->at++;
    return SQLITE_OK;
}

static int list_ended(sqlite3_vtab_cursor *cursor)
{
    struct list_cursor *c = (struct list_cursor *)cursor;
    return !c->list || c->at >= c->list->count;
}

static int list_column(sqlite3_vtab_cursor *cursor, sqlite3_context *context, int column)
{
    struct list_cursor *c = (struct list_cursor *)cursor;
    if (column == 0)
        sqlite3_result_int64(context, c->list->at[c->at]);
    return SQLITE_OK;
}

static int list_rowid(sqlite3_vtab_cursor *cursor, sqlite3_int64 *row)
{
    *row = (sqlite3_int64)((struct list_cursor *)cursor)->at;
    return SQLITE_OK;
}

static const sqlite3_module id_list_module = {.xConnect = list_connect,
                                              .xDisconnect = list_disconnect,
                                              .xBestIndex = list_plan,
                                              .xOpen = list_open,
                                              .xClose = list_close,
                                              .xFilter = list_filter,
                                              .xNext = list_next,
                                              .xEof = list_ended,
                                              .xColumn = list_column,
                                              .xRowid = list_rowid};

struct fault *functions_register(sqlite3 *handle)
{
    int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;
    if (sqlite3_create_function_v2(handle, "folded", 1, flags, NULL, folded, NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_create_module_v2(handle, "id_list", &id_list_module, NULL, NULL) != SQLITE_OK)
        return sqlite_fault(handle, NULL);
    return NULL;
}
