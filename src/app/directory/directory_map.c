/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* directory_map.c - frame, towns and outlines once for each catalogue; sites for each answer. */
#include "directory/directory_map.h"

#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "directory/internal.h"
#include "rows/rows.h"

enum { TOWNS_AROUND = 40, FEW_SITES = 14 };

static struct geo_point point_of(const struct site *s)
{
    return (struct geo_point){s->lat, s->lon};
}

static bool drawn(const struct catalogue_entry *e, const struct site *s)
{
    return known_real(s->lat) && known_real(s->lon) && (!known_integer(s->closed) || s == e->main_site);
}

/* Points "lon,lat", the first of a ring absolute, the others differences; false at what is no such number. */
static bool read_number(const char **at, int64_t *value)
{
    char *end;
    long long n = strtoll(*at, &end, 10);
    bool good = end != *at && n >= -36000000 && n <= 36000000;
    *at = end;
    *value = n;
    return good;
}

struct outline_reader {
    struct arena *arena;
    struct geo_outlines *out;
    size_t ring_capacity, vertex_capacity;
};

static bool read_vertex(const char **at, struct geo_vertex *v, bool first)
{
    int64_t lon, lat;
    if (!read_number(at, &lon) || *(*at)++ != ',' || !read_number(at, &lat))
        return false;
    lon += first ? 0 : v->lon_e5;
    lat += first ? 0 : v->lat_e5;
    if (lon < -18000000 || lon > 18000000 || lat < -9000000 || lat > 9000000)
        return false;
    *v = (struct geo_vertex){(int32_t)lon, (int32_t)lat};
    return true;
}

/* One ring, up to `|` or the end; false when it cannot be read, and nothing of it stays. */
static bool read_ring(struct outline_reader *r, const char **at)
{
    struct geo_outlines *o = r->out;
    struct geo_ring ring = {.first = (uint32_t)o->vertex_count};
    struct geo_vertex v = {0, 0};
    while (**at && **at != '|') {
        if (!read_vertex(at, &v, ring.count == 0)) {
            o->vertex_count = ring.first;
            return false;
        }
        *PUSH(r->arena, o->vertices, o->vertex_count, r->vertex_capacity) = v;
        ring.count++;
        *at += strspn(*at, " ");
    }
    if (ring.count >= 3)
        *PUSH(r->arena, o->rings, o->ring_count, r->ring_capacity) = ring;
    else
        o->vertex_count = ring.first;
    return true;
}

static int compare_areas(const void *a, const void *b)
{
    return strcmp(((const struct geo_area *)a)->code, ((const struct geo_area *)b)->code);
}

void outlines_read(struct arena *a, const struct outline *records, size_t count, struct geo_outlines *out)
{
    struct outline_reader r = {.arena = a, .out = out};
    *out = (struct geo_outlines){.areas = NEW(a, struct geo_area, count + 1)};
    for (size_t i = 0; i < count; i++) {
        struct place place;
        struct geo_area area = {.code = records[i].code,
                                .name = records[i].name ? records[i].name : "",
                                .group = "",
                                .centre = {UNKNOWN_REAL, UNKNOWN_REAL},
                                .first_ring = (uint32_t)out->ring_count};
        if (!records[i].level || strcmp(records[i].level, "commune") != 0)
            continue;
        if (place_by_code(area.code, &place) && place.epci)
            area.group = place.epci;
        for (const char *at = records[i].rings ? records[i].rings : ""; *at; at += *at == '|')
            if (!read_ring(&r, &at))
                break;
        area.rings = (uint32_t)out->ring_count - area.first_ring;
        if (area.rings)
            out->areas[out->area_count++] = area;
    }
    if (out->area_count)
        qsort(out->areas, out->area_count, sizeof *out->areas, compare_areas);
}

static struct fault *read_background(struct arena *a, struct door *d, struct map *ground)
{
    ARENA_SCOPE(work);
    struct sight sight = door_sight(d);
    struct list_query query = {.type = &outline_type, .limit = LIMIT_EXPORT_ROWS};
    struct outline *records = NULL;
    size_t count = 0;
    int64_t total = 0;
    TRY(rows_list(door_connection(d), work, &query, &sight, (void **)&records, &count, &total));
    if (!count || !(ground->box.north > ground->box.south))
        return NULL;
    struct geo_outlines outlines;
    outlines_read(work, records, count, &outlines);
    struct markup drawn_once = map_background(work, ground->box, &outlines);
    struct markup *kept = NEW(a, struct markup, 1);
    kept->bytes = (struct slice){slice_text(a, drawn_once.bytes), drawn_once.bytes.len};
    ground->background = kept;
    return arena_check(work);
}

