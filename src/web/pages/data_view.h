/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef GRAPPE_DATA_VIEW_H
#define GRAPPE_DATA_VIEW_H

#include "pages/frame.h"
#include "pages/record_draw.h"

struct data_line { /* one datum */
    const struct field *field;
    const char *kept; /* NULL: as the record */
};

struct data_type { /* one kind of record, out of its description */
    const struct record_type *type;
    const char *kept, *writers;
    size_t personal; /* how many of its data are about a person */
    const struct data_line *lines;
    size_t count;
};

enum { DATA_LEVELS = 5 };
extern const struct level_line { /* what a level means */
    enum visibility level;
    const char *meaning;
} data_levels[DATA_LEVELS];

struct data_view {
    struct frame frame;
    const struct data_type *types;
    size_t count;
};

#endif
