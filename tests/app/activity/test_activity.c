/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "test.h"

#include <string.h>

#include "activity/activity.h"
#include "app/scene.h"
#include "arena/arena.h"
#include "clock/clock.h"
#include "text/buffer.h"

struct cast {
    int64_t firm, rival, member, competitor, facilitator;
};

static struct cast cast_of(struct scene *s)
{
    struct cast c = {.firm = scene_organisation(s, "Firme", "space"),
                     .rival = scene_organisation(s, "Rivale", "space")};
    c.member = scene_person(s, "Anne", "member", c.firm);
    c.competitor = scene_person(s, "Bob", "member", c.rival);
    c.facilitator = scene_person(s, "Chloé", "facilitator", 0);
    return c;
}

/* Every page, one after another: "Anne: Tournage Fraisage +;" a transaction. */
static const char *told(struct scene *s, int64_t person, struct activity_request asked, int *pages)
{
    struct buffer *all = buffer_new(s->arena, MIB);
    *pages = 0;
    do {
        struct activity found;
        assert_ok(activity_load(person ? scene_door(s, person) : scene_program(s), &asked, &found));
        for (size_t i = 0; i < found.count; i++) {
            const struct activity_group *g = &found.groups[i];
            buffer_print(all, "%s:", g->person ? g->person : "");
            for (size_t k = 0; k < g->count; k++)
                buffer_print(all, " %s", g->lines[k].name ? g->lines[k].name : "-");
            buffer_text(all, g->more ? " +;" : ";");
        }
        asked.before = found.next;
    } while (++*pages < 1000 && asked.before);
    return buffer_string(all);
}

static int64_t by(struct scene *s, int64_t person, int64_t owner, const char *title, const char *level)
{
    struct capability k;
    record_clear(&capability_type, &k);
    k.organisation = owner;
    k.title = title;
    k.visibility = level;
    assert_ok(door_save(scene_door(s, person), capability, &k, ALL_FIELDS));
    return k.id;
}

static void a_feed_tells_what_one_may_see(void **state)
{
    struct scene *s = *state;
    struct cast c = cast_of(s);
    int pages;
    (void)by(s, c.member, c.firm, "Ouvert", "space");
    (void)by(s, c.member, c.firm, "canary-secret", "confidential");
    (void)by(s, c.member, c.firm, "canary-private", "private");
    const char *rival = told(s, c.competitor, (struct activity_request){0}, &pages);
    assert_null(strstr(rival, "canary"));
    assert_non_null(strstr(rival, ": Ouvert;"));
    assert_null(strstr(rival, "Anne: Ouvert;")); /* who acts for a firm is not its rivals' to know */
    const char *own = told(s, c.member, (struct activity_request){0}, &pages);
    assert_non_null(strstr(own, "Anne: canary-private;Anne: canary-secret;Anne: Ouvert;"));
    const char *facilitator = told(s, c.facilitator, (struct activity_request){0}, &pages);
    assert_non_null(strstr(facilitator, "canary-secret"));
    assert_null(strstr(facilitator, "canary-private"));
}

static void set_level(struct scene *s, int64_t id, const char *level, const char *title)
{
    struct door *d = scene_program(s);
    struct capability k;
    assert_ok(door_load(d, capability, id, &k, NULL));
    k.visibility = level;
    k.title = title;
    assert_ok(door_save(d, capability, &k, ALL_FIELDS));
}

/* What happened while it was closed is not told once it is open: neither in the feed nor in its history. */
static void what_happened_in_the_closed_stays_there(void **state)
{
    struct scene *s = *state;
    struct cast c = cast_of(s);
    struct history_line *lines = NULL;
    size_t count = 0;
    int pages;
    int64_t id = by(s, c.member, c.firm, "canary-first", "confidential");
    set_level(s, id, "space", "Ouvert");
    set_level(s, id, "space", "Plus ouvert");
    const struct activity_request know_how = {.type = &capability_type};
    assert_string_equal(told(s, c.competitor, know_how, &pages), ": Plus ouvert;");
    assert_string_equal(told(s, c.member, know_how, &pages),
                        ": Plus ouvert;: Plus ouvert;Anne: Plus ouvert;");
    assert_ok(door_history(scene_door(s, c.competitor), &capability_type, id, &lines, &count));
    assert_int_equal(count, 1);
    assert_ok(door_history(scene_door(s, c.member), &capability_type, id, &lines, &count));
    assert_int_equal(count, 3);
}

