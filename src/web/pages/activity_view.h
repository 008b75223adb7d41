/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef GRAPPE_ACTIVITY_VIEW_H
#define GRAPPE_ACTIVITY_VIEW_H

#include "activity/activity.h"
#include "pages/frame.h"

struct readings_view {
    struct frame frame;
    const char *heading, *back_href, *back;
    const struct reading_line *lines;
    size_t count;
};

struct activity_view {
    struct frame frame;
    const struct activity *found;
    const struct record_type *const *types; /* that may be chosen */
    size_t type_count;
    const struct record_type *type;    /* chosen; NULL: all */
    const char *organisation, *person; /* names of what was chosen; NULL: all */
    const char *organisation_id, *person_id;
    const char *whole_href, *next_href; /* without filters; further back */
};
/* "14:05", where people live. */
const char *time_of_day(struct arena *, int64_t at_us);

#endif
