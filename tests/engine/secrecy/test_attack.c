/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The rules and the attacker, on published examples (rtauargus' vignette, sdcTable's tests, the SDC handbook)
 * and on the edges of each rule. */
#include "test.h"

#include <math.h>

#include "engine/secrecy/flat.h"
#include "secrecy/attack.h"
#include "secrecy/layout.h"

static void hide(struct flat *t, const char *cells) /* "0,0 1,2": rows and columns */
{
    for (; *cells; cells += cells[3] ? 4 : 3)
        t->hidden[flat_cell(t, (size_t)(cells[0] - '0'), (size_t)(cells[2] - '0'))] = true;
}

static void lies_between(struct attacker *t, int32_t cell, double low, double high)
{
    double found[2];
    assert_ok(attacker_bounds(t, cell, &found[0], &found[1]));
    if (!(fabs(found[0] - low) < 1e-6) || !(found[1] == high || fabs(found[1] - high) < 1e-6))
        fail_msg("cell %d: [%g, %g] instead of [%g, %g]", (int)cell, found[0], found[1], low, high);
}

static void a_vignette_of_rtauargus(void **state)
{
    struct arena *a = *state;
    struct flat t = flat_new(a, 3, 2, (double[]){100, 50, 30, 20, 60, 40});
    hide(&t, "1,0 1,1 2,0 2,1");
    struct attacker *k = attacker_new(a, t.model, t.hidden, false);
    lies_between(k, flat_cell(&t, 1, 0), 0, 50);
    lies_between(k, flat_cell(&t, 2, 1), 10, 60);
    lies_between(k, flat_cell(&t, 0, 0), 100, 100);
}

static const double counties[] = {30, 47, 64, 89, 90, 124, 5, 31, 92, 100, 59, 85, 800, 991, 651, 685};

static void two_in_each_line_are_not_enough(void **state)
{
    struct arena *a = *state;
    struct flat t = flat_new(a, 4, 4, counties);
    hide(&t, "0,0 0,1 0,2 1,0 1,2 2,1 2,3 3,1 3,3");
    lies_between(attacker_new(a, t.model, t.hidden, false), flat_cell(&t, 0, 1), 47, 47);
    hide(&t, "1,3");
    lies_between(attacker_new(a, t.model, t.hidden, false), flat_cell(&t, 0, 1), 0, 78);
}

static void linked_tables_betray_each_other(void **state)
{
    struct arena *a = *state;
    enum { A, B, I, J, K, L, M, N, FIRST, SECOND, BIG, SMALL, ALL, CELLS };
    static const double values[CELLS] = {2, 2, 8, 8, 3, 3, 3, 7, 20, 16, 6, 30, 36};
    struct secrecy_model *m = secrecy_model_new(a);
    bool hidden[CELLS] = {[A] = true, [B] = true, [K] = true, [L] = true, [M] = true};
    for (int i = 0; i < CELLS; i++)
        (void)secrecy_add_cell(m, secrecy_plain_cell(values[i]));
    secrecy_add_equation(m, FIRST, (int32_t[]){A, B, I, J}, 4, 0);
    secrecy_add_equation(m, SECOND, (int32_t[]){K, L, M, N}, 4, 0);
    secrecy_add_equation(m, BIG, (int32_t[]){L, M}, 2, 0);
    secrecy_add_equation(m, SMALL, (int32_t[]){A, B, I, J, K, N}, 6, 0);
    secrecy_add_equation(m, ALL, (int32_t[]){FIRST, SECOND}, 2, 0);
    secrecy_add_equation(m, ALL, (int32_t[]){BIG, SMALL}, 2, 0);
    lies_between(attacker_new(a, m, hidden, false), K, 3, 3);
    hidden[N] = true;
    lies_between(attacker_new(a, m, hidden, false), K, 0, 10);
}

static void the_handbooks_third_example(void **state)
{
    struct arena *a = *state;
    struct flat t = flat_new(a, 3, 2, (double[]){4, 3, 2, 1, 3, 3});
    hide(&t, "0,0 0,1 1,0 1,1");
    struct attacker *k = attacker_new(a, t.model, t.hidden, false);
    lies_between(k, flat_cell(&t, 0, 0), 3, 6);
    lies_between(k, flat_cell(&t, 0, 1), 1, 4);
    lies_between(k, flat_cell(&t, 1, 0), 0, 3);
    lies_between(k, flat_cell(&t, 1, 1), 0, 3);
}

static void an_insider_knows_more_and_forgets_again(void **state)
{
    struct arena *a = *state;
    struct flat t = flat_new(a, 1, 3, (double[]){5, 7, 50});
    t.model->equation_count = 1; /* the row alone */
    hide(&t, "0,0 0,1");
    struct attacker *k = attacker_new(a, t.model, t.hidden, false);
    lies_between(k, 0, 0, 12);
    attacker_learn(k, 0, 5);
    lies_between(k, 1, 7, 7);
    attacker_forget(k, 0);
    lies_between(k, 1, 0, 12);
    hide(&t, "0,2");
    k = attacker_new(a, t.model, t.hidden, false);
    for (int32_t i = 0; i < 3; i++)
        lies_between(k, i, 0, 62);
}

