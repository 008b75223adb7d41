/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* accounts.h - who is who: sign-in by password, sessions, personas of a demo.
 *
 * Secrets (password hashes, session hashes) are in the server's directory, never in a space. Argon2id with 64
 * MiB and two passes; at most as many at once as the machine has cores, a short queue behind, then LIMIT. */
#ifndef GRAPPE_ACCOUNTS_H
#define GRAPPE_ACCOUNTS_H

#include "house/house.h"

enum { TOKEN_TEXT = 64 }; /* 256 random bits in hexadecimal, and a NUL */
struct token {
    char text[TOKEN_TEXT + 1];
};

/* Sets or changes the password of a person of the space, who must have an e-mail. Every session of the person
 * ends. INVALID naming "password" when it is too short, too long, or among the commonest. */
struct fault *accounts_set_password(struct house *, const struct space_info *, int64_t person,
                                    const char *password) MUST_CHECK;

/* DENIED with one and the same text and time for an unknown address, a wrong password, and a person who may
 * not sign in. LIMIT when there were too many attempts for the account or the network (never a lasting
 * lock). */
struct fault *accounts_sign_in(struct house *, const struct space_info *, const char *email,
                               const char *password, const char *address, struct token *) MUST_CHECK;

/* Without a password: only in a space made as demo, only from a loopback address. */
struct fault *accounts_sign_in_persona(struct house *, const struct space_info *, int64_t person,
                                       const char *address, struct token *) MUST_CHECK;
struct persona {
    int64_t person;
    const char *name, *title, *organisation;
};
/* People with a title in a demo space that are offered as buttons (e-mail ending in @demo.example). */
struct fault *accounts_personas(const struct space_info *, struct arena *, struct persona **,
                                size_t *count) MUST_CHECK;

/* The person behind a token in this space: 0 when it is unknown, too old, or idle for too long. Cost: one
 * point read. */
struct session {
    int64_t person;
    bool unmarked; /* last marked seen more than a minute ago: call accounts_session_seen() */
};
struct fault *accounts_session(struct house *, const struct space_info *, const char *token,
                               struct session *) MUST_CHECK;
struct fault *accounts_session_seen(struct house *, const char *token) MUST_CHECK;
struct fault *accounts_sign_out(struct house *, const char *token) MUST_CHECK;

bool address_is_loopback(const char *address);

#endif
