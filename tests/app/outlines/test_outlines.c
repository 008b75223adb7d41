/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "folder.h"
#include "under_test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "i18n/i18n.h"
#include "outlines/internal.h"
#include "random/random.h"

struct fixture {
    struct arena *arena;
    struct space *space;
    char folder[64], path[256], file[96];
};

static int setup(void **state)
{
    struct arena *a = arena_new(LIMIT_COMMAND_MEMORY);
    struct fixture *x = NEW(a, struct fixture, 1);
    x->arena = a;
    folder_new(x->folder, "outlines");
    new_place(x->folder, "space", x->path, sizeof x->path);
    (void)snprintf(x->file, sizeof x->file, "%s/file.geojson", x->folder);
    language_set(LANGUAGE_EN);
    assert_ok(space_create(x->path, &x->space));
    *state = x;
    return 0;
}

static int teardown(void **state)
{
    struct fixture x = *(struct fixture *)*state;
    arena_free(x.arena); /* the doors go before their space */
    space_close(x.space);
    folder_remove(x.folder);
    return 0;
}

static struct door *program(struct fixture *x)
{
    struct door *d = NULL;
    assert_ok(door_open_program(x->space, x->arena, &d));
    return d;
}

#define SQUARE(code, more, west, south, east, north)                                                         \
    "{\"type\":\"Feature\",\"properties\":{\"code\":\"" code "\",\"nom\":\"Nom " code "\"" more              \
    "},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[" #west "," #south "],[" #east "," #south       \
    "],[" #east "," #north "],[" #west "," #north "],[" #west "," #south "]]]}}"
#define POINT(code, lon, lat)                                                                                \
    "{\"type\":\"Feature\",\"properties\":{\"code\":\"" code                                                 \
    "\"},\"geometry\":{\"type\":\"Point\",\"coordinates\":[" #lon "," #lat "]}}"
#define COLLECTION(features) "{\"type\":\"FeatureCollection\",\"features\":[" features "]}"

static struct fault *import(struct fixture *x, const char *text, struct outlines_options options,
                            struct outlines_report *report)
{
    FILE *file = fopen(x->file, "we");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    return outlines_import(program(x), x->file, &options, report);
}

static const char two_communes[] = COLLECTION(SQUARE("25411", "", 6.5, 47.0, 6.6, 47.1) "," SQUARE(
    "25321", ",\"epci\":\"242504181\"", 6.8, 47.2, 6.9, 47.3));

static void outlines_come_back_where_they_are_asked_for(void **state)
{
    struct fixture *x = *state;
    struct outlines_report r;
    struct geo_outlines o;
    assert_ok(import(x, two_communes, (struct outlines_options){0}, &r));
    assert_int_equal(r.features, 2);
    assert_int_equal(r.areas, 2);
    assert_int_equal(r.added, 2);
    assert_int_equal(r.vertices_kept, 8);
    assert_ok(outlines_for(program(x), "commune", (struct geo_box){46, 6, 48, 7}, &o));
    assert_int_equal(o.area_count, 2);
    assert_string_equal(o.areas[0].code, "25321");
    assert_string_equal(o.areas[0].group, "242504181");
    assert_true(*o.areas[1].group != '\0'); /* built in: Morteau's EPCI */
    assert_string_equal(o.areas[1].name, "Nom 25411");
    assert_int_equal(o.areas[1].rings, 1);
    struct geo_ring ring = o.rings[o.areas[1].first_ring];
    assert_int_equal(ring.count, 4);
    for (uint32_t i = 0; i < 4; i++) {
        struct geo_vertex v = o.vertices[ring.first + i];
        assert_true((v.lon_e5 == 650000 || v.lon_e5 == 660000) &&
                    (v.lat_e5 == 4700000 || v.lat_e5 == 4710000));
    }
    assert_true(fabs(o.areas[1].centre.lat - 47.05) < 1e-6 && fabs(o.areas[1].centre.lon - 6.55) < 1e-6);
    assert_ok(outlines_for(program(x), "commune", (struct geo_box){47.05, 6.55, 47.06, 6.56}, &o));
    assert_int_equal(o.area_count, 1);
    assert_ok(outlines_for(program(x), "commune", (struct geo_box){47.12, 6.5, 47.18, 6.9}, &o));
    assert_int_equal(o.area_count, 0);
    assert_ok(outlines_for(program(x), "epci", (struct geo_box){46, 6, 48, 7}, &o));
    assert_int_equal(o.area_count, 0);
}

