/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* internal.h - what the ways of signing in share; private to accounts/. */
#ifndef GRAPPE_ACCOUNTS_INTERNAL_H
#define GRAPPE_ACCOUNTS_INTERNAL_H

#include "accounts/accounts.h"
#include "house/token.h"

/* Attempts are counted for a quarter of an hour. */
enum { WINDOW_S = 15 * 60, MOST_PER_NETWORK = 60 };

enum { EMAIL_MOST = 254 }; /* bytes: RFC 5321 */

/* "10.1.2.3" → "10.1.2", an IPv6 address → its first 56 bits or so: three and a half groups. */
char *network_of(struct arena *, const char *address);

/* 256 random bits, and their hash. */
void token_draw(struct token *, char hash[65]);

/* What may be tried how often in a window. Each key a subject is counted under has its own ceiling, so that
 * nobody far away can use up what the owner of an account has. */
enum attempt { ATTEMPT_PASSWORD, ATTEMPT_LINK, ATTEMPT_CODE, ATTEMPT_RECOVERY };
/* LIMIT, with caller->wait_s, when one of them is reached. `subject`: the e-mail, the person. */
struct fault *attempts_check(struct house *, const struct space_info *, enum attempt, const char *subject,
                             struct caller *) MUST_CHECK;
struct fault *attempts_count(struct house *, const struct space_info *, enum attempt, const char *subject,
                             const struct caller *) MUST_CHECK;
/* The account's owner came in from here. */
struct fault *attempts_forget(struct house *, const struct space_info *, enum attempt, const char *subject,
                              const struct caller *) MUST_CHECK;

/* Someone the space still lets in; *roles may be NULL. */
struct fault *may_enter(const struct space_info *, int64_t person, bool *may, int *roles) MUST_CHECK;

/* The first factor was good: a session, or a pass to the second step. */
struct fault *passed_first(struct house *, const struct space_info *, int64_t person, enum way,
                           const struct caller *, struct entry *) MUST_CHECK;
struct fault *open_session(struct house *, const struct space_info *, int64_t person, enum way, int factors,
                           const struct caller *, struct token *) MUST_CHECK;

/* INVALID naming "password": too short, too long, too easy, or who one is. */
struct fault *password_check(struct arena *, const char *name, const char *email,
                             const char *password) MUST_CHECK;
struct fault *verify_password(const char *hash, const char *password, bool *good) MUST_CHECK;

#endif
