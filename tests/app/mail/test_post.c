/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/accounts/desk.h"

#include <string.h>

#include "clock/clock.h"
#include "mail/internal.h"
#include "roster/letters.h"

/* A carrier that does as it is told, and counts. */
struct told {
    struct carried next; /* what becomes of the next */
    int carried;
    char key[64]; /* the subject of the last */
};

static void carry(void *owner, const struct outgoing *l, struct carried *c)
{
    struct told *t = owner;
    t->carried++;
    (void)snprintf(t->key, sizeof t->key, "%s", l->subject);
    *c = t->next;
}

static void write_letter(struct desk *d, const char *key, const char *to, bool fresh)
{
    static const struct letter_part parts[] = {{PART_TEXT, "Bonjour", NULL}};
    bool was = !fresh;
    assert_ok(post_letter(house_post(d->house), "essai",
                          &(struct letter){.key = key, .to = to, .subject = key, .parts = parts, .count = 1},
                          &was));
    assert_int_equal(was, fresh);
}

/* The one letter as it stands; state -1: none has trouble. */
static struct roster_letter trouble(struct desk *d)
{
    struct roster_letter *all = NULL;
    size_t count = 0;
    assert_ok(roster_letters_in_trouble(house_roster(d->house), d->arena, "essai", 10, &all, &count));
    return count ? all[0] : (struct roster_letter){.state = -1};
}

static void what_is_not_taken_is_tried_again_later_and_later(void **state)
{
    static const int64_t pauses_s[] = {5, 25, 125, 625, 3125, 4 * 3600, 4 * 3600};
    struct desk *d = *state;
    struct told t = {.next = {OUTCOME_LATER, "451 later"}};
    post_by(house_post(d->house), &(struct carrier){.carry = carry, .owner = &t});
    write_letter(d, "one", "marc@example.org", true);
    desk_post(d);
    for (size_t i = 0; i < COUNT(pauses_s); i++) {
        assert_int_equal(t.carried, i + 1);
        assert_int_equal(trouble(d).state, LETTER_WAITING);
        desk_wait(d, pauses_s[i] - 1);
        desk_post(d);
        assert_int_equal(t.carried, i + 1); /* not before its time */
        desk_wait(d, 1);
        desk_post(d);
    }
    t.next.outcome = OUTCOME_SENT;
    desk_wait(d, 4 * 3600);
    desk_post(d);
    assert_int_equal(trouble(d).state, -1);
    int carried = t.carried;
    desk_wait(d, 86400);
    desk_post(d);
    assert_int_equal(t.carried, carried);
}

static void after_two_days_it_is_given_up(void **state)
{
    struct desk *d = *state;
    struct told t = {.next = {OUTCOME_LATER, "451 later"}};
    post_by(house_post(d->house), &(struct carrier){.carry = carry, .owner = &t});
    write_letter(d, "one", "marc@example.org", true);
    for (int hours = 0; hours < 60; hours++) {
        desk_post(d);
        desk_wait(d, 3600);
    }
    assert_int_equal(trouble(d).state, LETTER_LATE);
    assert_string_equal(trouble(d).answer, "451 later");
}

static void a_key_is_written_once(void **state)
{
    struct desk *d = *state;
    struct told t = {.next = {OUTCOME_SENT, ""}};
    post_by(house_post(d->house), &(struct carrier){.carry = carry, .owner = &t});
    write_letter(d, "one", "marc@example.org", true);
    write_letter(d, "one", "marc@example.org", false);
    desk_post(d);
    write_letter(d, "one", "marc@example.org", false); /* and not after it left either */
    write_letter(d, "two", "marc@example.org", true);
    write_letter(d, "none", NULL, true); /* for nobody */
    desk_post(d);
    assert_int_equal(t.carried, 2);
    assert_string_equal(t.key, "two");
}

static size_t refused(struct desk *d)
{
    struct roster_refused *all = NULL;
    size_t count = 0;
    assert_ok(roster_refused_addresses(house_roster(d->house), d->arena, "essai", &all, &count));
    return count;
}

