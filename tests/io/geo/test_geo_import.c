/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "geo/geo_import.h"
#include "geo/json_scan.h"
#include "geo/lambert.h"
#include "number/checked.h"
#include "text/buffer.h"

static const char two_squares[] =
    "{\"type\":\"FeatureCollection\",\"features\":["
    "{\"type\":\"Feature\",\"properties\":{\"code\":\"B\",\"nom\":\"L\\u00e0-haut\",\"epci\":\"1\"},"
    "\"geometry\":"
    "{\"type\":\"Polygon\",\"coordinates\":[[[6.2,47],[6.4,47],[6.4,47.2],[6.2,47.2],[6.2,47]],"
    "[[6.25,47.05],[6.25,47.1],[6.3,47.1],[6.3,47.05],[6.25,47.05]]]}},"
    "{\"type\":\"Feature\",\"geometry\":{\"coordinates\":[[[[6,47],[6.2,47],[6.2,47.2],[6,47.2],[6,47]]],"
    "[[[5,47],[5.1,47],[5.1,47.1],[5,47]]]],\"type\":\"MultiPolygon\"},\"properties\":{\"nom\":null,\"code\":"
    "\"A\"}}]}";

static struct fault *import(struct arena *a, const char *text, struct geo_import_options options,
                            struct geo_outlines *out)
{
    struct geo_import_report report;
    return geo_import(a, slice_of(text), options, out, &report);
}

static void geojson_becomes_arrays(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct geo_outlines o;
    assert_ok(import(a, two_squares, (struct geo_import_options){0}, &o));
    assert_int_equal(o.area_count, 2);
    assert_int_equal(o.ring_count, 4);
    assert_int_equal(o.vertex_count, 4 + 3 + 4 + 4);
    assert_string_equal(o.areas[0].code, "A");
    assert_string_equal(o.areas[0].name, "");
    assert_string_equal(o.areas[1].name, "Là-haut");
    assert_string_equal(o.areas[1].group, "1");
    assert_int_equal(geo_area_of(&o, "B"), 1);
    assert_int_equal(geo_area_of(&o, "C"), -1);
    assert_true(fabs(o.areas[0].centre.lat - 47.1) < 1e-6 && fabs(o.areas[0].centre.lon - 6.1) < 1e-6);
    assert_true(o.rings[o.areas[1].first_ring + 1].hole && !o.rings[o.areas[1].first_ring].hole);
}

static void topojson_quantised_or_not_gives_the_same(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    static const char quantised[] =
        "{\"type\":\"Topology\",\"transform\":{\"scale\":[0.1,0.1],\"translate\":[6,47]},\"objects\":{\"x\":{"
        "\"type\":"
        "\"GeometryCollection\",\"geometries\":["
        "{\"type\":\"Polygon\",\"arcs\":[[0,1]],\"properties\":{\"code\":\"A\"}},"
        "{\"type\":\"Polygon\",\"arcs\":[[2,-1]],\"id\":\"B\"},"
        "{\"type\":\"Point\",\"coordinates\":[1,1],\"id\":\"P\"}]}},"
        "\"arcs\":[[[2,0],[0,2]],[[2,2],[-2,0],[0,-2],[2,0]],[[2,0],[2,0],[0,2],[-2,0]]]}";
    static const char plain[] =
        "{\"type\":\"Topology\",\"arcs\":[[[6.2,47],[6.2,47.2]],[[6.2,47.2],[6,47.2],[6,47],[6.2,47]],"
        "[[6.2,47],[6.4,47],[6.4,47.2],[6.2,47.2]]],\"objects\":{\"no\":{},\"x\":{\"geometries\":["
        "{\"type\":\"Polygon\",\"arcs\":[[0,1]],\"id\":\"A\"},{\"type\":\"Polygon\",\"arcs\":[[2,-1]],\"id\":"
        "\"B\"},"
        "{\"type\":\"Point\",\"coordinates\":[6.1,47.1],\"id\":\"P\"}]}}}";
    struct geo_outlines o, p;
    assert_ok(import(a, quantised, (struct geo_import_options){0}, &o));
    assert_ok(import(a, plain, (struct geo_import_options){.object = "x"}, &p));
    assert_int_equal(o.area_count, 3);
    struct slice one = geo_pack(a, &o), other = geo_pack(a, &p);
    assert_int_equal(one.len, other.len);
    assert_memory_equal(one.ptr, other.ptr, one.len);
    assert_fault(import(a, plain, (struct geo_import_options){0}, &p), FAULT_INVALID);
}

