/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* map_borders.h - outlines as SVG paths. For draw/maps alone. */
#ifndef GRAPPE_MAP_BORDERS_H
#define GRAPPE_MAP_BORDERS_H

#include "maps/map_project.h"

/* Writes the areas that show in the view as one path of closed rings, and the edges between areas of
 * different groups as another. Vertices are rounded to half a unit, so neighbours keep fitting and small
 * detail goes. Cost O(vertices of all outlines + edges in view). */
void map_borders_draw(struct arena *, struct html *, const struct map_view *, const struct geo_outlines *);

#endif
