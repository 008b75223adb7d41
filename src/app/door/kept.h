/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* kept.h - rows of tables as they were drawn, for who would be shown the same.
 *
 * The list itself is read through the door each time: what is kept is only how its records look to this very
 * person, in this language, until anything in the space changes or the day does. */
#ifndef GRAPPE_KEPT_H
#define GRAPPE_KEPT_H

#include "door/door.h"
#include "html/html.h"

struct kept_row {
    int64_t id;
    struct markup markup;
};

/* Gives each of the rows its markup, which lives as long as the door; *found is false unless all are there,
 * for no rows unless there are some. `columns`: which fields are shown. */
struct fault *kept_rows_find(struct door *, const struct record_type *, field_mask columns,
                             struct kept_row *rows, size_t count, bool *found) MUST_CHECK;

/* Keeps rows just drawn. They and their markup live in `drawn`, which now belongs to the space; they live as
 * long as the door too. */
struct fault *kept_rows_add(struct door *, const struct record_type *, field_mask columns,
                            struct arena *drawn, struct kept_row *rows, size_t count) MUST_CHECK;

/* Of a space; private to door/. */
struct kept_lists;
struct kept_lists *kept_lists_new(void);
void kept_lists_free(struct kept_lists *);

#endif
