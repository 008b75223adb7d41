/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef GRAPPE_INVITATION_VIEW_H
#define GRAPPE_INVITATION_VIEW_H

#include "accounts/invitations.h"
#include "pages/frame.h"

struct invitation_line {
    const char *email, *what, *when, *again_href, *withdraw_href; /* what: role, title, organisation */
    bool over;
};

struct organisation_choice {
    int64_t id;
    const char *name;
    bool chosen;
};

/* Those waiting, and the form for another. */
struct invitations_view {
    struct frame frame;
    const struct invitation_line *lines;
    size_t count;
    const struct organisation_choice *organisations;
    size_t organisation_count;
    bool gives_roles;       /* a facilitator */
    const char *prove_href; /* where one confirms first who one is; NULL: that is known */
    const char *fresh;      /* the link just made, for whoever hands it on; NULL */
    /* What was typed, and what is wrong with it. */
    const char *email, *role, *title, *error, *field;
};

/* What one joins. */
struct invitation_view {
    struct frame frame;
    const char *action, *organisation, *role, *title, *inviter, *until, *email, *name;
    const char *error, *field; /* of what was typed; NULL */
    const char *gone;          /* why it is good no more; NULL */
    bool known;
};

#endif
