/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "geo/geo_build.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "geo/geo_simplify.h"
#include "geo/lambert.h"
#include "number/checked.h"

enum { MOST_AREAS = 200000 };

static const char *const code_names[] = {"code",       "insee_com", "INSEE_COM",  "code_insee", "codgeo",
                                         "code_siren", "siren",     "SIREN_EPCI", "code_epci",  "epci"};
static const char *const name_names[] = {"nom",     "nom_officiel", "NOM",     "libgeo",
                                         "libelle", "name",         "epci_nom"};
static const char *const group_names[] = {"epci", "code_epci", "codes_siren_des_epci", "SIREN_EPCI",
                                          "siren_epci"};

/* A property's text; a number is written out, with the leading zero that a spreadsheet took off a
 * commune's. */
static char *text_of(struct arena *a, const json_t *value)
{
    if (json_is_string(value) && json_string_length(value) <= LIMIT_TEXT &&
        strlen(json_string_value(value)) == json_string_length(value))
        return arena_text(a, json_string_value(value), json_string_length(value));
    if (json_is_integer(value) && json_integer_value(value) >= 0)
        return arena_print(a, "%05lld", (long long)json_integer_value(value));
    return NULL;
}

/* The property asked for, or the first of the usual names that is there; "" when there is none. */
static const char *property(struct arena *a, const json_t *properties, const char *asked,
                            const char *const *usual, size_t count)
{
    const char *found = asked ? text_of(a, json_object_get(properties, asked)) : NULL;
    for (size_t i = 0; !asked && !found && i < count; i++)
        found = text_of(a, json_object_get(properties, usual[i]));
    return found ? found : "";
}

static void release_json(void *json)
{
    json_decref(json);
}

static json_t *load(struct arena *a, struct slice text)
{
    json_t *json =
        text.len && text.len <= LIMIT_BODY ? json_loadb(text.ptr, text.len, JSON_DECODE_ANY, NULL) : NULL;
    if (json)
        arena_defer(a, release_json, json);
    return json;
}

struct fault *geo_build_area(struct geo_build *b, struct slice properties, struct slice id)
{
    ARENA_SCOPE(scratch);
    if (b->area_count >= MOST_AREAS)
        return fault(FAULT_LIMIT, "more than %d features", MOST_AREAS);
    const json_t *json = load(scratch, properties);
    struct geo_area area = {.centre = {UNKNOWN_REAL, UNKNOWN_REAL}, .first_ring = (uint32_t)b->ring_count};
    area.code = property(b->arena, json, b->options.code_property, code_names, COUNT(code_names));
    area.name = property(b->arena, json, b->options.name_property, name_names, COUNT(name_names));
    area.group = property(b->arena, json, b->options.group_property, group_names, COUNT(group_names));
    if (!*area.code && !b->options.code_property) {
        const char *given = text_of(b->arena, load(scratch, id));
        area.code = given ? given : "";
    }
    if (!*area.code)
        return fault(FAULT_INVALID, "feature %zu has no code", b->report->features);
    *PUSH(b->arena, b->areas, b->area_count, b->area_capacity) = area;
    return arena_check(b->arena);
}

void geo_build_drop(struct geo_build *b)
{
    b->area_count--;
    b->report->left_out++;
}

struct fault *geo_build_vertex(struct geo_build *b, double x, double y)
{
    if (b->xy_count >= LIMIT_GEO_POINTS)
        return fault(FAULT_LIMIT, "more than %d points", LIMIT_GEO_POINTS);
    *PUSH(b->arena, b->xy, b->xy_count, b->xy_capacity) = (struct geo_xy){x, y};
    b->rings[b->ring_count - 1].count++;
    b->report->vertices_read++;
    return arena_check(b->arena);
}

void geo_build_ring_begin(struct geo_build *b, bool hole)
{
    *PUSH(b->arena, b->rings, b->ring_count, b->ring_capacity) =
        (struct geo_ring){.first = (uint32_t)b->xy_count, .hole = hole};
}

