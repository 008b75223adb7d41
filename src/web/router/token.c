/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "router/token.h"

#include <sodium.h>
#include <string.h>
#include <strings.h>

static const char visitor_cookie[] = "grappe_visitor";

bool asked_from_here(const struct request *r)
{
    const char *site = request_header(r, "Sec-Fetch-Site");
    if (site)
        return strcmp(site, "same-origin") == 0 || strcmp(site, "none") == 0;
    const char *origin = request_header(r, "Origin"), *host = request_header(r, "Host");
    if (!origin)
        return true;
    const char *after = strstr(origin, "://");
    return after && host && strcasecmp(after + 3, host) == 0;
}

void token_make(const unsigned char secret[TOKEN_SECRET], const char *kind, const char *of,
                char token[TOKEN_LENGTH + 1])
{
    unsigned char hash[TOKEN_LENGTH / 2];
    crypto_generichash_state state;
    (void)crypto_generichash_init(&state, secret, TOKEN_SECRET, sizeof hash);
    (void)crypto_generichash_update(&state, (const unsigned char *)kind, strlen(kind) + 1);
    (void)crypto_generichash_update(&state, (const unsigned char *)of, strlen(of));
    (void)crypto_generichash_final(&state, hash, sizeof hash);
    (void)sodium_bin2hex(token, TOKEN_LENGTH + 1, hash, sizeof hash);
}

const char *token_of(const unsigned char secret[TOKEN_SECRET], const struct request *r,
                     struct response *answer)
{
    char *token = NEW(r->arena, char, TOKEN_LENGTH + 1);
    const char *visitor = param(&r->cookies, visitor_cookie);
    if (r->visitor.session)
        token_make(secret, "session", r->visitor.session, token);
    else if (visitor && strlen(visitor) == TOKEN_LENGTH)
        token_make(secret, "visitor", visitor, token);
    else if (answer) {
        unsigned char random[TOKEN_LENGTH / 2];
        char *name = NEW(r->arena, char, TOKEN_LENGTH + 1);
        randombytes_buf(random, sizeof random);
        (void)sodium_bin2hex(name, TOKEN_LENGTH + 1, random, sizeof random);
        response_cookie(answer, visitor_cookie, name, 0);
        token_make(secret, "visitor", name, token);
    }
    return token;
}

bool token_marked(const struct request *r)
{
    return strlen(param_text(&r->form, "csrf")) == TOKEN_LENGTH + TOKEN_MARK;
}

bool token_given(const unsigned char secret[TOKEN_SECRET], const struct request *r)
{
    const char *given = param(&r->form, "csrf"), *own = token_of(secret, r, NULL);
    if (!given)
        given = request_header(r, "X-CSRF");
    size_t length = given ? strlen(given) : 0;
    return (length == TOKEN_LENGTH || length == TOKEN_LENGTH + TOKEN_MARK) && strlen(own) == TOKEN_LENGTH &&
           sodium_memcmp(given, own, TOKEN_LENGTH) == 0;
}
