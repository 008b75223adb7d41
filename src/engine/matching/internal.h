/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* internal.h - what the files of the matching room share. */
#ifndef GRAPPE_MATCHING_INTERNAL_H
#define GRAPPE_MATCHING_INTERNAL_H

#include "bm25/bm25.h"
#include "concepts/concepts.h"
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

struct term_set {
    const int *list;
    int count;
};

/* The size of one detail: wire, sheet, hole, module, mass; an end may be unknown. Units: enum fact_kind. */
struct match_detail {
    enum detail detail;
    int64_t low, high;
};

struct detail_set {
    const struct match_detail *list;
    int count;
};

/* Details of a text that can be compared with those of another; ranges_only: a single size is an example, not
 * all that a firm takes. */
struct detail_set details_of(struct arena *, const struct reading *, bool ranges_only);

struct matcher {
    const struct lexicon *lexicon;
    const struct term_tree *tree;
    const struct match_firm *firms;
    int firm_count, capability_count;
    struct match_capability *capabilities; /* with what their text adds; grouped by firm */
    struct firm_entry *entries;
    struct term_places *terms; /* of each term of the tree */
    uint32_t *term_firms;
    struct detail_set *details; /* of each capability, from its text */
    struct term_set *held;      /* of each firm: certifications known held, text included */
    struct term_set *refused;   /* of each firm: what its text says it does not do or hold */
    struct geo_point *points;   /* of each firm, from its text when not given */
    double *reach;              /* of each firm, km: how far it says it goes; UNKNOWN_REAL */
    int *id_order;              /* rank of each firm by id */
    double *prior;              /* of each firm, 1 … 1 + prior_share: how much there is to read about it */
    struct vocabulary *forms;   /* features of `text` above the meanings */
    struct vocabulary *french;  /* features of `plain` */
    struct bm25 *text, *plain;
    const struct concept_index *concepts; /* of each firm: the most any of its capabilities is about it */
};

/* A feature of a text, met at a group of words. */
struct feature {
    uint32_t feature, group;
    float weight;
};

struct feature_list {
    struct feature *list;
    int count, capacity;
    int words;                       /* length of the text */
    struct concept_weight *concepts; /* of a long text of a firm, those of its parts, one after the other */
    int concept_count;
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
