/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "roster/invitations.h"

#include "roster/change.h"

struct fault *roster_invitation_add(struct db *db, const char *hash, const char *space,
                                    const struct roster_invitation *i)
{
    CHANGE(db,
           "INSERT INTO invitation(hash, id, space, email, role, organisation, title, inviter, made_us,"
           " until_us) VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
           ARGS(ARG(hash), ARG(i->id), ARG(space), ARG(i->email), ARG(i->role), ARG(i->organisation),
                ARG(i->title), ARG(i->inviter), ARG(i->made_us), ARG(i->until_us)));
}

#define INVITATION_ROW(COLUMN)                                                                               \
    COLUMN(integer, id)                                                                                      \
    COLUMN(integer, organisation)                                                                            \
    COLUMN(integer, inviter)                                                                                 \
    COLUMN(integer, made_us)                                                                                 \
    COLUMN(integer, until_us) COLUMN(text, email) COLUMN(text, role) COLUMN(text, title)
ROW(invitation_row, INVITATION_ROW)

static struct roster_invitation invitation_of(const struct invitation_row *r)
{
    return (struct roster_invitation){r->id,       r->organisation, r->inviter, r->made_us,
                                      r->until_us, r->email,        r->role,    r->title};
}

struct fault *roster_invitation_find(struct db *db, struct arena *a, const char *hash, const char *space,
                                     struct roster_invitation *found)
{
    struct connection *c = NULL;
    struct invitation_row *rows = NULL;
    size_t count = 0;
    ARENA_SCOPE(work);
    TRY(read_now(db, work, &c));
    TRY(db_select(c, a, invitation_row, &rows, &count,
                  "SELECT id AS id, organisation AS organisation, inviter AS inviter, made_us AS made_us,"
                  " until_us AS until_us, email AS email, role AS role, title AS title FROM invitation"
                  " WHERE hash = $1 AND space = $2",
                  ARGS(ARG(hash), ARG(space))));
    *found = count ? invitation_of(rows) : (struct roster_invitation){0};
    return NULL;
}

struct fault *roster_invitations(struct db *db, struct arena *a, const char *space,
                                 struct roster_invitation **all, size_t *count)
{
    struct connection *c = NULL;
    struct invitation_row *rows = NULL;
    ARENA_SCOPE(work);
    TRY(read_now(db, work, &c));
    TRY(db_select(c, a, invitation_row, &rows, count,
                  "SELECT id AS id, organisation AS organisation, inviter AS inviter, made_us AS made_us,"
                  " until_us AS until_us, email AS email, role AS role, title AS title FROM invitation"
                  " WHERE space = $1 ORDER BY made_us DESC, id DESC",
                  ARGS(ARG(space))));
    *all = NEW(a, struct roster_invitation, *count + 1);
    for (size_t i = 0; i < *count; i++)
        (*all)[i] = invitation_of(&rows[i]);
    return NULL;
}

struct fault *roster_invitation_again(struct db *db, const char *space, int64_t id, const char *hash,
                                      int64_t until_us)
{
    CHANGE(db, "UPDATE invitation SET hash = $3, until_us = $4 WHERE space = $1 AND id = $2",
           ARGS(ARG(space), ARG(id), ARG(hash), ARG(until_us)));
}

static struct fault *delete_invitation(struct db *db, const char *space, int64_t id, int64_t *count)
{
    CHANGE_SOME(db, count, "DELETE FROM invitation WHERE space = $1 AND id = $2", ARGS(ARG(space), ARG(id)));
}

struct fault *roster_invitation_end(struct db *db, const char *space, int64_t id, bool *ended)
{
    int64_t count = 0;
    TRY(delete_invitation(db, space, id, &count));
    *ended = count > 0;
    return NULL;
}
