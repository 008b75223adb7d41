/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What is hidden, on the reference cases of rtauargus, sdcTable and our own, and on random tables, where the
 * audit must find nothing, and something as soon as one more cell is shown. */
#include "test.h"

#include <math.h>

#include "engine/secrecy/flat.h"
#include "random/random.h"
#include "secrecy/attack.h"
#include "secrecy/audit.h"
#include "secrecy/difference.h"
#include "secrecy/layout.h"
#include "secrecy/optimum.h"
#include "secrecy/protect.h"

static const struct secrecy_rules firms = {SECRECY_FIRMS, 1};

static struct secrecy_pattern protect(struct arena *a, const struct secrecy_model *m, bool insiders,
                                      bool residuals)
{
    struct secrecy_pattern p;
    assert_ok(secrecy_protect(
        a, m,
        (struct secrecy_options){.rules = firms, .insiders = insiders, .residuals = residuals, .tries = 4},
        &p));
    assert_true(p.minimal);
    return p;
}

static void hides(const struct secrecy_model *m, const bool *hidden, const char *expected) /* "..x" */
{
    for (size_t i = 0; i < m->count; i++)
        if (hidden[i] != (expected[i] == 'x'))
            fail_msg("cell %zu is %s: %s", i, hidden[i] ? "hidden" : "shown", expected);
}

static void lies_between(struct attacker *t, int32_t cell, double low, double high)
{
    double found[2];
    assert_ok(attacker_bounds(t, cell, &found[0], &found[1]));
    if (fabs(found[0] - low) > 1e-6 || fabs(found[1] - high) > 1e-6)
        fail_msg("cell %d: [%g, %g] instead of [%g, %g]", (int)cell, found[0], found[1], low, high);
}

/* --- reference cases ------------------------------------------------------------------------------- */

