/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* statement.h - connections and prepared statements as the rooms of store/ see them; private to store/. */
#ifndef GRAPPE_STATEMENT_H
#define GRAPPE_STATEMENT_H

#include <pthread.h>

#include "db/db.h"
#include "db/engine.h"
#include "db/errors.h"
#include "db/sight.h"

enum { MOST_ARGUMENTS = 256, POINTER_SLOTS = 256, STATEMENT_BUCKETS = 256, MOST_STATEMENTS = 512 };

#define LIMIT_SQL ((size_t)1 << 17)

/* How a column becomes a C value. */
enum cell_kind { CELL_TEXT, CELL_INTEGER, CELL_REAL, CELL_FLAG, CELL_REF };
struct cell {
    enum cell_kind kind;
    size_t offset;
};

struct statement {
    void *handle; /* the engine's */
    const struct engine *engine;
    struct statement *next; /* of its bucket */
    char *key;              /* its text, not NUL-terminated */
    size_t key_length;
    uint64_t hash, used; /* used: the connection's tick, for eviction */
    bool by_program;     /* begins with BY_PROGRAM */
    bool pinned;
    bool walked; /* its rows are fetched some at a time; inside a transaction or a snapshot */
    int arguments;
    unsigned char slot[MOST_ARGUMENTS]; /* $i+1 is the slot[i]-th argument that the text mentions */
    const struct row_type *checked;
    struct cell *cells; /* of `checked` */
};

struct plan; /* rows/plan.h */

struct connection {
    void *link; /* the engine's */
    const struct engine *engine;
    struct db *db;
    struct connection *next; /* in the pool */
    pthread_t reader;        /* who had it last */
    struct {
        const char *sql;
        struct statement *statement;
    } by_pointer[POINTER_SLOTS]; /* literals are found by address, without reading them */
    struct statement *buckets[STATEMENT_BUCKETS];
    size_t statements;
    uint64_t tick;
    bool closing;       /* nothing needs to be given back any more */
    bool locked;        /* its statements see what the asker may, unless they are the program's */
    struct sight asker; /* program: not told; its organisations are kept here */
    int64_t *organisations, *competitors;
    struct id_list mine, competing; /* those, as SQL takes them */
    uint64_t asked;                 /* grows when somebody else asks */
    bool unlocked;                  /* SQLite looks at a statement of the program */
    char key[24];                   /* of the lock: what the part of a view is called that reads tables */
    enum error_class error;         /* of the last fault the database raised */
    bool yielded;                   /* it was that this transaction gave way to another */
    struct arena *memory;           /* plans; lives as long as the connection */
    struct plan *plans;
    int64_t newest_entry;    /* of the journal none is newer, as long as the version is this: */
    int64_t newest_at;       /* 0: not looked up */
    int log_pages, log_most; /* of SQLite: how long its log is, and may become (0: as usual) */
    bool emptying_log;
    unsigned char random[512]; /* drawn ahead: the kernel is asked once for many salts */
    size_t random_left;
};

struct outcome {
    bool failed, yielded; /* yielded: undone for the sake of another transaction */
    struct fault why;
};

struct transaction {
    struct db *db;
    struct connection *connection;
    int64_t batch;
    struct outcome outcome;
    bool marked; /* begun as one change of the group; else it is all there is to undo */
    bool open, spoiled, undone;
};

/* BUG after its end, or after a fault; IO when the database had to undo everything: a statement run then
 * would stand on its own. */
struct fault *transaction_check(const struct transaction *) MUST_CHECK;
/* Notes that it can only be abandoned, if there is a fault; hands the fault on. */
struct fault *transaction_failed(struct transaction *, struct fault *) MUST_CHECK;
/* Undoes what it did; it is still to be ended. */
void transaction_undo(struct transaction *);

/* The statement kept under its text, prepared when there is none. Kept statements may be closed later to make
 * room, unless pinned: do not hold on to them. */
struct fault *statement_find(struct connection *, struct slice sql, struct statement **found) MUST_CHECK;
/* The same for a literal, which is found by its address. */
struct fault *statement_literal(struct connection *, const char *sql, struct statement **found) MUST_CHECK;
void statements_close(struct connection *);

struct fault *statement_bind(struct connection *, struct statement *, struct arguments) MUST_CHECK;
/* The same, for rows that may be too many to hold at once. */
struct fault *statement_walk(struct connection *, struct statement *, struct arguments) MUST_CHECK;

/* One row: *row says whether there is one. After the last, and after a fault, the statement is reset. */
struct fault *statement_step(struct connection *, struct statement *, bool *row) MUST_CHECK;
/* Shows each row of a statement that was bound, or walked; the first fault ends it. *rows grows by those
 * shown. */
typedef struct fault *row_shown(void *owner, struct statement *);
struct fault *statement_each(struct connection *, struct statement *, row_shown *, void *owner,
                             int64_t *rows) MUST_CHECK;
/* Runs a statement to its end. */
struct fault *statement_run(struct connection *, struct statement *, struct arguments) MUST_CHECK;
/* Sends a statement without rows; its fault may come with a later one of the connection. */
struct fault *statement_queue(struct connection *, struct statement *, struct arguments) MUST_CHECK;
void statement_reset(struct connection *, struct statement *);
/* db_change, queued. */
struct fault *change_queue(struct transaction *, const char *sql, struct arguments) MUST_CHECK;
struct fault *connection_settle(struct connection *) MUST_CHECK;

static inline bool statement_unknown(const struct statement *s, int column)
{
    return s->engine->unknown(s, column);
}
static inline int64_t statement_integer(const struct statement *s, int column)
{
    return s->engine->integer(s, column);
}
static inline struct slice statement_bytes(const struct statement *s, int column) /* text too */
{
    return s->engine->bytes(s, column);
}

enum cell_kind cell_kind_of(enum kind);
/* Columns first.. of the current row into the cells of `row`; text goes to the arena. */
MUST_CHECK static inline struct fault *cells_read(const struct statement *s, int first,
                                                  const struct cell *cells, int count, struct arena *a,
                                                  void *row)
{
    return s->engine->cells(s, first, cells, count, a, row);
}
void cell_forget(const struct cell *, void *row); /* sets it to unknown */
struct fault *cell_of_another_type(const struct statement *, int column) MUST_CHECK;
struct argument cell_argument(const struct cell *, const void *row); /* the way back */

#endif
