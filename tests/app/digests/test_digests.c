/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/accounts/desk.h"

#include <string.h>

#include "clock/clock.h"
#include "digests/digests.h"

static int week; /* each test lives later than the one before: identifiers only grow */

/* A Wednesday, at noon in Paris. */
static int64_t noon(int day)
{
    return day_start_us(day_of(2026, 11, 25) + 7 * week + day) + 12 * 3600 * SECOND_US;
}

static int open_later(void **state)
{
    week++;
    return desk_open(state);
}

static void hold(struct desk *d, int64_t at_us)
{
    d->now_us = at_us;
    clock_hold(at_us);
}

/* The last letter, whole. */
struct box {
    char to[128], text[4096], unsubscribe[256];
    int letters;
};

static void keep(void *owner, const struct outgoing *l, struct carried *c)
{
    struct box *b = owner;
    (void)snprintf(b->to, sizeof b->to, "%s", l->to);
    (void)snprintf(b->text, sizeof b->text, "%s", l->text);
    (void)snprintf(b->unsubscribe, sizeof b->unsubscribe, "%s", l->unsubscribe ? l->unsubscribe : "");
    b->letters++;
    c->outcome = OUTCOME_SENT;
}

static void listen_to(struct desk *d, struct box *b)
{
    *b = (struct box){0};
    post_by(house_post(d->house), &(struct carrier){.carry = keep, .owner = b});
}

/* How many letters were written, and all of them carried. */
static size_t write_all(struct desk *d)
{
    size_t written = 0;
    assert_ok(digests_write(d->house, d->space, &written));
    desk_post(d);
    return written;
}

static int64_t need_of(struct desk *d, int64_t person, int64_t organisation, const char *title,
                       const char *level)
{
    struct door *door = NULL;
    struct need n;
    assert_ok(door_open(d->space->space, d->arena, person, &door));
    record_clear(&need_type, &n);
    n.organisation = organisation;
    n.title = title;
    n.text = title;
    n.state = "open";
    n.visibility = level;
    assert_ok(door_save(door, need, &n, ALL_FIELDS));
    return n.id;
}

static void a_digest_is_due_at_seven_in_paris(void **state)
{
    const int64_t hour = 3600 * SECOND_US, day = 24 * hour, told = noon(0);
    const struct {
        enum digest_rate rate;
        int64_t after;
        bool due;
    } cases[] = {{DIGEST_NOW, 9 * 60 * SECOND_US, false},
                 {DIGEST_NOW, 10 * 60 * SECOND_US, true},
                 {DIGEST_DAY, 6 * hour, false},
                 {DIGEST_DAY, 19 * hour - 1, false},
                 {DIGEST_DAY, 19 * hour, true},
                 {DIGEST_WEEK, 4 * day, false},
                 {DIGEST_WEEK, 4 * day + 19 * hour - 1, false},
                 {DIGEST_WEEK, 4 * day + 19 * hour, true},
                 {DIGEST_NEVER, 400 * day, false}};
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        print_message("# %zu\n", i);
        assert_int_equal(digest_due(cases[i].rate, told, told + cases[i].after), cases[i].due);
    }
}

static void it_says_what_its_reader_may_see(void **state)
{
    struct desk *d = *state;
    struct box b;
    int64_t other = desk_person(d, "Rosa Rivale", "rosa@example.org", "member", d->rival);
    listen_to(d, &b);
    hold(d, noon(0));
    assert_int_equal(write_all(d), 0); /* seen for the first time: told nothing of before */
    hold(d, noon(0) + SECOND_US);
    (void)need_of(d, other, d->rival, "Axe ouvert", "space");
    (void)need_of(d, other, d->rival, "Pignon confié", "confidential");
    (void)need_of(d, other, d->rival, "Roue privée", "private");
    hold(d, noon(0) + 2 * SECOND_US);
    assert_int_equal(write_all(d), 0); /* not its day yet */
    hold(d, noon(1));
    struct person p = desk_load(d, d->anne), m = desk_load(d, d->marc);
    p.digest = m.digest = "never";
    desk_save(d, &p);
    assert_int_equal(write_all(d), 1);
    assert_string_equal(b.to,
                        "marc@example.org"); /* not Rosa, whose needs they are, nor Anne, who wants none */
    assert_non_null(strstr(b.text, "Axe ouvert — Autre Maison"));
    assert_null(strstr(b.text, "Pignon"));
    assert_null(strstr(b.text, "Roue"));
    assert_int_equal(write_all(d), 0); /* once */
    hold(d, noon(2));
    assert_int_equal(write_all(d), 0); /* and nothing new is no letter */
    desk_save(d, &m);
    (void)need_of(d, other, d->rival, "Vis ouverte", "space");
    hold(d, noon(3));
    assert_int_equal(write_all(d), 0);
}

