/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "test.h"

#include <string.h>

#include "app/scene.h"
#include "catalogue/catalogue.h"
#include "clock/clock.h"
#include "i18n/i18n.h"

static int set_up(void **state)
{
    if (scene_open(state) != 0)
        return -1;
    struct scene *s = *state;
    int64_t vuillet = scene_organisation(s, "Décolletage Vuillet", NULL);
    scene_site(s, vuillet, "Villers-le-Lac", "25321");
    (void)scene_capability(s, vuillet, "Tournage de précision", "sliding-headstock-turning", "titanium-5",
                           NULL);
    scene_certificate(s, vuillet, "iso-13485", today() + 30);
    scene_certificate(s, vuillet, "iso-14001", today() - 1);
    int64_t polish = scene_organisation(s, "Éclat Morteau", NULL);
    scene_site(s, polish, "Morteau", "25411");
    (void)scene_capability(s, polish, "Polissage de boîtes", "polishing", "", NULL);
    (void)scene_capability(s, polish, "Canari secret", "enamelling", "", "private");
    (void)scene_organisation(s, "Canari discret", "confidential");
    return 0;
}

static const struct catalogue *catalogue_for(struct scene *s, int64_t person)
{
    const struct catalogue *c = NULL;
    assert_ok(catalogue_of(scene_door(s, person), &c));
    return c;
}

static void words_find_as_people_type_them(void **state)
{
    struct scene *s = *state;
    const struct catalogue *c = catalogue_for(s, 0);
    static const struct {
        const char *typed, *first;
    } cases[] = {
        {"vuillet", "Décolletage Vuillet"},
        {"vuil", "Décolletage Vuillet"},
        {"decolletage", "Décolletage Vuillet"},
        {"DÉCOLLETTAGE", "Décolletage Vuillet"}, /* a slip */
        {"bar turning", "Décolletage Vuillet"},  /* a broader term, in English */
        {"TA6V", "Décolletage Vuillet"},         /* a synonym of titanium grade 5 */
        {"villers", "Décolletage Vuillet"},
        {"eclat", "Éclat Morteau"},
        {"polisseur", "Éclat Morteau"},
        {"secret", NULL},
        {"canari", NULL},
        {"émaillage", NULL},
        {"14001", NULL}, /* expired */
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct catalogue_hit *hits = NULL;
        size_t count = 0;
        print_message("# %s\n", cases[i].typed);
        assert_ok(catalogue_search(c, s->arena, cases[i].typed, &hits, &count));
        if (!cases[i].first) {
            assert_int_equal(count, 0);
            continue;
        }
        assert_true(count > 0);
        assert_string_equal(c->entries[hits[0].entry].organisation.name, cases[i].first);
    }
    const struct catalogue_hit *all = NULL;
    size_t count = 0;
    assert_ok(catalogue_search(c, s->arena, "", &all, &count));
    assert_int_equal(count, 2);
    assert_fault(catalogue_search(c, s->arena, "\xFF\xFE", &all, &count), FAULT_INVALID);
}

static void terms_come_with_the_broader_ones(void **state)
{
    struct scene *s = *state;
    const struct catalogue *c = catalogue_for(s, 0);
    const struct term *fine = catalogue_term_by_code(c, "sliding-headstock-turning");
    const struct term *broad = catalogue_term_by_code(c, "machining");
    assert_true(catalogue_term_within(c, fine->id, broad->id));
    assert_false(catalogue_term_within(c, broad->id, fine->id));
    assert_true(entry_has_term(&c->entries[0], broad->id));
    assert_false(entry_has_term(&c->entries[1], broad->id));
    assert_null(catalogue_term_by_code(c, "no-such-code"));
    assert_null(catalogue_term(c, 1));
    assert_ptr_equal(catalogue_find(c, c->entries[1].organisation.id), &c->entries[1]);
    assert_null(catalogue_find(c, 1));
    language_set(LANGUAGE_EN);
    assert_string_equal(term_label(fine), "sliding-headstock turning");
    language_set(LANGUAGE_FR);
    assert_string_equal(term_label(fine), "décolletage à poupée mobile");
}

static void certificates_count_while_they_are_valid(void **state)
{
    struct scene *s = *state;
    const struct catalogue *c = catalogue_for(s, 0);
    assert_true(entry_has_term(&c->entries[0], catalogue_term_by_code(c, "iso-13485")->id));
    assert_false(entry_has_term(&c->entries[0], catalogue_term_by_code(c, "iso-14001")->id));
}

static void suggestions_are_names_terms_then_places(void **state)
{
    struct scene *s = *state;
    const struct catalogue *c = catalogue_for(s, 0);
    struct suggestion *found = NULL;
    size_t count = 0;
    assert_ok(catalogue_suggest(c, s->arena, "déc", 8, &found, &count));
    assert_true(count >= 2);
    assert_string_equal(found[0].text, "Décolletage Vuillet");
    assert_string_equal(found[1].kind, "term");
    assert_ok(catalogue_suggest(c, s->arena, "mort", 8, &found, &count));
    assert_string_equal(found[0].text, "Éclat Morteau");
    assert_string_equal(found[count - 1].kind, "place");
    assert_ok(catalogue_suggest(c, s->arena, "canari", 8, &found, &count));
    assert_int_equal(count, 0);
    assert_ok(catalogue_suggest(c, s->arena, "émail", 8, &found, &count)); /* only a hidden know-how has it */
    assert_int_equal(count, 0);
    assert_ok(catalogue_suggest(c, s->arena, "d", 1, &found, &count));
    assert_int_equal(count, 1);
}

static void a_change_makes_a_new_picture_and_leaves_the_old(void **state)
{
    struct scene *s = *state;
    const struct catalogue *before = catalogue_for(s, 0);
    size_t count = before->count;
    (void)scene_organisation(s, "Zénith Nouvelle", NULL);
    assert_int_equal(before->count, count);
    assert_int_equal(catalogue_for(s, 0)->count, count + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_find_as_people_type_them),
        cmocka_unit_test(terms_come_with_the_broader_ones),
        cmocka_unit_test(certificates_count_while_they_are_valid),
        cmocka_unit_test(suggestions_are_names_terms_then_places),
        cmocka_unit_test(a_change_makes_a_new_picture_and_leaves_the_old),
    };
    return cmocka_run_group_tests(tests, set_up, scene_close);
}
