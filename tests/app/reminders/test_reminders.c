/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Letters to whom an act is owed, and what their links do: just that, once, for whom they were written. */
#include "reminders/reminders.h"

#include "app/accounts/desk.h"

#include <pthread.h>
#include <string.h>

#include "accounts/links.h"
#include "accounts/second_step.h"
#include "clock/clock.h"
#include "digests/digests.h"
#include "introductions/deal_calls.h"
#include "introductions/reminder_plans.h"
#include "reminders/concerned.h"
#include "reminders/mail_act.h"

static int week; /* each test lives later than the one before: identifiers only grow */

static void hold(struct desk *d, int day, int hour)
{
    d->now_us = day_start_us(day_of(2026, 11, 25) + 400 * week + day) + hour * 3600 * SECOND_US;
    clock_hold(d->now_us);
}

/* --- letters that were carried -------------------------------------------------------------------------- */

enum { MOST_LETTERS = 16 };
static struct box {
    struct kept {
        char to[128], subject[256], text[4096], token[65];
    } at[MOST_LETTERS];
    int count;
} box;

static void keep(void *owner, const struct outgoing *l, struct carried *c)
{
    struct kept *k = &box.at[box.count++ % MOST_LETTERS];
    const char *link = strstr(l->text, "/reponse/");
    (void)owner;
    (void)snprintf(k->to, sizeof k->to, "%s", l->to);
    (void)snprintf(k->subject, sizeof k->subject, "%s", l->subject);
    (void)snprintf(k->text, sizeof k->text, "%s", l->text);
    (void)snprintf(k->token, sizeof k->token, "%s", link ? link + strlen("/reponse/") : "");
    c->outcome = OUTCOME_SENT;
}

/* How many letters were written, and all of them carried. */
static size_t write_all(struct desk *d)
{
    size_t written = 0;
    assert_ok(reminders_write(d->house, d->space, &written));
    desk_post(d);
    return written;
}

/* The newest to an address. */
static const struct kept *letter_to(const char *address)
{
    for (int i = box.count; i-- > 0;)
        if (strcmp(box.at[i].to, address) == 0)
            return &box.at[i];
    fail_msg("no letter to %s", address);
    return NULL;
}

/* --- a need of Rosa's, about which the firm of Marc and Léa is asked --------------------------------------
 */

struct stage {
    struct desk *desk;
    int64_t rosa, lea, introduction;
};

static struct door *door_in(struct desk *d, struct arena *a, int64_t person)
{
    struct door *door = NULL;
    assert_ok(person ? door_open(d->space->space, a, person, &door)
                     : door_open_program(d->space->space, a, &door));
    return door;
}

static int64_t ask(struct stage *s, const char *title, const char *level)
{
    ARENA_SCOPE(a);
    struct door *door = door_in(s->desk, a, s->rosa);
    struct need n;
    int64_t made = 0;
    record_clear(&need_type, &n);
    n.organisation = s->desk->rival;
    n.title = n.text = title;
    n.size = (struct interval){800000, 800000};
    n.state = "open";
    n.visibility = level;
    assert_ok(door_save(door, need, &n, ALL_FIELDS));
    assert_ok(deal_propose(door, &(struct deal_proposal){n.id, s->desk->firm}, &made));
    return made;
}

static struct stage stage_of(void **state)
{
    struct stage s = {.desk = *state};
    box.count = 0;
    post_by(house_post(s.desk->house), &(struct carrier){.carry = keep});
    hold(s.desk, 0, 12);
    s.rosa = desk_person(s.desk, "Rosa Rivale", "rosa@example.org", "member", s.desk->rival);
    s.lea = desk_person(s.desk, "Léa Exemple", "lea@example.org", "member", s.desk->firm);
    s.introduction = ask(&s, "Axe de barillet", "space");
    return s;
}

static int open_later(void **state)
{
    week++;
    return desk_open(state);
}

static const char *state_of(struct stage *s)
{
    struct introduction i;
    assert_ok(door_load(door_in(s->desk, s->desk->arena, 0), introduction, s->introduction, &i, NULL));
    return i.state;
}