/* The same when it was its organisation that was hidden. */
static void what_a_hidden_organisation_did_stays_hidden(void **state)
{
    struct scene *s = *state;
    struct cast c = cast_of(s);
    struct organisation o;
    struct history_line *lines = NULL;
    size_t count = 0;
    int pages;
    int64_t secret = scene_organisation(s, "Discrète", "confidential");
    int64_t id = scene_capability(s, secret, "Brevet", "", "", "space");
    set_level(s, id, "space", "Brevet déposé");
    struct door *d = scene_program(s);
    assert_ok(door_load(d, organisation, secret, &o, NULL));
    o.visibility = "space";
    assert_ok(door_save(d, organisation, &o, ALL_FIELDS));
    const struct activity_request know_how = {.type = &capability_type};
    assert_string_equal(told(s, c.competitor, know_how, &pages), "");
    assert_ok(door_history(scene_door(s, c.competitor), &capability_type, id, &lines, &count));
    assert_int_equal(count, 0);
    assert_ok(door_history(scene_door(s, c.facilitator), &capability_type, id, &lines, &count));
    assert_int_equal(count, 2);
}

static void hand_over(struct scene *s, int64_t id, int64_t organisation)
{
    struct door *d = scene_program(s);
    struct capability k;
    assert_ok(door_load(d, capability, id, &k, NULL));
    k.organisation = organisation;
    assert_ok(door_save(d, capability, &k, ALL_FIELDS));
}

/* Who changed it then acts for the other: neither what they did nor their names come with the record, also
 * when it was the new owner's before. */
static void who_changed_it_while_it_was_anothers_is_not_told_to_its_new_owner(void **state)
{
    struct scene *s = *state;
    struct cast c = cast_of(s);
    struct history_line *lines = NULL;
    struct capability k;
    size_t count = 0;
    int pages;
    int64_t id = by(s, c.competitor, c.rival, "Cédé", "space");
    hand_over(s, id, c.firm);
    struct door *d = scene_door(s, c.member);
    assert_ok(door_load(d, capability, id, &k, NULL));
    k.title = "Changé";
    assert_ok(door_save(d, capability, &k, ALL_FIELDS));
    hand_over(s, id, c.rival);
    const struct activity_request know_how = {.type = &capability_type};
    assert_string_equal(told(s, c.competitor, know_how, &pages), "Bob: Changé;");
    assert_ok(door_history(scene_door(s, c.competitor), &capability_type, id, &lines, &count));
    assert_int_equal(count, 1);
    assert_string_equal(lines[0].person, "Bob");
    assert_ok(door_delete(scene_door(s, c.competitor), &capability_type, id, 4));
    assert_null(strstr(told(s, c.competitor, know_how, &pages), "Anne"));
    assert_null(strstr(told(s, c.member, know_how, &pages), "Bob"));
}

static void a_removal_is_told_to_its_own_people(void **state)
{
    struct scene *s = *state;
    struct cast c = cast_of(s);
    int pages;
    int64_t id = by(s, c.member, c.firm, "Retiré", "space");
    assert_ok(door_delete(scene_door(s, c.member), &capability_type, id, 1));
    const struct activity_request know_how = {.type = &capability_type};
    assert_string_equal(told(s, c.competitor, know_how, &pages), "");
    assert_string_equal(told(s, c.member, know_how, &pages), "Anne: Retiré;Anne: Retiré;");
}

static void a_large_transaction_is_one_group_and_pages_follow_each_other(void **state)
{
    struct scene *s = *state;
    struct cast c = cast_of(s);
    int pages;
    (void)by(s, c.member, c.firm, "Avant", "space");
    struct door *d = scene_door(s, c.member);
    assert_ok(door_begin(d));
    for (int i = 0; i < 400; i++) {
        struct capability k;
        record_clear(&capability_type, &k);
        k.organisation = c.firm;
        k.title = "Lot";
        k.visibility = i % 2 ? "space" : "private";
        assert_ok(door_save(d, capability, &k, ALL_FIELDS));
    }
    assert_ok(door_commit(d));
    for (int i = 0; i < 9; i++)
        (void)by(s, c.member, c.firm, arena_print(s->arena, "n%d", i), "space");
    const struct activity_request small = {.type = &capability_type, .groups = 4};
    assert_string_equal(told(s, c.member, small, &pages),
                        "Anne: n8;Anne: n7;Anne: n6;Anne: n5;Anne: n4;Anne: n3;Anne: n2;Anne: n1;Anne: n0;"
                        "Anne: Lot Lot Lot Lot Lot Lot +;Anne: Avant;");
    assert_in_range(pages, 3, 4);
    assert_non_null(strstr(told(s, c.competitor, small, &pages), ": Lot Lot Lot Lot Lot Lot +;: Avant;"));
}

