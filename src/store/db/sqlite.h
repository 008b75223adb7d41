/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* sqlite.h - what the files of the SQLite engine share; private to them. */
#ifndef GRAPPE_SQLITE_H
#define GRAPPE_SQLITE_H

#include <sqlite3.h>

#include "db/errors.h"
#include "db/statement.h"

/* What SQLite's last error on this connection means; *class (may be NULL) receives its class. */
struct fault *sqlite_fault(sqlite3 *, enum error_class *class) MUST_CHECK;

/* The system's files, with a log that is written once a commit. Before the first file is opened. */
#define GATHERING "grappe"
void gather_register(void);

/* folded(text), id_list(ids), and who asks, on every connection. */
struct fault *functions_register(struct connection *) MUST_CHECK;

/* The lock: makes the views, then refuses what is not theirs. */
struct fault *sqlite_lock(struct connection *, enum purpose, const char *views) MUST_CHECK;
/* Before SQLite may look at a statement: whether it is the program's. */
void sqlite_unlock(struct connection *, bool by_program);

/* The statement functions of struct engine. */
struct fault *sqlite_prepare(struct connection *, struct statement *, const char *sql) MUST_CHECK;
void sqlite_close_statement(struct connection *, struct statement *);
bool sqlite_busy(const struct statement *);
struct fault *sqlite_send(struct connection *, struct statement *, struct arguments) MUST_CHECK;
struct fault *sqlite_step(struct connection *, struct statement *, bool *row) MUST_CHECK;
void sqlite_reset(struct connection *, struct statement *);
int64_t sqlite_changes(struct connection *, struct statement *);
int sqlite_columns(const struct statement *);
const char *sqlite_column_name(const struct statement *, int column);
bool sqlite_unknown(const struct statement *, int column);
int64_t sqlite_integer(const struct statement *, int column);
struct slice sqlite_bytes(const struct statement *, int column);
struct fault *sqlite_cells(const struct statement *, int first, const struct cell *, int count,
                           struct arena *, void *row) MUST_CHECK;

#endif
