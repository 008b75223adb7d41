/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* directory_search.c - which organisations, in which order, and how many there would be for every other
 * choice.
 *
 * One pass notes for each organisation which facets refuse it. It is a result when none does; it counts for a
 * facet's values when no other does. */
#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "catalogue/internal.h"
#include "directory/internal.h"
#include "records/choices.h"
#include "text/capital.h"

struct chosen {
    enum directory_facet facet;
    uint32_t value; /* NO_VALUE: nobody has it */
    const char *name, *asked, *code, *label;
};

enum { REFUSED_BY_WORDS = 1 << DIRECTORY_FACETS };

struct search {
    struct arena *arena;
    const struct catalogue *catalogue;
    const struct directory_index *index;
    const struct directory_request *request;
    struct chosen *chosen;
    size_t chosen_count;
    bool facet_chosen[DIRECTORY_FACETS];
    uint8_t *marked;   /* per value: chosen */
    uint8_t *filter;   /* per value: chosen, and no narrower one is */
    uint16_t *refused; /* per organisation: bits of facets */
    float *score;      /* per organisation */
    uint32_t *counts;  /* per value */
};

/* "terme" takes a code or an id, for links that know no facet. */
static const struct term *asked_term(const struct search *s, const char *value)
{
    char *end;
    long long id = strtoll(value, &end, 10);
    return *value && !*end ? catalogue_term(s->catalogue, id) : catalogue_term_by_code(s->catalogue, value);
}

/* A value exists by itself, not by who has it: an unknown answer must not tell a hidden organisation from
 * none. */
static bool value_exists(struct search *s, struct chosen *c)
{
    struct place place;
    struct epci epci;
    if (c->facet == DIRECTORY_COMMUNE && place_by_code(c->asked, &place)) {
        c->code = place.code;
        c->label = place.name;
    } else if (c->facet == DIRECTORY_EPCI && epci_by_code(c->asked, &epci)) {
        c->code = epci.code;
        c->label = epci.name;
    } else if (directory_facets[c->facet].in_order) {
        const struct choice *choices = c->facet == DIRECTORY_SIZE ? size_classes : organisation_kinds;
        for (; choices->code; choices++)
            if (strcmp(choices->code, c->asked) == 0) {
                c->code = choices->code;
                c->label = tr(choices->label);
            }
    } else if (directory_facets[c->facet].terms) {
        const struct term *t = asked_term(s, c->asked);
        if (t && directory_facet_of_term(t) == c->facet) {
            c->code = t->code;
            c->label = capitalised(s->arena, term_label(t));
        }
    }
    return c->code != NULL;
}

static struct fault *choose(struct search *s, const struct directory_choice *asked)
{
    struct chosen c = {.name = asked->name, .asked = asked->value};
    if (strcmp(asked->name, "terme") == 0)
        c.facet = directory_facet_of_term(asked_term(s, asked->value));
    else if (!directory_facet_named(asked->name, &c.facet))
        return fault_in(asked->name,
                        fault(FAULT_INVALID, "The directory has no filter \"%.40s\".", asked->name));
    if (c.facet == DIRECTORY_FACETS)
        return fault_in("terme", fault(FAULT_INVALID, "There is no term \"%.80s\".", asked->value));
    const char *code = value_exists(s, &c) ? c.code : asked->value;
    c.value = index_find(s->index, c.facet, code);
    if (c.value == NO_VALUE && !c.code)
        return fault_in(asked->name, fault(FAULT_INVALID, "%s: there is no \"%.80s\".",
                                           tr(directory_facets[c.facet].label), asked->value));
    if (c.value != NO_VALUE) {
        c.code = s->index->values[c.value].code;
        c.label = s->index->values[c.value].label[language()];
        if (s->marked[c.value]) /* twice the same */
            return NULL;
        s->marked[c.value] = 1;
    }
    s->facet_chosen[c.facet] = true;
    s->chosen[s->chosen_count++] = c;
    return NULL;
}

/* A broader choice gives way to a narrower one: that is how one walks down a tree with check boxes. */
static void narrow(struct search *s)
{
    for (size_t i = 0; i < s->chosen_count; i++)
        if (s->chosen[i].value != NO_VALUE)
            s->filter[s->chosen[i].value] = 1;
    for (size_t i = 0; i < s->chosen_count; i++)
        for (uint32_t v = s->chosen[i].value; v != NO_VALUE && (v = s->index->values[v].parent) != NO_VALUE;)
            s->filter[v] = 0;
}

