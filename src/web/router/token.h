/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* token.h - is a write asked for by our own page? (OWASP ASVS 5.0, 3.5.1, 3.5.3) */
#ifndef GRAPPE_TOKEN_H
#define GRAPPE_TOKEN_H

#include <stdbool.h>

#include "http/http.h"

enum { TOKEN_LENGTH = 32, TOKEN_SECRET = 32, TOKEN_MARK = 16 };

/* Sec-Fetch-Site says same-origin or none; where it is absent, Origin, if any, names the Host. */
bool asked_from_here(const struct request *);

/* 32 hexadecimal digits that only the holder of the secret can make, from the session, or from the cookie of
 * a visitor who has none. */
void token_make(const unsigned char secret[TOKEN_SECRET], const char *kind, const char *of,
                char token[TOKEN_LENGTH + 1]);

/* The token of this visitor; a visitor without session or cookie gets the cookie, when there is an answer to
 * put it on, and "" otherwise. */
const char *token_of(const unsigned char secret[TOKEN_SECRET], const struct request *, struct response *);

/* Is the field "csrf" or the header X-CSRF the token of this visitor, with or without a mark? In constant
 * time. */
bool token_given(const unsigned char secret[TOKEN_SECRET], const struct request *);

/* Does the form say after which write it was drawn? */
bool token_marked(const struct request *);

#endif
