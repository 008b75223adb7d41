/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a need's text says, what a person makes of it, and what is still to be looked at. */
#include "test.h"

#include <string.h>

#include "app/scene.h"
#include "clock/clock.h"
#include "i18n/i18n.h"
#include "needs/needs.h"

static int set_up(void **state)
{
    if (scene_open(state) != 0)
        return -1;
    struct scene *s = *state;
    int64_t steel = scene_organisation(s, "Acier Vuillet", NULL);
    (void)scene_capability(s, steel, "Décolletage d'acier", "bar-turning", "ferrous", NULL);
    return 0;
}

static struct need typed(struct scene *s, const char *text)
{
    struct need need;
    record_clear(&need_type, &need);
    need.text = text;
    need.visibility = "confidential";
    need.state = "draft";
    assert_ok(needs_fill(scene_program(s), &need));
    return need;
}

static struct need_reading read_back(struct scene *s, const struct need *need)
{
    struct need_reading reading;
    assert_ok(needs_read(scene_program(s), need, &reading));
    return reading;
}

static size_t remarks(const struct need_reading *r)
{
    size_t found = 0;
    for (size_t i = 0; i < r->chip_count; i++)
        found += r->chips[i].state == CHIP_PROBLEM;
    return found;
}

static size_t remarks_of(struct scene *s, const struct need *need)
{
    const struct need_reading r = read_back(s, need);
    return remarks(&r);
}

