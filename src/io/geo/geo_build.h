/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* geo_build.h - collects areas while a file is read, then turns them into outlines. For geo_import alone. */
#ifndef GRAPPE_GEO_BUILD_H
#define GRAPPE_GEO_BUILD_H

#include "geo/geo_import.h"

struct geo_xy {
    double x, y; /* as in the file: degrees or metres */
};

struct geo_build {
    struct arena *arena;
    struct geo_import_options options;
    struct geo_import_report *report;
    struct geo_area *areas;
    struct geo_ring *rings; /* first and count refer to xy */
    struct geo_xy *xy;
    size_t area_count, area_capacity, ring_count, ring_capacity, xy_count, xy_capacity;
};

/* Notes the code, name and group of a feature; `id` is its raw JSON id or empty. */
struct fault *geo_build_area(struct geo_build *, struct slice properties, struct slice id) MUST_CHECK;
void geo_build_drop(struct geo_build *); /* the area begun last: it has no geometry we use */

struct fault *geo_build_vertex(struct geo_build *, double x, double y) MUST_CHECK;
void geo_build_ring_begin(struct geo_build *, bool hole);
struct fault *geo_build_ring_end(struct geo_build *) MUST_CHECK; /* unclosed or short rings are refused */
struct fault *geo_build_point(struct geo_build *, double x, double y) MUST_CHECK;

/* Converts, rounds, simplifies, sorts. */
struct fault *geo_build_finish(struct geo_build *, struct geo_outlines *out) MUST_CHECK;

/* The two formats: each reads features and hands them over. */
struct fault *geojson_read(struct geo_build *, struct slice features) MUST_CHECK;
struct fault *topojson_read(struct geo_build *, struct slice text) MUST_CHECK;

#endif
