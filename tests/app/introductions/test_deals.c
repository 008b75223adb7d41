/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* From match to deal, as each side, the facilitators and the losers live it. */
#include "app/introductions/cast.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "journal/journal.h"
#include "random/random.h"
#include "rows/rows.h"
#include "undo/undo.h"

static void who_is_asked_sees_a_card_and_nothing_else(void **state)
{
    struct cast c = cast_of(state);
    int64_t id = propose(&c, c.buyer, 0);
    struct blind_card card;
    struct introduction i;
    struct need n;
    int64_t card_at = card_id(&c, id);
    assert_ok(door_load(scene_door(c.scene, c.heads[0]), blind_card, card_at, &card, NULL));
    assert_string_equal(card.subject, "Perçage · laiton");
    assert_int_equal(card.size.lo, 500000);
    assert_int_equal(card.size.hi, 1000000);
    assert_int_equal(card.pieces.lo, 100);
    assert_int_equal(card.pieces.hi, 1000);
    assert_non_null(card.region);
    assert_int_equal(card.plausible, FIRMS); /* seven other firms and the brand */
    assert_int_equal(card.introduction, 0);  /* it is there, and not for these eyes */
    assert_int_equal(card.asker, 0);
    assert_null(card.need_text);
    assert_false(tells_who_asks(&c, told_to(&c, c.heads[0], &blind_card_type, card_at)));
    assert_fault(door_load(scene_door(c.scene, c.heads[0]), introduction, id, &i, NULL), FAULT_NOT_FOUND);
    assert_fault(door_load(scene_door(c.scene, c.heads[0]), need, c.need, &n, NULL), FAULT_NOT_FOUND);
    assert_fault(door_load(scene_door(c.scene, c.heads[1]), blind_card, card_at, &card, NULL),
                 FAULT_NOT_FOUND);
    assert_fault(door_load(scene_door(c.scene, c.buyer), blind_card, card_at, &card, NULL), FAULT_NOT_FOUND);
}

/* Of `proposed` two were accepted, one went all the way; each has ended, for as many kinds of reasons. */
static void assert_funnel(struct cast *c, int64_t person, int64_t proposed, size_t reasons)
{
    ARENA_SCOPE(a);
    struct deal_funnel f;
    assert_ok(deal_funnel(scene_door_in(c->scene, a, person), &f));
    const int64_t *came_to = f.lines[0].came_to;
    assert_int_equal(came_to[INTRODUCTION_PROPOSED], proposed);
    assert_int_equal(came_to[INTRODUCTION_ACCEPTED], proposed ? 2 : 0);
    assert_int_equal(came_to[INTRODUCTION_AGREED], proposed ? 1 : 0);
    assert_int_equal(came_to[INTRODUCTION_DELIVERED], proposed ? 1 : 0);
    assert_int_equal(f.lines[2].came_to[INTRODUCTION_PROPOSED], proposed); /* by the facilitators */
    assert_int_equal(f.ended, proposed);
    assert_int_equal(f.open, 0);
    assert_int_equal(f.median_days, proposed ? 0 : UNKNOWN_INTEGER);
    assert_int_equal(f.reason_count, reasons);
}

