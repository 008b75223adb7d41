/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* internal.h - the inside of a door, shared by the files of this room only. */
#ifndef GRAPPE_DOOR_INTERNAL_H
#define GRAPPE_DOOR_INTERNAL_H

#include "door/door.h"
#include "rows/rows.h"

struct door {
    struct space *space;
    struct arena *arena;
    struct connection *read;
    struct transaction *transaction; /* NULL outside door_begin … door_commit */
    struct viewer viewer;
    const char *person_name;
};

struct db *space_db(struct space *);

/* Hidden fields to unknown; which are left. */
field_mask door_mask(const struct door *, const struct record_type *, void *record);

#endif
