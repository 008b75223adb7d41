/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "roster/mail_answers.h"

#include "roster/change.h"

struct fault *roster_mail_answer_set(struct db *db, const char *space, int64_t person,
                                     const struct roster_mail_answer *m)
{
    CHANGE(db,
           "INSERT INTO mail_answer(space, person, record, version, act, words, made_us)"
           " VALUES($1, $2, $3, $4, $5, $6, $7) ON CONFLICT(space, person, record) DO UPDATE SET"
           " version = excluded.version, act = excluded.act, words = excluded.words,"
           " made_us = excluded.made_us",
           ARGS(ARG(space), ARG(person), ARG(m->record), ARG(m->version), ARG(m->act), ARG(m->words),
                ARG(m->made_us)));
}

struct fault *roster_mail_answers(struct db *db, struct arena *a, const char *space, int64_t person,
                                  struct roster_mail_answer **rows, size_t *count)
{
    struct connection *c = NULL;
    ARENA_SCOPE(work);
    TRY(read_now(db, work, &c));
    return db_select(c, a, roster_mail_answer, rows, count,
                     "SELECT record AS record, version AS version, act AS act, words AS words,"
                     " made_us AS made_us FROM mail_answer WHERE space = $1 AND person = $2 ORDER BY record",
                     ARGS(ARG(space), ARG(person)));
}

struct fault *roster_mail_answer_end(struct db *db, const char *space, int64_t person, int64_t record)
{
    CHANGE(db, "DELETE FROM mail_answer WHERE space = $1 AND person = $2 AND record = $3",
           ARGS(ARG(space), ARG(person), ARG(record)));
}

struct fault *roster_mailbox(struct db *db, const char *url, struct roster_mailbox *read)
{
    struct connection *c = NULL;
    struct roster_mailbox *rows = NULL;
    size_t count = 0;
    ARENA_SCOPE(work);
    TRY(read_now(db, work, &c));
    TRY(db_select(c, work, roster_mailbox, &rows, &count,
                  "SELECT validity AS validity, number AS number FROM mailbox WHERE url = $1",
                  ARGS(ARG(url))));
    *read = count ? rows[0] : (struct roster_mailbox){0};
    return NULL;
}

struct fault *roster_mailbox_set(struct db *db, const char *url, const struct roster_mailbox *read)
{
    CHANGE(db,
           "INSERT INTO mailbox(url, validity, number) VALUES($1, $2, $3) ON CONFLICT(url) DO UPDATE SET"
           " validity = excluded.validity, number = excluded.number",
           ARGS(ARG(url), ARG(read->validity), ARG(read->number)));
}