static struct fault *use(struct stage *s, const char *token, const char *act, const char *reason)
{
    ARENA_SCOPE(a);
    struct mail_act m;
    TRY(mail_act_open(s->desk->house, s->desk->space, token, a, &m));
    return mail_act_do(s->desk->house, &m,
                       (struct deal_answer){.act = act, .reason = reason, .words = "Par courrier"});
}

static struct fault *look(struct stage *s, const char *token)
{
    ARENA_SCOPE(a);
    struct mail_act m;
    return mail_act_open(s->desk->house, s->desk->space, token, a, &m);
}

/* --- letters -------------------------------------------------------------------------------------------- */

static void whom_an_act_is_owed_by_is_written_to_once(void **state)
{
    struct stage s = stage_of(state);
    static const struct {
        int day, hour;
        size_t letters; /* to Marc and Léa, from the third reminder on to Anne too */
    } days[] = {{0, 23, 2}, {1, 12, 0}, {2, 12, 0}, {2, 23, 0}, {3, 6, 0},  {3, 7, 2},  {4, 12, 0},
                {9, 12, 2}, {9, 12, 0}, {21, 8, 3}, {22, 8, 0}, {30, 8, 0}, {60, 8, 0}, {110, 8, 0}};
    for (size_t i = 0; i < COUNT(days); i++) {
        print_message("# day %d, %d h\n", days[i].day, days[i].hour);
        hold(s.desk, days[i].day, days[i].hour);
        assert_int_equal(write_all(s.desk), days[i].letters);
    }
    assert_string_equal(letter_to("anne@example.org")->token, ""); /* facilitators sign in */
    assert_non_null(strstr(letter_to("anne@example.org")->text, "/mises-en-relation/"));
    assert_string_equal(letter_to("marc@example.org")->subject, "Dites si vous savez faire");
}

static void nobody_is_written_to_who_wants_no_letters_or_owes_nothing(void **state)
{
    struct stage s = stage_of(state);
    struct person lea = desk_load(s.desk, s.lea);
    lea.active = FLAG_NO;
    desk_save(s.desk, &lea);
    assert_ok(digest_set(s.desk->space, s.desk->marc, "never"));
    assert_int_equal(write_all(s.desk), 0);
    assert_ok(digest_set(s.desk->space, s.desk->marc, "week"));
    assert_int_equal(write_all(s.desk), 1);
    assert_string_equal(box.at[0].to, "marc@example.org");
}

/* Enough organisations that could have written the card, so that it is blind and sent. */
static void a_letter_about_a_request_says_what_its_card_says(void **state)
{
    struct stage s = stage_of(state);
    for (int i = 0; i < 8; i++) {
        ARENA_SCOPE(a);
        struct organisation o;
        record_clear(&organisation_type, &o);
        o.name = arena_print(a, "Maison %d", i);
        o.visibility = "space";
        assert_ok(door_save(door_in(s.desk, a, 0), organisation, &o, ALL_FIELDS));
    }
    assert_int_equal(write_all(s.desk), 2);
    (void)ask(&s, "Pignon secret du calibre caché", "confidential");
    assert_int_equal(write_all(s.desk), 2);
    const struct kept *l = letter_to("marc@example.org");
    assert_non_null(strstr(l->text, "Cotes, par tranche"));
    assert_null(strstr(l->text, "secret"));
    assert_null(strstr(l->text, "Autre Maison"));
    assert_null(strstr(l->text, "Rosa"));
    assert_null(strstr(l->subject, "secret"));
}

static size_t concerned(struct stage *s, int64_t after, const int64_t *whom, size_t count, bool *everybody)
{
    int64_t *people = NULL;
    size_t found = 0, known = 0;
    assert_ok(reminders_concerned(s->desk->space, s->desk->arena, after, &people, &found, everybody));
    for (size_t i = 0; i < found; i++)
        for (size_t k = 0; k < count; k++)
            known += people[i] == whom[k];
    assert_int_equal(known, count);
    return found;
}

