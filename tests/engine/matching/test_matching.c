/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "engine/engine_test.h"
#include "matching/explain.h"
#include "matching/matching.h"
#include "random/random.h"

enum { FIRMS = 60, CAPABILITIES = 110, NEEDS = 40, MOST = 200 };

static const struct lexicon *lexicon;
static struct arena *kept;

static int load(void **state)
{
    (void)state;
    kept = arena_new(LIMIT_COMMAND_MEMORY);
    lexicon = builtin_lexicon(kept);
    return 0;
}

static int unload(void **state)
{
    (void)state;
    arena_free(kept);
    return 0;
}

/* A random cluster: some fields known, some not, some firms with several capabilities. */
struct world {
    struct match_firm firms[FIRMS];
    struct match_capability capabilities[CAPABILITIES];
    const struct matcher *matcher;
};

static int random_term(struct random *r, enum facet facet)
{
    const struct term_tree *t = lexicon_taxonomy(lexicon);
    for (;;) {
        int term = (int)random_below(r, (uint64_t)t->count);
        if (t->terms[term].facet == facet)
            return term;
    }
}

static int64_t maybe(struct random *r, int64_t low, int64_t high)
{
    return random_below(r, 3) ? low + (int64_t)random_below(r, (uint64_t)(high - low)) : UNKNOWN_INTEGER;
}

static const char *random_text(struct random *r, struct arena *a)
{
    const struct term_tree *t = lexicon_taxonomy(lexicon);
    struct slice p = t->terms[random_term(r, FACET_PROCESS)].fr,
                 m = t->terms[random_term(r, FACET_MATERIAL)].fr,
                 c = t->terms[random_term(r, FACET_COMPONENT)].en;
    return arena_print(a, "%.*s, %.*s. %.*s", SLICE_ARGS(p), SLICE_ARGS(m), SLICE_ARGS(c));
}

static void fill_world(struct arena *a, struct random *r, struct world *w)
{
    for (int i = 0; i < FIRMS; i++) {
        int *held = NEW(a, int, 2);
        held[0] = term_of(lexicon, "iso-9001");
        held[1] = term_of(lexicon, "iso-13485");
        w->firms[i] = (struct match_firm){.id = slice_of(arena_print(a, "F%03d", i)),
                                          .held = held,
                                          .held_count = (int)random_below(r, 3),
                                          .certificates_complete = random_below(r, 2),
                                          .point = {46 + random_unit(r), 6 + random_unit(r)}};
        if (!random_below(r, 4))
            w->firms[i].point = (struct geo_point){UNKNOWN_REAL, UNKNOWN_REAL};
    }
    for (int i = 0; i < CAPABILITIES; i++) {
        struct match_capability *c = &w->capabilities[i];
        *c = match_capability_empty(i < FIRMS ? i : (int)random_below(r, FIRMS));
        c->text = slice_of(random_text(r, a));
        c->size_min = maybe(r, 1, 5000000);
        c->size_max = maybe(r, 5000000, 300000000);
        c->tolerance = maybe(r, 500, 100000);
        c->volume_max = maybe(r, 100, 100000);
    }
}

static void make_world(struct arena *a, uint64_t seed, struct world *w)
{
    struct random r = random_seeded(seed, 0);
    fill_world(a, &r, w);
    assert_ok(matcher_new(a, lexicon, NULL, w->firms, FIRMS, w->capabilities, CAPABILITIES, &w->matcher));
}

static struct match_need random_need(struct arena *a, struct random *r)
{
    struct match_need n = match_need_empty();
    int *terms = NEW(a, int, 2);
    n.text = slice_of(random_text(r, a));
    terms[0] = random_term(r, FACET_PROCESS);
    terms[1] = random_term(r, FACET_MATERIAL);
    n.terms = terms;
    n.term_count = 2;
    n.size_min = n.size_max = maybe(r, 100000, 50000000);
    n.tolerance = maybe(r, 1000, 100000);
    n.volume = maybe(r, 10, 50000);
    n.point = (struct geo_point){46.5, 6.5};
    n.max_km = 20 + (double)random_below(r, 100);
    return n;
}

/* Scores of every firm, NaN when it is out. */
static void score_all(struct arena *a, const struct world *w, const struct match_need *n, double *low,
                      double *high)
{
    struct match_answer answer;
    struct match_options options = {.most = MOST};
    assert_ok(match_run(w->matcher, a, n, TEST_DAY, &options, &answer));
    for (int i = 0; i < FIRMS; i++)
        low[i] = high[i] = NAN;
    for (int i = 0; i < answer.count; i++) {
        low[answer.list[i].firm] = answer.list[i].score_low;
        high[answer.list[i].firm] = answer.list[i].score_high;
    }
}

