/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef GRAPPE_REMINDER_VIEW_H
#define GRAPPE_REMINDER_VIEW_H

#include "pages/frame.h"

/* What one may say of reminders: each organisation one acts for, and for facilitators the space. */
struct reminder_line {
    const char *name, *days, *in_force; /* name NULL: the space; days: as chosen, "" where nothing is */
    int64_t organisation;
    int facilitators; /* days after which they are waited for */
    const char *error;
};
struct reminder_view {
    struct frame frame;
    const struct reminder_line *lines;
    size_t count;
};

#endif
