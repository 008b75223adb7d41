/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* needs.h - the main job: a need in plain words, what was understood, who can do it and why.
 *
 * Matching runs over the catalogue of the asker's class: records that not everybody of that class sees take
 * no part, so no score and no count tells of them. */
#ifndef GRAPPE_NEEDS_H
#define GRAPPE_NEEDS_H

#include "catalogue/catalogue.h"

/* A piece of the text; marked when a fact was read there. */
struct text_piece {
    const char *text;
    bool marked;
};

enum chip_state { CHIP_KNOWN, CHIP_TO_CONFIRM, CHIP_PROBLEM };

/* One fact of a need, as it is shown and corrected. */
struct chip {
    const char *key;   /* what a form posts to change it: the field's name */
    const char *label; /* "Process", "Size" … translated */
    const char *value; /* as people read it */
    const char *typed; /* as it is typed again in the correction form */
    const char *quote; /* the words it was read in; NULL: somebody typed it */
    int64_t term;      /* the term, for chips that are one; 0 */
    enum chip_state state;
    const char *remark; /* of a problem */
};

struct need_reading {
    struct text_piece *pieces;
    size_t piece_count;
    struct chip *chips;
    size_t chip_count;
};

/* Reads the text into every field of the need that is still unknown; sets a title when there is none.
 * INVALID naming "text" for an empty or unreadable text. */
struct fault *needs_fill(struct door *, struct need *) MUST_CHECK;

/* What the need says now, each fact with the words it was read in where they still say so. */
struct fault *needs_read(struct door *, const struct need *, struct need_reading *) MUST_CHECK;

/* Changes one fact: `key` as a chip has it, typed text or (for terms) a label or code to add; with `remove`
 * the fact goes (of terms: the one given). Does not save. INVALID with the field named. */
struct fault *needs_correct(struct door *, struct need *, const char *key, const char *typed, int64_t term,
                            bool remove) MUST_CHECK;

struct criterion_weight {
    const char *name, *label; /* "process", translated */
    double weight;            /* share of 1 */
    bool stated;              /* the need says something about it, or nobody could be asked */
};

struct match_line { /* one criterion of one match */
    const char *label;
    double weight, low, high; /* s_k; the contribution is weight × s */
};

struct need_match {
    const struct catalogue_entry *entry;
    double low, high; /* 0 … 1 */
    double km;        /* UNKNOWN_REAL */
    const char *sentence;
    int moved; /* places gained by the weights that were asked, beside the usual ones; negative: lost */
    const char **reasons, **confirm, **gaps;
    size_t reason_count, confirm_count, gap_count;
    const char **remarks; /* what else the viewer is told of it; no part of the score, nor of the order */
    size_t remark_count;
    struct match_line *lines;
    size_t line_count;
};

/* An offer that holds today and that the viewer may see, of a process or a material that is asked, and of no
 * other than those. It is told beside the matches, and changes neither score nor order. */
struct need_offer {
    int64_t id, organisation;
    const char *title, *name; /* name: the organisation's */
    const char *why;          /* "décolletage, laiton": what it offers of what is asked */
    int64_t until;            /* the last day; UNKNOWN_INTEGER: none is told */
    size_t rank;              /* of its organisation among the matches, from 1; 0: it is not ranked */
};

struct need_matches {
    struct need_match *at; /* best first; none: nobody here */
    size_t count;
    struct need_match *nearest; /* when nobody: the closest, with what they lack */
    size_t nearest_count;
    struct criterion_weight *weights;
    size_t weight_count;
    bool reweighed; /* in an order of the asker's own weights */
    size_t moved_count;
    const char *why_nobody; /* a sentence; NULL when there are matches */
    bool little_known; /* the need says so little, or the profiles are so poor, that the order means little */
    size_t considered; /* organisations that were compared */
    struct need_offer *offers; /* by rank, then the newest first; a few of each organisation */
    size_t offer_count;
};

/* `weights`: name → share, NULL or absent ones as by default; INVALID when all are zero or one is
 * negative. */
struct need_weight {
    const char *name;
    double weight;
};
struct fault *needs_match(struct door *, const struct need *, const struct need_weight *, size_t asked_count,
                          size_t most, struct need_matches *) MUST_CHECK;

/* The open needs that the viewer may see and an offer fits, by the same rule; none when it is over. Cost
 * O(needs). */
struct offer_need {
    int64_t id;
    const char *title, *why; /* struct need_offer */
};
struct fault *needs_met_by(struct door *, const struct offer *, struct offer_need **,
                           size_t *count) MUST_CHECK;

/* The criteria that the need states and this organisation is known to meet more than half, by their names:
 * "process material"; NULL: none, or it is not among the ranked. */
struct fault *needs_spoke(struct door *, const struct need *, int64_t organisation,
                          const char **criteria) MUST_CHECK;

#endif