/* b and c are equal, so that their sum a is even; with e it is 3. */
static void counts_are_whole(void **state)
{
    struct arena *a = *state;
    enum { A, B, C, D, E, FIRST, SECOND, THIRD, CELLS };
    static const double values[CELLS] = {2, 1, 1, 1, 1, 2, 2, 3};
    struct secrecy_model *m = secrecy_model_new(a);
    bool hidden[CELLS] = {[A] = true, [B] = true, [C] = true, [D] = true, [E] = true};
    double low, high;
    for (int i = 0; i < CELLS; i++)
        (void)secrecy_add_cell(m, secrecy_plain_cell(values[i]));
    secrecy_add_equation(m, A, (int32_t[]){B, C}, 2, 0);
    secrecy_add_equation(m, FIRST, (int32_t[]){B, D}, 2, 0);
    secrecy_add_equation(m, SECOND, (int32_t[]){C, D}, 2, 0);
    secrecy_add_equation(m, THIRD, (int32_t[]){A, E}, 2, 0);
    lies_between(attacker_new(a, m, hidden, false), A, 0, 3);
    lies_between(attacker_new(a, m, hidden, true), A, 0, 2);
    m->cells[SECOND].value = 2.5; /* then c is no whole number */
    assert_fault(attacker_bounds(attacker_new(a, m, hidden, true), A, &low, &high), FAULT_INVALID);
}

static void what_contradicts_itself_is_said_to(void **state)
{
    struct arena *a = *state;
    struct flat t = flat_new(a, 2, 2, (double[]){1, 2, 3, 4});
    double low, high;
    hide(&t, "0,0 0,1");
    t.model->cells[flat_cell(&t, 0, 2)].value = 1; /* 3 is the sum of what must be there */
    assert_fault(attacker_bounds(attacker_new(a, t.model, t.hidden, false), 0, &low, &high), FAULT_INVALID);
}

static void without_a_total_there_is_no_top(void **state)
{
    struct arena *a = *state;
    struct flat t = flat_new(a, 1, 2, (double[]){1, 2});
    t.model->equation_count = 1;
    hide(&t, "0,0 0,2");
    lies_between(attacker_new(a, t.model, t.hidden, false), 0, 0, INFINITY);
    lies_between(attacker_new(a, t.model, t.hidden, false), 2, 2, INFINITY);
}

/* --- rules ----------------------------------------------------------------------------------------- */

static void each_rule_has_its_edge(void **state)
{
    (void)state;
    static const struct {
        enum secrecy_profile profile;
        size_t groups;
        struct secrecy_share shares[6];
        bool sensitive;
        double up, down;
    } cases[] = {
        {SECRECY_FIRMS, 0, {{0}}, false, 0, 0},
        {SECRECY_FIRMS, 2, {{0, 2, 0, 70}, {1, 1, 0, 20}}, true, 9, 9},
        {SECRECY_FIRMS, 3, {{0, 1, 0, 86}, {1, 1, 0, 7}, {2, 1, 0, 7}}, true, 10, 10},
        {SECRECY_FIRMS, 3, {{0, 1, 0, 85}, {1, 1, 0, 8}, {2, 1, 0, 7}}, false, 10, 10},
        {SECRECY_FIRMS, 3, {{0, 1, 0, 300}, {1, 1, 0, 20}, {2, 1, 0, 10}}, true, 33, 33}, /* handbook, 4 */
        {SECRECY_FIRMS, 3, {{0, 1, 0, 0}, {1, 1, 0, 0}, {2, 1, 0, 0}}, false, 1, 0},
        {SECRECY_FIRMS, 1, {{0, 1, 0, 0}}, true, 1, 0}, /* zero, but somebody's */
        {SECRECY_SURVEY, 2, {{0, 2, 0, 2}, {1, 2, 0, 2}}, true, 1, 1},
        {SECRECY_SURVEY, 2, {{0, 3, 0, 3}, {1, 2, 0, 2}}, false, 1, 1},
        {SECRECY_FISCAL, 2, {{0, 9, 0, 50}, {1, 1, 1, 50}}, true, 10, 10},
        {SECRECY_FISCAL, 2, {{0, 10, 0, 50}, {1, 1, 1, 50}}, false, 10, 10},
        {SECRECY_FISCAL, 2, {{0, 1, 0, 50}, {1, 1, 0, 50}}, false, 10, 10},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        double value = 0;
        for (size_t g = 0; g < cases[i].groups; g++)
            value += cases[i].shares[g].value;
        struct secrecy_need need = secrecy_need_of((struct secrecy_rules){cases[i].profile, 1},
                                                   cases[i].shares, cases[i].groups, value);
        if (need.sensitive != cases[i].sensitive || fabs(need.up - cases[i].up) > 1e-9 ||
            fabs(need.down - cases[i].down) > 1e-9)
            fail_msg("case %zu: %d %g %g", i, need.sensitive, need.up, need.down);
    }
}

