/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "test.h"

#include <string.h>

#include "clock/clock.h"
#include "i18n/i18n.h"
#include "record/random_record.h"
#include "text/fold.h"

static const enum language languages_spoken[] = {LANGUAGE_FR, LANGUAGE_EN};

static void lengths_are_read_as_people_type_them(void **state)
{
    (void)state;
    static const struct {
        const char *typed;
        int64_t nanometres; /* UNKNOWN_INTEGER: refused */
    } cases[] = {{"0,8 mm", 800000},
                 {"±2 µm", 2000},
                 {"+/- 0,01", 10000},
                 {"20µ", 20000},
                 {"1.5 cm", 15000000},
                 {"Ø 3", 3000000},
                 {"Ø0,8", 800000},
                 {"2 microns", 2000},
                 {"0.5 inch", 12700000},
                 {"3/8\"", 9525000},
                 {"1/100 mm", 10000},
                 {"11 1/2 lignes", 25942034},
                 {"1 234,5 mm", 1234500000},
                 {"12 nm", 12},
                 {"1,2 mètre", 1200000000},
                 {"-3 mm", -3000000},
                 {"diam. 4", 4000000},
                 {"1e-3 mm", 1000},
                 {"5 x", UNKNOWN_INTEGER},
                 {"", UNKNOWN_INTEGER},
                 {"mm", UNKNOWN_INTEGER},
                 {"1/0 mm", UNKNOWN_INTEGER},
                 {"1 2 mm", UNKNOWN_INTEGER},
                 {"1e30 mm", UNKNOWN_INTEGER},
                 {"5² mm²", UNKNOWN_INTEGER},
                 {"3 mm 4", UNKNOWN_INTEGER}};
    language_set(LANGUAGE_FR);
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t read = UNKNOWN_INTEGER;
        bool good = length_parse(slice_of(cases[i].typed), &read);
        if (good != known_integer(cases[i].nanometres) || read != cases[i].nanometres)
            fail_msg("%s gives %lld", cases[i].typed, (long long)read);
    }
}

static void lengths_are_printed_in_the_unit_that_reads_best(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    static const struct {
        int64_t nanometres;
        const char *french, *english;
    } cases[] = {{800000, "0,8\u00A0mm", "0.8\u00A0mm"},
                 {2000, "2\u00A0µm", "2\u00A0µm"},
                 {500, "0,5\u00A0µm", "0.5\u00A0µm"},
                 {1, "1\u00A0nm", "1\u00A0nm"},
                 {0, "0\u00A0mm", "0\u00A0mm"},
                 {99999, "99,999\u00A0µm", "99.999\u00A0µm"},
                 {12500000000, "12,5\u00A0m", "12.5\u00A0m"},
                 {1234567000, "1\u202F234,567\u00A0mm", "1,234.567\u00A0mm"},
                 {UNKNOWN_INTEGER, "", ""}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        language_set(LANGUAGE_FR);
        assert_string_equal(length_print(a, cases[i].nanometres), cases[i].french);
        language_set(LANGUAGE_EN);
        assert_string_equal(length_print(a, cases[i].nanometres), cases[i].english);
    }
}

