/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* outlines.h - areas of a map as plain arrays: what an import gives, a space stores and a map draws. */
#ifndef GRAPPE_OUTLINES_H
#define GRAPPE_OUTLINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "geo/distance.h"

struct geo_vertex {
    int32_t lon_e5, lat_e5; /* degrees times 100,000: about a metre */
};

struct geo_ring {          /* closed, the last vertex joined to the first and not repeated */
    uint32_t first, count; /* in vertices */
    bool hole;
};

struct geo_area {
    const char *code;           /* INSEE, SIREN of an EPCI …; never empty */
    const char *name;           /* "" when the file has none */
    const char *group;          /* code of the larger area it belongs to (its EPCI), or "" */
    struct geo_point centre;    /* of its largest ring, or the point itself */
    uint32_t first_ring, rings; /* none for a point */
};

struct geo_outlines {
    struct geo_area *areas; /* sorted by code, each code once */
    struct geo_ring *rings;
    struct geo_vertex *vertices;
    size_t area_count, ring_count, vertex_count;
};

#endif
