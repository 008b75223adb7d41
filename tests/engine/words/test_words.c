/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "test.h"
#include "words/words.h"

static void words_know_where_they_stand(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct slice text = S("Décolletage Ø 0,8 mm œuvré");
    struct words w = words_split(a, text);
    static const char *const expected[] = {"décolletage", "Ø", "0", "8", "mm", "œuvré"};
    assert_int_equal(w.count, COUNT(expected));
    assert_memory_equal(text.ptr + w.list[0].start, "Décolletage", sizeof "Décolletage" - 1);
    assert_int_equal(w.list[0].end, sizeof "Décolletage" - 1);
    assert_true(slice_equal(w.list[5].folded, S("oeuvre")));
    assert_int_equal(w.list[5].end, text.len);
    assert_int_equal(words_split(a, S("")).count, 0);
}

static void stop_words_are_found_by_search(void **state)
{
    (void)state;
    static const char *const stops[] = {"a", "de", "des", "the", "nous", "y", "your"};
    for (size_t i = 0; i < COUNT(stops); i++)
        assert_true(word_is_stop(slice_of(stops[i])));
    static const char *const others[] = {"", "pas", "sans", "non", "decolletage", "zzz"};
    for (size_t i = 0; i < COUNT(others); i++)
        assert_false(word_is_stop(slice_of(others[i])));
}

/* Both lists are searched by halves: every word of each must be found, so a word out of order is a
 * mistake. */
static void weak_words_are_marked(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct words w = words_split(a, S("able zero annee clients working polissage"));
    for (int i = 0; i < 5; i++)
        assert_true(w.list[i].weak);
    assert_false(w.list[5].weak);
}

static void acronyms_are_no_stop_words(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    assert_false(words_split(a, S("marquage CE")).list[1].stop);
    assert_true(words_split(a, S("ce jour")).list[0].stop);
    assert_true(words_split(a, S("CE JOUR MÊME")).list[0].stop); /* all in capitals: nothing is an acronym */
}

static void forms_join_plurals_and_accents(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct stemming *s = stemming_new(a);
    static const char *const pairs[][2] = {
        {"machines", "machine"}, {"implants", "implant"}, {"watches", "watch"}, {"usinages", "usinage"}};
    for (size_t i = 0; i < COUNT(pairs); i++) {
        struct slice one = word_form(s, slice_of(pairs[i][0]));
        const char *kept = arena_text(a, one.ptr, one.len);
        assert_true(slice_equal(slice_of(kept), word_form(s, slice_of(pairs[i][1]))));
    }
}

static void a_vocabulary_numbers_texts_once(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct vocabulary *v = vocabulary_new(a);
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 5000; i++) {
            char *text = arena_print(a, "word%d", i);
            assert_int_equal(vocabulary_add(v, slice_of(text)), i);
        }
    assert_int_equal(vocabulary_count(v), 5000);
    assert_int_equal(vocabulary_find(v, S("word4999")), 4999);
    assert_int_equal(vocabulary_find(v, S("word5000")), VOCABULARY_NONE);
    assert_true(slice_equal(vocabulary_text(v, 17), S("word17")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_know_where_they_stand),     cmocka_unit_test(stop_words_are_found_by_search),
        cmocka_unit_test(weak_words_are_marked),           cmocka_unit_test(forms_join_plurals_and_accents),
        cmocka_unit_test(a_vocabulary_numbers_texts_once), cmocka_unit_test(acronyms_are_no_stop_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