static void numbers_are_read_in_both_languages(void **state)
{
    (void)state;
    static const struct {
        const char *typed;
        double french, english; /* NaN: refused */
    } cases[] = {{"1 234,5", 1234.5, 1234.5},
                 {"1\u202F234,5", 1234.5, 1234.5},
                 {"1,234.5", 1234.5, 1234.5},
                 {"1.234,5", 1234.5, 1234.5},
                 {"1,234", 1.234, 1234},
                 {"0,125", .125, .125},
                 {"1.234", 1.234, 1.234},
                 {"1.234.567", 1234567, 1234567},
                 {"1'234", 1234, 1234},
                 {"1e3", 1000, 1000},
                 {"2,5e-3", .0025, .0025},
                 {"−5", -5, -5},
                 {".5", .5, .5},
                 {"5.", 5, 5},
                 {"1 23", NAN, NAN},
                 {"1,2,3", NAN, NAN},
                 {"", NAN, NAN},
                 {"-", NAN, NAN},
                 {"1e999", NAN, NAN},
                 {"nan", NAN, NAN},
                 {"0x10", NAN, NAN},
                 {"12 345 67", NAN, NAN},
                 {"1e", NAN, NAN},
                 {"1,234 567", NAN, NAN}};
    for (size_t i = 0; i < COUNT(cases); i++)
        for (int l = 0; l < 2; l++) {
            double value = NAN, expected = l ? cases[i].english : cases[i].french;
            language_set(languages_spoken[l]);
            bool good = real_parse(slice_of(cases[i].typed), &value);
            if (good != known_real(expected) || (good && value != expected))
                fail_msg("%s in %s gives %g", cases[i].typed, language_code(languages_spoken[l]), value);
        }
}

static void whole_numbers_have_thousands_and_no_decimals(void **state)
{
    (void)state;
    static const struct {
        const char *typed;
        int64_t value;
    } cases[] = {{"5 000", 5000},
                 {"5.000", 5000},
                 {"417.000", 417000},
                 {"5,000", 5000},
                 {"12,0", 12},
                 {"1e6", 1000000},
                 {"9223372036854775807", INT64_MAX},
                 {"9007199254740993", 9007199254740993},
                 {"9223372036854775808", UNKNOWN_INTEGER},
                 {"-9223372036854775808", UNKNOWN_INTEGER},
                 {"12,5", UNKNOWN_INTEGER},
                 {"1e40", UNKNOWN_INTEGER},
                 {"douze", UNKNOWN_INTEGER}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t value = UNKNOWN_INTEGER;
        assert_int_equal(integer_parse(slice_of(cases[i].typed), &value), known_integer(cases[i].value));
        assert_int_equal(value, cases[i].value);
    }
}

static void dates_are_read_as_people_write_them(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    static const struct {
        const char *typed, *iso; /* NULL: refused */
    } cases[] = {{"2026-03-15", "2026-03-15"},
                 {"15/03/2026", "2026-03-15"},
                 {"15.03.26", "2026-03-15"},
                 {"15 mars 2026", "2026-03-15"},
                 {"mars 2026", "2026-03-01"},
                 {"1er août 2026", "2026-08-01"},
                 {"March 15, 2026", "2026-03-15"},
                 {"15th of March 2026", "2026-03-15"},
                 {"03/2026", "2026-03-01"},
                 {"2026-03", "2026-03-01"},
                 {"31/12/99", "1999-12-31"},
                 {"15 sept. 2026", "2026-09-15"},
                 {"le 3 juil. 2026", "2026-07-03"},
                 {"2020-01-31T10:00:00", "2020-01-31"},
                 {"29/02/2024", "2024-02-29"},
                 {"29/02/2025", NULL},
                 {"2026", NULL},
                 {"12/25/2026", NULL},
                 {"jui 2026", NULL},
                 {"15 mars", NULL},
                 {"15/03/226", NULL},
                 {"32/01/2026", NULL},
                 {"mars avril 2026", NULL},
                 {"2026-03-15;", NULL},
                 {"", NULL}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t day = 0;
        bool good = date_parse(slice_of(cases[i].typed), &day);
        if (good != (cases[i].iso != NULL) || (good && strcmp(day_print(a, day), cases[i].iso) != 0))
            fail_msg("%s gives %s", cases[i].typed, good ? day_print(a, day) : "nothing");
    }
}

