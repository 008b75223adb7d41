/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <string.h>

#include "engine/engine_test.h"
#include "reading/reading.h"

#define UM INT64_C(1000)
#define MM INT64_C(1000000)
#define NOTHING UNKNOWN_INTEGER

static const struct lexicon *lexicon;
static struct arena *kept;

static int load(void **state)
{
    (void)state;
    kept = arena_new(LIMIT_SCRATCH_MEMORY);
    lexicon = builtin_lexicon(kept);
    return 0;
}

static int unload(void **state)
{
    (void)state;
    arena_free(kept);
    return 0;
}

static bool find_place(void *context, struct slice name, struct geo_point *out)
{
    (void)context;
    *out = (struct geo_point){47, 6};
    return slice_equal(name, S("Morteau")) || slice_equal(name, S("Le Russey")) ||
           slice_equal(name, S("Besançon"));
}

static const struct reading_places places = {find_place, NULL};

static struct reading *read_this(struct arena *a, const char *text)
{
    struct reading *r;
    assert_ok(read_text(a, lexicon, stemming_new(a), slice_of(text), TEST_DAY, &places, &r));
    return r;
}

static const struct fact *find(const struct reading *r, enum fact_kind kind)
{
    for (int i = 0; i < r->count; i++)
        if (r->facts[i].kind == kind)
            return &r->facts[i];
    return NULL;
}

