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
    c->engine->close(c, s);
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
            if (!(*s)->pinned && !c->engine->busy(*s) && (!oldest || (*s)->used < (*oldest)->used))
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

/* The text of a statement after what is quoted at `at`, if anything is. */
static const char *pass_quoted(const char *at)
{
    if (*at != '\'' && *at != '"')
        return at;
    const char *end = strchr(at + 1, *at);
    return end ? end : at + strlen(at) - 1;
}

/* Which $n the text mentions, in the order of their first mention. */
static struct fault *find_arguments(struct statement *s, const char *sql, bool mentioned[MOST_ARGUMENTS])
{
    int rank = 0;
    for (const char *at = pass_quoted(sql); *at; at = pass_quoted(at + 1)) {
        if (*at == ';' && at[1 + strspn(at + 1, " ;\n")])
            return fault(FAULT_BUG, "More than one statement in: %.300s", sql);
        if (*at != '$' || at[1] < '1' || at[1] > '9')
            continue;
        long number = strtol(at + 1, NULL, 10);
        if (number > MOST_ARGUMENTS)
            return fault(FAULT_BUG, "More than %d arguments in: %.300s", (int)MOST_ARGUMENTS, sql);
        if (!mentioned[number - 1])
            s->slot[number - 1] = (unsigned char)rank++;
        mentioned[number - 1] = true;
        s->arguments = number > s->arguments ? (int)number : s->arguments;
    }
    return NULL;
}

/* $1 … $n must all be used: a number left out is a slip. */
static struct fault *map_arguments(struct statement *s, const char *sql)
{
    bool mentioned[MOST_ARGUMENTS] = {false};
    TRY(find_arguments(s, sql, mentioned));
    for (int i = 0; i < s->arguments; i++)
        if (!mentioned[i])
            return fault(FAULT_BUG, "$%d is missing in: %.300s", i + 1, sql);
    return NULL;
}

static struct fault *prepare(struct connection *c, struct slice sql, uint64_t hash, struct statement **found)
{
    if (c->statements >= MOST_STATEMENTS)
        make_room(c);
    struct statement *s = calloc(1, sizeof *s);
    char *copy = strndup(sql.ptr, sql.len);
    if (!s || !copy)
        abort();
    *s = (struct statement){
        .engine = c->engine, .key = copy, .key_length = sql.len, .hash = hash, .used = ++c->tick};
    s->by_program = is_by_program(copy);
    c->statements++;
    struct fault *wrong = map_arguments(s, copy);
    if (!wrong)
        wrong = c->engine->prepare(c, s, copy);
    if (wrong) {
        struct fault kept = *wrong;
        statement_close(c, s);
        return fault_again(&kept);
    }
    struct statement **bucket = &c->buckets[hash % STATEMENT_BUCKETS];
    s->next = *bucket;
    *bucket = *found = s;
    return NULL;
}

struct fault *statement_find(struct connection *c, struct slice sql, struct statement **found)
{
    uint64_t hash = hash_of(sql);
    *found = c->buckets[hash % STATEMENT_BUCKETS];
    while (*found && ((*found)->hash != hash || (*found)->key_length != sql.len ||
                      memcmp((*found)->key, sql.ptr, sql.len) != 0))
        *found = (*found)->next;
    if (!*found)
        return prepare(c, sql, hash, found);
    (*found)->used = ++c->tick;
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
    TRY(statement_find(c, slice_of(sql), found));
    c->by_pointer[slot].sql = sql;
    c->by_pointer[slot].statement = *found;
    return NULL;
}

static struct fault *check_count(const struct statement *s, struct arguments arguments)
{
    if (arguments.count == (size_t)s->arguments)
        return NULL;
    return fault(FAULT_BUG, "%zu arguments given, %d expected in: %.300s", arguments.count, s->arguments,
                 s->key);
}

struct fault *statement_bind(struct connection *c, struct statement *s, struct arguments arguments)
{
    TRY(check_count(s, arguments));
    s->walked = false;
    return c->engine->send(c, s, arguments);
}

