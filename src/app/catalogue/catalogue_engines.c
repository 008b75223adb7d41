/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* catalogue_engines.c - records into the plain arrays that the engine takes. */
#include <string.h>

#include "arena/arena.h"
#include "catalogue/internal.h"
#include "clock/clock.h"
#include "text/buffer.h"

int catalogue_node(const struct catalogue *c, int64_t term)
{
    const struct term *t = catalogue_term(c, term);
    return t ? c->build->engines.nodes[t - c->terms] : TERM_NONE;
}

/* A term edited in the space may name codes that are gone: those are left out, the rest still serves. */
static struct slice known_codes(struct catalogue_build *b, const char *codes)
{
    struct buffer *kept = buffer_new(b->arena, LIMIT_LONG_TEXT);
    struct slice rest = slice_of(codes), part;
    while (codes && slice_cut(&rest, '|', &part)) {
        const struct term *t = catalogue_term_by_code(&b->catalogue, slice_text(b->arena, slice_trim(part)));
        if (!t || known_integer(t->retired))
            continue;
        buffer_text(kept, kept->len ? "|" : "");
        buffer_text(kept, t->code);
    }
    return buffer_view(kept);
}

static struct fault *take_lexicon(struct catalogue_build *b)
{
    const struct catalogue *c = &b->catalogue;
    struct term_source *sources = NEW(b->arena, struct term_source, c->term_count + 1);
    int count = 0;
    for (size_t i = 0; i < c->term_count; i++) {
        const struct term *t = &c->terms[i], *parent = t->parent ? catalogue_term(c, t->parent) : NULL;
        struct term_source *s = &sources[count];
        if (known_integer(t->retired) || !facet_parse(slice_of(t->facet), &s->facet))
            continue;
        s->code = slice_of(t->code);
        s->parent = slice_of(parent && !known_integer(parent->retired) ? parent->code : "");
        s->fr = slice_of(t->label);
        s->en = slice_of(t->label_en ? t->label_en : t->label);
        s->synonyms_fr = slice_of(t->synonyms);
        s->synonyms_en = slice_of(t->synonyms_en);
        s->related = known_codes(b, t->related);
        count++;
    }
    const struct shared_lexicon *shared = NULL;
    TRY(lexicon_take(sources, count, &shared));
    arena_defer(b->arena, lexicon_release, (void *)(uintptr_t)shared);
    b->engines.tree = shared->tree;
    b->engines.lexicon = shared->lexicon;
    int *nodes = NEW(b->arena, int, c->term_count + 1);
    int64_t *terms = NEW(b->arena, int64_t, count + 1);
    for (size_t i = 0; i < c->term_count; i++) {
        nodes[i] = known_integer(c->terms[i].retired)
                       ? TERM_NONE
                       : taxonomy_find(b->engines.tree, slice_of(c->terms[i].code));
        if (nodes[i] != TERM_NONE)
            terms[nodes[i]] = c->terms[i].id;
    }
    b->engines.nodes = nodes;
    b->engines.node_term = terms;
    return NULL;
}

static int add_nodes(const struct catalogue *c, struct term_list list, int *nodes, int count)
{
    for (size_t i = 0; i < list.count; i++) {
        int node = catalogue_node(c, list.ids[i]);
        if (node != TERM_NONE)
            nodes[count++] = node;
    }
    return count;
}

static struct match_capability capability_of(struct catalogue_build *b, int firm, const struct capability *k)
{
    struct match_capability m = match_capability_empty(firm);
    int *terms = NEW(b->arena, int, k->processes.count + k->materials.count + k->components.count + 1);
    m.text = slice_of(
        arena_print(b->arena, "%s. %s", k->title ? k->title : "", k->description ? k->description : ""));
    m.term_count = add_nodes(&b->catalogue, k->processes, terms, 0);
    m.term_count = add_nodes(&b->catalogue, k->materials, terms, m.term_count);
    m.term_count = add_nodes(&b->catalogue, k->components, terms, m.term_count);
    m.terms = terms;
    m.size_min = k->size.lo;
    m.size_max = k->size.hi;
    m.tolerance = k->tolerance;
    m.it_grade = k->it_grade;
    m.batch_min = k->batch.lo;
    m.batch_max = k->batch.hi;
    m.volume_max = known_integer(k->free_capacity) ? k->free_capacity : k->capacity;
    return m;
}

