/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* copy.c - rows walked in the order of their keys: into another space, or into a hash. */
#include "copy/copy.h"

#include <sodium.h>
#include <string.h>

#include "arena/arena.h"
#include "records/records.h"
#include "rows/plan.h"

#define OURS BY_PROGRAM("copy")

/* Tables that are not records: i integer, t text, b bytes. */
enum { MOST_COLUMNS = 8 };
struct table {
    const char *select, *insert, *kinds;
};
static const struct table terms = {
    OURS "SELECT type, record, field, term FROM record_term ORDER BY type, record, field, term",
    OURS "INSERT INTO record_term(type, record, field, term) VALUES($1, $2, $3, $4)", "tiii"};
static const struct table contents = {
    OURS "SELECT name, number, bytes FROM content_part ORDER BY name, number",
    OURS "INSERT INTO content_part(name, number, bytes) VALUES($1, $2, $3)", "tib"};
#define ENTRIES(NAME)                                                                                        \
    {                                                                                                        \
        OURS "SELECT id, batch, at_us, person, act, type, record, digest FROM " NAME " ORDER BY id",         \
            OURS "INSERT INTO " NAME "(id, batch, at_us, person, act, type, record, digest)"                 \
                 " VALUES($1, $2, $3, $4, $5, $6, $7, $8)",                                                  \
            "iiiiitib"                                                                                       \
    }
#define SEALS(NAME)                                                                                          \
    {                                                                                                        \
        OURS "SELECT seq, entry, link FROM " NAME "_seal ORDER BY seq",                                      \
            OURS "INSERT INTO " NAME "_seal(seq, entry, link) VALUES($1, $2, $3)", "iib"                     \
    }
static const struct table journal[] = {
    ENTRIES("journal"),
    {OURS "SELECT entry, salt, changes FROM journal_values ORDER BY entry",
     OURS "INSERT INTO journal_values(entry, salt, changes) VALUES($1, $2, $3)", "ibt"},
    SEALS("journal"),
    ENTRIES("reading"),
    SEALS("reading"),
    {OURS "SELECT fold, at_us, person, act, type, record, times FROM reading_day"
          " ORDER BY fold, at_us, person, act, type, record",
     OURS "INSERT INTO reading_day(fold, at_us, person, act, type, record, times)"
          " VALUES($1, $2, $3, $4, $5, $6, $7)",
     "iiiitii"},
    {OURS "SELECT id FROM journal_month ORDER BY id", OURS "INSERT INTO journal_month(id) VALUES($1)", "i"},
    {OURS "SELECT type, record, since, until, gone, state FROM journal_state ORDER BY type, record, since",
     OURS "INSERT INTO journal_state(type, record, since, until, gone, state) VALUES($1, $2, $3, $4, $5, $6)",
     "tiiiit"}};

/* What is done with each row; the arguments are good until the next one. */
struct visitor {
    struct fault *(*row)(struct visitor *, const struct table *, struct arguments);
    struct fault *(*record)(struct visitor *, const struct plan *, const void *record, int64_t deleted_us);
    struct transaction *to;           /* copying */
    crypto_generichash_state *states; /* hashing: records, whole */
    int state_count;
};

/* Whose rows a visitor is shown. */
struct walk {
    struct visitor *visitor;
    const struct table *table;
    const struct plan *plan;
};

static struct fault *walk_row(void *owner, struct statement *s)
{
    const struct walk *w = owner;
    const char *kinds = w->table->kinds;
    struct argument values[MOST_COLUMNS];
    size_t count = strlen(kinds);
    for (size_t i = 0; i < count; i++) {
        struct slice bytes = kinds[i] == 'i' ? S("") : statement_bytes(s, (int)i);
        values[i] = kinds[i] == 'i'   ? argument_integer(statement_integer(s, (int)i))
                    : kinds[i] == 't' ? argument_slice(bytes)
                                      : argument_bytes(bytes.ptr, bytes.len);
    }
    return w->visitor->row(w->visitor, w->table, (struct arguments){values, count});
}

static struct fault *walk_table(struct connection *c, const struct table *t, struct visitor *v, int64_t *rows)
{
    struct statement *s;
    struct walk w = {.visitor = v, .table = t};
    TRY(statement_literal(c, t->select, &s));
    TRY(statement_walk(c, s, NO_ARGS));
    return statement_each(c, s, walk_row, &w, rows);
}

static struct fault *walk_record(void *owner, struct statement *s)
{
    ARENA_SCOPE(work);
    const struct walk *w = owner;
    const struct plan *p = w->plan;
    void *record = record_new(work, p->type);
    int64_t deleted = statement_unknown(s, p->count) ? UNKNOWN_INTEGER : statement_integer(s, p->count);
    TRY(cells_read(s, 0, p->cells, p->count, work, record));
    return w->visitor->record(w->visitor, p, record, deleted);
}

/* Deleted ones first: a value they gave up may be another's now. */
static struct fault *walk_records(struct connection *c, const struct record_type *t, struct visitor *v,
                                  int64_t *records)
{
    ARENA_SCOPE(work);
    struct walk w = {.visitor = v, .plan = plan_of(c, t)};
    struct buffer *sql = buffer_new(work, LIMIT_SQL);
    struct statement *s;
    buffer_print(sql, OURS "SELECT %s, r.deleted_us FROM \"%s\" r ORDER BY r.deleted_us IS NULL, r.\"id\"",
                 w.plan->columns, t->name);
    TRY(buffer_check(sql));
    TRY(statement_find(c, buffer_view(sql), &s));
    TRY(statement_walk(c, s, NO_ARGS));
    return statement_each(c, s, walk_record, &w, records);
}

