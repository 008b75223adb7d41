/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* invitations.h - who was asked into a space and has not come yet. */
#ifndef GRAPPE_ROSTER_INVITATIONS_H
#define GRAPPE_ROSTER_INVITATIONS_H

#include "db/db.h"

struct roster_invitation {
    int64_t id, organisation, inviter, made_us, until_us; /* organisation, inviter: 0 for none */
    const char *email, *role, *title;
};
struct fault *roster_invitation_add(struct db *, const char *hash, const char *space,
                                    const struct roster_invitation *) MUST_CHECK;
/* Id 0 when there is none. */
struct fault *roster_invitation_find(struct db *, struct arena *, const char *hash, const char *space,
                                     struct roster_invitation *) MUST_CHECK;
/* Newest first. */
struct fault *roster_invitations(struct db *, struct arena *, const char *space, struct roster_invitation **,
                                 size_t *count) MUST_CHECK;
/* Another token instead of the one before, which opens nothing any more. */
struct fault *roster_invitation_again(struct db *, const char *space, int64_t id, const char *hash,
                                      int64_t until_us) MUST_CHECK;
/* *ended: it was there still; of two who end it, one does. */
struct fault *roster_invitation_end(struct db *, const char *space, int64_t id, bool *ended) MUST_CHECK;

#endif