struct town_list {
    struct arena *arena;
    struct map_town *at;
    size_t count, capacity;
};

static void add_town(struct town_list *towns, const struct place *p)
{
    if (!known_real(p->point.lat))
        return;
    for (size_t i = 0; i < towns->count; i++)
        if (strcmp(towns->at[i].name, p->name) == 0)
            return;
    *PUSH(towns->arena, towns->at, towns->count, towns->capacity) =
        (struct map_town){.name = p->name, .at = p->point, .weight = known_integer(p->population) ? (double)p->population : 0};
}

/* Communes where organisations work come first: their names explain the dots. */
static void choose_towns(struct arena *a, const struct catalogue *c, struct map *ground)
{
    enum { MOST_COMMUNES = 80 };
    struct town_list towns = {.arena = a};
    struct place *around = NULL, place;
    for (size_t i = 0; i < c->count && towns.count < MOST_COMMUNES; i++)
        if (c->entries[i].main_site && site_place(a, c->entries[i].main_site, &place))
            add_town(&towns, &place);
    size_t count = places_inside(a, (struct geo_point){ground->box.south, ground->box.west},
                                 (struct geo_point){ground->box.north, ground->box.east}, TOWNS_AROUND, &around);
    for (size_t i = 0; i < count; i++) {
        add_town(&towns, &around[i]);
        for (size_t k = 0; i < 3 && k < towns.count; k++)
            if (strcmp(towns.at[k].name, around[i].name) == 0)
                towns.at[k].big = true;
    }
    ground->towns = towns.at;
    ground->town_count = towns.count;
}

struct fault *directory_ground_new(struct arena *a, struct door *d, const struct catalogue *c, struct map *ground)
{
    ARENA_SCOPE(work);
    struct map_site *sites = NULL;
    size_t count = 0, capacity = 0;
    for (size_t i = 0; i < c->count; i++)
        for (size_t k = 0; k < c->entries[i].site_count; k++)
            if (drawn(&c->entries[i], &c->entries[i].sites[k]))
                *PUSH(work, sites, count, capacity) = (struct map_site){.at = point_of(&c->entries[i].sites[k])};
    struct map all = {.sites = sites, .site_count = count};
    *ground = (struct map){.box = map_frame(work, &all)};
    if (count)
        choose_towns(a, c, ground);
    return read_background(a, d, ground);
}

struct map directory_ground(const struct catalogue *c)
{
    return c->directory->ground;
}

static enum map_size map_size_of(const struct index_entry *e)
{
    static const enum map_size sizes[] = {MAP_SIZE_UNKNOWN, MAP_SMALL, MAP_MEDIUM, MAP_LARGE, MAP_LARGE};
    return sizes[e->size_rank];
}

static size_t add_sites(struct arena *a, const struct directory_answer *answer, size_t number, size_t *capacity,
                        struct directory_sites *out)
{
    const struct catalogue *c = answer->catalogue;
    const struct catalogue_entry *e = &c->entries[answer->found[number]];
    const char *id = arena_print(a, "%lld", (long long)e->organisation.id);
    bool member = !c->directory->tells_members || known_integer(e->organisation.joined);
    size_t before = out->count;
    for (size_t k = 0; k < e->site_count; k++) {
        const struct site *s = &e->sites[k];
        if (!drawn(e, s))
            continue;
        *PUSH(a, out->at, out->count, *capacity) = (struct map_site){
            .name = s->commune ? arena_print(a, "%s, %s", e->organisation.name, s->commune) : e->organisation.name,
            .href = arena_print(a, "/structures/%s", id),
            .id = id,
            .at = point_of(s),
            .size = map_size_of(&c->directory->entries[answer->found[number]]),
            .member = member,
            .label = answer->total <= FEW_SITES && s == e->main_site ? e->organisation.name : NULL,
            .priority = (int)(answer->total - number)};
    }
    if (out->count > before)
        *(member ? &out->members : &out->others) = true;
    return out->count > before;
}

struct directory_sites directory_sites_of(struct arena *a, const struct directory_answer *answer)
{
    struct directory_sites out = {0};
    size_t capacity = 0;
    for (size_t i = 0; i < answer->total; i++)
        out.placed += add_sites(a, answer, i, &capacity, &out);
    return out;
}
