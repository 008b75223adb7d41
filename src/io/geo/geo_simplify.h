/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* geo_simplify.h - fewer vertices, with borders that still fit their neighbours'. */
#ifndef GRAPPE_GEO_SIMPLIFY_H
#define GRAPPE_GEO_SIMPLIFY_H

#include "fault/fault.h"
#include "geo/outlines.h"

struct arena;

/* Drops vertices that lie within a tolerance of the line that remains (Douglas-Peucker), border by border.
 *
 * Rings are cut where borders of different areas meet (a vertex whose two neighbours are not the same in
 * every ring through it), and each piece is simplified from the same end whoever owns it: two areas that
 * shared a border vertex by vertex share it still. A ring that would lose its surface keeps all its vertices.
 *
 * outlines     changed in place: fewer vertices, same rings, same areas
 * tolerance_m  metres on the ground; 0 changes nothing
 *
 * LIMIT        memory. Cost O(n log n) on ordinary borders, 1024 n at worst; deterministic.
 * Source       Douglas and Peucker (1973), Cartographica 10, 112-122; cutting after Bostock's TopoJSON. */
struct fault *geo_simplify(struct arena *, struct geo_outlines *, double tolerance_m) MUST_CHECK;

#endif
