/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "test.h"

#include <string.h>

#include "records/checks.h"
#include "records/records.h"

typedef struct fault *(*text_check)(const char *);

static void codes_and_addresses_have_their_shape(void **state)
{
    (void)state;
    static const struct {
        text_check check;
        const char *text;
        bool good;
    } cases[] = {{check_siren, "356000000", true}, /* La Poste */
                 {check_siren, "732829320", true}, /* the example of the INSEE's own page on the key */
                 {check_siren, "732829321", false},
                 {check_siren, "000000000", false},
                 {check_siren, "73282932", false},
                 {check_siren, "73282932A", false},
                 {check_siret, "73282932000074", true},
                 {check_siret, "73282932000075", false},
                 {check_siret, "35600000000048", true}, /* La Poste's head office follows the common rule, */
                 {check_siret, "35600000009075", true}, /* its post offices add up to a multiple of five */
                 {check_siret, "35600000009076", false},
                 {check_siret, "7328293200007", false},
                 {check_naf, "26.52Z", true},
                 {check_naf, "2652Z", true},
                 {check_naf, "26.52", false},
                 {check_naf, "2652z", false},
                 {check_naf, "26-52Z", false},
                 {check_naf, "A652Z", false},
                 {check_url, "https://example.org", true},
                 {check_url, "http://été.example.org:8080/a?b#c", true},
                 {check_url, "HTTPS://EXAMPLE.ORG/", true},
                 {check_url, "www.example.org", false},
                 {check_url, "javascript:alert(1)", false},
                 {check_url, "https://", false},
                 {check_url, "https:///path", false},
                 {check_url, "https://a@b.org", false},
                 {check_url, "https://b.org:x/", false},
                 {check_url, "https://b.org/a b", false},
                 {check_url, "https://b.org/\"onclick", false},
                 {check_email, "jeanne@exemple.fr", true},
                 {check_email, "j.d+tag@sous.domaine.exemple.fr", true},
                 {check_email, "jeanne", false},
                 {check_email, "jeanne@", false},
                 {check_email, "@exemple.fr", false},
                 {check_email, "a@b@c.fr", false},
                 {check_email, "a@exemple", false},
                 {check_email, "a b@exemple.fr", false},
                 {check_email, "a..b@exemple.fr", false},
                 {check_email, "a@exemple.f", false},
                 {check_email, "<a@exemple.fr>", false},
                 {check_code, "bar-turning-2", true},
                 {check_code, "Bar", false},
                 {check_code, "-bar", false},
                 {check_code, "", false},
                 {check_code, "é", false}};
    for (size_t i = 0; i < COUNT(cases); i++)
        if ((cases[i].check(cases[i].text) == NULL) != cases[i].good)
            fail_msg("%s is %s", cases[i].text, cases[i].good ? "refused" : "accepted");
}

/* One digit changed, or two neighbours swapped (save 0 and 9), never keeps the key. */
static void a_mistyped_siren_is_found(void **state)
{
    (void)state;
    for (int at = 0; at < 9; at++)
        for (char digit = '0'; digit <= '9'; digit++) {
            char siren[] = "732829320";
            if (siren[at] == digit)
                continue;
            siren[at] = digit;
            assert_non_null(check_siren(siren));
        }
    assert_non_null(check_siren("372829320"));
}

static void refused(const struct record_type *t, const void *record, const char *field)
{
    const struct fault *wrong = t->check(record);
    assert_non_null(wrong);
    assert_int_equal(wrong->code, FAULT_INVALID);
    assert_string_equal(wrong->field, field);
}

static void contradictions_name_the_field(void **state)
{
    (void)state;
    struct organisation o;
    record_clear(&organisation_type, &o);
    assert_null(check_organisation(&o));
    o.created = 100;
    o.closed = 99;
    refused(&organisation_type, &o, "closed");
    o.closed = 100;
    o.id = o.parent = 5;
    refused(&organisation_type, &o, "parent");

    struct site s;
    record_clear(&site_type, &s);
    s.lat = 47;
    refused(&site_type, &s, "lon");
    s.lon = 6;
    assert_null(check_site(&s));
    s.lat = UNKNOWN_REAL;
    refused(&site_type, &s, "lat");
    s.lat = 47;
    s.country = "fr";
    refused(&site_type, &s, "country");

    struct mandate m;
    record_clear(&mandate_type, &m);
    m.until = 4;
    assert_null(check_mandate(&m));
    m.since = 5;
    refused(&mandate_type, &m, "until");

    struct certificate held;
    record_clear(&certificate_type, &held);
    held.since = 5;
    held.until = 4;
    refused(&certificate_type, &held, "until");
}

static void know_how_and_needs_do_not_contradict_themselves(void **state)
{
    (void)state;
    struct capability c;
    record_clear(&capability_type, &c);
    c.size = (struct interval){UNKNOWN_INTEGER, 1000000};
    c.tolerance = 1000000;
    assert_null(check_capability(&c));
    c.tolerance = 1000001;
    refused(&capability_type, &c, "tolerance");
    c.tolerance = UNKNOWN_INTEGER;
    c.capacity = 100;
    c.free_capacity = 101;
    refused(&capability_type, &c, "free_capacity");
    c.free_capacity = 0;
    c.origin = "confirmed";
    refused(&capability_type, &c, "confirmed_on");

    struct need n;
    record_clear(&need_type, &n);
    n.lon = 6;
    refused(&need_type, &n, "lat");

    struct competitor rival;
    record_clear(&competitor_type, &rival);
    rival.organisation = rival.competitor = 4;
    refused(&competitor_type, &rival, "competitor");

    struct term t;
    record_clear(&term_type, &t);
    t.label = "a|b";
    refused(&term_type, &t, "label");
    t.label = "a";
    t.id = t.parent = 3;
    refused(&term_type, &t, "parent");
}

/* What the page of data says to a data protection officer has no gap. */
static void every_datum_has_a_purpose_and_personal_ones_a_ground(void **state)
{
    (void)state;
    for (int t = 0; t < record_type_count; t++) {
        const struct record_type *type = all_record_types[t];
        bool personal = false;
        assert_non_null(type->purpose);
        for (int i = 0; i < type->count; i++) {
            if (!type->fields[i].purpose)
                fail_msg("%s.%s is asked for no reason", type->name, type->fields[i].name);
            personal |= type->fields[i].personal;
        }
        if (personal && (!type->basis || !type->retention_months))
            fail_msg("%s holds personal data without a ground or an end", type->name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_and_addresses_have_their_shape),
        cmocka_unit_test(a_mistyped_siren_is_found),
        cmocka_unit_test(contradictions_name_the_field),
        cmocka_unit_test(know_how_and_needs_do_not_contradict_themselves),
        cmocka_unit_test(every_datum_has_a_purpose_and_personal_ones_a_ground),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
