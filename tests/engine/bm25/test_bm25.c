/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "bm25/bm25.h"
#include "test.h"
#include "words/words.h"

static const char *const documents[] = {"decolletage laiton horlogerie",
                                        "decolletage titane medical salle blanche",
                                        "polissage boitier horlogerie", "traitement surface laiton"};

/* Reference values computed apart with k1 = 1.2, b = 0.75. */
static void scores_are_the_reference_values(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct stemming *s = stemming_new(a);
    struct vocabulary *v = vocabulary_new(a);
    struct bm25_entry entries[32];
    float lengths[COUNT(documents)] = {0};
    size_t count = 0;
    for (uint32_t d = 0; d < COUNT(documents); d++) {
        struct words w = words_split(a, slice_of(documents[d]));
        for (int i = 0; i < w.count; i++, lengths[d]++)
            entries[count++] =
                (struct bm25_entry){vocabulary_add(v, word_form_french(s, w.list[i].folded)), d, 1};
    }
    struct bm25 *m = bm25_new(a, entries, count, vocabulary_count(v), COUNT(documents), lengths, BM25_B);
    struct bm25_query query[2];
    struct words w = words_split(a, S("decolletage horlogerie"));
    for (uint32_t i = 0; i < 2; i++)
        query[i] = (struct bm25_query){vocabulary_find(v, word_form_french(s, w.list[i].folded)), i, 1};
    static const double expected[] = {1.472340218, 0.5897495348, 0.736170109, 0};
    double scores[COUNT(documents)] = {0};
    bm25_score(m, a, query, 2, 0, scores);
    for (size_t d = 0; d < COUNT(documents); d++)
        assert_near(scores[d], expected[d], 1e-9);
}

static void a_group_counts_its_best_sign(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    static const struct bm25_entry entries[] = {{0, 0, 1}, {1, 0, 1}, {1, 1, 1}, {0, 0, 1}};
    static const float lengths[] = {2, 1, 1};
    struct bm25 *m = bm25_new(a, entries, COUNT(entries), 2, 3, lengths, BM25_B);
    double apart[3] = {0}, grouped[3] = {0}, echoed[3] = {0};
    bm25_score(m, a, (struct bm25_query[]){{0, 0, 1}, {1, 1, 1}}, 2, 0, apart);
    bm25_score(m, a, (struct bm25_query[]){{0, 0, 1}, {1, 0, 1}}, 2, 0, grouped);
    bm25_score(m, a, (struct bm25_query[]){{0, 0, 1}, {1, 0, 1}}, 2, 1, echoed);
    assert_true(grouped[0] < apart[0]);
    assert_near(grouped[1], apart[1], 1e-12);
    assert_near(echoed[0], apart[0], 1e-12);
    double none[3] = {0};
    bm25_score(m, a, (struct bm25_query[]){{99, 0, 1}}, 1, 0, none);
    assert_near(none[0] + none[1] + none[2], 0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scores_are_the_reference_values),
        cmocka_unit_test(a_group_counts_its_best_sign),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
