/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* statement_postgres.c - prepared statements of PostgreSQL: arguments and rows in binary.
 *
 * Types are those of the arguments at the first use: what a place in our SQL is given never changes its kind.
 * A whole answer is held until the statement is reset, except by a walk, which fetches through a cursor. */
#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "db/postgres.h"

enum { TYPE_BOOL = 16, TYPE_BYTES = 17, TYPE_INT8 = 20, TYPE_INT2 = 21, TYPE_INT4 = 23, TYPE_TEXT = 25 };
enum { TYPE_FLOAT4 = 700, TYPE_FLOAT8 = 701, TYPE_UNKNOWN = 705, TYPE_INT8_ARRAY = 1016, TYPE_NAME = 19 };
enum { FETCHED = 500 }; /* rows of a walk at a time */

struct fault *postgres_prepare(struct connection *c, struct statement *s, const char *sql)
{
    if (c->locked && !s->by_program && strncmp(sql, "SELECT ", 7) != 0 && strncmp(sql, "WITH ", 5) != 0)
        return fault(FAULT_BUG, "Only the program does this: %.300s", sql); /* such as take its role off */
    /* made known to the server when its arguments are known */
    s->handle = calloc(1, sizeof(struct prepared));
    if (!s->handle)
        abort();
    return NULL;
}

/* Commands that only give something back to the server: where they fail, it is gone already. */
static void tidy(struct connection *c, const char *sql)
{
    struct postgres *p = c->link;
    if (p && !c->closing && !p->spoiled && PQstatus(p->link) == CONNECTION_OK)
        (void)!postgres_command(c, sql);
}

void postgres_close_statement(struct connection *c, struct statement *s)
{
    struct prepared *prepared = s->handle;
    char sql[64];
    if (!prepared)
        return;
    postgres_reset(c, s);
    if (prepared->known) {
        (void)snprintf(sql, sizeof sql, "DEALLOCATE %s", prepared->name);
        tidy(c, sql);
    }
    free(prepared);
}

bool postgres_busy(const struct statement *s)
{
    return ((const struct prepared *)s->handle)->rows != NULL;
}

/* Arguments as libpq takes them. */
struct parameters {
    Oid types[MOST_ARGUMENTS];
    const char *values[MOST_ARGUMENTS];
    int lengths[MOST_ARGUMENTS], binary[MOST_ARGUMENTS];
    uint64_t numbers[MOST_ARGUMENTS];
};

/* bigint[]: dimensions, "no NULL in it", type; count and first index; each element after its length. */
static void ids_parameter(struct parameters *p, size_t i, struct arena *work, struct id_list list)
{
    uint32_t *at = NEW(work, uint32_t, 5 + 3 * list.count);
    const uint32_t head[] = {htobe32(list.count > 0), 0, htobe32(TYPE_INT8), htobe32((uint32_t)list.count),
                             htobe32(1)};
    p->values[i] = (const char *)at;
    p->lengths[i] = (int)(list.count ? 20 + 12 * list.count : 12);
    memcpy(at, head, sizeof head);
    at += 5;
    for (size_t k = 0; k < list.count; k++) {
        uint64_t id = htobe64((uint64_t)list.at[k]);
        *at++ = htobe32(8);
        memcpy(at, &id, sizeof id);
        at += 2;
    }
}

static void number_parameter(struct parameters *p, size_t i, uint64_t bits, bool known)
{
    p->numbers[i] = htobe64(bits);
    p->values[i] = known ? (const char *)&p->numbers[i] : NULL;
    p->lengths[i] = 8;
}

static void parameter(struct parameters *p, size_t i, struct arena *work, const struct argument *a)
{
    static const Oid types[] = {
        [ARGUMENT_INTEGER] = TYPE_INT8, [ARGUMENT_REAL] = TYPE_FLOAT8, [ARGUMENT_TEXT] = TYPE_TEXT,
        [ARGUMENT_SLICE] = TYPE_TEXT,   [ARGUMENT_BYTES] = TYPE_BYTES, [ARGUMENT_IDS] = TYPE_INT8_ARRAY};
    uint64_t bits;
    p->types[i] = types[a->kind];
    p->binary[i] = 1;
    switch (a->kind) {
    case ARGUMENT_INTEGER:
        number_parameter(p, i, (uint64_t)a->integer, known_integer(a->integer));
        break;
    case ARGUMENT_REAL:
        memcpy(&bits, &a->real, sizeof bits);
        number_parameter(p, i, bits, known_real(a->real));
        break;
    case ARGUMENT_TEXT:
        p->values[i] = a->text;
        p->binary[i] = 0;
        break;
    case ARGUMENT_SLICE:
    case ARGUMENT_BYTES: /* binary, with a length: neither needs to end with NUL */
        p->values[i] = a->slice.ptr ? a->slice.ptr : "";
        p->lengths[i] = (int)a->slice.len;
        break;
    case ARGUMENT_IDS:
        ids_parameter(p, i, work, a->ids);
        break;
    }
}

