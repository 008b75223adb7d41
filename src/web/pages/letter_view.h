/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef GRAPPE_LETTER_VIEW_H
#define GRAPPE_LETTER_VIEW_H

#include "pages/frame.h"

/* What somebody wants by mail, from the link at the end of a letter. */
struct digest_view {
    struct frame frame;
    const char *action;
    int rate;   /* row of digest_rates */
    bool saved; /* it was just chosen */
};

struct refused_line {
    const char *address, *since, *answer;
};
struct trouble_line {
    const char *to, *when, *state, *next, *answer; /* next: "" when it is not tried again */
    bool over;
};

struct unread_line {
    const char *name, *when, *answer;
};

/* Letters that did not arrive. */
struct mail_view {
    struct frame frame;
    bool leaves; /* by a mail server; else they are printed on the console */
    const struct refused_line *refused;
    const struct trouble_line *letters;
    const struct unread_line *unread;
    size_t refused_count, letter_count, unread_count;
};

#endif