static void a_second_import_replaces_by_code(void **state)
{
    struct fixture *x = *state;
    struct outlines_report r;
    struct geo_outlines o;
    assert_ok(import(x, two_communes, (struct outlines_options){0}, &r));
    assert_ok(import(x, two_communes, (struct outlines_options){0}, &r));
    assert_int_equal(r.unchanged, 2);
    assert_int_equal(r.added + r.changed, 0);
    assert_ok(
        import(x, COLLECTION(SQUARE("25411", "", 6.5, 47.0, 6.7, 47.1)), (struct outlines_options){0}, &r));
    assert_int_equal(r.changed, 1);
    assert_ok(outlines_for(program(x), "commune", (struct geo_box){47.05, 6.65, 47.06, 6.66}, &o));
    assert_int_equal(o.area_count, 1);
}

static void levels_are_told_by_codes_or_by_the_caller(void **state)
{
    struct fixture *x = *state;
    struct outlines_report r;
    struct geo_outlines o;
    struct geo_box all = {-90, -180, 90, 180};
    assert_ok(import(x, COLLECTION(SQUARE("242504181", "", 6.5, 47.0, 6.7, 47.1)),
                     (struct outlines_options){0}, &r));
    assert_ok(outlines_for(program(x), "epci", all, &o));
    assert_int_equal(o.area_count, 1);
    static const char odd[] =
        COLLECTION(SQUARE("25411", "", 6.5, 47.0, 6.6, 47.1) "," SQUARE("X", "", 6, 47, 6.1, 47.1));
    struct fault *f = import(x, odd, (struct outlines_options){0}, &r);
    assert_fault(f, FAULT_INVALID);
    assert_non_null(strstr(f->text, "X"));
    assert_ok(outlines_for(program(x), "commune", all, &o));
    assert_int_equal(o.area_count, 0); /* nothing half done */
    assert_ok(import(x, odd, (struct outlines_options){.level = "epci"}, &r));
    assert_ok(outlines_for(program(x), "epci", all, &o));
    assert_int_equal(o.area_count, 3);
}

static void bad_files_and_strangers_are_refused(void **state)
{
    struct fixture *x = *state;
    struct outlines_report r;
    struct door *visitor = NULL;
    assert_ok(door_open(x->space, x->arena, 0, &visitor));
    assert_fault(outlines_import(visitor, x->file, &(struct outlines_options){0}, &r), FAULT_DENIED);
    assert_fault(outlines_import(program(x), "/nowhere/x.json", &(struct outlines_options){0}, &r),
                 FAULT_NOT_FOUND);
    assert_fault(outlines_import(program(x), x->folder, &(struct outlines_options){0}, &r), FAULT_INVALID);
    assert_fault(import(x, "", (struct outlines_options){0}, &r), FAULT_INVALID);
    assert_fault(import(x, "{\"type\":\"FeatureCollection\"", (struct outlines_options){0}, &r),
                 FAULT_INVALID);
    assert_ok(import(x, two_communes, (struct outlines_options){0}, &r)); /* the writer was given up */
}

static int64_t add_site(struct door *d, const char *commune_code, enum flag approximate)
{
    struct organisation o;
    struct site s;
    record_clear(&organisation_type, &o);
    o.name = commune_code;
    o.visibility = "space";
    assert_ok(door_save(d, organisation, &o, ALL_FIELDS));
    record_clear(&site_type, &s);
    s.organisation = o.id;
    s.commune_code = commune_code;
    s.lat = 47.0;
    s.lon = 6.0;
    s.approximate = approximate;
    assert_ok(door_save(d, site, &s, ALL_FIELDS));
    return s.id;
}

static struct site site_at(struct fixture *x, int64_t id)
{
    struct site s;
    assert_ok(door_load(program(x), site, id, &s, NULL));
    return s;
}

