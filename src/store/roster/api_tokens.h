/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* api_tokens.h - the tokens with which programs ask in the name of a person: hashes, and what people
 * recognise them by. */
#ifndef GRAPPE_ROSTER_API_TOKENS_H
#define GRAPPE_ROSTER_API_TOKENS_H

#include "db/db.h"

struct roster_token {
    int64_t id, person, scopes, created_us;
    int64_t seen_us; /* 0: not used yet */
    const char *name, *prefix;
};

struct fault *roster_token_add(struct db *, const char *hash, const char *space,
                               const struct roster_token *) MUST_CHECK;
/* Person 0 when there is none; its texts are not read. */
struct fault *roster_token_find(struct db *, const char *hash, const char *space,
                                struct roster_token *) MUST_CHECK;
struct fault *roster_token_seen(struct db *, const char *hash, int64_t at_us) MUST_CHECK;
/* Of a person, newest first; person 0: of everybody in the space. */
struct fault *roster_tokens(struct db *, struct arena *, const char *space, int64_t person,
                            struct roster_token **, size_t *count) MUST_CHECK;
/* Person 0: whoever's it is. Nothing happens when there is no such token. */
struct fault *roster_token_end(struct db *, const char *space, int64_t person, int64_t id) MUST_CHECK;

#endif
