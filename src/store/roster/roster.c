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
    "CREATE TABLE IF NOT EXISTS space_rule (\n"
    "  space TEXT PRIMARY KEY, second_step INTEGER NOT NULL\n) STRICT, WITHOUT ROWID;\n"
    "CREATE TABLE IF NOT EXISTS server_secret (one INTEGER PRIMARY KEY, secret TEXT NOT NULL) STRICT;\n"
    "DROP TABLE IF EXISTS session;\n" /* of earlier directories: their people sign in again */
    "CREATE TABLE IF NOT EXISTS signed_in (\n"
    "  token TEXT PRIMARY KEY, id INTEGER NOT NULL, space TEXT NOT NULL, person INTEGER NOT NULL,\n"
    "  created_us INTEGER NOT NULL, seen_us INTEGER NOT NULL, proof_us INTEGER NOT NULL,\n"
    "  way INTEGER NOT NULL, factors INTEGER NOT NULL, device TEXT NOT NULL, network TEXT NOT NULL\n"
    ") STRICT, WITHOUT ROWID;\n"
    "CREATE INDEX IF NOT EXISTS signed_in_person ON signed_in(space, person);\n"
    "CREATE TABLE IF NOT EXISTS attempt (\n"
    "  key TEXT PRIMARY KEY, since_us INTEGER NOT NULL, failures INTEGER NOT NULL\n) STRICT, WITHOUT "
    "ROWID;\n"
    "CREATE TABLE IF NOT EXISTS pass (\n"
    "  hash TEXT PRIMARY KEY, kind TEXT NOT NULL, space TEXT NOT NULL, person INTEGER NOT NULL,\n"
    "  way INTEGER NOT NULL, made_us INTEGER NOT NULL, until_us INTEGER NOT NULL, tries INTEGER NOT NULL,\n"
    "  device TEXT NOT NULL, back TEXT NOT NULL\n) STRICT, WITHOUT ROWID;\n"
    "CREATE TABLE IF NOT EXISTS second_step (\n"
    "  space TEXT NOT NULL, person INTEGER NOT NULL, secret TEXT NOT NULL, last_step INTEGER NOT NULL,\n"
    "  since_us INTEGER NOT NULL, PRIMARY KEY (space, person)\n) STRICT, WITHOUT ROWID;\n"
    "CREATE TABLE IF NOT EXISTS recovery_code (\n"
    "  space TEXT NOT NULL, person INTEGER NOT NULL, hash TEXT NOT NULL,\n"
    "  PRIMARY KEY (space, person, hash)\n) STRICT, WITHOUT ROWID;\n"
    "CREATE TABLE IF NOT EXISTS invitation (\n"
    "  hash TEXT PRIMARY KEY, id INTEGER NOT NULL, space TEXT NOT NULL, email TEXT NOT NULL,\n"
    "  role TEXT NOT NULL, organisation INTEGER NOT NULL, title TEXT NOT NULL, inviter INTEGER NOT NULL,\n"
    "  made_us INTEGER NOT NULL, until_us INTEGER NOT NULL, UNIQUE (space, id)\n) STRICT, WITHOUT ROWID;\n"
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
static const char schema_of_mail[] =
    "CREATE TABLE IF NOT EXISTS letter (\n"
    "  id INTEGER PRIMARY KEY, space TEXT NOT NULL, key TEXT NOT NULL, recipient TEXT NOT NULL,\n"
    "  person INTEGER NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL, html TEXT NOT NULL,\n"
    "  unsubscribe TEXT NOT NULL, pass TEXT NOT NULL, made_us INTEGER NOT NULL, until_us INTEGER NOT NULL, "
    "due_us INTEGER NOT NULL,\n"
    "  tries INTEGER NOT NULL, state INTEGER NOT NULL, answer TEXT NOT NULL, runner TEXT NOT NULL,\n"
    "  UNIQUE (space, key)\n) STRICT;\n"
    "CREATE INDEX IF NOT EXISTS letter_due ON letter(due_us, id) WHERE state = 0;\n"
    "CREATE TABLE IF NOT EXISTS told_until (\n"
    "  space TEXT NOT NULL, person INTEGER NOT NULL, told_us INTEGER NOT NULL, PRIMARY KEY (space, person)\n"
    ") STRICT, WITHOUT ROWID;\n"
    "CREATE TABLE IF NOT EXISTS reminded (\n"
    "  space TEXT PRIMARY KEY, turn INTEGER NOT NULL, entry INTEGER NOT NULL\n) STRICT, WITHOUT ROWID;\n"
    "CREATE TABLE IF NOT EXISTS mailbox (\n"
    "  url TEXT PRIMARY KEY, validity INTEGER NOT NULL, number INTEGER NOT NULL\n) STRICT, WITHOUT ROWID;\n"
    "CREATE TABLE IF NOT EXISTS unread_letter (\n"
    "  url TEXT NOT NULL, validity INTEGER NOT NULL, number INTEGER NOT NULL, space TEXT NOT NULL,\n"
    "  tries INTEGER NOT NULL, tried_us INTEGER NOT NULL, answer TEXT NOT NULL,\n"
    "  PRIMARY KEY (url, validity, number)\n) STRICT, WITHOUT ROWID;\n"
    "CREATE TABLE IF NOT EXISTS mail_answer (\n"
    "  space TEXT NOT NULL, person INTEGER NOT NULL, record INTEGER NOT NULL, version INTEGER NOT NULL,\n"
    "  act TEXT NOT NULL, words TEXT NOT NULL, made_us INTEGER NOT NULL, PRIMARY KEY (space, person, "
    "record)\n"
    ") STRICT, WITHOUT ROWID;\n"
    "CREATE TABLE IF NOT EXISTS refused_address (\n"
    "  space TEXT NOT NULL, address TEXT NOT NULL, since_us INTEGER NOT NULL, answer TEXT NOT NULL,\n"
    "  PRIMARY KEY (space, address)\n) STRICT, WITHOUT ROWID;\n";

