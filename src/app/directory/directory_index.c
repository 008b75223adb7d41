/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* directory_index.c - numbers the values of every facet and lists each organisation's, once for each
 * catalogue. */
#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "directory/internal.h"
#include "records/choices.h"
#include "text/capital.h"
#include "text/fold.h"

const struct directory_facet_rule directory_facets[DIRECTORY_FACETS] = {
    [DIRECTORY_PROCESS] = {"procede", N_("Process"), "process", .level = 2, .open = true},
    [DIRECTORY_MATERIAL] = {"matiere", N_("Material"), "material", .level = 2, .open = true},
    [DIRECTORY_COMPONENT] = {"composant", N_("Component"), "component", .level = 2},
    [DIRECTORY_CERTIFICATION] = {"certification", N_("Certification"), "certification", .open = true},
    [DIRECTORY_MARKET] = {"marche", N_("Market"), "market", .level = 1},
    [DIRECTORY_SKILL] = {"competence", N_("Skill"), "skill", .level = 2},
    [DIRECTORY_SIZE] = {"taille", N_("Size class"), .in_order = true},
    [DIRECTORY_EPCI] = {"epci", N_("Intercommunal body"), .open = true},
    [DIRECTORY_COMMUNE] = {"commune", N_("Commune")},
    [DIRECTORY_KIND] = {"genre", N_("Kind"), .in_order = true},
};

bool directory_facet_named(const char *name, enum directory_facet *out)
{
    for (int f = 0; f < DIRECTORY_FACETS; f++)
        if (strcmp(directory_facets[f].name, name) == 0) {
            *out = (enum directory_facet)f;
            return true;
        }
    return false;
}

enum directory_facet directory_facet_of_term(const struct term *t)
{
    for (int f = 0; t && t->facet && f < DIRECTORY_FACETS; f++)
        if (directory_facets[f].terms && strcmp(directory_facets[f].terms, t->facet) == 0)
            return (enum directory_facet)f;
    return DIRECTORY_FACETS;
}

/* "An organisation has this value", before values have numbers. */
struct occurrence {
    enum directory_facet facet;
    const char *code, *label;
    const struct term *term;
    uint32_t entry;
    int order;
};

struct building {
    struct arena *arena, *work;
    const struct catalogue *catalogue;
    struct directory_index *index;
    struct occurrence *all;
    size_t count, capacity;
};

static void occur(struct building *b, struct occurrence o)
{
    if (o.code && *o.code)
        *PUSH(b->work, b->all, b->count, b->capacity) = o;
}

bool site_place(struct arena *a, const struct site *s, struct place *out)
{
    struct place *named = NULL;
    if (s->commune_code && place_by_code(s->commune_code, out))
        return true;
    if (!s->commune || !*s->commune)
        return false;
    struct place_where where = {.postcode = s->postcode, .country = s->country};
    if (places_named(a, slice_of(s->commune), where, &named) == 0)
        return false;
    *out = named[0];
    return true;
}

/* Sites that are closed place nobody, unless all are. */
static bool site_counts(const struct catalogue_entry *e, const struct site *s)
{
    return !known_integer(s->closed) || s == e->main_site;
}

static void occur_site(struct building *b, uint32_t i, const struct site *s)
{
    struct place place;
    struct epci epci;
    const char *body = s->epci;
    if (site_place(b->work, s, &place)) {
        body = body ? body : place.epci;
        occur(b, (struct occurrence){
                     .facet = DIRECTORY_COMMUNE, .code = place.code, .label = place.name, .entry = i});
    } else if (s->commune) {
        occur(b, (struct occurrence){.facet = DIRECTORY_COMMUNE,
                                     .code = fold_text(b->arena, s->commune),
                                     .label = s->commune,
                                     .entry = i});
    }
    if (body && epci_by_code(body, &epci))
        occur(b, (struct occurrence){
                     .facet = DIRECTORY_EPCI, .code = epci.code, .label = epci.name, .entry = i});
}

static void occur_choice(struct building *b, uint32_t i, enum directory_facet facet,
                         const struct choice *choices, const char *code)
{
    for (int k = 0; code && choices[k].code; k++)
        if (strcmp(choices[k].code, code) == 0)
            occur(b, (struct occurrence){facet, choices[k].code, choices[k].label, .entry = i, .order = k});
}

