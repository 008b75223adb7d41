/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "bm25/bm25.h"

#include <math.h>

#include "arena/arena.h"

struct posting {
    uint32_t document;
    float tf;
};

struct bm25 {
    uint32_t features, documents;
    uint32_t *first; /* features + 1 offsets into postings */
    struct posting *postings;
    double *norm; /* k1 (1 - b + b dl / avdl) of each document */
    double *idf;  /* of each feature */
};

static void set_norms(struct bm25 *m, const float *lengths, double b)
{
    double total = 0;
    for (uint32_t d = 0; d < m->documents; d++)
        total += (double)lengths[d];
    double average = total > 0 ? total / m->documents : 1;
    for (uint32_t d = 0; d < m->documents; d++)
        m->norm[d] = BM25_K1 * (1 - b + b * (double)lengths[d] / average);
}

/* Counting sort of the entries: by document into `by_document`, then by feature into the postings, so that
 * each feature's postings stand in the order of the documents. */
static void distribute(const struct bm25_entry *entries, size_t count, uint32_t keys, uint32_t *first,
                       struct bm25_entry *out, bool by_feature)
{
    for (size_t i = 0; i < count; i++)
        first[(by_feature ? entries[i].feature : entries[i].document) + 1]++;
    for (uint32_t k = 0; k < keys; k++)
        first[k + 1] += first[k];
    for (size_t i = 0; i < count; i++)
        out[first[by_feature ? entries[i].feature : entries[i].document]++] = entries[i];
    for (uint32_t k = keys; k > 0; k--)
        first[k] = first[k - 1];
    first[0] = 0;
}

/* A document that has only a hint of a feature (tf below 1) counts as that part of a document. */
static void set_idf(struct bm25 *m)
{
    for (uint32_t f = 0; f < m->features; f++) {
        double df = 0;
        for (uint32_t i = m->first[f]; i < m->first[f + 1]; i++)
            df += m->postings[i].tf < 1 ? (double)m->postings[i].tf : 1;
        m->idf[f] = df > 0 ? log(1 + (m->documents - df + .5) / (df + .5)) : 0;
    }
}

struct bm25 *bm25_new(struct arena *a, const struct bm25_entry *entries, size_t count, uint32_t features,
                      uint32_t documents, const float *lengths, double b)
{
    struct bm25 *m = NEW(a, struct bm25, 1);
    *m = (struct bm25){.features = features,
                       .documents = documents,
                       .first = NEW(a, uint32_t, features + 1),
                       .postings = NEW(a, struct posting, count),
                       .norm = NEW(a, double, documents),
                       .idf = NEW(a, double, features)};
    set_norms(m, lengths, b);
    struct arena *scratch = arena_new(SIZE_MAX / 16);
    struct bm25_entry *by_document = NEW(scratch, struct bm25_entry, count);
    struct bm25_entry *by_feature = NEW(scratch, struct bm25_entry, count);
    distribute(entries, count, documents, NEW(scratch, uint32_t, documents + 1), by_document, false);
    distribute(by_document, count, features, m->first, by_feature, true);
    uint32_t used = 0;
    for (uint32_t f = 0; f < features; f++) {
        uint32_t from = m->first[f], to = m->first[f + 1];
        m->first[f] = used;
        for (uint32_t i = from; i < to; i++)
            if (used > m->first[f] && m->postings[used - 1].document == by_feature[i].document)
                m->postings[used - 1].tf += by_feature[i].tf;
            else
                m->postings[used++] = (struct posting){by_feature[i].document, by_feature[i].tf};
    }
    m->first[features] = used;
    set_idf(m);
    arena_free(scratch);
    return m;
}

double bm25_idf(const struct bm25 *m, uint32_t feature)
{
    return feature < m->features ? m->idf[feature] : 0;
}

static double weight_of(const struct bm25 *m, const struct bm25_query *q)
{
    return q->weight * bm25_idf(m, q->feature) * (BM25_K1 + 1);
}

static void score_one(const struct bm25 *m, const struct bm25_query *q, double *scores)
{
    double weight = weight_of(m, q);
    if (weight > 0)
        for (uint32_t i = m->first[q->feature]; i < m->first[q->feature + 1]; i++) {
            struct posting p = m->postings[i];
            scores[p.document] += weight * (double)p.tf / ((double)p.tf + m->norm[p.document]);
        }
}

/* Sum and best of a group's features, kept for the documents that have any. */
struct group_scores {
    double *sum, *best;
    uint32_t *touched, count;
};

static void score_group(const struct bm25 *m, const struct bm25_query *q, int count, double echo,
                        struct group_scores *g, double *scores)
{
    g->count = 0;
    for (int k = 0; k < count; k++) {
        double weight = weight_of(m, &q[k]);
        if (weight <= 0)
            continue;
        for (uint32_t i = m->first[q[k].feature]; i < m->first[q[k].feature + 1]; i++) {
            struct posting p = m->postings[i];
            double value = weight * (double)p.tf / ((double)p.tf + m->norm[p.document]);
            if (value <= 0)
                continue;
            if (g->sum[p.document] <= 0)
                g->touched[g->count++] = p.document;
            g->sum[p.document] += value;
            if (value > g->best[p.document])
                g->best[p.document] = value;
        }
    }
    for (uint32_t i = 0; i < g->count; i++) {
        uint32_t d = g->touched[i];
        scores[d] += g->best[d] + echo * (g->sum[d] - g->best[d]);
        g->sum[d] = g->best[d] = 0;
    }
}

void bm25_score(const struct bm25 *m, struct arena *a, const struct bm25_query *query, int count, double echo,
                double *scores)
{
    struct group_scores g = {NEW(a, double, m->documents), NEW(a, double, m->documents),
                             NEW(a, uint32_t, m->documents), 0};
    for (int from = 0, to; from < count; from = to) {
        for (to = from + 1; to < count && query[to].group == query[from].group;)
            to++;
        if (to == from + 1)
            score_one(m, &query[from], scores);
        else
            score_group(m, &query[from], to - from, echo, &g, scores);
    }
}