static struct fault *make_tables(struct db *db)
{
    ARENA_SCOPE(work);
    struct transaction *t = NULL;
    TRY(transaction_begin(db, work, &t));
    TRY(db_script(t, schema));
    TRY(db_script(t, schema_of_mail));
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

struct fault *roster_login_exists(struct db *db, const char *space, int64_t person, bool *exists)
{
    struct connection *c = NULL;
    int64_t count = 0;
    ARENA_SCOPE(work);
    TRY(read_now(db, work, &c));
    TRY(db_integer(c, &count, 0, "SELECT COUNT(*) AS count FROM login WHERE space = $1 AND person = $2",
                   ARGS(ARG(space), ARG(person))));
    *exists = count > 0;
    return NULL;
}

struct fault *roster_login_hash(struct db *db, struct arena *a, const char *space, int64_t person,
                                const char **password_hash)
{
    struct connection *c = NULL;
    struct login_row *rows = NULL;
    size_t count = 0;
    ARENA_SCOPE(work);
    TRY(read_now(db, work, &c));
    TRY(db_select(c, a, login_row, &rows, &count,
                  "SELECT person AS person, password AS password FROM login WHERE space = $1 AND person = $2",
                  ARGS(ARG(space), ARG(person))));
    *password_hash = count ? rows[0].password : NULL;
    return NULL;
}

struct fault *roster_second_step_wanted(struct db *db, const char *space, int64_t *roles)
{
    struct connection *c = NULL;
    ARENA_SCOPE(work);
    TRY(read_now(db, work, &c));
    return db_integer(c, roles, 0, "SELECT second_step AS second_step FROM space_rule WHERE space = $1",
                      ARGS(ARG(space)));
}

struct fault *roster_second_step_want(struct db *db, const char *space, int64_t roles)
{
    CHANGE(db,
           "INSERT INTO space_rule(space, second_step) VALUES($1, $2) ON CONFLICT(space) DO UPDATE SET"
           " second_step = excluded.second_step",
           ARGS(ARG(space), ARG(roles)));
}

#define SECRET_ROW(COLUMN) COLUMN(text, secret)
ROW(secret_row, SECRET_ROW)

struct fault *roster_secret(struct db *db, struct arena *a, const char *fresh, const char **secret)
{
    ARENA_SCOPE(work);
    struct transaction *t = NULL;
    struct secret_row *rows = NULL;
    size_t count = 0;
    TRY(transaction_begin(db, work, &t));
    TRY(db_change(t, NULL, "INSERT INTO server_secret(one, secret) VALUES(1, $1) ON CONFLICT DO NOTHING",
                  ARGS(ARG(fresh))));
    TRY(db_select(transaction_connection(t), a, secret_row, &rows, &count,
                  "SELECT secret AS secret FROM server_secret", NO_ARGS));
    *secret = rows[0].secret;
    return transaction_commit(t);
}

struct fault *roster_sweep(struct db *db, int64_t before_us)
{
    static const int64_t invitations_kept_us = INT64_C(60) * 24 * 3600 * SECOND_US; /* to be sent again */
    static const int64_t unread_kept_us =
        INT64_C(30) * 24 * 3600 * SECOND_US; /* as long as it would be listed */
    static const int64_t answers_kept_us = INT64_C(14) * 24 * 3600 * SECOND_US;
    ARENA_SCOPE(work);
    struct transaction *t = NULL;
    TRY(transaction_begin(db, work, &t));
    TRY(db_change(t, NULL, "DELETE FROM attempt WHERE since_us < $1", ARGS(ARG(before_us))));
    TRY(db_change(t, NULL, "DELETE FROM pass WHERE until_us < $1", ARGS(ARG(before_us))));
    TRY(db_change(t, NULL, "DELETE FROM mail_answer WHERE made_us < $1",
                  ARGS(ARG(before_us - answers_kept_us))));
    TRY(db_change(t, NULL, "DELETE FROM unread_letter WHERE tried_us < $1",
                  ARGS(ARG(before_us - unread_kept_us))));
    TRY(db_change(t, NULL, "DELETE FROM signed_in WHERE seen_us < $1", ARGS(ARG(before_us))));
    TRY(db_change(t, NULL, "DELETE FROM invitation WHERE until_us < $1",
                  ARGS(ARG(before_us - invitations_kept_us))));
    return transaction_commit(t);
}
