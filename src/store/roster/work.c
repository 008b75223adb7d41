/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "roster/work.h"

#include "clock/clock.h"
#include "roster/change.h"

struct fault *roster_wake(struct db *db, const char *space, int64_t due_us)
{
    CHANGE(db,
           "INSERT INTO wake(space, due_us, turn) VALUES($1, $2, 1) ON CONFLICT(space) DO UPDATE SET"
           " due_us = CASE WHEN wake.due_us < excluded.due_us THEN wake.due_us ELSE excluded.due_us END,"
           " turn = wake.turn + 1",
           ARGS(ARG(space), ARG(due_us)));
}

struct fault *roster_due(struct db *db, struct arena *a, int64_t at_us, struct roster_wake_row **rows,
                         size_t *count)
{
    struct connection *c = NULL;
    ARENA_SCOPE(work);
    TRY(read_now(db, work, &c));
    return db_select(c, a, roster_wake_row, rows, count,
                     "SELECT space AS space, due_us AS due_us, turn AS turn FROM wake WHERE due_us <= $1"
                     " ORDER BY due_us",
                     ARGS(ARG(at_us)));
}

struct fault *roster_wake_settle(struct db *db, const char *space, int64_t turn, int64_t next_us)
{
    const int64_t never = INT64_MAX; /* the row stays, as its turn must go on growing */
    int64_t due = known_integer(next_us) ? next_us : never;
    CHANGE(db, "UPDATE wake SET due_us = $3 WHERE space = $1 AND turn = $2",
           ARGS(ARG(space), ARG(turn), ARG(due)));
}

struct fault *roster_job_take(struct db *db, const char *space, int64_t job, const char *runner,
                              int64_t until_us, bool *mine)
{
    CHANGE_ONE(db, mine,
               "INSERT INTO job_live(space, job, runner, until_us, done, total, note, cancel, changes)"
               " VALUES($1, $2, $3, $4, 0, 0, '', 0, 1) ON CONFLICT(space, job) DO UPDATE SET"
               " runner = excluded.runner, until_us = excluded.until_us, done = 0, total = 0, note = '',"
               " changes = job_live.changes + 1"
               " WHERE job_live.until_us < $5 OR job_live.runner = ''",
               ARGS(ARG(space), ARG(job), ARG(runner), ARG(until_us), ARG(now_us())));
}

struct fault *roster_job_beat(struct db *db, const char *space, const struct roster_live_row *l, bool *mine)
{
    CHANGE_ONE(db, mine,
               "UPDATE job_live SET until_us = $4, done = $5, total = $6, note = $7, changes = changes + 1"
               " WHERE space = $1 AND job = $2 AND runner = $3",
               ARGS(ARG(space), ARG(l->job), ARG(l->runner), ARG(l->until_us), ARG(l->done), ARG(l->total),
                    ARG(l->note)));
}

struct fault *roster_job_release(struct db *db, const char *space, int64_t job, const char *runner)
{
    CHANGE(db, "DELETE FROM job_live WHERE space = $1 AND job = $2 AND runner = $3",
           ARGS(ARG(space), ARG(job), ARG(runner)));
}

struct fault *roster_job_cancel(struct db *db, const char *space, int64_t job)
{
    CHANGE(db,
           "INSERT INTO job_live(space, job, runner, until_us, done, total, note, cancel, changes)"
           " VALUES($1, $2, '', $3, 0, 0, '', 1, 1)"
           " ON CONFLICT(space, job) DO UPDATE SET cancel = 1, changes = job_live.changes + 1",
           ARGS(ARG(space), ARG(job), ARG(now_us())));
}

struct fault *roster_job_cancelled(struct db *db, const char *space, int64_t job, bool *cancelled)
{
    struct connection *c = NULL;
    int64_t cancel = 0;
    ARENA_SCOPE(work);
    TRY(read_now(db, work, &c));
    TRY(db_integer(c, &cancel, 0, "SELECT cancel FROM job_live WHERE space = $1 AND job = $2",
                   ARGS(ARG(space), ARG(job))));
    *cancelled = cancel != 0;
    return NULL;
}

struct fault *roster_jobs_live(struct db *db, struct arena *a, const char *space, int64_t job,
                               struct roster_live_row **rows, size_t *count)
{
    struct connection *c = NULL;
    ARENA_SCOPE(work);
    TRY(read_now(db, work, &c));
    return db_select(
        c, a, roster_live_row, rows, count,
        "SELECT job AS job, runner AS runner, until_us AS until_us, done AS done, total AS total,"
        " note AS note, cancel AS cancel, changes AS changes FROM job_live"
        " WHERE space = $1 AND (CAST($2 AS BIGINT) = 0 OR job = $2)",
        ARGS(ARG(space), ARG(job)));
}

struct fault *roster_live_sweep(struct db *db, int64_t before_us)
{
    CHANGE(db, "DELETE FROM job_live WHERE until_us < $1", ARGS(ARG(before_us)));
}