/* Two communes and two trades, node 2 of each the total; M1 with its groups, or each unit by itself. */
static struct secrecy_model *m1(struct arena *a, bool groups, int32_t *cell_of)
{
    static const int32_t commune[] = {0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1},
                         trade[] = {0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1},
                         unit[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11},
                         group[] = {0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, parts[] = {0, 1};
    static const double value[] = {40, 30, 20, 10, 10, 10, 86, 7, 7, 85, 8, 7};
    const struct secrecy_sum total = {2, parts, 2};
    struct secrecy_layout l = {2, {{3, 1, &total}, {3, 1, &total}}, {0}, 0};
    struct secrecy_lines lines = {
        .count = 12, .node = {commune, trade}, .unit = unit, .group = groups ? group : unit, .value = value};
    struct secrecy_model *m;
    int32_t node;
    assert_ok(secrecy_layout_check(&l, &node));
    assert_ok(secrecy_tabulate(a, &l, &lines, firms, &m, cell_of, NULL));
    return m;
}

static void four_cells_of_two_communes(void **state)
{
    struct arena *a = *state;
    int32_t cell_of[9];
    struct secrecy_model *m = m1(a, true, cell_of);
    assert_true(m->cells[cell_of[0]].sensitive && m->cells[cell_of[0]].up == 9);
    assert_true(m->cells[cell_of[3]].sensitive && m->cells[cell_of[3]].up == 10);
    assert_false(m->cells[cell_of[4]].sensitive); /* 85 % exactly */
    struct secrecy_pattern p = protect(a, m, true, true);
    hides(m, p.hidden, "xx.xx....");
    assert_true(p.cost == 130 && p.secondary == 2);
    struct attacker *k = attacker_new(a, m, p.hidden, false);
    lies_between(k, cell_of[0], 0, 120);
    lies_between(k, cell_of[1], 0, 120);
    lies_between(k, cell_of[3], 70, 190);
    lies_between(k, cell_of[4], 10, 130);
    m = m1(a, false, cell_of);
    assert_false(m->cells[cell_of[0]].sensitive); /* three units in two groups */
    assert_true(m->cells[cell_of[3]].sensitive);
}

static void a_vignette_of_rtauargus(void **state)
{
    struct arena *a = *state;
    struct flat t = flat_new(a, 3, 2, (double[]){100, 50, 30, 20, 60, 40});
    flat_sensitive(&t, 1, 0, 3, 3);
    flat_sensitive(&t, 2, 1, 4.706, 4.706);
    struct secrecy_pattern p = protect(a, t.model, false, false);
    hides(t.model, p.hidden, "...xx.xx....");
    assert_true(p.cost == 80);
}

/* sdcTable's: two in each line hidden, and yet 47 can be computed. */
static void counties_of_sdctable(void **state)
{
    struct arena *a = *state;
    static const double values[] = {30, 47, 64, 89, 90, 124, 5, 31, 92, 100, 59, 85, 800, 991, 651, 685};
    static const int given[][2] = {{0, 0}, {0, 1}, {0, 2}, {1, 0}, {1, 2}, {2, 1}, {2, 3}, {3, 1}, {3, 3}};
    static const struct {
        double share, least, cost;
    } cases[] = {{0, .001, 31}, {.1, 0, 90}};
    for (size_t c = 0; c < COUNT(cases); c++) {
        struct flat t = flat_new(a, 4, 4, values);
        for (size_t i = 0; i < COUNT(given); i++) {
            size_t row = (size_t)given[i][0], column = (size_t)given[i][1];
            double need = cases[c].share * values[row * 4 + column] + cases[c].least;
            flat_sensitive(&t, row, column, need, need);
        }
        struct secrecy_pattern p = protect(a, t.model, false, false);
        assert_true(p.hidden[flat_cell(&t, 1, 3)]);
        assert_near(p.cost, cases[c].cost, 0);
    }
}

static void linked_tables_hide_one_more(void **state)
{
    struct arena *a = *state;
    enum { A, B, I, J, K, L, M, N, FIRST, SECOND, BIG, SMALL, ALL, CELLS };
    static const double values[CELLS] = {2, 2, 8, 8, 3, 3, 3, 7, 20, 16, 6, 30, 36};
    struct secrecy_model *m = secrecy_model_new(a);
    for (int i = 0; i < CELLS; i++) {
        struct secrecy_cell c = secrecy_plain_cell(values[i]);
        c.sensitive = i == A || i == B || i == K || i == L || i == M;
        c.up = c.down = c.sensitive;
        (void)secrecy_add_cell(m, c);
    }
    secrecy_add_equation(m, FIRST, (int32_t[]){A, B, I, J}, 4, 0);
    secrecy_add_equation(m, SECOND, (int32_t[]){K, L, M, N}, 4, 0);
    secrecy_add_equation(m, BIG, (int32_t[]){L, M}, 2, 0);
    secrecy_add_equation(m, SMALL, (int32_t[]){A, B, I, J, K, N}, 6, 0);
    secrecy_add_equation(m, ALL, (int32_t[]){FIRST, SECOND}, 2, 0);
    secrecy_add_equation(m, ALL, (int32_t[]){BIG, SMALL}, 2, 0);
    struct secrecy_pattern p = protect(a, m, false, false);
    hides(m, p.hidden, "xx..xxxx.....");
}

static struct secrecy_share *shares_of(struct arena *a, int32_t first, size_t count, double value)
{
    struct secrecy_share *s = NEW(a, struct secrecy_share, count);
    for (size_t i = 0; i < count; i++)
        s[i] = (struct secrecy_share){first + (int32_t)i, 1, 0, value / (double)count};
    return s;
}

static int32_t add_shared(struct arena *a, struct secrecy_model *m, int32_t first, size_t count, double value)
{
    struct secrecy_cell c = secrecy_plain_cell(value);
    c.shares = shares_of(a, first, count, value);
    c.share_count = count;
    secrecy_apply_rules(firms, &c);
    return secrecy_add_cell(m, c);
}

static void two_singletons_need_a_third_cell(void **state)
{
    struct arena *a = *state;
    for (int attackers = 0; attackers < 4; attackers++) {
        struct secrecy_model *m = secrecy_model_new(a);
        int32_t parts[] = {add_shared(a, m, 0, 1, 5), add_shared(a, m, 1, 1, 7), add_shared(a, m, 2, 12, 50)};
        secrecy_add_equation(m, add_shared(a, m, 0, 14, 62), parts, 3, 0);
        struct secrecy_pattern p = protect(a, m, attackers & 1, attackers & 2);
        hides(m, p.hidden, attackers ? "xxx." : "xx..");
        struct attacker *k = attacker_new(a, m, p.hidden, false);
        for (int i = 0; i < 3; i++)
            lies_between(k, i, attackers || i < 2 ? 0 : 50, attackers ? 62 : i < 2 ? 12 : 50);
    }
}

/* Last month 1,000 of ten firms; today one is gone: 940 may not be shown. */
static void a_difference_is_a_secret(void **state)
{
    struct arena *a = *state;
    struct secrecy_model *m = secrecy_model_new(a);
    int32_t today = add_shared(a, m, 1, 9, 940), gone = add_shared(a, m, 0, 1, 60);
    m->cells[gone].unshown = true;
    secrecy_add_equation(m, SECRECY_NO_CELL, (int32_t[]){today, gone}, 2, -1000);
    struct secrecy_pattern p = protect(a, m, true, true);
    hides(m, p.hidden, "xx");
    lies_between(attacker_new(a, m, p.hidden, false), gone, 0, 1000);
    m->cells[today].known = true;
    struct secrecy_pattern refused;
    assert_fault(secrecy_protect(a, m, (struct secrecy_options){.rules = firms, .tries = 1}, &refused),
                 FAULT_INVALID);
    assert_int_equal(refused.exposed, gone);
}

/* --- random tables --------------------------------------------------------------------------------- */

enum { MOST_SIDE = 12 };

struct table {
    struct secrecy_model *model;
    int32_t *cell_of;
};

/* Units a leaf cell 1 + exponential, a share of cells empty, values exp(4 + sigma N), some units in groups.
 */
static struct table random_table(struct arena *a, struct random *random, int32_t rows, int32_t columns)
{
    enum { MOST_UNITS = 6000 };
    int32_t *node[2] = {NEW(a, int32_t, MOST_UNITS), NEW(a, int32_t, MOST_UNITS)};
    int32_t *unit = NEW(a, int32_t, MOST_UNITS), *group = NEW(a, int32_t, MOST_UNITS);
    double *value = NEW(a, double, MOST_UNITS), mean = 3 + 12 * random_unit(random);
    double empty = .1 + .2 * random_unit(random), sigma = .8 + 1.2 * random_unit(random);
    size_t count = 0;
    for (int32_t cell = 0; cell < rows * columns; cell++) {
        int here = random_unit(random) < empty ? 0 : (int)(1 - log(1 - random_unit(random)) * mean);
        for (int i = 0; i < here && count < MOST_UNITS; i++, count++) {
            double normal = sqrt(-2 * log(1 - random_unit(random))) * cos(2 * M_PI * random_unit(random));
            node[0][count] = cell / columns;
            node[1][count] = cell % columns;
            unit[count] = (int32_t)count;
            group[count] = random_unit(random) < .3 ? (int32_t)random_below(random, 30) : 30 + (int32_t)count;
            value[count] = floor(exp(4 + sigma * normal)) + 1;
        }
    }
    int32_t *parts = NEW(a, int32_t, MOST_SIDE), at;
    for (int32_t i = 0; i < MOST_SIDE; i++)
        parts[i] = i;
    const struct secrecy_sum sums[] = {{rows, parts, (size_t)rows}, {columns, parts, (size_t)columns}};
    struct secrecy_layout l = {
        2, {{(size_t)rows + 1, 1, &sums[0]}, {(size_t)columns + 1, 1, &sums[1]}}, {0}, 0};
    struct secrecy_lines lines = {
        .count = count, .node = {node[0], node[1]}, .unit = unit, .group = group, .value = value};
    struct table t = {.cell_of = NEW(a, int32_t, (rows + 1) * (columns + 1))};
    assert_ok(secrecy_layout_check(&l, &at));
    assert_ok(secrecy_tabulate(a, &l, &lines, firms, &t.model, t.cell_of, NULL));
    return t;
}

static size_t attacks_broken(struct arena *a, const struct secrecy_model *m, const bool *hidden,
                             bool residuals)
{
    struct secrecy_audit audit;
    int32_t *itself = NEW(a, int32_t, m->count + 1);
    for (size_t i = 0; i < m->count; i++)
        itself[i] = (int32_t)i;
    assert_ok(secrecy_audit(a,
                            &(struct secrecy_publication){.model = m,
                                                          .hidden = hidden,
                                                          .truth = m,
                                                          .truth_of = itself,
                                                          .rules = firms,
                                                          .insiders = true,
                                                          .residuals = residuals},
                            &audit));
    return audit.broken;
}

static size_t broken(struct arena *a, const struct secrecy_model *m, const bool *hidden)
{
    return attacks_broken(a, m, hidden, true);
}

static void nothing_is_found_and_nothing_hidden_in_vain(void **state)
{
    enum { TABLES = 60 };
    struct random random = random_seeded(5, 0);
    (void)state;
    size_t secondary = 0;
    for (int i = 0; i < TABLES; i++) {
        struct arena *a = arena_new(LIMIT_COMMAND_MEMORY);
        struct table t = random_table(a, &random, 2 + (int32_t)random_below(&random, 9),
                                      2 + (int32_t)random_below(&random, 9));
        struct secrecy_pattern p = protect(a, t.model, true, true);
        assert_int_equal(broken(a, t.model, p.hidden), 0);
        for (size_t c = 0; c < t.model->count; c++) {
            if (!p.hidden[c])
                continue;
            p.hidden[c] = false;
            if (t.model->cells[c].sensitive || i % 6 == 0)
                assert_true(broken(a, t.model, p.hidden) > 0);
            secondary += !t.model->cells[c].sensitive;
            p.hidden[c] = true;
        }
        arena_free(a);
    }
    assert_true(secondary > TABLES);
}

/* The optimum is safe, never dearer than ours, and ours at most 6 % dearer in the mean. */
static void little_more_is_hidden_than_must_be(void **state)
{
    enum { TABLES = 25 };
    struct random random = random_seeded(9, 0);
    double ours = 0, best = 0;
    (void)state;
    for (int i = 0; i < TABLES; i++) {
        struct arena *a = arena_new(LIMIT_COMMAND_MEMORY);
        struct table t = random_table(a, &random, 6, 6);
        struct secrecy_optimum optimum;
        assert_ok(secrecy_find_optimum(
            a, t.model, (struct secrecy_optimum_options){.insiders = true, .rounds = 100}, &optimum));
        struct secrecy_pattern p;
        assert_ok(secrecy_protect(
            a, t.model,
            (struct secrecy_options){.rules = firms, .insiders = true, .tries = 10, .guide = optimum.share},
            &p));
        assert_true(optimum.proven && optimum.cost <= p.cost + 1e-6);
        assert_int_equal(attacks_broken(a, t.model, optimum.hidden, false), 0);
        ours += p.cost;
        best += optimum.cost;
        arena_free(a);
    }
    assert_true(best > 0 && ours <= 1.06 * best);
}

static void a_seed_gives_the_same_pattern(void **state)
{
    struct arena *a = *state;
    struct random random = random_seeded(6, 0);
    struct table t = random_table(a, &random, 10, 10);
    struct secrecy_pattern one = protect(a, t.model, true, true), two = protect(a, t.model, true, true);
    assert_memory_equal(one.hidden, two.hidden, t.model->count);
    for (size_t i = 0; i < t.model->count; i++) { /* in francs, not in thousands */
        t.model->cells[i].value *= 1024, t.model->cells[i].weight *= 1024;
        t.model->cells[i].up *= 1024, t.model->cells[i].down *= 1024;
    }
    two = protect(a, t.model, true, false);
    one = protect(a, t.model, true, false);
    assert_true(one.cost == two.cost);
}

static bool never(void *with)
{
    (void)with;
    return false;
}

static void no_time_hides_everything(void **state)
{
    struct arena *a = *state;
    struct flat t = flat_new(a, 2, 2, (double[]){1, 2, 3, 4});
    struct secrecy_pattern p;
    flat_sensitive(&t, 0, 0, 1, 1);
    assert_ok(secrecy_protect(a, t.model,
                              (struct secrecy_options){.rules = firms, .tries = 3, .go_on = never}, &p));
    hides(t.model, p.hidden, "xxxxxxxxx");
    assert_false(p.minimal);
}

/* Somebody joined a commune: its cell and the total grew by the same, which is one secret, not two. */
static void a_difference_is_one_cell(void **state)
{
    struct arena *a = *state;
    struct secrecy_model *m = secrecy_model_new(a);
    const struct secrecy_member all[] = {{0, 0, false, 50}, {1, 1, false, 40}, {2, 2, false, 30},
                                         {3, 3, false, 60}, {4, 4, false, 50}, {5, 5, false, 20},
                                         {9, 9, false, 7}};
    const struct secrecy_member joined[] = {all[0], all[1], all[2], all[6]};
    const struct secrecy_set now[] = {{joined, 4, 127, false}, {all, 7, 257, false}, {all + 6, 1, 7, false}};
    const struct secrecy_set before[] = {
        {all, 3, 120, false}, {all, 6, 250, false}, {all, 6, 250, false}, {all, 6, 250, true}};
    for (size_t i = 0; i < 2; i++)
        (void)secrecy_add_cell(m, secrecy_plain_cell(now[i].value));
    secrecy_add_differences(m, &firms, now, 2, before, COUNT(before));
    assert_int_equal(m->count, 3);
    assert_true(m->cells[2].sensitive && m->cells[2].unshown && m->cells[2].value == 7);
    assert_int_equal(m->equation_count, 2);
    m = secrecy_model_new(a);
    for (size_t i = 0; i < 3; i++)
        (void)secrecy_add_cell(m, secrecy_plain_cell(now[i].value));
    m->cells[2].sensitive = true;
    secrecy_add_differences(m, &firms, now, 3, before, COUNT(before));
    assert_int_equal(m->count, 3); /* who joined is a cell of the table itself */
    assert_int_equal(m->equation_count, 2);
}

static void cells_without_a_sum_are_a_table_too(void **state)
{
    struct arena *a = *state;
    struct secrecy_model *m = secrecy_model_new(a);
    struct secrecy_pattern p = protect(a, m, true, true);
    assert_int_equal(p.secondary, 0);
    (void)secrecy_add_cell(m, secrecy_plain_cell(12));
    m->cells[secrecy_add_cell(m, secrecy_plain_cell(7))].sensitive = true;
    p = protect(a, m, true, true);
    hides(m, p.hidden, ".x");
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
        CASE(four_cells_of_two_communes),
        CASE(a_vignette_of_rtauargus),
        CASE(counties_of_sdctable),
        CASE(linked_tables_hide_one_more),
        CASE(two_singletons_need_a_third_cell),
        CASE(a_difference_is_a_secret),
        CASE(nothing_is_found_and_nothing_hidden_in_vain),
        CASE(little_more_is_hidden_than_must_be),
        CASE(a_seed_gives_the_same_pattern),
        CASE(no_time_hides_everything),
        CASE(a_difference_is_one_cell),
        CASE(cells_without_a_sum_are_a_table_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
