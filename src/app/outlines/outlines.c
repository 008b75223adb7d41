/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* outlines.c - a file of outlines into records, and records onto maps. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "arena/arena.h"
#include "geo/geo_import.h"
#include "outlines/internal.h"
#include "places/places.h"
#include "rows/rows.h"

static const struct sight everything = {.program = "outlines"};

enum { INSEE_LENGTH = 5, SIREN_LENGTH = 9, PROGRESS_AREAS = 500 };

/* --- in -------------------------------------------------------------------------------------------- */

static void close_file(void *file)
{
    (void)fclose(file);
}

static struct fault *read_file(struct arena *a, const char *path, struct slice *text)
{
    FILE *file = fopen(path, "rbe");
    if (!file && errno == ENOENT)
        return fault(FAULT_NOT_FOUND, "There is no file %s.", path);
    if (!file)
        return fault(FAULT_IO, "%s cannot be read: %s.", path, strerror(errno));
    arena_defer(a, close_file, file);
    struct stat about;
    if (fstat(fileno(file), &about) != 0 || !S_ISREG(about.st_mode))
        return fault(FAULT_INVALID, "%s is no file.", path);
    if ((size_t)about.st_size > LIMIT_GEO_FILE)
        return fault(FAULT_LIMIT, "%s is larger than %zu MB.", path, LIMIT_GEO_FILE / MIB);
    char *bytes = NEW(a, char, about.st_size + 1);
    size_t count = fread(bytes, 1, (size_t)about.st_size, file);
    if (ferror(file))
        return fault(FAULT_IO, "%s cannot be read: %s.", path, strerror(errno));
    *text = (struct slice){bytes, count};
    return NULL;
}

static struct fault *level_of(const struct outlines_options *o, const struct geo_area *area,
                              const char **level)
{
    size_t length = strlen(area->code);
    *level = o->level                 ? o->level
             : length == INSEE_LENGTH ? "commune"
             : length == SIREN_LENGTH ? "epci"
                                      : NULL;
    if (*level)
        return NULL;
    return fault(FAULT_INVALID,
                 "The code %.20s is neither a commune's (5 characters) nor an EPCI's (9 digits): say the "
                 "level.",
                 area->code);
}

/* The record of that code as it stands; an unknown one has id 0. */
static struct fault *stored_outline(struct door *d, struct arena *a, const char *code, struct outline *out)
{
    struct filter filter = {
        .field = field_find(&outline_type, "code"), .comparison = OPERATOR_EQUAL, .text = code};
    struct list_query query = {.type = &outline_type, .filters = &filter, .filter_count = 1, .limit = 1};
    struct outline *found = NULL;
    size_t count = 0;
    int64_t total = 0;
    record_clear(&outline_type, out);
    TRY(rows_list(door_connection(d), a, &query, &everything, (void **)&found, &count, &total));
    if (count)
        *out = found[0];
    return NULL;
}

static bool same(const struct outline *a, const struct outline *b)
{
    for (int i = 0; i < outline_type.count; i++)
        if (!field_equal(&outline_type.fields[i], a, b))
            return false;
    return true;
}

struct job {
    struct door *door; /* in a transaction */
    const struct outlines_options *options;
    const struct geo_outlines *all;
    struct outlines_report *report;
};

static struct fault *keep_area(struct job *j, const struct geo_area *area)
{
    ARENA_SCOPE(work);
    struct outline stored, wanted;
    struct transaction *t = door_transaction(j->door);
    int64_t person = door_viewer(j->door)->person;
    TRY(stored_outline(j->door, work, area->code, &stored));
    record_clear(&outline_type, &wanted);
    wanted.id = stored.id;
    wanted.version = stored.version;
    wanted.code = area->code;
    wanted.name = *area->name ? area->name : stored.name;
    wanted.parent = *area->group ? area->group : stored.parent;
    TRY(level_of(j->options, area, &wanted.level));
    TRY(rings_write(work, j->all, area, &wanted));
    TRY(record_check(&outline_type, &wanted));
    j->report->areas += area->rings > 0;
    j->report->points += area->rings == 0;
    if (stored.id && same(&stored, &wanted)) {
        j->report->unchanged++;
        return NULL;
    }
    *(stored.id ? &j->report->changed : &j->report->added) += 1;
    return stored.id ? rows_update(t, &outline_type, &wanted, person)
                     : rows_insert(t, &outline_type, &wanted, person);
}

static struct fault *keep_areas(struct job *j)
{
    for (size_t i = 0; i < j->all->area_count; i++) {
        TRY(keep_area(j, &j->all->areas[i]));
        if (j->options->progress && (i % PROGRESS_AREAS == 0 || i + 1 == j->all->area_count))
            j->options->progress(j->options->progress_with, i + 1, j->all->area_count);
    }
    return NULL;
}

/* An official point is better than ours; the middle of an outline only than a point we guessed from the
 * neighbours. */
static const struct geo_area *better_point(const struct geo_outlines *all, const struct site *s)
{
    struct place ours;
    int64_t number = s->commune_code ? geo_area_of(all, s->commune_code) : -1;
    if (number < 0)
        return NULL;
    const struct geo_area *area = &all->areas[number];
    bool guessed = !place_by_code(s->commune_code, &ours) || ours.approximate || !known_real(ours.point.lat);
    return area->rings == 0 || guessed ? area : NULL;
}