static void intervals_are_read_as_people_type_them(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct capability c;
    static const struct {
        const char *field, *typed, *plain; /* NULL: refused */
    } cases[] = {{"size", "0,5 – 12 mm", "500000..12000000"},
                 {"size", "0,5 à 12 mm", "500000..12000000"},
                 {"size", "≤ 12 mm", "..12000000"},
                 {"size", "≥ 3", "3000000.."},
                 {"size", "5 mm", "5000000..5000000"},
                 {"size", "2 µm - 3 mm", "2000..3000000"},
                 {"size", "de 1 à 2 cm", "10000000..20000000"},
                 {"size", "entre 1 et 2", "1000000..2000000"},
                 {"size", "up to 3 mm", "..3000000"},
                 {"size", "jusqu’à 3", "..3000000"},
                 {"size", "12 à 5 mm", NULL},
                 {"size", "-5 – 3 mm", NULL},
                 {"size", "de 3 mm", NULL},
                 {"size", "a b", NULL},
                 {"size", "500 m", NULL},
                 {"batch", "100 à 5 000 pièces", "100..5000"},
                 {"batch", "100-5000", "100..5000"},
                 {"batch", "> 100", "100.."},
                 {"batch", "0 – 5", NULL},
                 {"batch", "1,5 – 3", NULL}};
    language_set(LANGUAGE_FR);
    for (size_t i = 0; i < COUNT(cases); i++) {
        record_clear(&capability_type, &c);
        const struct field *f = field_find(&capability_type, cases[i].field);
        struct fault *wrong = value_parse(f, a, slice_of(cases[i].typed), &c);
        const char *plain = value_plain(f, a, &c);
        if (strcmp(plain, cases[i].plain ? cases[i].plain : "") != 0 || !wrong != (cases[i].plain != NULL))
            fail_msg("%s gives %s", cases[i].typed, plain);
        if (wrong)
            assert_string_equal(wrong->field, cases[i].field);
    }
}

static void what_was_typed_is_kept_or_refused_never_bent(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct organisation o;
    static const struct {
        const char *field, *typed, *plain; /* NULL: refused */
    } cases[] = {{"name", "  Horlo\t Doubs \n", "Horlo Doubs"},
                 {"name", "", ""},
                 {"name", "a\x01", NULL},
                 {"name", "a\xFF", NULL},
                 {"name", "ab\u202Ecd", NULL},
                 {"siren", "356 000 000", "356000000"},
                 {"siren", "356\u00A0000\u202F000", "356000000"},
                 {"siren", "35600000", NULL},
                 {"activity", "un\r\ndeux\rtrois", "un\ndeux\ntrois"},
                 {"kind", "company", "company"},
                 {"kind", "ENTREPRISE", "company"},
                 {"kind", "Company", "company"},
                 {"kind", "guild", NULL},
                 {"headcount", "12 personnes", "12"},
                 {"headcount", "12 people", "12"},
                 {"headcount", "-1", NULL},
                 {"headcount", "1000001", NULL},
                 {"masked", "Oui", "1"},
                 {"masked", "no", "0"},
                 {"masked", "?", ""},
                 {"masked", "peut-être", NULL},
                 {"parent", "12", "12"},
                 {"parent", "0", NULL},
                 {"parent", "-3", NULL},
                 {"markets", "15, 12 15", "12 15"},
                 {"markets", "15 x", NULL}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        record_clear(&organisation_type, &o);
        const struct field *f = field_find(&organisation_type, cases[i].field);
        struct fault *wrong = value_parse(f, a, slice_of(cases[i].typed), &o);
        if (wrong)
            assert_string_equal(wrong->field, cases[i].field);
        if (!wrong != (cases[i].plain != NULL))
            fail_msg("%s was %s", cases[i].typed, wrong ? "refused" : "accepted");
        assert_string_equal(value_plain(f, a, &o), cases[i].plain ? cases[i].plain : "");
    }
}

static void a_text_with_a_nul_inside_is_refused(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct organisation o;
    record_clear(&organisation_type, &o);
    assert_fault(value_parse(field_find(&organisation_type, "name"), a, (struct slice){"a\0b", 3}, &o),
                 FAULT_INVALID);
    assert_fault(value_parse(field_find(&organisation_type, "note"), a, (struct slice){"a\0b", 3}, &o),
                 FAULT_INVALID);
    assert_null(o.name);
}