static int64_t newest(struct stage *s)
{
    int64_t entry = 0;
    assert_ok(door_generation(door_in(s->desk, s->desk->arena, 0), &entry));
    return entry;
}

/* A round asks nobody else's queue. */
static void a_change_concerns_both_sides_and_the_facilitators(void **state)
{
    struct stage s = stage_of(state);
    bool everybody = false;
    const int64_t stranger = desk_person(s.desk, "Paul Passant", "paul@example.org", "member", 0);
    const int64_t both[] = {s.rosa, s.lea, s.desk->marc, s.desk->anne};
    assert_int_equal(write_all(s.desk), 2);
    int64_t before = newest(&s);
    assert_int_equal(concerned(&s, before, NULL, 0, &everybody), 0);
    assert_ok(use(&s, letter_to("lea@example.org")->token, "accept", NULL));
    assert_int_equal(concerned(&s, before, both, COUNT(both), &everybody), COUNT(both));
    before = newest(&s);
    struct person p = desk_load(s.desk, stranger);
    p.title = "Gérant";
    desk_save(s.desk, &p);
    assert_int_equal(concerned(&s, before, &stranger, 1, &everybody), 1);
    assert_false(everybody);
    assert_ok(reminder_choose(door_in(s.desk, s.desk->arena, s.desk->anne), 0, "2, 5", "21"));
    (void)concerned(&s, before, NULL, 0, &everybody);
    assert_true(everybody);
}

/* --- links ---------------------------------------------------------------------------------------------- */

static void a_link_does_its_act_once_as_its_reader(void **state)
{
    struct stage s = stage_of(state);
    struct blind_card card;
    struct history_line *lines = NULL;
    size_t before = 0, after = 0;
    assert_int_equal(write_all(s.desk), 2);
    struct door *anne = door_in(s.desk, s.desk->arena, s.desk->anne);
    assert_ok(deal_card_of(anne, s.introduction, &card));
    assert_ok(door_history(anne, &blind_card_type, card.id, &lines, &before));
    const char *token = letter_to("marc@example.org")->token;
    assert_ok(look(&s, token));
    assert_ok(look(&s, token)); /* looking uses nothing up */
    assert_string_equal(state_of(&s), "proposed");
    assert_fault(use(&s, token, "decline", NULL), FAULT_INVALID); /* it asks why */
    assert_fault(use(&s, token, "consent", NULL), FAULT_CONFLICT);
    assert_fault(use(&s, token, "close", "no_answer"), FAULT_DENIED);
    assert_ok(use(&s, token, "ask_call", NULL));
    assert_string_equal(state_of(&s), "call_asked");
    assert_fault(use(&s, token, "accept", NULL), FAULT_CONFLICT);
    assert_fault(look(&s, letter_to("lea@example.org")->token), FAULT_CONFLICT); /* a colleague was first */
    anne = door_in(s.desk, s.desk->arena, s.desk->anne);
    assert_ok(door_history(anne, &blind_card_type, card.id, &lines, &after));
    assert_int_equal(after, before + 1);
    assert_string_equal(lines[0].person, "Marc Exemple");
    assert_ok(deal_card_of(anne, s.introduction, &card));
    assert_string_equal(card.words, "Par courrier");
    assert_int_equal(write_all(s.desk), 1); /* who calls */
    assert_string_equal(letter_to("anne@example.org")->subject, "Appelez l’entreprise sollicitée");
}

static void each_side_acts_in_its_turn(void **state)
{
    struct stage s = stage_of(state);
    assert_int_equal(write_all(s.desk), 2);
    assert_ok(use(&s, letter_to("lea@example.org")->token, "accept", NULL));
    assert_int_equal(write_all(s.desk), 1);
    const struct kept *l = letter_to("rosa@example.org");
    assert_non_null(strstr(l->text, "Dites si vous voulez"));
    assert_ok(use(&s, l->token, "consent", NULL));
    assert_string_equal(state_of(&s), "agreed");
    assert_fault(use(&s, l->token, "decline", "terms"), FAULT_CONFLICT);
}

