/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* names.h - the inside of struct names, for the record_* files. */
#ifndef GRAPPE_NAMES_H
#define GRAPPE_NAMES_H

#include "pages/record_draw.h"

struct named {
    int64_t id;
    const char *name; /* NULL: hidden */
};

struct names {
    struct arena *arena;
    struct named *at; /* by id; may repeat */
    size_t count, capacity;
};

const char *name_of(const struct names *, int64_t id);

#endif
