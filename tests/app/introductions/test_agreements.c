/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What stands around a deal: the text that both sides accept, when silence is reminded of, what follows a
 * delivery. */
#include "app/introductions/cast.h"
#include "introductions/reminder_plans.h"
#include "undo/undo.h"

static struct fault *pledge(struct cast *c, int64_t introduction, int64_t agreement)
{
    ARENA_SCOPE(a);
    const struct deal_answer yes = {.act = "pledge", .agreement = agreement};
    return deal_act(scene_door_in(c->scene, a, c->buyer), introduction, &yes);
}

static struct fault *pledge_card(struct cast *c, int firm, int64_t introduction, int64_t agreement)
{
    ARENA_SCOPE(a);
    const struct deal_answer yes = {.act = "pledge", .agreement = agreement};
    return deal_answer_card(scene_door_in(c->scene, a, c->heads[firm]), card_id(c, introduction), &yes);
}

static int64_t publish(struct cast *c, const char *words)
{
    struct agreement made;
    assert_ok(agreement_publish(scene_door(c->scene, c->facilitator), words, words, &made));
    return made.id;
}

static void assert_signed(struct cast *c, int64_t introduction, int firm, int64_t agreement)
{
    const struct introduction i = seen_by(c, c->buyer, introduction);
    const struct blind_card card = card_of(c, introduction);
    assert_string_equal(i.state, "agreed");
    assert_int_equal(i.agreement, agreement);
    assert_int_equal(card.agreement, agreement);
    assert_string_equal(i.pledges, card.pledges);
    const char *const told[] = {"Maison Cachée", "Hélène Acheteuse", day_print(c->scene->arena, today())};
    for (size_t k = 0; k < COUNT(told); k++)
        assert_non_null(strstr(card.pledges, told[k]));
    assert_int_equal(i.answerer, c->firms[firm]);
    assert_non_null(
        strstr(card.contact, "Hélène Acheteuse")); /* also where who was asked says the last word */
}

static void under_an_agreement_nobody_is_known_before_both_accepted_it(void **state)
{
    struct cast c = cast_of(state);
    int64_t first = newest_agreement(&c), id = propose(&c, c.facilitator, 0), other = propose(&c, c.buyer, 1);
    /* who is asked wants it */
    assert_fault(pledge_card(&c, 0, id, 0), FAULT_CONFLICT);
    assert_ok(pledge_card(&c, 0, id, first));
    assert_int_equal(seen_by(&c, c.buyer, id).answerer, 0);
    assert_null(strstr(told_to(&c, c.buyer, &introduction_type, id), "Alpha"));
    assert_false(tells_who_asks(&c, told_to(&c, c.heads[0], &blind_card_type, card_id(&c, id))));
    assert_fault(act(&c, c.buyer, id, "consent", NULL), FAULT_CONFLICT);
    assert_int_equal(waits_on(&c, c.buyer, id), 1);
    int64_t second = publish(&c, "Deuxième texte"); /* what was accepted is accepted by both */
    assert_fault(pledge(&c, id, second), FAULT_CONFLICT);
    assert_ok(pledge(&c, id, first));
    assert_signed(&c, id, 0, first);
    /* whose need it is wants it */
    assert_ok(answer(&c, 1, other, "accept", NULL));
    assert_fault(pledge(&c, other, first), FAULT_CONFLICT); /* no longer what is accepted now */
    assert_ok(pledge(&c, other, second));
    assert_false(tells_who_asks(&c, told_to(&c, c.heads[1], &blind_card_type, card_id(&c, other))));
    assert_int_equal(waits_on(&c, c.heads[1], card_id(&c, other)), 1);
    assert_ok(act(&c, c.buyer, other, "take_back", NULL));
    assert_int_equal(card_of(&c, other).agreement, 0);
    assert_fault(pledge_card(&c, 1, other, second), FAULT_DENIED);
    assert_ok(pledge(&c, other, second));
    (void)publish(&c, "Troisième texte");
    assert_ok(pledge_card(&c, 1, other, second));
    assert_signed(&c, other, 1, second);
    assert_fault(act(&c, c.buyer, other, "take_back", NULL), FAULT_CONFLICT); /* it is known now */
    struct agreement read;
    assert_ok(door_load(scene_door(c.scene, c.heads[1]), agreement, second, &read, NULL));
    assert_string_equal(read.text_fr, "Deuxième texte");
    assert_string_equal(read.number, "2");
}

