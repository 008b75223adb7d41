/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef GRAPPE_GRAPPE_VIEW_H
#define GRAPPE_GRAPPE_VIEW_H

#include "grappes/grappes.h"
#include "pages/frame.h"
#include "pages/record_draw.h"

struct grappes_view {
    struct frame frame;
    const struct grappe_line *lines;
    size_t count;
    const char *lede;
    bool may_write;
};

#endif
