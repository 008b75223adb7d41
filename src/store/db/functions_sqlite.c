/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* functions_sqlite.c - what our SQL may call: folded(text), the table id_list(list) of bound ids, and who
 * asks. */
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

static int list_connect(sqlite3 *handle, void *connection, int argc, const char *const *argv,
                        sqlite3_vtab **table, char **message)
{
    (void)argc, (void)argv, (void)message;
    struct connection *c = connection;
    bool unlocked = c->unlocked; /* to SQLite, declaring is creating, whoever asked for the list first */
    sqlite_unlock(c, true);
    int code = sqlite3_declare_vtab(handle, "CREATE TABLE x(id INTEGER, list HIDDEN)");
    sqlite_unlock(c, unlocked);
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

/* Who asks: the same all through a statement, so asked once. */

static const struct sight *asker(sqlite3_context *context)
{
    return &((const struct connection *)sqlite3_user_data(context))->asker;
}

static void asker_reads(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    int role = asker(context)->role;
    sqlite3_result_int(context, role && (sqlite3_value_int(values[0]) & (role | ROLE_VISITOR)));
}

static void asker_level(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    const char *code = (const char *)sqlite3_value_text(values[0]);
    if (sight_opens(asker(context), visibility_of_code(code)))
        sqlite3_result_value(context, values[0]);
}

static void asker_organisations(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count, (void)values;
    struct connection *c = sqlite3_user_data(context);
    sqlite3_result_pointer(context, &c->mine, "id_list", NULL);
}

static void asker_competitors(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count, (void)values;
    struct connection *c = sqlite3_user_data(context);
    sqlite3_result_pointer(context, &c->competing, "id_list", NULL);
}

static void asker_person(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count, (void)values;
    if (asker(context)->person)
        sqlite3_result_int64(context, asker(context)->person);
}

struct fault *functions_register(struct connection *c)
{
    static const struct {
        const char *name;
        int arguments;
        void (*run)(sqlite3_context *, int, sqlite3_value **);
    } functions[] = {{"folded", 1, folded},
                     {"asker_reads", 1, asker_reads},
                     {"asker_level", 1, asker_level},
                     {"asker_organisations", 0, asker_organisations},
                     {"asker_competitors", 0, asker_competitors},
                     {"asker_person", 0, asker_person}};
    int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;
    for (size_t i = 0; i < COUNT(functions); i++)
        if (sqlite3_create_function_v2(c->link, functions[i].name, functions[i].arguments, flags, c,
                                       functions[i].run, NULL, NULL, NULL) != SQLITE_OK)
            return sqlite_fault(c->link, NULL);
    if (sqlite3_create_module_v2(c->link, "id_list", &id_list_module, c, NULL) != SQLITE_OK)
        return sqlite_fault(c->link, NULL);
    return NULL;
}
