/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* directory_map.h - the ground of a space's maps, and where the organisations are on it.
 *
 * Frame, outlines and towns are those of all organisations of the class: they stay where they are while one
 * filters, and are made once for each state of the space. */
#ifndef GRAPPE_DIRECTORY_MAP_H
#define GRAPPE_DIRECTORY_MAP_H

#include "directory/directory.h"
#include "maps/map.h"

/* The map without sites: box, towns, background. Kept with the catalogue. */
struct map directory_ground(const struct catalogue *);

/* Open sites of the results that have a position. */
struct directory_sites {
    struct map_site *at;
    size_t count, placed; /* placed: organisations with at least one */
    bool members, others; /* some are members, some are not, as far as the class sees it */
};
/* Cost O(results). */
struct directory_sites directory_sites_of(struct arena *, const struct directory_answer *);

/* The map of the results, in the thread's language. Placing labels costs more than the rest of a page, so the
 * last few maps of a catalogue are kept: every page and order of one search shares one. *told: what is on it,
 * without the sites themselves. */
struct markup directory_map(struct arena *, const struct directory_answer *, struct directory_sites *told);

#endif
