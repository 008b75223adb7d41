/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "queries/jobs.h"

#include "db/engine.h"
#include "db/sight.h"
#include "text/buffer.h"

#define OURS BY_PROGRAM("jobs")

void jobs_define(struct buffer *sql, const struct dialect *d)
{
    buffer_print(sql,
                 "CREATE TABLE IF NOT EXISTS job (\n"
                 "  id %s PRIMARY KEY, kind %s NOT NULL, arguments %s NOT NULL, person %s NOT NULL,\n",
                 d->integer, d->text, d->text, d->integer);
    buffer_print(sql, "  language %s NOT NULL, state %s NOT NULL, taken %s NOT NULL, failures %s NOT NULL,\n",
                 d->text, d->text, d->integer, d->integer);
    buffer_print(sql, "  due_us %s NOT NULL, created_us %s NOT NULL, started_us %s, ended_us %s,\n",
                 d->integer, d->integer, d->integer, d->integer);
    buffer_print(sql, "  file_name %s, type %s, problem %s, outcome %s\n%s;\n", d->text, d->text, d->text,
                 d->text, d->table_end);
    buffer_text(sql, "CREATE INDEX IF NOT EXISTS job_open ON job(due_us) WHERE ended_us IS NULL;\n"
                     "CREATE INDEX IF NOT EXISTS job_person ON job(person, id);\n");
}

struct fault *jobs_table_check(struct connection *c)
{
    int64_t none;
    return db_integer(c, &none, 0, OURS "SELECT id FROM job WHERE id = 0", NO_ARGS);
}

struct fault *jobs_add(struct transaction *t, const struct job_row *j)
{
    return db_change(t, NULL,
                     OURS
                     "INSERT INTO job(id, kind, arguments, person, language, state, taken, failures, due_us,"
                     " created_us) VALUES($1, $2, $3, $4, $5, 'waiting', 0, 0, $6, $7)",
                     ARGS(ARG(j->id), ARG(j->kind), ARG(j->arguments), ARG(j->person), ARG(j->language),
                          ARG(j->due_us), ARG(j->created_us)));
}

struct fault *jobs_same(struct connection *c, const struct job_row *j, int64_t *id)
{
    return db_integer(c, id, 0,
                      OURS "SELECT id FROM job WHERE ended_us IS NULL AND person = $1 AND kind = $2"
                           " AND arguments = $3 LIMIT 1",
                      ARGS(ARG(j->person), ARG(j->kind), ARG(j->arguments)));
}

struct fault *jobs_open_count(struct connection *c, int64_t person, int64_t *count)
{
    return db_integer(c, count, 0, OURS "SELECT count(*) FROM job WHERE ended_us IS NULL AND person = $1",
                      ARGS(ARG(person)));
}

#define JOB_COLUMNS                                                                                          \
    "id AS id, kind AS kind, arguments AS arguments, person AS person, language AS language,"                \
    " state AS state, taken AS taken, failures AS failures, due_us AS due_us, created_us AS created_us,"     \
    " started_us AS started_us, ended_us AS ended_us, file_name AS file_name, type AS type,"                 \
    " problem AS problem"

struct fault *jobs_find(struct connection *c, struct arena *a, int64_t id, struct job_row **rows,
                        size_t *count)
{
    return db_select(c, a, job_row, rows, count, OURS "SELECT " JOB_COLUMNS " FROM job WHERE id = $1",
                     ARGS(ARG(id)));
}

struct fault *jobs_recent(struct connection *c, struct arena *a, int64_t person, int64_t most,
                          struct job_row **rows, size_t *count)
{
    if (person)
        return db_select(c, a, job_row, rows, count,
                         OURS "SELECT " JOB_COLUMNS " FROM job WHERE person = $1 ORDER BY id DESC LIMIT $2",
                         ARGS(ARG(person), ARG(most)));
    return db_select(c, a, job_row, rows, count,
                     OURS "SELECT " JOB_COLUMNS " FROM job ORDER BY id DESC LIMIT $1", ARGS(ARG(most)));
}

struct fault *jobs_open(struct connection *c, struct arena *a, int64_t most, struct job_row **rows,
                        size_t *count)
{
    return db_select(c, a, job_row, rows, count,
                     OURS "SELECT " JOB_COLUMNS " FROM job WHERE ended_us IS NULL ORDER BY due_us LIMIT $1",
                     ARGS(ARG(most)));
}

#define OUTCOME_ROW(COLUMN) COLUMN(text, outcome)
ROW(outcome_row, OUTCOME_ROW)

struct fault *jobs_outcome(struct connection *c, struct arena *a, int64_t id, const char **outcome)
{
    struct outcome_row *rows = NULL;
    size_t count = 0;
    TRY(db_select(c, a, outcome_row, &rows, &count,
                  OURS "SELECT outcome AS outcome FROM job WHERE id = $1 AND state = 'done'", ARGS(ARG(id))));
    *outcome = count ? rows[0].outcome : NULL;
    return NULL;
}

struct fault *jobs_take(struct transaction *t, const struct job_row *seen, int64_t at_us, bool *mine)
{
    int64_t changed = 0;
    TRY(db_change(
        t, &changed,
        OURS "UPDATE job SET state = 'running', taken = taken + 1, started_us = $3, failures = failures +"
             " CASE state WHEN 'running' THEN 1 ELSE 0 END"
             " WHERE id = $1 AND taken = $2 AND ended_us IS NULL",
        ARGS(ARG(seen->id), ARG(seen->taken), ARG(at_us))));
    *mine = changed == 1;
    return NULL;
}

struct fault *jobs_end(struct transaction *t, const struct job_row *j, const char *outcome, bool *mine)
{
    int64_t changed = 0;
    TRY(db_change(t, &changed,
                  OURS "UPDATE job SET state = $3, ended_us = $4, file_name = $5, type = $6,"
                       " problem = $7, outcome = $8 WHERE id = $1 AND taken = $2 AND ended_us IS NULL",
                  ARGS(ARG(j->id), ARG(j->taken), ARG(j->state), ARG(j->ended_us), ARG(j->file_name),
                       ARG(j->type), ARG(j->problem), ARG(outcome))));
    *mine = changed == 1;
    return NULL;
}

struct fault *jobs_put_back(struct transaction *t, const struct job_row *j, bool *mine)
{
    int64_t changed = 0;
    TRY(db_change(t, &changed,
                  OURS "UPDATE job SET state = 'waiting', due_us = $3, failures = $4"
                       " WHERE id = $1 AND taken = $2 AND ended_us IS NULL",
                  ARGS(ARG(j->id), ARG(j->taken), ARG(j->due_us), ARG(j->failures))));
    *mine = changed == 1;
    return NULL;
}

struct fault *jobs_forget(struct transaction *t, int64_t before_us)
{
    return db_change(t, NULL, OURS "DELETE FROM job WHERE ended_us < $1", ARGS(ARG(before_us)));
}
