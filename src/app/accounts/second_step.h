/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* second_step.h - the second step of signing in: a code that a telephone makes (TOTP, RFC 6238: six digits,
 * 30 seconds, SHA-1), or one of ten recovery codes, each good once.
 *
 * A code is good in its half minute, the one before and the one after, and never twice. The secret lies in
 * the server's directory as it is, since both sides need it; recovery codes as hashes. */
#ifndef GRAPPE_SECOND_STEP_H
#define GRAPPE_SECOND_STEP_H

#include "accounts/accounts.h"

struct second_step {
    int64_t since_us; /* 0: off */
    int64_t codes;    /* recovery codes left */
};
struct fault *second_step_of(struct house *, const struct space_info *, int64_t person,
                             struct second_step *) MUST_CHECK;

/* Draws the secret that a telephone needs, unless there is one. CONFLICT when the step is on already. */
struct fault *second_step_begin(struct house *, const struct space_info *, int64_t person) MUST_CHECK;
/* It, until it is confirmed; all NULL: not begun. */
struct step_setup {
    const char *secret; /* base32, in groups of four */
    const char *uri;    /* otpauth://… */
};
struct fault *second_step_setup(struct house *, const struct space_info *, int64_t person, struct arena *,
                                struct step_setup *) MUST_CHECK;

enum { RECOVERY_CODES = 10, RECOVERY_TEXT = 19 };
struct recovery {
    struct recovery_code {
        char text[RECOVERY_TEXT + 1]; /* "ABCD-EFGH-JKLM-NPQR": 80 bits */
    } codes[RECOVERY_CODES];
};
/* Turns it on with a first code, and makes recovery codes; on already: makes others. INVALID naming "code";
 * LIMIT. */
struct fault *second_step_confirm(struct house *, const struct space_info *, int64_t person, const char *code,
                                  struct caller *, struct recovery *) MUST_CHECK;
struct fault *second_step_end(struct house *, const struct space_info *, int64_t person) MUST_CHECK;

/* A code of the telephone, or a recovery code, which is used up. INVALID naming "code"; LIMIT. */
struct fault *second_step_check(struct house *, const struct space_info *, int64_t person, const char *code,
                                struct caller *) MUST_CHECK;

/* Behind a good first factor (entry.awaits_step): whose it is, and whether the space wants a second step that
 * they have not set up yet. NOT_FOUND after ten minutes, five wrong codes, or once it was used. */
struct step_pass {
    int64_t person;
    bool set_up;
};
struct fault *second_step_look(struct house *, const struct space_info *, const char *token,
                               struct step_pass *) MUST_CHECK;
/* The session, when the code is good; `recovery`, when the step was set up with it. */
struct fault *second_step_enter(struct house *, const struct space_info *, const char *token,
                                const char *code, struct caller *, struct token *session,
                                struct recovery *) MUST_CHECK;

/* Which roles of the space (bits) must sign in with it; sessions without it end to count at once. */
struct fault *second_step_wanted(struct house *, const struct space_info *, int *roles) MUST_CHECK;
struct fault *second_step_want(struct house *, const struct space_info *, int roles) MUST_CHECK;

#endif
