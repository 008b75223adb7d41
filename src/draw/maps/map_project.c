/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "maps/map_project.h"

#include <stdlib.h>

#include "arena/arena.h"
#include "number/checked.h"

static const double km_per_degree = 111.19508;
static const double least_km = 12; /* a frame is never narrower: one site is shown in its surroundings */
static const double tallest = 1.0, flattest = 0.72; /* height over width */
static const double margin = 0.08;

struct range {
    double low, high;
};

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The range of the values; without the outermost twentieth at each end when those are three times as far
 * apart. */
static struct range core_range(double *values, size_t count)
{
    qsort(values, count, sizeof *values, ascending);
    struct range all = {values[0], values[count - 1]};
    if (count < 8)
        return all;
    struct range core = {values[count / 20 + 1], values[count - 2 - count / 20]};
    double slack = (core.high - core.low) / 2 + least_km / km_per_degree;
    bool far = all.high - all.low > 3 * (core.high - core.low + slack / 4);
    struct range near = {core.low - slack, core.high + slack};
    if (!far)
        return all;
    return (struct range){near.low > all.low ? near.low : all.low,
                          near.high < all.high ? near.high : all.high};
}

static bool is_placed(struct geo_point p)
{
    return known_real(p.lat) && known_real(p.lon) && fabs(p.lat) <= 85 && fabs(p.lon) <= 180;
}

static double longitude_shrink(double south, double north)
{
    return cos(geo_radians((south + north) / 2));
}

/* Widens a range about its middle. */
static struct range widened(struct range r, double least)
{
    double missing = (least - (r.high - r.low)) / 2;
    return missing > 0 ? (struct range){r.low - missing, r.high + missing} : r;
}

/* Room around the range, the least extent, and a pleasant shape. */
static struct geo_box composed(struct range lat, struct range lon)
{
    double shrink = longitude_shrink(lat.low, lat.high);
    double tall = (lat.high - lat.low) * km_per_degree * (1 + 2 * margin);
    double wide = (lon.high - lon.low) * km_per_degree * shrink * (1 + 2 * margin);
    tall = tall > least_km ? tall : least_km;
    wide = wide > least_km ? wide : least_km;
    wide = wide > tall / tallest ? wide : tall / tallest;
    tall = tall > wide * flattest ? tall : wide * flattest;
    lat = widened(lat, tall / km_per_degree);
    lon = widened(lon, wide / km_per_degree / shrink);
    return (struct geo_box){lat.low, lon.low, lat.high, lon.high};
}

static void include(struct range *r, double low, double high)
{
    r->low = low < r->low ? low : r->low;
    r->high = high > r->high ? high : r->high;
}

struct geo_box map_frame(struct arena *a, const struct map *m)
{
    if (m->box.north > m->box.south && m->box.east > m->box.west)
        return m->box;
    double *lats = NEW(a, double, m->site_count + 1), *lons = NEW(a, double, m->site_count + 1);
    size_t count = 0;
    for (size_t i = 0; i < m->site_count; i++)
        if (is_placed(m->sites[i].at)) {
            lats[count] = m->sites[i].at.lat;
            lons[count++] = m->sites[i].at.lon;
        }
    bool reach = m->reach_km > 0 && m->reach_km < 2000 && is_placed(m->centre);
    if (!count && !reach)
        return (struct geo_box){0};
    struct range lat = {m->centre.lat, m->centre.lat}, lon = {m->centre.lon, m->centre.lon};
    if (count) {
        lat = core_range(lats, count);
        lon = core_range(lons, count);
    }
    if (reach) {
        double high = m->reach_km / km_per_degree,
               wide = high / longitude_shrink(m->centre.lat, m->centre.lat);
        include(&lat, m->centre.lat - high, m->centre.lat + high);
        include(&lon, m->centre.lon - wide, m->centre.lon + wide);
    }
    return composed(lat, lon);
}

struct map_view map_view_of(struct geo_box box)
{
    double shrink = longitude_shrink(box.south, box.north);
    double x_scale = MAP_WIDTH / (box.east - box.west);
    double y_scale = x_scale / shrink;
    return (struct map_view){.north = box.north,
                             .west = box.west,
                             .x_scale = x_scale,
                             .y_scale = y_scale,
                             .width = MAP_WIDTH,
                             .height = (box.north - box.south) * y_scale,
                             .km = y_scale / km_per_degree};
}

struct map_xy map_place(const struct map_view *v, struct geo_point p)
{
    return (struct map_xy){(p.lon - v->west) * v->x_scale, (v->north - p.lat) * v->y_scale};
}

bool map_inside(const struct map_view *v, struct map_xy p)
{
    return p.x >= 0 && p.x <= v->width && p.y >= 0 && p.y <= v->height;
}
