/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* geo_import.c - tells the formats apart and reads GeoJSON. */
#include "geo/geo_import.h"

#include "arena/arena.h"
#include "geo/geo_build.h"
#include "geo/json_scan.h"

static struct fault *not_json(const struct geo_build *b)
{
    return fault(FAULT_INVALID, "not the JSON of a map, at or after feature %zu", b->report->features);
}

/* [x, y, …]: heights and measures are passed over. */
static bool read_position(struct json_scan *s, double *x, double *y)
{
    bool first = true;
    struct slice more;
    if (!json_enter(s, '[') || !json_more(s, ']', &first) || !json_number(s, x) ||
        !json_more(s, ']', &first) || !json_number(s, y))
        return false;
    while (json_more(s, ']', &first))
        json_value(s, &more);
    return !s->bad;
}

static struct fault *read_ring(struct geo_build *b, struct json_scan *s, bool hole)
{
    geo_build_ring_begin(b, hole);
    json_enter(s, '[');
    for (bool first = true; json_more(s, ']', &first);) {
        double x = 0, y = 0;
        if (!read_position(s, &x, &y))
            return not_json(b);
        TRY(geo_build_vertex(b, x, y));
    }
    return s->bad ? not_json(b) : geo_build_ring_end(b);
}

static struct fault *read_polygon(struct geo_build *b, struct json_scan *s)
{
    bool hole = false;
    json_enter(s, '[');
    for (bool first = true; json_more(s, ']', &first); hole = true)
        TRY(read_ring(b, s, hole));
    return s->bad ? not_json(b) : NULL;
}

static struct fault *read_geometry(struct geo_build *b, struct slice geometry)
{
    static const char *const names[] = {"type", "coordinates"};
    struct slice v[COUNT(names)];
    if (!json_members(geometry, names, COUNT(names), v)) {
        geo_build_drop(b); /* null, or nothing we read */
        return NULL;
    }
    struct json_scan s = json_scan(v[1]);
    if (json_is(v[0], "Polygon"))
        return read_polygon(b, &s);
    if (json_is(v[0], "MultiPolygon")) {
        json_enter(&s, '[');
        for (bool first = true; json_more(&s, ']', &first);)
            TRY(read_polygon(b, &s));
        return s.bad ? not_json(b) : NULL;
    }
    double x = 0, y = 0;
    if (!json_is(v[0], "Point"))
        geo_build_drop(b);
    else if (!read_position(&s, &x, &y))
        return not_json(b);
    else
        return geo_build_point(b, x, y);
    return NULL;
}

struct fault *geojson_read(struct geo_build *b, struct slice features)
{
    static const char *const names[] = {"properties", "geometry", "id"};
    struct json_scan s = json_scan(features);
    json_enter(&s, '[');
    for (bool first = true; json_more(&s, ']', &first);) {
        struct slice feature, v[COUNT(names)];
        b->report->features++;
        if (!json_value(&s, &feature) || !json_members(feature, names, COUNT(names), v))
            return not_json(b);
        TRY(geo_build_area(b, v[0], v[2]));
        TRY(read_geometry(b, v[1]));
    }
    return s.bad ? not_json(b) : NULL;
}

struct fault *geo_import(struct arena *a, struct slice text, struct geo_import_options options,
                         struct geo_outlines *out, struct geo_import_report *report)
{
    static const char *const names[] = {"type", "features"};
    struct slice v[COUNT(names)];
    *out = (struct geo_outlines){0};
    *report = (struct geo_import_report){0};
    struct geo_build b = {.arena = a, .options = options, .report = report};
    if (text.len > LIMIT_GEO_FILE)
        return fault(FAULT_LIMIT, "the file is over %zu MiB", LIMIT_GEO_FILE / MIB);
    if (slice_starts(text, S("\xEF\xBB\xBF")))
        text = slice_from(text, 3);
    if (!json_members(text, names, COUNT(names), v))
        return fault(FAULT_INVALID, "not a GeoJSON or TopoJSON file");
    if (json_is(v[0], "FeatureCollection"))
        TRY(geojson_read(&b, v[1]));
    else if (json_is(v[0], "Topology"))
        TRY(topojson_read(&b, text));
    else
        return fault(FAULT_INVALID, "not a GeoJSON FeatureCollection, nor a TopoJSON Topology");
    if (!b.area_count)
        return fault(FAULT_INVALID, "no area and no point in the file");
    return geo_build_finish(&b, out);
}