static void two_accept_one_is_chosen_and_the_loser_learns_nothing(void **state)
{
    struct cast c = cast_of(state);
    int64_t ids[ASKED];
    for (int k = 0; k < ASKED; k++) {
        ids[k] = propose(&c, c.facilitator, k);
        assert_int_equal(seen_by(&c, c.buyer, ids[k]).answerer, 0); /* the facilitators chose whom to ask */
        assert_int_equal(waits_on(&c, c.heads[k], card_id(&c, ids[k])), 1);
        assert_int_equal(waits_on(&c, c.buyer, ids[k]), 0);
        assert_int_equal(waits_on(&c, c.facilitator, ids[k]), 0);
    }
    assert_ok(answer(&c, 0, ids[0], "accept", NULL));
    assert_ok(answer(&c, 1, ids[1], "accept", NULL));
    assert_ok(answer(&c, 2, ids[2], "decline", "no_capacity"));
    assert_null(seen_by(&c, c.buyer, ids[2]).reason); /* which firm lacks time is not the asker's to know */
    assert_int_equal(seen_by(&c, c.buyer, ids[2]).answerer, 0);
    assert_int_equal(seen_by(&c, c.buyer, ids[0]).answerer, c.firms[0]);
    assert_null(seen_by(&c, c.buyer, ids[0]).contact);
    assert_int_equal(waits_on(&c, c.buyer, ids[0]), 1);
    assert_int_equal(waits_on(&c, c.heads[0], card_id(&c, ids[0])), 0);

    assert_ok(act(&c, c.buyer, ids[0], "consent", NULL));
    assert_ok(act(&c, c.buyer, ids[1], "decline", "another_chosen"));
    struct blind_card card;
    assert_ok(door_load(scene_door(c.scene, c.heads[0]), blind_card, card_id(&c, ids[0]), &card, NULL));
    assert_int_equal(card.asker, c.brand);
    assert_non_null(strstr(card.need_text, "calibre caché"));
    assert_non_null(strstr(card.contact, "Hélène Acheteuse"));
    assert_non_null(strstr(seen_by(&c, c.buyer, ids[0]).contact, "Alpha"));
    for (int k = 1; k < ASKED; k++)
        assert_false(tells_who_asks(&c, told_to(&c, c.heads[k], &blind_card_type, card_id(&c, ids[k]))));
    assert_string_equal(card_of(&c, ids[1]).state, "declined");

    assert_int_equal(waits_on(&c, c.heads[0], card.id), 1);
    assert_ok(answer(&c, 0, ids[0], "meet", NULL));
    assert_int_equal(waits_on(&c, c.buyer, ids[0]), 0);
    assert_ok(answer(&c, 0, ids[0], "quote", NULL));
    const struct deal_answer order = {.act = "order", .value = "to_20k"};
    assert_ok(deal_act(scene_door(c.scene, c.buyer), ids[0], &order));
    assert_string_equal(seen_by(&c, c.buyer, ids[0]).value, "to_20k");
    assert_ok(act(&c, c.buyer, ids[0], "deliver", NULL));
    assert_int_equal(waits_on(&c, c.buyer, ids[0]) + waits_on(&c, c.heads[0], card.id), 0);
    assert_funnel(&c, c.facilitator, 3, 2); /* why the firm said no is for the facilitators alone */
    assert_funnel(&c, c.buyer, 3, 1);
    assert_funnel(&c, c.heads[1], 0, 0);
}

/* Neither its place among the ranked firms nor an attempt to ask it too tells whom the facilitators asked. */
static void whom_the_facilitators_asked_is_not_guessed(void **state)
{
    struct cast c = cast_of(state);
    int64_t asked = propose(&c, c.facilitator, 2), guessed = propose(&c, c.buyer, 2);
    assert_int_not_equal(asked, guessed);
    assert_int_equal(propose(&c, c.buyer, 2), guessed);
    struct introduction seen = seen_by(&c, c.buyer, asked);
    assert_int_equal(seen.answerer, 0);
    assert_false(known_integer(seen.rank));
    assert_null(seen.spoke);
    assert_int_equal(seen_by(&c, c.buyer, guessed).rank, 3);
}

static void acts_are_for_whom_they_are(void **state)
{
    struct cast c = cast_of(state);
    int64_t id = propose(&c, c.buyer, 0), card = card_id(&c, id);
    const struct deal_answer stale = {.act = "accept", .version = 17},
                             bad_value = {.act = "order", .value = "x"};
    assert_fault(act(&c, c.buyer, id, "accept", NULL), FAULT_DENIED);
    assert_fault(act(&c, c.facilitator, id, "accept", NULL), FAULT_DENIED);
    assert_fault(act(&c, c.heads[0], id, "accept", NULL), FAULT_NOT_FOUND);
    assert_fault(act(&c, c.buyer, id, "consent", NULL), FAULT_CONFLICT);
    assert_fault(act(&c, c.buyer, id, "dance", NULL), FAULT_INVALID);
    assert_fault(answer(&c, 0, id, "decline", NULL), FAULT_INVALID);
    assert_fault(answer(&c, 0, id, "decline", "another_chosen"), FAULT_INVALID);
    assert_fault(deal_answer_card(scene_door(c.scene, c.heads[0]), card, &stale), FAULT_CONFLICT);
    assert_fault(deal_answer_card(scene_door(c.scene, c.heads[1]), card, &stale), FAULT_NOT_FOUND);
    assert_ok(answer(&c, 0, id, "accept", NULL));
    assert_fault(act(&c, c.facilitator, id, "consent", NULL), FAULT_DENIED);
    const struct deal_answer spoken = {
        .act = "close", .reason = "no_answer", .words = "Ils sont en faillite."};
    assert_fault(deal_act(scene_door(c.scene, c.facilitator), id, &spoken), FAULT_INVALID);
    assert_ok(answer(&c, 0, id, "take_back", NULL));
    assert_ok(answer(&c, 0, id, "ask_call", NULL));
    assert_int_equal(waits_on(&c, c.facilitator, id), 1);
    assert_ok(act(&c, c.facilitator, id, "called", NULL));
    assert_ok(answer(&c, 0, id, "accept", NULL));
    assert_ok(act(&c, c.buyer, id, "consent", NULL));
    assert_ok(act(&c, c.facilitator, id, "quote", NULL));
    assert_fault(deal_act(scene_door(c.scene, c.buyer), id, &bad_value), FAULT_INVALID);
    assert_string_equal(seen_by(&c, c.buyer, id).state, "quoted"); /* what was refused changed nothing */
}

