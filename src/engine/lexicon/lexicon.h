/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* lexicon.h - the phrases under which terms and ideas are met in a text.
 *
 * Two sources: the taxonomy (labels and synonyms of terms, what can be shown, corrected and gated upon), and
 * the wordings, lines of `phrase|phrase|… <tab> suggestion|…`: ways to say one idea in everyday and trade
 * words, French and English together, and optionally what the idea lets one think of. Ideas only help to
 * find; they are never facts about anybody. Phrases are compared as sequences of word forms, stop words left
 * out; those of a wording may be patterns, `bleu + chauffe`: words met near each other in any order.
 *
 * Lines of the wordings that start with `@code` or `!name`, a tab, and `word|phrase|…` are usage: what goes
 * with a term, or with a trade that is no term. They are never met as phrases; only what a text is about
 * (concepts/concepts.h) is told with them. A code that this taxonomy does not have is passed over: a space
 * may have retired it. */
#ifndef GRAPPE_LEXICON_H
#define GRAPPE_LEXICON_H

#include "concepts/concepts.h"
#include "fault/fault.h"
#include "taxonomy/taxonomy.h"
#include "words/words.h"

struct lexicon;

/* What a phrase stands for: terms are 0 … taxonomy count - 1, ideas follow. */
struct lexicon_hit {
    int meaning;
    int first, last; /* words */
    bool ambiguous;  /* the phrase was marked as meaning something else too */
    bool inner;      /* stands inside a longer phrase that was found too */
    bool negated;    /* "pas de …", "sans …", "… non exigé" */
    bool refused;    /* negated, and not by "sans": "pas de …", "ni …", "… is not offered" */
    bool pattern;    /* words found near each other; first = last is one of them */
};

struct lexicon_suggestion {
    int meaning;
    float weight; /* 0 … 1 */
};

/* INVALID names the line of the wordings that is wrong (an idea without phrase). Cost O(bytes of both). */
struct fault *lexicon_new(struct arena *, const struct term_tree *, struct slice wordings,
                          const struct lexicon **) MUST_CHECK;

const struct term_tree *lexicon_taxonomy(const struct lexicon *);
int lexicon_meanings(const struct lexicon *);                        /* terms and ideas together */
struct slice lexicon_idea_name(const struct lexicon *, int meaning); /* its first phrase, as written */

bool lexicon_is_elsewhere(const struct lexicon *, int meaning); /* a trade that is no term ("!traiteur") */

/* What words point to together, phrases or not: the number of a word form for concepts_of(). */
const struct concepts *lexicon_concepts(const struct lexicon *);
uint32_t lexicon_form(const struct lexicon *, struct slice form); /* VOCABULARY_NONE: in no phrase */

/* Everything found in a text, in the order of the text, longest first at each word. Cost O(words). */
int lexicon_scan(const struct lexicon *, struct arena *, struct stemming *, const struct words *,
                 const struct lexicon_hit **) MUST_CHECK;

/* What a meaning lets one think of: suggestions of an idea; broader and related terms of a term. */
int lexicon_suggestions(const struct lexicon *, int meaning, const struct lexicon_suggestion **);

/* Terms of one facet that a cell names ("décolletage", "bar_turning"): by code, else by phrase. Returns how
 * many; 0: unknown. */
int lexicon_name(const struct lexicon *, struct arena *, struct stemming *, enum facet, struct slice name,
                 const int **out);

#endif
