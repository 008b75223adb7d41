/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* links.h - signing in with a link sent by mail: good once, for a quarter of an hour, on whichever device
 * opens it.
 *
 * Reading the page behind a link changes nothing, so that programs which look into letters burn none; the
 * button on it signs in. */
#ifndef GRAPPE_LINKS_H
#define GRAPPE_LINKS_H

#include "accounts/accounts.h"

/* Sends a link to whoever has this e-mail and may sign in. For an address nobody has, the same is done but
 * for the letter: same answer, same writes. `back`: the page wanted, or NULL. LIMIT as in accounts.h; INVALID
 * naming "email" for what is no address. */
struct fault *link_ask(struct house *, const struct space_info *, const char *email, const char *back,
                       struct caller *) MUST_CHECK;

struct link {
    int64_t person, made_us;
    const char *name;   /* of the person */
    const char *device; /* that asked for it, in words */
};
/* NOT_FOUND when it was used, is too old, or never was. Changes nothing. */
struct fault *link_look(struct house *, const struct space_info *, const char *token, struct arena *,
                        struct link *) MUST_CHECK;
/* Uses it up. NOT_FOUND as above. */
struct fault *link_take(struct house *, const struct space_info *, const char *token, struct arena *,
                        const struct caller *, struct entry *) MUST_CHECK;

#endif
