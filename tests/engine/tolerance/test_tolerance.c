/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "test.h"
#include "tolerance/tolerance.h"

static void published_rows_are_kept(void **state)
{
    (void)state;
    static const struct {
        double mm;
        int um[4]; /* IT5 IT6 IT7 IT8 */
    } rows[] = {{1, {4, 6, 10, 14}}, {3, {4, 6, 10, 14}},   {3.1, {5, 8, 12, 18}}, {6, {5, 8, 12, 18}},
                {8, {6, 9, 15, 22}}, {18, {8, 11, 18, 27}}, {30, {9, 13, 21, 33}}};
    for (size_t i = 0; i < COUNT(rows); i++)
        for (int k = 0; k < 4; k++) {
            int64_t width;
            assert_true(it_width(5 + k, (int64_t)(rows[i].mm * 1e6), &width));
            assert_int_equal(width, rows[i].um[k] * NM_PER_UM);
        }
    int64_t width;
    assert_true(it_width(IT_FINEST, 2 * NM_PER_MM, &width));
    assert_int_equal(width, 300);
    assert_true(it_width(13, 500 * NM_PER_MM, &width));
    assert_int_equal(width, 970 * NM_PER_UM);
    assert_false(it_width(7, 501 * NM_PER_MM, &width));
    assert_false(it_width(7, 0, &width));
    assert_false(it_width(19, NM_PER_MM, &width));
}

static void widths_grow_with_grade_and_size(void **state)
{
    (void)state;
    for (int64_t mm = 1; mm <= 500; mm++)
        for (int64_t grade = IT_FINEST; grade <= IT_COARSEST; grade++) {
            int64_t here, coarser, larger;
            assert_true(it_width(grade, mm * NM_PER_MM, &here));
            if (it_width(grade + 1, mm * NM_PER_MM, &coarser))
                assert_true(coarser > here);
            if (it_width(grade, (mm + 1) * NM_PER_MM, &larger))
                assert_true(larger >= here);
        }
}

/* The classic factor 2: ± 2 µm is a width of 4 µm. */
static void a_width_asks_for_the_coarsest_grade_inside_it(void **state)
{
    (void)state;
    assert_int_equal(it_grade_asked(2 * 2 * NM_PER_UM, 800000), 5);
    assert_int_equal(it_grade_held(2 * 2 * NM_PER_UM, 800000), 5);
    assert_int_equal(it_grade_asked(5 * NM_PER_UM, 800000), 5);
    assert_int_equal(it_grade_held(5 * NM_PER_UM, 800000), 6);
    assert_int_equal(it_grade_asked(100, 800000), IT_FINEST - 1);
    assert_int_equal(it_grade_held(100 * NM_PER_MM, 800000), IT_COARSEST + 1);
    assert_int_equal(it_grade_asked(4000, 600 * NM_PER_MM), IT_UNKNOWN);
    assert_int_equal(it_grade_asked(-4000, NM_PER_MM), IT_UNKNOWN);
    for (int64_t mm = 1; mm <= 500; mm += 7)
        for (int64_t grade = IT_FINEST; grade <= IT_COARSEST; grade++) {
            int64_t width;
            assert_true(it_width(grade, mm * NM_PER_MM, &width));
            assert_int_equal(it_grade_asked(width, mm * NM_PER_MM), grade);
            assert_int_equal(it_grade_held(width, mm * NM_PER_MM), grade);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_rows_are_kept),
        cmocka_unit_test(widths_grow_with_grade_and_size),
        cmocka_unit_test(a_width_asks_for_the_coarsest_grade_inside_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
