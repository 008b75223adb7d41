/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* statement.c - prepared statements, kept per connection; arguments in, rows out. */
#include "db/statement.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"

static void statement_close(struct connection *c, struct statement *s)
{
    for (size_t i = 0; i < POINTER_SLOTS; i++)
        if (c->by_pointer[i].statement == s)
            c->by_pointer[i].sql = NULL;
    (void)sqlite3_finalize(s->handle);
    free(s->key);
    free(s->cells);
    free(s);
    c->statements--;
}

void statements_close(struct connection *c)
{
    for (size_t b = 0; b < STATEMENT_BUCKETS; b++)
        for (struct statement *s = c->buckets[b], *next; s; s = next) {
            next = s->next;
            statement_close(c, s);
        }
    memset(c->buckets, 0, sizeof c->buckets);
}

/* Closes the statement not used for the longest time. */
static void make_room(struct connection *c)
{
    struct statement **oldest = NULL;
    for (size_t b = 0; b < STATEMENT_BUCKETS; b++)
        for (struct statement **s = &c->buckets[b]; *s; s = &(*s)->next)
            if (!(*s)->pinned && !sqlite3_stmt_busy((*s)->handle) &&
                (!oldest || (*s)->used < (*oldest)->used))
                oldest = s;
    if (oldest) {
        struct statement *closing = *oldest;
        *oldest = closing->next;
        statement_close(c, closing);
    }
}

/* FNV-1a, 64 bits. */
static uint64_t hash_of(struct slice s)
{
    uint64_t h = UINT64_C(0xCBF29CE484222325);
    for (size_t i = 0; i < s.len; i++)
        h = (h ^ (unsigned char)s.ptr[i]) * UINT64_C(0x100000001B3);
    return h;
}

/* $1 … $n must all be used: a number left out is a slip. */
static struct fault *map_arguments(struct statement *s, const char *sql)
{
    s->arguments = sqlite3_bind_parameter_count(s->handle);
    if (s->arguments > MOST_ARGUMENTS)
        return fault(FAULT_BUG, "More than %d arguments in: %.300s", (int)MOST_ARGUMENTS, sql);
    for (int i = 0; i < s->arguments; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "$%d", i + 1);
        int slot = sqlite3_bind_parameter_index(s->handle, name);
        if (!slot)
            return fault(FAULT_BUG, "%s is missing in: %.300s", name, sql);
        s->slot[i] = (unsigned char)(slot - 1);
    }
    return NULL;
}

static struct fault *prepare(struct connection *c, struct slice key, uint64_t hash, const char *sql,
                             struct statement **found)
{
    if (c->statements >= MOST_STATEMENTS)
        make_room(c);
    sqlite3_stmt *handle = NULL;
    const char *rest = "";
    if (sqlite3_prepare_v3(c->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &handle, &rest) != SQLITE_OK)
        return sqlite_fault(c->handle);
    struct statement *s = calloc(1, sizeof *s);
    char *copy = malloc(key.len + 1);
    if (!s || !copy)
        abort();
    memcpy(copy, key.ptr, key.len);
    *s = (struct statement){
        .handle = handle, .key = copy, .key_length = key.len, .hash = hash, .used = ++c->tick};
    c->statements++;
    struct fault *wrong = map_arguments(s, sql);
    if (!wrong && rest[strspn(rest, " ;\n")])
        wrong = fault(FAULT_BUG, "More than one statement in: %.300s", sql);
    if (wrong) {
        statement_close(c, s);
        return wrong;
    }
    struct statement **bucket = &c->buckets[hash % STATEMENT_BUCKETS];
    s->next = *bucket;
    *bucket = *found = s;
    return NULL;
}

struct fault *statement_find(struct connection *c, struct slice key, const char *sql,
                             struct statement **found)
{
    uint64_t hash = hash_of(key);
    *found = c->buckets[hash % STATEMENT_BUCKETS];
    while (*found && ((*found)->hash != hash || (*found)->key_length != key.len ||
                      memcmp((*found)->key, key.ptr, key.len) != 0))
        *found = (*found)->next;
    if (*found)
        (*found)->used = ++c->tick;
    else if (sql)
        return prepare(c, key, hash, sql, found);
    return NULL;
}