struct fault *statement_walk(struct connection *c, struct statement *s, struct arguments arguments)
{
    TRY(check_count(s, arguments));
    s->walked = true;
    return c->engine->send(c, s, arguments);
}

struct fault *statement_queue(struct connection *c, struct statement *s, struct arguments arguments)
{
    TRY(check_count(s, arguments));
    s->walked = false;
    return c->engine->queue(c, s, arguments);
}

void statement_reset(struct connection *c, struct statement *s)
{
    c->engine->reset(c, s);
}

struct fault *statement_step(struct connection *c, struct statement *s, bool *row)
{
    return c->engine->step(c, s, row);
}

struct fault *statement_each(struct connection *c, struct statement *s, row_shown *show, void *owner,
                             int64_t *rows)
{
    bool row;
    TRY(statement_step(c, s, &row));
    while (row) {
        struct fault *wrong = show(owner, s);
        if (wrong) {
            statement_reset(c, s);
            return wrong;
        }
        ++*rows;
        TRY(statement_step(c, s, &row));
    }
    return NULL;
}

struct fault *statement_run(struct connection *c, struct statement *s, struct arguments arguments)
{
    TRY(statement_bind(c, s, arguments));
    for (bool row = true; row;)
        TRY(statement_step(c, s, &row));
    return NULL;
}

struct fault *connection_settle(struct connection *c)
{
    return c->engine->settle(c);
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

struct fault *cell_of_another_type(const struct statement *s, int column)
{
    return fault(FAULT_BUG, "Column %s has a value of another type in: %.300s",
                 s->engine->column_name(s, column), s->key);
}

void cell_forget(const struct cell *cell, void *row)
{
    void *at = (char *)row + cell->offset;
    switch (cell->kind) {
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

/* Queries. */

/* Columns against fields, by name and number; once per statement and row type. */
static struct fault *check_columns(struct statement *s, const struct row_type *t)
{
    int columns = s->engine->columns(s);
    if (columns != t->count)
        return fault(FAULT_BUG, "%s has %d fields, but there are %d columns in: %.300s", t->name, t->count,
                     columns, s->key);
    for (int i = 0; i < columns; i++)
        if (strcmp(s->engine->column_name(s, i), t->fields[i].name) != 0)
            return fault(FAULT_BUG, "%s: column %d is %s, not %s, in: %.300s", t->name, i + 1,
                         s->engine->column_name(s, i), t->fields[i].name, s->key);
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
    if (s->checked != t) {
        TRY(connection_settle(c));
        TRY(check_columns(s, t));
    }
    TRY(statement_step(c, s, &row));
    while (row) {
        if (*count == capacity) {
            size_t larger = capacity ? capacity * 2 : 16;
            *rows = arena_grow(a, *rows, *count, larger, t->size, alignof(max_align_t));
            capacity = larger;
        }
        TRY(cells_read(s, 0, s->cells, t->count, a, *rows + *count * t->size));
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
    TRY(statement_bind(c, s, arguments));
    struct fault *wrong = select_all(c, a, s, t, &found, count);
    if (wrong)
        statement_reset(c, s);
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
    if (row && !statement_unknown(s, 0))
        *out = statement_integer(s, 0);
    statement_reset(c, s);
    return NULL;
}

struct fault *db_change_of(struct transaction *t, int64_t *changed, const char *sql,
                           struct arguments arguments)
{
    struct statement *s;
    TRY(transaction_check(t));
    TRY(statement_literal(t->connection, sql, &s));
    TRY(transaction_failed(t, statement_run(t->connection, s, arguments)));
    if (changed)
        *changed = t->connection->engine->changes(t->connection, s);
    return NULL;
}

struct fault *change_queue(struct transaction *t, const char *sql, struct arguments arguments)
{
    struct statement *s;
    TRY(statement_literal(t->connection, sql, &s));
    return statement_queue(t->connection, s, arguments);
}

struct fault *db_script(struct transaction *t, const char *sql)
{
    return t->connection->engine->script(t->connection, sql);
}