static void a_refused_address_is_known_until_it_takes_a_letter(void **state)
{
    struct desk *d = *state;
    bool lifted = true;
    struct told t = {.next = {OUTCOME_NEVER, "554 not this"}};
    post_by(house_post(d->house), &(struct carrier){.carry = carry, .owner = &t});
    write_letter(d, "one", "marc@example.org", true);
    desk_post(d);
    assert_int_equal(trouble(d).state, LETTER_FAILED);
    assert_int_equal(refused(d), 0); /* the letter, not the address */
    for (int i = 0; i < 2; i++) {
        t.next = (struct carried){OUTCOME_NO_ADDRESS, "550 nobody"};
        write_letter(d, i ? "four" : "two", "marc@example.org", true);
        desk_post(d);
        assert_int_equal(refused(d), 1);
        t.next = (struct carried){OUTCOME_SENT, ""};
        if (!i) {
            write_letter(d, "three", "marc@example.org", true);
            desk_post(d);
        } else
            assert_ok(roster_refused_lift(house_roster(d->house), "essai", "marc@example.org", &lifted));
        assert_true(lifted);
        assert_int_equal(refused(d), 0);
    }
    t.next = (struct carried){OUTCOME_NO_ADDRESS, "550 nobody"};
    write_letter(d, "five", "marc@example.org", true);
    desk_post(d);
    desk_wait(d, 30 * 86400 - 60);
    post_sweep(house_post(d->house));
    assert_int_equal(refused(d), 1);
    desk_wait(d, 120); /* it fades */
    post_sweep(house_post(d->house));
    assert_int_equal(refused(d), 0);
}

static void two_servers_share_the_letters(void **state)
{
    struct desk *d = *state;
    struct told t = {.next = {OUTCOME_SENT, ""}};
    struct roster_letter *due = NULL;
    size_t count = 0;
    bool mine = false;
    struct db *roster = house_roster(d->house);
    post_by(house_post(d->house), &(struct carrier){.carry = carry, .owner = &t});
    write_letter(d, "one", "marc@example.org", true);
    assert_ok(roster_letters_due(roster, d->arena, now_us(), 10, &due, &count));
    assert_int_equal(count, 1);
    assert_ok(roster_letter_take(roster, due, "another", now_us() + 10 * SECOND_US, &mine));
    assert_true(mine);
    assert_ok(roster_letter_take(roster, due, "a third", now_us() + 10 * SECOND_US, &mine));
    assert_false(mine);
    desk_post(d);
    assert_int_equal(t.carried, 0); /* the other has it */
    assert_ok(roster_letter_keep(roster, due->id, "a third", now_us() + 99 * SECOND_US, &mine));
    assert_false(mine);
    desk_wait(d, 10); /* it never came back */
    desk_post(d);
    assert_int_equal(t.carried, 1);
    due->state = LETTER_FAILED;
    assert_ok(roster_letter_end(roster, due, "another")); /* comes back too late to say anything */
    assert_int_equal(trouble(d).state, -1);
}

static size_t marks_in(const char *text)
{
    size_t count = 0;
    for (const char *at = text; (at = strstr(at, LETTER_TOKEN)) != NULL; at++)
        count++;
    return count;
}

/* A rival's words in another's letter must not come with the token that opens what is theirs. */
static void what_people_wrote_is_given_no_token(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    static const char words[] = "Plan: http://rival.test/" LETTER_TOKEN " ~~to" LETTER_TOKEN
                                "ken~~ ~" LETTER_TOKEN "~" LETTER_TOKEN "~token~~";
    for (enum part_kind kind = PART_TEXT; kind <= PART_NOTE; kind++) {
        const struct letter_part parts[] = {
            {kind, words, kind == PART_BUTTON ? "http://own.test/page" : NULL},
            {PART_BUTTON, "Répondre", "http://own.test/" LETTER_TOKEN}};
        const struct letter l = {.subject = words, .parts = parts, .count = COUNT(parts)};
        assert_int_equal(marks_in(letter_text(a, &l)), 1);
        assert_int_equal(marks_in(letter_html(a, &l)), 1);
        assert_non_null(strstr(letter_text(a, &l), "http:// rival. test/ "));
    }
}

