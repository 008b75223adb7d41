/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "concepts/concepts.h"

#include <math.h>
#include <stdlib.h>

#include "arena/arena.h"

/* A text is about what most of its words point to: the third power leaves little of chance neighbours. The
 * figures hold from 2.5 to 3.5 and from 10 to 30 concepts (docs/matching.md). */
static const double sharpness = 3;

struct concepts {
    const struct bm25 *meanings;
    uint32_t count, forms;
};

struct place {
    uint32_t document;
    float weight;
};

struct concept_index {
    uint32_t meanings;
    uint32_t *first; /* meanings + 1 offsets into places */
    struct place *places;
    float *most; /* of each meaning */
};

const struct concepts *concepts_new(struct arena *a, const struct bm25_entry *ways, size_t count,
                                    uint32_t forms, uint32_t meanings)
{
    struct concepts *c = NEW(a, struct concepts, 1);
    float *lengths = NEW(a, float, meanings);
    for (size_t i = 0; i < count; i++)
        lengths[ways[i].document] += ways[i].tf;
    *c = (struct concepts){bm25_new(a, ways, count, forms, meanings, lengths, BM25_B), meanings, forms};
    return c;
}

static int compare_forms(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Each word counts once: saying it twice does not make a text more about it. */
static int make_query(struct arena *a, const struct concepts *c, const uint32_t *text, int count,
                      struct bm25_query **out)
{
    uint32_t *forms = NEW(a, uint32_t, count + 1);
    struct bm25_query *query = NEW(a, struct bm25_query, count + 1);
    int known = 0, n = 0;
    for (int i = 0; i < count; i++)
        if (text[i] < c->forms)
            forms[known++] = text[i];
    if (known)
        qsort(forms, (size_t)known, sizeof *forms, compare_forms);
    for (int i = 0; i < known; i++)
        if (!i || forms[i] != forms[i - 1]) {
            query[n] = (struct bm25_query){forms[i], (uint32_t)n, 1};
            n++;
        }
    *out = query;
    return n;
}

int concepts_of(const struct concepts *c, struct arena *a, const uint32_t *text, int count,
                struct concept_weight *out)
{
    struct bm25_query *query;
    double *scores = NEW(a, double, c->count), kept[CONCEPTS_KEPT], length = 0;
    int n = make_query(a, c, text, count, &query);
    bm25_score(c->meanings, a, query, n, 0, scores);
    n = 0;
    for (uint32_t k = 0; k < c->count; k++) {
        if (scores[k] <= 0 || (n == CONCEPTS_KEPT && scores[k] <= kept[n - 1]))
            continue;
        int at = n < CONCEPTS_KEPT ? n++ : n - 1;
        for (; at > 0 && kept[at - 1] < scores[k]; at--) {
            kept[at] = kept[at - 1];
            out[at] = out[at - 1];
        }
        kept[at] = scores[k];
        out[at].meaning = k;
    }
    for (int i = 0; i < n; i++) {
        kept[i] = pow(kept[i], sharpness);
        length += kept[i] * kept[i];
    }
    for (int i = 0; i < n; i++)
        out[i].weight = (float)(kept[i] / sqrt(length));
    return n;
}

const struct concept_index *concept_index_new(struct arena *a, const struct bm25_entry *entries, size_t count,
                                              uint32_t meanings)
{
    struct concept_index *x = NEW(a, struct concept_index, 1);
    uint32_t *next = NEW(a, uint32_t, meanings + 1);
    *x = (struct concept_index){meanings, NEW(a, uint32_t, meanings + 1), NEW(a, struct place, count),
                                NEW(a, float, meanings)};
    for (size_t i = 0; i < count; i++)
        x->first[entries[i].feature + 1]++;
    for (uint32_t k = 0; k < meanings; k++)
        next[k + 1] = x->first[k + 1] += x->first[k];
    for (size_t i = 0; i < count; i++)
        if (x->most[entries[i].feature] < entries[i].tf)
            x->most[entries[i].feature] = entries[i].tf;
    for (size_t i = 0; i < count; i++)
        x->places[next[entries[i].feature]++] = (struct place){entries[i].document, entries[i].tf};
    return x;
}

float concept_index_most(const struct concept_index *x, uint32_t meaning)
{
    return x->most[meaning];
}

float concept_index_weight(const struct concept_index *x, uint32_t meaning, uint32_t document)
{
    uint32_t from = x->first[meaning], to = x->first[meaning + 1];
    while (from < to) {
        uint32_t middle = from + (to - from) / 2;
        if (x->places[middle].document < document)
            from = middle + 1;
        else
            to = middle;
    }
    bool found = from < x->first[meaning + 1] && x->places[from].document == document;
    return found ? x->places[from].weight : 0;
}

void concept_index_score(const struct concept_index *x, const struct concept_weight *text, int count,
                         double *scores)
{
    for (int i = 0; i < count; i++) {
        const struct place *p = x->places + x->first[text[i].meaning];
        const struct place *end = x->places + x->first[text[i].meaning + 1];
        for (; p < end; p++)
            scores[p->document] += (double)text[i].weight * (double)p->weight;
    }
}