static void parameters(struct parameters *p, struct arena *work, struct arguments arguments)
{
    for (size_t i = 0; i < arguments.count; i++)
        parameter(p, i, work, &arguments.at[i]);
}

/* Makes the statement known to the server; waits, so that one that does not parse is not taken for known. */
static struct fault *introduce(struct connection *c, struct statement *s, const struct parameters *p)
{
    struct postgres *link = c->link;
    struct prepared *prepared = s->handle;
    TRY(postgres_settle(c));
    TRY(postgres_make_room(c));
    (void)snprintf(prepared->name, sizeof prepared->name, "s%llu", (unsigned long long)++link->names);
    if (!PQsendPrepare(link->link, prepared->name, s->key, s->arguments, p->types))
        return postgres_fault(c, NULL);
    link->sent[link->sent_count++] = (struct sent){0};
    TRY(postgres_settle(c));
    prepared->known = true;
    return NULL;
}

static bool same_kind(enum argument_kind a, enum argument_kind b)
{
    bool texts = (a == ARGUMENT_TEXT || a == ARGUMENT_SLICE) && (b == ARGUMENT_TEXT || b == ARGUMENT_SLICE);
    return a == b || texts;
}

static struct fault *check_kinds(struct statement *s, struct arguments arguments)
{
    struct prepared *prepared = s->handle;
    for (size_t i = 0; i < arguments.count; i++) {
        if (!prepared->known)
            prepared->kinds[i] = arguments.at[i].kind;
        if (!same_kind(prepared->kinds[i], arguments.at[i].kind))
            return fault(FAULT_BUG, "$%zu had another type before in: %.300s", i + 1, s->key);
    }
    return NULL;
}

static struct fault *send_prepared(struct connection *c, struct statement *s, const struct parameters *p)
{
    struct postgres *link = c->link;
    const struct prepared *prepared = s->handle;
    if (!prepared->known)
        TRY(introduce(c, s, p));
    TRY(postgres_make_room(c));
    if (PQsendQueryPrepared(link->link, prepared->name, s->arguments, p->values, p->lengths, p->binary, 1))
        return NULL;
    return postgres_fault(c, NULL);
}

static struct fault *fetch(struct connection *c, struct statement *s)
{
    struct postgres *link = c->link;
    char sql[64];
    TRY(postgres_make_room(c));
    (void)snprintf(sql, sizeof sql, "FETCH %d FROM w%llx", (int)FETCHED, (unsigned long long)s->hash);
    if (!PQsendQueryParams(link->link, sql, 0, NULL, NULL, NULL, NULL, 1))
        return postgres_fault(c, NULL);
    link->sent[link->sent_count++] = (struct sent){.statement = s};
    return NULL;
}

/* The rows of a walk come through a cursor, so that neither side holds them all. */
static struct fault *open_cursor(struct connection *c, struct statement *s, struct arena *work,
                                 const struct parameters *p)
{
    struct postgres *link = c->link;
    TRY(postgres_block(c));
    TRY(postgres_make_room(c));
    const char *sql =
        arena_print(work, "DECLARE w%llx NO SCROLL CURSOR FOR %s", (unsigned long long)s->hash, s->key);
    if (!PQsendQueryParams(link->link, sql, s->arguments, p->types, p->values, p->lengths, p->binary, 1))
        return postgres_fault(c, NULL);
    link->sent[link->sent_count++] = (struct sent){0};
    ((struct prepared *)s->handle)->cursor = true;
    return fetch(c, s);
}

static struct fault *send(struct connection *c, struct statement *s, struct arguments arguments,
                          bool answer_wanted)
{
    ARENA_SCOPE(work);
    struct postgres *link = c->link;
    struct parameters p;
    TRY(check_kinds(s, arguments));
    postgres_reset(c, s);
    parameters(&p, work, arguments);
    TRY(postgres_face(c, s->by_program));
    if (s->walked && link->in_transaction)
        return open_cursor(c, s, work, &p);
    TRY(send_prepared(c, s, &p));
    link->sent[link->sent_count++] = (struct sent){.statement = answer_wanted ? s : NULL};
    return NULL;
}

struct fault *postgres_send(struct connection *c, struct statement *s, struct arguments arguments)
{
    return send(c, s, arguments, true);
}

struct fault *postgres_queue(struct connection *c, struct statement *s, struct arguments arguments)
{
    return send(c, s, arguments, false);
}

void postgres_take(struct statement *s, PGresult *answer)
{
    struct prepared *prepared = s->handle;
    const char *changed = PQcmdTuples(answer);
    PQclear(prepared->rows);
    prepared->rows = answer;
    prepared->row = -1;
    prepared->count = PQntuples(answer);
    prepared->changes = *changed ? strtoll(changed, NULL, 10) : 0;
}