static void properties_can_be_named_and_numbers_keep_their_zero(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    static const char text[] =
        "{\"type\":\"FeatureCollection\",\"features\":[{\"id\":9,\"properties\":{\"num\":1234,\"titre\":"
        "\"T\"},"
        "\"geometry\":{\"type\":\"Point\",\"coordinates\":[6.0,47.5,300]}},"
        "{\"properties\":{\"num\":2},\"geometry\":null},"
        "{\"properties\":{\"num\":3},\"geometry\":{\"type\":\"LineString\",\"coordinates\":[[0,0],[1,1]]}}]}";
    struct geo_outlines o;
    struct geo_import_report report;
    assert_ok(geo_import(a, slice_of(text),
                         (struct geo_import_options){.code_property = "num", .name_property = "titre"}, &o,
                         &report));
    assert_int_equal(o.area_count, 1);
    assert_string_equal(o.areas[0].code, "01234");
    assert_string_equal(o.areas[0].name, "T");
    assert_int_equal(report.left_out, 2);
    assert_int_equal(report.features, 3);
    assert_int_equal(o.areas[0].rings, 0);
}

/* IGN, NTG 71, ALG0004 and ALG0002: the worked example. */
static void lambert_matches_the_published_example(void **state)
{
    (void)state;
    static const struct lambert example = {.n = 0.760405966,
                                           .c = 11603796.9767,
                                           .xs = 600000,
                                           .ys = 5657616.674,
                                           .lon0 = 0.04079234433,
                                           .eccentricity = 0.08248325676};
    struct geo_point p = lambert_degrees(&example, 1029705.083, 272723.849);
    assert_true(fabs(geo_radians(p.lon) - 0.145512099) < 1e-9);
    assert_true(fabs(geo_radians(p.lat) - 0.872664626) < 1e-9);
}

/* Forward projection, from the ellipsoid and its two standard parallels (Snyder 1987, formulas 15-1 to 15-8):
 * constants are derived here, so a wrong digit in ours shows. */
static void forward(double lat, double lon, double *x, double *y)
{
    const double e = sqrt(2 / 298.257222101 - 1 / (298.257222101 * 298.257222101)), a = 6378137;
    double m[3], t[4], at[4] = {geo_radians(44), geo_radians(49), geo_radians(46.5), geo_radians(lat)};
    for (int i = 0; i < 4; i++) {
        double s = e * sin(at[i]);
        t[i] = tan(geo_radians(45) - at[i] / 2) / pow((1 - s) / (1 + s), e / 2);
        if (i < 2)
            m[i] = cos(at[i]) / sqrt(1 - s * s);
    }
    double n = log(m[0] / m[1]) / log(t[0] / t[1]), f = m[0] / (n * pow(t[0], n));
    double theta = n * geo_radians(lon - 3), rho = a * f * pow(t[3], n), rho0 = a * f * pow(t[2], n);
    *x = 700000 + rho * sin(theta);
    *y = 6600000 + rho0 - rho * cos(theta);
}

static void lambert_93_undoes_the_projection(void **state)
{
    (void)state;
    static const struct geo_point points[] = {
        {46.5, 3}, {47.24878, 6.01815}, {41.4, 9.4}, {51, 2.5}, {48.4, -4.9}};
    for (size_t i = 0; i < COUNT(points); i++) {
        double x, y;
        forward(points[i].lat, points[i].lon, &x, &y);
        assert_true(lambert_93_holds(x, y));
        struct geo_point back = lambert_degrees(&lambert_93, x, y);
        assert_true(fabs(back.lat - points[i].lat) < 1e-9 && fabs(back.lon - points[i].lon) < 1e-9);
    }
}

static void metres_are_converted(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct geo_outlines o;
    struct geo_import_report report;
    static const char text[] = "{\"type\":\"FeatureCollection\",\"features\":[{\"properties\":{\"code\":"
                               "\"1\"},\"geometry\":{\"type\":"
                               "\"Polygon\",\"coordinates\":[[[700000,6600000],[701000,6600000],[701000,"
                               "6601000],[700000,6600000]]]}}]}";
    assert_ok(geo_import(a, slice_of(text), (struct geo_import_options){0}, &o, &report));
    assert_true(report.lambert_93);
    assert_int_equal(o.vertices[0].lon_e5, 300000);
    assert_int_equal(o.vertices[0].lat_e5, 4650000);
}

