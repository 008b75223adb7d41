/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "i18n/i18n.h"
#include "maps/map.h"
#include "maps/map_labels.h"
#include "number/checked.h"

static const struct map_town towns[] = {{"Besançon", {47.24878, 6.01815}, 118000, true},
                                        {"Pontarlier", {46.90347, 6.35542}, 17000, false},
                                        {"Morteau", {47.05784, 6.60716}, 7000, false},
                                        {"Maîche", {47.2516, 6.80309}, 4000, false},
                                        {"La Chaux-de-Fonds", {47.09993, 6.82586}, 37000, true},
                                        {"Le Locle", {47.05619, 6.74913}, 10000, false},
                                        {"Nowhere", {-47, 6}, 1e9, true}};

static const struct map_site sites[] = {{.name = "A & <B>",
                                         .href = "/structures/1",
                                         .id = "1",
                                         .at = {47.058, 6.607},
                                         .size = MAP_LARGE,
                                         .member = true,
                                         .label = "A & <B>",
                                         .priority = 9},
                                        {.name = "Second",
                                         .href = "javascript:alert(1)",
                                         .id = "2\" onload=\"x",
                                         .at = {47.058, 6.607},
                                         .size = MAP_SMALL},
                                        {.name = "Third", .at = {47.2488, 6.0182}, .member = true},
                                        {.name = "Nobody knows", .at = {(double)NAN, (double)NAN}}};

static const char *draw(struct arena *a, const struct map *m, struct map_report *report)
{
    struct html *h = html_new(a, 8 * MIB);
    map_draw(a, h, m, report);
    assert_ok(buffer_check(h->out));
    return slice_text(a, html_done(h).bytes);
}

static size_t occurrences(const char *text, const char *what)
{
    size_t count = 0;
    for (const char *p = text; (p = strstr(p, what)); p += strlen(what))
        count++;
    return count;
}

static struct map example(void)
{
    return (struct map){.title = "Carte <1>",
                        .sites = sites,
                        .site_count = COUNT(sites),
                        .towns = towns,
                        .town_count = COUNT(towns)};
}

static void a_map_shows_its_sites_and_escapes_them(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct map m = example();
    m.box = (struct geo_box){46.8, 5.6, 47.5, 7.2};
    struct map_report report;
    const char *svg = draw(a, &m, &report);
    assert_int_equal(report.drawn, 3);
    assert_int_equal(report.unlocated, 1);
    assert_int_equal(report.outside, 0);
    assert_int_equal(occurrences(svg, "<a class=\"map-site"), 3);
    assert_int_equal(occurrences(svg, "map-other"), 1);
    assert_int_equal(occurrences(svg, "<title>A &amp; &lt;B&gt;</title>"), 1);
    assert_non_null(strstr(svg, "viewBox=\"0 0 640 "));
    assert_non_null(strstr(svg, "<title id=\"map-t\">Carte &lt;1&gt;</title>"));
    assert_non_null(strstr(svg, "map-label map-label-big"));
    assert_null(strstr(svg, "javascript:"));
    assert_null(strstr(svg, "\" onload"));
    assert_null(strstr(svg, "style"));
    assert_null(strstr(svg, "<script"));
    assert_null(strstr(svg, "Nowhere"));
    assert_null(strstr(svg, "nan"));
    assert_non_null(strstr(svg, " km</text></svg>"));
}

static void a_map_speaks_the_language_of_its_reader(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct map m = example();
    language_set(LANGUAGE_EN);
    assert_non_null(strstr(draw(a, &m, NULL), "Sites drawn: 3, of which members: 2."));
    language_set(LANGUAGE_FR);
    assert_non_null(strstr(draw(a, &m, NULL), "dessinés : 3, dont adhérents : 2."));
}

static void nothing_to_show_is_said(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct map m = {
        .title = "t", .sites = sites + 3, .site_count = 1, .towns = towns, .town_count = COUNT(towns)};
    struct map_report report;
    const char *svg = draw(a, &m, &report);
    assert_int_equal(report.drawn, 0);
    assert_int_equal(report.unlocated, 1);
    assert_null(strstr(svg, "map-site"));
    assert_non_null(strstr(svg, "</text></svg>"));
    m.site_count = 0;
    m.box = (struct geo_box){46.8, 5.8, 47.5, 7};
    assert_true(occurrences(draw(a, &m, NULL), "map-town") >= 5);
}

