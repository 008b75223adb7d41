/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "grappes/grappes.h"

#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "clock/clock.h"
#include "text/fold.h"

static bool has_part(const struct grappe_line *line, int64_t organisation)
{
    for (size_t i = 0; i < line->count; i++)
        if (line->parts[i].organisation == organisation)
            return true;
    return false;
}

static int by_part(const void *a, const void *b)
{
    return strcmp(((const struct grappe_part *)a)->folded, ((const struct grappe_part *)b)->folded);
}

static int by_grappe(const void *a, const void *b)
{
    return strcmp(((const struct grappe_line *)a)->folded, ((const struct grappe_line *)b)->folded);
}

struct fault *grappes_on(struct door *d, int64_t day, struct grappe_line **lines, size_t *count)
{
    struct arena *a = door_arena(d);
    void *records = NULL, *parts = NULL;
    size_t grappe_count = 0, part_count = 0;
    const char **names = NULL;
    TRY(door_all(d, &grappe_type, &records, &grappe_count));
    TRY(door_all(d, &grappe_membership_type, &parts, &part_count));
    const struct grappe *grappes = records;
    const struct grappe_membership *all = parts;
    int64_t *organisations = NEW(a, int64_t, part_count + 1);
    struct grappe_line *found = NEW(a, struct grappe_line, grappe_count + 1);
    *count = 0;
    for (size_t i = 0; i < part_count; i++)
        organisations[i] = all[i].organisation;
    TRY(door_names(d, &organisation_type, organisations, part_count, &names));
    for (size_t g = 0; g < grappe_count; g++) {
        if (!day_within(day, grappes[g].since, grappes[g].until))
            continue;
        struct grappe_line *line = &found[(*count)++];
        size_t capacity = 0;
        line->grappe = &grappes[g];
        line->folded = fold_text(a, grappes[g].name);
        for (size_t i = 0; i < part_count; i++)
            if (all[i].grappe == grappes[g].id && names[i] && day_within(day, all[i].since, all[i].until) &&
                !has_part(line, all[i].organisation))
                *PUSH(a, line->parts, line->count, capacity) =
                    (struct grappe_part){all[i].organisation, all[i].since, names[i], fold_text(a, names[i])};
        if (line->count)
            qsort(line->parts, line->count, sizeof *line->parts, by_part);
    }
    if (*count)
        qsort(found, *count, sizeof *found, by_grappe);
    *lines = found;
    return arena_check(a);
}
