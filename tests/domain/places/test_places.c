/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "test.h"

#include <math.h>
#include <string.h>

#include "number/checked.h"
#include "places/places.h"

static struct place only(struct arena *a, const char *name, struct place_where where)
{
    struct place *found;
    size_t count = places_named(a, slice_of(name), where, &found);
    if (!count)
        fail_msg("%s: nothing found", name);
    return found[0];
}

static void a_code_gives_its_commune(void **state)
{
    (void)state;
    struct place p;
    assert_true(place_by_code("25411", &p));
    assert_string_equal(p.name, "Morteau");
    assert_string_equal(p.department, "25");
    assert_string_equal(p.country, "FR");
    assert_string_equal(p.postcodes, "25500");
    assert_true(p.population > 5000 && p.population < 10000);
    assert_false(p.approximate);
    assert_true(distance_km(p.point, (struct geo_point){47.0578, 6.6072}) < 2);
    struct epci e;
    assert_true(epci_by_code(p.epci, &e));
    assert_string_equal(e.name, "CC du Val de Morteau");
}

static void a_code_that_is_nobodys_is_refused(void **state)
{
    (void)state;
    struct place p;
    static const char *const codes[] = {"", "0", "25", "99999", "254111", "zzzzz", "\xFF\xFF", "25411 "};
    for (size_t i = 0; i < COUNT(codes); i++)
        assert_false(place_by_code(codes[i], &p));
    assert_false(place_by_code(NULL, &p));
}

static void a_former_commune_leads_to_the_one_of_today(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct place p;
    assert_true(place_by_code("25128", &p)); /* Chasnans */
    assert_string_equal(p.name, "Les Premiers Sapins");
    p = only(a, "Brénaz", (struct place_where){.department = "01"});
    assert_string_equal(p.name, "Arvière-en-Valromey");
}

static void spellings_of_a_name_meet(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    static const struct {
        const char *typed, *code;
    } cases[] = {{"Besançon", "25056"},         {"BESANCON", "25056"},
                 {"besancon cedex 9", "25056"}, {"  Maîche ", "25356"},
                 {"MAICHE CEDEX", "25356"},     {"St-Vit", "25527"},
                 {"SAINT VIT", "25527"},        {"Ste Suzanne", "97420"},
                 {"Russey", "25512"},           {"LE RUSSEY", "25512"},
                 {"Paris 11", "75111"},         {"L’Isle-sur-le-Doubs", "25315"},
                 {"Villers le Lac", "25321"},   {"La Chaux-de-Fonds", "CH2660076"}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct place p = only(a, cases[i].typed, (struct place_where){0});
        if (strcmp(cases[i].code, p.code) != 0 && cases[i].code[0] != 'C')
            fail_msg("%s gave %s %s", cases[i].typed, p.code, p.name);
    }
}

static void swiss_towns_are_known_in_both_languages(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    static const struct {
        const char *typed, *canton;
    } cases[] = {{"Le Locle", "CH-NE"},    {"La Chaux-de-Fonds", "CH-NE"},
                 {"Bienne", "CH-BE"},      {"Biel", "CH-BE"},
                 {"Neuchâtel", "CH-NE"},   {"Delémont", "CH-JU"},
                 {"Genève", "CH-GE"},      {"Geneva", "CH-GE"},
                 {"Bâle", "CH-BS"},        {"Porrentruy", "CH-JU"},
                 {"Saint-Imier", "CH-BE"}, {"Granges", "CH-SO"}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct place p = only(a, cases[i].typed, (struct place_where){.country = "CH"});
        assert_string_equal(p.department, cases[i].canton);
        assert_true(known_real(p.point.lat));
    }
    assert_string_equal(department_name("CH-NE"), "Neuchâtel");
}

static void homonyms_come_the_biggest_first(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct place *found;
    size_t count = places_named(a, S("Saint-Denis"), (struct place_where){0}, &found);
    assert_true(count >= 4);
    for (size_t i = 1; i < count; i++)
        assert_true(found[i - 1].population >= found[i].population || !strstr(found[i].name, "Saint-Denis"));
    assert_string_equal(found[0].code, "97411");
    assert_int_equal(places_named(a, S("Saint-Denis"), (struct place_where){.department = "93"}, &found), 1);
    assert_string_equal(found[0].code, "93066");
    assert_string_equal(only(a, "Saint-Denis", (struct place_where){.postcode = "93200"}).code, "93066");
    assert_string_equal(only(a, "SAINT-DENIS CEDEX", (struct place_where){.postcode = "93205"}).code,
                        "93066");
    assert_string_equal(only(a, "Bastia", (struct place_where){.postcode = "20293"}).code, "2B033");
    assert_int_equal(places_named(a, S("Morteau"), (struct place_where){.postcode = "75001"}, &found), 0);
}