/* Neither record has changed: the letter has done its part all the same, and what is owed is owed still. */
static void who_wants_a_call_has_used_the_link(void **state)
{
    struct stage s = stage_of(state);
    struct call *calls = NULL;
    size_t count = 0;
    assert_int_equal(write_all(s.desk), 2);
    assert_ok(use(&s, letter_to("lea@example.org")->token, "accept", NULL));
    assert_int_equal(write_all(s.desk), 1);
    const char *token = letter_to("rosa@example.org")->token;
    assert_ok(use(&s, token, "ask_call", NULL));
    assert_fault(look(&s, token), FAULT_CONFLICT);
    assert_fault(use(&s, token, "ask_call", NULL), FAULT_CONFLICT);
    assert_fault(use(&s, token, "consent", NULL), FAULT_CONFLICT);
    assert_string_equal(state_of(&s), "accepted");
    struct door *anne = door_in(s.desk, s.desk->arena, s.desk->anne);
    assert_ok(deal_calls(anne, s.introduction, &calls, &count));
    assert_int_equal(count, 1);
    assert_ok(deal_act(door_in(s.desk, s.desk->arena, s.rosa), s.introduction,
                       &(struct deal_answer){.act = "ask_call", .words = "Par courrier"}));
    assert_ok(deal_calls(anne, s.introduction, &calls, &count));
    assert_int_equal(count, 1); /* the same said twice at once, before the link is closed */
}

/* Opened twice before either was sent off. */
static void of_two_words_at_once_by_one_link_one_is_heard(void **state)
{
    struct stage s = stage_of(state);
    struct mail_act opened[2];
    struct call *calls = NULL;
    size_t count = 0;
    assert_int_equal(write_all(s.desk), 2);
    assert_ok(use(&s, letter_to("lea@example.org")->token, "accept", NULL));
    assert_int_equal(write_all(s.desk), 1);
    const char *token = letter_to("rosa@example.org")->token;
    assert_fault(use(&s, token, "decline", NULL), FAULT_INVALID); /* and is said otherwise */
    for (size_t i = 0; i < COUNT(opened); i++)
        assert_ok(mail_act_open(s.desk->house, s.desk->space, token, s.desk->arena, &opened[i]));
    assert_ok(
        mail_act_do(s.desk->house, &opened[0], (struct deal_answer){.act = "ask_call", .words = "Lundi"}));
    assert_fault(
        mail_act_do(s.desk->house, &opened[1], (struct deal_answer){.act = "ask_call", .words = "Mardi"}),
        FAULT_CONFLICT);
    assert_ok(deal_calls(door_in(s.desk, s.desk->arena, s.desk->anne), s.introduction, &calls, &count));
    assert_int_equal(count, 1);
    assert_string_equal(calls[0].said, "Lundi");
}

static void a_link_is_nothing_without_its_reader(void **state)
{
    struct stage s = stage_of(state);
    struct entry entry;
    struct caller caller = desk_caller("192.0.2.7");
    struct list_page page;
    assert_int_equal(write_all(s.desk), 2);
    const char *marc = letter_to("marc@example.org")->token, *lea = letter_to("lea@example.org")->token;
    assert_fault(look(&s, ""), FAULT_NOT_FOUND);
    assert_fault(look(&s, "0000"), FAULT_NOT_FOUND);
    assert_fault(link_take(s.desk->house, s.desk->space, marc, s.desk->arena, &caller, &entry),
                 FAULT_NOT_FOUND); /* it signs nobody in */
    struct person p = desk_load(s.desk, s.lea);
    const char *before = p.email;
    p.email = "ailleurs@example.org"; /* whoever has the old address now is not she */
    desk_save(s.desk, &p);
    assert_fault(use(&s, lea, "accept", NULL), FAULT_NOT_FOUND);
    p = desk_load(s.desk, s.lea);
    p.email = before;
    desk_save(s.desk, &p);
    assert_ok(look(&s, lea));
    p = desk_load(s.desk, s.lea);
    p.active = FLAG_NO;
    desk_save(s.desk, &p);
    assert_fault(use(&s, lea, "accept", NULL), FAULT_NOT_FOUND);
    struct door *program = door_in(s.desk, s.desk->arena, 0);
    assert_ok(door_list(program, &(struct list_request){.type = &mandate_type}, &page));
    for (size_t i = 0; i < page.count; i++) {
        struct mandate *m = (struct mandate *)page.records + i;
        m->until = today() - 1;
        if (m->person == s.desk->marc)
            assert_ok(door_save(program, mandate, m, ALL_FIELDS));
    }
    assert_fault(use(&s, marc, "accept", NULL), FAULT_NOT_FOUND);
    assert_string_equal(state_of(&s), "proposed");
}

