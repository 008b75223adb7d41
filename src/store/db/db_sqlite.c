/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* db_sqlite.c - files, their connections, and transactions.
 *
 * Writers take turns. Each change is a savepoint in the open transaction of the file; whoever finds nobody
 * waiting behind commits for all who are in it (group commit), and only then do they return. So a durable
 * write costs at most one sync, and far less when many write at once. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arena/arena.h"
#include "clock/clock.h"
#include "db/statement.h"

enum { READERS_KEPT = 16, MOST_IN_GROUP = 64, BUSY_MS = 10000, APPLICATION_ID = 0x47726170 /* "Grap" */ };

/* The changes that one COMMIT makes durable. */
struct group {
    int changes, waiting;
    bool ended, failed;
    struct fault why;
};

struct db {
    char *path;
    struct connection *writer;
    pthread_mutex_t lock; /* of all that follows */
    pthread_cond_t turn, done;
    bool writing;
    pthread_t holder;
    int queue;
    struct group *group;
    struct connection *idle;
    int idle_count;
};

static void connection_close(struct connection *c)
{
    if (!c)
        return;
    statements_close(c);
    (void)sqlite3_close(c->handle);
    arena_free(c->memory);
    free(c);
}

static struct fault *execute(sqlite3 *handle, const char *sql)
{
    return sqlite3_exec(handle, sql, NULL, NULL, NULL) == SQLITE_OK ? NULL : sqlite_fault(handle);
}

static struct fault *pragma_integer(sqlite3 *handle, const char *sql, int64_t *value)
{
    sqlite3_stmt *s = NULL;
    if (sqlite3_prepare_v2(handle, sql, -1, &s, NULL) != SQLITE_OK)
        return sqlite_fault(handle);
    *value = sqlite3_step(s) == SQLITE_ROW ? sqlite3_column_int64(s, 0) : 0;
    return sqlite3_finalize(s) == SQLITE_OK ? NULL : sqlite_fault(handle);
}

/* Only what we use stays switched on; a hostile file meets narrow limits. */
static void restrict_connection(sqlite3 *handle)
{
    static const int limits[][2] = {
        {SQLITE_LIMIT_LENGTH, 64 << 20},   {SQLITE_LIMIT_SQL_LENGTH, 1 << 18},
        {SQLITE_LIMIT_COLUMN, 256},        {SQLITE_LIMIT_ATTACHED, 0},
        {SQLITE_LIMIT_TRIGGER_DEPTH, 1},   {SQLITE_LIMIT_VARIABLE_NUMBER, MOST_ARGUMENTS},
        {SQLITE_LIMIT_COMPOUND_SELECT, 20}};
    for (size_t i = 0; i < COUNT(limits); i++)
        (void)sqlite3_limit(handle, limits[i][0], limits[i][1]);
    static const int switches[][2] = {
        {SQLITE_DBCONFIG_DEFENSIVE, 1},      {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
        {SQLITE_DBCONFIG_DQS_DML, 0},        {SQLITE_DBCONFIG_DQS_DDL, 0},
        {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0}, {SQLITE_DBCONFIG_ENABLE_VIEW, 0}};
    for (size_t i = 0; i < COUNT(switches); i++)
        (void)sqlite3_db_config(handle, switches[i][0], switches[i][1], NULL);
    (void)sqlite3_extended_result_codes(handle, 1);
    (void)sqlite3_busy_timeout(handle, BUSY_MS);
}

static struct fault *check_owner(sqlite3 *handle, bool fresh)
{
    int64_t id = 0;
    TRY(pragma_integer(handle, "PRAGMA application_id", &id));
    if (fresh && id == 0)
        return execute(handle, "PRAGMA application_id = 0x47726170; PRAGMA user_version = 1");
    return id == APPLICATION_ID ? NULL : fault(FAULT_INVALID, "This is not a file of Grappe.");
}

static struct fault *connection_open(const char *path, bool fresh, bool writer, struct connection **out)
{
    struct connection *c = calloc(1, sizeof *c);
    if (!c)
        abort();
    c->memory = arena_new(LIMIT_SCRATCH_MEMORY);
    *out = c;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(path, &c->handle, flags, NULL) != SQLITE_OK)
        return c->handle ? sqlite_fault(c->handle) : fault(FAULT_IO, "The file %s cannot be opened.", path);
    restrict_connection(c->handle);
    TRY(functions_register(c->handle));
    TRY(execute(c->handle,
                "PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = ON"));
    if (!writer)
        return execute(c->handle, "PRAGMA query_only = ON; PRAGMA cache_size = -4096");
    TRY(check_owner(c->handle, fresh));
    return execute(c->handle,
                   "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -32768");
}

