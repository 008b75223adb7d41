/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "roster/sessions.h"

#include "clock/clock.h"
#include "roster/change.h"

struct fault *roster_session_add(struct db *db, const char *token_hash, const char *space,
                                 const struct roster_session *s)
{
    CHANGE(db,
           "INSERT INTO signed_in(token, id, space, person, created_us, seen_us, proof_us, way, factors,"
           " device, network) VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
           ARGS(ARG(token_hash), ARG(s->id), ARG(space), ARG(s->person), ARG(s->created_us), ARG(s->seen_us),
                ARG(s->proof_us), ARG(s->way), ARG(s->factors), ARG(s->device), ARG(s->network)));
}

#define SESSION_ROW(COLUMN)                                                                                  \
    COLUMN(integer, id)                                                                                      \
    COLUMN(integer, person)                                                                                  \
    COLUMN(integer, created_us)                                                                              \
    COLUMN(integer, seen_us) COLUMN(integer, proof_us) COLUMN(integer, way) COLUMN(integer, factors)
#define FOUND_ROW(COLUMN) SESSION_ROW(COLUMN) COLUMN(integer, wanted)
#define LISTED_ROW(COLUMN) SESSION_ROW(COLUMN) COLUMN(text, device) COLUMN(text, network)
ROW(found_row, FOUND_ROW)
ROW(listed_row, LISTED_ROW)

struct fault *roster_session_find(struct db *db, const char *token_hash, const char *space,
                                  struct roster_session *found)
{
    struct connection *c = NULL;
    struct found_row *rows = NULL;
    size_t count = 0;
    ARENA_SCOPE(work);
    *found = (struct roster_session){0};
    TRY(read_now(db, work, &c));
    TRY(db_select(c, work, found_row, &rows, &count,
                  "SELECT s.id AS id, s.person AS person, s.created_us AS created_us, s.seen_us AS seen_us,"
                  " s.proof_us AS proof_us, s.way AS way, s.factors AS factors,"
                  " COALESCE(r.second_step, 0) AS wanted FROM signed_in s"
                  " LEFT JOIN space_rule r ON r.space = s.space WHERE s.token = $1 AND s.space = $2",
                  ARGS(ARG(token_hash), ARG(space))));
    if (count)
        *found = (struct roster_session){.id = rows[0].id,
                                         .person = rows[0].person,
                                         .created_us = rows[0].created_us,
                                         .seen_us = rows[0].seen_us,
                                         .proof_us = rows[0].proof_us,
                                         .way = rows[0].way,
                                         .factors = rows[0].factors,
                                         .wanted = rows[0].wanted};
    return NULL;
}

struct fault *roster_session_seen(struct db *db, const char *token_hash, int64_t at_us)
{
    CHANGE(db, "UPDATE signed_in SET seen_us = $2 WHERE token = $1", ARGS(ARG(token_hash), ARG(at_us)));
}

struct fault *roster_session_proved(struct db *db, const char *token_hash, int64_t at_us)
{
    CHANGE(db, "UPDATE signed_in SET proof_us = $2 WHERE token = $1", ARGS(ARG(token_hash), ARG(at_us)));
}

struct fault *roster_session_end(struct db *db, const char *token_hash)
{
    CHANGE(db, "DELETE FROM signed_in WHERE token = $1", ARGS(ARG(token_hash)));
}

struct fault *roster_sessions(struct db *db, struct arena *a, const char *space, int64_t person,
                              struct roster_session **sessions, size_t *count)
{
    struct connection *c = NULL;
    struct listed_row *rows = NULL;
    ARENA_SCOPE(work);
    TRY(read_now(db, work, &c));
    TRY(db_select(c, a, listed_row, &rows, count,
                  "SELECT id AS id, person AS person, created_us AS created_us, seen_us AS seen_us,"
                  " proof_us AS proof_us, way AS way, factors AS factors, device AS device,"
                  " network AS network FROM signed_in WHERE space = $1 AND person = $2"
                  " ORDER BY seen_us DESC, id DESC",
                  ARGS(ARG(space), ARG(person))));
    *sessions = NEW(a, struct roster_session, *count + 1);
    for (size_t i = 0; i < *count; i++)
        (*sessions)[i] = (struct roster_session){.id = rows[i].id,
                                                 .person = rows[i].person,
                                                 .created_us = rows[i].created_us,
                                                 .seen_us = rows[i].seen_us,
                                                 .proof_us = rows[i].proof_us,
                                                 .way = rows[i].way,
                                                 .factors = rows[i].factors,
                                                 .device = rows[i].device,
                                                 .network = rows[i].network};
    return NULL;
}

struct fault *roster_session_end_one(struct db *db, const char *space, int64_t person, int64_t id)
{
    CHANGE(db, "DELETE FROM signed_in WHERE space = $1 AND person = $2 AND id = $3",
           ARGS(ARG(space), ARG(person), ARG(id)));
}

