/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* geo_import.h - official outlines and points: GeoJSON and TopoJSON files into plain arrays.
 *
 * GeoJSON: a FeatureCollection of Polygon, MultiPolygon and Point. TopoJSON: one object of such geometries,
 * quantised or not. Degrees, or Lambert-93 metres, told apart by their range. What has another geometry is
 * counted and left out. */
#ifndef GRAPPE_GEO_IMPORT_H
#define GRAPPE_GEO_IMPORT_H

#include "fault/fault.h"
#include "geo/outlines.h"
#include "text/slice.h"

struct arena;

struct geo_import_options {
    const char
        *code_property; /* NULL: the first present of code, insee_com, code_insee, code_siren … or the id */
    const char *name_property;  /* NULL: nom, nom_officiel, name … */
    const char *group_property; /* NULL: epci, code_epci, codes_siren_des_epci … */
    const char *object;         /* TopoJSON: which object; NULL: the first */
    double tolerance_m;         /* simplification, metres; 0: none */
};

struct geo_import_report {
    size_t features;      /* in the file */
    size_t left_out;      /* no geometry, or one that is neither area nor point */
    size_t vertices_read; /* before rounding and simplification */
    bool lambert_93;      /* metres were converted */
    bool topojson;
};

/* Reads a file's text; everything lands in the arena, nothing refers to `text` afterwards.
 *
 * INVALID  no such JSON; a feature without code; a code twice; a ring of fewer than three corners;
 * coordinates that are neither degrees nor Lambert-93. The text of the fault counts features from 1. LIMIT
 * file, vertices or memory over limits.h. Cost     O(bytes); memory about 24 bytes a vertex. */
struct fault *geo_import(struct arena *, struct slice text, struct geo_import_options,
                         struct geo_outlines *out, struct geo_import_report *report) MUST_CHECK;

/* One area per code: its number in outlines->areas, or -1. */
int64_t geo_area_of(const struct geo_outlines *, const char *code);

/* Outlines as compact bytes for a table, and back: differences as variable-length integers, about 6 bytes a
 * vertex. Reading accepts anything: bytes that are no outlines give INVALID. */
struct slice geo_pack(struct arena *, const struct geo_outlines *);
struct fault *geo_unpack(struct arena *, struct slice packed, struct geo_outlines *out) MUST_CHECK;

#endif