static void sqlite_start(void)
{
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); /* its counter is a lock shared by all threads */
    if (sodium_init() < 0) /* chooses the fast hashes, for the journal of commands too */
        abort();
}

/* An empty file is a fresh one. Made readable by its owner alone: it will hold what members confided. */
static struct fault *file_prepare(const char *path, bool create, bool *fresh)
{
    int descriptor = open(path, O_RDWR | O_CLOEXEC | (create ? O_CREAT : 0), 0600);
    if (descriptor < 0 && errno == ENOENT)
        return fault(FAULT_NOT_FOUND, "There is no file %s.", path);
    struct stat about = {0};
    if (descriptor < 0 || fstat(descriptor, &about) != 0 || !S_ISREG(about.st_mode)) {
        struct fault *wrong = fault(FAULT_IO, "The file %s cannot be opened.", path);
        if (descriptor >= 0)
            (void)close(descriptor);
        return wrong;
    }
    *fresh = create && about.st_size == 0;
    (void)close(descriptor);
    return NULL;
}

struct fault *db_open(const char *path, bool create, struct db **out)
{
    static pthread_once_t started = PTHREAD_ONCE_INIT;
    bool fresh = false;
    *out = NULL;
    (void)pthread_once(&started, sqlite_start);
    TRY(file_prepare(path, create, &fresh));
    struct db *d = calloc(1, sizeof *d);
    if (!d || !(d->path = strdup(path)))
        abort();
    (void)pthread_mutex_init(&d->lock, NULL);
    (void)pthread_cond_init(&d->turn, NULL);
    (void)pthread_cond_init(&d->done, NULL);
    struct fault *wrong = connection_open(path, fresh, true, &d->writer);
    d->writer->db = d;
    if (wrong)
        db_close(d);
    else
        *out = d;
    return wrong;
}

void db_close(struct db *d)
{
    if (!d)
        return;
    for (struct connection *c = d->idle, *next; c; c = next) {
        next = c->next;
        connection_close(c);
    }
    connection_close(d->writer);
    (void)pthread_cond_destroy(&d->done);
    (void)pthread_cond_destroy(&d->turn);
    (void)pthread_mutex_destroy(&d->lock);
    free(d->path);
    free(d);
}

const char *db_path(const struct db *d)
{
    return d->path;
}

/* Readers. */

/* Ends the snapshot, if there is one: false when the connection is no longer sound. */
static bool snapshot_end(struct connection *c)
{
    struct statement *commit;
    if (sqlite3_get_autocommit(c->handle))
        return true;
    if (statement_literal(c, "COMMIT", &commit))
        return false;
    bool sound = sqlite3_step(commit->handle) == SQLITE_DONE;
    statement_reset(commit);
    return sound;
}

static void read_end(void *thing)
{
    struct connection *c = thing;
    struct db *d = c->db;
    bool sound = snapshot_end(c);
    (void)pthread_mutex_lock(&d->lock);
    bool keep = sound && d->idle_count < READERS_KEPT;
    if (keep) {
        c->next = d->idle;
        d->idle = c;
        d->idle_count++;
    }
    (void)pthread_mutex_unlock(&d->lock);
    if (!keep)
        connection_close(c);
}

struct fault *read_now(struct db *d, struct arena *a, struct connection **out)
{
    *out = NULL;
    (void)pthread_mutex_lock(&d->lock);
    struct connection *c = d->idle;
    if (c) {
        d->idle = c->next;
        d->idle_count--;
    }
    (void)pthread_mutex_unlock(&d->lock);
    struct fault *wrong = c ? NULL : connection_open(d->path, false, false, &c);
    if (wrong) {
        connection_close(c);
        return wrong;
    }
    c->db = d;
    arena_defer(a, read_end, c);
    *out = c;
    return NULL;
}

struct fault *read_begin(struct db *d, struct arena *a, struct connection **out)
{
    struct statement *begin;
    int64_t tables = 0;
    TRY(read_now(d, a, out));
    TRY(statement_literal(*out, "BEGIN", &begin));
    TRY(statement_run(*out, begin, NO_ARGS));
    /* the snapshot starts with the first read */
    return db_integer(*out, &tables, 0, "SELECT 1 FROM sqlite_schema LIMIT 1", NO_ARGS);
}

/* Writers. */

/* Waits for the writer; false when this thread has it already. */
static bool take_turn(struct db *d)
{
    (void)pthread_mutex_lock(&d->lock);
    bool mine = d->writing && pthread_equal(d->holder, pthread_self());
    if (!mine) {
        d->queue++;
        while (d->writing)
            (void)pthread_cond_wait(&d->turn, &d->lock);
        d->queue--;
        d->writing = true;
        d->holder = pthread_self();
    }
    (void)pthread_mutex_unlock(&d->lock);
    return !mine;
}