/* What a person has corrected is no longer to be looked at; what they have not is. */
static void a_correction_answers_the_remark_about_it(void **state)
{
    struct scene *s = *state;
    static const struct {
        const char *text, *key, *right, *other, *other_value;
    } cases[] = {
        {"décolletage, avant mars 2031, livré avant juin 2031", "deadline", "2031-06-30", "max_km", "30"},
        {"décolletage, avant le 3 mars 2020", "deadline", "2031-03-03", "max_km", "30"},
        {"décolletage à 20 km, pas plus de 50 km", "max_km", "50", "deadline", "2031-06-30"},
        {"décolletage, tolérance 0 µm", "tolerance", "2 µm", "max_km", "30"},
        {"décolletage, 0 pièces par mois", "volume", "300", "quantity", "40"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        print_message("# %s\n", cases[i].text);
        struct need need = typed(s, cases[i].text);
        assert_int_equal(remarks_of(s, &need), 1);
        assert_ok(needs_correct(scene_program(s), &need, cases[i].other, cases[i].other_value, 0, false));
        assert_int_equal(remarks_of(s, &need), 1);
        assert_ok(needs_correct(scene_program(s), &need, cases[i].key, cases[i].right, 0, false));
        assert_int_equal(remarks_of(s, &need), 0);
    }
}

/* To take a date away answers which of two is meant; it does not make a past one possible. */
static void a_value_taken_away_leaves_what_it_did_not_answer(void **state)
{
    struct scene *s = *state;
    struct need two = typed(s, "décolletage, avant mars 2031, livré avant juin 2031");
    assert_ok(needs_correct(scene_program(s), &two, "deadline", "", 0, true));
    assert_int_equal(remarks_of(s, &two), 0);
    struct need past = typed(s, "décolletage, avant le 3 mars 2020");
    assert_ok(needs_correct(scene_program(s), &past, "deadline", "", 0, true));
    assert_int_equal(remarks_of(s, &past), 1);
    assert_ok(needs_correct(scene_program(s), &past, "deadline", "2020-05-05", 0, false));
    assert_int_equal(remarks_of(s, &past), 1);
}

static const struct chip *chip_of(const struct need_reading *r, const char *value)
{
    for (size_t i = 0; i < r->chip_count; i++)
        if (strcmp(r->chips[i].value, value) == 0)
            return &r->chips[i];
    return NULL;
}

static bool is_marked(const struct need_reading *r, const char *words)
{
    for (size_t i = 0; i < r->piece_count; i++)
        if (r->pieces[i].marked && strcmp(r->pieces[i].text, words) == 0)
            return true;
    return false;
}

static void what_is_not_wanted_is_a_chip_like_others(void **state)
{
    struct scene *s = *state;
    language_set(LANGUAGE_FR);
    struct need need =
        typed(s, "décolletage en acier, surtout pas de titane, sans nickelage, ISO 9001 non exigée");
    struct need_reading r = read_back(s, &need);
    const struct chip *chip = chip_of(&r, "sans titane");
    assert_non_null(chip);
    assert_string_equal(chip->key, "unwanted");
    assert_string_equal(chip->typed, "titane");
    assert_string_equal(chip->quote, "titane");
    assert_non_null(chip_of(&r, "sans nickelage"));
    assert_null(chip_of(&r, "titane"));        /* not asked for as well */
    assert_null(chip_of(&r, "sans ISO 9001")); /* to do without is no refusal */
    assert_true(is_marked(&r, "titane"));
    assert_false(is_marked(&r, "ISO 9001"));

    assert_ok(needs_correct(scene_program(s), &need, "unwanted", "", chip->term, true));
    r = read_back(s, &need);
    assert_null(chip_of(&r, "sans titane"));
    assert_false(is_marked(&r, "titane"));
    assert_non_null(chip_of(&r, "sans nickelage"));
    assert_ok(needs_correct(scene_program(s), &need, "unwanted", "Polissage", 0, false));
    r = read_back(s, &need);
    assert_non_null(chip_of(&r, "sans polissage"));
    assert_fault(needs_correct(scene_program(s), &need, "unwanted", "ISO 9001", 0, false), FAULT_INVALID);
    language_set(LANGUAGE_EN);
}

static bool answers(struct scene *s, const struct need *need, const char *name)
{
    struct need_matches m;
    assert_ok(needs_match(scene_program(s), need, NULL, 0, LIMIT_MATCHES, &m));
    for (size_t i = 0; i < m.count; i++)
        if (strcmp(m.at[i].entry->organisation.name, name) == 0)
            return true;
    return false;
}

/* Who works titanium and steel may do it in steel; who is known for titanium alone may not. */
static void who_does_only_what_is_not_wanted_is_no_answer(void **state)
{
    struct scene *s = *state;
    int64_t both = scene_organisation(s, "Deux Métaux", NULL),
            one = scene_organisation(s, "Tout Titane", NULL);
    int64_t unknown = scene_organisation(s, "Matière Inconnue", NULL);
    (void)scene_capability(s, both, "Décolletage", "bar-turning", "titanium-5 316l", NULL);
    (void)scene_capability(s, one, "Décolletage", "bar-turning", "titanium-5", NULL);
    (void)scene_capability(s, unknown, "Décolletage", "bar-turning", "", NULL);
    struct need need = typed(s, "décolletage, surtout pas de titane");
    assert_true(answers(s, &need, "Deux Métaux"));
    assert_true(answers(s, &need, "Matière Inconnue"));
    assert_false(answers(s, &need, "Tout Titane"));
    assert_ok(needs_correct(scene_program(s), &need, "unwanted", "", need.unwanted.ids[0], true));
    assert_true(answers(s, &need, "Tout Titane"));
}

static void offer(struct scene *s, int64_t organisation, const char *title, const char *process,
                  const char *level, int64_t until)
{
    struct offer o;
    record_clear(&offer_type, &o);
    o.organisation = organisation;
    o.title = title;
    o.kind = "capacity";
    o.visibility = level;
    o.until = until;
    int64_t term = scene_term(s, process);
    o.processes = (struct term_list){&term, 1};
    struct door *d = scene_program(s);
    assert_ok(door_save(d, offer, &o, ALL_FIELDS));
}

static struct need_matches matched(struct scene *s, const struct need *need, int64_t person)
{
    struct need_matches m;
    assert_ok(needs_match(scene_door(s, person), need, NULL, 0, LIMIT_MATCHES, &m));
    return m;
}

static void offers_that_fit_and_are_open_to_the_reader_stand_beside_the_order(void **state)
{
    struct scene *s = *state;
    int64_t able = scene_organisation(s, "Tours Libres", NULL), other = scene_organisation(s, "Rivale", NULL);
    (void)scene_capability(s, able, "Décolletage de laiton", "bar-turning", "brass", NULL);
    int64_t rival = scene_person(s, "Rita", "member", other), own = scene_person(s, "Tom", "member", able);
    struct need need = typed(s, "décolletage de laiton");
    need.organisation = other;
    struct need_matches before = matched(s, &need, rival);
    assert_int_equal(before.offer_count, 0);
    offer(s, able, "Deux tours libres", "bar-turning", "space", today());
    offer(s, able, "Passée", "bar-turning", "space", today() - 1);
    offer(s, able, "Autre métier", "polishing", "space", UNKNOWN_INTEGER);
    offer(s, able, "Confiée", "bar-turning", "confidential", UNKNOWN_INTEGER);
    offer(s, other, "Sa propre offre", "bar-turning", "space", UNKNOWN_INTEGER);
    struct need_matches after = matched(s, &need, rival);
    assert_int_equal(after.offer_count, 1);
    assert_string_equal(after.offers[0].title, "Deux tours libres");
    assert_string_equal(after.offers[0].name, "Tours Libres");
    assert_string_equal(after.offers[0].why, "bar turning");
    assert_int_equal(after.count, before.count);
    for (size_t i = 0; i < after.count; i++) {
        assert_string_equal(after.at[i].entry->organisation.name, before.at[i].entry->organisation.name);
        assert_true(after.at[i].low == before.at[i].low && after.at[i].high == before.at[i].high);
        if (after.at[i].entry->organisation.id == able) {
            assert_int_equal(after.offers[0].rank, i + 1);
            assert_string_equal(after.at[i].remarks[0], "It offers: Deux tours libres.");
        }
    }
    assert_int_equal(matched(s, &need, own).offer_count, 2); /* and their own confidential one */
    for (int i = 0; i < 5; i++)
        offer(s, able, "Encore deux tours", "bar-turning", "space", UNKNOWN_INTEGER);
    after = matched(s, &need, rival);
    assert_int_equal(after.offer_count, 3); /* of one firm, the newest */
    assert_string_equal(after.offers[2].title, "Encore deux tours");
}

static void who_offers_sees_the_open_needs_that_they_may_see(void **state)
{
    struct scene *s = *state;
    int64_t able = scene_organisation(s, "Tours Offerts", NULL),
            asker = scene_organisation(s, "Demandeuse", NULL);
    int64_t own = scene_person(s, "Tina", "member", able),
            animator = scene_person(s, "Anne", "facilitator", 0);
    static const char *const cases[][3] = {{"Ouvert", "open", "space"},
                                           {"Brouillon", "draft", "space"},
                                           {"Confidentiel", "open", "confidential"}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct need need = typed(s, "décolletage d'axes");
        need.organisation = asker;
        need.title = cases[i][0];
        need.state = cases[i][1];
        need.visibility = cases[i][2];
        assert_ok(door_save(scene_program(s), need, &need, ALL_FIELDS));
    }
    int64_t term = scene_term(s, "bar-turning");
    struct offer o;
    record_clear(&offer_type, &o);
    o.organisation = able;
    o.processes = (struct term_list){&term, 1};
    struct offer_need *needs = NULL;
    size_t count = 0;
    assert_ok(needs_met_by(scene_door(s, own), &o, &needs, &count));
    assert_int_equal(count, 1);
    assert_string_equal(needs[0].title, "Ouvert");
    assert_ok(needs_met_by(scene_door(s, animator), &o, &needs, &count));
    assert_int_equal(count, 2);
    o.until = today() - 1;
    assert_ok(needs_met_by(scene_door(s, animator), &o, &needs, &count));
    assert_int_equal(count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_correction_answers_the_remark_about_it),
        cmocka_unit_test(a_value_taken_away_leaves_what_it_did_not_answer),
        cmocka_unit_test(what_is_not_wanted_is_a_chip_like_others),
        cmocka_unit_test(who_does_only_what_is_not_wanted_is_no_answer),
        cmocka_unit_test(offers_that_fit_and_are_open_to_the_reader_stand_beside_the_order),
        cmocka_unit_test(who_offers_sees_the_open_needs_that_they_may_see),
    };
    return cmocka_run_group_tests(tests, set_up, scene_close);
}
