/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "attached/attached.h"

#include <string.h>

#include "arena/arena.h"
#include "rows/rows.h"

const struct field *attached_by(const struct record_type *type, const struct record_type *to)
{
    for (int i = 0; i < type->count; i++)
        if (type->fields[i].within && strcmp(type->fields[i].to, to->name) == 0)
            return &type->fields[i];
    return NULL;
}

struct fault *attached_list(struct door *d, const struct record_type *type, const struct record_type *to,
                            int64_t id, struct list_page *page)
{
    const struct list_filter on = {attached_by(type, to)->name,
                                   arena_print(door_arena(d), "%lld", (long long)id)};
    return door_list(d,
                     &(struct list_request){.type = type,
                                            .filters = &on,
                                            .filter_count = 1,
                                            .plain = true,
                                            .opens = true,
                                            .per_page = LIMIT_LIST_ROWS},
                     page);
}

const struct field *attached_says(const struct record_type *type)
{
    return field_find(type, type->name_field ? type->name_field : "text");
}

struct fault *attached_search(struct door *d, const struct record_type *type, const char *words,
                              struct list_page *page)
{
    enum { MOST_WORDS = 8 };
    struct list_filter said[MOST_WORDS];
    size_t count = 0;
    struct slice rest = slice_of(words), word;
    while (count < MOST_WORDS && slice_cut(&rest, ' ', &word))
        if (word.len)
            said[count++] = (struct list_filter){attached_says(type)->name, slice_text(door_arena(d), word)};
    return door_list(d,
                     &(struct list_request){.type = type,
                                            .filters = said,
                                            .filter_count = count,
                                            .opens = true,
                                            .per_page = LIMIT_LIST_ROWS},
                     page);
}

struct fault *follow_find(struct door *d, const struct record_type *to, int64_t id, struct follow *found)
{
    struct list_page page;
    record_clear(&follow_type, found);
    TRY(attached_list(d, &follow_type, to, id, &page));
    if (page.count)
        *found = *(const struct follow *)page.records;
    return NULL;
}

struct fault *follows_list(struct door *d, struct follow **all, size_t *count)
{
    struct list_page page;
    TRY(door_list(d, &(struct list_request){.type = &follow_type, .per_page = LIMIT_LIST_ROWS}, &page));
    *all = page.records;
    *count = page.count;
    return NULL;
}

/* Those of a type that hang on one of the ids by this field are ids too. */
static struct fault *add_hanging(struct door *d, const struct record_type *type, const struct field *by,
                                 int64_t **ids, size_t *count)
{
    const struct filter on = {.field = by, .comparison = OPERATOR_ANY_OF, .any = *ids, .any_count = *count};
    const struct list_query query = {.type = type, .filters = &on, .filter_count = 1, .limit = LIMIT_EXPORT_ROWS};
    const struct sight sight = door_sight(d);
    char *found = NULL;
    size_t some = 0;
    TRY(rows_list(door_connection(d), door_arena(d), &query, &sight, (void **)&found, &some, NULL));
    int64_t *all = NEW(door_arena(d), int64_t, *count + some + 1);
    memcpy(all, *ids, *count * sizeof *all);
    for (size_t i = 0; i < some; i++)
        all[(*count)++] = ((const struct record_head *)(const void *)(found + i * type->size))->id;
    *ids = all;
    return NULL;
}

struct fault *followed_records(struct door *d, int64_t **ids, size_t *count)
{
    struct follow *marks = NULL;
    TRY(follows_list(d, &marks, count));
    *ids = NEW(door_arena(d), int64_t, *count + 1);
    for (size_t i = 0; i < *count; i++)
        (*ids)[i] = followed_id(&marks[i]);
    for (int t = 0; t < record_type_count && *count; t++) /* what hangs comes after what it hangs on */
        for (int i = 0; i < all_record_types[t]->count && all_record_types[t] != &follow_type; i++)
            if (all_record_types[t]->fields[i].within)
                TRY(add_hanging(d, all_record_types[t], &all_record_types[t]->fields[i], ids, count));
    return NULL;
}

const struct record_type *followed_type(const struct follow *f)
{
    return record_type_find(record_hangs_by(&follow_type, f)->to);
}

int64_t followed_id(const struct follow *f)
{
    return *(const int64_t *)field_in(record_hangs_by(&follow_type, f), f);
}

struct fault *follow_saving(struct door *d, const void *record, const void *stored)
{
    static const struct sight everything = {.program = "follows"};
    const struct follow *f = record;
    const struct filter same[] = {
        {.field = field_find(&follow_type, "person"), .comparison = OPERATOR_EQUAL, .integer = f->person},
        {.field = record_hangs_by(&follow_type, f), .comparison = OPERATOR_EQUAL, .integer = followed_id(f)}};
    const struct list_query query = {.type = &follow_type, .filters = same, .filter_count = COUNT(same)};
    struct follow *found = NULL;
    size_t count = 0;
    (void)stored;
    TRY(rows_list(door_connection(d), door_arena(d), &query, &everything, (void **)&found, &count, NULL));
    for (size_t i = 0; i < count; i++)
        if (found[i].id != f->id)
            return fault(FAULT_CONFLICT, "You follow this already.");
    return NULL;
}