static void occur_entry(struct building *b, uint32_t i)
{
    const struct catalogue_entry *e = &b->catalogue->entries[i];
    for (size_t k = 0; k < e->term_count; k++) {
        const struct term *t = catalogue_term(b->catalogue, e->terms[k]);
        enum directory_facet facet = directory_facet_of_term(t);
        if (facet != DIRECTORY_FACETS)
            occur(b, (struct occurrence){.facet = facet, .code = t->code, .term = t, .entry = i});
    }
    for (size_t k = 0; k < e->site_count; k++)
        if (site_counts(e, &e->sites[k]))
            occur_site(b, i, &e->sites[k]);
    occur_choice(b, i, DIRECTORY_SIZE, size_classes, e->organisation.size_class);
    occur_choice(b, i, DIRECTORY_KIND, organisation_kinds, e->organisation.kind);
}

static int compare_values(const struct occurrence *x, const struct occurrence *y)
{
    if (x->facet != y->facet)
        return x->facet < y->facet ? -1 : 1;
    if (x->term && y->term)
        return (x->term > y->term) - (x->term < y->term);
    return strcmp(x->code, y->code);
}

static int compare_occurrences(const void *a, const void *b)
{
    const struct occurrence *x = a, *y = b;
    int order = compare_values(x, y);
    return order ? order : (x->entry > y->entry) - (x->entry < y->entry);
}

static const char *reasons_of(struct arena *a, const struct term *t)
{
    return fold_text(a, arena_print(a, "%s|%s|%s|%s", t->label, t->label_en ? t->label_en : "",
                                    t->synonyms ? t->synonyms : "", t->synonyms_en ? t->synonyms_en : ""));
}

static struct index_value value_of(struct building *b, const struct occurrence *o)
{
    struct arena *a = b->arena;
    struct index_value v = {.facet = o->facet, .code = o->code, .term = o->term};
    v.parent = v.first_child = v.next = NO_VALUE;
    v.level = 1;
    if (o->term) {
        v.label[LANGUAGE_FR] = capitalised(a, o->term->label);
        v.label[LANGUAGE_EN] = capitalised(a, o->term->label_en ? o->term->label_en : o->term->label);
        v.folded = reasons_of(a, o->term);
        for (const struct term *t = o->term; t->parent && (t = catalogue_term(b->catalogue, t->parent));)
            v.level++;
        return v;
    }
    bool choice = directory_facets[o->facet].in_order;
    for (int l = 0; l < LANGUAGES; l++) {
        v.label[l] = choice ? tr_in((enum language)l, o->label) : o->label;
        v.rank[l] = (uint32_t)o->order;
    }
    return v;
}

/* Gives each value a number and each organisation its list, in two walks over the sorted occurrences. */
static void number_values(struct building *b)
{
    struct directory_index *x = b->index;
    struct index_value *values = NEW(b->arena, struct index_value, b->count + 1);
    uint32_t *number = NEW(b->work, uint32_t, b->count + 1);
    struct index_entry *entries = NEW(b->arena, struct index_entry, b->catalogue->count + 1);
    if (b->count)
        qsort(b->all, b->count, sizeof *b->all, compare_occurrences);
    for (size_t i = 0; i < b->count; i++) {
        const struct occurrence *o = &b->all[i], *before = i ? &b->all[i - 1] : NULL;
        bool fresh = !before || compare_values(before, o) != 0;
        if (fresh)
            values[x->value_count++] = value_of(b, o);
        number[i] = fresh || before->entry != o->entry ? x->value_count - 1 : NO_VALUE;
        if (number[i] != NO_VALUE) {
            values[number[i]].count++;
            entries[o->entry].value_count++;
        }
    }
    for (size_t i = 0; i < b->catalogue->count; i++) {
        entries[i].values = NEW(b->arena, uint32_t, entries[i].value_count + 1);
        entries[i].value_count = 0;
    }
    for (size_t i = 0; i < b->count; i++)
        if (number[i] != NO_VALUE) {
            struct index_entry *e = &entries[b->all[i].entry];
            e->values[e->value_count++] = number[i];
        }
    x->values = values;
    x->entries = entries;
    uint32_t at = 0;
    for (int f = 0; f <= DIRECTORY_FACETS; f++) {
        while (at < x->value_count && (int)values[at].facet < f)
            at++;
        x->first[f] = at;
    }
}

struct labelled {
    struct slice key;
    uint32_t number;
};

static int compare_labels(const void *a, const void *b)
{
    const struct labelled *x = a, *y = b;
    int order = slice_compare(x->key, y->key);
    return order ? order : (x->number > y->number) - (x->number < y->number);
}

