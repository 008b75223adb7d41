/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* db.h - a connection to one space (or to the server's directory), statements, transactions.
 *
 * One writer per space, alone from transaction_begin to its end; any number of read connections, one per
 * worker thread. Statements are prepared once per connection and kept. What the space is stored in, its place
 * tells; nothing else in this header does. */
#ifndef GRAPPE_DB_H
#define GRAPPE_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fault/fault.h"
#include "record/record.h"

struct arena;
struct db;         /* one space: its place, its writer, its pool of readers */
struct connection; /* of a db; belongs to one thread at a time */

/* Opens a space at its place: the path of a file, or postgresql://…?schema=NAME. Makes it (readable by its
 * owner alone) when `create` and it is not there. NOT_FOUND when there is none, IO when it cannot be opened,
 * INVALID when it is not ours. */
struct fault *db_open(const char *place, bool create, struct db **) MUST_CHECK;
/* The same with a lock: `views` tells what a statement may read (db/sight.h) that does not begin with
 * BY_PROGRAM; it may do nothing else. */
struct buffer;
typedef void lock_views(struct buffer *script, struct connection *);
struct fault *db_open_locked(const char *place, bool create, lock_views *views, struct db **) MUST_CHECK;
void db_close(struct db *);
bool db_fresh(const struct db *); /* it was made when it was opened */
/* Removes what is at the place, if it is a space of ours; nothing when there is none. */
struct fault *db_remove(const char *place) MUST_CHECK;
const char *db_path(const struct db *); /* its place, as it was given */
bool place_is_url(const char *place);
/* The schema that an address ends with; INVALID when it names none, or an odd one. */
struct fault *place_schema(struct arena *, const char *url, const char **schema) MUST_CHECK;
/* The same for people and logs: an address without its password. */
const char *place_shown(struct arena *, const char *place);

/* A read connection for a unit of work, given back when the arena ends. Reads see one snapshot from
 * read_begin until then. */
struct fault *read_begin(struct db *, struct arena *, struct connection **) MUST_CHECK;
/* The same without a snapshot: each statement sees what is newest when it runs. For a single one. */
struct fault *read_now(struct db *, struct arena *, struct connection **) MUST_CHECK;
/* The snapshot ends: who waits for the writer must not hold up what is done with old versions of rows. */
void read_rest(struct connection *);
/* A new one begins, of what is newest now. */
struct fault *read_again(struct connection *) MUST_CHECK;

/* The writer, alone, in a transaction that is rolled back when the arena ends unless committed. */
struct transaction;
struct fault *transaction_begin(struct db *, struct arena *, struct transaction **) MUST_CHECK;
/* Waits until it is known that nothing so far was refused. */
struct fault *transaction_settle(struct transaction *) MUST_CHECK;
/* What a change before was refused may be told only here. After a fault nothing was changed, unless it says
 * that one has to look. */
struct fault *transaction_commit(struct transaction *) MUST_CHECK;
/* Undoes it now and gives the writer up, before the arena ends. May overwrite the thread's fault. */
void transaction_abandon(struct transaction *);
/* A change that can be run again from its start: it is, up to three times, when the database undid it for the
 * sake of another (serialisation, deadlock). For acts of the program, not for what a person decided on what
 * was read before. */
typedef struct fault *repeatable(struct transaction *, void *with);
struct fault *transaction_repeat(struct db *, repeatable *, void *with) MUST_CHECK;
struct connection *transaction_connection(struct transaction *); /* reads inside see its own writes */

/* Values bound to $1..$n. A list of ids is used as: id IN (SELECT id FROM id_list($3)). */
enum argument_kind {
    ARGUMENT_INTEGER,
    ARGUMENT_REAL,
    ARGUMENT_TEXT,
    ARGUMENT_SLICE,
    ARGUMENT_BYTES,
    ARGUMENT_IDS
};
struct id_list {
    const int64_t *at;
    size_t count;
};
struct argument {
    enum argument_kind kind;
    union {
        int64_t integer;    /* UNKNOWN_INTEGER binds NULL */
        double real;        /* NaN binds NULL */
        const char *text;   /* NULL binds NULL */
        struct slice slice; /* as text, or as bytes */
        struct id_list ids; /* kept by the caller until the call returns */
    };
};
static inline struct argument argument_integer(int64_t v)
{
    return (struct argument){.kind = ARGUMENT_INTEGER, .integer = v};
}
static inline struct argument argument_real(double v)
{
    return (struct argument){.kind = ARGUMENT_REAL, .real = v};
}
static inline struct argument argument_text(const char *v)
{
    return (struct argument){.kind = ARGUMENT_TEXT, .text = v};
}
static inline struct argument argument_slice(struct slice v)
{
    return (struct argument){.kind = ARGUMENT_SLICE, .slice = v};
}
static inline struct argument argument_bytes(const void *at, size_t count)
{
    return (struct argument){.kind = ARGUMENT_BYTES, .slice = {at, count}};
}
static inline struct argument argument_ids(const int64_t *at, size_t count)
{
    return (struct argument){.kind = ARGUMENT_IDS, .ids = {at, count}};
}
#define ARG(value)                                                                                           \
    _Generic((value),                                                                                        \
        bool: argument_integer,                                                                              \
        int: argument_integer,                                                                               \
        unsigned: argument_integer,                                                                          \
        long: argument_integer,                                                                              \
        long long: argument_integer,                                                                         \
        double: argument_real,                                                                               \
        char *: argument_text,                                                                               \
        const char *: argument_text,                                                                         \
        struct slice: argument_slice)(value)
struct arguments {
    const struct argument *at;
    size_t count;
};
#define ARGS(...)                                                                                            \
    ((struct arguments){(const struct argument[]){__VA_ARGS__},                                              \
                        sizeof((const struct argument[]){__VA_ARGS__}) / sizeof(struct argument)})
#define NO_ARGS ((struct arguments){NULL, 0})

/* A result row type: described like a record (kinds text, longtext, choice, integer, measure, date, ref,
 * flag, real), columns matched to fields by name and number when the statement is first used; a difference is
 * a BUG fault that names both, and so is a value of another type. NULL is unknown.
 *
 *   #define OFFER_ROW(COLUMN) COLUMN(integer, offer) COLUMN(text, title) COLUMN(real, km)
 *   ROW(offer_row, OFFER_ROW)
 *   struct offer_row *rows;
 *   TRY(db_select(c, a, offer_row, &rows, &n, "SELECT o.id AS offer, ... WHERE o.km <= $1",
 * ARGS(ARG(most_km))));
 *
 * ROW makes struct offer_row and its row type, in a .c file or a header. */
struct row_type {
    const char *name;
    const struct field *fields;
    int count;
    size_t size;
};
#define ROW_MEMBER_(kind, name) c_##kind name;
#define ROW_FIELD_(kind_, name_) {.name = #name_, .kind = KIND_##kind_, .offset = offsetof(row_here_, name_)},
#define ROW(row, LIST)                                                                                       \
    struct row {                                                                                             \
        LIST(ROW_MEMBER_)                                                                                    \
    };                                                                                                       \
    __attribute__((unused)) static inline const struct row_type *row##_row_type(void)                        \
    {                                                                                                        \
        typedef struct row row_here_;                                                                        \
        static const struct field fields[] = {LIST(ROW_FIELD_)};                                             \
        static const struct row_type type = {#row, fields, COUNT(fields), sizeof(row_here_)};                \
        return &type;                                                                                        \
    }

/* A statement's text, which only a literal can be. The linker lists them all, so that a test can ask both
 * engines what they make of each. */
#define SQL(text)                                                                                            \
    __extension__({                                                                                          \
        static const char *const sql_ __attribute__((section("statements"), used)) = "" text;                \
        sql_;                                                                                                \
    })

struct fault *db_select_rows(struct connection *, struct arena *, const struct row_type *, void **rows,
                             size_t *count, const char *sql, struct arguments) MUST_CHECK;
/* rows: struct NAME **, made by ROW(NAME, ...). */
#define db_select(connection, arena, row, rows, count, sql, arguments)                                       \
    db_select_rows(connection, arena, row##_row_type(), (void **)(1 ? (rows) : (struct row **)0), count,     \
                   SQL(sql), arguments)

/* One integer (a count, an id); `otherwise` when there is no row or it is NULL. */
struct fault *db_integer_of(struct connection *, int64_t *out, int64_t otherwise, const char *sql,
                            struct arguments) MUST_CHECK;
#define db_integer(connection, out, otherwise, sql, arguments)                                               \
    db_integer_of(connection, out, otherwise, SQL(sql), arguments)

/* A statement without rows; *changed (may be NULL): rows changed. After a fault the transaction can only be
 * abandoned. */
struct fault *db_change_of(struct transaction *, int64_t *changed, const char *sql,
                           struct arguments) MUST_CHECK;
#define db_change(transaction, changed, sql, arguments)                                                      \
    db_change_of(transaction, changed, SQL(sql), arguments)

/* Several statements without arguments: schemas. */
struct fault *db_script(struct transaction *, const char *sql) MUST_CHECK;

#endif
