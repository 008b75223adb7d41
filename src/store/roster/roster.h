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

struct fault *roster_login_exists(struct db *, const char *space, int64_t person, bool *exists) MUST_CHECK;
/* Of a person who is known already; NULL when there is none. */
struct fault *roster_login_hash(struct db *, struct arena *, const char *space, int64_t person,
                                const char **password_hash) MUST_CHECK;

/* The roles (bits) that must sign in with a second step; 0 when nobody must. */
struct fault *roster_second_step_wanted(struct db *, const char *space, int64_t *roles) MUST_CHECK;
struct fault *roster_second_step_want(struct db *, const char *space, int64_t roles) MUST_CHECK;

/* The secret of this folder, which every server that serves it shares: `fresh` the first time. */
struct fault *roster_secret(struct db *, struct arena *, const char *fresh, const char **secret) MUST_CHECK;

/* Forgets what ended before. */
struct fault *roster_sweep(struct db *, int64_t before_us) MUST_CHECK;

#endif