static void no_form_and_no_undo_goes_around_the_acts(void **state)
{
    struct cast c = cast_of(state);
    int64_t id = propose(&c, c.buyer, 0);
    assert_ok(answer(&c, 0, id, "accept", NULL));
    assert_ok(act(&c, c.buyer, id, "consent", NULL));
    const int64_t people[] = {c.buyer, c.facilitator};
    for (size_t i = 0; i < COUNT(people); i++) {
        struct door *d = scene_door(c.scene, people[i]);
        struct introduction seen = seen_by(&c, people[i], id);
        struct history_line *lines = NULL;
        size_t count = 0;
        seen.state = "proposed";
        assert_fault(door_save(d, introduction, &seen, ALL_FIELDS), FAULT_DENIED);
        assert_fault(door_delete(d, &introduction_type, id, seen.version), FAULT_DENIED);
        assert_false(door_may_create(d, &introduction_type) || door_may_create(d, &blind_card_type));
        assert_ok(door_history(d, &introduction_type, id, &lines, &count));
        assert_int_equal(count, 3);
        assert_non_null(undo_entry(scene_door(c.scene, people[i]), lines[0].entry));
    }
    assert_string_equal(seen_by(&c, c.buyer, id).state, "agreed");
}

static void a_need_is_asked_about_only_when_it_may_be(void **state)
{
    struct cast c = cast_of(state);
    int64_t id = 0, need = c.need;
    struct door *buyer = scene_door(c.scene, c.buyer);
    assert_fault(deal_propose(buyer, &(struct deal_proposal){c.need, c.brand}, &id), FAULT_INVALID);
    assert_fault(deal_propose(buyer, &(struct deal_proposal){c.need, 4242}, &id), FAULT_INVALID);
    assert_fault(
        deal_propose(scene_door(c.scene, c.heads[0]), &(struct deal_proposal){c.need, c.firms[1]}, &id),
        FAULT_NOT_FOUND);
    c.need = add_need(&c, "confidential", "draft");
    assert_fault(deal_propose(scene_door(c.scene, c.buyer), &(struct deal_proposal){c.need, c.firms[0]}, &id),
                 FAULT_INVALID);
    c.need = add_need(&c, "private", "open");
    assert_fault(deal_propose(scene_door(c.scene, c.buyer), &(struct deal_proposal){c.need, c.firms[0]}, &id),
                 FAULT_INVALID);
    c.need = add_need(&c, "space", "open");
    assert_fault(
        deal_propose(scene_door(c.scene, c.heads[0]), &(struct deal_proposal){c.need, c.firms[1]}, &id),
        FAULT_DENIED);
    id = propose(&c, c.buyer, 0); /* what all members may read hides nothing */
    assert_int_equal(card_of(&c, id).asker, c.brand);
    assert_false(known_integer(card_of(&c, id).plausible));
    c.need = need;
    assert_int_equal(waits_on(&c, c.facilitator, need), 1);
    assert_int_equal(waits_on(&c, c.buyer, need), 1);
    assert_int_equal(waits_on(&c, c.heads[0], need), 0);
    id = propose(&c, c.facilitator, 0);
    assert_int_equal(waits_on(&c, c.facilitator, need) + waits_on(&c, c.buyer, need), 0);
    assert_ok(answer(&c, 0, id, "decline", "not_our_trade"));
    assert_int_equal(waits_on(&c, c.facilitator, need), 1); /* nobody is asked any more */
    struct door *early = scene_door(c.scene, c.buyer);      /* it still sees the need open */
    struct need n;
    assert_ok(door_load(early, need, need, &n, NULL));
    n.state = "abandoned";
    assert_ok(door_save(scene_program(c.scene), need, &n, ALL_FIELDS));
    assert_non_null(deal_propose(early, &(struct deal_proposal){need, c.firms[3]}, &id));
    assert_int_equal(waits_on(&c, c.facilitator, need), 0);
}

