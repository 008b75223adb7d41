/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* postgres.h - what the files of the PostgreSQL engine share; private to them.
 *
 * The connection is in pipeline mode all the time: what is sent waits in `sent`, in order, until somebody
 * needs an answer (postgres_settle). After a fault the server skips everything up to the next
 * synchronisation. What stands between two synchronisations is a transaction by itself, so most need no BEGIN
 * and no COMMIT: answers are asked for by a flush, and the synchronisation commits. Savepoints, cursors and
 * scripts need a BEGIN (postgres_block), which takes in what was sent before it. */
#ifndef GRAPPE_POSTGRES_H
#define GRAPPE_POSTGRES_H

#include <libpq-fe.h>

#include "db/statement.h"

enum { MOST_SENT = 512 };

struct sent {
    enum { SENT, SENT_COMMIT, SENT_SYNC } kind;
    struct statement *statement; /* NULL: a command, or nobody reads its answer */
    struct outcome *outcome;     /* NULL: its fault is for whoever settles */
};
struct postgres {
    PGconn *link;
    struct sent sent[MOST_SENT];
    int sent_count;
    int64_t turn;        /* the advisory lock of the schema's writers */
    int64_t kept_until;  /* it is ours; let go soon after this monotonic instant. 0: not ours */
    int64_t kept_since;  /* grows each time it is taken */
    int64_t begun;       /* transactions since */
    bool in_transaction; /* as far as this side knows */
    bool in_block;       /* it was begun by a BEGIN: a synchronisation does not end it */
    bool marked;         /* there is a savepoint where the change began */
    bool spoiled;        /* by a fault: only a rollback is understood */
    bool may_step_down;  /* locked, and the role of askers is there to be taken */
    bool face_known;     /* what follows holds, on the server too */
    bool face_lasts;     /* it was put on outside a transaction, and stays when one ends */
    bool as_program;     /* statements run with the rights of who connected */
    uint64_t asked;      /* the asker that was told, or of connection.asked */
    uint64_t names;      /* given to statements so far */
};

struct prepared {
    char name[24];
    bool known; /* to the server */
    enum argument_kind kinds[MOST_ARGUMENTS];
    PGresult *rows;
    int row, count;
    int64_t changes;
    bool cursor; /* a walk that is not over */
};

/* The fault of an answer, or of the connection when `answer` is NULL. */
struct fault *postgres_fault(struct connection *, const PGresult *answer) MUST_CHECK;
/* The class of a SQLSTATE. */
enum error_class sqlstate_class(const char *state);

struct fault *postgres_command(struct connection *, const char *sql) MUST_CHECK;
/* From here on the transaction is one that COMMIT or ROLLBACK ends. */
struct fault *postgres_block(struct connection *) MUST_CHECK;
/* Waits for the answers to all that was sent; the first fault among them. */
struct fault *postgres_settle(struct connection *) MUST_CHECK;
/* Room for one more in the batch: call before sending. */
struct fault *postgres_make_room(struct connection *) MUST_CHECK;

struct fault *postgres_verify(struct connection *, struct arena *, const char **found) MUST_CHECK;

/* The lock. */
#define ASKERS "grappe_asker" /* the role that has rights on the views alone */
struct fault *postgres_lock(struct connection *, enum purpose, const char *views) MUST_CHECK;
/* Sends what puts the right face on before a statement: the program's, or the asker's. */
struct fault *postgres_face(struct connection *, bool by_program) MUST_CHECK;
void postgres_make_role(PGconn *, struct arena *, const char *schema);

/* The statement functions of struct engine. */
struct fault *postgres_prepare(struct connection *, struct statement *, const char *sql) MUST_CHECK;
void postgres_close_statement(struct connection *, struct statement *);
bool postgres_busy(const struct statement *);
struct fault *postgres_send(struct connection *, struct statement *, struct arguments) MUST_CHECK;
struct fault *postgres_queue(struct connection *, struct statement *, struct arguments) MUST_CHECK;
struct fault *postgres_step(struct connection *, struct statement *, bool *row) MUST_CHECK;
void postgres_reset(struct connection *, struct statement *);
int64_t postgres_changes(struct connection *, struct statement *);
void postgres_take(struct statement *, PGresult *answer); /* the answer to what it sent */
int postgres_columns(const struct statement *);
const char *postgres_column_name(const struct statement *, int column);
bool postgres_unknown(const struct statement *, int column);
int64_t postgres_integer(const struct statement *, int column);
struct slice postgres_bytes(const struct statement *, int column);
struct fault *postgres_cells(const struct statement *, int first, const struct cell *, int count,
                             struct arena *, void *row) MUST_CHECK;

#endif
