/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "roster/letters.h"

#include "clock/clock.h"
#include "roster/change.h"

#define WITHOUT_TEXTS                                                                                        \
    "SELECT id AS id, space AS space, key AS key, recipient AS recipient, person AS person,"                 \
    " subject AS subject, '' AS body, '' AS html, '' AS unsubscribe, '' AS pass, made_us AS made_us,"        \
    " until_us AS until_us, due_us AS due_us, tries AS tries, state AS state, answer AS answer FROM letter"

struct fault *roster_letter_add(struct transaction *t, const struct roster_letter *l, bool *fresh)
{
    int64_t changed = 0;
    TRY(db_change(
        t, &changed,
        "INSERT INTO letter(id, space, key, recipient, person, subject, body, html, unsubscribe, pass,"
        " made_us, until_us, due_us, tries, state, answer, runner)"
        " VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 0, 0, '', '')"
        " ON CONFLICT(space, key) DO NOTHING",
        ARGS(ARG(l->id), ARG(l->space), ARG(l->key), ARG(l->recipient), ARG(l->person), ARG(l->subject),
             ARG(l->body), ARG(l->html), ARG(l->unsubscribe), ARG(l->pass), ARG(l->made_us), ARG(l->until_us),
             ARG(l->due_us))));
    *fresh = changed == 1;
    return NULL;
}

struct fault *roster_letter_known(struct db *db, const char *space, const char *key, bool *known)
{
    struct connection *c = NULL;
    int64_t count = 0;
    ARENA_SCOPE(work);
    TRY(read_now(db, work, &c));
    TRY(db_integer(c, &count, 0, "SELECT COUNT(*) AS count FROM letter WHERE space = $1 AND key = $2",
                   ARGS(ARG(space), ARG(key))));
    *known = count > 0;
    return NULL;
}

struct fault *roster_letters_due(struct db *db, struct arena *a, int64_t at_us, int64_t most,
                                 struct roster_letter **rows, size_t *count)
{
    struct connection *c = NULL;
    ARENA_SCOPE(work);
    TRY(read_now(db, work, &c));
    return db_select(
        c, a, roster_letter, rows, count,
        "SELECT id AS id, space AS space, key AS key, recipient AS recipient, person AS person,"
        " subject AS subject, body AS body, html AS html, unsubscribe AS unsubscribe, pass AS pass, made_us "
        "AS made_us,"
        " until_us AS until_us, due_us AS due_us, tries AS tries, state AS state, answer AS answer"
        " FROM letter WHERE state = 0 AND due_us <= $1 ORDER BY due_us, id LIMIT $2",
        ARGS(ARG(at_us), ARG(most)));
}

struct fault *roster_letter_take(struct db *db, const struct roster_letter *l, const char *runner,
                                 int64_t until_us, bool *mine)
{
    CHANGE_ONE(db, mine,
               "UPDATE letter SET runner = $3, due_us = $4, tries = tries + 1"
               " WHERE id = $1 AND state = 0 AND due_us = $2",
               ARGS(ARG(l->id), ARG(l->due_us), ARG(runner), ARG(until_us)));
}

struct fault *roster_letter_keep(struct db *db, int64_t id, const char *runner, int64_t until_us, bool *mine)
{
    CHANGE_ONE(db, mine, "UPDATE letter SET due_us = $3 WHERE id = $1 AND state = 0 AND runner = $2",
               ARGS(ARG(id), ARG(runner), ARG(until_us)));
}

struct fault *roster_letter_token(struct db *db, const struct roster_letter *l, const char *hash)
{
    ARENA_SCOPE(work);
    struct transaction *t = NULL;
    const char *before = l->pass;
    TRY(transaction_begin(db, work, &t));
    TRY(db_change(t, NULL, "UPDATE pass SET hash = $2 WHERE hash = $1", ARGS(ARG(before), ARG(hash))));
    TRY(db_change(t, NULL, "UPDATE invitation SET hash = $2 WHERE hash = $1", ARGS(ARG(before), ARG(hash))));
    TRY(db_change(t, NULL, "UPDATE letter SET pass = $2 WHERE id = $1", ARGS(ARG(l->id), ARG(hash))));
    return transaction_commit(t);
}

/* An address that took a letter is refused no more. */
static struct fault *note_address(struct transaction *t, const struct roster_letter *l)
{
    if (l->state == LETTER_SENT)
        return db_change(t, NULL, "DELETE FROM refused_address WHERE space = $1 AND address = $2",
                         ARGS(ARG(l->space), ARG(l->recipient)));
    if (l->state == LETTER_REFUSED)
        return db_change(
            t, NULL,
            "INSERT INTO refused_address(space, address, since_us, answer) VALUES($1, $2, $3, $4)"
            " ON CONFLICT(space, address) DO UPDATE SET answer = excluded.answer",
            ARGS(ARG(l->space), ARG(l->recipient), ARG(now_us()), ARG(l->answer)));
    return NULL;
}

