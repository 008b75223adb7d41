/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* lambert.h - the projection of French official maps, back to degrees. */
#ifndef GRAPPE_LAMBERT_H
#define GRAPPE_LAMBERT_H

#include <stdbool.h>

#include "geo/distance.h"

struct lambert {         /* a conformal conic projection on an ellipsoid */
    double n, c;         /* exponent; constant of the projection, metres */
    double xs, ys;       /* the pole in the plane, metres */
    double lon0;         /* meridian of origin, radians */
    double eccentricity; /* first eccentricity of the ellipsoid */
};

extern const struct lambert lambert_93; /* RGF93 on GRS80: the same as WGS84 to the metre */

/* Degrees of a point in the plane.
 *
 *   R = |(x - xs, ys - y)|, gamma = atan((x - xs) / (ys - y)), lon = lon0 + gamma / n, isometric = -ln(R / c)
 * / n, lat by fixed point of 2 atan(((1 + e sin lat) / (1 - e sin lat))^(e / 2) exp isometric) - pi / 2
 *
 * x, y     metres
 * Cost     about 6 iterations. Source: IGN, Projection cartographique conique conforme de Lambert (NTG 71),
 *          algorithms ALG0004 and ALG0002. Checked on the example printed there, to 1e-9 radian. */
struct geo_point lambert_degrees(const struct lambert *, double x, double y);

/* Whether metres are in the range of metropolitan France. */
bool lambert_93_holds(double x, double y);

#endif
