/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "blind/blind.h"
#include "random/random.h"
#include "test.h"

enum { LEAST = 5, NEVER = BLIND_NOTHING + 1 };

static int place_of(const struct blind_firm *f, int rung)
{
    return blind_rungs[rung].place == BLIND_NEAR  ? f->near
           : blind_rungs[rung].place == BLIND_FAR ? f->far
                                                  : 0;
}

/* By the definition: those whose own card, of the same words, would be this very card. */
static size_t same_card(struct arena *a, const struct blind_firm *firms, size_t count, size_t author,
                        int rung)
{
    size_t same = 0;
    for (size_t i = 0; i < count; i++) {
        struct blind_choice own = blind_choose(a, firms, count, i, LEAST);
        same += own.rung == rung && place_of(&firms[i], rung) == place_of(&firms[author], rung) &&
                firms[i].fits <= blind_rungs[rung].words;
    }
    return same;
}

static void fill(struct blind_firm *firms, size_t count, struct random *random)
{
    for (size_t i = 0; i < count; i++) {
        int near = (int)random_below(random, 7) - 1;
        firms[i] = (struct blind_firm){near, near < 0 ? (int)random_below(random, 3) - 1 : near / 3,
                                       (int)random_below(random, NEVER + 1)};
    }
}

static void a_card_hides_its_author_among_those_whose_card_it_would_be_too(void **state)
{
    (void)state;
    struct random random = random_seeded(5, 1);
    int stopped[BLIND_RUNGS + 1] = {0};
    for (int round = 0; round < 300; round++) {
        ARENA_SCOPE(a);
        struct blind_firm firms[60];
        size_t count = 1 + random_below(&random, COUNT(firms));
        fill(firms, count, &random);
        for (size_t author = 0; author < count; author += 7) {
            struct blind_choice c = blind_choose(a, firms, count, author, LEAST);
            stopped[c.rung]++;
            if (c.rung == BLIND_RUNGS)
                assert_true(c.plausible < LEAST);
            else
                assert_true(c.plausible >= LEAST &&
                            c.plausible == same_card(a, firms, count, author, c.rung));
        }
    }
    for (int r = 0; r <= BLIND_RUNGS; r++) /* every rung came up */
        assert_true(stopped[r] > 0);
}

static void what_is_asked_by_few_is_said_in_broader_words(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct blind_firm firms[12];
    for (size_t i = 0; i < COUNT(firms); i++) /* two places of one department; four who do exactly that */
        firms[i] = (struct blind_firm){(int)i % 2, 0, i < 4 ? BLIND_EXACT : BLIND_BROADER};
    struct blind_choice c = blind_choose(a, firms, COUNT(firms), 0, LEAST);
    assert_int_equal(blind_rungs[c.rung].place, BLIND_FAR);
    assert_int_equal(blind_rungs[c.rung].words, BLIND_BROADER);
    assert_int_equal(c.plausible, 12);
    firms[4].fits = BLIND_EXACT;
    c = blind_choose(a, firms, COUNT(firms), 0, LEAST);
    assert_int_equal(blind_rungs[c.rung].words, BLIND_EXACT);
    assert_int_equal(c.plausible, 5);
    c = blind_choose(a, firms, COUNT(firms), 11, LEAST); /* of whom nobody would have thought */
    assert_int_equal(blind_rungs[c.rung].words, BLIND_EXACT);
    assert_int_equal(c.plausible, 5);
    firms[11].far = 1;
    c = blind_choose(a, firms, COUNT(firms), 11,
                     LEAST); /* who said its place is not counted where none is said */
    assert_int_equal(c.rung, BLIND_RUNGS);
    assert_int_equal(c.plausible, 1);
    c = blind_choose(a, firms, 4, 0, LEAST);
    assert_int_equal(c.rung, BLIND_RUNGS);
    assert_int_equal(c.plausible, 4);
}

static void numbers_become_bands(void **state)
{
    (void)state;
    static const struct {
        int64_t lo, hi;
        int coarse;
        int64_t band_lo, band_hi;
    } cases[] = {{31, 31, 0, 20, 50},
                 {31, 31, 1, 10, 100},
                 {800000, 800000, 0, 500000, 1000000},
                 {2000, 2000, 0, 2000, 5000},
                 {300, 300, 1, 100, 1000},
                 {1, 9, 0, 1, 10},
                 {0, 12, 0, 0, 20},
                 {INT64_MIN, 12, 0, INT64_MIN, 20},
                 {12, INT64_MIN, 0, 10, INT64_MIN},
                 {INT64_MAX, INT64_MAX, 0, INT64_C(5000000000000000000), INT64_MAX},
                 {1000, 1000, 1, 1000, 10000}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t lo = cases[i].lo, hi = cases[i].hi;
        blind_band(&lo, &hi, cases[i].coarse);
        print_message("# %lld to %lld\n", (long long)cases[i].lo, (long long)cases[i].hi);
        assert_int_equal(lo, cases[i].band_lo);
        assert_int_equal(hi, cases[i].band_hi);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_card_hides_its_author_among_those_whose_card_it_would_be_too),
        cmocka_unit_test(what_is_asked_by_few_is_said_in_broader_words),
        cmocka_unit_test(numbers_become_bands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
