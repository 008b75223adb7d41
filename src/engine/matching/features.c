/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* features.c - what of a text is compared: its words, the terms and ideas they stand for, and what those let one
 * think of. */
#include <stdlib.h>

#include "arena/arena.h"
#include "matching/internal.h"

static const float weight_word = 1.0F, weight_term = 1.2F, weight_idea = 1.0F, weight_inner = 0.6F,
                   weight_ambiguous = 0.6F;

static void add(struct arena *a, struct feature_list *out, uint32_t feature, float weight)
{
    *PUSH(a, out->list, out->count, out->capacity) = (struct feature){feature, weight};
}

static int by_feature(const void *a, const void *b)
{
    const struct feature *x = a, *y = b;
    if (x->feature != y->feature)
        return x->feature < y->feature ? -1 : 1;
    return (x->weight < y->weight) - (x->weight > y->weight);
}

/* Words count as often as they are met; meanings, as often as the strongest sign of them. */
static void merge(struct feature_list *f, uint32_t meanings)
{
    if (f->count)
        qsort(f->list, (size_t)f->count, sizeof *f->list, by_feature);
    int kept = 0;
    for (int i = 0; i < f->count; i++) {
        if (kept && f->list[kept - 1].feature == f->list[i].feature) {
            if (f->list[i].feature >= meanings)
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

static void add_meaning(const struct matcher *m, struct arena *a, struct feature_list *out, int meaning, float weight)
{
    const struct lexicon_suggestion *list;
    add(a, out, (uint32_t)meaning, weight);
    int n = lexicon_suggestions(m->lexicon, meaning, &list);
    for (int i = 0; i < n; i++)
        add(a, out, (uint32_t)list[i].meaning, weight * list[i].weight);
}

void features_of(const struct matcher *m, struct arena *a, struct stemming *stemming, const struct words *w,
                 const struct lexicon_hit *hits, int hit_count, const int *terms, int term_count,
                 struct vocabulary *learn, struct feature_list *out)
{
    uint32_t meanings = (uint32_t)lexicon_meanings(m->lexicon);
    bool *negated = NEW(a, bool, w->count + 1);
    for (int i = 0; i < hit_count; i++) {
        if (hits[i].negated) {
            for (int k = hits[i].first; k <= hits[i].last; k++)
                negated[k] = true;
            continue;
        }
        float weight = hits[i].meaning < m->tree->count ? weight_term : weight_idea;
        add_meaning(m, a, out, hits[i].meaning,
                    weight * (hits[i].inner ? weight_inner : 1) * (hits[i].ambiguous ? weight_ambiguous : 1));
    }
    for (int i = 0; i < term_count; i++)
        add_meaning(m, a, out, terms[i], weight_term);
    for (int i = 0; i < w->count; i++) {
        if (w->list[i].stop || negated[i] || only_digits(w->list[i].folded))
            continue;
        struct slice form = word_form(stemming, w->list[i].folded);
        uint32_t number = learn ? vocabulary_add(learn, form) : vocabulary_find(m->forms, form);
        out->words++;
        if (number != VOCABULARY_NONE)
            add(a, out, meanings + number, weight_word);
    }
    merge(out, meanings);
}
