/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* directory_map.c - frame, towns and outlines once for each catalogue; sites for each answer. */
#include "directory/directory_map.h"

#include <string.h>

#include "arena/arena.h"
#include "directory/internal.h"
#include "outlines/outlines.h"

enum { TOWNS_AROUND = 12, BIG_TOWNS = 4 };

static struct geo_point point_of(const struct site *s)
{
    return (struct geo_point){s->lat, s->lon};
}

static bool drawn(const struct catalogue_entry *e, const struct site *s)
{
    return known_real(s->lat) && known_real(s->lon) && (!known_integer(s->closed) || s == e->main_site);
}

/* Outlines are read into memory of their own: only the drawing is kept. */
static struct fault *draw_background(struct arena *a, struct door *d, struct map *ground)
{
    ARENA_SCOPE(work);
    struct door *own = NULL;
    struct geo_outlines outlines;
    TRY(door_open_class(door_space(d), work, work, *door_viewer(d), &own));
    TRY(outlines_for(own, "commune", ground->box, &outlines));
    if (!outlines.area_count)
        return NULL;
    struct markup drawing = map_background(work, ground->box, &outlines);
    struct markup *kept = NEW(a, struct markup, 1);
    kept->bytes = (struct slice){slice_text(a, drawing.bytes), drawing.bytes.len};
    ground->background = kept;
    return arena_check(work);
}

struct town_list {
    struct arena *arena;
    struct map_town *at;
    size_t *here; /* organisations of each */
    size_t count, capacity, here_capacity;
};

static void add_town(struct town_list *towns, const struct place *p, size_t here)
{
    if (!known_real(p->point.lat))
        return;
    for (size_t i = 0; i < towns->count; i++)
        if (strcmp(towns->at[i].name, p->name) == 0) {
            towns->here[i] += here;
            return;
        }
    size_t same = towns->count;
    *PUSH(towns->arena, towns->here, same, towns->here_capacity) = here;
    *PUSH(towns->arena, towns->at, towns->count, towns->capacity) = (struct map_town){
        .name = p->name, .at = p->point, .weight = known_integer(p->population) ? (double)p->population : 0};
}

/* Where most organisations work is named first and largest: those names explain the dots. */
static void mark_big(struct town_list *towns)
{
    for (int n = 0; n < BIG_TOWNS; n++) {
        size_t best = towns->count;
        for (size_t i = 0; i < towns->count; i++)
            if (!towns->at[i].big && towns->here[i] > 1 &&
                (best == towns->count || towns->here[i] > towns->here[best]))
                best = i;
        if (best < towns->count)
            towns->at[best].big = true;
    }
}

static void choose_towns(struct arena *a, const struct catalogue *c, struct map *ground)
{
    struct town_list towns = {.arena = a};
    struct place *around = NULL, place;
    for (size_t i = 0; i < c->count; i++)
        if (c->entries[i].main_site && site_place(a, c->entries[i].main_site, &place))
            add_town(&towns, &place, 1);
    size_t count =
        places_inside(a, (struct geo_point){ground->box.south, ground->box.west},
                      (struct geo_point){ground->box.north, ground->box.east}, TOWNS_AROUND, &around);
    for (size_t i = 0; i < count; i++)
        add_town(&towns, &around[i], 0);
    mark_big(&towns);
    ground->towns = towns.at;
    ground->town_count = towns.count;
}

static bool inside(const struct geo_box *b, struct geo_point p)
{
    return p.lat >= b->south && p.lat <= b->north && p.lon >= b->west && p.lon <= b->east;
}

struct fault *directory_ground_new(struct arena *a, struct door *d, const struct catalogue *c,
                                   struct map *ground)
{
    ARENA_SCOPE(work);
    struct map_site *sites = NULL;
    size_t count = 0, capacity = 0;
    for (size_t i = 0; i < c->count; i++)
        for (size_t k = 0; k < c->entries[i].site_count; k++)
            if (drawn(&c->entries[i], &c->entries[i].sites[k]))
                *PUSH(work, sites, count, capacity) =
                    (struct map_site){.at = point_of(&c->entries[i].sites[k])};
    struct map all = {.sites = sites, .site_count = count};
    struct geo_box wide = map_frame(work, &all);
    all.site_count = 0; /* again without those far away, which it left out: it then fits the others */
    for (size_t i = 0; i < count; i++)
        if (inside(&wide, sites[i].at))
            sites[all.site_count++] = sites[i];
    *ground = (struct map){.box = map_frame(work, &all)};
    if (!count)
        return NULL;
    choose_towns(a, c, ground);
    return draw_background(a, d, ground);
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

static size_t add_sites(struct arena *a, const struct directory_answer *answer, size_t number,
                        size_t *capacity, struct directory_sites *out)
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
        *PUSH(a, out->at, out->count, *capacity) =
            (struct map_site){.name = s->commune ? arena_print(a, "%s, %s", e->organisation.name, s->commune)
                                                 : e->organisation.name,
                              .href = arena_print(a, "/structures/%s", id),
                              .id = id,
                              .at = point_of(s),
                              .size = map_size_of(&c->directory->entries[answer->found[number]]),
                              .member = member};
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