/* Being out is lower than any score. */
static void assert_nowhere_higher(const double *before, const double *after)
{
    for (int i = 0; i < FIRMS; i++) {
        assert_false(isnan(before[i]) && !isnan(after[i]));
        assert_false(after[i] >
                     before[i] + 1e-12); /* the last bit: another capability, another order of the sum */
    }
}

static void contributions_sum_to_the_last_bit(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        ARENA_SCOPE(a);
        struct world w;
        struct random r = random_seeded(seed, 1);
        make_world(a, seed, &w);
        for (int k = 0; k < NEEDS; k++) {
            struct match_need n = random_need(a, &r);
            struct match_answer answer;
            struct match_options options = {.most = MOST};
            assert_ok(match_run(w.matcher, a, &n, TEST_DAY, &options, &answer));
            for (int i = 0; i < answer.count; i++) {
                double low = 0, high = 0, weight = 0;
                for (int c = 0; c < CRITERIA; c++) {
                    const struct contribution *x = &answer.list[i].contributions[c];
                    assert_true(x->low >= 0 && x->low <= 1 && x->high >= 0 && x->high <= 1);
                    low += x->weight * x->low;
                    high += x->weight * x->high;
                    weight += x->weight;
                }
                assert_true(low == answer.list[i].score_low && high == answer.list[i].score_high);
                assert_near(weight, 1, 1e-12);
                assert_true(answer.list[i].score_low <= answer.list[i].score_high + 1e-15);
                assert_true(i == 0 || answer.list[i - 1].score_low >= answer.list[i].score_low);
            }
        }
    }
}

static void asking_more_never_raises_a_score(void **state)
{
    (void)state;
    int certificate[] = {term_of(lexicon, "iso-13485")};
    for (uint64_t seed = 1; seed <= 3; seed++) {
        ARENA_SCOPE(a);
        struct world w;
        struct random r = random_seeded(seed, 2);
        make_world(a, seed, &w);
        for (int k = 0; k < NEEDS; k++) {
            double low[FIRMS], high[FIRMS], low_then[FIRMS], high_then[FIRMS];
            struct match_need n = random_need(a, &r), tighter = n, certified = n, nearer = n, smaller = n;
            score_all(a, &w, &n, low, high);
            tighter.tolerance = known_integer(n.tolerance) ? n.tolerance / 2 : 5000;
            certified.required = certificate;
            certified.required_count = 1;
            nearer.max_km = n.max_km * 0.7;
            smaller.volume = known_integer(n.volume) ? n.volume * 3 : 5000;
            const struct match_need *harder[] = {&tighter, &certified, &nearer, &smaller};
            for (size_t h = 0; h < COUNT(harder); h++) {
                score_all(a, &w, harder[h], low_then, high_then);
                assert_nowhere_higher(low, low_then);
                assert_nowhere_higher(high, high_then);
            }
        }
    }
}

static int rank_of(struct arena *a, const struct world *w, struct match_need *n, int *order)
{
    struct reading *reading;
    struct match_answer answer;
    struct match_options options = {.most = MOST};
    assert_ok(match_read_need(a, lexicon, stemming_new(a), TEST_DAY, NULL, n, &reading));
    assert_ok(match_run(w->matcher, a, n, TEST_DAY, &options, &answer));
    for (int i = 0; i < answer.count; i++)
        order[i] = answer.list[i].firm;
    return answer.count;
}

static void wording_that_says_the_same_leaves_the_ranking(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct world w;
    make_world(a, 7, &w);
    static const char *const pairs[][2] = {
        {"décolletage d'un axe en laiton, 0,8 mm ± 0,002 mm",
         "decolletage d'un axe en laiton, 800 µm ± 2 µm"},
        {"polissage d'implants en titane", "POLISSAGES d'implant en titanes"},
        {"boîtes de montre en acier, 2 000 pièces par mois",
         "boite de montres en acier, 2000 pieces par mois"},
        {"ressort en inox, 12 mm", "ressorts en inox, 1,2 cm"}};
    for (size_t i = 0; i < COUNT(pairs); i++) {
        int one[FIRMS], other[FIRMS];
        struct match_need n = match_need_empty(), m = match_need_empty();
        n.text = slice_of(pairs[i][0]);
        m.text = slice_of(pairs[i][1]);
        print_message("# %s\n", pairs[i][1]);
        int count = rank_of(a, &w, &n, one);
        assert_int_equal(rank_of(a, &w, &m, other), count);
        assert_memory_equal(one, other, (size_t)count * sizeof *one);
    }
}

