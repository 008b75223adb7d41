/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef GRAPPE_MEMBER_VIEW_H
#define GRAPPE_MEMBER_VIEW_H

#include "members/members.h"
#include "pages/frame.h"
#include "pages/record_draw.h"

struct members_view {
    struct frame frame;
    const struct members *found;
    const char *day, *lede, *list_href, *new_href; /* day: YYYY-MM-DD */
    const char *colleges[MEMBER_COLLEGES], *sizes[MEMBER_SIZES];
    int64_t of_college[MEMBER_COLLEGES], of_size[MEMBER_SIZES];
    int64_t most; /* members in the fullest year */
};

struct succession_view {
    struct frame frame;
    const char *lede, *back, *back_href, *action;
    const struct mandate *next; /* as typed */
    int64_t version;
    const struct form_options *options;
    const struct form_state *state;
};

#endif
