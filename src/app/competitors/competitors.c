/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "competitors/competitors.h"

#include <stdlib.h>

#include "arena/arena.h"
#include "catalogue/catalogue.h"
#include "rows/rows.h"
#include "text/buffer.h"

static const struct sight everything = {.program = "competitors"};

/* Declarations by one, of the other; 0: whoever. */
static struct fault *declared(struct door *d, int64_t by, int64_t of, struct list_page *page)
{
    struct list_filter named[2];
    size_t count = 0;
    if (by)
        named[count++] =
            (struct list_filter){"organisation", arena_print(door_arena(d), "%lld", (long long)by)};
    if (of)
        named[count++] =
            (struct list_filter){"competitor", arena_print(door_arena(d), "%lld", (long long)of)};
    const struct list_request asked = {.type = &competitor_type,
                                       .filters = named,
                                       .filter_count = count,
                                       .plain = true,
                                       .per_page = LIMIT_LIST_ROWS};
    *page = (struct list_page){0};
    return competitor_type.readers & door_viewer(d)->roles ? door_list(d, &asked, page) : NULL;
}

struct fault *competitors_of(struct door *d, int64_t organisation, int64_t other,
                             struct competitor_tie **ties, size_t *count)
{
    struct list_page own, others;
    *count = 0;
    if (!organisation)
        return NULL;
    TRY(declared(d, organisation, other, &own));
    TRY(declared(d, other, organisation, &others));
    const struct competitor *said = own.records, *said_of = others.records;
    *ties = NEW(door_arena(d), struct competitor_tie, own.count + others.count + 1);
    for (size_t i = 0; i < own.count; i++)
        if (said[i].competitor) /* not one that is hidden from its own declarer by now */
            (*ties)[(*count)++] =
                (struct competitor_tie){said[i].id, said[i].competitor, false, said[i].note};
    for (size_t i = 0; i < others.count; i++)
        (*ties)[(*count)++] =
            (struct competitor_tie){said_of[i].id, said_of[i].organisation, true, said_of[i].note};
    return NULL;
}

/* --- who might ------------------------------------------------------------------------------------------ */

static struct term_list processes_of(struct arena *a, const struct catalogue_entry *e)
{
    struct term_list all = {0};
    for (size_t i = 0; i < e->capability_count; i++)
        for (size_t k = 0; k < e->capabilities[i].processes.count; k++)
            term_list_add(a, &all, e->capabilities[i].processes.ids[k]);
    for (size_t i = 0; i < e->equipment_count; i++)
        for (size_t k = 0; k < e->equipment[i].processes.count; k++)
            term_list_add(a, &all, e->equipment[i].processes.ids[k]);
    return all;
}

/* Those of the processes that the other does too, by name; NULL: fewer than a third. */
static const char *shared(struct arena *a, const struct catalogue *c, const struct term_list *mine,
                          const struct catalogue_entry *e, size_t *common)
{
    *common = 0;
    for (size_t i = 0; i < mine->count; i++)
        *common += entry_has_term(e, mine->ids[i]);
    if (!*common || 3 * *common < mine->count)
        return NULL;
    struct buffer *names = buffer_new(a, LIMIT_LONG_TEXT);
    for (size_t i = 0; i < mine->count; i++)
        if (entry_has_term(e, mine->ids[i]))
            buffer_print(names, "%s%s", names->len ? ", " : "", term_label(catalogue_term(c, mine->ids[i])));
    return buffer_string(names);
}

static int by_common(const void *a, const void *b)
{
    const struct competitor_hint *x = a, *y = b;
    if (x->common != y->common)
        return x->common < y->common ? 1 : -1;
    return (x->other > y->other) - (x->other < y->other);
}

struct fault *competitors_hinted(struct door *d, int64_t organisation, struct competitor_hint **hints,
                                 size_t *count)
{
    struct arena *a = door_arena(d);
    struct door *everybody = NULL;
    const struct catalogue *c = NULL;
    *hints = NULL;
    *count = 0;
    TRY(door_open_everybody(d, &everybody));
    TRY(catalogue_of(everybody, &c));
    const struct catalogue_entry *self = catalogue_find(c, organisation);
    if (!self)
        return NULL;
    const struct term_list mine = processes_of(a, self);
    *hints = NEW(a, struct competitor_hint, c->count + 1);
    for (size_t i = 0; i < c->count; i++) {
        const struct catalogue_entry *e = &c->entries[i];
        size_t common;
        const char *processes = shared(a, c, &mine, e, &common);
        if (processes && e != self && !known_integer(e->organisation.closed))
            (*hints)[(*count)++] = (struct competitor_hint){e->organisation.id, e->organisation.name,
                                                            processes, common, mine.count};
    }
    qsort(*hints, *count, sizeof **hints, by_common);
    return arena_check(a);
}

/* One names another once: who said it often would push out of a list what others say. */
static struct fault *check_once(struct door *d, const struct competitor *c)
{
    const struct filter pair[] = {{.field = field_find(&competitor_type, "organisation"),
                                   .comparison = OPERATOR_EQUAL,
                                   .integer = c->organisation},
                                  {.field = field_find(&competitor_type, "competitor"),
                                   .comparison = OPERATOR_EQUAL,
                                   .integer = c->competitor}};
    const struct list_query query = {
        .type = &competitor_type, .filters = pair, .filter_count = COUNT(pair), .limit = 2};
    void *found = NULL;
    size_t count = 0;
    TRY(rows_list(door_connection(d), door_arena(d), &query, &everything, &found, &count, NULL));
    const struct competitor *all = found;
    for (size_t i = 0; i < count; i++)
        if (all[i].id != c->id)
            return fault_in("competitor", fault(FAULT_CONFLICT, "It is named as a competitor already."));
    return NULL;
}

struct fault *competitor_saving(struct door *d, const void *record, const void *stored)
{
    const struct competitor *now = record, *before = stored;
    if (now->competitor)
        return check_once(d, now);
    return before && !before->competitor
               ? NULL
               : fault_in("competitor", fault(FAULT_INVALID, "Say whom it competes with."));
}