/* --- tables ---------------------------------------------------------------------------------------- */

/* Lines of two communes and two trades; node 2 of each is the total. */
static void places_with_the_same_lines_are_one_cell(void **state)
{
    struct arena *a = *state;
    const struct secrecy_sum total = {2, (int32_t[]){0, 1}, 2};
    struct secrecy_layout l = {2, {{3, 1, &total}, {3, 1, &total}}, {0}, 0};
    struct secrecy_lines lines = {.count = 4,
                                  .node = {(int32_t[]){0, 0, 0, 1}, (int32_t[]){0, 0, 1, 0}},
                                  .unit = (int32_t[]){0, 1, 2, 3},
                                  .group = (int32_t[]){0, 0, 1, 2},
                                  .value = (double[]){40, 30, 20, 10}};
    struct secrecy_model *m;
    int32_t node, cell_of[9];
    assert_ok(secrecy_layout_check(&l, &node));
    assert_int_equal(l.places, 9);
    assert_ok(secrecy_tabulate(a, &l, &lines, (struct secrecy_rules){SECRECY_FIRMS, 1}, &m, cell_of, NULL));
    assert_int_equal(cell_of[4], SECRECY_NO_CELL); /* 1, 1: nobody */
    assert_int_equal(cell_of[3], cell_of[5]);      /* commune 1: its only trade is its total */
    assert_int_equal(cell_of[1], cell_of[7]);      /* trade 1 likewise */
    assert_int_equal(m->count, 6);
    const struct secrecy_cell *first = &m->cells[cell_of[0]], *all = &m->cells[cell_of[8]];
    assert_true(first->value == 70 && first->share_count == 1 && first->alone == 0 && first->sensitive);
    assert_int_equal(first->shares[0].units, 2);
    assert_true(all->value == 100 && all->share_count == 3 && all->alone == SECRECY_NOBODY &&
                !all->sensitive);
    for (size_t e = 0; e < m->equation_count; e++) {
        double sum = m->equations[e].constant;
        for (size_t i = 0; i < m->equations[e].count; i++)
            sum += m->cells[m->equations[e].parts[i]].value;
        assert_true(sum == m->cells[m->equations[e].total].value);
    }
    assert_ok(secrecy_tabulate(a, &l, &lines, (struct secrecy_rules){SECRECY_SURVEY, 1}, &m, cell_of, NULL));
    assert_true(m->cells[cell_of[4]].unshown && m->cells[cell_of[4]].value == 0);
}

static void hierarchies_that_do_not_add_up_are_refused(void **state)
{
    (void)state;
    int32_t node;
    const struct secrecy_sum loop[] = {{0, (int32_t[]){1}, 1}, {1, (int32_t[]){0}, 1}};
    struct secrecy_layout l = {1, {{2, 2, loop}}, {0}, 0};
    assert_fault(secrecy_layout_check(&l, &node), FAULT_INVALID);
    const struct secrecy_sum twice[] = {{2, (int32_t[]){0, 1}, 2}, {3, (int32_t[]){2, 1}, 2}};
    l = (struct secrecy_layout){1, {{4, 2, twice}}, {0}, 0};
    assert_fault(secrecy_layout_check(&l, &node), FAULT_INVALID);
    assert_int_equal(node, 3);
    const struct secrecy_sum zonings[] = {{2, (int32_t[]){0, 1}, 2}, {2, (int32_t[]){0}, 1}};
    l = (struct secrecy_layout){1, {{3, 2, zonings}}, {0}, 0};
    assert_fault(secrecy_layout_check(&l, &node), FAULT_INVALID);
    l = (struct secrecy_layout){3, {{9000, 0, NULL}, {9000, 0, NULL}, {2, 0, NULL}}, {0}, 0};
    assert_fault(secrecy_layout_check(&l, &node), FAULT_LIMIT);
}

static int setup(void **state)
{
    *state = arena_new(LIMIT_COMMAND_MEMORY);
    return 0;
}

static int teardown(void **state)
{
    arena_free(*state);
    return 0;
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(a_vignette_of_rtauargus),
        CASE(two_in_each_line_are_not_enough),
        CASE(linked_tables_betray_each_other),
        CASE(the_handbooks_third_example),
        CASE(an_insider_knows_more_and_forgets_again),
        CASE(counts_are_whole),
        CASE(what_contradicts_itself_is_said_to),
        CASE(without_a_total_there_is_no_top),
        CASE(each_rule_has_its_edge),
        CASE(places_with_the_same_lines_are_one_cell),
        CASE(hierarchies_that_do_not_add_up_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
