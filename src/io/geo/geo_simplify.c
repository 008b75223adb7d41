/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "geo/geo_simplify.h"

#include <string.h>

#include "arena/arena.h"

enum { SPAN = 1024 };

/* What one pass over all rings needs. Vertices are told apart by their value, through an open hash table. */
struct work {
    const struct geo_outlines *o;
    uint32_t *ring_of; /* of each vertex */
    uint32_t *slots;   /* hash table: 1 + number of the first vertex with that value */
    size_t mask;
    bool *junction;   /* of the first vertex with that value */
    bool *keep;       /* of each vertex */
    double tolerance; /* in units of 1e-5 degree of latitude */
    uint32_t *stack;  /* pieces still to be looked at, two ends each */
    uint32_t *piece;  /* numbers of the vertices of the piece at hand */
};

static bool same(struct geo_vertex a, struct geo_vertex b)
{
    return a.lon_e5 == b.lon_e5 && a.lat_e5 == b.lat_e5;
}

static bool before(struct geo_vertex a, struct geo_vertex b)
{
    return a.lon_e5 != b.lon_e5 ? a.lon_e5 < b.lon_e5 : a.lat_e5 < b.lat_e5;
}

static size_t hash_of(struct geo_vertex v)
{
    uint64_t h = ((uint64_t)(uint32_t)v.lon_e5 << 32 | (uint32_t)v.lat_e5) * 0x9E3779B97F4A7C15u;
    return (size_t)(h ^ h >> 32);
}

/* The slot of a value: where its first vertex is noted, or would be. */
static size_t slot_of(const struct work *w, struct geo_vertex v)
{
    size_t at = hash_of(v) & w->mask;
    while (w->slots[at] && !same(w->o->vertices[w->slots[at] - 1], v))
        at = (at + 1) & w->mask;
    return at;
}

static struct geo_vertex neighbour(const struct work *w, uint32_t vertex, bool next)
{
    const struct geo_ring *r = &w->o->rings[w->ring_of[vertex]];
    uint32_t at = vertex - r->first;
    at = next ? (at + 1 == r->count ? 0 : at + 1) : (at ? at - 1 : r->count - 1);
    return w->o->vertices[r->first + at];
}

static bool same_neighbours(const struct work *w, uint32_t a, uint32_t b)
{
    struct geo_vertex a0 = neighbour(w, a, false), a1 = neighbour(w, a, true);
    struct geo_vertex b0 = neighbour(w, b, false), b1 = neighbour(w, b, true);
    return (same(a0, b0) && same(a1, b1)) || (same(a0, b1) && same(a1, b0));
}

static void find_junctions(struct work *w)
{
    for (uint32_t v = 0; v < w->o->vertex_count; v++) {
        size_t slot = slot_of(w, w->o->vertices[v]);
        if (!w->slots[slot])
            w->slots[slot] = v + 1;
        else if (!same_neighbours(w, w->slots[slot] - 1, v))
            w->junction[w->slots[slot] - 1] = true;
    }
}

static bool is_junction(const struct work *w, uint32_t vertex)
{
    return w->junction[w->slots[slot_of(w, w->o->vertices[vertex])] - 1];
}

/* A segment in 1e-5 degree of latitude, from its first end; longitudes shrink with the latitude. */
struct segment {
    struct geo_vertex from;
    double dx, dy, shrink, length; /* squared */
};

static struct segment segment_of(struct geo_vertex a, struct geo_vertex b)
{
    double shrink = cos(geo_radians((a.lat_e5 / 2.0 + b.lat_e5 / 2.0) / 1e5));
    double dx = (b.lon_e5 - (double)a.lon_e5) * shrink, dy = b.lat_e5 - (double)a.lat_e5;
    return (struct segment){a, dx, dy, shrink, dx * dx + dy * dy};
}

