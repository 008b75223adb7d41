/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "commands/communities_files.h"

#include <stdlib.h>

#include "arena/arena.h"
#include "i18n/i18n.h"
#include "rows_in.h"
#include "words/words.h"

struct communities_files communities_files_new(struct arena *a)
{
    return (struct communities_files){.members = vocabulary_new(a), .values = vocabulary_new(a)};
}

struct fault *communities_ties_read(struct arena *a, struct table *t, const char *path,
                                    struct communities_files *f, struct network *network)
{
    enum { FROM, TO, WEIGHT };
    static const char *const names[] = {"from", "to", "?weight", NULL};
    struct rows_in r;
    struct tie *ties = NULL;
    size_t count = 0, capacity = 0;
    TRY(rows_in_begin(t, path, names, &r));
    for (bool more = true;;) {
        uint32_t ends[2];
        double weight = 1;
        TRY(rows_in_next(&r, &more));
        if (!more)
            break;
        TRY(rows_in_name(&r, FROM, f->members, &ends[0]));
        TRY(rows_in_name(&r, TO, f->members, &ends[1]));
        if (rows_in_has(&r, WEIGHT))
            TRY(rows_in_number(&r, WEIGHT, &weight));
        if (!(weight > 0))
            return rows_in_refused(&r, WEIGHT, tr("is not above 0"));
        *PUSH(a, ties, count, capacity) = (struct tie){(int)ends[0], (int)ends[1], weight};
        TRY(arena_check(a));
    }
    return network_clean(a, (int)vocabulary_count(f->members), ties, count, network);
}

static int by_node_and_value(const void *x, const void *y)
{
    const struct attribute *a = x, *b = y;
    return a->node != b->node ? (a->node > b->node) - (a->node < b->node)
                              : (a->value > b->value) - (a->value < b->value);
}

struct fault *communities_attributes_read(struct arena *a, struct table *t, const char *path,
                                          struct communities_files *f)
{
    enum { MEMBER, ATTRIBUTE };
    static const char *const names[] = {"member", "attribute", NULL};
    struct rows_in r;
    struct attribute *all = NULL;
    size_t capacity = 0, kept = 0, count = 0;
    TRY(rows_in_begin(t, path, names, &r));
    for (bool more = true;;) {
        uint32_t value;
        TRY(rows_in_next(&r, &more));
        if (!more)
            break;
        TRY(rows_in_name(&r, ATTRIBUTE, f->values, &value));
        uint32_t member = vocabulary_find(f->members, rows_in_cell(&r, MEMBER));
        if (member != VOCABULARY_NONE)
            *PUSH(a, all, count, capacity) = (struct attribute){(int)member, (int)value};
        TRY(arena_check(a));
    }
    if (count)
        qsort(all, count, sizeof *all, by_node_and_value);
    for (size_t i = 0; i < count; i++)
        if (!kept || by_node_and_value(&all[kept - 1], &all[i]) != 0)
            all[kept++] = all[i];
    f->attributes = all;
    f->attribute_count = kept;
    return NULL;
}
