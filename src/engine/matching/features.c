/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* features.c - what of a text is compared: its words, the terms and ideas they stand for, and what those let
 * one think of. */
#include <stdlib.h>

#include "arena/arena.h"
#include "matching/internal.h"

/* Chosen on the odd needs of the labelled set: docs/matching.md. */
static const float weight_word = 1.0F, weight_weak = 0.1F, weight_idea = 1.2F, weight_inner = 0.6F,
                   weight_ambiguous = 0.3F, weight_precise = 2.0F;
static const float weight_facet[FACETS] = {
    [FACET_PROCESS] = 1.0F, [FACET_MATERIAL] = 0.7F,      [FACET_COMPONENT] = 0.9F,
    [FACET_MARKET] = 1.0F,  [FACET_CERTIFICATION] = 0.3F, [FACET_SKILL] = 0.7F};

enum { FEW_WORDS = 4 }; /* of a text that says little: the names of its terms are added */

struct gather {
    const struct matcher *m;
    struct arena *arena;
    struct feature_list *out;
    uint32_t *group; /* of each word */
    bool *left_out;  /* words that are negated, or counted and measured: facts of another kind */
    bool suggest;    /* a need lets one think of more; a firm is what it says */
    uint32_t *forms; /* what it is about is read from these: the words, and those of the given terms */
    int form_count, form_capacity;
};

static void add(struct gather *g, uint32_t feature, uint32_t group, float weight)
{
    *PUSH(g->arena, g->out->list, g->out->count, g->out->capacity) = (struct feature){feature, group, weight};
}

static int by_feature(const void *a, const void *b)
{
    const struct feature *x = a, *y = b;
    if (x->feature != y->feature)
        return x->feature < y->feature ? -1 : 1;
    return (x->weight < y->weight) - (x->weight > y->weight);
}

static int by_group(const void *a, const void *b)
{
    const struct feature *x = a, *y = b;
    if (x->group != y->group)
        return x->group < y->group ? -1 : 1;
    return by_feature(a, b);
}

/* Words count as often as they are met; meanings, as often as the strongest sign of them. */
static void merge(struct feature_list *f, uint32_t meanings, bool sum_words)
{
    if (f->count)
        qsort(f->list, (size_t)f->count, sizeof *f->list, by_feature);
    int kept = 0;
    for (int i = 0; i < f->count; i++) {
        if (kept && f->list[kept - 1].feature == f->list[i].feature) {
            if (sum_words && f->list[i].feature >= meanings)
                f->list[kept - 1].weight += f->list[i].weight;
        } else {
            f->list[kept++] = f->list[i];
        }
    }
    f->count = kept;
}

static bool only_digits(struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] < '0' || s.ptr[i] > '9')
            return false;
    return true;
}

static void add_meaning(struct gather *g, int meaning, uint32_t group, float weight)
{
    const struct lexicon_suggestion *list;
    if (meaning < g->m->tree->count)
        weight *= weight_facet[g->m->tree->terms[meaning].facet];
    add(g, (uint32_t)meaning, group, weight);
    int n = g->suggest ? lexicon_suggestions(g->m->lexicon, meaning, &list) : 0;
    for (int i = 0; i < n; i++)
        add(g, (uint32_t)list[i].meaning, group, weight * list[i].weight);
}

/* Words covered by one phrase, or by phrases that overlap, are one group. */
static void set_groups(struct gather *g, const struct reading *text)
{
    for (int i = 0; i < text->words.count; i++)
        g->group[i] = (uint32_t)i;
    for (int i = 0; i < text->hit_count; i++)
        for (int k = text->hits[i].first + 1; k <= text->hits[i].last; k++)
            if (g->group[k] > g->group[k - 1])
                g->group[k] = g->group[k - 1];
}

