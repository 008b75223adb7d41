/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Members counted at any date against a count by hand; mandates handed over. */
#include "test.h"

#include <string.h>

#include "app/scene.h"
#include "arena/arena.h"
#include "clock/clock.h"
#include "members/members.h"
#include "random/random.h"

static void member(struct scene *s, int64_t organisation, const char *college, const char *size,
                   int64_t since, int64_t until)
{
    struct membership m;
    record_clear(&membership_type, &m);
    m.organisation = organisation;
    m.college = college;
    m.size_class = size;
    m.since = since;
    m.until = until;
    assert_ok(door_save(scene_program(s), membership, &m, ALL_FIELDS));
}

static struct members counted(struct scene *s, int64_t person, int64_t day)
{
    struct members m;
    assert_ok(members_on(person ? scene_door(s, person) : scene_program(s), day, &m));
    return m;
}

static void each_counts_once_a_day_by_what_it_was_then(void **state)
{
    struct scene *s = *state;
    int64_t one = scene_organisation(s, "Émaux", "space"), two = scene_organisation(s, "Forges", "space");
    int64_t spring = day_of(2020, 3, 1), grown = day_of(2022, 7, 1), gone = day_of(2024, 5, 31);
    member(s, one, "industry", "micro", spring, grown - 1);
    member(s, one, "industry", "small", grown, UNKNOWN_INTEGER);
    member(s, one, "brand", "small", grown + 10, grown + 20); /* the newest that stands */
    member(s, two, "research", NULL, spring, gone);
    struct members m = counted(s, 0, spring - 1);
    assert_int_equal(m.count, 0);
    m = counted(s, 0, spring);
    assert_int_equal(m.count, 2);
    assert_int_equal(m.came_count, 2);
    assert_int_equal(m.of[0][0], 1);
    assert_int_equal(m.of[2][MEMBER_SIZES - 1], 1);
    assert_string_equal(m.at[0].name, "Émaux"); /* as people sort it */
    m = counted(s, 0, grown + 15);
    assert_int_equal(m.of[1][1], 1);
    assert_int_equal(m.of[0][1], 0);
    assert_int_equal(m.at[0].since, spring);
    assert_int_equal(counted(s, 0, gone).count, 2);
    m = counted(s, 0, gone + 1);
    assert_int_equal(m.count, 1);
    assert_int_equal(m.left_count, 1);
    assert_string_equal(m.left[0].name, "Forges");
    assert_int_equal(m.year_count, 5);
    assert_int_equal(m.years[0].year, 2020);
    assert_int_equal(m.years[3].members, 2);
    assert_int_equal(m.years[4].members, 1);
    m = counted(s, 0, day_of(2024, 2, 29)); /* a year before has no such day */
    assert_int_equal(m.came_count, 0);
}

static void one_of_which_a_day_is_known_counts_from_then(void **state)
{
    struct scene *s = *state;
    struct organisation o;
    int64_t id = scene_organisation(s, "Importée", "space");
    assert_ok(door_load(scene_program(s), organisation, id, &o, NULL));
    o.joined = day_of(2019, 1, 1);
    assert_ok(door_save(scene_program(s), organisation, &o, ALL_FIELDS));
    assert_int_equal(counted(s, 0, o.joined - 1).count, 0);
    struct members m = counted(s, 0, o.joined);
    assert_int_equal(m.of[MEMBER_COLLEGES - 1][MEMBER_SIZES - 1], 1);
    member(s, id, "partner", NULL, day_of(2021, 1, 1), UNKNOWN_INTEGER); /* then that alone counts */
    assert_int_equal(counted(s, 0, o.joined).count, 0);
    assert_int_equal(counted(s, 0, day_of(2021, 1, 1)).count, 1);
}

static void who_is_hidden_is_not_counted(void **state)
{
    struct scene *s = *state;
    int64_t open = scene_organisation(s, "Ouverte", "space"),
            closed = scene_organisation(s, "Close", "private");
    int64_t rival = scene_person(s, "Bob", "member", open), own = scene_person(s, "Anne", "member", closed);
    member(s, open, "industry", NULL, 0, UNKNOWN_INTEGER);
    member(s, closed, "industry", NULL, 0, UNKNOWN_INTEGER);
    assert_int_equal(counted(s, rival, today()).count, 1);
    assert_int_equal(counted(s, rival, today()).of[0][MEMBER_SIZES - 1], 1);
    assert_int_equal(counted(s, own, today()).count, 2);
}

