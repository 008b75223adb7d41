/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* test_house.c - what the thread of a house does by itself. */
#include <unistd.h>

#include "clock/clock.h"
#include "door/internal.h"
#include "folder.h"
#include "house/house.h"
#include "journal/readings.h"
#include "test.h"

/* Readings of forty days ago, of a firm that confides itself. */
static void read_long_ago(struct space *space)
{
    ARENA_SCOPE(a);
    struct door *d = NULL;
    struct organisation o;
    clock_hold(now_us() - 40 * 86400 * SECOND_US);
    assert_ok(door_open_program(space, a, &d));
    record_clear(&organisation_type, &o);
    o.name = "Discrète";
    o.visibility = "confidential";
    assert_ok(door_save(d, organisation, &o, ALL_FIELDS));
    for (int i = 0; i < 3; i++) {
        door_read_as(d, READING_COMMAND);
        assert_ok(door_load(d, organisation, o.id, &o, NULL));
        assert_ok(space_seal(space));
    }
    clock_hold(0);
}

static void counted(struct space *space, int64_t *whole, int64_t *lines)
{
    ARENA_SCOPE(a);
    struct connection *c = NULL;
    int64_t open;
    assert_ok(read_begin(space_db(space), a, &c));
    assert_ok(readings_verify(c, whole, &open, lines));
    assert_int_equal(open, 0);
}

static void old_readings_are_folded_by_themselves(void **state)
{
    (void)state;
    char folder[64];
    struct house *house = NULL;
    const struct space_info *info = NULL;
    int64_t whole, lines = 0;
    folder_new(folder, "house");
    assert_ok(house_create(folder, &house));
    assert_ok(house_add(house, "here", "Here", false, &info));
    read_long_ago(info->space);
    counted(info->space, &whole, &lines);
    assert_int_equal(whole, 3);
    assert_int_equal(lines, 0);
    assert_ok(house_start(house));
    for (int i = 0; i < 600 && !lines; i++) {
        (void)usleep(50000);
        counted(info->space, &whole, &lines);
    }
    assert_int_equal(whole, 0);
    assert_int_equal(lines, 1); /* three times on one day */
    house_close(house);
    folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(old_readings_are_folded_by_themselves)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