static void numbers_are_read_with_their_words(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum fact_kind kind;
        int64_t low, high;
        const char *words;
    } cases[] = {
        {"alésage 0,8 mm", FACT_SIZE, 800 * UM, 800 * UM, "0,8 mm"},
        {"axe Ø 12", FACT_SIZE, 12 * MM, 12 * MM, "12"},
        {"de 0,5 à 12 mm", FACT_SIZE, 500 * UM, 12 * MM, "0,5 à 12 mm"},
        {"0.3 to 12 mm", FACT_SIZE, 300 * UM, 12 * MM, "0.3 to 12 mm"},
        {"plaque 400 x 300", FACT_SIZE, 300 * MM, 400 * MM, "400 x 300"},
        {"entretoises 4 x 11 mm", FACT_SIZE, 4 * MM, 11 * MM, "4 x 11 mm"},
        {"pointe de 70 microns", FACT_SIZE, 70 * UM, 70 * UM, "70 microns"},
        {"jusqu'à 2 cm", FACT_SIZE, NOTHING, 20 * MM, "2 cm"},
        {"filetage M1,4", FACT_SIZE, 1400 * UM, 1400 * UM, "1,4"},
        {"1/2 à 3 inches", FACT_SIZE, 50800 * UM, 76200 * UM, "2 à 3 inches"},
        {"± 2 µm", FACT_TOLERANCE, 2 * UM, NOTHING, "2 µm"},
        {"+/- 0,05 mm", FACT_TOLERANCE, 50 * UM, NOTHING, "0,05 mm"},
        {"±0.05 is fine", FACT_TOLERANCE, 50 * UM, NOTHING, "0.05"},
        {"à 5 µm près", FACT_TOLERANCE, 5 * UM, NOTHING, "5 µm"},
        {"au centième", FACT_TOLERANCE, 10 * UM, NOTHING, "au centième"},
        {"within 5 microns", FACT_TOLERANCE, 5 * UM, NOTHING, "5 microns"},
        {"tolérance deux centièmes", FACT_TOLERANCE, 20 * UM, NOTHING, "deux centièmes"},
        {"alésage H7", FACT_GRADE, 7, NOTHING, "H7"},
        {"qualité IT6", FACT_GRADE, 6, NOTHING, "IT6"},
        {"Ra 0,05", FACT_ROUGHNESS, 50, NOTHING, "Ra 0,05"},
        {"5 000 pièces par mois", FACT_VOLUME, 5000, NOTHING, "5 000 pièces par mois"},
        {"300 pcs/an", FACT_VOLUME, 25, NOTHING, "300 pcs/an"},
        {"12k/mo", FACT_VOLUME, 12000, NOTHING, "12k/mo"},
        {"deux cent mille chaque mois", FACT_VOLUME, 200000, NOTHING, "deux cent mille chaque mois"},
        {"half, say 60k per month", FACT_VOLUME, 60000, NOTHING, "60k per month"},
        {"20 exemplaires", FACT_QUANTITY, 20, NOTHING, "20 exemplaires"},
        {"une dizaine de volants", FACT_QUANTITY, 10, NOTHING, "dizaine"},
        {"10,000 a month", FACT_VOLUME, 10000, NOTHING, "10,000 a month"},
        {"1 000 000 000 pièces en 20AP", FACT_QUANTITY, 1000000000, NOTHING, "1 000 000 000 pièces"},
        {"ailes de 12 mètres", FACT_SIZE, 12000 * MM, 12000 * MM, "12 mètres"},
        {"pièce unique", FACT_QUANTITY, 1, NOTHING, "pièce unique"},
        {"lot minimum 50 000", FACT_BATCH, 50000, NOTHING, "50 000"},
        {"série de 10 000 minimum", FACT_BATCH, 10000, NOTHING, "10 000"},
        {"projects starting at 20 000 pcs per year", FACT_BATCH, 20000, NOTHING, "20 000"},
        {"pas plus de 300 pièces", FACT_BATCH, NOTHING, 300, "300"},
        {"10 à 5000 pièces", FACT_BATCH, 10, 5000, "10 à 5000"},
        {"séries de 300 à 20 000", FACT_BATCH, 300, 20000, "300 à 20 000"},
        {"cuves de 700 mm au plus", FACT_SIZE, NOTHING, 700 * MM, "700 mm"},
        {"rien au-delà de 60 mm", FACT_SIZE, NOTHING, 60 * MM, "60 mm"},
        {"900 bagues trempées Ø 40", FACT_SIZE, 40 * MM, 40 * MM, "40"},
        {"couronne module 5", FACT_DETAIL, 5 * MM, 5 * MM, "5"},
        {"150 g au plus", FACT_DETAIL, NOTHING, 150000, "150 g"},
        {"bâtis de 600 kg", FACT_DETAIL, 600 * MM, 600 * MM, "600 kg"},
        {"pièces de 0,1 à 40 g", FACT_DETAIL, 100, 40000, "0,1 à 40 g"},
        {"à moins de 60 km", FACT_DISTANCE, 60, NOTHING, "60 km"},
        {"within 30 km of Besançon", FACT_DISTANCE, 30, NOTHING, "30 km"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        ARENA_SCOPE(a);
        print_message("# %s\n", cases[i].text);
        const struct fact *f = find(read_this(a, cases[i].text), cases[i].kind);
        assert_non_null(f);
        assert_int_equal(f->low, cases[i].low);
        assert_int_equal(f->high, cases[i].high);
        assert_true(slice_equal((struct slice){cases[i].text + f->start, f->end - f->start},
                                slice_of(cases[i].words)));
    }
}

static void days_are_counted_from_today(void **state)
{
    (void)state;
    static const struct {
        const char *text, *day;
    } cases[] = {{"avant mars", "2027-02-28"},         {"d'ici fin juin", "2027-06-30"},
                 {"sous 6 semaines", "2027-01-03"},    {"within six weeks", "2027-01-03"},
                 {"by end of Q2", "2027-06-30"},       {"avant le 3 mars 2028", "2028-03-03"},
                 {"pour le 15/01/2027", "2027-01-15"}, {"before 2027-05-02", "2027-05-02"},
                 {"sous 48 heures", "2026-11-24"},     {"d'ici fin février 2028", "2028-02-29"}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        ARENA_SCOPE(a);
        print_message("# %s\n", cases[i].text);
        const struct fact *f = find(read_this(a, cases[i].text), FACT_DEADLINE);
        assert_non_null(f);
        assert_string_equal(day_print(a, f->low), cases[i].day);
    }
    ARENA_SCOPE(a);
    assert_null(find(read_this(a, "polir avant dépôt noir, mai est un mois"), FACT_DEADLINE));
}

