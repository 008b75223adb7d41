/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "test.h"

#include <string.h>

#include "random/random.h"
#include "search/search.h"

static const char *const firms[] = {"Décolletage de précision titane Villers-le-Lac",
                                    "Polissage boîtiers Morteau", "Découpage fin Damprichard",
                                    "Traitement de surface PVD Besançon"};

static struct search_index *example(struct arena *a)
{
    struct search_text texts[COUNT(firms)];
    for (uint32_t i = 0; i < COUNT(firms); i++)
        texts[i] = (struct search_text){i, 1.0F, slice_of(firms[i])};
    return search_index_new(a, texts, COUNT(firms), COUNT(firms));
}

static void words_are_met_as_people_type_them(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct search_index *index = example(a);
    static const struct {
        const char *query;
        int first; /* -1: nothing */
    } cases[] = {{"decolletage", 0}, {"DÉCOLL", 0},         {"decoletage", 0},  {"polisages", 1},
                 {"boitier", 1},     {"besancon pvd", 3},   {"titane pvd", -1}, {"zzzz", -1},
                 {"decuopage", 2},   {"le polissage de", 1}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct search_hit *hits;
        size_t total,
            n = search(index, a, slice_of(cases[i].query), (struct search_options){0}, &hits, &total);
        print_message("# %s\n", cases[i].query);
        assert_int_equal(n == 0 ? -1 : (int)hits[0].document, cases[i].first);
    }
}

static void an_empty_query_gives_all_that_is_allowed(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct search_hit *hits;
    size_t total;
    const uint8_t allowed[] = {1, 0, 1, 1};
    size_t n = search(example(a), a, S(" - "), (struct search_options){.allowed = allowed, .most = 2}, &hits,
                      &total);
    assert_int_equal(n, 2);
    assert_int_equal(total, 3);
    assert_int_equal(hits[1].document, 2);
}

static void one_edit_is_what_it_says(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        bool near;
    } cases[] = {{"abcd", "abcd", true}, {"abcd", "abd", true},   {"abcd", "abxd", true},
                 {"abcd", "acbd", true}, {"abcd", "abcde", true}, {"abcd", "axyd", false},
                 {"ab", "ba", true},     {"abc", "cba", false},   {"", "a", true},
                 {"", "ab", false}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(within_one_edit(slice_of(cases[i].a), slice_of(cases[i].b)), cases[i].near);
        assert_int_equal(within_one_edit(slice_of(cases[i].b), slice_of(cases[i].a)), cases[i].near);
    }
}

static void any_slip_in_a_word_still_finds_its_document(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct random r = random_seeded(1, 0);
    struct search_index *index = example(a);
    for (int round = 0; round < 2000; round++) {
        char word[] = "precision";
        size_t at = (size_t)random_below(&r, sizeof word - 2);
        char kept = word[at];
        word[at] = word[at + 1]; /* swap */
        word[at + 1] = kept;
        struct search_hit *hits;
        size_t total;
        assert_int_equal(search(index, a, slice_of(word), (struct search_options){0}, &hits, &total), 1);
        assert_int_equal(hits[0].document, 0);
    }
}

static void suggestions_start_with_what_was_typed(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct slice *words;
    assert_int_equal(search_words(example(a), a, S("déc"), 5, &words), 2);
    assert_string_equal(slice_text(a, words[0]), "decolletage");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_met_as_people_type_them),
        cmocka_unit_test(an_empty_query_gives_all_that_is_allowed),
        cmocka_unit_test(one_edit_is_what_it_says),
        cmocka_unit_test(any_slip_in_a_word_still_finds_its_document),
        cmocka_unit_test(suggestions_start_with_what_was_typed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
