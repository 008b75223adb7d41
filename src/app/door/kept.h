/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* kept.h - tables as they were drawn, for who would be shown the same.
 *
 * A list read through the door is the same again for this very person, asked for in the same way, until
 * anything in the space changes or the day does: neither its records nor their look are worked out twice. */
#ifndef GRAPPE_KEPT_H
#define GRAPPE_KEPT_H

#include "door/door.h"
#include "html/html.h"

struct kept_table {
    struct list_page page; /* its counts; the records themselves are not kept */
    struct markup rows;
};

/* `columns`: which fields are shown. What is found lives as long as the door. */
struct fault *kept_table_find(struct door *, const struct list_request *, field_mask columns,
                              struct kept_table *, bool *found) MUST_CHECK;

/* Keeps a table just drawn. Its markup lives in `drawn`, which now belongs to the space; it lives as long as
 * the door too. */
struct fault *kept_table_add(struct door *, const struct list_request *, field_mask columns,
                             struct arena *drawn, const struct kept_table *) MUST_CHECK;

/* Of a space; private to door/. */
struct kept_tables;
struct kept_tables *kept_tables_new(void);
void kept_tables_free(struct kept_tables *);

#endif