/* Under the lock. */
static void pass_turn(struct db *d)
{
    d->writing = false;
    (void)pthread_cond_signal(&d->turn);
}

static bool in_transaction(const struct db *d)
{
    return sqlite3_get_autocommit(d->writer->handle) == 0;
}

/* Makes the group durable, or undoes it. */
static void group_end(struct db *d, struct group *g)
{
    struct fault *wrong = NULL;
    if (g->changes && !in_transaction(d)) /* the disk failed under somebody, and SQLite undid everything */
        wrong = fault(FAULT_IO, "Nothing was changed: the disk failed.");
    else if (in_transaction(d))
        wrong = execute(d->writer->handle, g->changes ? "COMMIT" : "ROLLBACK");
    if (wrong) {
        g->failed = true;
        g->why = *wrong;
    }
    if (in_transaction(d))
        (void)sqlite3_exec(d->writer->handle, "ROLLBACK", NULL, NULL, NULL);
}

/* Ends this thread's part of the group and gives the writer up. Returns once the group is durable, unless
 * this thread changed nothing. */
static struct fault *group_leave(struct db *d, bool changed)
{
    (void)pthread_mutex_lock(&d->lock);
    struct group *g = d->group;
    bool others_follow = d->queue > 0 && g->changes < MOST_IN_GROUP && in_transaction(d);
    if (!others_follow) {
        (void)pthread_mutex_unlock(&d->lock);
        group_end(d, g);
        (void)pthread_mutex_lock(&d->lock);
        g->ended = true;
        d->group = NULL;
        (void)pthread_cond_broadcast(&d->done);
    }
    pass_turn(d);
    g->waiting++;
    while (changed && !g->ended)
        (void)pthread_cond_wait(&d->done, &d->lock);
    struct group result = *g;
    if (--g->waiting == 0 && g->ended)
        free(g);
    (void)pthread_mutex_unlock(&d->lock);
    return changed && result.failed ? fault_again(&result.why) : NULL;
}

static void transaction_end(void *thing)
{
    struct transaction *t = thing;
    if (!t->open)
        return;
    t->open = false;
    if (in_transaction(t->db))
        (void)sqlite3_exec(t->connection->handle, "ROLLBACK TO change; RELEASE change", NULL, NULL, NULL);
    (void)group_leave(t->db, false);
}

void transaction_abandon(struct transaction *t)
{
    transaction_end(t);
}

static struct fault *change_begin(struct db *d)
{
    struct statement *s;
    if (!d->group) {
        if (in_transaction(d))
            TRY(execute(d->writer->handle, "ROLLBACK"));
        TRY(statement_literal(d->writer, "BEGIN IMMEDIATE", &s));
        TRY(statement_run(d->writer, s, NO_ARGS));
        d->group = calloc(1, sizeof *d->group);
        if (!d->group)
            abort();
    }
    TRY(statement_literal(d->writer, "SAVEPOINT change", &s));
    return statement_run(d->writer, s, NO_ARGS);
}

struct fault *transaction_begin(struct db *d, struct arena *a, struct transaction **out)
{
    *out = NULL;
    if (!take_turn(d))
        return fault(FAULT_BUG, "This thread is in a transaction already.");
    struct fault *wrong = change_begin(d);
    if (wrong) {
        struct fault kept = *wrong;
        if (d->group)
            (void)group_leave(d, false);
        else {
            (void)pthread_mutex_lock(&d->lock);
            pass_turn(d);
            (void)pthread_mutex_unlock(&d->lock);
        }
        return fault_again(&kept);
    }
    struct transaction *t = NEW(a, struct transaction, 1);
    *t = (struct transaction){.db = d, .connection = d->writer, .batch = new_id(), .open = true};
    arena_defer(a, transaction_end, t);
    *out = t;
    return NULL;
}

struct fault *transaction_commit(struct transaction *t)
{
    struct statement *s;
    TRY(transaction_check(t));
    TRY(statement_literal(t->connection, "RELEASE change", &s));
    TRY(statement_run(t->connection, s, NO_ARGS));
    t->open = false;
    t->db->group->changes++;
    return group_leave(t->db, true);
}

struct connection *transaction_connection(struct transaction *t)
{
    return t->connection;
}

struct fault *transaction_check(const struct transaction *t)
{
    if (!t->open)
        return fault(FAULT_BUG, "The transaction has ended.");
    if (!in_transaction(t->db))
        return fault(FAULT_IO, "Nothing was changed: the disk failed.");
    return NULL;
}