static void one_place_is_spread_so_that_no_dot_hides_another(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    enum { MANY = 25 };
    struct map_site crowd[MANY];
    char names[MANY][8];
    for (int i = 0; i < MANY; i++) {
        (void)snprintf(names[i], sizeof names[i], "f%d", i);
        crowd[i] = (struct map_site){.name = names[i], .at = {47.0578, 6.6072}, .size = MAP_MEDIUM};
    }
    struct map m = {.title = "t", .sites = crowd, .site_count = MANY};
    const char *svg = draw(a, &m, NULL);
    double x[MANY], y[MANY];
    int found = 0;
    for (const char *p = svg; (p = strstr(p, "map-dot\" d=\"M")); found++) {
        p += strlen("map-dot\" d=\"M");
        char *rest;
        x[found] = strtod(p, &rest);
        y[found] = strtod(rest, &rest);
        p = rest;
        for (int k = 0; k < found; k++)
            assert_true(hypot(x[found] - x[k], y[found] - y[k]) > 8);
    }
    assert_int_equal(found, MANY);
}

static void a_far_site_does_not_shrink_the_others(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct map_site many[41];
    for (int i = 0; i < 40; i++)
        many[i] = (struct map_site){.name = "x", .at = {47 + i * 0.01, 6.2 + (i * 7 % 40) * 0.015}};
    many[40] = (struct map_site){.name = "far", .at = {43.3, 5.4}};
    struct map m = {.title = "t", .sites = many, .site_count = 41};
    struct map_report report;
    draw(a, &m, &report);
    assert_int_equal(report.outside, 1);
    assert_int_equal(report.drawn, 40);
    struct geo_box box = map_frame(a, &m);
    assert_true(box.north - box.south < 1.5);
}

static void the_frame_holds_the_reach_and_has_a_shape(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct map m = {.title = "t", .centre = {47.0578, 6.6072}, .reach_km = 60};
    struct geo_box box = map_frame(a, &m);
    assert_true(distance_km(m.centre, (struct geo_point){box.north, m.centre.lon}) > 60);
    assert_true(distance_km(m.centre, (struct geo_point){m.centre.lat, box.west}) > 60);
    const char *svg = draw(a, &m, NULL);
    const char *radius = strstr(svg, " r=\"");
    assert_non_null(radius);
    double units = strtod(radius + 4, NULL);
    double width_km =
        distance_km((struct geo_point){47.0578, box.west}, (struct geo_point){47.0578, box.east});
    assert_true(fabs(units / MAP_WIDTH * width_km - 60) < 1);
}

/* The promise of the header, on random towns: no two labels touch at the size they are placed for. */
static void labels_never_touch(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    uint32_t seed = 7;
    for (int round = 0; round < 40; round++) {
        enum { MANY = 80 };
        struct map_label labels[MANY];
        struct map_view view = {.width = MAP_WIDTH, .height = 500};
        struct map_rect obstacle = {0, 440, 200, 500};
        for (int i = 0; i < MANY; i++) {
            seed = seed * 1664525 + 1013904223;
            static const char *const names[] = {"Les Fins", "Villers-le-Lac", "Ornans", "La Chaux-de-Fonds",
                                                "Œ"};
            labels[i] = (struct map_label){.text = names[seed >> 28 & 3],
                                           .at = {seed >> 8 & 511, seed >> 16 & 511},
                                           .clear = 9,
                                           .kind = seed & 1 ? MAP_LABEL_BIG : MAP_LABEL_TOWN};
        }
        size_t placed = map_labels_place(a, &view, labels, MANY, &obstacle, 1), seen = 0;
        for (int i = 0; i < MANY; i++) {
            if (!labels[i].placed)
                continue;
            seen++;
            double size = labels[i].minor ? MAP_TEXT_MIDDLE : MAP_TEXT_NARROW;
            struct map_rect r = map_label_rect(&labels[i], size),
                            small = map_label_rect(&labels[i], MAP_TEXT_WIDE);
            assert_true(r.left >= 0 && r.right <= MAP_WIDTH && r.top >= 0 && r.bottom <= 500);
            assert_true(r.left >= obstacle.right || r.bottom <= obstacle.top);
            assert_true(small.left >= r.left - 0.01 && small.right <= r.right + 0.01 &&
                        small.top >= r.top - 0.01 && small.bottom <= r.bottom + 0.01);
            for (int k = 0; k < i; k++) {
                if (!labels[k].placed)
                    continue;
                struct map_rect s =
                    map_label_rect(&labels[k], labels[k].minor ? MAP_TEXT_MIDDLE : MAP_TEXT_NARROW);
                assert_true(r.left >= s.right || s.left >= r.right || r.top >= s.bottom || s.top >= r.bottom);
            }
        }
        assert_int_equal(seen, placed);
        assert_true(placed > 5);
    }
}