static struct fault *read_words(struct search *s)
{
    const struct catalogue_hit *hits = NULL;
    size_t count = 0;
    for (size_t i = 0; i < s->catalogue->count; i++)
        s->refused[i] = REFUSED_BY_WORDS;
    TRY(catalogue_search(s->catalogue, s->arena, s->request->query, &hits, &count));
    for (size_t i = 0; i < count; i++) {
        s->refused[hits[i].entry] = 0;
        s->score[hits[i].entry] = hits[i].score;
    }
    return NULL;
}

static void judge(struct search *s, uint32_t i)
{
    const struct index_entry *e = &s->index->entries[i];
    uint16_t refused = s->refused[i];
    for (size_t k = 0; k < DIRECTORY_FACETS; k++)
        if (s->facet_chosen[k])
            refused = (uint16_t)(refused | 1U << k);
    for (uint32_t k = 0; k < e->value_count; k++)
        if (s->filter[e->values[k]])
            refused = (uint16_t)(refused & ~(1U << s->index->values[e->values[k]].facet));
    s->refused[i] = refused;
    for (uint32_t k = 0; k < e->value_count && !(refused & REFUSED_BY_WORDS); k++) {
        uint32_t v = e->values[k];
        if ((refused & ~(1U << s->index->values[v].facet)) == 0)
            s->counts[v]++;
    }
}

static int64_t count_refused_by(const struct search *s, uint16_t alone)
{
    int64_t count = 0;
    for (size_t i = 0; i < s->catalogue->count; i++)
        count += (s->refused[i] & ~alone) == 0;
    return count;
}

enum order { BY_SCORE, BY_NAME, BY_PLACE, BY_SIZE };
static const char *const orders[] = {
    [BY_SCORE] = "pertinence", [BY_NAME] = "nom", [BY_PLACE] = "commune", [BY_SIZE] = "taille"};

/* Everything an order compares, in one number each: the last is the place by name. */
struct ranked {
    bool closed;
    float score;
    uint32_t rank, entry;
};

static int compare_ranked(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    if (x->closed != y->closed)
        return x->closed ? 1 : -1;
    if (x->score != y->score)
        return x->score < y->score ? 1 : -1;
    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    return (x->entry > y->entry) - (x->entry < y->entry);
}

static struct ranked rank_entry(const struct search *s, enum order by, uint32_t i)
{
    const struct index_entry *e = &s->index->entries[i];
    struct ranked r = {.closed = e->closed, .entry = i};
    switch (by) {
    case BY_SCORE:
        r.score = s->score[i];
        r.rank = UINT32_MAX - e->completeness;
        break;
    case BY_NAME:
        break;
    case BY_PLACE:
        r.rank = e->place_rank;
        break;
    case BY_SIZE:
        r.rank = (uint32_t)(16 - e->size_rank);
        break;
    }
    return r;
}

static struct fault *order_of(const struct directory_request *r, enum order *by)
{
    *by = BY_SCORE;
    if (!r->sort || !*r->sort)
        return NULL;
    for (size_t i = 0; i < COUNT(orders); i++)
        if (strcmp(orders[i], r->sort) == 0) {
            *by = (enum order)i;
            return NULL;
        }
    return fault_in("tri", fault(FAULT_INVALID, "The directory cannot be ordered by \"%.40s\".", r->sort));
}

static struct fault *rank_results(struct search *s, struct directory_answer *out)
{
    enum order by;
    TRY(order_of(s->request, &by));
    struct ranked *ranked = NEW(s->arena, struct ranked, s->catalogue->count + 1);
    uint32_t *found = NEW(s->arena, uint32_t, s->catalogue->count + 1);
    for (uint32_t i = 0; i < s->catalogue->count; i++)
        if (!s->refused[i])
            ranked[out->total++] = rank_entry(s, by, i);
    if (out->total)
        qsort(ranked, out->total, sizeof *ranked, compare_ranked);
    for (size_t i = 0; i < out->total; i++)
        found[i] = ranked[i].entry;
    out->found = found;
    out->sort = orders[by];
    return NULL;
}

static struct fault *cut_page(const struct directory_request *r, struct directory_answer *out)
{
    int64_t per_page = r->per_page > 0 ? r->per_page : DIRECTORY_PER_PAGE;
    out->per_page = per_page < DIRECTORY_MOST_PER_PAGE ? per_page : DIRECTORY_MOST_PER_PAGE;
    out->pages = ((int64_t)out->total + out->per_page - 1) / out->per_page;
    out->page = r->page > 0 ? r->page : 1;
    if (out->page > 1 && out->page > out->pages)
        return fault_in("page", fault(FAULT_INVALID, "There is no such page."));
    size_t first = (size_t)((out->page - 1) * out->per_page), left = out->total - first;
    out->row_count = left < (size_t)out->per_page ? left : (size_t)out->per_page;
    return NULL;
}

