/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* invitations.h - people asked into a space by mail, with a role, and a mandate of an organisation.
 *
 * A facilitator invites anybody; a member with a mandate invites colleagues into that organisation, as
 * members. The link is good once, for a fortnight, and only as long as whoever sent it could still send it.
 * Until then nothing is in the space: who was invited stands in the server's directory. Somebody whom the
 * space knows under the address gains the mandate, and signs in as usual: a link that others may have seen
 * opens no account. */
#ifndef GRAPPE_INVITATIONS_H
#define GRAPPE_INVITATIONS_H

#include "accounts/accounts.h"

struct invitation {
    int64_t id, organisation, inviter, made_us, until_us; /* organisation, inviter: 0 for none */
    const char *email, *role, *title;                     /* title: "" for none */
    const char *organisation_name, *inviter_name;         /* NULL: none, or hidden */
    bool over;
};

struct invitation_wish {
    const char *email, *role, *title; /* role: code of person_roles; title NULL: none */
    int64_t organisation;             /* 0: none */
};

/* For whom the door was opened. DENIED when they may not; INVALID naming "email", "role", "title" or
 * "organisation"; LIMIT when they have LIMIT_INVITATIONS waiting. *token: for the link, which the caller
 * hands on; it is kept nowhere. NULL: a letter takes it there. */
struct fault *invitation_make(struct house *, const struct space_info *, struct door *,
                              const struct invitation_wish *, struct token *) MUST_CHECK;
/* "https://…/invitation/…" */
const char *invitation_url(struct house *, const struct space_info *, struct arena *, const struct token *);

/* Those waiting, newest first: a facilitator's are everybody's, a member's those of their organisations. */
struct fault *invitations_of(struct house *, const struct space_info *, struct door *, struct invitation **,
                             size_t *count) MUST_CHECK;
/* Another fortnight, another link; the one before opens nothing. NOT_FOUND when it is not among those.
 * *token as above. */
struct fault *invitation_again(struct house *, const struct space_info *, struct door *, int64_t id,
                               struct token *) MUST_CHECK;
struct fault *invitation_withdraw(struct house *, const struct space_info *, struct door *,
                                  int64_t id) MUST_CHECK;

/* What one joins. NOT_FOUND when the link is good no more. *known: the space knows the address already. */
struct fault *invitation_look(struct house *, const struct space_info *, const char *token, struct arena *,
                              struct invitation *, bool *known) MUST_CHECK;
/* Name and password ("": links are enough) of somebody new: INVALID naming "name" or "password". *entry:
 * their session, or second step; empty for somebody known. NOT_FOUND as above; DENIED for a closed account.
 */
struct fault *invitation_accept(struct house *, const struct space_info *, const char *token,
                                const char *name, const char *password, const struct caller *,
                                struct entry *) MUST_CHECK;

#endif
