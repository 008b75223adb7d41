/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the tables of introductions promise, held for every state, act and party. */
#include "introductions/introductions.h"
#include "test.h"

#include <string.h>

static const int parties[] = {PARTY_ASKER, PARTY_ANSWERER, PARTY_FACILITATOR};
enum { EVERYBODY = PARTY_SIDES | PARTY_FACILITATOR, LONGEST_DAYS = 1000 };

static bool any_step(enum introduction_state from, int by)
{
    for (size_t i = 0; i < introduction_step_count; i++)
        if (introduction_steps[i].from == from && (introduction_steps[i].by & by))
            return true;
    return false;
}

static void whatever_is_open_waits_on_somebody_who_can_act(void **state)
{
    (void)state;
    for (int s = 0; s < INTRODUCTION_STATES; s++) {
        const struct introduction_place *p = &introduction_places[s];
        print_message("# %s\n", introduction_states[s].code);
        assert_non_null(introduction_states[s].label);
        assert_int_equal(any_step((enum introduction_state)s, EVERYBODY), p->waits != 0);
        for (size_t i = 0; i < COUNT(parties); i++) {
            bool waited = (p->waits & parties[i]) != 0;
            assert_int_equal(p->task[i] != NULL, waited); /* and is told what to do */
            if (waited)
                assert_true(any_step((enum introduction_state)s, parties[i]));
        }
        if (p->waits)
            assert_true(p->patience > 0);
    }
}

static void facilitators_can_end_whatever_is_open_with_a_reason(void **state)
{
    (void)state;
    for (int s = 0; s < INTRODUCTION_STATES; s++) {
        enum introduction_act end = s == INTRODUCTION_DELIVERED ? INTRODUCTION_FINISH : INTRODUCTION_CLOSE;
        const struct introduction_step *step =
            introduction_step_find((enum introduction_state)s, end, PARTY_FACILITATOR);
        assert_int_equal(step != NULL, introduction_open((enum introduction_state)s));
        assert_true(!step || introduction_needs_reason(step->to));
        assert_null(introduction_step_find((enum introduction_state)s, INTRODUCTION_CLOSE, PARTY_SIDES));
    }
    for (size_t i = 0; i < introduction_step_count; i++) {
        const struct introduction_step *s = &introduction_steps[i];
        for (size_t k = 0; k < COUNT(parties) && introduction_needs_reason(s->to); k++)
            if (s->by & parties[k])
                assert_true(introduction_reason_fits("other", parties[k]));
    }
    assert_false(introduction_reason_fits("no_capacity", PARTY_ASKER | PARTY_FACILITATOR));
    assert_false(introduction_reason_fits("nonsense", EVERYBODY));
    assert_false(introduction_reason_fits(NULL, EVERYBODY));
}

static void each_act_has_one_meaning_in_each_state(void **state)
{
    (void)state;
    for (size_t i = 0; i < introduction_step_count; i++)
        for (size_t k = i + 1; k < introduction_step_count; k++) {
            const struct introduction_step *a = &introduction_steps[i], *b = &introduction_steps[k];
            assert_false(a->from == b->from && a->act == b->act);
        }
    for (int act = 0; act < INTRODUCTION_ACTS; act++) {
        enum introduction_act found;
        assert_true(introduction_act_of(introduction_acts[act].code, &found));
        assert_int_equal(found, act);
    }
    enum introduction_state found;
    assert_true(introduction_state_of("quoted", &found));
    assert_int_equal(found, INTRODUCTION_QUOTED);
    assert_false(introduction_state_of(NULL, &found));
    assert_false(introduction_state_of("Quoted", &found));
}

/* States that can be come to from `from` by steps of `by`, without going on through those of `walls`. */
static int reachable(int from, int by, int walls)
{
    int seen = from;
    for (bool more = true; more;) {
        more = false;
        for (size_t i = 0; i < introduction_step_count; i++) {
            const struct introduction_step *s = &introduction_steps[i];
            bool leads = (seen >> s->from & 1) && !(walls >> s->from & 1) && (s->by & by);
            if (leads && !(seen >> s->to & 1)) {
                seen |= 1 << s->to;
                more = true;
            }
        }
    }
    return seen;
}

