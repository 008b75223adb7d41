/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* window.h - the area that points are looked at in: a rectangle, or a polygon with its bounding box. */
#ifndef GRAPPE_WINDOW_H
#define GRAPPE_WINDOW_H

#include <stdbool.h>
#include <stddef.h>

#include "fault/fault.h"

enum { LIMIT_CORNERS = 1000 };

struct window {
    double x0, y0, x1, y1;
    const double *x, *y; /* corners in turn, either way round; NULL: the rectangle */
    size_t corners;
};

/* INVALID, naming the corner: fewer than three, no number, sides that meet elsewhere than at their ends, no
 * area. LIMIT over LIMIT_CORNERS. The corners are kept by the caller. Cost O(corners^2). */
struct fault *window_polygon(const double *x, const double *y, size_t corners, struct window *) MUST_CHECK;

double window_area(const struct window *);                    /* square units */
bool window_holds(const struct window *, double x, double y); /* what is on its border too */
/* The share of the circle around a place inside that is inside, 0 to 1: Ripley's correction (Ripley 1977). In
 * polygons O(corners + crossings × corners). */
double window_circle(const struct window *, double x, double y, double radius);

#endif
