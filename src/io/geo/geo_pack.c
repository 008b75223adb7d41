/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* geo_pack.c - outlines as bytes: a mark, counts, then each area with its rings as differences. */
#include <string.h>

#include "arena/arena.h"
#include "geo/geo_import.h"
#include "number/checked.h"
#include "text/buffer.h"

static const char mark[] = "GRO1";

static void put_unsigned(struct buffer *b, uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        buffer_char(b, (char)(value | 0x80));
    buffer_char(b, (char)value);
}

/* Small differences of either sign become small numbers. */
static void put_signed(struct buffer *b, int64_t value)
{
    put_unsigned(b, (uint64_t)value << 1 ^ (value < 0 ? UINT64_MAX : 0));
}

static void put_text(struct buffer *b, const char *text)
{
    size_t length = strlen(text);
    put_unsigned(b, length);
    buffer_add(b, text, length);
}

static void put_ring(struct buffer *b, const struct geo_outlines *o, const struct geo_ring *r,
                     struct geo_vertex *last)
{
    put_unsigned(b, (uint64_t)r->count << 1 | r->hole);
    for (uint32_t i = 0; i < r->count; i++) {
        struct geo_vertex v = o->vertices[r->first + i];
        put_signed(b, (int64_t)v.lon_e5 - last->lon_e5);
        put_signed(b, (int64_t)v.lat_e5 - last->lat_e5);
        *last = v;
    }
}

struct slice geo_pack(struct arena *a, const struct geo_outlines *o)
{
    size_t most = 64 + o->vertex_count * 12 + o->ring_count * 8;
    for (size_t i = 0; i < o->area_count; i++)
        most += strlen(o->areas[i].code) + strlen(o->areas[i].name) + strlen(o->areas[i].group) + 64;
    struct buffer *b = buffer_new(a, most);
    struct geo_vertex last = {0, 0};
    buffer_text(b, mark);
    put_unsigned(b, o->area_count);
    put_unsigned(b, o->ring_count);
    put_unsigned(b, o->vertex_count);
    for (size_t i = 0; i < o->area_count; i++) {
        const struct geo_area *area = &o->areas[i];
        put_text(b, area->code);
        put_text(b, area->name);
        put_text(b, area->group);
        put_unsigned(b, known_real(area->centre.lat));
        if (known_real(area->centre.lat)) {
            put_signed(b, lround(area->centre.lon * 1e5));
            put_signed(b, lround(area->centre.lat * 1e5));
        }
        put_unsigned(b, area->rings);
        for (uint32_t r = 0; r < area->rings; r++)
            put_ring(b, o, &o->rings[area->first_ring + r], &last);
    }
    return buffer_view(b);
}

struct reader {
    struct arena *arena;
    struct slice left;
    bool bad;
};

static uint64_t get_unsigned(struct reader *r)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 63 && r->left.len; shift += 7) {
        uint8_t byte = (uint8_t)r->left.ptr[0];
        r->left = slice_from(r->left, 1);
        value |= (uint64_t)(byte & 0x7F) << shift;
        if (byte < 0x80)
            return value;
    }
    r->bad = true;
    return 0;
}

static int64_t get_signed(struct reader *r)
{
    uint64_t value = get_unsigned(r);
    return (int64_t)(value >> 1) ^ -(int64_t)(value & 1);
}

static const char *get_text(struct reader *r)
{
    uint64_t length = get_unsigned(r);
    if (r->bad || length > r->left.len || length > LIMIT_TEXT || memchr(r->left.ptr, 0, (size_t)length)) {
        r->bad = true;
        return "";
    }
    const char *text = arena_text(r->arena, r->left.ptr, (size_t)length);
    r->left = slice_from(r->left, (size_t)length);
    return text;
}

/* A coordinate plus a difference, inside the globe. */
static int32_t get_coordinate(struct reader *r, int32_t from, int32_t most)
{
    int64_t value = get_signed(r);
    if (!add_fits(value, (int64_t)from, &value) || value > most || value < -most)
        r->bad = true;
    return r->bad ? 0 : (int32_t)value;
}

static void get_ring(struct reader *r, struct geo_outlines *o, size_t vertices, struct geo_vertex *last)
{
    uint64_t head = get_unsigned(r);
    if (r->bad || head >> 1 > vertices - o->vertex_count || head >> 1 < 3) {
        r->bad = true;
        return;
    }
    struct geo_ring *ring = &o->rings[o->ring_count++];
    *ring = (struct geo_ring){(uint32_t)o->vertex_count, (uint32_t)(head >> 1), head & 1};
    for (uint32_t i = 0; i < ring->count && !r->bad; i++) {
        last->lon_e5 = get_coordinate(r, last->lon_e5, 18000000);
        last->lat_e5 = get_coordinate(r, last->lat_e5, 9000000);
        o->vertices[o->vertex_count++] = *last;
    }
}

static void get_area(struct reader *r, struct geo_outlines *o, size_t rings, size_t vertices,
                     struct geo_vertex *last)
{
    struct geo_area *area = &o->areas[o->area_count++];
    *area = (struct geo_area){.centre = {UNKNOWN_REAL, UNKNOWN_REAL}, .first_ring = (uint32_t)o->ring_count};
    area->code = get_text(r);
    area->name = get_text(r);
    area->group = get_text(r);
    if (get_unsigned(r)) {
        area->centre.lon = get_coordinate(r, 0, 18000000) / 1e5;
        area->centre.lat = get_coordinate(r, 0, 9000000) / 1e5;
    }
    uint64_t count = get_unsigned(r);
    r->bad |= count > rings - o->ring_count || !*area->code ||
              (o->area_count > 1 && strcmp(area[-1].code, area->code) >= 0);
    for (; count && !r->bad; count--, area->rings++)
        get_ring(r, o, vertices, last);
}

struct fault *geo_unpack(struct arena *a, struct slice packed, struct geo_outlines *out)
{
    *out = (struct geo_outlines){0};
    if (!slice_starts(packed, S("GRO1")))
        return fault(FAULT_INVALID, "these are no outlines");
    struct reader r = {.arena = a, .left = slice_from(packed, strlen(mark))};
    uint64_t areas = get_unsigned(&r), rings = get_unsigned(&r), vertices = get_unsigned(&r);
    /* Each takes at least so many bytes: a lie about the counts must not make us allocate. */
    if (r.bad || areas > r.left.len / 5 || rings > r.left.len / 7 || vertices > r.left.len / 2)
        return fault(FAULT_INVALID, "these are no outlines");
    struct geo_outlines o = {.areas = NEW(a, struct geo_area, areas + 1),
                             .rings = NEW(a, struct geo_ring, rings + 1),
                             .vertices = NEW(a, struct geo_vertex, vertices + 1)};
    struct geo_vertex last = {0, 0};
    while (o.area_count < areas && !r.bad)
        get_area(&r, &o, (size_t)rings, (size_t)vertices, &last);
    if (r.bad || r.left.len || o.ring_count != rings || o.vertex_count != vertices)
        return fault(FAULT_INVALID, "these are no outlines");
    *out = o;
    return arena_check(a);
}
