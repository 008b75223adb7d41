/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* work.h - in the server's directory: which spaces have something due, and the jobs that run now.
 *
 * So a server looks at one small table to know whom to wake; and what moves while a job runs is written where
 * it neither waits for the space's writer, which the job may hold, nor grows the space. */
#ifndef GRAPPE_ROSTER_WORK_H
#define GRAPPE_ROSTER_WORK_H

#include "db/db.h"

/* Something is due in this space at that time, or before. Every call counts as a turn, see below. */
struct fault *roster_wake(struct db *, const char *space, int64_t due_us) MUST_CHECK;

#define WAKE_ROW(COLUMN) COLUMN(text, space) COLUMN(integer, due_us) COLUMN(integer, turn)
ROW(roster_wake_row, WAKE_ROW)
/* The spaces due at that time, the longest due first. */
struct fault *roster_due(struct db *, struct arena *, int64_t at_us, struct roster_wake_row **,
                         size_t *count) MUST_CHECK;
/* Nothing is due there before next_us (UNKNOWN_INTEGER: nothing at all), unless somebody called roster_wake()
 * since its turn was read. */
struct fault *roster_wake_settle(struct db *, const char *space, int64_t turn, int64_t next_us) MUST_CHECK;

/* A job that runs, or that somebody wants to be cancelled. */
#define LIVE_ROW(COLUMN)                                                                                     \
    COLUMN(integer, job)                                                                                     \
    COLUMN(text, runner)      /* "": nobody */                                                               \
    COLUMN(integer, until_us) /* whoever runs it is taken for dead after that */                             \
    COLUMN(integer, done)                                                                                    \
    COLUMN(integer, total)                                                                                   \
    COLUMN(text, note)                                                                                       \
    COLUMN(integer, cancel) COLUMN(integer, changes) /* grows with each change of this row */
ROW(roster_live_row, LIVE_ROW)

/* Takes the lease, unless another holds it still: then *mine is false. */
struct fault *roster_job_take(struct db *, const char *space, int64_t job, const char *runner,
                              int64_t until_us, bool *mine) MUST_CHECK;
/* Keeps it, and says how far the job is; *mine is false when it was lost. */
struct fault *roster_job_beat(struct db *, const char *space, const struct roster_live_row *,
                              bool *mine) MUST_CHECK;
/* Gives it back, with all that is known of the run. */
struct fault *roster_job_release(struct db *, const char *space, int64_t job, const char *runner) MUST_CHECK;
struct fault *roster_job_cancel(struct db *, const char *space, int64_t job) MUST_CHECK;
struct fault *roster_job_cancelled(struct db *, const char *space, int64_t job, bool *cancelled) MUST_CHECK;
/* Of one job, or with job 0 of all of the space. */
struct fault *roster_jobs_live(struct db *, struct arena *, const char *space, int64_t job,
                               struct roster_live_row **, size_t *count) MUST_CHECK;
/* Wishes that came too late, and what was left by whoever never came back. */
struct fault *roster_live_sweep(struct db *, int64_t before_us) MUST_CHECK;

#endif
