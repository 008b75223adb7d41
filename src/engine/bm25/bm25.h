/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* bm25.h - how well documents answer weighted features (word stems, ideas, terms), by Okapi BM25.
 *
 *   score(d) = sum_f w_f ln(1 + (N - df_f + .5) / (df_f + .5)) tf (k1 + 1) / (tf + k1 (1 - b + b dl / avdl))
 *
 * Source: Robertson and Zaragoza (2009), Foundations and Trends in IR 3(4), with the idf that is never
 * negative. */
#ifndef GRAPPE_BM25_H
#define GRAPPE_BM25_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct bm25;

#define BM25_K1 1.2
#define BM25_B 0.75

/* One feature of one document; tf need not be whole. */
struct bm25_entry {
    uint32_t feature, document;
    float tf;
};

/* Features of one group are ways to meet one and the same thing: the best counts fully, the others by
 * `echo`. */
struct bm25_query {
    uint32_t feature, group;
    double weight;
};

/* Entries may come in any order; those of the same feature and document are summed. lengths[d] is dl.
 * Cost O(entries + features + documents). */
struct bm25 *bm25_new(struct arena *, const struct bm25_entry *, size_t count, uint32_t features,
                      uint32_t documents, const float *lengths, double b);

/* Adds to scores[documents]: the sum over groups of best + echo (sum - best), where plain BM25 is groups of
 * one. Features of a group stand together; unknown ones (>= features) add nothing. Equal queries give equal
 * bits. Cost O(postings of the features). */
void bm25_score(const struct bm25 *, struct arena *, const struct bm25_query *, int count, double echo,
                double *scores);

double bm25_idf(const struct bm25 *, uint32_t feature); /* 0: nobody has it */

#endif