static void texts_have_a_length_in_characters(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct organisation o;
    const struct field *name = field_find(&organisation_type, "name");
    char text[2 * 201 + 1] = "";
    for (int i = 0; i < 200; i++)
        memcpy(text + strlen(text), "é", 3);
    assert_ok(value_parse(name, a, slice_of(text), &o));
    memcpy(text + strlen(text), "é", 3);
    assert_fault(value_parse(name, a, slice_of(text), &o), FAULT_INVALID);
}

static int64_t pick_any(void *context, struct random *r, const char *type)
{
    (void)context, (void)type;
    return 1 + (int64_t)random_below(r, INT64_MAX - 1);
}

static void same_after(const struct record_type *t, const struct field *f, const void *before,
                       const void *after, const char *text)
{
    if (!field_equal(f, before, after))
        fail_msg("%s.%s comes back otherwise from \"%s\"", t->name, f->name, text);
}

/* Typed text reads back to the same value in its language; the plain form in any. */
static void every_value_of_every_type_reads_back(void **state)
{
    (void)state;
    struct random r = random_seeded(3, 8);
    for (int round = 0; round < 300; round++)
        for (int i = 0; i < record_type_count; i++) {
            ARENA_SCOPE(a);
            const struct record_type *t = all_record_types[i];
            void *record = record_new(a, t), *typed = record_new(a, t), *plain = record_new(a, t);
            language_set(languages_spoken[round % 2]);
            random_record(a, &r, t, record, pick_any, NULL);
            for (int k = 0; k < t->count; k++) {
                const struct field *f = &t->fields[k];
                char *text = value_typed(f, a, record);
                assert_ok(value_parse(f, a, slice_of(text), typed));
                same_after(t, f, record, typed, text);
                language_set(languages_spoken[round % 2]);
                text = value_plain(f, a, record);
                language_set(languages_spoken[1 - round % 2]);
                assert_string_equal(value_plain(f, a, record), text);
                assert_ok(value_load(f, a, slice_of(text), plain));
                same_after(t, f, record, plain, text);
                language_set(languages_spoken[round % 2]);
                assert_int_equal(*value_shown(f, a, record) != '\0', field_known(f, record));
            }
            assert_ok(record_check(t, typed));
        }
}

static void an_empty_record_knows_nothing_and_lacks_what_is_required(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    for (int i = 0; i < record_type_count; i++) {
        const struct record_type *t = all_record_types[i];
        void *record = record_new(a, t);
        const struct field *first = NULL;
        for (int k = t->count - 1; k >= 0; k--) {
            assert_false(field_known(&t->fields[k], record));
            assert_string_equal(value_shown(&t->fields[k], a, record), "");
            first = t->fields[k].required ? &t->fields[k] : first;
        }
        struct fault *wrong = record_check(t, record);
        assert_non_null(wrong);
        assert_string_equal(wrong->field, first->name);
    }
}

/* What the rest of the program takes for granted. */
static void descriptions_are_sound(void **state)
{
    (void)state;
    for (int i = 0; i < record_type_count; i++) {
        const struct record_type *t = all_record_types[i];
        assert_in_range(t->count, 1, LIMIT_FIELDS);
        assert_ptr_equal(record_type_find(t->name), t);
        assert_non_null(t->purpose);
        assert_true(t->readers);
        bool by_acts = t == &introduction_type || t == &blind_card_type || t == &agreement_type ||
                       t == &call_type || t == &reminder_rate_type || t == &proposal_type ||
                       t == &document_version_type; /* nobody writes one but by an act */
        assert_int_equal(!t->writers,
                         by_acts || t->reader || t == &note_type); /* its words are who signed it's */
        assert_true(!t->reader || field_find(t, t->reader)->author);
        assert_true(!t->name_field || field_find(t, t->name_field));
        const struct field *level = t->visibility_field ? field_find(t, t->visibility_field) : NULL;
        for (const struct choice *c = level ? level->choices : NULL; c && c->code; c++)
            assert_string_equal(visibility_code(visibility_of_code(c->code)), c->code);
        assert_true(!t->owner || strcmp(t->owner, "id") == 0 || field_find(t, t->owner)->required);
        for (int k = 0; k < t->count; k++) {
            const struct field *f = &t->fields[k];
            assert_in_range(f->id, 1, 1000);
            assert_true((f->kind == KIND_choice) == (f->choices != NULL));
            assert_true(f->kind != KIND_ref || record_type_find(f->to));
            for (int other = 0; other < k; other++) {
                assert_int_not_equal(f->id, t->fields[other].id);
                assert_string_not_equal(f->name, t->fields[other].name);
            }
        }
    }
}