static void a_yes_under_an_agreement_is_taken_back_with_it(void **state)
{
    struct cast c = cast_of(state);
    int64_t newest = newest_agreement(&c), id = propose(&c, c.facilitator, 0);
    assert_ok(pledge_card(&c, 0, id, newest));
    assert_ok(answer(&c, 0, id, "take_back", NULL));
    assert_int_equal(card_of(&c, id).agreement, 0);
    assert_false(known_integer(card_of(&c, id).pledged));
    assert_ok(answer(&c, 0, id, "accept", NULL)); /* and may be given without */
    assert_ok(act(&c, c.buyer, id, "consent", NULL));
    assert_null(card_of(&c, id).pledges);
}

static void what_somebody_accepted_holds_when_they_are_no_longer_there(void **state)
{
    struct cast c = cast_of(state);
    int64_t newest = newest_agreement(&c), id = propose(&c, c.facilitator, 0);
    struct door *program = scene_program(c.scene);
    struct person head;
    assert_ok(pledge_card(&c, 0, id, newest));
    assert_ok(door_load(program, person, c.heads[0], &head, NULL));
    assert_ok(door_delete(program, &person_type, head.id, head.version));
    assert_ok(pledge(&c, id, newest));
    assert_signed(&c, id, 0, newest);
    assert_null(seen_by(&c, c.buyer, id).contact);
}

static void versions_are_published_by_facilitators_and_never_rewritten(void **state)
{
    struct cast c = cast_of(state);
    struct agreement made, first;
    struct door *host = scene_door(c.scene, c.facilitator);
    assert_fault(agreement_publish(scene_door(c.scene, c.buyer), "a", "b", &made), FAULT_DENIED);
    assert_fault(agreement_publish(host, "", "b", &made), FAULT_INVALID);
    assert_ok(agreement_newest(host, &first));
    assert_string_equal(first.number, "1");
    first.text_fr = "Autre chose";
    assert_fault(door_save(host, agreement, &first, ALL_FIELDS), FAULT_DENIED);
    assert_fault(door_delete(host, &agreement_type, first.id, first.version), FAULT_DENIED);
    assert_ok(agreement_publish(host, "a", "b", &made));
    struct history_line *lines = NULL;
    size_t count = 0;
    assert_ok(door_history(host, &agreement_type, made.id, &lines, &count));
    assert_non_null(undo_entry(scene_door(c.scene, c.facilitator), lines[0].entry));
}

static void what_was_delivered_comes_back_after_a_while(void **state)
{
    struct cast c = cast_of(state);
    static const char *const acts[] = {"consent", "meet", "order", "deliver"};
    int64_t now = now_us(), id = propose(&c, c.buyer, 0), other = propose(&c, c.facilitator, 1);
    const int64_t both[] = {id, other};
    for (int k = 0; k < 2; k++) {
        assert_ok(answer(&c, k, both[k], "accept", NULL));
        for (size_t i = 0; i < COUNT(acts); i++) {
            if (strcmp(acts[i], "order") == 0)
                assert_ok(answer(&c, k, both[k], "quote", NULL));
            assert_ok(act(&c, c.buyer, both[k], acts[i], NULL));
        }
    }
    clock_hold(now + (int64_t)89 * 24 * 3600 * SECOND_US);
    assert_int_equal(waits_on(&c, c.facilitator, id), 0);
    clock_hold(now + (int64_t)90 * 24 * 3600 * SECOND_US);
    assert_int_equal(waits_on(&c, c.facilitator, id), 1);
    assert_int_equal(waits_on(&c, c.buyer, id) + waits_on(&c, c.facilitator, c.need), 0);
    const struct deal_answer again = {.act = "again", .value = "to_100k"};
    assert_ok(deal_act(scene_door(c.scene, c.facilitator), id, &again));
    assert_string_equal(seen_by(&c, c.buyer, id).value_again, "to_100k");
    assert_fault(act(&c, c.buyer, other, "finish", NULL), FAULT_INVALID);
    assert_ok(act(&c, c.buyer, other, "finish", "quality"));
    assert_string_equal(card_of(&c, other).state, "finished");
    assert_int_equal(waits_on(&c, c.facilitator, id) + waits_on(&c, c.facilitator, other) +
                         waits_on(&c, c.facilitator, c.need),
                     0);
    struct deal_funnel f;
    assert_ok(deal_funnel(scene_door(c.scene, c.facilitator), &f));
    assert_int_equal(f.lines[0].came_to[INTRODUCTION_DELIVERED], 2);
    assert_int_equal(f.lines[0].came_to[INTRODUCTION_RENEWED], 1);
    /* drilling brass spoke for both, and where they are was not asked */
    assert_string_equal(seen_by(&c, c.buyer, id).spoke, "text process material");
    for (size_t i = 0; i < f.spoke_count; i++)
        assert_int_equal(f.spoke[i].came_to[INTRODUCTION_RENEWED], 1);
    assert_int_equal(f.spoke_count, 3);
    clock_hold(0);
}

