/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "maps/map_borders.h"

#include <string.h>

#include "arena/arena.h"

struct cell { /* half a user unit */
    int32_t x, y;
};

struct edge {
    struct cell a, b;  /* a before b */
    const char *group; /* of the first area along it; NULL: empty slot */
    bool between;      /* other groups on its two sides, or nothing on one */
    bool drawn;
};

struct borders {
    const struct map_view *view;
    const struct geo_outlines *o;
    bool *shows; /* of each ring */
    struct edge *edges;
    size_t mask;
};

static struct cell cell_of(const struct borders *b, struct geo_vertex v)
{
    struct map_xy p = map_place(b->view, (struct geo_point){v.lat_e5 / 1e5, v.lon_e5 / 1e5});
    return (struct cell){(int32_t)lround(p.x * 2), (int32_t)lround(p.y * 2)};
}

static bool same(struct cell a, struct cell b)
{
    return a.x == b.x && a.y == b.y;
}

/* Whether the box of a ring touches the view; counts the vertices of those that do. */
static size_t find_visible(struct borders *b)
{
    size_t vertices = 0;
    int32_t right = (int32_t)(b->view->width * 2) + 2, bottom = (int32_t)(b->view->height * 2) + 2;
    for (size_t r = 0; r < b->o->ring_count; r++) {
        const struct geo_ring *ring = &b->o->rings[r];
        struct geo_vertex low = b->o->vertices[ring->first], high = low;
        for (uint32_t i = 1; i < ring->count; i++) {
            struct geo_vertex v = b->o->vertices[ring->first + i];
            low.lon_e5 = v.lon_e5 < low.lon_e5 ? v.lon_e5 : low.lon_e5;
            low.lat_e5 = v.lat_e5 < low.lat_e5 ? v.lat_e5 : low.lat_e5;
            high.lon_e5 = v.lon_e5 > high.lon_e5 ? v.lon_e5 : high.lon_e5;
            high.lat_e5 = v.lat_e5 > high.lat_e5 ? v.lat_e5 : high.lat_e5;
        }
        struct cell p = cell_of(b, low), q = cell_of(b, high); /* y grows downwards: q is above p */
        b->shows[r] = p.x <= right && q.x >= 0 && q.y <= bottom && p.y >= 0;
        vertices += b->shows[r] ? ring->count : 0;
    }
    return vertices;
}

/* The cells a ring goes through, each once in a row; returns how many. */
static size_t cells_of_ring(const struct borders *b, const struct geo_ring *ring, struct cell *cells)
{
    size_t count = 0;
    for (uint32_t i = 0; i < ring->count; i++) {
        struct cell c = cell_of(b, b->o->vertices[ring->first + i]);
        if (!count || !same(c, cells[count - 1]))
            cells[count++] = c;
    }
    while (count > 1 && same(cells[0], cells[count - 1]))
        count--;
    return count;
}

/* Two numbers of a path; the sign parts them where it can. */
static void pair(struct html *h, char command, int32_t x, int32_t y)
{
    buffer_char(h->out, command); /* a letter and digits: nothing to escape */
    buffer_integer(h->out, x);
    if (y >= 0)
        buffer_char(h->out, ' ');
    buffer_integer(h->out, y);
}

static void step(struct html *h, struct cell from, struct cell to)
{
    pair(h, 'l', to.x - from.x, to.y - from.y);
}

static void draw_ring(struct html *h, const struct cell *cells, size_t count)
{
    pair(h, 'M', cells[0].x, cells[0].y);
    for (size_t i = 1; i < count; i++)
        step(h, cells[i - 1], cells[i]);
    buffer_char(h->out, 'z');
}

static uint64_t mixed(uint64_t key, struct cell c)
{
    key = (key ^ ((uint64_t)(uint32_t)c.x << 32 | (uint32_t)c.y)) * 0x9E3779B97F4A7C15u;
    return key ^ key >> 31;
}

