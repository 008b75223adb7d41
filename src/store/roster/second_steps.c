/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "roster/second_steps.h"

#include "roster/change.h"

#define STEP_ROW(COLUMN)                                                                                     \
    COLUMN(text, secret) COLUMN(integer, last_step) COLUMN(integer, since_us) COLUMN(integer, codes)
ROW(step_row, STEP_ROW)

struct fault *roster_step_find(struct db *db, struct arena *a, const char *space, int64_t person,
                               struct roster_step *found)
{
    struct connection *c = NULL;
    struct step_row *rows = NULL;
    size_t count = 0;
    ARENA_SCOPE(work);
    *found = (struct roster_step){0};
    TRY(read_now(db, work, &c));
    TRY(db_select(c, a, step_row, &rows, &count,
                  "SELECT s.secret AS secret, s.last_step AS last_step, s.since_us AS since_us,"
                  " (SELECT COUNT(*) FROM recovery_code r WHERE r.space = s.space AND r.person = s.person)"
                  " AS codes FROM second_step s WHERE s.space = $1 AND s.person = $2",
                  ARGS(ARG(space), ARG(person))));
    if (count)
        *found = (struct roster_step){rows[0].secret, rows[0].last_step, rows[0].since_us, rows[0].codes};
    return NULL;
}

struct fault *roster_step_prepare(struct db *db, const char *space, int64_t person, const char *secret)
{
    CHANGE(db,
           "INSERT INTO second_step(space, person, secret, last_step, since_us) VALUES($1, $2, $3, 0, 0)"
           " ON CONFLICT(space, person) DO UPDATE SET secret = excluded.secret, last_step = 0"
           " WHERE second_step.since_us = 0",
           ARGS(ARG(space), ARG(person), ARG(secret)));
}

static struct fault *set_last_step(struct db *db, const char *space, int64_t person, int64_t step,
                                   int64_t *count)
{
    CHANGE_SOME(db, count,
                "UPDATE second_step SET last_step = $3 WHERE space = $1 AND person = $2 AND last_step < $3",
                ARGS(ARG(space), ARG(person), ARG(step)));
}

struct fault *roster_step_advance(struct db *db, const char *space, int64_t person, int64_t step,
                                  bool *advanced)
{
    int64_t count = 0;
    TRY(set_last_step(db, space, person, step, &count));
    *advanced = count > 0;
    return NULL;
}

static struct fault *forget_codes(struct transaction *t, const char *space, int64_t person)
{
    return db_change(t, NULL, "DELETE FROM recovery_code WHERE space = $1 AND person = $2",
                     ARGS(ARG(space), ARG(person)));
}

struct fault *roster_step_confirm(struct db *db, const char *space, int64_t person, int64_t at_us,
                                  const char *const *hashes, size_t count)
{
    ARENA_SCOPE(work);
    struct transaction *t = NULL;
    TRY(transaction_begin(db, work, &t));
    TRY(db_change(t, NULL, "UPDATE second_step SET since_us = $3 WHERE space = $1 AND person = $2",
                  ARGS(ARG(space), ARG(person), ARG(at_us))));
    TRY(forget_codes(t, space, person));
    for (size_t i = 0; i < count; i++)
        TRY(db_change(t, NULL, "INSERT INTO recovery_code(space, person, hash) VALUES($1, $2, $3)",
                      ARGS(ARG(space), ARG(person), ARG(hashes[i]))));
    return transaction_commit(t);
}

static struct fault *delete_code(struct db *db, const char *space, int64_t person, const char *hash,
                                 int64_t *count)
{
    CHANGE_SOME(db, count, "DELETE FROM recovery_code WHERE space = $1 AND person = $2 AND hash = $3",
                ARGS(ARG(space), ARG(person), ARG(hash)));
}

struct fault *roster_recovery_take(struct db *db, const char *space, int64_t person, const char *hash,
                                   bool *taken)
{
    int64_t count = 0;
    TRY(delete_code(db, space, person, hash, &count));
    *taken = count > 0;
    return NULL;
}

struct fault *roster_step_end(struct db *db, const char *space, int64_t person)
{
    ARENA_SCOPE(work);
    struct transaction *t = NULL;
    TRY(transaction_begin(db, work, &t));
    TRY(forget_codes(t, space, person));
    TRY(db_change(t, NULL, "DELETE FROM second_step WHERE space = $1 AND person = $2",
                  ARGS(ARG(space), ARG(person))));
    return transaction_commit(t);
}
