/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* engine_sqlite.c - a space as one SQLite file: WAL, synchronous=FULL, narrow limits. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "arena/arena.h"
#include "db/sqlite.h"
#include "hurry/hurry.h"
#include "i18n/i18n.h"

enum { STEPS_AT_ONCE = 1000, LOG_PAGES = 1000, APPLICATION_ID = 0x47726170 /* "Grap" */ };

static struct fault *failed(struct connection *c)
{
    return sqlite_fault(c->link, &c->error);
}

static struct fault *execute(struct connection *c, const char *sql)
{
    sqlite_unlock(c, is_by_program(sql));
    return sqlite3_exec(c->link, sql, NULL, NULL, NULL) == SQLITE_OK ? NULL : failed(c);
}

/* Another process has the lock, or readers the log: 1, 2, 3 … 100 ms, ten seconds together, for the log
 * 28 ms. 0: no longer. */
static int wait_for_others(void *connection, int waits)
{
    enum { LONGEST_MS = 100, WAITS = 150, WAITS_FOR_LOG = 7 };
    const struct connection *c = connection;
    if (waits >= (c->emptying_log ? WAITS_FOR_LOG : WAITS) || !may_wait())
        return 0;
    int ms = waits < LONGEST_MS ? waits + 1 : LONGEST_MS;
    (void)nanosleep(&(struct timespec){.tv_nsec = ms * 1000000L}, NULL);
    return 1;
}

/* Asked every so many steps of a statement, some 50 microseconds apart. */
static int give_way(void *nothing)
{
    (void)nothing;
    return hurry_is_over();
}

/* Only what we use stays switched on; a hostile file meets narrow limits. */
static void restrict_connection(struct connection *c)
{
    sqlite3 *handle = c->link;
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
    (void)sqlite3_busy_handler(handle, wait_for_others, c);
    (void)sqlite3_progress_handler(handle, STEPS_AT_ONCE, give_way, NULL);
}

static void start(void)
{
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); /* its counter is a lock shared by all threads */
    gather_register();
}

static int note_log(void *connection, sqlite3 *handle, const char *name, int pages)
{
    (void)handle;
    (void)name;
    ((struct connection *)connection)->log_pages = pages;
    return SQLITE_OK;
}

/* Brings a long log into the file and lets the next change begin it anew. SQLite's own checkpoints do that
 * only in a moment without readers, and the server under load has none: the log would grow for ever, and each
 * change cost as much more. Whoever still reads from it is waited for a little, then until it is twice as
 * long. */
static void empty_log(struct connection *c)
{
    if (c->log_pages < (c->log_most ? c->log_most : LOG_PAGES))
        return;
    c->emptying_log = true;
    int result = sqlite3_wal_checkpoint_v2(c->link, "main", SQLITE_CHECKPOINT_RESTART, NULL, NULL);
    c->emptying_log = false;
    c->log_most = result == SQLITE_OK ? 0 : 2 * c->log_pages;
}

