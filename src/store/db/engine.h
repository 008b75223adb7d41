/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* engine.h - what a database must be able to do for the rooms of store/; private to store/.
 *
 * Two implementations, one table of functions each: engine_sqlite.c and engine_postgres.c. Statements are one
 * text for both, with $1..$n; the few words that differ are in `dialect`. A command or a statement that was
 * sent may be on its way still: what it says comes with the next step, `settle` or commit of the connection,
 * so that several go in one round trip. */
#ifndef GRAPPE_ENGINE_H
#define GRAPPE_ENGINE_H

#include "db/db.h"

struct statement;
struct cell;
struct outcome;

/* Words of table definitions, and of the few conditions that are composed by engine. */
struct dialect {
    const char *integer, *real, *text, *bytes;
    const char *table_end, *keyed_end; /* keyed: rows are found by their primary key alone */
    const char *defer_links;           /* references are checked at the commit of this transaction */
    const char *statistics;        /* before the tables whose values shall be counted; NULL: none are kept */
    const char *no_index;          /* before a column that shall not be searched by its index */
    const char *once;              /* before a question that is asked once a statement, not once a row */
    const char *view, *views_done; /* CREATE … VIEW; what follows the last */
    bool joins_in_order;           /* a CROSS JOIN reads its first table first, whatever would be faster */
    bool views_stay;               /* in the schema; not made anew for each connection */
    bool keeps_folds; /* folded(text) is unknown to the server: every text's folded form is a column */
};

enum purpose { FOR_READING, FOR_WRITING };

struct engine {
    struct dialect dialect;
    bool remote; /* an answer costs a round trip: faults come with a later step, and spoil the transaction */

    /* Finds or makes the space before its writer connects; *fresh: it is empty, and ours to mark. */
    struct fault *(*prepare_place)(struct db *, bool create, bool *fresh);
    struct fault *(*remove_place)(const char *place);
    /* Fills c->link. After a fault, disconnect() is still called. */
    struct fault *(*connect)(struct connection *, enum purpose, bool fresh);
    void (*disconnect)(struct connection *);
    /* From here on what is not BY_PROGRAM reads the views alone. views: their script, unless they stay. */
    struct fault *(*lock)(struct connection *, enum purpose, const char *views);
    bool (*alive)(struct connection *); /* as far as one can know without a round trip */

    /* A reader's snapshot; or the writer's transaction, alone among all processes until it ends. */
    struct fault *(*begin)(struct connection *, enum purpose);
    struct fault *(*commit)(struct connection *);
    void (*rollback)(struct connection *);
    bool (*end_snapshot)(struct connection *); /* false: the connection is no longer sound */
    bool (*in_transaction)(const struct connection *);
    /* Of what the transaction sees: another one after every commit of somebody else. 0: asking would cost a
     * round trip. */
    int64_t (*version)(struct connection *);
    /* The turn of the writers of all processes may outlast a transaction: until when, 0: it does not. It must
     * be let go then, while nothing is under way. NULL: it never does. */
    int64_t (*turn_until)(const struct connection *);
    void (*turn_end)(struct connection *);

    /* One change among those of a transaction, undone alone. What was wrong with it may be known only when
     * the transaction ends, to its outcome, which must live until then. */
    struct fault *(*change_begin)(struct connection *);
    struct fault *(*change_end)(struct connection *, struct outcome *);
    struct fault *(*change_undo)(struct connection *);

    struct fault *(*settle)(struct connection *);
    struct fault *(*script)(struct connection *, const char *sql); /* several statements */

    struct fault *(*prepare)(struct connection *, struct statement *, const char *sql);
    void (*close)(struct connection *, struct statement *);
    bool (*busy)(const struct statement *);
    struct fault *(*send)(struct connection *, struct statement *, struct arguments);
    struct fault *(*queue)(struct connection *, struct statement *, struct arguments); /* without rows */
    struct fault *(*step)(struct connection *, struct statement *, bool *row);
    void (*reset)(struct connection *, struct statement *);
    int64_t (*changes)(struct connection *, struct statement *); /* of its last run */

    /* Of the current row. Text and bytes stay the statement's until the next step. */
    int (*columns)(const struct statement *);
    const char *(*column_name)(const struct statement *, int column);
    bool (*unknown)(const struct statement *, int column); /* NULL */
    int64_t (*integer)(const struct statement *, int column);
    struct slice (*bytes)(const struct statement *, int column);
    /* The loop every row read passes through: columns first.. into the cells of `row`. */
    struct fault *(*cells)(const struct statement *, int first, const struct cell *, int count,
                           struct arena *, void *row);

    /* IO when the database itself is damaged, INVALID when this is no space. *found: in words, what could be
     * looked at. */
    struct fault *(*verify)(struct connection *, struct arena *, const char **found);
};

extern const struct engine sqlite_engine, postgres_engine;

#endif