static bool has_term(const struct reading *r, const char *code, bool negated)
{
    int term = term_of(lexicon, code);
    for (int i = 0; i < r->count; i++)
        if (r->facts[i].kind == FACT_TERM && r->facts[i].term == term && r->facts[i].negated == negated)
            return true;
    return false;
}

static void terms_are_met_in_both_languages(void **state)
{
    (void)state;
    static const struct {
        const char *text, *code;
        bool negated;
    } cases[] = {{"décolletage du laiton", "bar-turning", false},
                 {"DECOLLETAGE", "bar-turning", false},
                 {"decolletages", "bar-turning", false},
                 {"Swiss turning of brass", "brass", false},
                 {"certifié ISO 13485", "iso-13485", false},
                 {"ISO 13485 non exigée", "iso-13485", true},
                 {"sans ISO 9001", "iso-9001", true},
                 {"titane grade 5", "titanium-5", false},
                 {"pas de nickelage", "nickel-plating", true},
                 {"ni EN 9100 ni ISO 13485", "iso-13485", true},
                 {"surtout pas de titane", "titanium", true},
                 {"Sterilisation is not offered", "sterilisation", true}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        ARENA_SCOPE(a);
        print_message("# %s\n", cases[i].text);
        assert_true(has_term(read_this(a, cases[i].text), cases[i].code, cases[i].negated));
    }
}

/* The stem of a cloth is that of a finish: only what stands beside it tells which is meant. */
static void satin_is_a_cloth_only_beside_what_is_made_of_it(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    static const char *const finishes[] = {"boîte poli-satiné", "carrure en acier, flancs satinés",
                                           "satin finish on 316L", "boucle polie et satinée"};
    for (size_t i = 0; i < COUNT(finishes); i++) {
        print_message("# %s\n", finishes[i]);
        assert_false(has_term(read_this(a, finishes[i]), "textile", false));
        assert_true(has_term(read_this(a, finishes[i]), "satin-brushing", false));
    }
    assert_true(has_term(read_this(a, "bracelet en tissu, doublé satin"), "textile", false));
    assert_true(has_term(read_this(a, "bracelet textile en satin"), "textile", false));
}

static void places_and_exclusions_are_read(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    const char *text = "autour de Morteau, sauf Dupont SA";
    const struct reading *r = read_this(a, text);
    const struct fact *place = find(r, FACT_PLACE), *excluded = find(r, FACT_EXCLUDED);
    assert_non_null(place);
    assert_memory_equal(text + place->start, "Morteau", 7);
    assert_non_null(excluded);
    assert_memory_equal(text + excluded->start, "Dupont SA", 9);
    assert_non_null(find(read_this(a, "secteur Le Russey"), FACT_PLACE));
    assert_null(find(read_this(a, "du laiton et de la Matière"), FACT_PLACE));
    assert_non_null(find(read_this(a, "Horloger à façon. Le Russey."), FACT_PLACE)); /* an address */
    assert_null(find(read_this(a, "Le Russey fabrique"), FACT_PLACE));
}

static void what_is_counted_or_measured_is_no_other_fact(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    assert_false(has_term(read_this(a, "Mille boîtiers"), "milling", false));
    const struct reading *r = read_this(a, "société EN 9100 uniquement");
    assert_null(find(r, FACT_QUANTITY));
    assert_true(has_term(r, "en-9100", false));
    assert_null(find(read_this(a, "boîtier acier, étanche à 100 m"), FACT_SIZE));
    assert_null(find(read_this(a, "boîtier acier, étanche à 100 m"), FACT_QUANTITY));
    assert_null(find(read_this(a, "axes en 42CrMo4"), FACT_QUANTITY));
    assert_non_null(find(read_this(a, "barres de 12 m de long"), FACT_SIZE));
}

