/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "roster/roster.h"

#include "arena/arena.h"
#include "clock/clock.h"
#include "roster/change.h"

static const char schema[] =
    "CREATE TABLE IF NOT EXISTS space (\n"
    "  position INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, title TEXT NOT NULL, file TEXT NOT NULL,\n"
    "  demo INTEGER NOT NULL\n) STRICT;\n"
    "CREATE TABLE IF NOT EXISTS login (\n"
    "  space TEXT NOT NULL, email TEXT NOT NULL, person INTEGER NOT NULL, password TEXT NOT NULL,\n"
    "  PRIMARY KEY (space, email)\n) STRICT, WITHOUT ROWID;\n"
    "CREATE TABLE IF NOT EXISTS session (\n"
    "  token TEXT PRIMARY KEY, space TEXT NOT NULL, person INTEGER NOT NULL, created_us INTEGER NOT NULL,\n"
    "  seen_us INTEGER NOT NULL\n) STRICT, WITHOUT ROWID;\n"
    "CREATE INDEX IF NOT EXISTS session_person ON session(space, person);\n"
    "CREATE TABLE IF NOT EXISTS attempt (\n"
    "  key TEXT PRIMARY KEY, since_us INTEGER NOT NULL, failures INTEGER NOT NULL\n) STRICT, WITHOUT "
    "ROWID;\n"
    "CREATE TABLE IF NOT EXISTS api_token (\n"
    "  hash TEXT PRIMARY KEY, id INTEGER NOT NULL, space TEXT NOT NULL, person INTEGER NOT NULL,\n"
    "  name TEXT NOT NULL, prefix TEXT NOT NULL, scopes INTEGER NOT NULL, created_us INTEGER NOT NULL,\n"
    "  seen_us INTEGER NOT NULL, UNIQUE (space, id)\n) STRICT, WITHOUT ROWID;\n"
    "CREATE INDEX IF NOT EXISTS api_token_person ON api_token(space, person);\n"
    "CREATE TABLE IF NOT EXISTS wake (\n"
    "  space TEXT PRIMARY KEY, due_us INTEGER NOT NULL, turn INTEGER NOT NULL\n) STRICT, WITHOUT ROWID;\n"
    "CREATE TABLE IF NOT EXISTS job_live (\n"
    "  space TEXT NOT NULL, job INTEGER NOT NULL, runner TEXT NOT NULL, until_us INTEGER NOT NULL,\n"
    "  done INTEGER NOT NULL, total INTEGER NOT NULL, note TEXT NOT NULL, cancel INTEGER NOT NULL,\n"
    "  changes INTEGER NOT NULL, PRIMARY KEY (space, job)\n) STRICT, WITHOUT ROWID;\n";

static struct fault *make_tables(struct db *db)
{
    ARENA_SCOPE(work);
    struct transaction *t = NULL;
    TRY(transaction_begin(db, work, &t));
    TRY(db_script(t, schema));
    return transaction_commit(t);
}

struct fault *roster_open(const char *path, bool create, struct db **out)
{
    struct db *db = NULL;
    TRY(db_open(path, create, &db));
    struct fault *failed = make_tables(db); /* an older directory gets those that are new */
    if (failed) {
        struct fault kept = *failed;
        db_close(db);
        return fault_again(&kept);
    }
    *out = db;
    return NULL;
}

struct fault *roster_space_add(struct db *db, const struct roster_space *s)
{
    CHANGE(db, "INSERT INTO space(name, title, file, demo) VALUES($1, $2, $3, $4)",
           ARGS(ARG(s->name), ARG(s->title), ARG(s->file), ARG(s->demo)));
}

#define SPACE_ROW(COLUMN) COLUMN(text, name) COLUMN(text, title) COLUMN(text, file) COLUMN(integer, demo)
ROW(space_row, SPACE_ROW)

struct fault *roster_spaces(struct db *db, struct arena *a, struct roster_space **spaces, size_t *count)
{
    struct connection *c = NULL;
    struct space_row *rows = NULL;
    ARENA_SCOPE(work);
    TRY(read_now(db, work, &c));
    TRY(db_select(
        c, a, space_row, &rows, count,
        "SELECT name AS name, title AS title, file AS file, demo AS demo FROM space ORDER BY position",
        NO_ARGS));
    *spaces = NEW(a, struct roster_space, *count + 1);
    for (size_t i = 0; i < *count; i++)
        (*spaces)[i] = (struct roster_space){rows[i].demo, rows[i].name, rows[i].title, rows[i].file};
    return NULL;
}

