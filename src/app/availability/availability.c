/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "availability/availability.h"

#include "arena/arena.h"
#include "clock/clock.h"
#include "i18n/i18n.h"

static int64_t month_of(int64_t day)
{
    int y, m, d;
    day_split(day, &y, &m, &d);
    return (int64_t)y * 12 + m;
}

static int64_t last_of(const struct availability *f)
{
    return known_integer(f->until) ? f->until : f->since;
}

bool availability_holds(const struct availability *f, int64_t day)
{
    return f->valid >= day && month_of(last_of(f)) >= month_of(day);
}

bool availability_in_time(const struct availability *f, int64_t deadline)
{
    return !known_integer(deadline) || month_of(f->since) <= month_of(deadline);
}

const char *availability_words(struct arena *a, const struct availability *f)
{
    const char *band = choice_label(field_find(&availability_type, "band"), f->band);
    const char *from = month_in_words(a, f->since), *to = month_in_words(a, last_of(f));
    return month_of(f->since) == month_of(last_of(f)) ? arena_print(a, tr("%s in %s"), band, from)
                                                      : arena_print(a, tr("%s, %s to %s"), band, from, to);
}

struct fault *availabilities_holding(struct door *d, struct availability **all, size_t *count)
{
    void *found = NULL;
    size_t found_count = 0;
    *count = 0;
    if (availability_type.readers & door_viewer(d)->roles)
        TRY(door_all(d, &availability_type, &found, &found_count));
    *all = found;
    for (size_t i = 0; i < found_count; i++)
        if (availability_holds(&(*all)[i], today()))
            (*all)[(*count)++] = (*all)[i];
    return NULL;
}