static void numbers_are_read_to_their_last_digit(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double value;
        bool good;
    } cases[] = {{"6.0123456789012345678", 6.0123456789012345678, true},
                 {"-0.5", -0.5, true},
                 {"1e2", 100, true},
                 {"12345678901234567890", 12345678901234567890.0, true},
                 {"2.5E-3", 0.0025, true},
                 {"0", 0, true},
                 {"", 0, false},
                 {"-", 0, false},
                 {"1.", 0, false},
                 {".5", 0, false},
                 {"1e", 0, false},
                 {"1e999", 0, false},
                 {"NaN", 0, false},
                 {"\"1\"", 0, false},
                 {"1e308", 1e308, true},
                 {"9e308", 0, false}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct json_scan s = json_scan(slice_of(cases[i].text));
        double value = 0;
        bool good = json_number(&s, &value);
        if (good != cases[i].good)
            fail_msg("%s", cases[i].text);
        if (good)
            assert_true(fabs(value - cases[i].value) <= fabs(cases[i].value) * 1e-15);
    }
}

static const char *feature(struct arena *a, const char *geometry)
{
    return arena_print(a,
                       "{\"type\":\"FeatureCollection\",\"features\":[{\"properties\":{\"code\":\"1\"},"
                       "\"geometry\":%s}]}",
                       geometry);
}

static void bad_files_are_refused_in_words(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    const char *const bad[] = {
        "",
        "{",
        "[]",
        "null",
        "{}",
        "{\"type\":\"Feature\"}",
        "{\"type\":\"FeatureCollection\"}",
        "<svg/>",
        "\xEF\xBB\xBF",
        "{\"type\":\"FeatureCollection\",\"features\":[]}",
        "{\"type\":\"FeatureCollection\",\"features\":{}}",
        "{\"type\":\"FeatureCollection\",\"features\":[{}]}",
        "{\"type\":\"FeatureCollection\",\"features\":[1,2]}",
        "{\"type\":\"FeatureCollection\",\"features\":[{\"properties\":{\"code\":[1]},\"geometry\":null}]}",
        "{\"type\":\"FeatureCollection\",\"features\":[{\"properties\":{\"code\":\"a\\u0000b\"},\"geometry\":"
        "null}]}",
        "{\"type\":\"Topology\"}",
        "{\"type\":\"Topology\",\"objects\":{\"a\":1}}",
        "{\"type\":\"Topology\",\"objects\":{\"a\":{\"geometries\":[{\"type\":\"Polygon\",\"id\":\"1\","
        "\"arcs\":[[0]]}]}},\"arcs\":[]}",
        "{\"type\":\"Topology\",\"objects\":{\"a\":{\"geometries\":[{\"type\":\"Polygon\",\"id\":\"1\","
        "\"arcs\":[[-9e18]]}]}},\"arcs\":[[]]}",
        "{\"type\":\"Topology\",\"objects\":{\"a\":{\"geometries\":[{\"type\":\"Polygon\",\"id\":\"1\","
        "\"arcs\":[[0]]}]}},\"arcs\":[[[0,0],[1,1]]]}",
        "{\"type\":\"Topology\",\"transform\":{\"scale\":1},\"objects\":{},\"arcs\":[]}",
        feature(a, "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,0],[1,1]]]}"),
        feature(a, "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,0],[1,1],[0,1]]]}"),
        feature(a, "{\"type\":\"Polygon\",\"coordinates\":[[]]}"),
        feature(a, "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1],[1,1],[0,0]]]}"),
        feature(a, "{\"type\":\"Polygon\",\"coordinates\":[[[0,\"0\"],[1,0],[1,1],[0,0]]]}"),
        feature(a, "{\"type\":\"Polygon\"}"),
        feature(a, "{\"type\":\"Point\",\"coordinates\":[]}"),
        feature(a, "{\"type\":\"Point\",\"coordinates\":[200,95]}"),
        feature(a, "{\"type\":\"Point\",\"coordinates\":[1e300,-1e300]}"),
        feature(a, "{\"type\":\"Point\",\"coordinates\":[700000,47]}"),
        feature(a, "{\"type\":\"Polygon\",\"coordinates\":[[[[[[[[[]]]]]]]]]}"),
    };
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct geo_outlines o;
        const struct fault *f = import(a, bad[i], (struct geo_import_options){0}, &o);
        if (!f)
            fail_msg("accepted: %s", bad[i]);
        assert_int_equal(f->code, FAULT_INVALID);
        assert_true(f->text[0] != 0);
    }
}

