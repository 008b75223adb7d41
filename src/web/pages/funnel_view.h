/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef GRAPPE_FUNNEL_VIEW_H
#define GRAPPE_FUNNEL_VIEW_H

#include "pages/frame.h"

enum { FUNNEL_STEPS = 8, FUNNEL_ORDERED = 5 };

struct funnel_cell {
    int64_t count;
    const char *times, *share; /* share: of those that were proposed; NULL: none were */
};
struct funnel_row {
    const char *label;
    struct funnel_cell cells[FUNNEL_STEPS];
};
struct funnel_view {
    struct frame frame;
    const char *lede, *heads[FUNNEL_STEPS];
    const struct funnel_row *rows;
    size_t row_count;
    const struct funnel_row *spoke;
    size_t spoke_count;
    const struct funnel_row *grappes;
    size_t grappe_count;
    const struct reason_row {
        const char *label, *times;
    } * reasons;
    size_t reason_count;
    bool any;
};

#endif