static void list_filters(const struct search *s, struct directory_answer *out)
{
    struct directory_filter *filters = NEW(s->arena, struct directory_filter, s->chosen_count + 1);
    for (size_t i = 0; i < s->chosen_count; i++) {
        const struct chosen *c = &s->chosen[i];
        filters[i] = (struct directory_filter){
            c->facet, c->name, c->asked, c->code, c->label, count_refused_by(s, (uint16_t)(1U << c->facet))};
    }
    out->filters = filters;
    out->filter_count = s->chosen_count;
    out->without_query = count_refused_by(s, REFUSED_BY_WORDS);
}

/* What a facet offers: the values of its level with most results, and the tree around those chosen. */
struct facet_offer {
    const struct search *search;
    uint8_t *shown; /* per value */
    struct directory_value *at;
    size_t count;
};

static int compare_offers(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    if (x->score != y->score)
        return x->score < y->score ? 1 : -1;
    return (x->rank > y->rank) - (x->rank < y->rank);
}

/* By count, then by label; the facets that have an order of their own by that alone. */
static void sort_values(const struct search *s, struct ranked *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct index_value *v = &s->index->values[values[i].entry];
        values[i].rank = v->rank[language()];
        values[i].score = directory_facets[v->facet].in_order ? 0 : (float)s->counts[values[i].entry];
    }
    if (count > 1)
        qsort(values, count, sizeof *values, compare_offers);
}

/* Is the value one of those a facet starts with? A top term that is only a heading is not. */
static bool starts_facet(const struct search *s, uint32_t v)
{
    const struct index_value *value = &s->index->values[v];
    const struct directory_facet_rule *rule = &directory_facets[value->facet];
    if (!rule->terms)
        return true;
    return rule->level ? value->level == rule->level : value->level > 1 || value->first_child == NO_VALUE;
}

/* Opens the tree around a chosen value: itself, the way to it, what stands beside and below. */
static void show_around(struct facet_offer *o, uint32_t chosen)
{
    const struct search *s = o->search;
    for (uint32_t v = chosen; v != NO_VALUE; v = s->index->values[v].parent) {
        if (v != chosen && s->index->values[v].level < directory_facets[s->index->values[v].facet].level)
            return;
        o->shown[v] = 1;
        for (uint32_t child = s->index->values[v].first_child; child != NO_VALUE;
             child = s->index->values[child].next)
            o->shown[child] = (uint8_t)(o->shown[child] | (s->counts[child] != 0));
    }
}

/* The values to show; returns how many with results are left out. */
static size_t choose_shown(struct facet_offer *o, enum directory_facet facet, bool unfolded)
{
    const struct search *s = o->search;
    uint32_t first = s->index->first[facet], end = s->index->first[facet + 1];
    struct ranked *values = NEW(s->arena, struct ranked, end - first + 1);
    size_t count = 0, left = 0;
    for (uint32_t v = first; v < end; v++)
        if (s->counts[v] && (unfolded || starts_facet(s, v)))
            values[count++].entry = v;
    sort_values(s, values, count);
    for (size_t i = 0; i < count && (unfolded || i < DIRECTORY_FIRST_VALUES); i++)
        o->shown[values[i].entry] = 1;
    for (size_t i = 0; i < s->chosen_count; i++)
        if (s->chosen[i].facet == facet && s->chosen[i].value != NO_VALUE)
            show_around(o, s->chosen[i].value);
    for (uint32_t v = first; v < end; v++)
        left += s->counts[v] && !o->shown[v];
    return left;
}

/* The shown values nearest below a list of siblings. */
static size_t gather_shown(const struct facet_offer *o, uint32_t sibling, struct ranked *out, size_t count)
{
    for (; sibling != NO_VALUE; sibling = o->search->index->values[sibling].next)
        if (!o->shown[sibling])
            count = gather_shown(o, o->search->index->values[sibling].first_child, out, count);
        else if (out)
            out[count++].entry = sibling;
        else
            count++;
    return count;
}

static void offer_values(struct facet_offer *o, struct ranked *values, size_t count, int depth)
{
    const struct search *s = o->search;
    sort_values(s, values, count);
    for (size_t i = 0; i < count; i++) {
        uint32_t number = values[i].entry;
        const struct index_value *v = &s->index->values[number];
        o->at[o->count++] = (struct directory_value){v->code, v->label[language()], s->counts[number], depth,
                                                     s->marked[number]};
        size_t below = gather_shown(o, v->first_child, NULL, 0);
        struct ranked *narrower = NEW(s->arena, struct ranked, below + 1);
        (void)gather_shown(o, v->first_child, narrower, 0);
        offer_values(o, narrower, below, depth + 1);
    }
}

