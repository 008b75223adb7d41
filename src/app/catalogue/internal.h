/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* internal.h - how a catalogue is made and cached; for the rooms of app/ that compute on it. */
#ifndef GRAPPE_CATALOGUE_INTERNAL_H
#define GRAPPE_CATALOGUE_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>

#include "catalogue/catalogue.h"
#include "matching/matching.h"

struct directory_row;
struct directory_values;
struct search_index;

/* A tree of terms and the lexicon made of it; shared, and never altered. */
struct shared_lexicon {
    const struct term_tree *tree;
    const struct lexicon *lexicon;
};

/* The lexicon of these terms, made when no other catalogue has it. Texts are copied. Give it back with
 * lexicon_release(). INVALID: see taxonomy_build(). */
struct fault *lexicon_take(struct term_source *, int count, const struct shared_lexicon **) MUST_CHECK;
void lexicon_release(void *taken);

/* What the engine made of the catalogue for matching. Firms of the matcher are entries, by index. */
struct catalogue_engines {
    const struct term_tree *tree;
    const struct lexicon *lexicon;
    const struct matcher *matcher;
    const int *nodes;         /* of catalogue.terms[i], its node; TERM_NONE: retired */
    const int64_t *node_term; /* of a node, its term's id */
};

/* A catalogue with the arena all of it lives in. */
struct catalogue_build {
    struct catalogue catalogue;
    struct arena *arena;
    /* The rest is made when first asked for: pages that search and match nothing do not wait. Names weigh
     * most in the search, then know-how, then words of terms and places. */
    pthread_mutex_t making;
    _Atomic bool spent; /* its memory: whoever comes next makes another catalogue */
    const struct search_index *search;
    struct catalogue_engines engines;
    bool made; /* the engines are */
    /* app/directory's own, by language: how each entry is told, and the values of each facet, where nothing
     * is searched or chosen */
    struct directory_row *lines[2];
    struct directory_values *facets[2];
};

/* Reads the records through a door of the class; its arena is the catalogue's. */
struct fault *catalogue_load(struct catalogue_build *, struct door *) MUST_CHECK;
/* Taxonomy, lexicon and matcher, made on the first call. Cost then: O(texts of the space). */
struct fault *catalogue_engines_of(const struct catalogue *, const struct catalogue_engines **) MUST_CHECK;

/* What making a part of it came to, passed on; a catalogue over its ceiling serves nobody any more. */
struct fault *catalogue_made(struct catalogue_build *, struct fault *failed) MUST_CHECK;

/* TERM_NONE: unknown or retired; needs the engines made. */
int catalogue_node(const struct catalogue *, int64_t term);

#endif