/* The squared distance of v from a segment. */
static double off_segment(const struct segment *s, struct geo_vertex v)
{
    double px = (v.lon_e5 - (double)s->from.lon_e5) * s->shrink, py = v.lat_e5 - (double)s->from.lat_e5;
    double along = s->length > 0 ? (px * s->dx + py * s->dy) / s->length : 0;
    along = along < 0 ? 0 : along > 1 ? 1 : along;
    double x = px - along * s->dx, y = py - along * s->dy;
    return x * x + y * y;
}

/* Marks what stays of piece[start..last]; its ends stay. */
static void thin_span(struct work *w, uint32_t start, uint32_t last)
{
    const struct geo_vertex *vertices = w->o->vertices;
    size_t depth = 0;
    w->keep[w->piece[start]] = w->keep[w->piece[last]] = true;
    w->stack[depth++] = start;
    w->stack[depth++] = last;
    while (depth) {
        uint32_t to = w->stack[--depth], from = w->stack[--depth], farthest = from;
        double most = w->tolerance * w->tolerance;
        struct segment s = segment_of(vertices[w->piece[from]], vertices[w->piece[to]]);
        for (uint32_t i = from + 1; i < to; i++) {
            double off = off_segment(&s, vertices[w->piece[i]]);
            if (off > most) {
                most = off;
                farthest = i;
            }
        }
        if (farthest == from)
            continue;
        w->keep[w->piece[farthest]] = true;
        uint32_t ends[] = {from, farthest, farthest, to};
        memcpy(w->stack + depth, ends, sizeof ends);
        depth += 4;
    }
}

/* A piece is thinned in spans of bounded length, so that a file made to be slow costs no more than n *
 * SPAN. */
static void thin_piece(struct work *w, uint32_t last)
{
    for (uint32_t start = 0; start < last; start += SPAN)
        thin_span(w, start, last - start > SPAN ? start + SPAN : last);
}

/* Whether a piece reads from its last vertex to its first in the order all its owners agree on. */
static bool reads_backwards(const struct work *w, uint32_t last)
{
    const struct geo_vertex *v = w->o->vertices;
    for (uint32_t i = 0, k = last; i < k; i++, k--)
        if (!same(v[w->piece[i]], v[w->piece[k]]))
            return before(v[w->piece[k]], v[w->piece[i]]);
    return false;
}

static void thin_between(struct work *w, const struct geo_ring *r, uint32_t start, uint32_t steps)
{
    for (uint32_t i = 0; i <= steps; i++)
        w->piece[i] = r->first + (uint32_t)(((uint64_t)start + i) % r->count);
    if (reads_backwards(w, steps))
        for (uint32_t i = 0, k = steps; i < k; i++, k--) {
            uint32_t swap = w->piece[i];
            w->piece[i] = w->piece[k];
            w->piece[k] = swap;
        }
    thin_piece(w, steps);
}

/* Twice the surface of what is kept of a ring, in squared units, sign dropped. */
static double kept_surface(const struct work *w, const struct geo_ring *r)
{
    double sum = 0;
    struct geo_vertex origin = w->o->vertices[r->first], from = {0}, start = {0};
    bool any = false;
    for (uint32_t i = 0; i < r->count; i++) {
        if (!w->keep[r->first + i])
            continue;
        struct geo_vertex v = w->o->vertices[r->first + i];
        if (any)
            sum += ((double)from.lon_e5 - origin.lon_e5) * ((double)v.lat_e5 - origin.lat_e5) -
                   ((double)v.lon_e5 - origin.lon_e5) * ((double)from.lat_e5 - origin.lat_e5);
        else
            start = v;
        any = true;
        from = v;
    }
    sum += ((double)from.lon_e5 - origin.lon_e5) * ((double)start.lat_e5 - origin.lat_e5) -
           ((double)start.lon_e5 - origin.lon_e5) * ((double)from.lat_e5 - origin.lat_e5);
    return fabs(sum);
}