static void a_card_that_betrays_is_not_sent(void **state)
{
    struct scene *s = *state;
    struct cast c = {.scene = s};
    int64_t id = 0;
    c.brand = scene_organisation(s, "Maison Cachée", "space");
    c.buyer = scene_person(s, "Hélène Acheteuse", "member", c.brand);
    c.need = add_need(&c, "confidential", "open");
    for (int i = 0; i < PLAUSIBLE_LEAST - 1; i++)
        c.firms[i] = scene_organisation(s, "Petite", "space");
    assert_fault(deal_propose(scene_door(s, c.buyer), &(struct deal_proposal){c.need, c.firms[0]}, &id),
                 FAULT_CONFLICT);
    c.firms[PLAUSIBLE_LEAST] = scene_organisation(s, "Cinquième", "space");
    assert_ok(deal_propose(scene_door(s, c.buyer), &(struct deal_proposal){c.need, c.firms[0]}, &id));
    struct card_draft draft;
    struct need n;
    struct door *d = scene_door(s, c.buyer);
    assert_ok(door_load(d, need, c.need, &n, NULL));
    assert_ok(deal_draft(d, &n, c.firms[1], 0, &draft));
    assert_int_equal(draft.card.plausible, PLAUSIBLE_LEAST);
    assert_int_equal(draft.card.processes.count + draft.card.materials.count, 0); /* only bands are left */
}

static const char *told_silent(struct cast *c, int64_t person, int64_t organisation)
{
    ARENA_SCOPE(a);
    struct card_draft draft;
    struct need n;
    struct door *d = scene_door_in(c->scene, a, person);
    assert_ok(door_load(d, need, c->need, &n, NULL));
    assert_ok(deal_draft(d, &n, organisation, 0, &draft));
    return draft.silent ? "yes" : "no";
}

static void let_sign_in(struct cast *c, int64_t person, enum flag active)
{
    struct person p;
    assert_ok(door_load(scene_program(c->scene), person, person, &p, NULL));
    p.active = active;
    assert_ok(door_save(scene_program(c->scene), person, &p, ALL_FIELDS));
}

static void silence_comes_to_the_facilitators(void **state)
{
    struct cast c = cast_of(state);
    int64_t now = now_us(), id = propose(&c, c.buyer, 0);
    int64_t orphan = scene_organisation(c.scene, "Sans compte", "space");
    int64_t silent = 0;
    assert_ok(deal_propose(scene_door(c.scene, c.buyer), &(struct deal_proposal){c.need, orphan}, &silent));
    assert_int_equal(waits_on(&c, c.facilitator, silent), 1);    /* nobody there can answer */
    assert_string_equal(told_silent(&c, c.buyer, orphan), "no"); /* and that is not the buyer's to know */
    assert_string_equal(told_silent(&c, c.facilitator, orphan), "yes");
    assert_int_equal(seen_by(&c, c.buyer, silent).due, seen_by(&c, c.buyer, id).due);
    assert_string_equal(told_silent(&c, c.facilitator, c.firms[0]), "no");
    let_sign_in(&c, c.heads[0], FLAG_NO);
    assert_string_equal(told_silent(&c, c.facilitator, c.firms[0]), "yes");
    assert_int_equal(waits_on(&c, c.facilitator, id), 1);
    assert_int_equal(waits_on(&c, c.buyer, id), 0);
    let_sign_in(&c, c.heads[0], FLAG_YES);
    clock_hold(now + 20 * 24 * 3600 * SECOND_US);
    assert_int_equal(waits_on(&c, c.facilitator, id), 0);
    clock_hold(now + 21 * 24 * 3600 * SECOND_US);
    assert_int_equal(waits_on(&c, c.facilitator, id), 1);
    assert_int_equal(waits_on(&c, c.heads[0], card_id(&c, id)), 1);
    assert_ok(act(&c, c.facilitator, id, "close", "no_answer"));
    assert_int_equal(waits_on(&c, c.facilitator, id), 0);
    assert_string_equal(card_of(&c, id).state, "expired");
    clock_hold(0);
}