struct fault *statement_literal(struct connection *c, const char *sql, struct statement **found)
{
    size_t slot = ((uintptr_t)sql >> 3) * 0x9E3779B1u / 64 % POINTER_SLOTS;
    if (c->by_pointer[slot].sql == sql) {
        *found = c->by_pointer[slot].statement;
        (*found)->used = ++c->tick;
        return NULL;
    }
    TRY(statement_find(c, slice_of(sql), sql, found));
    c->by_pointer[slot].sql = sql;
    c->by_pointer[slot].statement = *found;
    return NULL;
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

struct fault *statement_bind(struct connection *c, struct statement *s, struct arguments arguments)
{
    if (arguments.count != (size_t)s->arguments)
        return fault(FAULT_BUG, "%zu arguments given, %d expected in: %.300s", arguments.count, s->arguments,
                     sqlite3_sql(s->handle));
    for (size_t i = 0; i < arguments.count; i++)
        if (bind_one(s->handle, s->slot[i] + 1, &arguments.at[i]) != SQLITE_OK)
            return sqlite_fault(c->handle);
    return NULL;
}

void statement_reset(struct statement *s)
{
    (void)sqlite3_reset(s->handle);
}

struct fault *statement_step(struct connection *c, struct statement *s, bool *row)
{
    int code = sqlite3_step(s->handle);
    *row = code == SQLITE_ROW;
    if (*row)
        return NULL;
    struct fault *wrong = code == SQLITE_DONE ? NULL : sqlite_fault(c->handle);
    (void)sqlite3_reset(s->handle);
    return wrong;
}

struct fault *statement_run(struct connection *c, struct statement *s, struct arguments arguments)
{
    TRY(statement_bind(c, s, arguments));
    for (bool row = true; row;)
        TRY(statement_step(c, s, &row));
    return NULL;
}

enum cell_kind cell_kind_of(enum kind kind)
{
    switch (kind) {
    case KIND_text:
    case KIND_longtext:
    case KIND_choice:
        return CELL_TEXT;
    case KIND_integer:
    case KIND_measure:
    case KIND_date:
    case KIND_interval: /* each end */
        return CELL_INTEGER;
    case KIND_real:
        return CELL_REAL;
    case KIND_flag:
        return CELL_FLAG;
    case KIND_ref:
    case KIND_terms: /* each id */
        return CELL_REF;
    }
    return CELL_TEXT;
}

struct argument cell_argument(const struct cell *cell, const void *row)
{
    const void *at = (const char *)row + cell->offset;
    switch (cell->kind) {
    case CELL_TEXT: {
        const char *text = *(const char *const *)at;
        return argument_text(text && *text ? text : NULL);
    }
    case CELL_INTEGER:
        return argument_integer(*(const int64_t *)at);
    case CELL_REAL:
        return argument_real(*(const double *)at);
    case CELL_FLAG: {
        enum flag flag = *(const enum flag *)at;
        return argument_integer(flag == FLAG_UNKNOWN ? UNKNOWN_INTEGER : (int64_t)flag);
    }
    case CELL_REF:
        return argument_integer(*(const int64_t *)at ? *(const int64_t *)at : UNKNOWN_INTEGER);
    }
    return argument_text(NULL);
}

static struct fault *wrong_type(sqlite3_stmt *handle, int column)
{
    return fault(FAULT_BUG, "Column %s has a value of another type in: %.300s",
                 sqlite3_column_name(handle, column), sqlite3_sql(handle));
}

static void cell_unknown(enum cell_kind kind, void *at)
{
    switch (kind) {
    case CELL_TEXT:
        *(const char **)at = NULL;
        break;
    case CELL_INTEGER:
        *(int64_t *)at = UNKNOWN_INTEGER;
        break;
    case CELL_REAL:
        *(double *)at = UNKNOWN_REAL;
        break;
    case CELL_FLAG:
        *(enum flag *)at = FLAG_UNKNOWN;
        break;
    case CELL_REF:
        *(int64_t *)at = 0;
        break;
    }
}

/* The loop every row read passes through: one type test and one copy a column. */
struct fault *cells_read(sqlite3_stmt *handle, int first, const struct cell *cells, int count,
                         struct arena *a, void *row)
{
    static const int expected[] = {[CELL_TEXT] = SQLITE_TEXT,
                                   [CELL_INTEGER] = SQLITE_INTEGER,
                                   [CELL_REAL] = SQLITE_FLOAT,
                                   [CELL_FLAG] = SQLITE_INTEGER,
                                   [CELL_REF] = SQLITE_INTEGER};
    for (int i = 0; i < count; i++) {
        int column = first + i, type = sqlite3_column_type(handle, column);
        void *at = (char *)row + cells[i].offset;
        if (type == SQLITE_NULL) {
            cell_unknown(cells[i].kind, at);
            continue;
        }
        if (type != expected[cells[i].kind] && !(cells[i].kind == CELL_REAL && type == SQLITE_INTEGER))
            return wrong_type(handle, column);
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

/* Queries. */

/* Columns against fields, by name and number; once per statement and row type. */
static struct fault *check_columns(struct statement *s, const struct row_type *t)
{
    int columns = sqlite3_column_count(s->handle);
    if (columns != t->count)
        return fault(FAULT_BUG, "%s has %d fields, but there are %d columns in: %.300s", t->name, t->count,
                     columns, sqlite3_sql(s->handle));
    for (int i = 0; i < columns; i++)
        if (strcmp(sqlite3_column_name(s->handle, i), t->fields[i].name) != 0)
            return fault(FAULT_BUG, "%s: column %d is %s, not %s, in: %.300s", t->name, i + 1,
                         sqlite3_column_name(s->handle, i), t->fields[i].name, sqlite3_sql(s->handle));
    free(s->cells);
    s->cells = calloc((unsigned)columns, sizeof *s->cells);
    if (!s->cells)
        abort();
    for (int i = 0; i < columns; i++)
        s->cells[i] = (struct cell){cell_kind_of(t->fields[i].kind), t->fields[i].offset};
    s->checked = t;
    return NULL;
}

static struct fault *select_all(struct connection *c, struct arena *a, struct statement *s,
                                const struct row_type *t, char **rows, size_t *count)
{
    size_t capacity = 0;
    bool row;
    TRY(statement_step(c, s, &row));
    while (row) {
        if (*count == capacity) {
            size_t larger = capacity ? capacity * 2 : 16;
            *rows = arena_grow(a, *rows, *count, larger, t->size, alignof(max_align_t));
            capacity = larger;
        }
        TRY(cells_read(s->handle, 0, s->cells, t->count, a, *rows + *count * t->size));
        ++*count;
        TRY(arena_check(a));
        TRY(statement_step(c, s, &row));
    }
    return NULL;
}

struct fault *db_select_rows(struct connection *c, struct arena *a, const struct row_type *t, void **rows,
                             size_t *count, const char *sql, struct arguments arguments)
{
    struct statement *s;
    char *found = NULL;
    *rows = NULL;
    *count = 0;
    TRY(statement_literal(c, sql, &s));
    if (s->checked != t)
        TRY(check_columns(s, t));
    TRY(statement_bind(c, s, arguments));
    struct fault *wrong = select_all(c, a, s, t, &found, count);
    if (wrong)
        statement_reset(s);
    *rows = found;
    return wrong;
}

struct fault *db_integer_of(struct connection *c, int64_t *out, int64_t otherwise, const char *sql,
                            struct arguments arguments)
{
    struct statement *s;
    bool row;
    *out = otherwise;
    TRY(statement_literal(c, sql, &s));
    TRY(statement_bind(c, s, arguments));
    TRY(statement_step(c, s, &row));
    if (row && sqlite3_column_type(s->handle, 0) != SQLITE_NULL)
        *out = sqlite3_column_int64(s->handle, 0);
    statement_reset(s);
    return NULL;
}

struct fault *db_change_of(struct transaction *t, int64_t *changed, const char *sql,
                           struct arguments arguments)
{
    struct statement *s;
    TRY(transaction_check(t));
    TRY(statement_literal(t->connection, sql, &s));
    TRY(statement_run(t->connection, s, arguments));
    if (changed)
        *changed = sqlite3_changes64(t->connection->handle);
    return NULL;
}

struct fault *db_script(struct transaction *t, const char *sql)
{
    if (sqlite3_exec(t->connection->handle, sql, NULL, NULL, NULL) != SQLITE_OK)
        return sqlite_fault(t->connection->handle);
    return NULL;
}