/* The vertex a ring without junctions starts at, whoever draws it: the smallest by value. */
static uint32_t smallest_of(const struct work *w, const struct geo_ring *r)
{
    uint32_t best = 0;
    for (uint32_t i = 1; i < r->count; i++)
        if (before(w->o->vertices[r->first + i], w->o->vertices[r->first + best]))
            best = i;
    return best;
}

/* A ring that meets no other border is one piece from a vertex round to itself, by way of the farthest. */
static void thin_lonely(struct work *w, const struct geo_ring *r)
{
    uint32_t start = smallest_of(w, r), far = 0;
    double most = -1;
    struct geo_vertex end = w->o->vertices[r->first + start];
    struct segment s = segment_of(end, end);
    for (uint32_t i = 1; i < r->count; i++) {
        struct geo_vertex v = w->o->vertices[r->first + (start + i) % r->count];
        double off = off_segment(&s, v);
        if (off > most) {
            most = off;
            far = i;
        }
    }
    thin_between(w, r, start, far);
    thin_between(w, r, (start + far) % r->count, r->count - far);
}

static void thin_ring(struct work *w, const struct geo_ring *r)
{
    if (r->count < 3) { /* no ring: left as it is */
        memset(w->keep + r->first, true, r->count * sizeof *w->keep);
        return;
    }
    uint32_t start = 0;
    while (start < r->count && !is_junction(w, r->first + start))
        start++;
    if (start == r->count) {
        thin_lonely(w, r);
    } else {
        for (uint32_t done = 0, steps; done < r->count; done += steps) {
            uint32_t from = (uint32_t)(((uint64_t)start + done) % r->count);
            steps = 1;
            while (done + steps < r->count &&
                   !is_junction(w, r->first + (uint32_t)(((uint64_t)from + steps) % r->count)))
                steps++;
            thin_between(w, r, from, steps);
        }
    }
    if (kept_surface(w, r) <= 0)
        memset(w->keep + r->first, true, r->count * sizeof *w->keep);
}

static void compact(struct geo_outlines *o, const bool *keep)
{
    uint32_t out = 0;
    for (size_t r = 0; r < o->ring_count; r++) {
        uint32_t first = o->rings[r].first, count = o->rings[r].count;
        o->rings[r].first = out;
        for (uint32_t i = 0; i < count; i++)
            if (keep[first + i])
                o->vertices[out++] = o->vertices[first + i];
        o->rings[r].count = out - o->rings[r].first;
    }
    o->vertex_count = out;
}

static uint32_t longest_ring(const struct geo_outlines *o)
{
    uint32_t most = 0;
    for (size_t r = 0; r < o->ring_count; r++)
        most = o->rings[r].count > most ? o->rings[r].count : most;
    return most;
}

struct fault *geo_simplify(struct arena *a, struct geo_outlines *o, double tolerance_m)
{
    if (!(tolerance_m > 0) || !o->vertex_count)
        return NULL;
    size_t size = 16, n = o->vertex_count, longest = longest_ring(o);
    while (size < n * 2)
        size *= 2;
    struct work w = {.o = o,
                     .ring_of = NEW(a, uint32_t, n),
                     .slots = NEW(a, uint32_t, size),
                     .mask = size - 1,
                     .junction = NEW(a, bool, n),
                     .keep = NEW(a, bool, n),
                     .tolerance = tolerance_m / (geo_radians(1e-5) * EARTH_RADIUS_KM * 1000),
                     .stack = NEW(a, uint32_t, 2 * longest + 8),
                     .piece = NEW(a, uint32_t, longest + 1)};
    TRY(arena_check(a));
    for (uint32_t r = 0; r < o->ring_count; r++)
        for (uint32_t i = 0; i < o->rings[r].count; i++)
            w.ring_of[o->rings[r].first + i] = r;
    find_junctions(&w);
    for (size_t r = 0; r < o->ring_count; r++)
        thin_ring(&w, &o->rings[r]);
    compact(o, w.keep);
    return NULL;
}
