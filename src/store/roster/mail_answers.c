/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "roster/mail_answers.h"

#include "roster/change.h"

#define TRIES_ROW(COLUMN) COLUMN(integer, tries)
ROW(tries_row, TRIES_ROW)

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

struct fault *roster_unread_tried(struct db *db, const char *space, const char *url, int64_t validity,
                                  const struct roster_unread *l, int64_t *tries)
{
    ARENA_SCOPE(work);
    struct transaction *t = NULL;
    struct tries_row *rows = NULL;
    size_t count = 0;
    TRY(transaction_begin(db, work, &t));
    TRY(db_change(
        t, NULL,
        "INSERT INTO unread_letter(space, url, validity, number, tries, tried_us, answer)"
        " VALUES($1, $2, $3, $4, 1, $5, $6) ON CONFLICT(url, validity, number) DO UPDATE SET"
        " tries = unread_letter.tries + 1, tried_us = excluded.tried_us, answer = excluded.answer",
        ARGS(ARG(space), ARG(url), ARG(validity), ARG(l->number), ARG(l->tried_us), ARG(l->answer))));
    TRY(db_select(transaction_connection(t), work, tries_row, &rows, &count,
                  "SELECT tries AS tries FROM unread_letter WHERE url = $1 AND validity = $2 AND number = $3",
                  ARGS(ARG(url), ARG(validity), ARG(l->number))));
    *tries = rows[0].tries;
    return transaction_commit(t);
}

struct fault *roster_unread_forget(struct db *db, const char *url, int64_t validity, int64_t number)
{
    CHANGE(db, "DELETE FROM unread_letter WHERE url = $1 AND validity = $2 AND number = $3",
           ARGS(ARG(url), ARG(validity), ARG(number)));
}

struct fault *roster_unread_letters(struct db *db, struct arena *a, const char *space, int64_t tries,
                                    struct roster_unread **rows, size_t *count)
{
    struct connection *c = NULL;
    ARENA_SCOPE(work);
    TRY(read_now(db, work, &c));
    return db_select(
        c, a, roster_unread, rows, count,
        "SELECT number AS number, tries AS tries, tried_us AS tried_us, answer AS answer"
        " FROM unread_letter WHERE space = $1 AND tries >= $2 ORDER BY tried_us DESC, number DESC",
        ARGS(ARG(space), ARG(tries)));
}