/* However much happens that is not for the reader, the page is the same: its lines, its end, its next page.
 */
static void what_is_hidden_changes_nothing_of_a_page(void **state)
{
    struct scene *s = *state;
    struct cast c = cast_of(s);
    int pages, more_pages;
    const struct activity_request asked = {.type = &capability_type, .groups = 3};
    struct door *d = scene_door(s, c.member);
    const char *before = NULL;
    for (int i = 0; i < 3; i++)
        (void)by(s, c.member, c.firm, "Ouvert", "space");
    before = told(s, c.competitor, asked, &pages);
    assert_int_equal(pages, 1);
    assert_ok(door_begin(d));
    for (int i = 0; i < 150; i++) { /* of one transaction with something to be seen */
        struct capability k;
        record_clear(&capability_type, &k);
        k.organisation = c.firm;
        k.title = "Lot";
        k.visibility = i ? "private" : "space";
        assert_ok(door_save(d, capability, &k, ALL_FIELDS));
    }
    assert_ok(door_commit(d));
    set_level(s, by(s, c.member, c.firm, "canary", "private"), "private", "canary-second");
    const char *after = told(s, c.competitor, asked, &more_pages);
    assert_string_equal(after, arena_print(s->arena, ": Lot;%s", before));
    assert_int_equal(more_pages, 2);
}

/* What a firm removed before it closed is told to nobody else any more. */
static void what_a_closed_firm_removed_is_not_told(void **state)
{
    struct scene *s = *state;
    struct cast c = cast_of(s);
    struct organisation o;
    int pages;
    const struct activity_request know_how = {.type = &capability_type};
    int64_t id = by(s, c.member, c.firm, "Retiré", "space");
    assert_ok(door_delete(scene_door(s, c.member), &capability_type, id, 1));
    assert_string_equal(told(s, c.facilitator, know_how, &pages), "Anne: Retiré;Anne: Retiré;");
    struct door *d = scene_program(s);
    assert_ok(door_load(d, organisation, c.firm, &o, NULL));
    o.visibility = "private";
    assert_ok(door_save(d, organisation, &o, ALL_FIELDS));
    assert_string_equal(told(s, c.facilitator, know_how, &pages), "");
    assert_string_equal(told(s, c.member, know_how, &pages), "Anne: Retiré;Anne: Retiré;");
}

static void filters_choose_person_and_organisation(void **state)
{
    struct scene *s = *state;
    struct cast c = cast_of(s);
    int pages;
    (void)by(s, c.member, c.firm, "À Firme", "space");
    (void)by(s, c.competitor, c.rival, "À Rivale", "space");
    (void)by(s, c.facilitator, c.rival, "Par Chloé", "space");
    assert_string_equal(told(s, c.facilitator, (struct activity_request){.person = c.member}, &pages),
                        "Anne: À Firme;");
    assert_string_equal(told(s, c.member, (struct activity_request){.person = c.competitor}, &pages), "");
    assert_string_equal(told(s, c.member,
                             (struct activity_request){.organisation = c.rival, .type = &capability_type},
                             &pages),
                        ": Par Chloé;: À Rivale;");
    assert_null(strstr(told(s, 0, (struct activity_request){.organisation = c.firm}, &pages), "Rivale"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scene_open, scene_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_feed_tells_what_one_may_see),
        TEST(what_happened_in_the_closed_stays_there),
        TEST(what_a_hidden_organisation_did_stays_hidden),
        TEST(who_changed_it_while_it_was_anothers_is_not_told_to_its_new_owner),
        TEST(a_removal_is_told_to_its_own_people),
        TEST(a_large_transaction_is_one_group_and_pages_follow_each_other),
        TEST(what_is_hidden_changes_nothing_of_a_page),
        TEST(what_a_closed_firm_removed_is_not_told),
        TEST(filters_choose_person_and_organisation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
