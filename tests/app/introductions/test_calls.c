/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What was said by telephone: acts in the name of who said it, and words that stay with the facilitators. */
#include "introductions/deal_calls.h"

#include <string.h>

#include "app/scene.h"
#include "test.h"

struct cast {
    struct scene *scene;
    int64_t buyer, head, facilitator, stranger, introduction, card;
};

/* A need that members may read, and a firm that was asked about it. */
static struct cast cast_of(void **state)
{
    struct cast c = {.scene = *state};
    struct need n;
    struct blind_card card;
    int64_t brand = scene_organisation(c.scene, "Maison Exemple", "space"),
            firm = scene_organisation(c.scene, "Alpha", "space");
    c.buyer = scene_person(c.scene, "Hélène Acheteuse", "member", brand);
    c.head = scene_person(c.scene, "Ali Alpha", "member", firm);
    c.stranger = scene_person(c.scene, "Bea Bravo", "member", scene_organisation(c.scene, "Bravo", "space"));
    c.facilitator = scene_person(c.scene, "Claire Animatrice", "facilitator", 0);
    record_clear(&need_type, &n);
    n.organisation = brand;
    n.title = n.text = "Platines";
    n.state = "open";
    n.visibility = "space";
    assert_ok(door_save(scene_program(c.scene), need, &n, ALL_FIELDS));
    assert_ok(deal_propose(scene_door(c.scene, c.facilitator), &(struct deal_proposal){n.id, firm},
                           &c.introduction));
    assert_ok(deal_card_of(scene_door(c.scene, c.facilitator), c.introduction, &card));
    c.card = card.id;
    return c;
}

static struct fault *call(struct cast *c, int64_t by, int64_t with, const char *act, const char *reason)
{
    ARENA_SCOPE(a);
    const struct deal_call said = {
        .person = with, .said = "Le concurrent est trop cher.", .act = act, .reason = reason};
    return deal_call_note(scene_door_in(c->scene, a, by), c->introduction, &said);
}

static struct blind_card card_of(struct cast *c)
{
    struct blind_card card;
    assert_ok(door_load(scene_door(c->scene, c->head), blind_card, c->card, &card, NULL));
    return card;
}

static size_t calls_seen(struct cast *c, int64_t person)
{
    ARENA_SCOPE(a);
    struct call *calls = NULL;
    size_t count = 0;
    assert_ok(deal_calls(scene_door_in(c->scene, a, person), c->introduction, &calls, &count));
    return count;
}

static void who_may_be_called_is_told_to_facilitators(void **state)
{
    struct cast c = cast_of(state);
    struct deal_person *people = NULL;
    size_t count = 0;
    assert_ok(deal_people(scene_door(c.scene, c.facilitator), c.introduction, &people, &count));
    assert_int_equal(count, 2);
    assert_int_equal(people[0].id, c.head);
    assert_int_equal(people[1].id, c.buyer);
    assert_fault(deal_people(scene_door(c.scene, c.buyer), c.introduction, &people, &count), FAULT_DENIED);
}

static void a_call_that_may_not_be_noted_leaves_nothing(void **state)
{
    struct cast c = cast_of(state);
    const struct {
        int64_t by, with;
        const char *act, *reason;
        enum fault_code code;
    } cases[] = {
        {c.buyer, c.buyer, NULL, NULL, FAULT_DENIED},
        {c.head, c.head, "accept", NULL, FAULT_DENIED},
        {c.facilitator, c.stranger, "accept", NULL, FAULT_INVALID},
        {c.facilitator, 0, NULL, NULL, FAULT_INVALID},
        {c.facilitator, c.buyer, "accept", NULL, FAULT_DENIED}, /* not for the asker to say */
        {c.facilitator, c.head, "dance", NULL, FAULT_INVALID},
        {c.facilitator, c.head, "meet", NULL, FAULT_CONFLICT},
        {c.facilitator, c.head, "pledge", NULL, FAULT_CONFLICT}, /* who accepts an agreement reads it */
        {c.facilitator, c.head, "decline", NULL, FAULT_INVALID},
        {c.facilitator, c.head, "decline", "need_gone", FAULT_INVALID}}; /* not a reason of theirs */
    for (size_t i = 0; i < COUNT(cases); i++) {
        print_message("# %zu\n", i);
        assert_fault(call(&c, cases[i].by, cases[i].with, cases[i].act, cases[i].reason), cases[i].code);
    }
    assert_int_equal(calls_seen(&c, c.facilitator), 0);
    assert_string_equal(card_of(&c).state, "proposed");
}

