/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* internal.h - what the files of the matching room share. */
#ifndef GRAPPE_MATCHING_INTERNAL_H
#define GRAPPE_MATCHING_INTERNAL_H

#include "matching/bm25.h"
#include "matching/matching.h"

/* A firm's part of the index: its capabilities and its terms stand together. */
struct firm_entry {
    uint32_t first_capability, capability_count; /* in order[] */
    uint32_t facets;                             /* bit f: something of facet f is known */
};

/* Where a term stands: postings in the order of the firms. */
struct term_places {
    uint32_t first, count; /* in term_firms[] */
};

struct matcher {
    const struct lexicon *lexicon;
    const struct term_tree *tree;
    const struct match_firm *firms;
    int firm_count, capability_count;
    struct match_capability *capabilities; /* with what their text adds; grouped by firm */
    struct firm_entry *entries;
    struct term_places *terms; /* of each term of the tree */
    uint32_t *term_firms;
    const int **held; /* of each firm: certifications known held, text included */
    int *held_count;
    int *id_order;             /* rank of each firm by id */
    double *prior;             /* of each firm, 1 … 1 + prior_share: how much there is to read about it */
    struct vocabulary *forms;  /* features of `text` above the meanings */
    struct vocabulary *french; /* features of `plain` */
    struct bm25 *text, *plain;
};

/* A feature of a text, met at a group of words. */
struct feature {
    uint32_t feature, group;
    float weight;
};

struct feature_list {
    struct feature *list;
    int count, capacity;
    int words; /* length of the text */
};

/* Adds the features of a text that was read: words, terms and ideas, and what those let one think of. `terms`
 * are met as if the text named them. learn: new words are numbered, and features come merged, in the order of
 * their numbers; NULL: unknown words are left out, and features come in groups: words that one phrase
 * covers. */
void features_of(const struct matcher *, struct arena *, struct stemming *, const struct reading *,
                 const int *terms, int term_count, struct vocabulary *learn, struct feature_list *);

/* How well a firm's term answers an asked one: 1 the same, 0.95 a narrower one, else Wu-Palmer stretched so
 * that sharing only the top branch counts 0. */
double term_fit(const struct term_tree *, int asked, int has);

#endif