static void points_place_the_sites_known_by_their_commune(void **state)
{
    struct fixture *x = *state;
    struct outlines_report r;
    struct geo_outlines o;
    struct door *d = program(x);
    int64_t moved = add_site(d, "25411", FLAG_YES), exact = add_site(d, "25321", FLAG_NO);
    assert_ok(import(x, COLLECTION(POINT("25411", 6.61, 47.06) "," POINT("25321", 6.85, 47.25)),
                     (struct outlines_options){0}, &r));
    assert_int_equal(r.points, 2);
    assert_int_equal(r.areas, 0);
    assert_int_equal(r.sites_moved, 1);
    assert_true(fabs(site_at(x, moved).lat - 47.06) < 1e-9 && fabs(site_at(x, moved).lon - 6.61) < 1e-9);
    assert_int_equal(site_at(x, moved).approximate, FLAG_YES);
    assert_true(fabs(site_at(x, exact).lat - 47.0) < 1e-9);
    assert_ok(outlines_for(program(x), "commune", (struct geo_box){47, 6.6, 47.1, 6.7}, &o));
    assert_int_equal(o.area_count, 1);
    assert_int_equal(o.areas[0].rings, 0);
    assert_true(fabs(o.areas[0].centre.lat - 47.06) < 1e-9);
    assert_ok(import(x, two_communes, (struct outlines_options){0},
                     &r)); /* the middle of an outline is no better */
    assert_int_equal(r.sites_moved, 0);
}

static void rings_survive_writing_and_reading(void **state)
{
    struct fixture *x = *state;
    struct random random = random_seeded(7, 0);
    for (int round = 0; round < 200; round++) {
        struct geo_vertex vertices[60];
        struct geo_ring rings[3];
        uint32_t first = 0, count = 1 + (uint32_t)random_below(&random, 3);
        for (uint32_t i = 0; i < count; i++) {
            rings[i] = (struct geo_ring){first, 3 + (uint32_t)random_below(&random, 17), i > 0};
            first += rings[i].count;
        }
        for (uint32_t i = 0; i < first; i++)
            vertices[i] = (struct geo_vertex){(int32_t)random_below(&random, 36000001) - 18000000,
                                              (int32_t)random_below(&random, 18000001) - 9000000};
        struct geo_area area = {.code = "A", .name = "", .group = "", .rings = count};
        struct geo_outlines in = {&area, rings, vertices, 1, count, first}, out = {0};
        struct outline record;
        record_clear(&outline_type, &record);
        assert_ok(rings_write(x->arena, &in, &area, &record));
        rings_read(&(struct rings_room){.arena = x->arena, .out = &out}, record.rings);
        assert_int_equal(out.ring_count, count);
        assert_int_equal(out.vertex_count, first);
        for (uint32_t i = 0; i < first; i++) {
            assert_memory_equal(&out.vertices[i], &vertices[i], sizeof vertices[i]);
            assert_true(vertices[i].lon_e5 >= record.west && vertices[i].lon_e5 <= record.east &&
                        vertices[i].lat_e5 >= record.south && vertices[i].lat_e5 <= record.north);
        }
    }
}

static void what_is_no_ring_is_left_out(void **state)
{
    struct fixture *x = *state;
    static const struct {
        const char *text;
        size_t rings;
    } cases[] = {{"", 0},
                 {"1,1 2,2", 0},
                 {"1,1 2,2 3,3", 1},
                 {"1,1 2,2|1,1 2,2 3,3", 1},
                 {"1,1 2,2 3,3|x", 1},
                 {"1,1 2,2 3", 0},
                 {"1;1 2;2 3;3", 0},
                 {"18000000,0 1,0 1,0", 0},
                 {"99999999999999999999,0 1,1 1,1", 0},
                 {"||||", 0}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct geo_outlines out = {0};
        rings_read(&(struct rings_room){.arena = x->arena, .out = &out}, cases[i].text);
        assert_int_equal(out.ring_count, cases[i].rings);
        assert_int_equal(out.vertex_count, cases[i].rings * 3);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(outlines_come_back_where_they_are_asked_for),
        TEST(a_second_import_replaces_by_code),
        TEST(levels_are_told_by_codes_or_by_the_caller),
        TEST(bad_files_and_strangers_are_refused),
        TEST(points_place_the_sites_known_by_their_commune),
        TEST(rings_survive_writing_and_reading),
        TEST(what_is_no_ring_is_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