struct fault *postgres_step(struct connection *c, struct statement *s, bool *row)
{
    struct prepared *prepared = s->handle;
    *row = false;
    if (!prepared->rows)
        TRY(postgres_settle(c));
    if (!prepared->rows)
        return fault(FAULT_IO, "A statement had no answer, because one before it failed: %.300s", s->key);
    if (++prepared->row == prepared->count && prepared->cursor && prepared->count == FETCHED) {
        TRY(fetch(c, s));
        TRY(postgres_settle(c));
        prepared->row = 0;
    }
    *row = prepared->row < prepared->count;
    if (!*row)
        postgres_reset(c, s);
    return NULL;
}

void postgres_reset(struct connection *c, struct statement *s)
{
    struct postgres *link = c->link;
    struct prepared *prepared = s->handle;
    char sql[64];
    for (int i = 0; link && i < link->sent_count; i++)
        if (link->sent[i].statement == s)
            link->sent[i].statement = NULL;
    PQclear(prepared->rows);
    prepared->rows = NULL;
    if (prepared->cursor && link->in_transaction) {
        (void)snprintf(sql, sizeof sql, "CLOSE w%llx", (unsigned long long)s->hash);
        tidy(c, sql);
    }
    prepared->cursor = false;
}

int64_t postgres_changes(struct connection *c, struct statement *s)
{
    (void)c;
    return ((const struct prepared *)s->handle)->changes;
}

/* Columns. */

int postgres_columns(const struct statement *s)
{
    return PQnfields(((const struct prepared *)s->handle)->rows);
}

const char *postgres_column_name(const struct statement *s, int column)
{
    const char *name = PQfname(((const struct prepared *)s->handle)->rows, column);
    return name ? name : "?";
}

bool postgres_unknown(const struct statement *s, int column)
{
    const struct prepared *p = s->handle;
    return PQgetisnull(p->rows, p->row, column);
}

static uint64_t bits_of(const struct prepared *p, int column)
{
    unsigned char const *at = (unsigned char const *)PQgetvalue(p->rows, p->row, column);
    uint64_t bits = 0;
    for (int i = 0, n = PQgetlength(p->rows, p->row, column); i < n; i++)
        bits = bits << 8 | at[i];
    return bits;
}

int64_t postgres_integer(const struct statement *s, int column)
{
    const struct prepared *p = s->handle;
    uint64_t bits = bits_of(p, column);
    switch (PQgetlength(p->rows, p->row, column)) {
    case 2:
        return (int16_t)bits;
    case 4:
        return (int32_t)bits;
    default:
        return (int64_t)bits;
    }
}

struct slice postgres_bytes(const struct statement *s, int column)
{
    const struct prepared *p = s->handle;
    return (struct slice){PQgetvalue(p->rows, p->row, column), (size_t)PQgetlength(p->rows, p->row, column)};
}

static double real_of(const struct statement *s, int column, Oid type)
{
    const struct prepared *p = s->handle;
    uint64_t bits = bits_of(p, column);
    uint32_t short_bits = (uint32_t)bits;
    double value;
    float short_value;
    if (type == TYPE_FLOAT8) {
        memcpy(&value, &bits, sizeof value);
        return value;
    }
    if (type != TYPE_FLOAT4)
        return (double)postgres_integer(s, column);
    memcpy(&short_value, &short_bits, sizeof short_value);
    return (double)short_value;
}

static bool type_fits(Oid type, enum cell_kind kind)
{
    bool integer = type == TYPE_INT8 || type == TYPE_INT4 || type == TYPE_INT2 || type == TYPE_BOOL;
    switch (kind) {
    case CELL_TEXT:
        return type == TYPE_TEXT || type == TYPE_NAME || type == TYPE_UNKNOWN;
    case CELL_REAL:
        return integer || type == TYPE_FLOAT8 || type == TYPE_FLOAT4;
    case CELL_INTEGER:
    case CELL_FLAG:
    case CELL_REF:
        break;
    }
    return integer;
}

struct fault *postgres_cells(const struct statement *s, int first, const struct cell *cells, int count,
                             struct arena *a, void *row)
{
    const struct prepared *p = s->handle;
    for (int i = 0; i < count; i++) {
        int column = first + i;
        void *at = (char *)row + cells[i].offset;
        Oid type = PQftype(p->rows, column);
        if (PQgetisnull(p->rows, p->row, column)) {
            cell_forget(&cells[i], row);
            continue;
        }
        if (!type_fits(type, cells[i].kind))
            return cell_of_another_type(s, column);
        if (cells[i].kind == CELL_TEXT)
            *(const char **)at = arena_text(a, PQgetvalue(p->rows, p->row, column),
                                            (size_t)PQgetlength(p->rows, p->row, column));
        else if (cells[i].kind == CELL_REAL)
            *(double *)at = real_of(s, column, type);
        else if (cells[i].kind == CELL_FLAG)
            *(enum flag *)at = postgres_integer(s, column) ? FLAG_YES : FLAG_NO;
        else
            *(int64_t *)at = postgres_integer(s, column);
    }
    return NULL;
}