static void a_call_says_an_act_in_the_name_of_who_was_called(void **state)
{
    struct cast c = cast_of(state);
    struct history_line *lines = NULL;
    size_t count = 0;
    assert_ok(call(&c, c.facilitator, c.head, NULL, NULL));
    assert_string_equal(card_of(&c).state, "proposed"); /* a note */
    assert_ok(call(&c, c.facilitator, c.head, "accept", NULL));
    assert_int_equal(card_of(&c).answered_by, c.head);
    assert_ok(door_history(scene_door(c.scene, c.head), &blind_card_type, c.card, &lines, &count));
    assert_string_equal(lines[0].person, "Claire Animatrice"); /* who wrote it down */
    assert_ok(call(&c, c.facilitator, c.buyer, "consent", NULL));
    assert_string_equal(card_of(&c).state, "agreed");
    assert_non_null(strstr(card_of(&c).contact, "Hélène")); /* whom to talk to: not who wrote it down */
    assert_ok(call(&c, c.facilitator, c.head, "meet", NULL));
    assert_fault(call(&c, c.facilitator, c.buyer, "meet", NULL), FAULT_CONFLICT);
}

static void what_was_said_stays_with_the_facilitators(void **state)
{
    struct cast c = cast_of(state);
    struct introduction i;
    assert_ok(call(&c, c.facilitator, c.head, "decline", "terms"));
    assert_int_equal(calls_seen(&c, c.facilitator), 1);
    assert_int_equal(calls_seen(&c, c.buyer), 0);
    assert_int_equal(calls_seen(&c, c.head), 0);
    assert_ok(door_load(scene_door(c.scene, c.buyer), introduction, c.introduction, &i, NULL));
    assert_null(i.words);
    assert_null(i.reason);
    assert_null(card_of(&c).words);
}

#define SCENE(test) cmocka_unit_test_setup_teardown(test, scene_open, scene_close)

static struct introduction introduction_of(struct cast *c)
{
    struct introduction i;
    assert_ok(door_load(scene_door(c->scene, c->buyer), introduction, c->introduction, &i, NULL));
    return i;
}

static size_t calls_waiting(struct cast *c, int64_t person)
{
    ARENA_SCOPE(a);
    struct deal_waiting *all = NULL;
    size_t count = 0, calls = 0;
    assert_ok(deal_queue(scene_door_in(c->scene, a, person), QUEUE_LONG, &all, &count));
    for (size_t i = 0; i < count; i++)
        calls += all[i].call != 0;
    return calls;
}

static struct fault *say(struct cast *c, bool card, const char *act)
{
    ARENA_SCOPE(a);
    struct door *d = scene_door_in(c->scene, a, card ? c->head : c->buyer);
    const struct deal_answer said = {.act = act, .words = "Demain matin"};
    return card ? deal_answer_card(d, c->card, &said) : deal_act(d, c->introduction, &said);
}

/* Whoever owes the next step may talk first: it changes nothing that the other side sees. */
static void a_call_may_be_asked_for_wherever_an_act_is_owed(void **state)
{
    struct cast c = cast_of(state);
    static const struct {
        bool card; /* of who was asked */
        const char *act;
    } steps[] = {{true, "accept"}, {false, "consent"}, {true, "meet"},
                 {true, "quote"},  {false, "order"},   {false, "deliver"}};
    assert_ok(say(&c, true, steps[0].act));
    for (size_t i = 1; i < COUNT(steps); i++) {
        print_message("# before %s\n", steps[i].act);
        const struct introduction before = introduction_of(&c);
        if (strcmp(before.state, "agreed") != 0) /* there both owe it */
            assert_fault(say(&c, !steps[i].card, "ask_call"), FAULT_CONFLICT);
        assert_ok(say(&c, steps[i].card, "ask_call"));
        assert_ok(say(&c, steps[i].card, "ask_call")); /* asked twice it is asked once */
        const struct introduction after = introduction_of(&c);
        assert_int_equal(after.version, before.version);
        assert_int_equal(calls_waiting(&c, c.facilitator), 1);
        assert_int_equal(calls_waiting(&c, c.buyer) + calls_waiting(&c, c.head), 0);
        assert_int_equal(calls_seen(&c, c.head) + calls_seen(&c, c.buyer), 0);
        assert_ok(call(&c, c.facilitator, steps[i].card ? c.head : c.buyer, NULL, NULL));
        assert_int_equal(calls_waiting(&c, c.facilitator), 0);
        assert_ok(say(&c, steps[i].card, steps[i].act));
    }
    assert_fault(say(&c, false, "ask_call"), FAULT_CONFLICT); /* nobody owes anything any more */
}

int main(void)
{
    const struct CMUnitTest tests[] = {SCENE(who_may_be_called_is_told_to_facilitators),
                                       SCENE(a_call_that_may_not_be_noted_leaves_nothing),
                                       SCENE(a_call_says_an_act_in_the_name_of_who_was_called),
                                       SCENE(what_was_said_stays_with_the_facilitators),
                                       SCENE(a_call_may_be_asked_for_wherever_an_act_is_owed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