/* What the firm says of itself as a whole, and its machines: one capability more. */
static struct match_capability profile_of(struct catalogue_build *b, int firm,
                                          const struct catalogue_entry *e)
{
    struct match_capability m = match_capability_empty(firm);
    struct buffer *text = buffer_new(b->arena, LIMIT_LONG_TEXT);
    size_t most = e->organisation.markets.count + 1;
    for (size_t i = 0; i < e->equipment_count; i++)
        most += e->equipment[i].processes.count;
    int *terms = NEW(b->arena, int, most);
    buffer_print(text, "%s. ", e->organisation.name);
    buffer_text(text, e->organisation.activity ? e->organisation.activity : "");
    m.term_count = add_nodes(&b->catalogue, e->organisation.markets, terms, 0);
    for (size_t i = 0; i < e->equipment_count; i++) {
        buffer_print(text, ". %s", e->equipment[i].name);
        m.term_count = add_nodes(&b->catalogue, e->equipment[i].processes, terms, m.term_count);
    }
    m.text = buffer_view(text);
    m.terms = terms;
    return m;
}

static void add_certificates(struct catalogue_build *b, const struct catalogue_entry *e,
                             struct match_firm *firm)
{
    size_t most = 1;
    for (size_t i = 0; i < e->certificate_count; i++)
        most += e->certificates[i].certification.count;
    int *held = NEW(b->arena, int, most), *absent = NEW(b->arena, int, most);
    for (size_t i = 0; i < e->certificate_count; i++) {
        const struct certificate *k = &e->certificates[i];
        bool expired = known_integer(k->until) && k->until < today();
        if (k->held == FLAG_NO)
            firm->absent_count = add_nodes(&b->catalogue, k->certification, absent, firm->absent_count);
        else if (!expired) /* an expired one may have been renewed: to confirm */
            firm->held_count = add_nodes(&b->catalogue, k->certification, held, firm->held_count);
    }
    firm->held = held;
    firm->absent = absent;
}

static struct fault *make_engines(struct catalogue_build *b)
{
    const struct catalogue *c = &b->catalogue;
    TRY(take_lexicon(b));
    size_t most = c->count;
    for (size_t i = 0; i < c->count; i++)
        most += c->entries[i].capability_count;
    struct match_firm *firms = NEW(b->arena, struct match_firm, c->count + 1);
    struct match_capability *capabilities = NEW(b->arena, struct match_capability, most + 1);
    int count = 0;
    for (size_t i = 0; i < c->count; i++) {
        const struct catalogue_entry *e = &c->entries[i];
        firms[i].id = slice_of(arena_print(b->arena, "%020lld", (long long)e->organisation.id));
        firms[i].name = slice_of(e->organisation.name);
        firms[i].point = e->main_site ? (struct geo_point){e->main_site->lat, e->main_site->lon}
                                      : (struct geo_point){UNKNOWN_REAL, UNKNOWN_REAL};
        add_certificates(b, e, &firms[i]);
        for (size_t k = 0; k < e->capability_count; k++)
            capabilities[count++] = capability_of(b, (int)i, &e->capabilities[k]);
        capabilities[count++] = profile_of(b, (int)i, e);
    }
    return matcher_new(b->arena, b->engines.lexicon, NULL, firms, (int)c->count, capabilities, count,
                       &b->engines.matcher);
}

struct fault *catalogue_engines_of(const struct catalogue *c, const struct catalogue_engines **out)
{
    struct catalogue_build *b = c->build;
    (void)pthread_mutex_lock(&b->making);
    struct fault *failed = catalogue_made(b, b->made ? NULL : make_engines(b));
    b->made = !failed;
    (void)pthread_mutex_unlock(&b->making);
    *out = &b->engines;
    return failed;
}