static void nonsense_finds_nothing_and_harms_nothing(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct place *found;
    static const char *const typed[] = {
        "", " ", "---", "\xFF\xFE", "cedex", "Atlantis-sur-Doubs", "'; DROP TABLE", "%s%n"};
    for (size_t i = 0; i < COUNT(typed); i++)
        assert_int_equal(places_named(a, slice_of(typed[i]), (struct place_where){0}, &found), 0);
    char *lengthy = NEW(a, char, 100001);
    for (size_t i = 0; i < 100000; i += 3)
        memcpy(lengthy + i, "st ", i + 3 <= 100000 ? 3 : 1);
    assert_int_equal(places_named(a, slice_of(lengthy), (struct place_where){0}, &found), 0);
    assert_int_equal(places_starting(a, slice_of(lengthy), 5, &found), 0);
    assert_int_equal(places_starting(a, S("mor"), 0, &found), 0);
    assert_int_equal(places_at_postcode(a, "2550", &found), 0);
    assert_int_equal(places_at_postcode(a, "255000", &found), 0);
    assert_int_equal(places_at_postcode(a, NULL, &found), 0);
}

static void suggestions_are_near_and_big_first(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct place *found;
    assert_int_equal(places_starting(a, S("mort"), 5, &found), 5);
    assert_string_equal(found[0].name, "Morteau");
    assert_true(places_starting(a, S("le loc"), 3, &found) >= 1);
    assert_string_equal(found[0].name, "Le Locle");
    size_t count = places_starting(a, S("s"), 200, &found);
    assert_int_equal(count, 200);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(found[i].code, found[k].code);
}

static void a_postcode_gives_its_communes(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct place *found;
    size_t count = places_at_postcode(a, "25500", &found);
    assert_true(count >= 5);
    assert_string_equal(found[0].name, "Morteau");
    assert_int_equal(places_at_postcode(a, "25099", &found), 0);
}

static void the_towns_of_a_box_are_its_biggest(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct place *found;
    struct geo_point low = {46.9, 5.8}, high = {47.5, 7.0};
    assert_int_equal(places_inside(a, low, high, 10, &found), 10);
    assert_string_equal(found[0].name, "Besançon");
    for (size_t i = 1; i < 10; i++) {
        assert_true(found[i - 1].population >= found[i].population);
        assert_true(found[i].point.lat >= low.lat && found[i].point.lon <= high.lon);
    }
    assert_int_equal(places_inside(a, high, low, 10, &found), 0);
    assert_int_equal(places_inside(a, low, high, 0, &found), 0);
    assert_int_equal(places_inside(a, (struct geo_point){UNKNOWN_REAL, 0}, high, 3, &found), 0);
}

static void an_epci_lists_its_communes(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    static const char *const typed[] = {"CC du Val de Morteau", "val de morteau",
                                        "Communauté de communes du Val de Morteau"};
    for (size_t i = 0; i < COUNT(typed); i++) {
        struct epci *e;
        assert_int_equal(epci_named(a, slice_of(typed[i]), &e), 1);
        assert_string_equal(e->code, "242504116");
        struct place *communes;
        assert_int_equal(epci_communes(a, e->code, &communes), (size_t)e->communes);
        assert_string_equal(communes[0].name, "Morteau");
    }
    struct epci e;
    assert_false(epci_by_code("000000000", &e));
    assert_false(epci_by_code(NULL, &e));
    struct epci *none;
    assert_int_equal(epci_named(a, S("cc"), &none), 0);
}

static void departments_have_names(void **state)
{
    (void)state;
    assert_string_equal(department_name("25"), "Doubs");
    assert_string_equal(department_region("25"), "Bourgogne-Franche-Comté");
    assert_null(department_name("00"));
    assert_null(department_region(NULL));
}

/* The script folds names in Python, the program in C: they must agree on every one. */
static void every_place_is_found_by_its_own_name(void **state)
{
    (void)state;
    size_t located = 0;
    for (size_t i = 0; i < places_count(); i++) {
        ARENA_SCOPE(a);
        struct place p = place_at(i), back, *found;
        assert_true(place_by_code(p.code, &back));
        assert_ptr_equal(back.code, p.code);
        size_t count = places_named(a, slice_of(p.name), (struct place_where){.country = p.country}, &found),
               at = 0;
        while (at < count && found[at].code != p.code)
            at++;
        if (at == count)
            fail_msg("%s %s is not found by its name", p.code, p.name);
        located += known_real(p.point.lat);
        if (known_real(p.point.lat))
            assert_true(fabs(p.point.lat) <= 90 && fabs(p.point.lon) <= 180);
    }
    assert_true(located > places_count() - 100);
    for (size_t i = 0; i < epci_count(); i++) {
        ARENA_SCOPE(a);
        struct epci e = epci_at(i), *found;
        assert_true(epci_named(a, slice_of(e.name), &found) >= 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_code_gives_its_commune),
        cmocka_unit_test(a_code_that_is_nobodys_is_refused),
        cmocka_unit_test(a_former_commune_leads_to_the_one_of_today),
        cmocka_unit_test(spellings_of_a_name_meet),
        cmocka_unit_test(swiss_towns_are_known_in_both_languages),
        cmocka_unit_test(homonyms_come_the_biggest_first),
        cmocka_unit_test(nonsense_finds_nothing_and_harms_nothing),
        cmocka_unit_test(suggestions_are_near_and_big_first),
        cmocka_unit_test(a_postcode_gives_its_communes),
        cmocka_unit_test(the_towns_of_a_box_are_its_biggest),
        cmocka_unit_test(an_epci_lists_its_communes),
        cmocka_unit_test(departments_have_names),
        cmocka_unit_test(every_place_is_found_by_its_own_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