static void the_order_of_the_firms_changes_nothing(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct world w, shuffled;
    int place[FIRMS];
    make_world(a, 11, &w);
    shuffled = w;
    for (int i = 0; i < FIRMS; i++) {
        place[i] = (i * 7 + 3) % FIRMS;
        shuffled.firms[place[i]] = w.firms[i];
    }
    for (int i = 0; i < CAPABILITIES; i++) {
        shuffled.capabilities[CAPABILITIES - 1 - i] = w.capabilities[i];
        shuffled.capabilities[CAPABILITIES - 1 - i].firm = place[w.capabilities[i].firm];
    }
    assert_ok(matcher_new(a, lexicon, NULL, shuffled.firms, FIRMS, shuffled.capabilities, CAPABILITIES,
                          &shuffled.matcher));
    struct random r = random_seeded(11, 3);
    for (int k = 0; k < NEEDS; k++) {
        double low[FIRMS], high[FIRMS], low_then[FIRMS], high_then[FIRMS];
        struct match_need n = random_need(a, &r);
        score_all(a, &w, &n, low, high);
        score_all(a, &shuffled, &n, low_then, high_then);
        for (int i = 0; i < FIRMS; i++) {
            assert_int_equal(isnan(low[i]), isnan(low_then[place[i]]));
            if (!isnan(low[i]))
                assert_near(low[i], low_then[place[i]], 1e-9);
        }
    }
}

static void wrong_needs_are_refused_whole(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct world w;
    make_world(a, 5, &w);
    struct match_need good = match_need_empty();
    good.text = S("polissage");
    struct match_need cases[12];
    for (size_t i = 0; i < COUNT(cases); i++)
        cases[i] = good;
    static const int nowhere[] = {-1}, far_away[] = {1 << 20};
    cases[0].text = S("");
    cases[1].size_min = 5, cases[1].size_max = 3;
    cases[2].tolerance = -1;
    cases[3].volume = 0;
    cases[4].max_km = 0;
    cases[5].max_km = INFINITY;
    cases[6].deadline = TEST_DAY - 1;
    cases[7].terms = nowhere, cases[7].term_count = 1;
    cases[8].required = far_away, cases[8].required_count = 1;
    cases[9].excluded = far_away, cases[9].excluded_count = 1;
    cases[10].point = (struct geo_point){91, 6};
    cases[11].text = S("caf\xE9");
    struct match_options options = {.most = 5};
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct match_answer answer;
        print_message("# case %zu\n", i);
        assert_fault(match_run(w.matcher, a, &cases[i], TEST_DAY, &options, &answer), FAULT_INVALID);
    }
    struct match_weights zero = {{0}}, negative = match_default_weights;
    negative.of[CRITERION_TEXT] = -1;
    const struct match_weights *wrong[] = {&zero, &negative};
    for (size_t i = 0; i < COUNT(wrong); i++) {
        struct match_answer answer;
        options.weights = wrong[i];
        assert_fault(match_run(w.matcher, a, &good, TEST_DAY, &options, &answer), FAULT_INVALID);
    }
}

static void wrong_firms_are_refused(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct match_firm firm = {.id = S("F1"), .point = {UNKNOWN_REAL, UNKNOWN_REAL}};
    struct match_capability cases[4];
    for (size_t i = 0; i < COUNT(cases); i++)
        cases[i] = match_capability_empty(0);
    cases[0].firm = 3;
    cases[1].size_min = 10, cases[1].size_max = 2;
    cases[2].tolerance = -2;
    cases[3].text = S("\xFF");
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct matcher *m;
        assert_fault(matcher_new(a, lexicon, NULL, &firm, 1, &cases[i], 1, &m), FAULT_INVALID);
    }
}