struct fault *roster_login_set(struct db *db, const char *space, int64_t person, const char *email,
                               const char *password_hash)
{
    ARENA_SCOPE(work);
    struct transaction *t = NULL;
    TRY(transaction_begin(db, work, &t));
    TRY(db_change(t, NULL, "DELETE FROM login WHERE space = $1 AND person = $2",
                  ARGS(ARG(space), ARG(person))));
    TRY(db_change(t, NULL, "INSERT INTO login(space, email, person, password) VALUES($1, $2, $3, $4)",
                  ARGS(ARG(space), ARG(email), ARG(person), ARG(password_hash))));
    return transaction_commit(t);
}

#define LOGIN_ROW(COLUMN) COLUMN(integer, person) COLUMN(text, password)
ROW(login_row, LOGIN_ROW)

struct fault *roster_login_find(struct db *db, struct arena *a, const char *space, const char *email,
                                int64_t *person, const char **password_hash)
{
    struct connection *c = NULL;
    struct login_row *rows = NULL;
    size_t count = 0;
    ARENA_SCOPE(work);
    TRY(read_now(db, work, &c));
    TRY(db_select(c, a, login_row, &rows, &count,
                  "SELECT person AS person, password AS password FROM login WHERE space = $1 AND email = $2",
                  ARGS(ARG(space), ARG(email))));
    *person = count ? rows[0].person : 0;
    *password_hash = count ? rows[0].password : NULL;
    return NULL;
}

struct fault *roster_session_add(struct db *db, const char *token_hash, const char *space, int64_t person)
{
    CHANGE(db, "INSERT INTO session(token, space, person, created_us, seen_us) VALUES($1, $2, $3, $4, $4)",
           ARGS(ARG(token_hash), ARG(space), ARG(person), ARG(now_us())));
}

#define SESSION_ROW(COLUMN) COLUMN(integer, person) COLUMN(integer, created_us) COLUMN(integer, seen_us)
ROW(session_row, SESSION_ROW)

struct fault *roster_session_find(struct db *db, const char *token_hash, const char *space,
                                  struct roster_session *found)
{
    struct connection *c = NULL;
    struct session_row *rows = NULL;
    size_t count = 0;
    ARENA_SCOPE(work);
    *found = (struct roster_session){0};
    TRY(read_now(db, work, &c));
    TRY(db_select(c, work, session_row, &rows, &count,
                  "SELECT person AS person, created_us AS created_us, seen_us AS seen_us FROM session"
                  " WHERE token = $1 AND space = $2",
                  ARGS(ARG(token_hash), ARG(space))));
    if (count)
        *found = (struct roster_session){rows[0].person, rows[0].created_us, rows[0].seen_us};
    return NULL;
}

struct fault *roster_session_seen(struct db *db, const char *token_hash, int64_t at_us)
{
    CHANGE(db, "UPDATE session SET seen_us = $2 WHERE token = $1", ARGS(ARG(token_hash), ARG(at_us)));
}

struct fault *roster_session_end(struct db *db, const char *token_hash)
{
    CHANGE(db, "DELETE FROM session WHERE token = $1", ARGS(ARG(token_hash)));
}

struct fault *roster_sessions_end(struct db *db, const char *space, int64_t person)
{
    CHANGE(db, "DELETE FROM session WHERE space = $1 AND person = $2", ARGS(ARG(space), ARG(person)));
}

struct fault *roster_attempts(struct db *db, const char *key, int64_t window_s, int64_t *count)
{
    struct connection *c = NULL;
    ARENA_SCOPE(work);
    TRY(read_now(db, work, &c));
    return db_integer(c, count, 0, "SELECT failures FROM attempt WHERE key = $1 AND since_us > $2",
                      ARGS(ARG(key), ARG(now_us() - window_s * SECOND_US)));
}

struct fault *roster_attempt_failed(struct db *db, const char *key, int64_t window_s)
{
    CHANGE(db,
           "INSERT INTO attempt(key, since_us, failures) VALUES($1, $2, 1) ON CONFLICT(key) DO UPDATE SET"
           " failures = CASE WHEN attempt.since_us > $3 THEN attempt.failures + 1 ELSE 1 END,"
           " since_us = CASE WHEN attempt.since_us > $3 THEN attempt.since_us ELSE excluded.since_us END",
           ARGS(ARG(key), ARG(now_us()), ARG(now_us() - window_s * SECOND_US)));
}

struct fault *roster_attempts_forget(struct db *db, const char *key)
{
    CHANGE(db, "DELETE FROM attempt WHERE key = $1", ARGS(ARG(key)));
}
