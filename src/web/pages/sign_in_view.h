/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef GRAPPE_SIGN_IN_VIEW_H
#define GRAPPE_SIGN_IN_VIEW_H

#include "accounts/links.h"
#include "accounts/second_step.h"
#include "pages/frame.h"

struct sign_in_view {
    struct frame frame;
    const char *email, *error, *back; /* back: the page wanted, or NULL */
    const struct persona *personas;
    size_t persona_count;
};

/* A link by mail: that it is on its way, or what opening it does. */
struct link_view {
    struct frame frame;
    bool mails; /* false: letters are on the server's console */
    const char *action, *name, *asked, *own_device;
    const char *gone; /* why the link is good no more; NULL */
};

/* The code of the second step: asked for, or set up first. */
struct code_view {
    struct frame frame;
    const char *back, *error;
    const struct step_setup *setup; /* NULL: it is set up already */
    struct markup qr;
};

/* Confirming who one is, in the middle of a session. */
struct proof_view {
    struct frame frame;
    const char *back, *error, *email;
    bool by_password, by_code, by_button; /* by_button: a persona of a demo */
};

/* Codes for a lost telephone, shown this once. */
struct recovery_view {
    struct frame frame;
    const struct recovery *recovery;
    const char *next_href;
};
struct fault *recovery_show(const struct request *, struct response *, const struct recovery *,
                            const char *next_href) MUST_CHECK;

#endif