static void nothing_is_revealed_without_a_yes_of_each_side(void **state)
{
    (void)state;
    const int begun = 1 << INTRODUCTION_PROPOSED;
    int revealed = 0;
    for (int s = 0; s < INTRODUCTION_STATES; s++)
        revealed |= introduction_revealed((enum introduction_state)s) << s;
    assert_int_equal(reachable(begun, EVERYBODY, 0), (1 << INTRODUCTION_STATES) - 1);
    assert_int_equal(reachable(begun, EVERYBODY & ~PARTY_ASKER, 0) & revealed, 0);
    assert_int_equal(reachable(begun, EVERYBODY & ~PARTY_ANSWERER, 0) & revealed, 0);
    assert_int_equal(
        reachable(begun, EVERYBODY, 1 << INTRODUCTION_ACCEPTED | 1 << INTRODUCTION_SEALED) & revealed, 0);
    for (size_t i = 0; i < introduction_step_count; i++) { /* and the door to it is a yes of one side */
        const struct introduction_step *s = &introduction_steps[i];
        if (introduction_revealed(s->to) && !introduction_revealed(s->from))
            assert_true(introduction_yes(s->act));
        if (introduction_yes(s->act))
            assert_true(s->by == PARTY_ASKER || s->by == PARTY_ANSWERER);
        if (s->to == INTRODUCTION_ACCEPTED || s->to == INTRODUCTION_SEALED)
            assert_int_equal(s->act == INTRODUCTION_TAKE_BACK ? PARTY_ASKER : PARTY_ANSWERER, s->by);
    }
    static const struct {
        enum introduction_state in;
        int by;
    } back[] = {{INTRODUCTION_ACCEPTED, PARTY_ANSWERER}, /* taken back while nothing is revealed */
                {INTRODUCTION_SEALED, PARTY_ANSWERER},
                {INTRODUCTION_PLEDGED, PARTY_ASKER}};
    for (size_t i = 0; i < COUNT(back); i++)
        assert_non_null(introduction_step_find(back[i].in, INTRODUCTION_TAKE_BACK, back[i].by));
    assert_null(introduction_step_find(INTRODUCTION_AGREED, INTRODUCTION_TAKE_BACK, EVERYBODY));
}

/* Who asked for the agreement is never made known without it. */
static void an_agreement_asked_for_is_accepted_by_both_before_the_reveal(void **state)
{
    (void)state;
    const enum introduction_state asked[] = {INTRODUCTION_SEALED, INTRODUCTION_PLEDGED};
    const int by[] = {PARTY_ANSWERER, PARTY_ASKER};
    for (size_t k = 0; k < COUNT(asked); k++)
        for (size_t i = 0; i < introduction_step_count; i++) {
            const struct introduction_step *s = &introduction_steps[i];
            if (s->to == asked[k])
                assert_true(s->act == INTRODUCTION_PLEDGE && s->by == by[k]);
            if (s->from == asked[k] && introduction_revealed(s->to))
                assert_true(s->act == INTRODUCTION_PLEDGE && s->by == (PARTY_SIDES & ~by[k]));
        }
}

static void an_end_is_within_reach_of_everything(void **state)
{
    (void)state;
    for (int s = 0; s < INTRODUCTION_STATES; s++)
        for (size_t i = 0; i < COUNT(parties); i++) {
            if (!(introduction_waits((enum introduction_state)s, LONGEST_DAYS, &reminder_default) &
                  parties[i]))
                continue;
            int ends = 1 << INTRODUCTION_RENEWED | 1 << INTRODUCTION_FINISHED | 1 << INTRODUCTION_DECLINED |
                       1 << INTRODUCTION_EXPIRED;
            assert_true(reachable(1 << s, parties[i], 0) & ends);
        }
}

