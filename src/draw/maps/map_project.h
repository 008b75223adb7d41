/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* map_project.h - from degrees to user units, and back to a frame. For draw/maps alone. */
#ifndef GRAPPE_MAP_PROJECT_H
#define GRAPPE_MAP_PROJECT_H

#include "maps/map.h"

struct map_xy {
    double x, y; /* user units, y down */
};

struct map_view {
    double north, west;      /* degrees at the top left corner */
    double x_scale, y_scale; /* user units per degree */
    double width, height;    /* user units */
    double km;               /* user units per km */
};

/* A frame and its scale. Degrees of longitude shrink with the cosine of the middle latitude: true to better
 * than 1 % over a region. */
struct map_view map_view_of(struct geo_box);
struct map_xy map_place(const struct map_view *, struct geo_point);
bool map_inside(const struct map_view *, struct map_xy);

#endif
