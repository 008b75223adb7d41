/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "geo/lambert.h"

static const double half_pi = 1.57079632679489661923;

const struct lambert lambert_93 = {
    .n = 0.7256077650532670,
    .c = 11754255.4260960,
    .xs = 700000,
    .ys = 12655612.0498760,
    .lon0 = 0.05235987755982988730, /* 3 degrees */
    .eccentricity = 0.08181919104281579,
};

/* ALG0002: latitude from isometric latitude. */
static double latitude_of(double isometric, double e)
{
    double grown = exp(isometric), lat = 2 * atan(grown) - half_pi, before = 10;
    for (int i = 0; i < 50 && fabs(lat - before) > 1e-12; i++) {
        before = lat;
        double swing = e * sin(before);
        lat = 2 * atan(pow((1 + swing) / (1 - swing), e / 2) * grown) - half_pi;
    }
    return lat;
}

struct geo_point lambert_degrees(const struct lambert *l, double x, double y)
{
    double dx = x - l->xs, dy = l->ys - y;
    double lon = l->lon0 + atan2(dx, dy) / l->n;
    double isometric = -log(hypot(dx, dy) / l->c) / l->n;
    return (struct geo_point){latitude_of(isometric, l->eccentricity) * 90 / half_pi, lon * 90 / half_pi};
}

bool lambert_93_holds(double x, double y)
{
    return x >= 0 && x <= 1300000 && y >= 6000000 && y <= 7200000;
}