static void silence_is_reminded_of_and_comes_to_the_facilitators(void **state)
{
    (void)state;
    static const struct {
        int64_t days;
        int due;
        int64_t next;
        bool escalated;
    } cases[] = {{-5, 0, 3, false}, {0, 0, 3, false},  {2, 0, 3, false},       {3, 1, 9, false},
                 {8, 1, 9, false},  {9, 2, 21, false}, {20, 2, 21, false},     {21, 3, 45, true},
                 {44, 3, 45, true}, {45, 4, 0, true},  {INT64_MAX, 4, 0, true}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        const enum introduction_state s = INTRODUCTION_PROPOSED;
        print_message("# %lld days\n", (long long)cases[i].days);
        assert_int_equal(introduction_reminders(s, cases[i].days, &reminder_default), cases[i].due);
        assert_int_equal(introduction_next_reminder(s, cases[i].days, &reminder_default), cases[i].next);
        assert_int_equal(introduction_waits(s, cases[i].days, &reminder_default),
                         PARTY_ANSWERER | (cases[i].escalated ? PARTY_FACILITATOR : 0));
    }
    for (int s = 0; s < INTRODUCTION_STATES; s++) {
        int before = 0;
        for (int64_t days = 0; days <= LONGEST_DAYS; days++) {
            int waits = introduction_waits((enum introduction_state)s, days, &reminder_default);
            assert_int_equal(waits & before, before); /* nobody is let off by waiting longer */
            assert_int_equal(waits != 0, introduction_open((enum introduction_state)s) &&
                                             days >= introduction_places[s].rest);
            before = waits;
        }
        int64_t due = introduction_due((enum introduction_state)s, 0, &reminder_default);
        assert_int_equal(known_integer(due), introduction_open((enum introduction_state)s));
        if (!known_integer(due))
            continue;
        assert_true(introduction_waits((enum introduction_state)s, due, &reminder_default) &
                    PARTY_FACILITATOR);
        assert_true(!due || !(introduction_waits((enum introduction_state)s, due - 1, &reminder_default) &
                              PARTY_FACILITATOR));
    }
    const struct reminder_plan own = {.days = {1, 2}, .count = 2, .escalates = 2};
    struct reminder_plan typed = own;
    static const char *const wrong[] = {"", "3,", "3, 3", "9, 3", "0", "1,2,3,4,5", "366", "soon"};
    for (size_t i = 0; i < COUNT(wrong); i++) {
        print_message("# \"%s\"\n", wrong[i]);
        assert_false(reminder_days_parse(wrong[i], &typed));
        assert_memory_equal(&typed, &own, sizeof own);
    }
    assert_true(reminder_days_parse(" 5,30 , 365", &typed));
    assert_int_equal(typed.count, 3);
    assert_int_equal(typed.days[1], 30);
    assert_int_equal(typed.escalates, own.escalates); /* which is not theirs to say */

    assert_int_equal(introduction_waits(INTRODUCTION_ACCEPTED, 1, &own), PARTY_ASKER);
    assert_int_equal(introduction_waits(INTRODUCTION_ACCEPTED, 2, &own), PARTY_ASKER | PARTY_FACILITATOR);
    assert_int_equal(introduction_reminders(INTRODUCTION_ORDERED, 4, &own), 0); /* makers need their time */
    assert_int_equal(introduction_reminders(INTRODUCTION_ORDERED, 5, &own), 1);
}

static void a_need_that_nobody_is_asked_about_waits(void **state)
{
    (void)state;
    assert_int_equal(need_waits(true, 0, 0), PARTY_ASKER | PARTY_FACILITATOR);
    assert_int_equal(need_waits(true, 1, 0), 0);
    assert_int_equal(need_waits(true, 0, 1), 0);
    assert_int_equal(need_waits(false, 0, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_is_open_waits_on_somebody_who_can_act),
        cmocka_unit_test(facilitators_can_end_whatever_is_open_with_a_reason),
        cmocka_unit_test(each_act_has_one_meaning_in_each_state),
        cmocka_unit_test(nothing_is_revealed_without_a_yes_of_each_side),
        cmocka_unit_test(an_agreement_asked_for_is_accepted_by_both_before_the_reveal),
        cmocka_unit_test(an_end_is_within_reach_of_everything),
        cmocka_unit_test(silence_is_reminded_of_and_comes_to_the_facilitators),
        cmocka_unit_test(a_need_that_nobody_is_asked_about_waits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
