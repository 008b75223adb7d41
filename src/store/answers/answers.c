/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "answers/answers.h"

#include "clock/clock.h"
#include "db/statement.h"

#define OURS BY_PROGRAM("answers")

void answers_define(struct buffer *sql, const struct dialect *d)
{
    buffer_print(sql,
                 "CREATE TABLE IF NOT EXISTS kept_answer (\n"
                 "  person %s NOT NULL, name %s NOT NULL, at_us %s NOT NULL, request %s NOT NULL,\n",
                 d->integer, d->text, d->integer, d->text);
    buffer_print(sql,
                 "  status %s NOT NULL, type %s NOT NULL, headers %s NOT NULL, body %s NOT NULL,\n"
                 "  PRIMARY KEY (person, name)\n%s;\n"
                 "CREATE INDEX IF NOT EXISTS kept_answer_at ON kept_answer(at_us);\n",
                 d->integer, d->text, d->text, d->text, d->table_end);
}

struct fault *answer_find(struct connection *c, struct arena *a, int64_t person, const char *key,
                          struct kept_answer **found)
{
    size_t count = 0;
    TRY(db_select(c, a, kept_answer, found, &count,
                  OURS "SELECT request AS request, status AS status, type AS type, headers AS headers,"
                       " body AS body FROM kept_answer WHERE person = $1 AND name = $2 AND at_us > $3",
                  ARGS(ARG(person), ARG(key), ARG(now_us() - ANSWER_KEPT_US))));
    if (!count)
        *found = NULL;
    return NULL;
}

struct fault *answer_keep(struct transaction *t, int64_t person, const char *key,
                          const struct kept_answer *answer)
{
    int64_t now = now_us();
    TRY(change_queue(t, SQL(OURS "DELETE FROM kept_answer WHERE at_us <= $1"),
                     ARGS(ARG(now - ANSWER_KEPT_US))));
    return change_queue(
        t,
        SQL(OURS "INSERT INTO kept_answer(person, name, at_us, request, status, type, headers, body)"
                 " VALUES($1, $2, $3, $4, $5, $6, $7, $8)"),
        ARGS(ARG(person), ARG(key), ARG(now), ARG(answer->request), ARG(answer->status), ARG(answer->type),
             ARG(answer->headers), ARG(answer->body)));
}
