/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef GRAPPE_ACTIVITY_VIEW_H
#define GRAPPE_ACTIVITY_VIEW_H

#include "pages/frame.h"

struct readings_view {
    struct frame frame;
    const char *heading, *back_href, *back;
    const struct reading_line *lines;
    size_t count;
};

#endif
