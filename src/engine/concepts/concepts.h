/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* concepts.h - what a text is about: weights on the meanings of the lexicon, whether it names them or not.
 *
 * Each meaning is a document made of all the ways the lexicon knows to say it; a text is about the meanings
 * that its words answer best by BM25. Two texts without a common word can be about the same: that is what
 * finds a firm by what a customer wants to happen. Source: explicit semantic analysis (Gabrilovich and
 * Markovitch, IJCAI 2007), over our own meanings in place of encyclopedia articles. */
#ifndef GRAPPE_CONCEPTS_H
#define GRAPPE_CONCEPTS_H

#include "bm25/bm25.h"

struct concepts;

enum { CONCEPTS_KEPT = 16 };

struct concept_weight {
    uint32_t meaning;
    float weight; /* > 0; the squares of a text's weights sum to 1 */
};

/* `ways`: word form → meaning, once for each way to say it. Cost O(ways + forms + meanings). */
const struct concepts *concepts_new(struct arena *, const struct bm25_entry *ways, size_t count,
                                    uint32_t forms, uint32_t meanings);

/* The meanings a text is about, by falling weight; forms may repeat and be unknown (>= forms). Returns how
 * many, at most CONCEPTS_KEPT. Allocates O(meanings). Cost O(ways of the forms + meanings). */
int concepts_of(const struct concepts *, struct arena *, const uint32_t *text, int count,
                struct concept_weight *out);

/* Which documents are about what: built once, then compared with a text. */
struct concept_index;

/* entries: meaning (feature), document, weight (tf), each pair once, in the order of the documents. Cost
 * O(entries + meanings). */
const struct concept_index *concept_index_new(struct arena *, const struct bm25_entry *entries, size_t count,
                                              uint32_t meanings);

/* How much a document is about a meaning, 0 when it is not. Cost O(log documents about it). */
float concept_index_weight(const struct concept_index *, uint32_t meaning, uint32_t document);

/* The most that any document is about a meaning. */
float concept_index_most(const struct concept_index *, uint32_t meaning);

/* Adds to scores[documents] the scalar product with a text: 1 for a document about just the same. Cost
 * O(documents about any of it). */
void concept_index_score(const struct concept_index *, const struct concept_weight *text, int count,
                         double *scores);

#endif
