/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* api_tokens.h - tokens with which programs ask the API in the name of a person.
 *
 * A token opens one space, for what its person may see and do there, within its scopes. It is shown once,
 * when it is made; its hash alone is kept, in the server's directory. Revoked, it is refused from the next
 * request on, and so is that of a person who may no longer sign in. */
#ifndef GRAPPE_API_TOKENS_H
#define GRAPPE_API_TOKENS_H

#include "house/house.h"

enum { API_TOKEN_TEXT = 68, API_TOKENS_MOST = 50 /* of one person */ };

enum { API_SCOPES = 4 };
extern const struct choice api_scopes[]; /* API_SCOPES rows: bit i is row i */

struct api_token {
    int64_t id, person;
    int scopes;                  /* bits of enum scope */
    int64_t created_us, seen_us; /* seen 0: not used yet */
    const char *name, *prefix;   /* prefix: the beginning of the token, by which people know it again */
};

/* INVALID naming "name" or "scopes"; LIMIT when the person has API_TOKENS_MOST. */
struct fault *api_token_make(struct house *, const struct space_info *, int64_t person, const char *name,
                             int scopes, char text[API_TOKEN_TEXT + 1]) MUST_CHECK;

/* Whose token this is in this space: person 0 when it is none. LIMIT when too many that were none came from
 * the same network. Cost: one point read, and a write a minute. */
struct fault *api_token_find(struct house *, const struct space_info *, const char *text, const char *address,
                             struct api_token *) MUST_CHECK;

/* "read,write" to bits; INVALID naming "scopes". And the labels of bits, for people. */
struct fault *api_scopes_read(const char *text, int *scopes) MUST_CHECK;
const char *api_scopes_shown(struct arena *, int scopes);

/* Newest first; person 0: everybody's. */
struct fault *api_tokens_of(struct house *, const struct space_info *, int64_t person, struct arena *,
                            struct api_token **, size_t *count) MUST_CHECK;
/* Person 0: whoever's it is. NOT_FOUND when there is no such token. */
struct fault *api_token_revoke(struct house *, const struct space_info *, int64_t person,
                               int64_t id) MUST_CHECK;

#endif