struct fault *roster_sessions_end(struct db *db, const char *space, int64_t person, int64_t except)
{
    CHANGE(db, "DELETE FROM signed_in WHERE space = $1 AND person = $2 AND id <> $3",
           ARGS(ARG(space), ARG(person), ARG(except)));
}

#define ATTEMPT_ROW(COLUMN) COLUMN(integer, failures) COLUMN(integer, since_us)
ROW(attempt_row, ATTEMPT_ROW)

struct fault *roster_attempts(struct db *db, const char *key, int64_t window_s, struct roster_attempts *found)
{
    struct connection *c = NULL;
    struct attempt_row *rows = NULL;
    size_t count = 0;
    ARENA_SCOPE(work);
    TRY(read_now(db, work, &c));
    TRY(db_select(c, work, attempt_row, &rows, &count,
                  "SELECT failures AS failures, since_us AS since_us FROM attempt"
                  " WHERE key = $1 AND since_us > $2",
                  ARGS(ARG(key), ARG(now_us() - window_s * SECOND_US))));
    *found =
        count ? (struct roster_attempts){rows[0].failures, rows[0].since_us} : (struct roster_attempts){0};
    return NULL;
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

struct fault *roster_pass_add_in(struct transaction *t, const char *hash, const char *kind, const char *space,
                                 const struct roster_pass *p)
{
    return db_change(
        t, NULL,
        "INSERT INTO pass(hash, kind, space, person, way, made_us, until_us, tries, device, back)"
        " VALUES($1, $2, $3, $4, $5, $6, $7, 0, $8, $9)",
        ARGS(ARG(hash), ARG(kind), ARG(space), ARG(p->person), ARG(p->way), ARG(p->made_us), ARG(p->until_us),
             ARG(p->device), ARG(p->back)));
}

struct fault *roster_pass_add(struct db *db, const char *hash, const char *kind, const char *space,
                              const struct roster_pass *p)
{
    ARENA_SCOPE(work);
    struct transaction *t = NULL;
    TRY(transaction_begin(db, work, &t));
    TRY(roster_pass_add_in(t, hash, kind, space, p));
    return transaction_commit(t);
}

#define PASS_ROW(COLUMN)                                                                                     \
    COLUMN(integer, person)                                                                                  \
    COLUMN(integer, way)                                                                                     \
    COLUMN(integer, made_us)                                                                                 \
    COLUMN(integer, until_us) COLUMN(integer, tries) COLUMN(text, device) COLUMN(text, back)
ROW(pass_row, PASS_ROW)

struct fault *roster_pass_find(struct db *db, struct arena *a, const char *hash, const char *kind,
                               const char *space, struct roster_pass *found)
{
    struct connection *c = NULL;
    struct pass_row *rows = NULL;
    size_t count = 0;
    ARENA_SCOPE(work);
    *found = (struct roster_pass){0};
    TRY(read_now(db, work, &c));
    TRY(db_select(c, a, pass_row, &rows, &count,
                  "SELECT person AS person, way AS way, made_us AS made_us, until_us AS until_us,"
                  " tries AS tries, device AS device, back AS back FROM pass"
                  " WHERE hash = $1 AND kind = $2 AND space = $3",
                  ARGS(ARG(hash), ARG(kind), ARG(space))));
    if (count)
        *found = (struct roster_pass){rows[0].person, rows[0].way,    rows[0].made_us, rows[0].until_us,
                                      rows[0].tries,  rows[0].device, rows[0].back};
    return NULL;
}

struct fault *roster_pass_tried(struct db *db, const char *hash)
{
    CHANGE(db, "UPDATE pass SET tries = tries + 1 WHERE hash = $1", ARGS(ARG(hash)));
}

struct fault *roster_pass_use(struct db *db, const char *hash, bool *first)
{
    CHANGE_ONE(db, first, "UPDATE pass SET tries = 1 WHERE hash = $1 AND tries = 0", ARGS(ARG(hash)));
}

struct fault *roster_pass_unused(struct db *db, const char *hash)
{
    CHANGE(db, "UPDATE pass SET tries = 0 WHERE hash = $1", ARGS(ARG(hash)));
}

static struct fault *delete_pass(struct db *db, const char *hash, int64_t *count)
{
    CHANGE_SOME(db, count, "DELETE FROM pass WHERE hash = $1", ARGS(ARG(hash)));
}

struct fault *roster_pass_take(struct db *db, const char *hash, bool *taken)
{
    int64_t count = 0;
    TRY(delete_pass(db, hash, &count));
    *taken = count > 0;
    return NULL;
}

struct fault *roster_passes_end(struct db *db, const char *space, int64_t person)
{
    CHANGE(db, "DELETE FROM pass WHERE space = $1 AND person = $2", ARGS(ARG(space), ARG(person)));
}
