/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef GRAPPE_SESSION_VIEW_H
#define GRAPPE_SESSION_VIEW_H

#include "pages/frame.h"

/* What waits: who, what, since when, the next act. */
struct todo {
    const char *age, *age_unit, *heading, *detail, *href, *act;
    bool late;
};

struct today_view {
    struct frame frame;
    const char *greeting;
    const struct todo *todos;
    size_t todo_count;
    struct count_line {
        const char *href, *label;
        int64_t count;
    } counts[4];
    size_t count_count;
};

#endif