/* Two communes of one EPCI and one of another, in a row: 4 + 4 + 4 corners. */
static void borders_between_groups_are_drawn_once(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct geo_vertex v[12];
    struct geo_ring rings[3];
    struct geo_area areas[3] = {
        {.code = "1", .group = "g"}, {.code = "2", .group = "g"}, {.code = "3", .group = "h"}};
    for (uint32_t i = 0; i < 3; i++) {
        int32_t west = 600000 + (int32_t)i * 20000;
        v[4 * i] = (struct geo_vertex){west, 4700000};
        v[4 * i + 1] = (struct geo_vertex){west + 20000, 4700000};
        v[4 * i + 2] = (struct geo_vertex){west + 20000, 4720000};
        v[4 * i + 3] = (struct geo_vertex){west, 4720000};
        rings[i] = (struct geo_ring){4 * i, 4, false};
        areas[i].first_ring = i;
        areas[i].rings = 1;
    }
    struct geo_outlines o = {areas, rings, v, 3, 3, 12};
    struct map m = {.title = "t", .areas = &o, .box = {46.95, 5.95, 47.25, 6.65}};
    const char *svg = draw(a, &m, NULL);
    const char *communes = strstr(svg, "map-commune"), *epci = strstr(svg, "map-epci");
    assert_non_null(communes);
    assert_non_null(epci);
    const char *end = strstr(epci, "/>");
    size_t lines = 0;
    for (const char *p = epci; p < end; p++)
        lines += *p == 'l';
    lines -= occurrences("scale", "l");
    assert_int_equal(lines,
                     6 + 2 + 1); /* tops and bottoms, outer sides, and the one border between g and h */
    assert_int_equal(occurrences(svg, "z"), 3);
    m.box = (struct geo_box){40, 0, 41, 1}; /* elsewhere: nothing of it */
    assert_int_equal(occurrences(draw(a, &m, NULL), "z"), 0);
}

static void absurd_input_is_drawn_without_harm(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct map_site odd[] = {
        {.name = "pole", .at = {90, 0}},          {.name = "antipode", .at = {-47, -174}},
        {.name = "inf", .at = {INFINITY, 6}},     {.name = "big", .at = {1e300, -1e300}},
        {.name = "half", .at = {(double)NAN, 6}}, {.name = "", .at = {47, 6}}};
    for (size_t n = 0; n <= COUNT(odd); n++) {
        struct map m = {
            .title = "", .sites = odd, .site_count = n, .centre = {47, 6}, .reach_km = n & 1 ? 1e9 : -3};
        struct map_report report;
        const char *svg = draw(a, &m, &report);
        assert_null(strstr(svg, "nan"));
        assert_null(strstr(svg, "inf "));
        assert_int_equal(report.drawn + report.outside + report.unlocated, n);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_map_shows_its_sites_and_escapes_them),
        cmocka_unit_test(a_map_speaks_the_language_of_its_reader),
        cmocka_unit_test(nothing_to_show_is_said),
        cmocka_unit_test(one_place_is_spread_so_that_no_dot_hides_another),
        cmocka_unit_test(a_far_site_does_not_shrink_the_others),
        cmocka_unit_test(the_frame_holds_the_reach_and_has_a_shape),
        cmocka_unit_test(labels_never_touch),
        cmocka_unit_test(borders_between_groups_are_drawn_once),
        cmocka_unit_test(absurd_input_is_drawn_without_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
