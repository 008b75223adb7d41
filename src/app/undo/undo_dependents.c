/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* undo_dependents.c - what stands in the way of an undo, by name. */
#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "i18n/i18n.h"
#include "rows/rows.h"
#include "text/buffer.h"
#include "undo/undo.h"

static const struct sight everything = {.program = "undo"};

enum { ENOUGH = 200 }; /* bytes of names */

struct fault *undo_name(struct door *d, struct buffer *names, const struct record_type *type, int64_t id)
{
    struct now_record now;
    const char *hidden_ones = tr("something that is not yours to see");
    struct fault *hidden = now_load(d, type, id, &now);
    if (hidden && hidden->code != FAULT_NOT_FOUND)
        return hidden;
    if (hidden) { /* neither how many nor of which kind */
        if (!strstr(buffer_string(names), hidden_ones))
            buffer_print(names, "%s%s", names->len ? ", " : "", hidden_ones);
        return NULL;
    }
    const struct field *f = type->name_field ? field_find(type, type->name_field) : NULL;
    bool named = f && field_known(f, now.record);
    buffer_print(names, "%s%s%s%s", names->len ? ", " : "", tr(type->title), named ? " " : "",
                 named ? value_shown(f, door_arena(d), now.record) : "");
    return NULL;
}

static int by_id(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Records of a type that refer to some of `part` and are not of `made` themselves. */
static struct fault *dependents(struct door *d, const struct record_type *type, struct filter filter,
                                const int64_t *made, size_t made_count, struct buffer *names)
{
    enum { MOST = 2000 };
    ARENA_SCOPE(work);
    struct list_query query = {.type = type, .filters = &filter, .filter_count = 1, .limit = MOST};
    char *records = NULL;
    size_t found = 0;
    TRY(rows_list(door_connection(d), work, &query, &everything, (void **)&records, &found, NULL));
    for (size_t i = 0; i < found && names->len < ENOUGH; i++) {
        const struct record_head *head = (const void *)(records + i * type->size);
        if (!bsearch(&head->id, made, made_count, sizeof *made, by_id))
            TRY(undo_name(d, names, type, head->id));
    }
    return NULL;
}

struct fault *undo_dependents(struct door *d, const int64_t *made, size_t count, struct buffer *names)
{
    enum { AT_ONCE = 500 };
    for (int t = 0; t < record_type_count; t++)
        for (int f = 0; f < all_record_types[t]->count; f++) {
            const struct field *ref = &all_record_types[t]->fields[f];
            /* what hangs on a record goes and comes back with it, and tells nobody that it is there */
            for (size_t at = 0; ref->kind == KIND_ref && !ref->within && at < count; at += AT_ONCE) {
                const struct filter filter = {.field = ref,
                                              .comparison = OPERATOR_ANY_OF,
                                              .any = made + at,
                                              .any_count = count - at < AT_ONCE ? count - at : AT_ONCE};
                TRY(dependents(d, all_record_types[t], filter, made, count, names));
            }
        }
    return NULL;
}
