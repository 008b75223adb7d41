/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "roster/api_tokens.h"

#include "roster/change.h"

struct fault *roster_token_add(struct db *db, const char *hash, const char *space,
                               const struct roster_token *t)
{
    CHANGE(db,
           "INSERT INTO api_token(hash, id, space, person, name, prefix, scopes, created_us, seen_us)"
           " VALUES($1, $2, $3, $4, $5, $6, $7, $8, 0)",
           ARGS(ARG(hash), ARG(t->id), ARG(space), ARG(t->person), ARG(t->name), ARG(t->prefix),
                ARG(t->scopes), ARG(t->created_us)));
}

#define FOUND_ROW(COLUMN)                                                                                    \
    COLUMN(integer, id)                                                                                      \
    COLUMN(integer, person) COLUMN(integer, scopes) COLUMN(integer, created_us) COLUMN(integer, seen_us)
ROW(found_row, FOUND_ROW)

struct fault *roster_token_find(struct db *db, const char *hash, const char *space,
                                struct roster_token *found)
{
    struct connection *c = NULL;
    struct found_row *rows = NULL;
    size_t count = 0;
    ARENA_SCOPE(work);
    *found = (struct roster_token){0};
    TRY(read_now(db, work, &c));
    TRY(db_select(c, work, found_row, &rows, &count,
                  "SELECT id AS id, person AS person, scopes AS scopes, created_us AS created_us,"
                  " seen_us AS seen_us FROM api_token WHERE hash = $1 AND space = $2",
                  ARGS(ARG(hash), ARG(space))));
    if (count)
        *found = (struct roster_token){.id = rows[0].id,
                                       .person = rows[0].person,
                                       .scopes = rows[0].scopes,
                                       .created_us = rows[0].created_us,
                                       .seen_us = rows[0].seen_us};
    return NULL;
}

struct fault *roster_token_seen(struct db *db, const char *hash, int64_t at_us)
{
    CHANGE(db, "UPDATE api_token SET seen_us = $2 WHERE hash = $1", ARGS(ARG(hash), ARG(at_us)));
}

#define LISTED_ROW(COLUMN) FOUND_ROW(COLUMN) COLUMN(text, name) COLUMN(text, prefix)
ROW(listed_row, LISTED_ROW)

struct fault *roster_tokens(struct db *db, struct arena *a, const char *space, int64_t person,
                            struct roster_token **tokens, size_t *count)
{
    struct connection *c = NULL;
    struct listed_row *rows = NULL;
    ARENA_SCOPE(work);
    TRY(read_now(db, work, &c));
    TRY(db_select(c, a, listed_row, &rows, count,
                  "SELECT id AS id, person AS person, scopes AS scopes, created_us AS created_us,"
                  " seen_us AS seen_us, name AS name, prefix AS prefix FROM api_token"
                  " WHERE space = $1 AND (CAST($2 AS BIGINT) = 0 OR person = $2) ORDER BY id DESC",
                  ARGS(ARG(space), ARG(person))));
    *tokens = NEW(a, struct roster_token, *count + 1);
    for (size_t i = 0; i < *count; i++)
        (*tokens)[i] =
            (struct roster_token){rows[i].id,      rows[i].person, rows[i].scopes, rows[i].created_us,
                                  rows[i].seen_us, rows[i].name,   rows[i].prefix};
    return NULL;
}

struct fault *roster_token_end(struct db *db, const char *space, int64_t person, int64_t id)
{
    CHANGE(db,
           "DELETE FROM api_token WHERE space = $1 AND id = $3 AND (CAST($2 AS BIGINT) = 0 OR person = $2)",
           ARGS(ARG(space), ARG(person), ARG(id)));
}