static void a_refusal_is_more_than_going_without(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    const struct fact *refused = find(read_this(a, "Nous ne travaillons pas l'alligator"), FACT_TERM);
    const struct fact *without = find(read_this(a, "sans nickelage"), FACT_TERM);
    assert_true(refused && refused->negated && refused->refused);
    assert_true(without && without->negated && !without->refused);
}

static void details_keep_what_they_are_the_size_of(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum detail detail;
    } cases[] = {{"fil de 0,05 à 2 mm", DETAIL_WIRE},
                 {"tôle de 3 mm", DETAIL_THICKNESS},
                 {"trous de 0,1 mm", DETAIL_HOLE},
                 {"plaque 400 x 300", DETAIL_OTHER}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        ARENA_SCOPE(a);
        const struct fact *f = find(read_this(a, cases[i].text), FACT_SIZE);
        assert_non_null(f);
        assert_int_equal(f->detail, cases[i].detail);
    }
}

static void absurd_values_are_remarked_not_believed(void **state)
{
    (void)state;
    static const struct {
        const char *text, *words;
        enum reading_problem problem;
        enum fact_kind kind;
    } cases[] = {{"de 12 à 5 mm", "12 à 5 mm", READING_REVERSED, FACT_SIZE},
                 {"tolérance 0 µm", "0 µm", READING_NOT_POSITIVE, FACT_TOLERANCE},
                 {"avant le 3 mars 2020", "3 mars 2020", READING_PAST, FACT_DEADLINE},
                 {"pièce de 99999999999999 mm", "99999999999999 mm", READING_TOO_LARGE, FACT_SIZE},
                 {"à moins de 0 km", "0 km", READING_NOT_POSITIVE, FACT_DISTANCE},
                 {"0 pièces par mois", "0 pièces par mois", READING_NOT_POSITIVE, FACT_VOLUME},
                 {"0 pièces", "0 pièces", READING_NOT_POSITIVE, FACT_QUANTITY},
                 {"à 20 km, pas plus de 50 km", "50 km", READING_CONTRADICTION, FACT_DISTANCE}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        ARENA_SCOPE(a);
        print_message("# %s\n", cases[i].text);
        const struct reading *r = read_this(a, cases[i].text);
        assert_int_equal(r->remark_count, 1);
        assert_int_equal(r->remarks[0].problem, cases[i].problem);
        assert_int_equal(r->remarks[0].kind, cases[i].kind);
        assert_true(slice_equal(
            (struct slice){cases[i].text + r->remarks[0].start, r->remarks[0].end - r->remarks[0].start},
            slice_of(cases[i].words)));
    }
}

static void hostile_texts_do_no_harm(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct reading *r;
    assert_fault(read_text(a, lexicon, stemming_new(a), S("caf\xE9"), TEST_DAY, NULL, &r), FAULT_INVALID);
    static const char *const texts[] = {
        "",   " ",     "+",   "±",          "x x x",   "1 x",
        "Ø",  "- 5",   "au",  "1e99999 mm", "0,,,5",   "9999999999999999999999999999 pièces par mois",
        "m",  "/ / /", "q2",  "à à à 5",    "sauf",    "H",
        "IT", "ra",    "mi-", "fin",        "\xC2\xB5"};
    for (size_t i = 0; i < COUNT(texts); i++)
        (void)read_this(a, texts[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_read_with_their_words),
        cmocka_unit_test(days_are_counted_from_today),
        cmocka_unit_test(terms_are_met_in_both_languages),
        cmocka_unit_test(satin_is_a_cloth_only_beside_what_is_made_of_it),
        cmocka_unit_test(places_and_exclusions_are_read),
        cmocka_unit_test(what_is_counted_or_measured_is_no_other_fact),
        cmocka_unit_test(a_refusal_is_more_than_going_without),
        cmocka_unit_test(details_keep_what_they_are_the_size_of),
        cmocka_unit_test(absurd_values_are_remarked_not_believed),
        cmocka_unit_test(hostile_texts_do_no_harm),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
