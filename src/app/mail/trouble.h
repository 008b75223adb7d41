/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* trouble.h - letters that did not arrive, either way, for the facilitators of their space. */
#ifndef GRAPPE_MAIL_TROUBLE_H
#define GRAPPE_MAIL_TROUBLE_H

#include "house/house.h"

struct letter_trouble {
    int64_t id, made_us, next_us; /* next_us 0: it is not tried again */
    const char *to, *state;       /* "waiting", "refused", "failed", "late" */
    const char *state_shown;      /* translated */
    const char *answer;           /* of the server that did not take it */
};
struct refused_address {
    const char *address, *answer;
    int64_t since_us;
};
struct unread_letter {
    int64_t number; /* in the mailbox, where it still is */
    const char *answer;
    int64_t tried_us;
};
struct mail_troubles {
    struct letter_trouble *letters; /* newest first, at most 100 */
    struct refused_address *refused;
    struct unread_letter *unread; /* that came in and could not be read */
    size_t letter_count, refused_count, unread_count;
};

/* DENIED to all but facilitators and the program. */
struct fault *mail_troubles(struct house *, const struct space_info *, struct door *,
                            struct mail_troubles *) MUST_CHECK;
/* Digests and reminders go there again. NOT_FOUND when it is not refused; DENIED as above. */
struct fault *mail_forgive(struct house *, const struct space_info *, struct door *,
                           const char *address) MUST_CHECK;

#endif
