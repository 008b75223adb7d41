/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* search.h - finds documents by words, as one types them: beginnings, without accents, with a slip of the
 * finger.
 *
 * An index is built once from arrays and never changes. A document is some texts, each with a weight; what it
 * is (a firm, a register row) is the caller's. Every word of the query must be met by the document: exactly,
 * by its stem, as the beginning of a longer word, or within one edit (insert, delete, substitute, swap) when
 * the word is unknown to the whole index. */
#ifndef GRAPPE_SEARCH_H
#define GRAPPE_SEARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text/slice.h"

struct arena;
struct search_index;

struct search_text {
    uint32_t document; /* 0 .. documents-1 */
    float weight;      /* > 0; a word counts with the best weight it has in the document */
    struct slice text;
};

/* The texts of a document follow each other. Cost O(total text); memory about 8 bytes an occurrence plus the
 * words. Texts are not kept. */
struct search_index *search_index_new(struct arena *, const struct search_text *, size_t count,
                                      uint32_t documents);

struct search_options {
    size_t most;            /* hits to return; 0: all */
    const uint8_t *allowed; /* per document, 0 leaves it out; NULL: all are allowed */
    bool whole_words;       /* no beginnings: the query is a finished text */
};

struct search_hit {
    uint32_t document;
    float score; /* sum over the query's words of weight × rarity × closeness; comparable within one query */
};

/* Hits by falling score, ties by document; *total counts all, returned or not. A query without a word gives
 * every allowed document with score 0, in document order. Words beyond LIMIT_QUERY_WORDS are left out. Cost
 * O(words of the index × words of the query) at worst, O(postings) in the common case. */
size_t search(const struct search_index *, struct arena *, struct slice query, struct search_options,
              struct search_hit **hits, size_t *total);

/* The folded words of a query that carry meaning; all of them when none does. `words` has room for
 * LIMIT_QUERY_WORDS. */
size_t search_query_words(struct arena *, struct slice query, struct slice *words);

/* Known words beginning with the folded prefix, by falling number of documents: for suggestions. */
size_t search_words(const struct search_index *, struct arena *, struct slice prefix, size_t most,
                    struct slice **words);

/* At most one insert, delete, substitution or swap of neighbours apart (restricted Damerau-Levenshtein <=
 * 1). */
bool within_one_edit(struct slice a, struct slice b);

#endif
