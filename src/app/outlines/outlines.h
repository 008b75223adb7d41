/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* outlines.h - official outlines and points of communes and EPCI: out of a file into a space, out of the
 * space onto maps. */
#ifndef GRAPPE_OUTLINES_ROOM_H
#define GRAPPE_OUTLINES_ROOM_H

#include "door/door.h"
#include "geo/outlines.h"
#include "maps/map.h"

#define OUTLINES_TOLERANCE_M 30 /* what no map of a region shows */

struct outlines_options {
    const char *level;  /* "commune", "epci"; NULL: by the codes, 5 characters (INSEE) or 9 (SIREN) */
    double tolerance_m; /* simplification in metres; 0: none */
    void (*progress)(void *with, size_t done, size_t total);
    void *progress_with;
};

struct outlines_report {
    size_t features, left_out; /* in the file; without a geometry that is an area or a point */
    size_t vertices_read, vertices_kept;
    bool lambert_93; /* metres became degrees */
    size_t areas, points, added, changed, unchanged;
    size_t sites_moved; /* known by their commune only, and by a better point of it now */
};

/* A GeoJSON or TopoJSON file into records, in one transaction; an area of a code that is there already is
 * replaced. Sites that were placed at an approximate point of their commune move to the official one.
 *
 * DENIED    all but facilitators and the program.
 * INVALID   see geo_import(); a code that is neither commune nor EPCI when `level` is not said; nothing
 * stays. NOT_FOUND no such file. IO, LIMIT: as they say. Cost      that of geo_import() and some 60 µs an
 * area; memory: the file and its vertices, in the door's arena. The door must not be in a transaction. */
struct fault *outlines_import(struct door *, const char *path, const struct outlines_options *,
                              struct outlines_report *) MUST_CHECK;

/* The areas of a level that meet the box, by code; communes are grouped by their EPCI. Points are areas
 * without rings. Nothing is kept: who draws the same often keeps the drawing (map_background()), as the
 * directory does. Cost O(areas of the level + vertices found). */
struct fault *outlines_for(struct door *, const char *level, struct geo_box,
                           struct geo_outlines *) MUST_CHECK;

#endif
