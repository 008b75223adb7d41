/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "test.h"

#include <string.h>

#include "clock/clock.h"
#include "i18n/i18n.h"
#include "number/checked.h"
#include "random/random.h"
#include "text/buffer.h"
#include "text/fold.h"
#include "text/json.h"
#include "text/stem.h"

static void folding_makes_spellings_meet(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    static const struct {
        const char *typed, *folded;
    } cases[] = {{"Décolletage", "decolletage"},
                 {"ŒUVRE", "oeuvre"},
                 {"10 µm", "10 um"},
                 {"10 μm", "10 um"},
                 {"Ø 0,8", "o 0,8"},
                 {"ﬁnition", "finition"},
                 {"l’été", "l'ete"},
                 {"±2", "+-2"},
                 {"Straße", "strasse"},
                 {"a\xFFz", "a?z"},
                 {"5 000", "5 000"},
                 {"Côte–d'Or", "cote-d'or"}};
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_string_equal(fold_text(a, cases[i].typed), cases[i].folded);
}

static void folded_bytes_know_where_they_came_from(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    uint32_t *origin;
    struct slice folded = fold_traced(a, S("é±œ"), &origin);
    assert_string_equal(slice_text(a, folded), "e+-oe");
    static const uint32_t expected[] = {0, 2, 2, 4, 4, 6};
    assert_memory_equal(origin, expected, sizeof expected);
}

static void stems_ignore_accents_and_number(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct stemmer *fr = stemmer_new(a, LANGUAGE_FR);
    char *one = slice_text(a, stem(fr, fold(a, S("polissages"))));
    assert_string_equal(one, slice_text(a, stem(fr, fold(a, S("polissage")))));
    assert_string_equal(slice_text(a, stem(fr, S("316l"))), "316l");
}

static void an_unknown_day_sets_no_bound(void **state)
{
    (void)state;
    assert_true(day_within(5, 5, 5));
    assert_false(day_within(4, 5, UNKNOWN_INTEGER));
    assert_false(day_within(6, UNKNOWN_INTEGER, 5));
    assert_true(day_within(6, UNKNOWN_INTEGER, UNKNOWN_INTEGER));
}

static void days_exist_or_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *typed;
        bool good;
    } cases[] = {{"2024-02-29", true}, {"1900-02-29", false}, {"2026-13-01", false}, {"2026-11-22x", false}};
    int64_t day;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_int_equal(day_parse(slice_of(cases[i].typed), &day), cases[i].good);
    assert_true(day_parse(S("1970-01-02"), &day));
    assert_int_equal(day, 1);
}

static void paris_changes_day_before_utc(void **state)
{
    (void)state;
    clock_hold((day_of(2026, 7, 1) * 86400 - 5400) * SECOND_US); /* 22:30 UTC on 30 June: 00:30 in Paris */
    assert_int_equal(today(), day_of(2026, 7, 1));
    clock_hold((day_of(2026, 1, 1) * 86400 - 5400) * SECOND_US); /* 23:30 in Paris */
    assert_int_equal(today(), day_of(2025, 12, 31));
    clock_hold(0);
}

static void identifiers_only_grow(void **state)
{
    (void)state;
    clock_hold(1000 * SECOND_US);
    int64_t last = new_id();
    for (int i = 0; i < 1000; i++) {
        int64_t id = new_id();
        assert_true(id > last);
        last = id;
    }
    clock_hold(0);
}

static void numbers_read_as_people_write_them(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    language_set(LANGUAGE_FR);
    assert_string_equal(number_print(a, 1234.5, 2), "1\xE2\x80\xAF"
                                                    "234,5");
    assert_string_equal(number_print(a, -0.001, 2), "0");
    assert_string_equal(integer_print(a, UNKNOWN_INTEGER), "");
    language_set(LANGUAGE_EN);
    assert_string_equal(integer_print(a, -1234567), "\xE2\x88\x92"
                                                    "1,234,567");
    language_set(LANGUAGE_FR);
}

static void json_escapes_and_places_commas(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct buffer *b = buffer_new(a, 4096);
    struct json j = json_writer(b);
    json_begin_object(&j);
    json_put_key(&j, "a");
    json_begin_array(&j);
    json_put_integer(&j, 1);
    json_put_real(&j, 0.1);
    json_put_real(&j, UNKNOWN_REAL);
    json_end(&j);
    json_put_key(&j, "b\"");
    json_put_text(&j, "x</script>\n\xFF");
    json_end(&j);
    assert_string_equal(buffer_string(b),
                        "{\"a\":[1,0.1,null],\"b\\\"\":\"x\\u003c/script\\u003e\\u000a\xEF\xBF\xBD\"}");
}

static void json_numbers_are_short_and_exact(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *text;
    } cases[] = {{0, "0"},
                 {-0.0, "-0"},
                 {-7, "-7"},
                 {999999999999999, "999999999999999"},
                 {1e15, "1e+15"},
                 {2.5, "2.5"},
                 {1. / 3, "0.3333333333333333"},
                 {.1 + .2, "0.30000000000000004"},
                 {5e-324, "4.94065645841247e-324"}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        ARENA_SCOPE(a);
        struct buffer *b = buffer_new(a, 64);
        struct json j = json_writer(b);
        json_put_real(&j, cases[i].value);
        assert_string_equal(buffer_string(b), cases[i].text);
    }
}

static void buffers_and_arenas_keep_their_limits(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct buffer *b = buffer_new(a, 3);
    buffer_text(b, "ab");
    assert_ok(buffer_check(b));
    buffer_print(b, "%d", 42);
    assert_fault(buffer_check(b), FAULT_LIMIT);
    assert_string_equal(buffer_string(b), "ab");
    struct arena *small = arena_new(100);
    (void)NEW(small, char, 101);
    assert_fault(arena_check(small), FAULT_LIMIT);
    arena_free(small);
}

static void one_seed_one_sequence(void **state)
{
    (void)state;
    struct random r = random_seeded(7, 0), same = random_seeded(7, 0), other = random_seeded(7, 1);
    bool differs = false;
    for (int i = 0; i < 100; i++) {
        uint64_t x = random_next(&r);
        assert_true(x == random_next(&same));
        differs |= x != random_next(&other);
    }
    assert_true(differs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folding_makes_spellings_meet),
        cmocka_unit_test(folded_bytes_know_where_they_came_from),
        cmocka_unit_test(stems_ignore_accents_and_number),
        cmocka_unit_test(an_unknown_day_sets_no_bound),
        cmocka_unit_test(days_exist_or_are_refused),
        cmocka_unit_test(paris_changes_day_before_utc),
        cmocka_unit_test(identifiers_only_grow),
        cmocka_unit_test(numbers_read_as_people_write_them),
        cmocka_unit_test(json_escapes_and_places_commas),
        cmocka_unit_test(json_numbers_are_short_and_exact),
        cmocka_unit_test(buffers_and_arenas_keep_their_limits),
        cmocka_unit_test(one_seed_one_sequence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