struct fault *geo_build_ring_end(struct geo_build *b)
{
    struct geo_ring *ring = &b->rings[b->ring_count - 1];
    bool closed = ring->count >= 4;
    if (closed) {
        struct geo_xy first = b->xy[ring->first], last = b->xy[b->xy_count - 1];
        closed = first.x <= last.x && first.x >= last.x && first.y <= last.y && first.y >= last.y;
    }
    if (!closed)
        return fault(FAULT_INVALID, "feature %zu has a ring that is not closed", b->report->features);
    ring->count--;
    b->xy_count--;
    b->areas[b->area_count - 1].rings++;
    return arena_check(b->arena);
}

struct fault *geo_build_point(struct geo_build *b, double x, double y)
{
    b->areas[b->area_count - 1].centre = (struct geo_point){y, x};
    b->report->vertices_read++;
    return NULL;
}

static bool in_degrees(double x, double y)
{
    return x >= -180 && x <= 180 && y >= -90 && y <= 90;
}

/* Degrees or metres: all points must say the same. */
static struct fault *find_projection(struct geo_build *b)
{
    bool degrees = true, lambert = true;
    for (size_t i = 0; i < b->xy_count; i++) {
        degrees &= in_degrees(b->xy[i].x, b->xy[i].y);
        lambert &= lambert_93_holds(b->xy[i].x, b->xy[i].y);
    }
    for (size_t i = 0; i < b->area_count; i++) {
        struct geo_point p = b->areas[i].centre;
        degrees &= !known_real(p.lat) || in_degrees(p.lon, p.lat);
        lambert &= !known_real(p.lat) || lambert_93_holds(p.lon, p.lat);
    }
    b->report->lambert_93 = lambert && !degrees;
    return degrees || lambert ? NULL
                              : fault(FAULT_INVALID, "coordinates are neither degrees nor Lambert-93 metres");
}

static struct geo_point degrees_of(const struct geo_build *b, struct geo_xy p)
{
    return b->report->lambert_93 ? lambert_degrees(&lambert_93, p.x, p.y) : (struct geo_point){p.y, p.x};
}

static struct geo_vertex rounded(struct geo_point p)
{
    return (struct geo_vertex){(int32_t)lround(p.lon * 1e5), (int32_t)lround(p.lat * 1e5)};
}

/* Rounds the rings of one area to `out`, without repeated vertices; a ring that rounds away is left out. */
static void round_area(const struct geo_build *b, struct geo_area *area, struct geo_outlines *out)
{
    uint32_t first = area->first_ring, count = area->rings;
    area->first_ring = (uint32_t)out->ring_count;
    area->rings = 0;
    for (uint32_t r = first; r < first + count; r++) {
        struct geo_ring ring = {.first = (uint32_t)out->vertex_count, .hole = b->rings[r].hole};
        for (uint32_t i = 0; i < b->rings[r].count; i++) {
            struct geo_vertex v = rounded(degrees_of(b, b->xy[b->rings[r].first + i]));
            const struct geo_vertex *last = ring.count ? &out->vertices[out->vertex_count - 1] : NULL;
            if (last && last->lon_e5 == v.lon_e5 && last->lat_e5 == v.lat_e5)
                continue;
            out->vertices[out->vertex_count++] = v;
            ring.count++;
        }
        const struct geo_vertex *v = out->vertices + ring.first;
        while (ring.count > 1 && v[0].lon_e5 == v[ring.count - 1].lon_e5 &&
               v[0].lat_e5 == v[ring.count - 1].lat_e5) {
            ring.count--;
            out->vertex_count--;
        }
        if (ring.count < 3) {
            out->vertex_count = ring.first;
            continue;
        }
        out->rings[out->ring_count++] = ring;
        area->rings++;
    }
}

static int32_t clamped(double value, int32_t low, int32_t high)
{
    return value < low ? low : value > high ? high : (int32_t)lround(value);
}

