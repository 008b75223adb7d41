/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "members/members.h"

#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "clock/clock.h"
#include "i18n/i18n.h"
#include "records/choices.h"
#include "text/fold.h"

/* All lines whose organisation the viewer sees, those of one together, the oldest first; and these
 * organisations. */
struct lines {
    struct membership *at;
    struct organisation *organisations; /* by id */
    size_t count, organisation_count;
};

static int by_organisation(const void *a, const void *b)
{
    const struct membership *x = a, *y = b;
    if (x->organisation != y->organisation)
        return x->organisation < y->organisation ? -1 : 1;
    return (x->since > y->since) - (x->since < y->since);
}

static int by_id(const void *a, const void *b)
{
    int64_t x = ((const struct organisation *)a)->id, y = ((const struct organisation *)b)->id;
    return (x > y) - (x < y);
}

static const struct organisation *organisation_of(const struct lines *l, int64_t id)
{
    const struct organisation wanted = {.id = id};
    return l->organisation_count
               ? bsearch(&wanted, l->organisations, l->organisation_count, sizeof wanted, by_id)
               : NULL;
}

/* An organisation of which only a day is known. */
static struct membership line_since(const struct organisation *o)
{
    struct membership m;
    record_clear(&membership_type, &m);
    m.organisation = o->id;
    m.since = o->joined;
    m.until = o->closed;
    m.size_class = o->size_class;
    return m;
}

static struct fault *load_lines(struct door *d, struct lines *l)
{
    struct membership *all = NULL;
    void *records = NULL, *organisations = NULL;
    size_t count = 0;
    TRY(door_all(d, &membership_type, &records, &count));
    TRY(door_all(d, &organisation_type, &organisations, &l->organisation_count));
    all = records;
    l->organisations = organisations;
    if (l->organisation_count)
        qsort(l->organisations, l->organisation_count, sizeof *l->organisations, by_id);
    l->at = NEW(door_arena(d), struct membership, count + l->organisation_count + 1);
    bool *said = NEW(door_arena(d), bool, l->organisation_count + 1);
    for (size_t i = 0; i < count; i++) {
        const struct organisation *o = organisation_of(l, all[i].organisation);
        if (!o)
            continue;
        said[o - l->organisations] = true;
        l->at[l->count++] = all[i];
    }
    for (size_t i = 0; i < l->organisation_count; i++)
        if (!said[i] && known_integer(l->organisations[i].joined))
            l->at[l->count++] = line_since(&l->organisations[i]);
    qsort(l->at, l->count, sizeof *l->at, by_organisation);
    return NULL;
}

/* Where the next organisation begins; *standing: the newest of this one's lines that stands on the day, or
 * NULL. */
static size_t next_organisation(const struct lines *l, size_t i, int64_t day,
                                const struct membership **standing)
{
    size_t first = i;
    *standing = NULL;
    for (; i < l->count && l->at[i].organisation == l->at[first].organisation; i++)
        if (day_within(day, l->at[i].since, l->at[i].until))
            *standing = &l->at[i];
    return i;
}

static int64_t count_on(const struct lines *l, int64_t day)
{
    const struct membership *standing;
    int64_t members = 0;
    for (size_t i = 0; i < l->count;) {
        i = next_organisation(l, i, day, &standing);
        members += standing != NULL;
    }
    return members;
}

static int choice_place(const struct choice *choices, const char *code, int unsaid)
{
    for (int i = 0; code && choices[i].code; i++)
        if (strcmp(choices[i].code, code) == 0)
            return i;
    return unsaid;
}

static struct member_line line_of(const struct lines *l, struct arena *a, const struct membership *first,
                                  const struct membership *standing)
{
    const struct organisation *o = organisation_of(l, standing->organisation);
    return (struct member_line){.organisation = standing->organisation,
                                .name = o->name,
                                .folded = fold_text(a, o->name),
                                .college = standing->college,
                                .size_class = standing->size_class,
                                .since = first->since,
                                .until = standing->until};
}

static void tell_apart(const struct lines *l, struct arena *a, int64_t day, int64_t before, struct members *m)
{
    const struct membership *now, *then;
    for (size_t i = 0; i < l->count;) {
        const struct membership *first = &l->at[i];
        (void)next_organisation(l, i, before, &then);
        i = next_organisation(l, i, day, &now);
        if (now) {
            m->at[m->count++] = line_of(l, a, first, now);
            m->of[choice_place(membership_colleges, now->college, MEMBER_COLLEGES - 1)]
                 [choice_place(size_classes, now->size_class, MEMBER_SIZES - 1)]++;
        }
        if (now && !then)
            m->came[m->came_count++] = line_of(l, a, first, now);
        if (then && !now)
            m->left[m->left_count++] = line_of(l, a, first, then);
    }
}

static void count_years(const struct lines *l, struct arena *a, struct members *m)
{
    int first = 0, last, month, day;
    day_split(m->day, &last, &month, &day);
    for (size_t i = 0; i < l->count; i++) {
        int year;
        day_split(l->at[i].since, &year, &month, &day);
        first = !first || year < first ? year : first;
    }
    first = first > last - MEMBER_YEARS + 1 ? first : last - MEMBER_YEARS + 1;
    m->years = NEW(a, struct member_year, MEMBER_YEARS);
    for (int year = first; l->count && year <= last; year++)
        m->years[m->year_count++] =
            (struct member_year){year, count_on(l, year == last ? m->day : day_of(year, 12, 31))};
}

static int by_name(const void *a, const void *b)
{
    const struct member_line *x = a, *y = b;
    int order = strcmp(x->folded, y->folded);
    return order ? order : (x->organisation > y->organisation) - (x->organisation < y->organisation);
}

struct fault *members_on(struct door *d, int64_t day, struct members *m)
{
    struct lines lines = {0};
    struct arena *a = door_arena(d);
    int year, month, of_month;
    *m = (struct members){.day = day};
    TRY(load_lines(d, &lines));
    m->at = NEW(a, struct member_line, lines.count + 1);
    m->came = NEW(a, struct member_line, lines.count + 1);
    m->left = NEW(a, struct member_line, lines.count + 1);
    day_split(day, &year, &month, &of_month);
    bool leap_day = month == 2 && of_month == 29;
    tell_apart(&lines, a, day, day_of(year - 1, month, leap_day ? 28 : of_month), m);
    count_years(&lines, a, m);
    qsort(m->at, m->count, sizeof *m->at, by_name);
    qsort(m->came, m->came_count, sizeof *m->came, by_name);
    qsort(m->left, m->left_count, sizeof *m->left, by_name);
    return NULL;
}
