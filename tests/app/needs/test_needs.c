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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_correction_answers_the_remark_about_it),
        cmocka_unit_test(a_value_taken_away_leaves_what_it_did_not_answer),
    };
    return cmocka_run_group_tests(tests, set_up, scene_close);
}