static struct fault *ask(struct cast *c, int64_t person, int firm, const char *reason, int64_t *id)
{
    const struct deal_proposal wish = {c->need, c->firms[firm], .rank = 2, .reason = reason};
    return deal_propose(scene_door(c->scene, person), &wish, id);
}

static void ask_for_more(struct cast *c)
{
    struct need n;
    struct door *d = scene_door(c->scene, c->buyer);
    assert_ok(door_load(d, need, c->need, &n, NULL));
    n.quantity *= 100;
    assert_ok(door_save(d, need, &n, ALL_FIELDS));
}

static void who_said_no_is_not_asked_the_same_again(void **state)
{
    struct cast c = cast_of(state);
    int64_t now = now_us(), id = 0, again = 0;
    const char *why = NULL;
    assert_ok(answer(&c, 0, propose(&c, c.buyer, 0), "decline", "no_capacity"));
    struct fault *refused = ask(&c, c.buyer, 0, "Nous insistons.", &id);
    assert_fault(refused, FAULT_CONFLICT);
    assert_string_equal(refused->field, "organisation");
    const int64_t first = c.need;
    c.need = add_need(&c, "confidential", "open"); /* copied */
    assert_fault(ask(&c, c.buyer, 0, NULL, &id), FAULT_CONFLICT);
    assert_ok(ask(&c, c.buyer, 1, NULL, &id)); /* who was not asked yet */
    c.need = first;
    refused = ask(&c, c.facilitator, 0, NULL, &id);
    assert_fault(refused, FAULT_INVALID);
    assert_string_equal(refused->field, "reason");
    assert_ok(ask(&c, c.facilitator, 0, "Ils ont embauché.", &id));
    assert_ok(ask(&c, c.facilitator, 0, NULL, &again)); /* it is open: nothing is asked anew */
    assert_int_equal(id, again);
    assert_ok(deal_asked_again(scene_door(c.scene, c.facilitator), id, &why));
    assert_string_equal(why, "Ils ont embauché.");
    assert_null(strstr(told_to(&c, c.buyer, &introduction_type, id), "embauché"));
    assert_ok(deal_asked_again(scene_door(c.scene, c.buyer), id, &why));
    assert_null(why);
    assert_fault(ask(&c, c.buyer, 0, NULL, &again),
                 FAULT_CONFLICT); /* whom they asked is not the buyer's to know */
    assert_ok(answer(&c, 0, id, "decline", "no_capacity"));

    clock_hold(now + 91 * 24 * 3600 * SECOND_US);
    assert_ok(ask(&c, c.buyer, 0, NULL, &id));
    assert_ok(answer(&c, 0, id, "decline", "no_capacity"));
    ask_for_more(&c);
    assert_ok(ask(&c, c.buyer, 0, NULL, &id));
    clock_hold(0);
}

/* Ended ones between the asker and another firm, as acts leave them. */
static void add_ended(struct cast *c, int64_t answerer, int count)
{
    struct introduction i;
    struct blind_card card;
    struct door *d = scene_program(c->scene);
    assert_ok(door_begin(d));
    for (int k = 0; k < count; k++) {
        record_clear(&introduction_type, &i);
        record_start(&introduction_type, &i);
        record_clear(&blind_card_type, &card);
        record_start(&blind_card_type, &card);
        i.organisation = c->brand;
        i.answerer = card.organisation = answerer;
        i.subject = card.subject = "Pignon";
        i.since = card.since = today();
        assert_ok(rows_insert(door_transaction(d), &introduction_type, &i, 0));
        card.introduction = i.id;
        assert_ok(rows_insert(door_transaction(d), &blind_card_type, &card, 0));
    }
    assert_ok(door_commit(d));
}

