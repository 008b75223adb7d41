/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* topojson.c - areas as references to shared arcs (TopoJSON format 1.0). */
#include "arena/arena.h"
#include "geo/geo_build.h"
#include "geo/json_scan.h"

struct arc {
    size_t first, count;
};

struct topology {
    struct geo_build *b;
    struct geo_xy scale, translate;
    bool quantised;
    struct arc *arcs;
    struct geo_xy *xy;
    size_t arc_count, arc_capacity, xy_count, xy_capacity;
};

static struct fault *broken(const struct topology *t)
{
    return fault(FAULT_INVALID, "not a sound TopoJSON, at or after feature %zu", t->b->report->features);
}

static bool read_pair(struct json_scan *s, struct geo_xy *pair)
{
    bool first = true;
    struct slice more;
    if (!json_enter(s, '[') || !json_more(s, ']', &first) || !json_number(s, &pair->x) ||
        !json_more(s, ']', &first) || !json_number(s, &pair->y))
        return false;
    while (json_more(s, ']', &first))
        json_value(s, &more);
    return !s->bad;
}

static struct fault *read_transform(struct topology *t, struct slice transform)
{
    static const char *const names[] = {"scale", "translate"};
    struct slice v[COUNT(names)];
    t->quantised = transform.len > 0;
    t->scale = (struct geo_xy){1, 1};
    t->translate = (struct geo_xy){0, 0};
    if (!t->quantised)
        return NULL;
    if (!json_members(transform, names, COUNT(names), v))
        return broken(t);
    struct json_scan scale = json_scan(v[0]), translate = json_scan(v[1]);
    return read_pair(&scale, &t->scale) && read_pair(&translate, &t->translate) ? NULL : broken(t);
}

static struct geo_xy placed(const struct topology *t, struct geo_xy p)
{
    return (struct geo_xy){p.x * t->scale.x + t->translate.x, p.y * t->scale.y + t->translate.y};
}

/* Positions of one arc; those of a quantised one are differences. */
static struct fault *read_arc(struct topology *t, struct json_scan *s)
{
    struct arc arc = {.first = t->xy_count};
    struct geo_xy at = {0, 0}, p = {0, 0};
    json_enter(s, '[');
    for (bool first = true; json_more(s, ']', &first);) {
        if (!read_pair(s, &p))
            return broken(t);
        if (t->xy_count >= LIMIT_GEO_POINTS)
            return fault(FAULT_LIMIT, "more than %d points", LIMIT_GEO_POINTS);
        at = t->quantised ? (struct geo_xy){at.x + p.x, at.y + p.y} : p;
        *PUSH(t->b->arena, t->xy, t->xy_count, t->xy_capacity) = placed(t, at);
    }
    arc.count = t->xy_count - arc.first;
    *PUSH(t->b->arena, t->arcs, t->arc_count, t->arc_capacity) = arc;
    return s->bad ? broken(t) : arena_check(t->b->arena);
}

static struct fault *read_arcs(struct topology *t, struct slice arcs)
{
    struct json_scan s = json_scan(arcs);
    if (!arcs.len) /* a topology of points has none */
        return NULL;
    json_enter(&s, '[');
    for (bool first = true; json_more(&s, ']', &first);)
        TRY(read_arc(t, &s));
    return s.bad ? broken(t) : NULL;
}

/* Adds an arc to the ring at hand; ~i means arc i backwards. Each arc starts where the one before ended. */
static struct fault *add_arc(struct topology *t, double reference, bool begins)
{
    if (!(reference >= -(double)t->arc_count && reference < (double)t->arc_count))
        return broken(t);
    int64_t signed_ = (int64_t)reference;
    bool backwards = signed_ < 0;
    const struct arc *arc = &t->arcs[backwards ? ~signed_ : signed_];
    for (size_t i = begins ? 0 : 1; i < arc->count; i++) {
        struct geo_xy p = t->xy[arc->first + (backwards ? arc->count - 1 - i : i)];
        TRY(geo_build_vertex(t->b, p.x, p.y));
    }
    return NULL;
}

static struct fault *read_ring(struct topology *t, struct json_scan *s, bool hole)
{
    bool begins = true;
    double reference = 0;
    geo_build_ring_begin(t->b, hole);
    json_enter(s, '[');
    for (bool first = true; json_more(s, ']', &first); begins = false) {
        if (!json_number(s, &reference))
            return broken(t);
        TRY(add_arc(t, reference, begins));
    }
    return s->bad ? broken(t) : geo_build_ring_end(t->b);
}

static struct fault *read_polygon(struct topology *t, struct json_scan *s)
{
    bool hole = false;
    json_enter(s, '[');
    for (bool first = true; json_more(s, ']', &first); hole = true)
        TRY(read_ring(t, s, hole));
    return s->bad ? broken(t) : NULL;
}

static struct fault *read_geometry(struct topology *t, struct slice type, struct slice arcs,
                                   struct slice coordinates)
{
    struct json_scan s = json_scan(json_is(type, "Point") ? coordinates : arcs);
    struct geo_xy p = {0, 0};
    if (json_is(type, "Polygon"))
        return read_polygon(t, &s);
    if (json_is(type, "MultiPolygon")) {
        json_enter(&s, '[');
        for (bool first = true; json_more(&s, ']', &first);)
            TRY(read_polygon(t, &s));
        return s.bad ? broken(t) : NULL;
    }
    if (!json_is(type, "Point"))
        geo_build_drop(t->b);
    else if (!read_pair(&s, &p))
        return broken(t);
    else {
        p = placed(t, p);
        return geo_build_point(t->b, p.x, p.y);
    }
    return NULL;
}

static struct fault *read_geometries(struct topology *t, struct slice geometries)
{
    static const char *const names[] = {"type", "properties", "id", "arcs", "coordinates"};
    struct json_scan s = json_scan(geometries);
    json_enter(&s, '[');
    for (bool first = true; json_more(&s, ']', &first);) {
        struct slice geometry, v[COUNT(names)];
        t->b->report->features++;
        if (!json_value(&s, &geometry) || !json_members(geometry, names, COUNT(names), v))
            return broken(t);
        TRY(geo_build_area(t->b, v[1], v[2]));
        TRY(read_geometry(t, v[0], v[3], v[4]));
    }
    return s.bad ? broken(t) : NULL;
}

/* The member asked for of "objects", or the first. */
static struct slice choose_object(struct slice objects, const char *wanted)
{
    struct json_scan s = json_scan(objects);
    struct slice key, value;
    json_enter(&s, '{');
    for (bool first = true; json_more(&s, '}', &first);)
        if (!json_key_of(&s, &key) || !json_value(&s, &value))
            break;
        else if (!wanted || slice_equal(key, slice_of(wanted)))
            return value;
    return (struct slice){0};
}

struct fault *topojson_read(struct geo_build *b, struct slice text)
{
    static const char *const names[] = {"transform", "arcs", "objects"}, *const inner[] = {"geometries"};
    struct slice v[COUNT(names)], geometries[1];
    struct topology t = {.b = b};
    b->report->topojson = true;
    if (!json_members(text, names, COUNT(names), v))
        return broken(&t);
    TRY(read_transform(&t, v[0]));
    TRY(read_arcs(&t, v[1]));
    if (!json_members(choose_object(v[2], b->options.object), inner, 1, geometries) || !geometries[0].len)
        return fault(FAULT_INVALID, "the TopoJSON has no such object with geometries");
    return read_geometries(&t, geometries[0]);
}