static struct fault *move_sites(struct job *j)
{
    enum { FAR_M = 100 };
    ARENA_SCOPE(work);
    struct filter filter = {
        .field = field_find(&site_type, "approximate"), .comparison = OPERATOR_EQUAL, .integer = FLAG_YES};
    struct list_query query = {
        .type = &site_type, .filters = &filter, .filter_count = 1, .limit = LIMIT_EXPORT_ROWS};
    struct site *sites = NULL;
    size_t count = 0;
    int64_t total = 0;
    TRY(rows_list(door_connection(j->door), work, &query, &everything, (void **)&sites, &count, &total));
    for (size_t i = 0; i < count; i++) {
        struct site *s = &sites[i];
        const struct geo_area *area = better_point(j->all, s);
        if (!area || distance_km(area->centre, (struct geo_point){s->lat, s->lon}) * 1000 < FAR_M)
            continue;
        s->lat = area->centre.lat;
        s->lon = area->centre.lon;
        TRY(rows_update(door_transaction(j->door), &site_type, s, door_viewer(j->door)->person));
        j->report->sites_moved++;
    }
    return arena_check(work);
}

static struct fault *keep_all(struct job *j)
{
    TRY(door_begin(j->door));
    struct fault *failed = keep_areas(j);
    if (!failed)
        failed = move_sites(j);
    if (!failed)
        return door_commit(j->door);
    struct fault kept = *failed;
    door_abandon(j->door);
    return fault_again(&kept);
}

struct fault *outlines_import(struct door *d, const char *path, const struct outlines_options *options,
                              struct outlines_report *report)
{
    const struct viewer *v = door_viewer(d);
    struct arena *a = door_arena(d);
    struct slice text;
    struct geo_outlines all;
    struct geo_import_report read;
    *report = (struct outlines_report){0};
    if (!v->program && !(v->roles & ROLE_FACILITATOR))
        return fault(FAULT_DENIED, "Only a facilitator may import a file.");
    TRY(read_file(a, path, &text));
    TRY(geo_import(a, text, (struct geo_import_options){.tolerance_m = options->tolerance_m}, &all, &read));
    report->features = read.features;
    report->left_out = read.left_out;
    report->vertices_read = read.vertices_read;
    report->vertices_kept = all.vertex_count;
    report->lambert_93 = read.lambert_93;
    return keep_all(&(struct job){.door = d, .options = options, .all = &all, .report = report});
}

/* --- out ------------------------------------------------------------------------------------------- */

static int compare_areas(const void *a, const void *b)
{
    return strcmp(((const struct geo_area *)a)->code, ((const struct geo_area *)b)->code);
}

static const char *group_of(const struct outline *o)
{
    struct place place;
    if (o->parent)
        return o->parent;
    return strcmp(o->level, "commune") == 0 && place_by_code(o->code, &place) ? place.epci : "";
}

static struct geo_area area_of(struct rings_room *room, const struct outline *o)
{
    struct geo_area area = {
        .code = o->code,
        .name = o->name ? o->name : "",
        .group = group_of(o),
        .centre = {(double)(o->south + o->north) / 2e5, (double)(o->west + o->east) / 2e5},
        .first_ring = (uint32_t)room->out->ring_count};
    rings_read(room, o->rings);
    area.rings = (uint32_t)room->out->ring_count - area.first_ring;
    return area;
}

struct fault *outlines_for(struct door *d, const char *level, struct geo_box box, struct geo_outlines *out)
{
    struct arena *a = door_arena(d);
    const struct filter filters[] = {
        {.field = field_find(&outline_type, "level"), .comparison = OPERATOR_EQUAL, .text = level},
        {.field = field_find(&outline_type, "west"),
         .comparison = OPERATOR_AT_MOST,
         .integer = llround(box.east * 1e5)},
        {.field = field_find(&outline_type, "east"),
         .comparison = OPERATOR_AT_LEAST,
         .integer = llround(box.west * 1e5)},
        {.field = field_find(&outline_type, "south"),
         .comparison = OPERATOR_AT_MOST,
         .integer = llround(box.north * 1e5)},
        {.field = field_find(&outline_type, "north"),
         .comparison = OPERATOR_AT_LEAST,
         .integer = llround(box.south * 1e5)}};
    struct list_query query = {.type = &outline_type,
                               .filters = filters,
                               .filter_count = COUNT(filters),
                               .limit = LIMIT_EXPORT_ROWS};
    struct sight sight = door_sight(d);
    struct outline *records = NULL;
    size_t count = 0;
    int64_t total = 0;
    *out = (struct geo_outlines){0};
    TRY(rows_list(door_connection(d), a, &query, &sight, (void **)&records, &count, &total));
    out->areas = NEW(a, struct geo_area, count + 1);
    struct rings_room room = {.arena = a, .out = out};
    for (size_t i = 0; i < count; i++)
        out->areas[out->area_count++] = area_of(&room, &records[i]);
    if (count)
        qsort(out->areas, out->area_count, sizeof *out->areas, compare_areas);
    return arena_check(a);
}