static void no_digest(struct desk *d, int64_t person)
{
    struct person p = desk_load(d, person);
    p.digest = "never";
    desk_save(d, &p);
}

static struct note write_note(struct desk *d, int64_t person, int64_t organisation, int64_t need,
                              const char *level)
{
    struct door *door = NULL;
    struct note n;
    assert_ok(door_open(d->space->space, d->arena, person, &door));
    record_clear(&note_type, &n);
    n.organisation = organisation;
    n.need = need;
    n.text = "Rappeler en mars";
    n.visibility = level;
    assert_ok(door_save(door, note, &n, ALL_FIELDS));
    return n;
}

/* What one follows is told with what hangs on it, as far as one sees it. */
static void it_tells_what_happens_to_what_one_follows(void **state)
{
    struct desk *d = *state;
    struct box b;
    struct door *door = NULL;
    struct follow f;
    int64_t rosa = desk_person(d, "Rosa Rivale", "rosa@example.org", "member", d->rival);
    int64_t followed = need_of(d, rosa, d->rival, "Axe suivi", "space");
    int64_t other = need_of(d, rosa, d->rival, "Roue ignorée", "space");
    no_digest(d, rosa);
    no_digest(d, d->anne);
    listen_to(d, &b);
    record_clear(&follow_type, &f);
    f.need = followed;
    assert_ok(door_open(d->space->space, d->arena, d->marc, &door));
    assert_ok(door_save(door, follow, &f, ALL_FIELDS));
    hold(d, noon(0));
    assert_int_equal(write_all(d), 0);
    hold(d, noon(0) + SECOND_US);
    (void)write_note(d, rosa, d->rival, followed, "private");
    hold(d, noon(1));
    assert_int_equal(write_all(d), 0); /* not Marc's to see */
    hold(d, noon(1) + SECOND_US);
    (void)write_note(d, rosa, d->rival, other, "space");
    hold(d, noon(2));
    assert_int_equal(write_all(d), 0); /* not followed */
    hold(d, noon(2) + SECOND_US);
    (void)write_note(d, rosa, d->rival, followed, "space");
    hold(d, noon(3));
    assert_int_equal(write_all(d), 1);
    assert_string_equal(b.to, "marc@example.org");
    assert_non_null(strstr(b.text, "Axe suivi (Note)"));
    assert_null(strstr(b.text, "Roue"));
    assert_null(strstr(b.text, "Rappeler"));
}

/* Also of a record that was closed to them since, of which they learn no more. */
static void who_wrote_a_note_is_told_that_it_was_taken_off(void **state)
{
    struct desk *d = *state;
    struct box b;
    struct door *door = NULL;
    struct need need;
    int64_t rosa = desk_person(d, "Rosa Rivale", "rosa@example.org", "member", d->rival);
    int64_t axis = need_of(d, rosa, d->rival, "Axe", "space");
    no_digest(d, rosa);
    no_digest(d, d->anne);
    listen_to(d, &b);
    hold(d, noon(0));
    assert_int_equal(write_all(d), 0);
    hold(d, noon(0) + SECOND_US);
    struct note n = write_note(d, d->marc, d->firm, axis, "space");
    hold(d, noon(0) + 2 * SECOND_US);
    assert_ok(door_open(d->space->space, d->arena, rosa, &door));
    n.taken_off = FLAG_YES;
    assert_ok(door_save(door, note, &n, (field_mask)1 << (type_takes_off(&note_type) - note_type.fields)));
    assert_ok(door_load(door, need, axis, &need, NULL));
    need.visibility = "private";
    assert_ok(door_save(door, need, &need, ALL_FIELDS));
    hold(d, noon(1));
    assert_int_equal(write_all(d), 1);
    assert_string_equal(b.to, "marc@example.org");
    assert_non_null(strstr(b.text, "(Note) : retiré de la fiche"));
    assert_null(strstr(b.text, "Rosa")); /* nor for whom she acts */
    assert_null(strstr(b.text, "Axe"));
}