static void what_was_asked_and_said_holds_however_much_was_asked_since(void **state)
{
    struct cast c = cast_of(state);
    int64_t again = 0;
    add_ended(&c, c.firms[2], LIMIT_LIST_ROWS);
    assert_ok(answer(&c, 0, propose(&c, c.buyer, 0), "decline", "no_capacity"));
    int64_t open = propose(&c, c.buyer, 1);
    add_ended(&c, c.firms[2], LIMIT_LIST_ROWS);
    assert_fault(ask(&c, c.buyer, 0, NULL, &again), FAULT_CONFLICT);
    assert_ok(ask(&c, c.buyer, 1, NULL, &again));
    assert_int_equal(again, open);
}

/* A no to the facilitators is not told to whose need it is. */
static void what_the_facilitators_were_answered_stands_in_nobodys_way(void **state)
{
    struct cast c = cast_of(state);
    int64_t id = 0;
    assert_ok(answer(&c, 0, propose(&c, c.facilitator, 0), "decline", "not_our_trade"));
    assert_ok(ask(&c, c.buyer, 0, NULL, &id));
    assert_ok(act(&c, c.buyer, id, "decline", "need_gone")); /* the buyer's own no holds for nobody */
    assert_ok(ask(&c, c.buyer, 0, NULL, &id));
}

/* --- at once ----------------------------------------------------------------------------------------------
 */

enum { AT_ONCE = 10, CONSENTS = 50, PROPOSALS = 100 }; /* as many at once as a server has workers */

struct runner {
    struct cast *cast;
    int64_t introduction; /* to consent to; 0: to propose */
    int turns, done;
    int64_t made;
};

static void *run(void *of)
{
    struct runner *r = of;
    const struct deal_answer yes = {.act = "consent"};
    for (int i = 0; i < r->turns; i++) {
        ARENA_SCOPE(a);
        struct door *d = NULL;
        int64_t made = 0;
        if (door_open(r->cast->scene->space, a, r->cast->buyer, &d))
            continue;
        r->done += r->introduction
                       ? !deal_act(d, r->introduction, &yes)
                       : !deal_propose(d, &(struct deal_proposal){r->cast->need, r->cast->firms[0]}, &made) &&
                             (!r->made || r->made == made);
        r->made = made;
    }
    return NULL;
}

/* How many of them were done; *made: what all of them made. */
static int run_all(struct cast *c, int64_t introduction, int times, int64_t *made)
{
    pthread_t threads[AT_ONCE];
    struct runner runners[AT_ONCE];
    int done = 0;
    for (int i = 0; i < AT_ONCE; i++) {
        runners[i] = (struct runner){.cast = c, .introduction = introduction, .turns = times / AT_ONCE};
        assert_int_equal(pthread_create(&threads[i], NULL, run, &runners[i]), 0);
    }
    for (int i = 0; i < AT_ONCE; i++) {
        (void)pthread_join(threads[i], NULL);
        done += runners[i].done;
        assert_int_equal(runners[i].made, runners[0].made);
    }
    *made = runners[0].made;
    return done;
}

static size_t entries_of(struct cast *c, const struct record_type *type, int64_t id)
{
    struct history_line *lines = NULL;
    size_t count = 0;
    assert_ok(door_history(scene_door(c->scene, c->facilitator), type, id, &lines, &count));
    return count;
}

static void fifty_consents_and_a_hundred_proposals_have_one_effect(void **state)
{
    struct cast c = cast_of(state);
    int64_t id = 0, none = 0;
    assert_int_equal(run_all(&c, 0, PROPOSALS, &id), PROPOSALS);
    assert_int_equal(entries_of(&c, &introduction_type, id), 1);
    assert_ok(answer(&c, 0, id, "accept", NULL));
    assert_int_equal(run_all(&c, id, CONSENTS, &none), 1);
    assert_int_equal(entries_of(&c, &introduction_type, id), 3);
    assert_int_equal(entries_of(&c, &blind_card_type, card_id(&c, id)), 3);
}

/* --- any order --------------------------------------------------------------------------------------------
 */

