/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* jobs.h (queries) - the jobs of a space: what somebody asked for that takes longer than a page.
 *
 * A row is written when it is asked, taken up, and ended: what changes while it runs (progress, who runs it)
 * stands in the server's directory (roster/work.h), so that neither holds the space's writer. `taken` counts
 * the times it was taken up: whoever took it last, and nobody else, may end it. Jobs are no content: they are
 * not in the journal, and a copy of the space has none. */
#ifndef GRAPPE_QUERIES_JOBS_H
#define GRAPPE_QUERIES_JOBS_H

#include "db/db.h"

struct buffer;
struct dialect;

void jobs_define(struct buffer *sql, const struct dialect *); /* the table */
/* BUG when a space is older than the table. */
struct fault *jobs_table_check(struct connection *) MUST_CHECK;

#define JOB_ROW(COLUMN)                                                                                      \
    COLUMN(integer, id)                                                                                      \
    COLUMN(text, kind)                                                                                       \
    COLUMN(text, arguments) /* JSON */                                                                       \
    COLUMN(integer, person)                                                                                  \
    COLUMN(text, language) /* of whoever asked, for the words the job writes */                              \
    COLUMN(text, state)    /* waiting, running, done, failed, cancelled */                                   \
    COLUMN(integer, taken)                                                                                   \
    COLUMN(integer, failures)                                                                                \
    COLUMN(integer, due_us) COLUMN(integer, created_us) COLUMN(integer, started_us)                          \
        COLUMN(integer, ended_us) COLUMN(text, file_name)                                                    \
            COLUMN(text, type) /* of its result, when it is a file */                                        \
        COLUMN(text, problem)  /* why it failed, in the asker's language */
ROW(job_row, JOB_ROW)

struct fault *jobs_add(struct transaction *, const struct job_row *) MUST_CHECK;
/* One that is not ended, of the same person, kind and arguments: 0 when there is none. */
struct fault *jobs_same(struct connection *, const struct job_row *, int64_t *id) MUST_CHECK;
/* Those of a person that are not ended. */
struct fault *jobs_open_count(struct connection *, int64_t person, int64_t *count) MUST_CHECK;
/* One job; *count 0 when there is none. */
struct fault *jobs_find(struct connection *, struct arena *, int64_t id, struct job_row **,
                        size_t *count) MUST_CHECK;
/* Newest first; person 0: everybody's. */
struct fault *jobs_recent(struct connection *, struct arena *, int64_t person, int64_t most,
                          struct job_row **, size_t *count) MUST_CHECK;
/* Those that wait or run, the first due first. */
struct fault *jobs_open(struct connection *, struct arena *, int64_t most, struct job_row **,
                        size_t *count) MUST_CHECK;
/* What a job that is done left besides its result; NULL when there is none. */
struct fault *jobs_outcome(struct connection *, struct arena *, int64_t id, const char **outcome) MUST_CHECK;

/* Each changes the job only as it was when `taken` was read; else *mine is false and nothing happens. */
struct fault *jobs_take(struct transaction *, const struct job_row *seen, int64_t at_us,
                        bool *mine) MUST_CHECK;
struct fault *jobs_end(struct transaction *, const struct job_row *, const char *outcome,
                       bool *mine) MUST_CHECK; /* with its state, ended_us, file and problem */
struct fault *jobs_put_back(struct transaction *, const struct job_row *,
                            bool *mine) MUST_CHECK; /* due_us, failures */

/* Removes the rows of jobs that ended before. */
struct fault *jobs_forget(struct transaction *, int64_t before_us) MUST_CHECK;

#endif