static void a_code_twice_is_refused(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct geo_outlines o;
    static const char p[] =
        "{\"properties\":{\"code\":\"1\"},\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,2]}}";
    const char *text = arena_print(a, "{\"type\":\"FeatureCollection\",\"features\":[%s,%s]}", p, p);
    assert_fault(import(a, text, (struct geo_import_options){0}, &o), FAULT_INVALID);
}

static void cut_and_nested_files_never_harm(void **state)
{
    (void)state;
    for (size_t length = 0; length < sizeof two_squares - 1; length++) {
        ARENA_SCOPE(a);
        struct geo_outlines o;
        struct geo_import_report report;
        char *exact = malloc(length ? length : 1); /* so that reading past the end is seen */
        assert_non_null(exact);
        memcpy(exact, two_squares, length);
        assert_non_null(
            geo_import(a, (struct slice){exact, length}, (struct geo_import_options){0}, &o, &report));
        free(exact);
    }
    ARENA_SCOPE(a);
    enum { DEEP = 100000 };
    struct geo_outlines o;
    char *deep = NEW(a, char, DEEP + 1);
    memset(deep, '[', DEEP);
    assert_fault(import(a, deep, (struct geo_import_options){0}, &o), FAULT_INVALID);
    memcpy(deep, "{\"type\":", 8);
    assert_fault(import(a, deep, (struct geo_import_options){0}, &o), FAULT_INVALID);
}

/* Two areas with a ragged common border, each written in its own direction. */
static char *ragged_pair(struct arena *a, int steps)
{
    struct buffer *b = buffer_new(a, 1 << 20), *up = buffer_new(a, 1 << 18), *down = buffer_new(a, 1 << 18);
    for (int i = 0; i <= steps; i++) {
        buffer_print(up, ",[%.6f,%.6f]", 6.2 + (i % 7) * 0.00002 * (i > 0 && i < steps),
                     47 + 0.2 * i / steps);
        int k = steps - i;
        buffer_print(down, ",[%.6f,%.6f]", 6.2 + (k % 7) * 0.00002 * (k > 0 && k < steps),
                     47 + 0.2 * k / steps);
    }
    buffer_print(
        b,
        "{\"type\":\"FeatureCollection\",\"features\":[{\"id\":\"W\",\"geometry\":{\"type\":\"Polygon\","
        "\"coordinates\":[[[6,47]%s,[6,47.2],[6,47]]]}},",
        buffer_string(up));
    buffer_print(b,
                 "{\"id\":\"E\",\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[6.4,47],[6.4,47.2]%s,"
                 "[6.4,47]]]}}]}",
                 buffer_string(down));
    return arena_text(a, buffer_string(b), b->len);
}

static void simplified_neighbours_still_fit(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct geo_outlines o;
    const char *text = ragged_pair(a, 500);
    assert_ok(import(a, text, (struct geo_import_options){0}, &o));
    size_t full = o.vertex_count;
    assert_ok(import(a, text, (struct geo_import_options){.tolerance_m = 1}, &o));
    assert_true(o.vertex_count < full && o.vertex_count > 100);
    size_t border = 0;
    for (size_t i = 0; i < o.rings[0].count; i++) {
        struct geo_vertex v = o.vertices[o.rings[0].first + i];
        if (v.lon_e5 < 620000 || v.lon_e5 > 630000)
            continue;
        bool shared = false;
        for (size_t k = 0; k < o.rings[1].count; k++) {
            struct geo_vertex w = o.vertices[o.rings[1].first + k];
            shared |= v.lon_e5 == w.lon_e5 && v.lat_e5 == w.lat_e5;
        }
        assert_true(shared);
        border++;
    }
    assert_int_equal(o.rings[0].count, border + 2);
    assert_int_equal(o.rings[1].count, border + 2);
    assert_ok(import(a, text, (struct geo_import_options){.tolerance_m = 100}, &o));
    assert_int_equal(o.vertex_count, 8);
    assert_ok(import(a, text, (struct geo_import_options){.tolerance_m = 1e9}, &o));
    assert_true(o.rings[0].count >= 3 && o.rings[1].count >= 3);
}