static void a_link_ends(void **state)
{
    struct stage s = stage_of(state);
    assert_int_equal(write_all(s.desk), 2);
    const char *marc = letter_to("marc@example.org")->token, *lea = letter_to("lea@example.org")->token;
    assert_ok(accounts_sessions_end(s.desk->house, s.desk->space, s.lea, 0));
    assert_fault(look(&s, lea), FAULT_NOT_FOUND); /* whoever ends what is open ends this too */
    hold(s.desk, MAIL_ACT_DAYS, 11);
    assert_ok(look(&s, marc));
    hold(s.desk, MAIL_ACT_DAYS, 13);
    assert_fault(look(&s, marc), FAULT_NOT_FOUND);
    assert_fault(use(&s, marc, "accept", NULL), FAULT_NOT_FOUND);
}

static void who_signs_in_with_two_steps_acts_after_it(void **state)
{
    struct stage s = stage_of(state);
    assert_int_equal(write_all(s.desk), 2);
    const char *marc = letter_to("marc@example.org")->token;
    assert_ok(second_step_want(s.desk->house, s.desk->space, ROLE_MEMBER));
    assert_fault(use(&s, marc, "accept", NULL), FAULT_NOT_FOUND);
    hold(s.desk, 3, 12);
    assert_int_equal(write_all(s.desk), 2);
    const struct kept *l = letter_to("marc@example.org");
    assert_string_equal(l->token, "");
    assert_non_null(strstr(l->text, "/demandes/"));
}

struct racer {
    struct stage *stage;
    const char *token, *act;
    bool won;
};

static void *race(void *thing)
{
    struct racer *r = thing;
    r->won = use(r->stage, r->token, r->act, NULL) == NULL;
    return NULL;
}

static void of_two_clicks_at_once_one_counts(void **state)
{
    struct stage s = stage_of(state);
    assert_int_equal(write_all(s.desk), 2);
    struct racer racers[] = {{&s, letter_to("marc@example.org")->token, "accept", false},
                             {&s, letter_to("marc@example.org")->token, "ask_call", false},
                             {&s, letter_to("lea@example.org")->token, "accept", false},
                             {&s, letter_to("lea@example.org")->token, "ask_call", false}};
    pthread_t threads[COUNT(racers)];
    int won = 0;
    for (size_t i = 0; i < COUNT(racers); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, race, &racers[i]), 0);
    for (size_t i = 0; i < COUNT(racers); i++) {
        (void)pthread_join(threads[i], NULL);
        won += racers[i].won;
    }
    assert_int_equal(won, 1);
}

#define DESK(test) cmocka_unit_test_setup_teardown(test, open_later, desk_close)

int main(void)
{
    const struct CMUnitTest tests[] = {DESK(whom_an_act_is_owed_by_is_written_to_once),
                                       DESK(nobody_is_written_to_who_wants_no_letters_or_owes_nothing),
                                       DESK(a_letter_about_a_request_says_what_its_card_says),
                                       DESK(a_change_concerns_both_sides_and_the_facilitators),
                                       DESK(a_link_does_its_act_once_as_its_reader),
                                       DESK(each_side_acts_in_its_turn),
                                       DESK(who_wants_a_call_has_used_the_link),
                                       DESK(of_two_words_at_once_by_one_link_one_is_heard),
                                       DESK(a_link_is_nothing_without_its_reader),
                                       DESK(a_link_ends),
                                       DESK(who_signs_in_with_two_steps_acts_after_it),
                                       DESK(of_two_clicks_at_once_one_counts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