/* Who is waited for, by the table alone, is who has it in the queue; and both records say the same. */
static void assert_queue(struct cast *c, int k, int64_t id)
{
    ARENA_SCOPE(a);
    struct door *d = scene_door_in(c->scene, a, c->facilitator);
    struct introduction i;
    struct blind_card card;
    enum introduction_state at;
    assert_ok(door_load(d, introduction, id, &i, NULL));
    assert_ok(deal_card_of(d, id, &card));
    assert_true(introduction_state_of(i.state, &at));
    assert_string_equal(card.state, i.state);
    int waits = introduction_waits(at, today() - i.since, &reminder_default);
    assert_int_equal(waits_on(c, c->buyer, id), (waits & PARTY_ASKER) != 0);
    assert_int_equal(waits_on(c, c->facilitator, id), (waits & PARTY_FACILITATOR) != 0);
    assert_int_equal(waits_on(c, c->heads[k], card.id), (waits & PARTY_ANSWERER) != 0);
}

static bool is_over(struct cast *c, int64_t id)
{
    ARENA_SCOPE(a);
    struct introduction i;
    assert_ok(door_load(scene_door_in(c->scene, a, c->facilitator), introduction, id, &i, NULL));
    return !known_integer(i.due);
}

static void queues_are_exact_in_whatever_order_things_happen(void **state)
{
    enum { ROUNDS = 120 };
    struct cast c = cast_of(state);
    struct random random = random_seeded(11, 4);
    int64_t now = now_us(), ids[ASKED], made = 0;
    for (int k = 0; k < ASKED; k++)
        ids[k] = propose(&c, c.buyer, k);
    for (int round = 0; round < ROUNDS; round++) {
        int k = (int)random_below(&random, ASKED);
        const struct introduction_step *step =
            &introduction_steps[random_below(&random, introduction_step_count)];
        const char *code = introduction_acts[step->act].code;
        struct fault *refused = step->by & PARTY_ANSWERER ? answer(&c, k, ids[k], code, "other")
                                : step->by & PARTY_ASKER  ? act(&c, c.buyer, ids[k], code, "other")
                                                          : act(&c, c.facilitator, ids[k], code, "other");
        made += !refused;
        if (random_below(&random, 4) == 0)
            clock_hold(now += (int64_t)random_below(&random, 9) * 24 * 3600 * SECOND_US);
        for (int at = 0; at < ASKED; at++)
            assert_queue(&c, at, ids[at]);
        for (int at = 0; at < ASKED; at++) /* what is over is begun anew, once a no holds no longer */
            if (is_over(&c, ids[at])) {
                clock_hold(now += 91 * 24 * 3600 * SECOND_US);
                ids[at] = propose(&c, c.buyer, at);
            }
    }
    print_message("# %lld acts made\n", (long long)made);
    assert_true(made > 10);
    clock_hold(0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(who_is_asked_sees_a_card_and_nothing_else, scene_open, scene_close),
        cmocka_unit_test_setup_teardown(two_accept_one_is_chosen_and_the_loser_learns_nothing, scene_open,
                                        scene_close),
        cmocka_unit_test_setup_teardown(whom_the_facilitators_asked_is_not_guessed, scene_open, scene_close),
        cmocka_unit_test_setup_teardown(acts_are_for_whom_they_are, scene_open, scene_close),
        cmocka_unit_test_setup_teardown(no_form_and_no_undo_goes_around_the_acts, scene_open, scene_close),
        cmocka_unit_test_setup_teardown(a_need_is_asked_about_only_when_it_may_be, scene_open, scene_close),
        cmocka_unit_test_setup_teardown(a_card_that_betrays_is_not_sent, scene_open, scene_close),
        cmocka_unit_test_setup_teardown(silence_comes_to_the_facilitators, scene_open, scene_close),
        cmocka_unit_test_setup_teardown(who_said_no_is_not_asked_the_same_again, scene_open, scene_close),
        cmocka_unit_test_setup_teardown(what_was_asked_and_said_holds_however_much_was_asked_since,
                                        scene_open, scene_close),
        cmocka_unit_test_setup_teardown(what_the_facilitators_were_answered_stands_in_nobodys_way, scene_open,
                                        scene_close),
        cmocka_unit_test_setup_teardown(fifty_consents_and_a_hundred_proposals_have_one_effect, scene_open,
                                        scene_close),
        cmocka_unit_test_setup_teardown(queues_are_exact_in_whatever_order_things_happen, scene_open,
                                        scene_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
