/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* distance.h - how far apart two points of the globe are, as the crow flies. */
#ifndef GRAPPE_DISTANCE_H
#define GRAPPE_DISTANCE_H

#include <math.h>

#define EARTH_RADIUS_KM 6371.0088 /* mean radius R1 of the IUGG */

/* Degrees north and east, WGS84. */
struct geo_point {
    double lat, lon;
};

static inline double geo_radians(double degrees)
{
    return degrees * (3.14159265358979323846 / 180.0);
}

/* Great-circle distance by the haversine formula, well conditioned for near points.
 *
 *   h = sin^2(dlat / 2) + cos lat1 cos lat2 sin^2(dlon / 2),  d = 2 R asin sqrt h
 *
 * a, b     degrees; any longitude, so 179 and -181 are one
 * returns  km, 0 to pi R; NaN when a coordinate is unknown (NaN). At most 0.56 % from the ellipsoid's.
 *
 * Cost     O(1). Source: Sinnott (1984), Sky and Telescope 68, 159. */
static inline double distance_km(struct geo_point a, struct geo_point b)
{
    double lat = sin(geo_radians(b.lat - a.lat) / 2);
    double lon = sin(geo_radians(b.lon - a.lon) / 2);
    double h = lat * lat + cos(geo_radians(a.lat)) * cos(geo_radians(b.lat)) * lon * lon;
    return 2 * EARTH_RADIUS_KM * asin(sqrt(h > 1 ? 1 : h));
}

#endif
