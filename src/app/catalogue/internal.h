/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* internal.h - how a catalogue is made and cached; for the rooms of app/ that compute on it. */
#ifndef GRAPPE_CATALOGUE_INTERNAL_H
#define GRAPPE_CATALOGUE_INTERNAL_H

#include "catalogue/catalogue.h"
#include "matching/matching.h"

struct search_index;

/* What the engine made of the catalogue. Firms of the matcher are entries, by index. */
struct catalogue_engines {
    const struct search_index *search;
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
    struct catalogue_engines engines;
};

/* Reads the records through a door of the class; its arena is the catalogue's. */
struct fault *catalogue_load(struct catalogue_build *, struct door *) MUST_CHECK;
/* The search index: names weigh most, then know-how, then words of terms and places. */
struct fault *catalogue_index(struct catalogue_build *) MUST_CHECK;
/* Taxonomy, lexicon and matcher. */
struct fault *catalogue_engines_build(struct catalogue_build *) MUST_CHECK;

int catalogue_node(const struct catalogue *, int64_t term); /* TERM_NONE: unknown or retired */

#endif
