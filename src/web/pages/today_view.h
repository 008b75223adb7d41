/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef GRAPPE_TODAY_VIEW_H
#define GRAPPE_TODAY_VIEW_H

#include "pages/frame.h"

/* What waits: since when, what, whose, why it matters, the next act. */
struct todo {
    const char *age, *age_unit, *heading, *detail, *why;
    const char *href, *act;      /* where it is done; what the link or the button says */
    const char *post, *act_code; /* done from here by a form; NULL: it is looked at first */
    int64_t version;
    const char *given;     /* what they answered by mail; NULL */
    const char *call_href; /* where a call about it is noted; NULL */
    bool late, others;     /* others: somebody else should have done it */
};

struct today_view {
    struct frame frame;
    const char *greeting, *lede;
    const struct todo *todos, *needs; /* needs: open ones of the space that are nobody's turn */
    size_t todo_count, need_count;
    bool more;   /* than is shown */
    bool people; /* introductions are for them */
    struct count_line {
        const char *href, *label;
        int64_t count;
    } counts[4];
    size_t count_count;
};

#endif