/* How many reminders the queue of somebody tells for this record; -1: it does not wait on them. */
static int reminded(struct cast *c, int64_t person, int64_t record)
{
    ARENA_SCOPE(a);
    struct deal_waiting *all = NULL;
    size_t count = 0;
    assert_ok(deal_queue(scene_door_in(c->scene, a, person), QUEUE_LONG, &all, &count));
    for (size_t i = 0; i < count; i++)
        if (all[i].id == record)
            return all[i].reminders;
    return -1;
}

static void each_is_reminded_as_they_chose_and_facilitators_as_the_space_did(void **state)
{
    struct cast c = cast_of(state);
    const int64_t day = 24 * 3600 * SECOND_US, now = now_us();
    struct door *head = scene_door(c.scene, c.heads[0]), *host = scene_door(c.scene, c.facilitator);
    assert_fault(reminder_choose(head, 0, "1", "300"), FAULT_DENIED);
    assert_fault(reminder_choose(head, c.firms[1], "1", NULL), FAULT_DENIED);
    assert_fault(reminder_choose(head, c.firms[0], "9, 3", NULL), FAULT_INVALID);
    assert_ok(reminder_choose(head, c.firms[0], "1, 2, 3, 4", "300")); /* that is not theirs to put off */
    assert_ok(reminder_choose(host, 0, "4", "10"));
    struct reminder_choice *choices = NULL;
    size_t count = 0;
    assert_ok(reminder_choices(scene_door(c.scene, c.heads[0]), &choices, &count));
    assert_int_equal(count, 1);
    assert_int_equal(choices[0].plan.count, 4);
    assert_int_equal(choices[0].plan.escalates, 10);

    int64_t chose = propose(&c, c.buyer, 0), other = propose(&c, c.buyer, 1);
    assert_int_equal(card_of(&c, chose).due, card_of(&c, other).due); /* which tells nobody's habits */
    clock_hold(now + 4 * day);
    assert_int_equal(reminded(&c, c.heads[0], card_id(&c, chose)), 4);
    assert_int_equal(reminded(&c, c.heads[1], card_id(&c, other)), 1);
    clock_hold(now + 9 * day);
    assert_int_equal(waits_on(&c, c.facilitator, chose) + waits_on(&c, c.facilitator, other), 0);
    clock_hold(now + 10 * day);
    assert_int_equal(waits_on(&c, c.facilitator, chose) + waits_on(&c, c.facilitator, other), 2);
    assert_ok(
        reminder_choose(scene_door(c.scene, c.heads[0]), c.firms[0], "", NULL)); /* as the space has it */
    assert_int_equal(reminded(&c, c.heads[0], card_id(&c, chose)), 1);
    clock_hold(0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(under_an_agreement_nobody_is_known_before_both_accepted_it,
                                        scene_open, scene_close),
        cmocka_unit_test_setup_teardown(a_yes_under_an_agreement_is_taken_back_with_it, scene_open,
                                        scene_close),
        cmocka_unit_test_setup_teardown(what_somebody_accepted_holds_when_they_are_no_longer_there,
                                        scene_open, scene_close),
        cmocka_unit_test_setup_teardown(versions_are_published_by_facilitators_and_never_rewritten,
                                        scene_open, scene_close),
        cmocka_unit_test_setup_teardown(what_was_delivered_comes_back_after_a_while, scene_open, scene_close),
        cmocka_unit_test_setup_teardown(each_is_reminded_as_they_chose_and_facilitators_as_the_space_did,
                                        scene_open, scene_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