static void rank_values(struct building *b)
{
    struct index_value *values = b->index->values;
    struct labelled *order = NEW(b->work, struct labelled, b->index->value_count + 1);
    for (int l = 0; l < LANGUAGES; l++) {
        for (uint32_t i = 0; i < b->index->value_count; i++)
            order[i] = (struct labelled){fold(b->work, slice_of(values[i].label[l])), i};
        if (b->index->value_count)
            qsort(order, b->index->value_count, sizeof *order, compare_labels);
        for (uint32_t k = 0; k < b->index->value_count; k++)
            if (!directory_facets[values[order[k].number].facet].in_order)
                values[order[k].number].rank[l] = k;
    }
}

static uint32_t find_term(const struct directory_index *x, enum directory_facet facet, const struct term *t)
{
    uint32_t low = x->first[facet], high = x->first[facet + 1];
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (x->values[middle].term < t)
            low = middle + 1;
        else
            high = middle;
    }
    return low < x->first[facet + 1] && x->values[low].term == t ? low : NO_VALUE;
}

uint32_t index_find(const struct directory_index *x, enum directory_facet facet, const char *code)
{
    for (uint32_t v = x->first[facet]; v < x->first[facet + 1]; v++)
        if (strcmp(x->values[v].code, code) == 0)
            return v;
    return NO_VALUE;
}

static void link_values(struct building *b)
{
    struct index_value *values = b->index->values;
    for (uint32_t i = b->index->value_count; i-- > 0;) {
        const struct term *t = values[i].term,
                          *up = t && t->parent ? catalogue_term(b->catalogue, t->parent) : NULL;
        uint32_t parent = up ? find_term(b->index, values[i].facet, up) : NO_VALUE;
        if (parent == NO_VALUE)
            continue;
        values[i].parent = parent;
        values[i].next = values[parent].first_child;
        values[parent].first_child = i;
    }
}

/* Points for what a reader looks for; know-how counts most, up to four of them. */
static uint32_t completeness_of(const struct catalogue_entry *e)
{
    const struct organisation *o = &e->organisation;
    int points = (o->activity != NULL) + (o->website != NULL) + (o->size_class != NULL) +
                 (e->site_count > 0) + (o->markets.count > 0) + (e->certificate_count > 0) +
                 (e->equipment_count > 0);
    for (size_t i = 0; i < e->capability_count && i < 4; i++)
        points +=
            2 + (known_integer(e->capabilities[i].tolerance) || known_integer(e->capabilities[i].size.hi));
    return (uint32_t)points;
}

static void describe_entries(struct building *b)
{
    const struct catalogue *c = b->catalogue;
    struct index_entry *entries = b->index->entries;
    struct labelled *order = NEW(b->work, struct labelled, c->count + 1);
    size_t placed = 0;
    for (uint32_t i = 0; i < c->count; i++) {
        const struct catalogue_entry *e = &c->entries[i];
        const char *commune = e->main_site ? e->main_site->commune : NULL;
        entries[i].completeness = completeness_of(e);
        entries[i].closed = known_integer(e->organisation.closed);
        entries[i].place_rank = UINT32_MAX;
        for (int k = 0; e->organisation.size_class && size_classes[k].code; k++)
            if (strcmp(size_classes[k].code, e->organisation.size_class) == 0)
                entries[i].size_rank = k + 1;
        b->index->tells_members |= known_integer(e->organisation.joined);
        if (commune)
            order[placed++] = (struct labelled){fold(b->work, slice_of(commune)), i};
    }
    if (placed)
        qsort(order, placed, sizeof *order, compare_labels);
    for (size_t k = 0, rank = 0; k < placed; k++) {
        rank += k && !slice_equal(order[k].key, order[k - 1].key);
        entries[order[k].number].place_rank = (uint32_t)rank;
    }
}

struct fault *directory_index_new(struct arena *a, struct door *d, const struct catalogue *c,
                                  const struct directory_index **out)
{
    ARENA_SCOPE(work);
    struct directory_index *x = NEW(a, struct directory_index, 1);
    struct building b = {.arena = a, .work = work, .catalogue = c, .index = x};
    for (uint32_t i = 0; i < c->count; i++)
        occur_entry(&b, i);
    number_values(&b);
    rank_values(&b);
    link_values(&b);
    describe_entries(&b);
    TRY(directory_ground_new(a, d, c, &x->ground));
    x->drawings = drawings_new(a);
    *out = x;
    return arena_check(work);
}

int64_t directory_term_count(const struct catalogue *c, int64_t term)
{
    const struct term *t = catalogue_term(c, term);
    enum directory_facet facet = directory_facet_of_term(t);
    uint32_t v = facet == DIRECTORY_FACETS ? NO_VALUE : find_term(c->directory, facet, t);
    return v == NO_VALUE ? 0 : c->directory->values[v].count;
}