/* Else a typed label could mean two codes. */
static void labels_of_a_list_differ_when_folded(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    for (int i = 0; i < record_type_count; i++)
        for (int k = 0; k < all_record_types[i]->count; k++)
            for (const struct choice *c = all_record_types[i]->fields[k].choices; c && c->code; c++)
                for (const struct choice *d = c + 1; d->code; d++)
                    for (int l = 0; l < 2; l++)
                        assert_string_not_equal(fold_text(a, tr_in(languages_spoken[l], c->label)),
                                                fold_text(a, tr_in(languages_spoken[l], d->label)));
}

static void visibility_codes_go_both_ways(void **state)
{
    (void)state;
    for (int level = VISIBILITY_PUBLIC; level <= VISIBILITY_PRIVATE; level++)
        assert_int_equal(visibility_of_code(visibility_code((enum visibility)level)), level);
    assert_int_equal(visibility_of_code(NULL), VISIBILITY_PRIVATE);
    assert_int_equal(visibility_of_code("nonsense"), VISIBILITY_PRIVATE);
}

static void stored_values_that_are_damaged_are_refused(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct need n;
    static const char *const cases[][2] = {
        {"size", "..."},      {"size", "a..b"},      {"size", ".."}, {"volume", "12x"},
        {"volume", "1.5"},    {"lat", "nan"},        {"lat", "1,5"}, {"deadline", "15/03/2026"},
        {"processes", "1 a"}, {"organisation", "-1"}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        record_clear(&need_type, &n);
        const struct field *f = field_find(&need_type, cases[i][0]);
        assert_fault(value_load(f, a, slice_of(cases[i][1]), &n), FAULT_INVALID);
    }
}

static void a_term_is_added_once_and_copies_keep_theirs(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct term_list list = {0}, before;
    term_list_add(a, &list, 7);
    before = list;
    term_list_add(a, &list, 5);
    term_list_add(a, &list, 7);
    assert_int_equal(list.count, 2);
    assert_int_equal(list.ids[0], 7);
    assert_int_equal(list.ids[1], 5);
    assert_int_equal(before.count, 1);
    assert_true(before.ids != list.ids);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lengths_are_read_as_people_type_them),
        cmocka_unit_test(lengths_are_printed_in_the_unit_that_reads_best),
        cmocka_unit_test(numbers_are_read_in_both_languages),
        cmocka_unit_test(whole_numbers_have_thousands_and_no_decimals),
        cmocka_unit_test(dates_are_read_as_people_write_them),
        cmocka_unit_test(intervals_are_read_as_people_type_them),
        cmocka_unit_test(what_was_typed_is_kept_or_refused_never_bent),
        cmocka_unit_test(a_text_with_a_nul_inside_is_refused),
        cmocka_unit_test(texts_have_a_length_in_characters),
        cmocka_unit_test(every_value_of_every_type_reads_back),
        cmocka_unit_test(an_empty_record_knows_nothing_and_lacks_what_is_required),
        cmocka_unit_test(descriptions_are_sound),
        cmocka_unit_test(a_term_is_added_once_and_copies_keep_theirs),
        cmocka_unit_test(labels_of_a_list_differ_when_folded),
        cmocka_unit_test(visibility_codes_go_both_ways),
        cmocka_unit_test(stored_values_that_are_damaged_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
