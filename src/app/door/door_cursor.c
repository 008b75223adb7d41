/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* door_cursor.c - a list read on from where its last page ended. */
#include "arena/arena.h"
#include "door/internal.h"

static int64_t id_at(const struct record_type *type, const struct list_page *page, size_t i)
{
    return ((const struct record_head *)(const void *)((const char *)page->records + i * type->size))->id;
}

/* Rows before the one behind `place`: what was added or removed since has moved it a little. */
static struct fault *rows_before(struct door *d, const struct list_request *asked,
                                 const struct list_place *place, int64_t *rows)
{
    enum { NEAR = 1000 };
    struct list_request near = *asked;
    struct list_page page;
    near.skip = ALL_FIELDS;
    near.page = 1;
    near.offset = place->rows > NEAR ? place->rows - NEAR : 0;
    near.per_page = 2 * NEAR;
    TRY(door_list(d, &near, &page));
    *rows = place->rows - 1; /* unless it is found: it has gone itself */
    for (size_t i = 0; i < page.count; i++)
        if (id_at(asked->type, &page, i) == place->last) {
            *rows = near.offset + (int64_t)i + 1;
            return NULL;
        }
    return NULL;
}

/* Nearly always nothing has moved: one row tells. */
static struct fault *stands_still(struct door *d, const struct list_request *asked,
                                  const struct list_place *place, bool *still)
{
    struct list_request one = *asked;
    struct list_page page;
    one.skip = ALL_FIELDS;
    one.page = one.per_page = 1;
    one.offset = place->rows - 1;
    TRY(door_list(d, &one, &page));
    *still = page.count == 1 && id_at(asked->type, &page, 0) == place->last;
    return NULL;
}

struct fault *door_list_from(struct door *d, const struct list_request *asked, struct list_place *place,
                             struct list_page *page)
{
    struct list_request from = *asked;
    bool still = true;
    from.page = 1;
    from.offset = place->rows > 0 ? place->rows : 0;
    from.behind = place->last;
    if (place->last && place->rows > 0 && !asked->as_of) /* a list of the past looks for itself */
        TRY(stands_still(d, asked, place, &still));
    if (!still)
        TRY(rows_before(d, asked, place, &from.offset));
    TRY(door_list(d, &from, page));
    int64_t rows = page->before + (int64_t)page->count;
    bool more = page->count && rows < page->total;
    *place = more ? (struct list_place){rows, id_at(asked->type, page, page->count - 1)}
                  : (struct list_place){0, 0};
    return NULL;
}