/* The edge between two cells, whichever way it is gone along; a slot without group when it is new. */
static struct edge *edge_at(const struct borders *b, struct cell from, struct cell to)
{
    bool turn = from.x != to.x ? from.x > to.x : from.y > to.y;
    struct cell first = turn ? to : from, second = turn ? from : to;
    size_t at = (size_t)mixed(mixed(0, first), second) & b->mask;
    while (b->edges[at].group && !(same(b->edges[at].a, first) && same(b->edges[at].b, second)))
        at = (at + 1) & b->mask;
    b->edges[at].a = first;
    b->edges[at].b = second;
    return &b->edges[at];
}

static void note_edges(const struct borders *b, const struct cell *cells, size_t count, const char *group)
{
    for (size_t i = 0; i < count; i++) {
        struct edge *e = edge_at(b, cells[i], cells[i + 1 == count ? 0 : i + 1]);
        e->between = !e->group || strcmp(e->group, group) != 0;
        if (!e->group)
            e->group = group;
    }
}

/* The edges of a ring that part groups, each once however many rings share it, as lines as long as they
 * go. */
static void draw_edges(const struct borders *b, struct html *h, const struct cell *cells, size_t count)
{
    bool pen_down = false;
    for (size_t i = 0; i < count; i++) {
        struct cell from = cells[i], to = cells[i + 1 == count ? 0 : i + 1];
        struct edge *e = edge_at(b, from, to);
        bool draws = e->between && !e->drawn;
        if (draws && !pen_down)
            pair(h, 'M', from.x, from.y);
        if (draws)
            step(h, from, to);
        e->drawn |= draws;
        pen_down = draws;
    }
}

enum pass { DRAW_RINGS, NOTE_EDGES, DRAW_EDGES };

static void each_ring(const struct borders *b, struct html *h, struct cell *cells, enum pass pass)
{
    for (size_t i = 0; i < b->o->area_count; i++)
        for (uint32_t r = b->o->areas[i].first_ring; r < b->o->areas[i].first_ring + b->o->areas[i].rings;
             r++) {
            size_t count = b->shows[r] ? cells_of_ring(b, &b->o->rings[r], cells) : 0;
            if (count < 3)
                continue;
            if (pass == DRAW_RINGS)
                draw_ring(h, cells, count);
            else if (pass == NOTE_EDGES)
                note_edges(b, cells, count, b->o->areas[i].group);
            else
                draw_edges(b, h, cells, count);
        }
}

static bool has_groups(const struct geo_outlines *o)
{
    for (size_t i = 0; i < o->area_count; i++)
        if (*o->areas[i].group)
            return true;
    return false;
}

void map_borders_draw(struct arena *a, struct html *h, const struct map_view *view,
                      const struct geo_outlines *o)
{
    if (!o || !o->ring_count)
        return;
    struct borders b = {.view = view, .o = o, .shows = NEW(a, bool, o->ring_count)};
    size_t vertices = find_visible(&b), longest = 0, size = 16;
    for (size_t r = 0; r < o->ring_count; r++)
        longest = b.shows[r] && o->rings[r].count > longest ? o->rings[r].count : longest;
    struct cell *cells = NEW(a, struct cell, longest + 1);
    html(h, "<path class=\"map-commune\" transform=\"scale(.5)\" d=\"");
    each_ring(&b, h, cells, DRAW_RINGS);
    html(h, "\"/>");
    if (!vertices || !has_groups(o))
        return;
    while (size < vertices * 2)
        size *= 2;
    b.edges = NEW(a, struct edge, size);
    b.mask = size - 1;
    each_ring(&b, h, cells, NOTE_EDGES);
    html(h, "<path class=\"map-epci\" transform=\"scale(.5)\" d=\"");
    each_ring(&b, h, cells, DRAW_EDGES);
    html(h, "\"/>");
}
