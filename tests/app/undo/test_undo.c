/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "test.h"

#include <string.h>

#include "app/scene.h"
#include "arena/arena.h"
#include "clock/clock.h"
#include "i18n/i18n.h"
#include "undo/undo.h"

#define DAY_US (86400 * SECOND_US)

struct cast {
    int64_t firm, rival, member, colleague, competitor, facilitator, know_how;
};

static struct cast cast_of(struct scene *s)
{
    struct cast c = {.firm = scene_organisation(s, "Firme", "space"),
                     .rival = scene_organisation(s, "Rivale", "space")};
    c.member = scene_person(s, "Anne", "member", c.firm);
    c.colleague = scene_person(s, "Zoé", "member", c.firm);
    c.competitor = scene_person(s, "Bob", "member", c.rival);
    c.facilitator = scene_person(s, "Chloé", "facilitator", 0);
    c.know_how = scene_capability(s, c.firm, "Tournage", "", "", "space");
    language_set(LANGUAGE_EN);
    return c;
}

/* Title and capacity, by a person; NULL and UNKNOWN_INTEGER: as they are. */
static void change(struct scene *s, int64_t person, int64_t id, const char *title, int64_t capacity)
{
    struct door *d = scene_door(s, person);
    struct capability k;
    field_mask shown;
    assert_ok(door_load(d, capability, id, &k, &shown));
    k.title = title ? title : k.title;
    k.capacity = known_integer(capacity) ? capacity : k.capacity;
    assert_ok(door_save(d, capability, &k, shown));
}

static struct history_line newest(struct scene *s, int64_t id)
{
    struct history_line *lines = NULL;
    size_t count = 0;
    assert_ok(door_history(scene_program(s), &capability_type, id, &lines, &count));
    assert_true(count > 0);
    return lines[0];
}

static const char *title_of(struct scene *s, int64_t id)
{
    struct capability k;
    struct fault *gone = door_load(scene_program(s), capability, id, &k, NULL);
    return gone ? NULL : k.title;
}

static void an_update_is_taken_back_by_its_author_or_a_facilitator(void **state)
{
    struct scene *s = *state;
    struct cast c = cast_of(s);
    change(s, c.member, c.know_how, "Tournage fin", UNKNOWN_INTEGER);
    int64_t entry = newest(s, c.know_how).entry;
    assert_fault(undo_entry(scene_door(s, c.competitor), entry), FAULT_NOT_FOUND);
    assert_fault(undo_entry(scene_door(s, c.colleague), entry), FAULT_NOT_FOUND);
    assert_fault(undo_entry(scene_door(s, 0), entry), FAULT_NOT_FOUND);
    assert_fault(undo_entry(scene_door(s, c.member), entry + 1), FAULT_NOT_FOUND);
    assert_ok(undo_entry(scene_door(s, c.member), entry));
    assert_string_equal(title_of(s, c.know_how), "Tournage");
    int64_t undo = newest(s, c.know_how).entry; /* itself an entry, that can be taken back */
    assert_true(undo != entry);
    assert_ok(undo_entry(scene_door(s, c.facilitator), undo));
    assert_string_equal(title_of(s, c.know_how), "Tournage fin");
}

static void what_was_built_on_it_is_named(void **state)
{
    struct scene *s = *state;
    struct cast c = cast_of(s);
    change(s, c.member, c.know_how, "Tournage fin", UNKNOWN_INTEGER);
    int64_t entry = newest(s, c.know_how).entry;
    change(s, c.colleague, c.know_how, NULL, 500); /* another field */
    assert_ok(undo_entry(scene_door(s, c.member), entry));
    assert_string_equal(title_of(s, c.know_how), "Tournage");
    change(s, c.member, c.know_how, "Tournage fin", UNKNOWN_INTEGER);
    entry = newest(s, c.know_how).entry;
    change(s, c.colleague, c.know_how, "Décolletage", UNKNOWN_INTEGER);
    struct fault *refused = undo_entry(scene_door(s, c.member), entry);
    assert_fault(refused, FAULT_CONFLICT);
    assert_non_null(strstr(refused->text, "Décolletage"));
    assert_string_equal(title_of(s, c.know_how), "Décolletage");
}

static void coming_and_going_is_taken_back(void **state)
{
    struct scene *s = *state;
    struct cast c = cast_of(s);
    struct capability k;
    struct door *d = scene_door(s, c.member);
    record_clear(&capability_type, &k);
    k.organisation = c.firm;
    k.title = "Polissage";
    k.visibility = "space";
    assert_ok(door_save(d, capability, &k, ALL_FIELDS));
    int64_t made = newest(s, k.id).entry;
    assert_ok(undo_entry(scene_door(s, c.member), made));
    assert_null(title_of(s, k.id));
    struct fault *again = undo_entry(scene_door(s, c.member), made);
    assert_fault(again, FAULT_CONFLICT);
    assert_ok(door_restore(scene_door(s, c.member), &capability_type, k.id));
    assert_ok(door_load(scene_door(s, c.member), capability, k.id, &k, NULL));
    struct door *remover = scene_door(s, c.member);
    assert_ok(door_delete(remover, &capability_type, k.id, k.version));
    assert_ok(door_restore(scene_program(s), &capability_type, k.id));
    int64_t restored = newest(s, k.id).entry;
    assert_ok(undo_entry(scene_door(s, c.facilitator), restored));
    assert_null(title_of(s, k.id));
}

