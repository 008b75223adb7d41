/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* test_cursor.c - a list read on while others write: nobody twice, nobody left out. */
#include "app/scene.h"

#include <string.h>

#include "test.h"

enum { FIRMS = 7, A_PAGE = 3 };

static int set_up(void **state)
{
    int failed = scene_open(state);
    for (int i = 0; i < FIRMS; i++) {
        char name[] = "Firm 0";
        name[5] = (char)('0' + i);
        (void)scene_organisation(*state, name, "public");
    }
    return failed;
}

/* The last figures of the names on the page that begins at the place. */
static const char *read_on(struct scene *s, struct list_place *place)
{
    struct door *d = scene_door(s, 0);
    struct list_request asked = {.type = &organisation_type, .sort = "name", .per_page = A_PAGE};
    struct list_page page;
    assert_ok(door_list_from(d, &asked, place, &page));
    char *read = NEW(door_arena(d), char, A_PAGE + 1);
    const struct organisation *firms = page.records;
    for (size_t i = 0; i < page.count; i++)
        read[i] = firms[i].name[strlen(firms[i].name) - 1];
    return read;
}

static void drop(struct scene *s, const char *name)
{
    struct door *d = scene_program(s);
    struct list_filter by = {"name.is", name};
    struct list_request asked = {.type = &organisation_type, .filters = &by, .filter_count = 1};
    struct list_page page;
    assert_ok(door_list(d, &asked, &page));
    const struct organisation *found = page.records;
    assert_int_equal(page.count, 1);
    assert_ok(door_delete(d, &organisation_type, found->id, found->version));
}

static void pages_follow_each_other_to_the_end(void **state)
{
    struct list_place place = {0, 0};
    assert_string_equal(read_on(*state, &place), "012");
    assert_string_equal(read_on(*state, &place), "345");
    assert_string_equal(read_on(*state, &place), "6");
    assert_int_equal(place.last, 0);
}

static void what_comes_before_the_place_repeats_nothing(void **state)
{
    struct list_place place = {0, 0};
    assert_string_equal(read_on(*state, &place), "012");
    (void)scene_organisation(*state, "A firm before", "public");
    (void)scene_organisation(*state, "B firm before", "public");
    assert_string_equal(read_on(*state, &place), "345");
}

static void what_goes_before_the_place_leaves_nothing_out(void **state)
{
    struct list_place place = {0, 0};
    assert_string_equal(read_on(*state, &place), "012");
    drop(*state, "Firm 0");
    assert_string_equal(read_on(*state, &place), "345");
}

static void a_page_begins_where_the_last_record_stood_that_has_gone(void **state)
{
    struct list_place place = {0, 0};
    assert_string_equal(read_on(*state, &place), "012");
    drop(*state, "Firm 2");
    assert_string_equal(read_on(*state, &place), "345");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(pages_follow_each_other_to_the_end, set_up, scene_close),
        cmocka_unit_test_setup_teardown(what_comes_before_the_place_repeats_nothing, set_up, scene_close),
        cmocka_unit_test_setup_teardown(what_goes_before_the_place_leaves_nothing_out, set_up, scene_close),
        cmocka_unit_test_setup_teardown(a_page_begins_where_the_last_record_stood_that_has_gone, set_up,
                                        scene_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