/* A bow tie has next to no signed surface, so that its centroid is nowhere near. */
static void the_centre_of_a_crossing_ring_stays_in_its_box(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct geo_outlines o;
    assert_ok(import(
        a, feature(a, "{\"type\":\"Polygon\",\"coordinates\":[[[6,47],[7,48],[7,47],[6,48.00001],[6,47]]]}"),
        (struct geo_import_options){0}, &o));
    assert_true(o.areas[0].centre.lat >= 47 && o.areas[0].centre.lat <= 48.00001);
    assert_true(o.areas[0].centre.lon >= 6 && o.areas[0].centre.lon <= 7);
}

static void packing_is_undone_by_unpacking(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct geo_outlines o, back;
    assert_ok(import(a, two_squares, (struct geo_import_options){0}, &o));
    struct slice packed = geo_pack(a, &o);
    assert_ok(geo_unpack(a, packed, &back));
    assert_int_equal(back.vertex_count, o.vertex_count);
    assert_memory_equal(back.vertices, o.vertices, o.vertex_count * sizeof *o.vertices);
    for (size_t i = 0; i < o.area_count; i++) {
        assert_string_equal(back.areas[i].code, o.areas[i].code);
        assert_string_equal(back.areas[i].name, o.areas[i].name);
        assert_true(fabs(back.areas[i].centre.lat - o.areas[i].centre.lat) < 1e-5);
    }
    for (size_t length = 0; length < packed.len; length++)
        assert_fault(geo_unpack(a, (struct slice){packed.ptr, length}, &back), FAULT_INVALID);
    char *bytes = arena_text(a, packed.ptr, packed.len);
    for (size_t i = 0; i < packed.len; i++)
        for (int bit = 0; bit < 8; bit++) {
            bytes[i] = (char)(bytes[i] ^ 1 << bit);
            const struct fault *f = geo_unpack(a, (struct slice){bytes, packed.len}, &back);
            for (size_t r = 0; !f && r < back.ring_count; r++)
                assert_true(back.rings[r].first + back.rings[r].count <= back.vertex_count);
            bytes[i] = (char)(bytes[i] ^ 1 << bit);
        }
}

#define WHOLE_REGION "geo-fr/communes-bfc-2026-simp.topojson"

/* The region's 3,685 communes, when the data are at hand. */
static void a_whole_region_is_read(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    FILE *f = fopen(arena_print(a, "%s/%s", getenv("SHARED_DATA"), WHOLE_REGION), "rb");
    assert_non_null(f);
    char *text = NEW(a, char, 2 * MIB);
    size_t length = fread(text, 1, 2 * MIB, f);
    (void)fclose(f);
    struct geo_outlines o, thin;
    struct geo_import_report report;
    assert_ok(geo_import(a, (struct slice){text, length}, (struct geo_import_options){0}, &o, &report));
    assert_int_equal(o.area_count, 3685);
    int64_t morteau = geo_area_of(&o, "25411");
    assert_true(morteau >= 0);
    assert_string_equal(o.areas[morteau].group, "242504116");
    assert_true(distance_km(o.areas[morteau].centre, (struct geo_point){47.0578, 6.6072}) < 3);
    assert_ok(geo_import(a, (struct slice){text, length}, (struct geo_import_options){.tolerance_m = 150},
                         &thin, &report));
    struct slice packed = geo_pack(a, &o), packed_thin = geo_pack(a, &thin);
    print_message("# %zu vertices, packed %zu bytes; at 150 m %zu, %zu bytes\n", o.vertex_count, packed.len,
                  thin.vertex_count, packed_thin.len);
    assert_true(thin.vertex_count < o.vertex_count && packed.len < length);
    assert_ok(geo_unpack(a, packed_thin, &thin));
}

int main(void)
{
    needs_shared_data(WHOLE_REGION, "a_whole_region_is_read");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(geojson_becomes_arrays),
        cmocka_unit_test(topojson_quantised_or_not_gives_the_same),
        cmocka_unit_test(properties_can_be_named_and_numbers_keep_their_zero),
        cmocka_unit_test(lambert_matches_the_published_example),
        cmocka_unit_test(lambert_93_undoes_the_projection),
        cmocka_unit_test(metres_are_converted),
        cmocka_unit_test(numbers_are_read_to_their_last_digit),
        cmocka_unit_test(bad_files_are_refused_in_words),
        cmocka_unit_test(a_code_twice_is_refused),
        cmocka_unit_test(cut_and_nested_files_never_harm),
        cmocka_unit_test(simplified_neighbours_still_fit),
        cmocka_unit_test(the_centre_of_a_crossing_ring_stays_in_its_box),
        cmocka_unit_test(packing_is_undone_by_unpacking),
        cmocka_unit_test(a_whole_region_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