static void an_organisation_that_others_refer_to_stays(void **state)
{
    struct scene *s = *state;
    struct cast c = cast_of(s);
    struct history_line *lines = NULL;
    size_t count = 0;
    assert_ok(door_history(scene_program(s), &organisation_type, c.firm, &lines, &count));
    struct fault *refused = undo_entry(scene_door(s, c.facilitator), lines[count - 1].entry);
    assert_fault(refused, FAULT_CONFLICT);
    assert_non_null(strstr(refused->text, "Tournage"));
}

/* Two changes of one transaction, and one that stands in the way of the second. */
static void a_transaction_is_taken_back_whole_or_not_at_all(void **state)
{
    struct scene *s = *state;
    struct cast c = cast_of(s);
    int64_t other = scene_capability(s, c.firm, "Fraisage", "", "", "space");
    for (int blocked = 1; blocked >= 0; blocked--) {
        struct door *d = scene_door(s, c.member);
        struct capability a, b;
        assert_ok(door_load(d, capability, c.know_how, &a, NULL));
        assert_ok(door_load(d, capability, other, &b, NULL));
        a.title = "Un";
        b.title = "Deux";
        assert_ok(door_begin(d));
        assert_ok(door_save(d, capability, &a, ALL_FIELDS));
        assert_ok(door_save(d, capability, &b, ALL_FIELDS));
        assert_ok(door_commit(d));
        int64_t batch = newest(s, other).batch;
        if (blocked)
            change(s, c.colleague, c.know_how, "Trois", UNKNOWN_INTEGER);
        struct fault *refused = undo_batch(scene_door(s, c.member), batch);
        if (blocked) {
            assert_fault(refused, FAULT_CONFLICT);
            assert_string_equal(title_of(s, other), "Deux");
            change(s, c.colleague, c.know_how, "Tournage", UNKNOWN_INTEGER);
            change(s, c.colleague, other, "Fraisage", UNKNOWN_INTEGER);
        } else {
            assert_ok(refused);
            assert_string_equal(title_of(s, other), "Fraisage");
            assert_string_equal(title_of(s, c.know_how), "Tournage");
        }
    }
}

static void rights_are_those_of_today(void **state)
{
    struct scene *s = *state;
    struct cast c = cast_of(s);
    change(s, c.member, c.know_how, "Tournage fin", UNKNOWN_INTEGER);
    int64_t entry = newest(s, c.know_how).entry;
    struct list_page page;
    const struct list_request asked = {.type = &mandate_type, .per_page = 100};
    assert_ok(door_list(scene_program(s), &asked, &page));
    for (size_t i = 0; i < page.count; i++) { /* the member leaves the firm */
        struct mandate m = ((const struct mandate *)page.records)[i];
        if (m.person == c.member)
            assert_ok(door_delete(scene_program(s), &mandate_type, m.id, m.version));
    }
    assert_fault(undo_entry(scene_door(s, c.member), entry), FAULT_DENIED);
    assert_string_equal(title_of(s, c.know_how), "Tournage fin");
    struct capability k; /* and the know-how becomes the firm's alone */
    struct door *d = scene_program(s);
    assert_ok(door_load(d, capability, c.know_how, &k, NULL));
    k.visibility = "private";
    assert_ok(door_save(d, capability, &k, ALL_FIELDS));
    assert_fault(undo_entry(scene_door(s, c.member), entry), FAULT_NOT_FOUND);
    assert_fault(undo_entry(scene_door(s, c.facilitator), entry), FAULT_NOT_FOUND);
}

static void after_thirty_days_it_is_too_late(void **state)
{
    struct scene *s = *state;
    struct cast c = cast_of(s);
    change(s, c.member, c.know_how, "Tournage fin", UNKNOWN_INTEGER);
    struct history_line line = newest(s, c.know_how);
    assert_true(line.may_undo);
    clock_hold(now_us() + 31 * DAY_US);
    assert_false(newest(s, c.know_how).may_undo);
    assert_fault(undo_entry(scene_door(s, c.member), line.entry), FAULT_CONFLICT);
    clock_hold(0);
    assert_ok(undo_entry(scene_door(s, c.member), line.entry));
}

static int close_and_let_go(void **state)
{
    clock_hold(0);
    return scene_close(state);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scene_open, close_and_let_go)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_update_is_taken_back_by_its_author_or_a_facilitator),
        TEST(what_was_built_on_it_is_named),
        TEST(coming_and_going_is_taken_back),
        TEST(an_organisation_that_others_refer_to_stays),
        TEST(a_transaction_is_taken_back_whole_or_not_at_all),
        TEST(rights_are_those_of_today),
        TEST(after_thirty_days_it_is_too_late),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