/* A point inside the box of a ring: the centroid of a ring that crosses itself can be anywhere. */
static struct geo_point into_box(const struct geo_outlines *o, const struct geo_ring *r, double lon_e5,
                                 double lat_e5)
{
    struct geo_vertex low = o->vertices[r->first], high = low;
    for (uint32_t i = 1; i < r->count; i++) {
        struct geo_vertex v = o->vertices[r->first + i];
        low.lon_e5 = v.lon_e5 < low.lon_e5 ? v.lon_e5 : low.lon_e5;
        low.lat_e5 = v.lat_e5 < low.lat_e5 ? v.lat_e5 : low.lat_e5;
        high.lon_e5 = v.lon_e5 > high.lon_e5 ? v.lon_e5 : high.lon_e5;
        high.lat_e5 = v.lat_e5 > high.lat_e5 ? v.lat_e5 : high.lat_e5;
    }
    return (struct geo_point){clamped(lat_e5, low.lat_e5, high.lat_e5) / 1e5,
                              clamped(lon_e5, low.lon_e5, high.lon_e5) / 1e5};
}

/* Twice the surface of a ring, sign dropped, and its centroid in degrees. */
static double ring_surface(const struct geo_outlines *o, const struct geo_ring *r, struct geo_point *centre)
{
    const struct geo_vertex *v = o->vertices + r->first;
    double sum = 0, x = 0, y = 0;
    for (uint32_t i = 0; i < r->count; i++) { /* relative to the first vertex, to keep digits */
        const struct geo_vertex *a = &v[i], *b = &v[i + 1 == r->count ? 0 : i + 1];
        double ax = (double)a->lon_e5 - v->lon_e5, ay = (double)a->lat_e5 - v->lat_e5;
        double bx = (double)b->lon_e5 - v->lon_e5, by = (double)b->lat_e5 - v->lat_e5;
        double cross = ax * by - bx * ay;
        sum += cross;
        x += (ax + bx) * cross;
        y += (ay + by) * cross;
    }
    double scale = fabs(sum) > 0 ? 1 / (3 * sum) : 0;
    *centre = into_box(o, r, v->lon_e5 + x * scale, v->lat_e5 + y * scale);
    return fabs(sum);
}

static void find_centre(const struct geo_build *b, const struct geo_outlines *o, struct geo_area *area)
{
    if (known_real(area->centre.lat)) {
        struct geo_xy p = {area->centre.lon, area->centre.lat};
        area->centre = degrees_of(b, p);
        return;
    }
    double most = -1;
    for (uint32_t r = 0; r < area->rings; r++) {
        struct geo_point centre;
        double surface = ring_surface(o, &o->rings[area->first_ring + r], &centre);
        if (!o->rings[area->first_ring + r].hole && surface > most) {
            most = surface;
            area->centre = centre;
        }
    }
}

static int by_code(const void *a, const void *b)
{
    return strcmp(((const struct geo_area *)a)->code, ((const struct geo_area *)b)->code);
}

static struct fault *sort_areas(struct geo_build *b)
{
    if (b->area_count)
        qsort(b->areas, b->area_count, sizeof *b->areas, by_code);
    for (size_t i = 1; i < b->area_count; i++)
        if (strcmp(b->areas[i - 1].code, b->areas[i].code) == 0)
            return fault(FAULT_INVALID, "code %s is there twice", b->areas[i].code);
    return NULL;
}

struct fault *geo_build_finish(struct geo_build *b, struct geo_outlines *out)
{
    TRY(find_projection(b));
    TRY(sort_areas(b));
    *out = (struct geo_outlines){.areas = b->areas,
                                 .area_count = b->area_count,
                                 .rings = NEW(b->arena, struct geo_ring, b->ring_count + 1),
                                 .vertices = NEW(b->arena, struct geo_vertex, b->xy_count + 1)};
    TRY(arena_check(b->arena));
    for (size_t i = 0; i < b->area_count; i++) {
        round_area(b, &b->areas[i], out);
        find_centre(b, out, &b->areas[i]);
    }
    struct arena *work = arena_new(LIMIT_COMMAND_MEMORY);
    struct fault *simplified = geo_simplify(work, out, b->options.tolerance_m);
    arena_free(work);
    return simplified;
}

int64_t geo_area_of(const struct geo_outlines *o, const char *code)
{
    struct geo_area key = {.code = code};
    const struct geo_area *found =
        o->area_count ? bsearch(&key, o->areas, o->area_count, sizeof *o->areas, by_code) : NULL;
    return found ? found - o->areas : -1;
}