static void leave_out(struct gather *g, const struct reading *text)
{
    for (int i = 0; i < text->hit_count; i++)
        for (int k = text->hits[i].first; text->hits[i].negated && k <= text->hits[i].last; k++)
            g->left_out[k] = true;
    for (int i = 0; i < text->count; i++) {
        const struct fact *f = &text->facts[i];
        if (f->kind == FACT_TERM || f->kind == FACT_GRADE)
            continue;
        for (int k = 0; k < text->words.count; k++)
            g->left_out[k] |= text->words.list[k].start >= f->start && text->words.list[k].end <= f->end;
    }
}

static void add_words(struct gather *g, struct stemming *stemming, const struct words *w,
                      struct vocabulary *learn)
{
    uint32_t meanings = (uint32_t)lexicon_meanings(g->m->lexicon);
    for (int i = 0; i < w->count; i++) {
        if (w->list[i].stop || g->left_out[i] || only_digits(w->list[i].folded))
            continue;
        struct slice form = word_form(stemming, w->list[i].folded);
        *PUSH(g->arena, g->forms, g->form_count, g->form_capacity) = lexicon_form(g->m->lexicon, form);
        uint32_t number = learn ? vocabulary_add(learn, form) : vocabulary_find(g->m->forms, form);
        g->out->words++;
        if (number != VOCABULARY_NONE)
            add(g, meanings + number, g->group[i], w->list[i].weak ? weight_weak : weight_word);
    }
}

static void add_label(struct gather *g, struct stemming *stemming, int term)
{
    struct words w = words_split(g->arena, g->m->tree->terms[term].fr);
    for (int i = 0; i < w.count; i++)
        if (!w.list[i].stop)
            *PUSH(g->arena, g->forms, g->form_count, g->form_capacity) =
                lexicon_form(g->m->lexicon, word_form(stemming, w.list[i].folded));
}

/* A long text is about several things: each part on its own, so that a firm that says much is not about
 * nothing. A need is one thing. */
static void add_concepts(struct gather *g, bool in_parts)
{
    enum { PART_WORDS = 60 };
    const struct concepts *c = lexicon_concepts(g->m->lexicon);
    int parts = in_parts ? (g->form_count + PART_WORDS - 1) / PART_WORDS : 1, from = 0;
    g->out->concepts = NEW(g->arena, struct concept_weight, (parts ? parts : 1) * CONCEPTS_KEPT);
    for (int i = 1; i <= parts; i++) {
        int to = (int)((int64_t)g->form_count * i / parts);
        g->out->concept_count +=
            concepts_of(c, g->arena, g->forms + from, to - from, g->out->concepts + g->out->concept_count);
        from = to;
    }
}

void features_of(const struct matcher *m, struct arena *a, struct stemming *stemming,
                 const struct reading *text, const int *terms, int term_count, struct vocabulary *learn,
                 struct feature_list *out)
{
    uint32_t meanings = (uint32_t)lexicon_meanings(m->lexicon);
    const struct words *w = &text->words;
    struct gather g = {.m = m,
                       .arena = a,
                       .out = out,
                       .group = NEW(a, uint32_t, w->count + 1),
                       .left_out = NEW(a, bool, w->count + 1),
                       .suggest = !learn};
    set_groups(&g, text);
    leave_out(&g, text);
    for (int i = 0; i < text->hit_count; i++) {
        const struct lexicon_hit *h = &text->hits[i];
        if (h->negated || (g.left_out[h->first] && g.left_out[h->last]))
            continue;
        float weight = h->meaning < m->tree->count ? 1 : weight_idea;
        if (h->pattern || h->last > h->first)
            weight *= weight_precise;
        add_meaning(&g, h->meaning, g.group[h->first],
                    weight * (h->inner ? weight_inner : 1) * (h->ambiguous ? weight_ambiguous : 1));
    }
    add_words(&g, stemming, w, learn);
    for (int i = 0; i < term_count; i++) {
        add_meaning(&g, terms[i], (uint32_t)(w->count + i), 1);
        if (out->words < FEW_WORDS)
            add_label(&g, stemming, terms[i]);
    }
    add_concepts(&g, learn != NULL);
    merge(out, meanings, learn != NULL);
    if (!learn && out->count)
        qsort(out->list, (size_t)out->count, sizeof *out->list, by_group);
}