/* Hashing: every value after its kind and length, numbers big-endian. */

static void hash_bytes(struct visitor *v, const void *at, size_t length)
{
    for (int i = 0; i < v->state_count; i++)
        (void)crypto_generichash_update(&v->states[i], at, length);
}

static void hash_number(struct visitor *v, char kind, uint64_t value)
{
    unsigned char bytes[9] = {(unsigned char)kind};
    for (int i = 0; i < 8; i++)
        bytes[i + 1] = (unsigned char)(value >> (56 - 8 * i));
    hash_bytes(v, bytes, sizeof bytes);
}

static void hash_text(struct visitor *v, char kind, struct slice text)
{
    hash_number(v, kind, text.len);
    hash_bytes(v, text.ptr, text.len);
}

static void hash_value(struct visitor *v, const struct argument *a)
{
    uint64_t bits;
    switch (a->kind) {
    case ARGUMENT_INTEGER:
        hash_number(v, 'i', (uint64_t)a->integer);
        break;
    case ARGUMENT_REAL:
        memcpy(&bits, &a->real, sizeof bits);
        hash_number(v, 'r', known_real(a->real) ? bits : UINT64_MAX);
        break;
    case ARGUMENT_TEXT:
        hash_text(v, a->text ? 't' : 'n', slice_of(a->text));
        break;
    case ARGUMENT_SLICE:
        hash_text(v, 't', a->slice);
        break;
    case ARGUMENT_BYTES:
        hash_text(v, 'b', a->slice);
        break;
    case ARGUMENT_IDS:
        break;
    }
}

static struct fault *hash_row(struct visitor *v, const struct table *t, struct arguments values)
{
    hash_text(v, 'T', slice_of(t->insert));
    for (size_t i = 0; i < values.count; i++)
        hash_value(v, &values.at[i]);
    return NULL;
}

static struct fault *hash_record(struct visitor *v, const struct plan *p, const void *record,
                                 int64_t deleted_us)
{
    hash_text(v, 'R', slice_of(p->type->name));
    hash_number(v, 'i', (uint64_t)deleted_us);
    for (int i = 0; i < p->count; i++) {
        struct argument value = cell_argument(&p->cells[i], record);
        hash_value(v, &value);
    }
    return NULL;
}

static void hash_print(crypto_generichash_state *state, char text[CONTENT_HASH + 1])
{
    unsigned char hash[CONTENT_HASH / 2];
    (void)crypto_generichash_final(state, hash, sizeof hash);
    (void)sodium_bin2hex(text, CONTENT_HASH + 1, hash, sizeof hash);
}

struct fault *content_of(struct connection *c, struct content *found)
{
    crypto_generichash_state states[2];
    struct visitor v = {.row = hash_row, .record = hash_record, .states = states, .state_count = 2};
    int64_t side = 0;
    *found = (struct content){0};
    for (int i = 0; i < 2; i++)
        (void)crypto_generichash_init(&states[i], NULL, 0, CONTENT_HASH / 2);
    for (int i = 0; i < record_type_count; i++)
        TRY(walk_records(c, all_record_types[i], &v, &found->records));
    TRY(walk_table(c, &terms, &v, &found->terms));
    TRY(walk_table(c, &contents, &v, &side));
    hash_print(&states[0], found->of_records);
    v.states = &states[1];
    v.state_count = 1;
    for (size_t i = 0; i < COUNT(journal); i++)
        TRY(walk_table(c, &journal[i], &v, i ? &side : &found->entries));
    hash_print(&states[1], found->whole);
    return NULL;
}

/* Copying. */

static struct fault *copy_row(struct visitor *v, const struct table *t, struct arguments values)
{
    return change_queue(v->to, t->insert, values);
}

static struct fault *copy_record(struct visitor *v, const struct plan *p, const void *record,
                                 int64_t deleted_us)
{
    struct connection *c = v->to->connection;
    ARENA_SCOPE(work);
    struct buffer *sql = buffer_new(work, LIMIT_SQL);
    struct statement *s;
    TRY(row_queue(c, plan_of(c, p->type), record));
    if (!known_integer(deleted_us))
        return NULL;
    buffer_print(sql, OURS "UPDATE \"%s\" SET deleted_us = $2 WHERE \"id\" = $1", p->type->name);
    TRY(statement_find(c, buffer_view(sql), &s));
    return statement_queue(c, s, ARGS(ARG(((const struct record_head *)record)->id), ARG(deleted_us)));
}

static struct fault *check_empty(struct connection *c)
{
    int64_t rows;
    TRY(db_integer(c, &rows, 0,
                   OURS "SELECT (SELECT count(*) FROM journal) + (SELECT count(*) FROM taxonomy)", NO_ARGS));
    return rows ? fault(FAULT_CONFLICT, "There is something in this space already.") : NULL;
}

struct fault *content_copy(struct connection *from, struct transaction *to)
{
    struct visitor v = {.row = copy_row, .record = copy_record, .to = to};
    int64_t rows = 0;
    TRY(check_empty(to->connection));
    /* a record may refer to one of its own type that follows */
    TRY(to->connection->engine->script(to->connection, to->connection->engine->dialect.defer_links));
    for (int i = 0; i < record_type_count; i++)
        TRY(walk_records(from, all_record_types[i], &v, &rows));
    TRY(walk_table(from, &terms, &v, &rows));
    TRY(walk_table(from, &contents, &v, &rows));
    for (size_t i = 0; i < COUNT(journal); i++)
        TRY(walk_table(from, &journal[i], &v, &rows));
    to->connection->newest_at = 0; /* the newest entry is one of these */
    return connection_settle(to->connection);
}
