/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "answers/answers.h"

#include "clock/clock.h"
#include "db/statement.h"

#define OURS BY_PROGRAM("answers")

/* What was kept under a greater identifier still counts. */
static int64_t forgotten_id(void)
{
    return id_at(now_us() - ANSWER_KEPT_US);
}

void answers_define(struct buffer *sql, const struct dialect *d)
{
    buffer_print(sql,
                 "CREATE TABLE IF NOT EXISTS kept_answer (\n"
                 "  person %s NOT NULL, name %s NOT NULL, id %s NOT NULL, request %s NOT NULL,\n",
                 d->integer, d->text, d->integer, d->text);
    buffer_print(sql,
                 "  status %s NOT NULL, type %s NOT NULL, headers %s NOT NULL, body %s NOT NULL,\n"
                 "  PRIMARY KEY (person, name)\n%s;\n"
                 "CREATE INDEX IF NOT EXISTS kept_answer_id ON kept_answer(id);\n"
                 "CREATE INDEX IF NOT EXISTS kept_answer_last ON kept_answer(person, id);\n",
                 d->integer, d->text, d->text, d->text, d->table_end);
}

struct fault *answer_find(struct connection *c, struct arena *a, int64_t person, const char *key,
                          struct kept_answer **found)
{
    size_t count = 0;
    TRY(db_select(c, a, kept_answer, found, &count,
                  OURS "SELECT request AS request, status AS status, type AS type, headers AS headers,"
                       " body AS body FROM kept_answer WHERE person = $1 AND name = $2 AND id > $3",
                  ARGS(ARG(person), ARG(key), ARG(forgotten_id()))));
    if (!count)
        *found = NULL;
    return NULL;
}

struct fault *answer_last(struct connection *c, int64_t person, int64_t *id)
{
    return db_integer(c, id, 0, OURS "SELECT max(id) FROM kept_answer WHERE person = $1", ARGS(ARG(person)));
}

struct fault *answer_keep(struct transaction *t, int64_t person, const char *key,
                          const struct kept_answer *answer)
{
    TRY(change_queue(t, SQL(OURS "DELETE FROM kept_answer WHERE id <= $1"), ARGS(ARG(forgotten_id()))));
    return change_queue(
        t,
        SQL(OURS "INSERT INTO kept_answer(person, name, id, request, status, type, headers, body)"
                 " VALUES($1, $2, $3, $4, $5, $6, $7, $8)"),
        ARGS(ARG(person), ARG(key), ARG(new_id()), ARG(answer->request), ARG(answer->status), ARG(answer->type),
             ARG(answer->headers), ARG(answer->body)));
}
