/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <math.h>

#include "concepts/concepts.h"
#include "test.h"

/* Meanings 0 and 1 share the word 2; meaning 2 stands apart. */
static const struct bm25_entry ways[] = {{0, 0, 1}, {1, 0, 1}, {2, 0, 1}, {2, 1, 1},
                                         {3, 1, 1}, {4, 2, 1}, {5, 2, 1}};
enum { FORMS = 6, MEANINGS = 3 };

static double length(const struct concept_weight *w, int count)
{
    double sum = 0;
    for (int i = 0; i < count; i++)
        sum += (double)w[i].weight * (double)w[i].weight;
    return sqrt(sum);
}

static void a_text_is_about_what_its_words_point_to(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    const struct concepts *c = concepts_new(a, ways, COUNT(ways), FORMS, MEANINGS);
    struct concept_weight w[CONCEPTS_KEPT];
    int n = concepts_of(c, a, (uint32_t[]){0, 2, 2, 99}, 4, w);
    assert_int_equal(n, 2);
    assert_int_equal(w[0].meaning, 0);
    assert_int_equal(w[1].meaning, 1);
    assert_true(w[0].weight > w[1].weight);
    assert_near(length(w, n), 1, 1e-6);
    /* By hand: N = 3, lengths 3 2 2, k1 = 1.2, b = .75. idf(0) = ln(1 + 2.5/1.5), idf(2) = ln(1 + 1.5/2.5).
     */
    double k = 1.2 * (.25 + .75 * 3 / (7 / 3.)), l = 1.2 * (.25 + .75 * 2 / (7 / 3.));
    double first = (log(1 + 2.5 / 1.5) + log(1.6)) * 2.2 / (1 + k), second = log(1.6) * 2.2 / (1 + l);
    assert_near((double)(w[1].weight / w[0].weight), pow(second / first, 3), 1e-6);
    assert_int_equal(concepts_of(c, a, (uint32_t[]){77}, 1, w), 0);
    assert_int_equal(concepts_of(c, a, NULL, 0, w), 0);
}

static void texts_without_a_common_word_are_about_the_same(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    const struct concepts *c = concepts_new(a, ways, COUNT(ways), FORMS, MEANINGS);
    struct concept_weight one[CONCEPTS_KEPT], other[CONCEPTS_KEPT], need[CONCEPTS_KEPT];
    struct bm25_entry entries[4];
    size_t count = 0;
    int n = concepts_of(c, a, (uint32_t[]){1}, 1, one), m = concepts_of(c, a, (uint32_t[]){5}, 1, other);
    for (int i = 0; i < n; i++)
        entries[count++] = (struct bm25_entry){one[i].meaning, 0, one[i].weight};
    for (int i = 0; i < m; i++)
        entries[count++] = (struct bm25_entry){other[i].meaning, 1, other[i].weight};
    const struct concept_index *x = concept_index_new(a, entries, count, MEANINGS);
    double scores[2] = {0};
    concept_index_score(x, need, concepts_of(c, a, (uint32_t[]){0}, 1, need), scores);
    assert_near(scores[0], 1, 1e-6);
    assert_near(scores[1], 0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_is_about_what_its_words_point_to),
        cmocka_unit_test(texts_without_a_common_word_are_about_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
