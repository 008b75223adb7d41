/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "roster/digests.h"

#include "arena/arena.h"
#include "roster/change.h"

struct fault *roster_digests(struct db *db, struct arena *a, const char *space, struct roster_digest **rows,
                             size_t *count)
{
    struct connection *c = NULL;
    ARENA_SCOPE(work);
    TRY(read_now(db, work, &c));
    return db_select(c, a, roster_digest, rows, count,
                     "SELECT person AS person, told_us AS told_us FROM told_until WHERE space = $1"
                     " ORDER BY person",
                     ARGS(ARG(space)));
}

struct fault *roster_digest_set(struct transaction *t, const char *space, int64_t person, int64_t told_us)
{
    return db_change(t, NULL,
                     "INSERT INTO told_until(space, person, told_us) VALUES($1, $2, $3)"
                     " ON CONFLICT(space, person) DO UPDATE SET told_us = excluded.told_us",
                     ARGS(ARG(space), ARG(person), ARG(told_us)));
}

struct fault *roster_reminded(struct db *db, const char *space, struct roster_reminded *last)
{
    struct connection *c = NULL;
    struct roster_reminded *rows = NULL;
    size_t count = 0;
    ARENA_SCOPE(work);
    TRY(read_now(db, work, &c));
    TRY(db_select(c, work, roster_reminded, &rows, &count,
                  "SELECT turn AS turn, entry AS entry FROM reminded WHERE space = $1", ARGS(ARG(space))));
    *last = count ? rows[0] : (struct roster_reminded){0};
    return NULL;
}

struct fault *roster_reminded_set(struct db *db, const char *space, const struct roster_reminded *last)
{
    CHANGE(db,
           "INSERT INTO reminded(space, turn, entry) VALUES($1, $2, $3) ON CONFLICT(space) DO UPDATE SET"
           " turn = excluded.turn, entry = excluded.entry",
           ARGS(ARG(space), ARG(last->turn), ARG(last->entry)));
}
