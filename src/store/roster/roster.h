/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* roster.h - the server's own file: its spaces, the secrets of its people, their sessions.
 *
 * Nothing of a space's content is here, and no secret is in a space: a space handed over holds none. Tokens
 * and passwords are kept as hashes only; the caller hashes. Everything is a point read or write. */
#ifndef GRAPPE_ROSTER_H
#define GRAPPE_ROSTER_H

#include "db/db.h"

struct fault *roster_open(const char *path, bool create, struct db **) MUST_CHECK;

struct roster_space {
    int64_t demo;
    const char *name, *title, *file;
};
struct fault *roster_space_add(struct db *,
                               const struct roster_space *) MUST_CHECK; /* CONFLICT: name taken */
struct fault *roster_spaces(struct db *, struct arena *, struct roster_space **, size_t *count) MUST_CHECK;

/* One login a person and space; the e-mail is folded by the caller. Sets or replaces. */
struct fault *roster_login_set(struct db *, const char *space, int64_t person, const char *email,
                               const char *password_hash) MUST_CHECK;
/* *person 0 and *password_hash NULL when there is none. */
struct fault *roster_login_find(struct db *, struct arena *, const char *space, const char *email,
                                int64_t *person, const char **password_hash) MUST_CHECK;

struct fault *roster_session_add(struct db *, const char *token_hash, const char *space,
                                 int64_t person) MUST_CHECK;
struct roster_session {
    int64_t person, created_us, seen_us;
};
/* Person 0 when there is none. */
struct fault *roster_session_find(struct db *, const char *token_hash, const char *space,
                                  struct roster_session *) MUST_CHECK;
struct fault *roster_session_seen(struct db *, const char *token_hash, int64_t at_us) MUST_CHECK;
struct fault *roster_session_end(struct db *, const char *token_hash) MUST_CHECK;
struct fault *roster_sessions_end(struct db *, const char *space, int64_t person) MUST_CHECK;

/* Failed attempts under a key (an account, a network) within the window that is open now. */
struct fault *roster_attempts(struct db *, const char *key, int64_t window_s, int64_t *count) MUST_CHECK;
struct fault *roster_attempt_failed(struct db *, const char *key, int64_t window_s) MUST_CHECK;
struct fault *roster_attempts_forget(struct db *, const char *key) MUST_CHECK;

#endif
