/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* words.h - texts cut into words, and words reduced to the one form under which they are compared.
 *
 * French and English are mixed in one text often enough ("usinage high speed") that no language is guessed: a
 * word is reduced by the English stemmer and then by the French one, on both sides of every comparison. */
#ifndef GRAPPE_WORDS_H
#define GRAPPE_WORDS_H

#include <stdbool.h>
#include <stdint.h>

#include "text/slice.h"

struct arena;
struct stemming;
struct vocabulary;

/* A run of letters and digits: where it stands in the original text, and its folded form. */
struct word {
    uint32_t start, end;
    struct slice folded;
    bool stop; /* carries no meaning alone: articles, prepositions, polite padding */
    bool weak; /* says little about a trade: people, time, quantity, wishes */
};

struct words {
    struct slice text, folded;
    const uint32_t *origin; /* of each folded byte, see fold_traced() */
    const struct word *list;
    int count;
};

/* Where the character ends, in the original text, that the folded byte before `to` came from ("½" is three
 * folded bytes). */
uint32_t words_end(const struct words *, size_t to);

/* Cost O(bytes). */
struct words words_split(struct arena *, struct slice text);

/* One per thread; closed with the arena. */
struct stemming *stemming_new(struct arena *);
/* The common form of a folded word; valid until the next call. */
struct slice word_form(struct stemming *, struct slice folded);
/* As plain BM25 uses it: the French stem alone. */
struct slice word_form_french(struct stemming *, struct slice folded);

bool word_is_stop(struct slice folded);

/* Texts numbered from 0 in the order they are first met. */
#define VOCABULARY_NONE UINT32_MAX
struct vocabulary *vocabulary_new(struct arena *);
uint32_t vocabulary_add(struct vocabulary *, struct slice); /* its number, new or old; amortised O(length) */
uint32_t vocabulary_find(const struct vocabulary *, struct slice); /* VOCABULARY_NONE: never met */
struct slice vocabulary_text(const struct vocabulary *, uint32_t number);
uint32_t vocabulary_count(const struct vocabulary *);

#endif