static void it_tells_what_others_did_in_ones_organisation(void **state)
{
    struct desk *d = *state;
    struct box b;
    int64_t lea = desk_person(d, "Léa Exemple", "lea@example.org", "member", d->firm);
    listen_to(d, &b);
    hold(d, noon(0));
    assert_int_equal(write_all(d), 0);
    hold(d, noon(0) + SECOND_US);
    (void)need_of(d, lea, d->firm, "Bague", "private");
    assert_ok(digest_set(d->space, d->marc, "now"));
    hold(d, noon(0) + 599 * SECOND_US);
    assert_int_equal(write_all(d), 0);
    hold(d, noon(0) + 600 * SECOND_US);
    assert_int_equal(write_all(d), 1);
    assert_string_equal(b.to, "marc@example.org");
    assert_non_null(strstr(b.text, "== Ce qui vous attend\n\n- Bague")); /* nobody is asked about it yet */
    assert_non_null(strstr(b.text, "Léa Exemple"));
    hold(d, noon(1));
    assert_int_equal(write_all(d), 0); /* Léa did it herself, Anne may not see it, Marc knows */
}

static void one_click_ends_it(void **state)
{
    struct desk *d = *state;
    struct box b;
    int64_t person = 0;
    bool good = true;
    enum digest_rate rate;
    listen_to(d, &b);
    hold(d, noon(0));
    assert_int_equal(write_all(d), 0);
    hold(d, noon(0) + SECOND_US);
    int64_t other = desk_person(d, "Rosa Rivale", "rosa@example.org", "member", d->rival);
    (void)need_of(d, other, d->rival, "Axe ouvert", "space");
    assert_ok(digest_set(d->space, d->anne, "never"));
    hold(d, noon(1));
    assert_int_equal(write_all(d), 1);
    const char *sealed = strrchr(b.unsubscribe, '/') + 1;
    assert_non_null(strstr(b.unsubscribe, "/desabonnement/"));
    assert_ok(digest_unseal(d->house, d->space, sealed, &person, &good));
    assert_true(good);
    assert_int_equal(person, d->marc);
    char other_one[128];
    (void)snprintf(other_one, sizeof other_one, "%s", sealed);
    other_one[10] = other_one[10] == '0' ? '1' : '0';
    assert_ok(digest_unseal(d->house, d->space, other_one, &person, &good));
    assert_false(good);
    assert_ok(digest_of(d->space, d->marc, &rate));
    assert_int_equal(rate, DIGEST_DAY); /* unless somebody says otherwise */
    assert_ok(digest_set(d->space, d->marc, "never"));
    assert_ok(digest_of(d->space, d->marc, &rate));
    assert_int_equal(rate, DIGEST_NEVER);
    assert_fault(digest_set(d->space, d->marc, "hourly"), FAULT_INVALID);
}

#define DESK(test) cmocka_unit_test_setup_teardown(test, open_later, desk_close)

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_digest_is_due_at_seven_in_paris),
                                       DESK(it_says_what_its_reader_may_see),
                                       DESK(it_tells_what_happens_to_what_one_follows),
                                       DESK(who_wrote_a_note_is_told_that_it_was_taken_off),
                                       DESK(it_tells_what_others_did_in_ones_organisation),
                                       DESK(one_click_ends_it)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
