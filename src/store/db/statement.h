/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* statement.h - connections and prepared statements as the rooms of store/ see them; private to store/. */
#ifndef GRAPPE_STATEMENT_H
#define GRAPPE_STATEMENT_H

#include <sqlite3.h>

#include "db/db.h"

enum { MOST_ARGUMENTS = 256, POINTER_SLOTS = 256, STATEMENT_BUCKETS = 256, MOST_STATEMENTS = 512 };

/* How a column becomes a C value. */
enum cell_kind { CELL_TEXT, CELL_INTEGER, CELL_REAL, CELL_FLAG, CELL_REF };
struct cell {
    enum cell_kind kind;
    size_t offset;
};

struct statement {
    sqlite3_stmt *handle;
    struct statement *next; /* of its bucket */
    char *key;
    size_t key_length;
    uint64_t hash, used; /* used: the connection's tick, for eviction */
    bool pinned;
    int arguments;
    unsigned char slot[MOST_ARGUMENTS]; /* SQLite's parameter number of $i+1 */
    const struct row_type *checked;
    struct cell *cells; /* of `checked` */
};

struct plan; /* rows/plan.h */

struct connection {
    sqlite3 *handle;
    struct db *db;
    struct connection *next; /* in the pool */
    struct {
        const char *sql;
        struct statement *statement;
    } by_pointer[POINTER_SLOTS]; /* literals are found by address, without reading them */
    struct statement *buckets[STATEMENT_BUCKETS];
    size_t statements;
    uint64_t tick;
    struct arena *memory; /* plans; lives as long as the connection */
    struct plan *plans;
};

struct transaction {
    struct db *db;
    struct connection *connection;
    int64_t batch, last_entry; /* last_entry: of the journal, 0: not looked up yet */
    unsigned char random[512]; /* drawn ahead: the kernel is asked once for many salts */
    size_t random_left;
    bool open;
};

/* BUG after its end; IO when SQLite had to undo everything: a statement run then would stand on its own. */
struct fault *transaction_check(const struct transaction *) MUST_CHECK;

/* The statement kept under `key`, prepared from `sql` when there is none; sql NULL: *found is NULL then.
 * Kept statements may be closed later to make room, unless pinned: do not hold on to them. */
struct fault *statement_find(struct connection *, struct slice key, const char *sql,
                             struct statement **found) MUST_CHECK;
/* The same for a literal, which is its own key. */
struct fault *statement_literal(struct connection *, const char *sql, struct statement **found) MUST_CHECK;
void statements_close(struct connection *);

struct fault *statement_bind(struct connection *, struct statement *, struct arguments) MUST_CHECK;

/* One row: *row says whether there is one. After the last, and after a fault, the statement is reset. */
struct fault *statement_step(struct connection *, struct statement *, bool *row) MUST_CHECK;
/* Runs a statement to its end. */
struct fault *statement_run(struct connection *, struct statement *, struct arguments) MUST_CHECK;
void statement_reset(struct statement *);

enum cell_kind cell_kind_of(enum kind);
/* Columns first.. of the current row into the cells of `row`; text goes to the arena. */
struct fault *cells_read(sqlite3_stmt *, int first, const struct cell *, int count, struct arena *,
                         void *row) MUST_CHECK;
struct argument cell_argument(const struct cell *, const void *row); /* the way back */

/* What SQLite's last error on this connection means. */
struct fault *sqlite_fault(sqlite3 *) MUST_CHECK;

/* folded(text) and id_list(ids), on every connection. */
struct fault *functions_register(sqlite3 *) MUST_CHECK;

#endif