/* An empty file is a fresh one. Made readable by its owner alone: it will hold what members confided. */
static struct fault *prepare_file(struct db *d, bool create, bool *fresh)
{
    static pthread_once_t started = PTHREAD_ONCE_INIT;
    const char *path = db_path(d);
    (void)pthread_once(&started, start);
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

static struct fault *remove_file(const char *path)
{
    static const char *const endings[] = {"-wal", "-shm", ""};
    ARENA_SCOPE(work);
    for (size_t i = 0; i < COUNT(endings); i++)
        if (unlink(arena_print(work, "%s%s", path, endings[i])) != 0 && errno != ENOENT)
            return fault(FAULT_IO, "The file %s cannot be removed: %s.", path, strerror(errno));
    return NULL;
}

static struct fault *check_owner(struct connection *c, bool fresh)
{
    int64_t id = 0;
    TRY(db_integer(c, &id, 0, "PRAGMA application_id", NO_ARGS));
    if (fresh && id == 0)
        return execute(c, "PRAGMA application_id = 0x47726170; PRAGMA user_version = 1");
    return id == APPLICATION_ID ? NULL : fault(FAULT_INVALID, "This is not a file of Grappe.");
}

static struct fault *connect_file(struct connection *c, enum purpose purpose, bool fresh)
{
    sqlite3 *handle = NULL;
    int code =
        sqlite3_open_v2(db_path(c->db), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, GATHERING);
    c->link = handle;
    if (code != SQLITE_OK)
        return handle ? failed(c) : fault(FAULT_IO, "The file %s cannot be opened.", db_path(c->db));
    restrict_connection(c);
    TRY(functions_register(c));
    TRY(execute(c, "PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = ON"));
    if (purpose == FOR_READING)
        return execute(c, "PRAGMA query_only = ON; PRAGMA cache_size = -4096");
    TRY(check_owner(c, fresh));
    (void)sqlite3_wal_hook(handle, note_log, c); /* and not SQLite's own checkpoints */
    return execute(c, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -32768;"
                      "PRAGMA journal_size_limit = 16777216");
}

static void disconnect_file(struct connection *c)
{
    (void)sqlite3_close(c->link);
}

static bool always_alive(struct connection *c)
{
    (void)c;
    return true;
}

/* Transactions. */

static struct fault *command(struct connection *c, const char *sql)
{
    struct statement *s;
    TRY(statement_literal(c, sql, &s));
    return statement_run(c, s, NO_ARGS);
}

static struct fault *begin(struct connection *c, enum purpose purpose)
{
    int64_t tables = 0;
    if (purpose == FOR_WRITING)
        return command(c, "BEGIN IMMEDIATE");
    TRY(command(c, "BEGIN"));
    /* the snapshot starts with the first read */
    return db_integer(c, &tables, 0, BY_PROGRAM("snapshot") "SELECT 1 FROM sqlite_schema LIMIT 1", NO_ARGS);
}

/* Wraps around after 4 billion changes, between two of which somebody will look. */
static int64_t version(struct connection *c)
{
    unsigned now = 0;
    (void)sqlite3_file_control(c->link, "main", SQLITE_FCNTL_DATA_VERSION, &now);
    return (int64_t)now + 1;
}

/* What is known of the newest entry stays known: only this transaction came between. */
static struct fault *commit(struct connection *c)
{
    bool known = c->newest_at == version(c);
    struct fault *wrong = command(c, "COMMIT");
    c->newest_at = known && !wrong ? version(c) : 0;
    empty_log(c);
    return wrong;
}

static void rollback(struct connection *c)
{
    (void)sqlite3_exec(c->link, "ROLLBACK", NULL, NULL, NULL);
}

static struct fault *change_begin(struct connection *c)
{
    return command(c, "SAVEPOINT change");
}

static struct fault *change_end(struct connection *c, struct outcome *outcome)
{
    (void)outcome; /* known already */
    return command(c, "RELEASE change");
}

static struct fault *change_undo(struct connection *c)
{
    TRY(command(c, "ROLLBACK TO change"));
    return command(c, "RELEASE change");
}

static bool in_transaction(const struct connection *c)
{
    return sqlite3_get_autocommit(c->link) == 0;
}

static bool end_snapshot(struct connection *c)
{
    return !in_transaction(c) || !command(c, "COMMIT");
}

static struct fault *nothing_to_settle(struct connection *c)
{
    (void)c;
    return NULL;
}

static struct fault *run_at_once(struct connection *c, struct statement *s, struct arguments arguments)
{
    TRY(sqlite_send(c, s, arguments));
    for (bool row = true; row;)
        TRY(sqlite_step(c, s, &row));
    return NULL;
}

/* Is the file whole? */

#define INTEGRITY_ROW(COLUMN) COLUMN(text, integrity_check)
ROW(integrity_row, INTEGRITY_ROW)

static struct fault *verify_file(struct connection *c, struct arena *a, const char **found)
{
    struct integrity_row *rows;
    size_t count;
    int64_t journals;
    TRY(db_select(c, a, integrity_row, &rows, &count, BY_PROGRAM("verify") "PRAGMA integrity_check(1)",
                  NO_ARGS));
    if (count != 1 || strcmp(rows[0].integrity_check, "ok") != 0)
        return fault(FAULT_IO, "The file is damaged: %s.", count ? rows[0].integrity_check : "");
    TRY(db_integer(c, &journals, 0,
                   BY_PROGRAM("verify") "SELECT count(*) FROM sqlite_schema WHERE name = 'journal'",
                   NO_ARGS));
    *found = tr("its structure is whole");
    return journals ? NULL : fault(FAULT_INVALID, "This file of Grappe is not a space.");
}

const struct engine sqlite_engine = {
    .dialect = {.integer = "INTEGER",
                .real = "REAL",
                .text = "TEXT",
                .bytes = "BLOB",
                .table_end = ") STRICT",
                .keyed_end = ") STRICT, WITHOUT ROWID",
                .defer_links = BY_PROGRAM("copy") "PRAGMA defer_foreign_keys = ON",
                .no_index = "+",
                .once = "", /* SQLite sees by itself that a function of constants is constant */
                .view = "CREATE TEMP VIEW ",
                .views_done = "",
                .joins_in_order = true},
    .prepare_place = prepare_file,
    .remove_place = remove_file,
    .connect = connect_file,
    .disconnect = disconnect_file,
    .lock = sqlite_lock,
    .alive = always_alive,
    .begin = begin,
    .commit = commit,
    .rollback = rollback,
    .end_snapshot = end_snapshot,
    .in_transaction = in_transaction,
    .version = version,
    .change_begin = change_begin,
    .change_end = change_end,
    .change_undo = change_undo,
    .settle = nothing_to_settle,
    .script = execute,
    .prepare = sqlite_prepare,
    .close = sqlite_close_statement,
    .busy = sqlite_busy,
    .send = sqlite_send,
    .queue = run_at_once,
    .step = sqlite_step,
    .reset = sqlite_reset,
    .changes = sqlite_changes,
    .columns = sqlite_columns,
    .column_name = sqlite_column_name,
    .unknown = sqlite_unknown,
    .integer = sqlite_integer,
    .bytes = sqlite_bytes,
    .cells = sqlite_cells,
    .verify = verify_file,
};
