/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* catalogue_load.c - reads a space into a catalogue, in one snapshot, a statement a record type. */
#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "catalogue/internal.h"
#include "clock/clock.h"
#include "rows/rows.h"

static int compare_ids(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Record structs start with their id; owned ones have `organisation` right after the head. */
struct owned {
    int64_t id, version, organisation;
};
_Static_assert(offsetof(struct site, organisation) == offsetof(struct owned, organisation), "site");
_Static_assert(offsetof(struct capability, organisation) == offsetof(struct owned, organisation),
               "capability");
_Static_assert(offsetof(struct certificate, organisation) == offsetof(struct owned, organisation),
               "certificate");
_Static_assert(offsetof(struct equipment, organisation) == offsetof(struct owned, organisation), "equipment");

static int compare_owned(const void *a, const void *b)
{
    const struct owned *x = a, *y = b;
    if (x->organisation != y->organisation)
        return x->organisation < y->organisation ? -1 : 1;
    return compare_ids(&x->id, &y->id);
}

/* The run of a sorted array that one organisation owns. */
static const void *owned_by(const void *records, size_t count, size_t size, int64_t organisation,
                            size_t *found)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (((const struct owned *)((const char *)records + middle * size))->organisation < organisation)
            low = middle + 1;
        else
            high = middle;
    }
    *found = 0;
    while (low + *found < count &&
           ((const struct owned *)((const char *)records + (low + *found) * size))->organisation ==
               organisation)
        ++*found;
    return (const char *)records + low * size;
}

struct id_set {
    int64_t *ids;
    size_t count, capacity;
};

static void add_terms(struct catalogue_build *b, struct id_set *set, struct term_list list)
{
    for (size_t i = 0; i < list.count; i++)
        for (const struct term *t = catalogue_term(&b->catalogue, list.ids[i]); t;
             t = t->parent ? catalogue_term(&b->catalogue, t->parent) : NULL)
            *PUSH(b->arena, set->ids, set->count, set->capacity) = t->id;
}

static void gather_terms(struct catalogue_build *b, struct catalogue_entry *e)
{
    struct id_set set = {0};
    int64_t day = today();
    add_terms(b, &set, e->organisation.markets);
    for (size_t i = 0; i < e->capability_count; i++) {
        add_terms(b, &set, e->capabilities[i].processes);
        add_terms(b, &set, e->capabilities[i].materials);
        add_terms(b, &set, e->capabilities[i].components);
    }
    for (size_t i = 0; i < e->equipment_count; i++)
        add_terms(b, &set, e->equipment[i].processes);
    for (size_t i = 0; i < e->certificate_count; i++)
        if (e->certificates[i].held != FLAG_NO &&
            (!known_integer(e->certificates[i].until) || e->certificates[i].until >= day))
            add_terms(b, &set, e->certificates[i].certification);
    if (set.count)
        qsort(set.ids, set.count, sizeof *set.ids, compare_ids);
    for (size_t i = 0; i < set.count; i++)
        if (!e->term_count || set.ids[e->term_count - 1] != set.ids[i])
            set.ids[e->term_count++] = set.ids[i];
    e->terms = set.ids;
}

static const struct site *main_site(const struct catalogue_entry *e)
{
    for (size_t i = 0; i < e->site_count; i++)
        if (e->sites[i].head_office == FLAG_YES && !known_integer(e->sites[i].closed))
            return &e->sites[i];
    return e->site_count ? &e->sites[0] : NULL;
}

/* The four kinds of records an organisation owns, each read once and sorted by owner. */
static const struct record_type *const owned_types[] = {&site_type, &capability_type, &certificate_type,
                                                        &equipment_type};

struct fault *catalogue_load(struct catalogue_build *b, struct door *d)
{
    struct catalogue *c = &b->catalogue;
    void *terms = NULL, *organisations = NULL, *owned[COUNT(owned_types)] = {0};
    size_t counts[COUNT(owned_types)] = {0};
    TRY(door_all(d, &term_type, &terms, &c->term_count));
    if (c->term_count)
        qsort(terms, c->term_count, sizeof(struct term), compare_ids);
    c->terms = terms;
    TRY(door_all(d, &organisation_type, &organisations, &c->count));
    for (size_t k = 0; k < COUNT(owned_types); k++) {
        TRY(door_all(d, owned_types[k], &owned[k], &counts[k]));
        if (counts[k])
            qsort(owned[k], counts[k], owned_types[k]->size, compare_owned);
    }
    struct catalogue_entry *entries = NEW(b->arena, struct catalogue_entry, c->count + 1);
    for (size_t i = 0; i < c->count; i++) {
        struct catalogue_entry *e = &entries[i];
        e->organisation = ((struct organisation *)organisations)[i];
        int64_t id = e->organisation.id;
        e->sites = owned_by(owned[0], counts[0], sizeof(struct site), id, &e->site_count);
        e->capabilities = owned_by(owned[1], counts[1], sizeof(struct capability), id, &e->capability_count);
        e->certificates =
            owned_by(owned[2], counts[2], sizeof(struct certificate), id, &e->certificate_count);
        e->equipment = owned_by(owned[3], counts[3], sizeof(struct equipment), id, &e->equipment_count);
        e->main_site = main_site(e);
        gather_terms(b, e);
    }
    c->entries = entries;
    return arena_check(b->arena);
}
