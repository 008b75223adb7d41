/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "outlines/internal.h"
#include "text/buffer.h"

enum { RINGS_MOST = 2000000 }; /* as outline.def */

static void take_in(struct outline *o, int64_t lon, int64_t lat)
{
    o->west = known_integer(o->west) && o->west < lon ? o->west : lon;
    o->east = known_integer(o->east) && o->east > lon ? o->east : lon;
    o->south = known_integer(o->south) && o->south < lat ? o->south : lat;
    o->north = known_integer(o->north) && o->north > lat ? o->north : lat;
}

static void write_ring(struct buffer *b, const struct geo_outlines *all, const struct geo_ring *r,
                       struct outline *o)
{
    int64_t lon = 0, lat = 0;
    for (uint32_t i = 0; i < r->count; i++) {
        struct geo_vertex v = all->vertices[r->first + i];
        take_in(o, v.lon_e5, v.lat_e5);
        buffer_print(b, "%s%lld,%lld", i ? " " : "", (long long)(v.lon_e5 - lon),
                     (long long)(v.lat_e5 - lat));
        lon = v.lon_e5;
        lat = v.lat_e5;
    }
}

struct fault *rings_write(struct arena *a, const struct geo_outlines *all, const struct geo_area *area,
                          struct outline *o)
{
    struct buffer *b = buffer_new(a, RINGS_MOST);
    for (uint32_t i = 0; i < area->rings; i++) {
        buffer_text(b, i ? "|" : "");
        write_ring(b, all, &all->rings[area->first_ring + i], o);
    }
    if (!area->rings)
        take_in(o, llround(area->centre.lon * 1e5), llround(area->centre.lat * 1e5));
    if (b->over)
        return fault(FAULT_LIMIT,
                     "The outline of %s has too many points: simplify it with a larger tolerance.",
                     area->code);
    o->rings = b->len ? buffer_string(b) : NULL;
    return NULL;
}

static bool read_number(const char **at, int64_t *value)
{
    char *end;
    *value = strtoll(*at, &end, 10);
    bool good = end != *at && *value >= -36000000 && *value <= 36000000;
    *at = end;
    return good;
}

static bool read_vertex(const char **at, int64_t *lon, int64_t *lat)
{
    int64_t east, north;
    if (!read_number(at, &east) || *(*at)++ != ',' || !read_number(at, &north))
        return false;
    *lon += east;
    *lat += north;
    *at += strspn(*at, " ");
    return *lon >= -18000000 && *lon <= 18000000 && *lat >= -9000000 && *lat <= 9000000;
}

static bool read_ring(struct rings_room *r, const char **at)
{
    struct geo_outlines *o = r->out;
    struct geo_ring ring = {.first = (uint32_t)o->vertex_count};
    int64_t lon = 0, lat = 0;
    while (**at && **at != '|') {
        if (!read_vertex(at, &lon, &lat)) {
            o->vertex_count = ring.first;
            return false;
        }
        *PUSH(r->arena, o->vertices, o->vertex_count, r->vertex_capacity) =
            (struct geo_vertex){(int32_t)lon, (int32_t)lat};
        ring.count++;
    }
    if (ring.count >= 3)
        *PUSH(r->arena, o->rings, o->ring_count, r->ring_capacity) = ring;
    else
        o->vertex_count = ring.first;
    return true;
}

void rings_read(struct rings_room *r, const char *text)
{
    for (const char *at = text ? text : ""; *at; at += *at == '|')
        if (!read_ring(r, &at))
            return;
}