/* Three firms, so that each gate is seen to close on the one it should. */
static void gates_close_on_what_is_known(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    int held[] = {term_of(lexicon, "iso-13485")}, none[] = {0};
    struct match_firm firms[] = {
        {.id = S("A"), .held = held, .held_count = 1, .point = {47.06, 6.6}},
        {.id = S("B"), .held = none, .held_count = 0, .certificates_complete = true, .point = {47.06, 6.7}},
        {.id = S("C"), .point = {UNKNOWN_REAL, UNKNOWN_REAL}}};
    struct match_capability capabilities[3];
    for (int i = 0; i < 3; i++) {
        capabilities[i] = match_capability_empty(i);
        capabilities[i].text = S("décolletage titane");
        capabilities[i].size_max = 12000000;
        capabilities[i].tolerance = 2000;
    }
    const struct matcher *m;
    assert_ok(matcher_new(a, lexicon, NULL, firms, 3, capabilities, 3, &m));
    struct match_need n = match_need_empty();
    n.text = S("décolletage titane");
    n.required = held;
    n.required_count = 1;
    n.point = firms[0].point;
    n.max_km = 5;
    struct match_options options = {.most = 5};
    struct match_answer answer;
    assert_ok(match_run(m, a, &n, TEST_DAY, &options, &answer));
    assert_int_equal(answer.count, 2); /* B is out twice; C is unknown, not no */
    assert_int_equal(answer.list[0].firm, 0);
    assert_int_equal(answer.list[1].firm, 2);
    assert_true(answer.list[1].score_low < answer.list[1].score_high);
    n.size_min = n.size_max = 40000000;
    assert_ok(match_run(m, a, &n, TEST_DAY, &options, &answer));
    assert_int_equal(answer.count, 0);
    assert_int_equal(answer.nearest_count, 3);
    assert_true(answer.nearest[0].gates & GATE_SIZE);
}

/* `m` and `need` may be NULL: they are for who explains the answer. */
static struct match_answer answer_and_keep(struct arena *a, const char *const *texts, int count,
                                           const char *text, const struct reading_places *places,
                                           const struct matcher **matcher, struct match_need *need)
{
    struct match_firm *firms = NEW(a, struct match_firm, count);
    struct match_capability *capabilities = NEW(a, struct match_capability, count);
    for (int i = 0; i < count; i++) {
        firms[i] = (struct match_firm){.id = slice_of(texts[i]), .point = {UNKNOWN_REAL, UNKNOWN_REAL}};
        capabilities[i] = match_capability_empty(i);
        capabilities[i].text = slice_of(texts[i]);
    }
    const struct matcher *m;
    struct match_need n = match_need_empty();
    struct match_options options = {.most = 5};
    struct match_answer answer;
    struct reading *read;
    n.text = slice_of(text);
    assert_ok(match_read_need(a, lexicon, stemming_new(a), TEST_DAY, places, &n, &read));
    assert_ok(matcher_new(a, lexicon, places, firms, count, capabilities, count, &m));
    assert_ok(match_run(m, a, &n, TEST_DAY, &options, &answer));
    if (matcher)
        *matcher = m;
    if (need)
        *need = n;
    return answer;
}

static struct match_answer answer_from_texts(struct arena *a, const char *const *texts, int count,
                                             const char *text, const struct reading_places *places)
{
    return answer_and_keep(a, texts, count, text, places, NULL, NULL);
}

static bool find_place(void *context, struct slice name, struct geo_point *out)
{
    (void)context;
    bool lyon = slice_equal(name, S("Lyon"));
    *out = lyon ? (struct geo_point){45.76, 4.84} : (struct geo_point){47.06, 6.6};
    return lyon || slice_equal(name, S("Morteau"));
}

/* What a firm says of itself in plain words closes the same gates as fields do. */
static void texts_say_what_is_refused(void **state)
{
    (void)state;
    static const struct reading_places places = {find_place, NULL};
    static const struct {
        const char *firm, *need;
        unsigned gate;
    } cases[] = {
        {"Emboutissage de capsules. Lot minimum 50 000.", "300 capsules embouties", GATE_VOLUME},
        {"Bracelets en cuir. Nous ne travaillons pas l'alligator.", "bracelets en alligator", GATE_REFUSED},
        {"Pose de composants CMS. Ni EN 9100 ni ISO 13485.", "pose de composants CMS, ISO 13485 exigé",
         GATE_CERTIFICATION},
        {"Membranes silicone. Pas de salle blanche.", "membranes silicone, salle ISO 7 exigée", GATE_REFUSED},
        {"Ressorts en fil de 0,05 à 2 mm.", "ressorts en fil de 8 mm", GATE_SIZE},
        {"Taillage d'engrenages module 0,04 à 0,4.", "engrenage module 5", GATE_SIZE},
        {"Étampage de maillons, 150 g au plus.", "maillons étampés de 2 kg pièce", GATE_SIZE},
        {"Dépannage de tours. Pas à plus de 60 km de Morteau.", "dépannage d'un tour près de Lyon",
         GATE_DISTANCE},
        {"Dépannage de tours à moins de 80 km de Morteau.", "dépannage d'un tour près de Lyon",
         GATE_DISTANCE},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        ARENA_SCOPE(a);
        print_message("# %s\n", cases[i].firm);
        struct match_answer answer = answer_from_texts(a, &cases[i].firm, 1, cases[i].need, &places);
        assert_int_equal(answer.count, 0);
        assert_int_equal(answer.nearest_count, 1);
        assert_true(answer.nearest[0].gates & cases[i].gate);
        assert_false(answer.trade_missing);
    }
}

