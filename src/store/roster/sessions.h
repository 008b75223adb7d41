/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* sessions.h - who is signed in, from which device; how often a key failed; tokens that serve once. */
#ifndef GRAPPE_ROSTER_SESSIONS_H
#define GRAPPE_ROSTER_SESSIONS_H

#include "db/db.h"

struct roster_session {
    int64_t id, person, created_us, seen_us;
    int64_t proof_us; /* when the person last proved who they are */
    int64_t way;      /* how: the caller's own number */
    int64_t factors;
    int64_t wanted;               /* roles of the space that need two factors; found, not added */
    const char *device, *network; /* found by roster_sessions() only */
};
struct fault *roster_session_add(struct db *, const char *token_hash, const char *space,
                                 const struct roster_session *) MUST_CHECK;
/* Person 0 when there is none. One point read. */
struct fault *roster_session_find(struct db *, const char *token_hash, const char *space,
                                  struct roster_session *) MUST_CHECK;
struct fault *roster_session_seen(struct db *, const char *token_hash, int64_t at_us) MUST_CHECK;
struct fault *roster_session_proved(struct db *, const char *token_hash, int64_t at_us) MUST_CHECK;
struct fault *roster_session_end(struct db *, const char *token_hash) MUST_CHECK;
/* Of a person, last used first. */
struct fault *roster_sessions(struct db *, struct arena *, const char *space, int64_t person,
                              struct roster_session **, size_t *count) MUST_CHECK;
/* One of a person's (id), or all but one (`except`; 0: all). Nothing happens when there is no such one. */
struct fault *roster_session_end_one(struct db *, const char *space, int64_t person, int64_t id) MUST_CHECK;
struct fault *roster_sessions_end(struct db *, const char *space, int64_t person, int64_t except) MUST_CHECK;

/* Failed attempts under a key (an account, a network) within the window that is open now, and when it
 * opened. */
struct roster_attempts {
    int64_t failures, since_us;
};
struct fault *roster_attempts(struct db *, const char *key, int64_t window_s,
                              struct roster_attempts *) MUST_CHECK;
struct fault *roster_attempt_failed(struct db *, const char *key, int64_t window_s) MUST_CHECK;
struct fault *roster_attempts_forget(struct db *, const char *key) MUST_CHECK;

/* A token of a kind: "link", "step", which serve once, "act". */
struct roster_pass {
    int64_t person, way, made_us, until_us, tries;
    const char *device; /* that asked for it */
    const char *back;   /* the page wanted; "" */
};
struct fault *roster_pass_add(struct db *, const char *hash, const char *kind, const char *space,
                              const struct roster_pass *) MUST_CHECK;
struct fault *roster_pass_add_in(struct transaction *, const char *hash, const char *kind, const char *space,
                                 const struct roster_pass *) MUST_CHECK;
/* Person 0 when there is none. */
struct fault *roster_pass_find(struct db *, struct arena *, const char *hash, const char *kind,
                               const char *space, struct roster_pass *) MUST_CHECK;
struct fault *roster_pass_tried(struct db *, const char *hash) MUST_CHECK;
/* It stays, as tried; *first: it was not: of two who use it, one is. */
struct fault *roster_pass_use(struct db *, const char *hash, bool *first) MUST_CHECK;
/* As if it had not been tried. */
struct fault *roster_pass_unused(struct db *, const char *hash) MUST_CHECK;
/* *taken: it was there still; of two who take it, one does. */
struct fault *roster_pass_take(struct db *, const char *hash, bool *taken) MUST_CHECK;
struct fault *roster_passes_end(struct db *, const char *space, int64_t person) MUST_CHECK;

#endif