struct fault *roster_letter_end(struct db *db, const struct roster_letter *l, const char *runner)
{
    ARENA_SCOPE(work);
    struct transaction *t = NULL;
    int64_t changed = 0;
    TRY(transaction_begin(db, work, &t));
    TRY(db_change(
        t, &changed,
        "UPDATE letter SET state = $3, answer = $4, due_us = $5, tries = $6, runner = '',"
        " body = CASE WHEN CAST($3 AS BIGINT) = 0 THEN body ELSE '' END,"
        " html = CASE WHEN CAST($3 AS BIGINT) = 0 THEN html ELSE '' END"
        " WHERE id = $1 AND state = 0 AND runner = $2",
        ARGS(ARG(l->id), ARG(runner), ARG(l->state), ARG(l->answer), ARG(l->due_us), ARG(l->tries))));
    if (changed) /* else another tries it by now, and says what became of it */
        TRY(note_address(t, l));
    return transaction_commit(t);
}

struct fault *roster_letter_find(struct db *db, struct arena *a, int64_t id, struct roster_letter *l)
{
    struct connection *c = NULL;
    struct roster_letter *rows = NULL;
    size_t count = 0;
    ARENA_SCOPE(work);
    TRY(read_now(db, work, &c));
    TRY(db_select(c, a, roster_letter, &rows, &count, WITHOUT_TEXTS " WHERE id = $1", ARGS(ARG(id))));
    *l = count ? rows[0] : (struct roster_letter){0};
    return NULL;
}

struct fault *roster_letter_came_back(struct db *db, int64_t letter, const char *answer, bool *noted)
{
    ARENA_SCOPE(work);
    struct transaction *t = NULL;
    int64_t changed = 0, now = now_us();
    TRY(transaction_begin(db, work, &t));
    TRY(db_change(t, &changed, "UPDATE letter SET state = 2, answer = $2 WHERE id = $1 AND state = 1",
                  ARGS(ARG(letter), ARG(answer))));
    *noted = changed == 1;
    if (*noted)
        TRY(db_change(t, NULL,
                      "INSERT INTO refused_address(space, address, since_us, answer)"
                      " SELECT space, recipient, CAST($2 AS BIGINT), answer FROM letter WHERE id = $1"
                      " ON CONFLICT(space, address) DO UPDATE SET answer = excluded.answer",
                      ARGS(ARG(letter), ARG(now))));
    return transaction_commit(t);
}

struct fault *roster_letters_in_trouble(struct db *db, struct arena *a, const char *space, int64_t most,
                                        struct roster_letter **rows, size_t *count)
{
    struct connection *c = NULL;
    ARENA_SCOPE(work);
    TRY(read_now(db, work, &c));
    return db_select(c, a, roster_letter, rows, count,
                     WITHOUT_TEXTS " WHERE space = $1 AND answer <> '' AND state <> 1"
                                   " ORDER BY made_us DESC, id DESC LIMIT $2",
                     ARGS(ARG(space), ARG(most)));
}

struct fault *roster_refused_addresses(struct db *db, struct arena *a, const char *space,
                                       struct roster_refused **rows, size_t *count)
{
    struct connection *c = NULL;
    ARENA_SCOPE(work);
    TRY(read_now(db, work, &c));
    return db_select(c, a, roster_refused, rows, count,
                     "SELECT address AS address, since_us AS since_us, answer AS answer FROM refused_address"
                     " WHERE space = $1 ORDER BY since_us DESC, address",
                     ARGS(ARG(space)));
}

struct fault *roster_refused_lift(struct db *db, const char *space, const char *address, bool *lifted)
{
    CHANGE_ONE(db, lifted, "DELETE FROM refused_address WHERE space = $1 AND address = $2",
               ARGS(ARG(space), ARG(address)));
}

struct fault *roster_letters_sweep(struct db *db, int64_t before_us, int64_t refused_before_us)
{
    ARENA_SCOPE(work);
    struct transaction *t = NULL;
    TRY(transaction_begin(db, work, &t));
    TRY(db_change(t, NULL, "DELETE FROM letter WHERE state <> 0 AND made_us < $1", ARGS(ARG(before_us))));
    TRY(db_change(t, NULL, "DELETE FROM refused_address WHERE since_us < $1", ARGS(ARG(refused_before_us))));
    return transaction_commit(t);
}