/* "à 10 km de la frontière" says where a firm is, not how far it goes. */
static void an_address_is_no_reach(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    static const struct reading_places places = {find_place, NULL};
    static const char *const texts[] = {"Dépannage de tours. Atelier à 10 km de Morteau."};
    struct match_answer answer = answer_from_texts(a, texts, 1, "dépannage d'un tour près de Lyon", &places);
    assert_int_equal(answer.count, 1);
}

/* No word in common: found by what both are about. */
static void a_firm_is_found_by_what_the_customer_wants_to_happen(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    static const char *const texts[] = {"Galvanoplastie, dorage, rhodiage.", "Menuiserie et charpente.",
                                        "Soudage laser de micro-pièces.", "Formation CAP en alternance."};
    struct match_answer answer =
        answer_from_texts(a, texts, COUNT(texts), "rendre dorée la surface de mes bijoux", NULL);
    assert_true(answer.count > 0);
    assert_int_equal(answer.list[0].firm, 0);
}

static void a_trade_that_nobody_has_is_said(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    static const char *const texts[] = {"Galvanoplastie, dorage, rhodiage.", "Décolletage de laiton."};
    struct match_answer answer = answer_from_texts(a, texts, 2, "traiteur pour le repas de Noël", NULL);
    assert_int_equal(answer.count, 0);
    assert_true(answer.trade_missing);
}

/* What is said of the nearest: something is lacking, nobody comes first, and no word is said to answer. */
static void the_nearest_are_told_by_what_they_lack(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    static const char *const texts[] = {"Galvanoplastie, dorage, rhodiage.", "Maison Zorglub."};
    const struct matcher *m = NULL;
    struct match_need n;
    struct match_answer answer = answer_and_keep(a, texts, 2, "un zorglub", NULL, &m, &n);
    assert_int_equal(answer.count, 0);
    assert_int_equal(answer.nearest_count, 2);
    for (int i = 0; i < 2; i++) {
        struct match_explained said;
        match_explain(m, a, &n, &answer.nearest[i], RANK_NEAREST, LANGUAGE_FR, &said);
        assert_true(said.gap_count > 0);
        assert_null(strstr(said.sentence, "arrive en tête"));
        assert_null(strstr(said.sentence, "répondent aux vôtres"));
    }
}

static void one_firm_answers_with_itself(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct match_firm firm = {.id = S("F1"), .name = S("Dupont"), .point = {UNKNOWN_REAL, UNKNOWN_REAL}};
    struct match_capability c = match_capability_empty(0);
    c.text = S("Polissage de boîtes de montre");
    const struct matcher *m;
    assert_ok(matcher_new(a, lexicon, NULL, &firm, 1, &c, 1, &m));
    struct match_need n = match_need_empty();
    n.text = S("polissage");
    struct match_options options = {.most = 5};
    struct match_answer answer;
    assert_ok(match_run(m, a, &n, TEST_DAY, &options, &answer));
    assert_int_equal(answer.count, 1);
    struct match_explained fr, en;
    match_explain(m, a, &n, &answer.list[0], 0, LANGUAGE_FR, &fr);
    match_explain(m, a, &n, &answer.list[0], 0, LANGUAGE_EN, &en);
    assert_non_null(strstr(fr.sentence, "Dupont arrive en tête"));
    assert_non_null(strstr(en.sentence, "Dupont comes first"));
    assert_ok(matcher_new(a, lexicon, NULL, NULL, 0, NULL, 0, &m));
    assert_ok(match_run(m, a, &n, TEST_DAY, &options, &answer));
    assert_int_equal(answer.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(contributions_sum_to_the_last_bit),
        cmocka_unit_test(asking_more_never_raises_a_score),
        cmocka_unit_test(wording_that_says_the_same_leaves_the_ranking),
        cmocka_unit_test(the_order_of_the_firms_changes_nothing),
        cmocka_unit_test(wrong_needs_are_refused_whole),
        cmocka_unit_test(wrong_firms_are_refused),
        cmocka_unit_test(gates_close_on_what_is_known),
        cmocka_unit_test(texts_say_what_is_refused),
        cmocka_unit_test(an_address_is_no_reach),
        cmocka_unit_test(a_firm_is_found_by_what_the_customer_wants_to_happen),
        cmocka_unit_test(a_trade_that_nobody_has_is_said),
        cmocka_unit_test(the_nearest_are_told_by_what_they_lack),
        cmocka_unit_test(one_firm_answers_with_itself),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