/* No program that shows letters makes a link of it. */
static void what_people_wrote_is_no_link(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    static const char *const cases[][2] = {{"Voir http://rival.test/a.b", "Voir http:// rival. test/a. b"},
                                           {"www.rival.test", "www. rival. test"},
                                           {"http://192.0.2.1/x", "http:// 192.0.2.1/x"},
                                           {"marc@rival.test", "marc@ rival. test"},
                                           {"évil.éxample", "évil. éxample"},
                                           {"Ø 2.5 mm, 1.4404. Fin.", "Ø 2.5 mm, 1.4404. Fin."},
                                           {"@ . ./ ://", "@ . ./ :// "}};
    for (size_t i = 0; i < COUNT(cases); i++)
        for (enum part_kind kind = PART_TEXT; kind <= PART_NOTE; kind++) {
            const struct letter_part part = {kind, cases[i][0],
                                             kind == PART_BUTTON ? "http://own.test/" : NULL};
            const struct letter l = {.subject = cases[i][0], .parts = &part, .count = 1};
            assert_non_null(strstr(letter_text(a, &l), cases[i][1]));
            assert_non_null(strstr(letter_html(a, &l), cases[i][1]));
            assert_null(strstr(letter_html(a, &l), "rival.test"));
        }
}

static void what_nobody_reads_any_more_does_not_leave(void **state)
{
    struct desk *d = *state;
    struct told t = {.next = {OUTCOME_SENT, ""}};
    struct person marc = desk_load(d, d->marc);
    static const struct letter_part parts[] = {{PART_TEXT, "Bonjour", NULL}};
    struct letter l = {.to = marc.email, .person = marc.id, .subject = "x", .parts = parts, .count = 1};
    post_by(house_post(d->house), &(struct carrier){.carry = carry, .owner = &t});
    for (int i = 0; i < 3; i++) {
        l.key = (const char *[]){"as it was", "suspended", "elsewhere"}[i];
        assert_ok(post_letter(house_post(d->house), "essai", &l, NULL));
        marc.active = i == 1 ? FLAG_NO : FLAG_YES;
        marc.email = i == 2 ? "ailleurs@example.org" : marc.email;
        desk_save(d, &marc);
        marc = desk_load(d, d->marc);
        desk_post(d);
        assert_int_equal(t.carried, 1);
        assert_int_equal(trouble(d).state, -1);
    }
}

static void a_letter_says_the_same_in_both_forms(void **state)
{
    ARENA_SCOPE(a);
    static const struct letter_part parts[] = {{PART_TEXT, "Bonjour <b>Anne</b> & Cie", NULL},
                                               {PART_HEADING, "Besoins", NULL},
                                               {PART_ITEM, "Axe", "https://g.example/besoins/1?a=1&b=2"},
                                               {PART_ITEM, "Pignon", NULL},
                                               {PART_BUTTON, "Voir", "https://g.example/"},
                                               {PART_QUOTE, "Roue", NULL},
                                               {PART_NOTE, "Fin", "https://g.example/fin"}};
    const struct letter l = {.subject = "Sujet", .parts = parts, .count = COUNT(parts)};
    (void)state;
    assert_string_equal(
        letter_text(a, &l),
        "Bonjour <b>Anne</b> & Cie\n\n== Besoins\n\n- Axe\n  https://g.example/besoins/1?a=1&b=2\n"
        "- Pignon\n\nVoir\nhttps://g.example/\n\n> Roue\n\n-- \nFin\nhttps://g.example/fin\n");
    const char *html = letter_html(a, &l);
    assert_non_null(strstr(html, "<p>Bonjour &lt;b&gt;Anne&lt;/b&gt; &amp; Cie</p>"));
    assert_non_null(strstr(html,
                           "<ul>\n<li><a href=\"https://g.example/besoins/1?a=1&amp;b=2\">Axe</a></li>\n"
                           "<li>Pignon</li>\n</ul>"));
}

#define DESK(test) cmocka_unit_test_setup_teardown(test, desk_open, desk_close)

int main(void)
{
    const struct CMUnitTest tests[] = {DESK(what_is_not_taken_is_tried_again_later_and_later),
                                       DESK(after_two_days_it_is_given_up),
                                       DESK(a_key_is_written_once),
                                       DESK(a_refused_address_is_known_until_it_takes_a_letter),
                                       DESK(two_servers_share_the_letters),
                                       DESK(what_nobody_reads_any_more_does_not_leave),
                                       cmocka_unit_test(what_people_wrote_is_given_no_token),
                                       cmocka_unit_test(what_people_wrote_is_no_link),
                                       cmocka_unit_test(a_letter_says_the_same_in_both_forms)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
