/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* internal.h - how a catalogue is made and cached; for the files of this room. */
#ifndef GRAPPE_CATALOGUE_INTERNAL_H
#define GRAPPE_CATALOGUE_INTERNAL_H

#include "catalogue/catalogue.h"

struct search_index;
struct catalogue_engines {
    const struct search_index *search;
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

#endif
