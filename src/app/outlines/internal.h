/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* internal.h - rings as one text, in records: "lon,lat dlon,dlat …|…" in 1e-5 degrees. */
#ifndef GRAPPE_OUTLINES_INTERNAL_H
#define GRAPPE_OUTLINES_INTERNAL_H

#include "outlines/outlines.h"

struct rings_room {
    struct arena *arena;
    struct geo_outlines *out;
    size_t ring_capacity, vertex_capacity;
};

/* Writes an area's rings and its four ends. LIMIT when the text is too long for a record. */
struct fault *rings_write(struct arena *, const struct geo_outlines *, const struct geo_area *,
                          struct outline *) MUST_CHECK;
/* Adds the rings of a text; stops at what cannot be read. Rings of fewer than three corners are left out. */
void rings_read(struct rings_room *, const char *text);

#endif
