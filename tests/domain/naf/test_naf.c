/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "test.h"

#include <string.h>

#include "naf/naf.h"

static void codes_are_read_as_people_write_them(void **state)
{
    (void)state;
    static const struct {
        const char *typed, *code, *label;
    } cases[] = {
        {"26.52Z", "26.52Z", "Horlogerie"},
        {"2652z", "26.52Z", "Horlogerie"},
        {" 26 52 Z ", "26.52Z", "Horlogerie"},
        {"26.52", "26.52", "Horlogerie"},
        {"3250A", "32.50A", "Fabrication de matériel médico-chirurgical et dentaire"},
        {"c", "C", "Industrie manufacturière"},
        {"25", "25", "Fabrication de produits métalliques, à l'exception des machines et des équipements"}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct naf n;
        assert_true(naf_find(slice_of(cases[i].typed), NAF_REV_2, &n));
        assert_string_equal(n.code, cases[i].code);
        assert_string_equal(n.label, cases[i].label);
    }
}

static void what_is_no_code_is_refused(void **state)
{
    (void)state;
    static const char *const typed[] = {
        "",    " ",    ".",     "2",     "26.52ZZ", "26.52Q", "Z",        "04",
        "26Z", "265Z", "Z2652", "26-52", "26.521",  "0000Z",  "\xC3\x89", "26.52Zhorlogerie"};
    for (size_t i = 0; i < COUNT(typed); i++) {
        struct naf n;
        if (naf_find(slice_of(typed[i]), NAF_REV_2, &n))
            fail_msg("\"%s\" gave %s", typed[i], n.code);
        assert_null(naf_label(slice_of(typed[i]), NAF_REV_2));
    }
}

static void parents_lead_up_to_the_section(void **state)
{
    (void)state;
    static const char *const up[] = {"26.52", "26.5", "26", "C"};
    struct naf n;
    assert_true(naf_find(S("2652Z"), NAF_REV_2, &n));
    assert_int_equal(n.section, 'C');
    for (size_t i = 0; i < COUNT(up); i++) {
        assert_true(naf_parent(&n, &n));
        assert_string_equal(n.code, up[i]);
        assert_int_equal(n.level, 4 - (int)i);
    }
    assert_false(naf_parent(&n, &n));
}

static void versions_are_told_apart(void **state)
{
    (void)state;
    struct naf n;
    assert_true(naf_find(S("62"), NAF_REV_2, &n));
    assert_int_equal(n.section, 'J');
    assert_true(naf_find(S("62"), NAF_2025, &n));
    assert_int_equal(n.section, 'K');
    assert_true(naf_find(S("45"), NAF_REV_2, &n));
    assert_false(naf_find(S("45"), NAF_2025, &n));
}

static void a_2025_code_has_a_section_even_without_label(void **state)
{
    (void)state;
    struct naf n;
    assert_true(naf_find(S("2652y"), NAF_2025, &n));
    assert_string_equal(n.code, "26.52Y");
    assert_string_equal(n.parent, "26.52");
    assert_int_equal(n.section, 'C');
    assert_string_equal(naf_label(S("2652y"), NAF_2025), "Industrie manufacturière");
    assert_false(naf_find(S("4511Z"), NAF_2025, &n));
    assert_false(naf_find(S("W"), NAF_2025, &n));
}

static void every_entry_is_found_and_has_its_parent(void **state)
{
    (void)state;
    for (int version = NAF_REV_2; version <= NAF_2025; version++)
        for (size_t i = 0; i < naf_count((enum naf_version)version); i++) {
            struct naf n = naf_at((enum naf_version)version, i), back, parent;
            assert_true(naf_find(slice_of(n.code), n.version, &back));
            assert_string_equal(back.code, n.code);
            assert_int_equal(naf_parent(&n, &parent), n.level != NAF_SECTION);
            if (version == NAF_REV_2)
                assert_non_null(n.label);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_are_read_as_people_write_them),
        cmocka_unit_test(what_is_no_code_is_refused),
        cmocka_unit_test(parents_lead_up_to_the_section),
        cmocka_unit_test(versions_are_told_apart),
        cmocka_unit_test(a_2025_code_has_a_section_even_without_label),
        cmocka_unit_test(every_entry_is_found_and_has_its_parent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
