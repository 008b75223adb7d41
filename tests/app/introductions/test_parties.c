/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Several are asked to do one thing together: what each learns of the others, and when. */
#include "app/introductions/cast.h"

static struct fault *ask_with(struct cast *c, int firm, int64_t with, int64_t *id)
{
    return deal_propose(scene_door(c->scene, c->buyer),
                        &(struct deal_proposal){c->need, c->firms[firm], 0, with}, id);
}

static struct blind_card own_card(struct cast *c, int firm, int64_t introduction)
{
    struct blind_card card;
    assert_ok(
        door_load(scene_door(c->scene, c->heads[firm]), blind_card, card_id(c, introduction), &card, NULL));
    return card;
}

static size_t asked(struct cast *c)
{
    struct introduction *all = NULL;
    size_t count = 0;
    assert_ok(deal_list_of(scene_door(c->scene, c->facilitator), c->need, &all, &count));
    return count;
}

static void those_asked_together_are_told_of_each_other_once_both_are_known_to_who_asks(void **state)
{
    struct cast c = cast_of(state);
    int64_t ids[4] = {propose(&c, c.buyer, 0)}, alone = propose(&c, c.buyer, 3);
    assert_ok(ask_with(&c, 1, ids[0], &ids[1]));
    assert_ok(ask_with(&c, 2, ids[1], &ids[2]));
    for (int k = 0; k < 3; k++) {
        assert_int_equal(own_card(&c, k, ids[k]).together, 2);
        assert_int_equal(seen_by(&c, c.buyer, ids[k]).party, ids[0]);
    }
    assert_false(known_integer(own_card(&c, 3, alone).together));

    for (int k = 0; k < 3; k++)
        assert_ok(answer(&c, k, ids[k], "accept", NULL));
    assert_ok(act(&c, c.buyer, ids[0], "consent", NULL));
    for (int k = 0; k < 3; k++)
        assert_null(own_card(&c, k, ids[k]).partners);

    assert_ok(act(&c, c.buyer, ids[1], "consent", NULL));
    assert_string_equal(own_card(&c, 0, ids[0]).partners, "Bravo\nBravo");
    assert_string_equal(own_card(&c, 1, ids[1]).partners, "Alpha\nAlpha");
    assert_null(own_card(&c, 2, ids[2]).partners); /* its yes has not been answered */

    assert_ok(act(&c, c.buyer, ids[0], "decline", "another_chosen"));
    assert_ok(act(&c, c.buyer, ids[2], "consent", NULL));
    assert_string_equal(own_card(&c, 2, ids[2]).partners, "Bravo\nBravo"); /* and not who was declined */
    assert_non_null(strstr(own_card(&c, 1, ids[1]).partners, "Charlie"));
    assert_null(strstr(own_card(&c, 0, ids[0]).partners, "Charlie"));
    assert_null(own_card(&c, 3, alone).partners);
}

static void nobody_is_joined_who_said_yes_to_do_it_alone(void **state)
{
    struct cast c = cast_of(state);
    int64_t first = propose(&c, c.buyer, 0), id = 0, need = c.need;
    assert_ok(answer(&c, 0, first, "accept", NULL));
    assert_fault(ask_with(&c, 1, first, &id), FAULT_CONFLICT);
    assert_false(known_integer(own_card(&c, 0, first).together));
    assert_ok(answer(&c, 0, first, "take_back", NULL));
    assert_ok(ask_with(&c, 1, first, &id));
    assert_ok(answer(&c, 1, id, "decline", "not_our_trade"));
    assert_ok(ask_with(&c, 2, first, &id)); /* who said no counts no longer */
    assert_int_equal(own_card(&c, 2, id).together, 1);
    assert_fault(ask_with(&c, 4, 4242, &id), FAULT_INVALID);
    c.need = add_need(&c, "confidential", "open");
    assert_fault(ask_with(&c, 4, first, &id), FAULT_INVALID);
    assert_int_equal(asked(&c), 0);
    c.need = need;
    assert_int_equal(asked(&c), 3);
    assert_fault(deal_propose(scene_door(c.scene, c.heads[0]),
                              &(struct deal_proposal){c.need, c.firms[5], 0, first}, &id),
                 FAULT_NOT_FOUND);
}

/* What is over was a yes all the same: to those who were asked then. */
static void nobody_joins_those_who_have_delivered(void **state)
{
    struct cast c = cast_of(state);
    int64_t first = propose(&c, c.buyer, 0), second = 0, third = 0;
    assert_ok(ask_with(&c, 1, first, &second));
    assert_ok(answer(&c, 0, first, "accept", NULL));
    assert_ok(act(&c, c.buyer, first, "consent", NULL));
    assert_ok(answer(&c, 0, first, "meet", NULL));
    assert_ok(answer(&c, 0, first, "quote", NULL));
    assert_ok(act(&c, c.buyer, first, "order", NULL));
    assert_ok(act(&c, c.buyer, first, "deliver", NULL));
    assert_ok(act(&c, c.buyer, first, "finish", "need_gone"));
    assert_fault(ask_with(&c, 2, second, &third), FAULT_CONFLICT);
    assert_int_equal(own_card(&c, 1, second).together, 1);
}

/* An answer to a card that has since become one of several is not taken for a yes to these. */
static void who_looked_at_a_card_for_one_alone_looks_again(void **state)
{
    struct cast c = cast_of(state);
    int64_t first = propose(&c, c.buyer, 0), id = 0;
    const struct deal_answer yes = {.act = "accept", .version = own_card(&c, 0, first).version};
    assert_ok(ask_with(&c, 1, first, &id));
    assert_fault(deal_answer_card(scene_door(c.scene, c.heads[0]), card_id(&c, first), &yes), FAULT_CONFLICT);
    assert_ok(answer(&c, 0, first, "accept", NULL));
}

static void who_is_asked_already_is_not_joined_unsaid(void **state)
{
    struct cast c = cast_of(state);
    int64_t first = propose(&c, c.buyer, 0), alone = propose(&c, c.buyer, 1), id = 0;
    struct fault *refused = ask_with(&c, 1, first, &id);
    assert_fault(refused, FAULT_CONFLICT);
    assert_string_equal(refused->field, "with");
    assert_ok(ask_with(&c, 2, first, &id));
    assert_ok(ask_with(&c, 2, first, &id)); /* the same asked twice is asked once */
    assert_fault(ask_with(&c, 2, alone, &id), FAULT_CONFLICT);
    (void)propose(&c, c.facilitator, 3);
    assert_ok(ask_with(&c, 3, first, &id)); /* whom the facilitators asked is not the buyer's to know */
    assert_int_equal(own_card(&c, 3, id).together, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            those_asked_together_are_told_of_each_other_once_both_are_known_to_who_asks, scene_open,
            scene_close),
        cmocka_unit_test_setup_teardown(nobody_is_joined_who_said_yes_to_do_it_alone, scene_open,
                                        scene_close),
        cmocka_unit_test_setup_teardown(nobody_joins_those_who_have_delivered, scene_open, scene_close),
        cmocka_unit_test_setup_teardown(who_is_asked_already_is_not_joined_unsaid, scene_open, scene_close),
        cmocka_unit_test_setup_teardown(who_looked_at_a_card_for_one_alone_looks_again, scene_open,
                                        scene_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