/* Chosen values that nobody has come last. */
static void offer_absent(struct facet_offer *o, enum directory_facet facet)
{
    for (size_t i = 0; i < o->search->chosen_count; i++) {
        const struct chosen *c = &o->search->chosen[i];
        if (c->facet == facet && c->value == NO_VALUE)
            o->at[o->count++] = (struct directory_value){c->code, c->label, 0, 0, true};
    }
}

static struct directory_values offer_facet(const struct search *s, enum directory_facet facet)
{
    uint32_t first = s->index->first[facet], end = s->index->first[facet + 1];
    bool unfolded = s->request->unfolded && strcmp(s->request->unfolded, directory_facets[facet].name) == 0;
    struct facet_offer o = {.search = s, .shown = NEW(s->arena, uint8_t, s->index->value_count + 1)};
    o.at = NEW(s->arena, struct directory_value, end - first + s->chosen_count + 1);
    struct ranked *roots = NEW(s->arena, struct ranked, end - first + 1);
    size_t more = choose_shown(&o, facet, unfolded), count = 0;
    for (uint32_t v = first; v < end; v++) {
        uint32_t up = s->index->values[v].parent;
        while (up != NO_VALUE && !o.shown[up])
            up = s->index->values[up].parent;
        if (o.shown[v] && up == NO_VALUE)
            roots[count++].entry = v;
    }
    offer_values(&o, roots, count, 0);
    offer_absent(&o, facet);
    return (struct directory_values){o.at, o.count, more, s->facet_chosen[facet]};
}

static struct search *search_new(struct arena *a, const struct catalogue *c,
                                 const struct directory_request *r)
{
    struct search *s = NEW(a, struct search, 1);
    *s = (struct search){.arena = a, .catalogue = c, .index = c->directory, .request = r};
    s->chosen = NEW(a, struct chosen, r->choice_count + 1);
    s->marked = NEW(a, uint8_t, s->index->value_count + 1);
    s->filter = NEW(a, uint8_t, s->index->value_count + 1);
    s->counts = NEW(a, uint32_t, s->index->value_count + 1);
    s->refused = NEW(a, uint16_t, c->count + 1);
    s->score = NEW(a, float, c->count + 1);
    return s;
}

static void offer_facets(const struct search *s, struct directory_values facets[])
{
    for (int f = 0; f < DIRECTORY_FACETS; f++)
        facets[f] = offer_facet(s, (enum directory_facet)f);
}

/* Where nothing is searched or chosen, what the facets offer waits in the catalogue. */
static void plain_facets(const struct search *s, struct directory_values facets[])
{
    struct catalogue_build *b = s->catalogue->build;
    const struct directory_look *look = s->request->look;
    (void)pthread_mutex_lock(&b->making);
    struct directory_values *kept = b->facets[language()];
    if (!kept) {
        kept = b->facets[language()] = NEW(b->arena, struct directory_values, DIRECTORY_FACETS);
        offer_facets(s, kept);
        for (int f = 0; f < DIRECTORY_FACETS; f++) {
            struct directory_value *at = NEW(b->arena, struct directory_value, kept[f].count + 1);
            memcpy(at, kept[f].at, kept[f].count * sizeof *at);
            kept[f].at = at;
        }
    }
    for (int f = 0; f < DIRECTORY_FACETS; f++) {
        if (look && !kept[f].drawn.bytes.len && kept[f].count) {
            struct html *h = html_new(b->arena, LIMIT_RESPONSE);
            look->values(h, &directory_facets[f], &kept[f]);
            kept[f].drawn = html_done(h);
        }
        facets[f] = kept[f];
    }
    (void)pthread_mutex_unlock(&b->making);
}

struct fault *directory_search(struct door *d, const struct directory_request *r,
                               struct directory_answer *out)
{
    struct arena *a = door_arena(d);
    *out = (struct directory_answer){0};
    TRY(catalogue_of(d, &out->catalogue));
    struct search *s = search_new(a, out->catalogue, r);
    out->everybody = out->catalogue->count;
    for (size_t i = 0; i < r->choice_count; i++)
        if (r->choices[i].value && *r->choices[i].value)
            TRY(choose(s, &r->choices[i]));
    narrow(s);
    if (r->query && *r->query)
        TRY(read_words(s));
    for (uint32_t i = 0; i < out->catalogue->count; i++)
        judge(s, i);
    TRY(rank_results(s, out));
    TRY(cut_page(r, out));
    list_filters(s, out);
    if (s->chosen_count || (r->query && *r->query) || r->unfolded)
        offer_facets(s, out->facets);
    else
        plain_facets(s, out->facets);
    TRY(directory_rows(d, r, out, (size_t)((out->page - 1) * out->per_page), out->row_count, &out->rows));
    return arena_check(a);
}