/* Against every line looked at for every organisation. */
static void counts_are_those_by_hand(void **state)
{
    struct scene *s = *state;
    enum { ORGANISATIONS = 12, LINES = 60 };
    struct random random = random_seeded(7, 0);
    int64_t ids[ORGANISATIONS], since[LINES], until[LINES];
    int whose[LINES];
    for (int i = 0; i < ORGANISATIONS; i++)
        ids[i] = scene_organisation(s, arena_print(s->arena, "Firme %d", i), "space");
    for (int i = 0; i < LINES; i++) {
        whose[i] = (int)random_below(&random, ORGANISATIONS);
        since[i] = day_of(2015, 1, 1) + (int64_t)random_below(&random, 3000);
        until[i] =
            random_below(&random, 4) ? since[i] + (int64_t)random_below(&random, 900) : UNKNOWN_INTEGER;
        member(s, ids[whose[i]], "industry", "small", since[i], until[i]);
    }
    for (int k = 0; k < 40; k++) {
        int64_t day = day_of(2014, 6, 1) + (int64_t)random_below(&random, 4500);
        size_t expected = 0;
        for (int i = 0; i < ORGANISATIONS; i++) {
            bool stands = false;
            for (int j = 0; j < LINES; j++)
                stands |= whose[j] == i && since[j] <= day && (!known_integer(until[j]) || until[j] >= day);
            expected += stands;
        }
        assert_int_equal(counted(s, 0, day).count, expected);
    }
}

static void assert_fault_in(const struct fault *wrong, const char *field)
{
    assert_non_null(wrong);
    assert_int_equal(wrong->code, FAULT_INVALID);
    assert_string_equal(wrong->field, field);
}

static void a_mandate_is_handed_over_whole_or_not_at_all(void **state)
{
    struct scene *s = *state;
    int64_t firm = scene_organisation(s, "Firme", "space"), next, day = today() + 3;
    int64_t anne = scene_person(s, "Anne", "member", firm), bob = scene_person(s, "Bob", "member", 0);
    int64_t claire = scene_person(s, "Claire", "facilitator", 0);
    struct list_request all = {.type = &mandate_type, .owner = firm};
    struct list_page page;
    assert_ok(door_list(scene_program(s), &all, &page));
    struct mandate old = ((struct mandate *)page.records)[0], made;
    assert_fault_in(mandate_hand_over(scene_door(s, claire), old.id, old.version, anne, day, &next),
                    "person");
    assert_fault_in(
        mandate_hand_over(scene_door(s, claire), old.id, old.version, bob, UNKNOWN_INTEGER, &next), "since");
    assert_fault(mandate_hand_over(scene_door(s, claire), old.id, old.version + 1, bob, day, &next),
                 FAULT_CONFLICT);
    assert_fault(mandate_hand_over(scene_door(s, bob), old.id, old.version, bob, day, &next),
                 FAULT_NOT_FOUND);
    assert_fault(mandate_hand_over(scene_door(s, anne), old.id, old.version, bob, day, &next), FAULT_DENIED);
    assert_ok(door_list(scene_program(s), &all, &page));
    assert_int_equal(page.count, 1);
    assert_ok(mandate_hand_over(scene_door(s, claire), old.id, old.version, bob, day, &next));
    assert_ok(door_load(scene_program(s), mandate, old.id, &old, NULL));
    assert_ok(door_load(scene_program(s), mandate, next, &made, NULL));
    assert_int_equal(old.until, day - 1);
    assert_int_equal(made.since, day);
    assert_int_equal(made.person, bob);
    assert_int_equal(made.organisation, firm);
    assert_fault_in(mandate_hand_over(scene_door(s, claire), made.id, made.version, bob, day + 9, &next),
                    "person");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_counts_once_a_day_by_what_it_was_then, scene_open, scene_close),
        cmocka_unit_test_setup_teardown(one_of_which_a_day_is_known_counts_from_then, scene_open,
                                        scene_close),
        cmocka_unit_test_setup_teardown(who_is_hidden_is_not_counted, scene_open, scene_close),
        cmocka_unit_test_setup_teardown(counts_are_those_by_hand, scene_open, scene_close),
        cmocka_unit_test_setup_teardown(a_mandate_is_handed_over_whole_or_not_at_all, scene_open,
                                        scene_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
