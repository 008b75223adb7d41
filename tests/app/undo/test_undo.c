/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "test.h"

#include <string.h>

#include "app/scene.h"
#include "arena/arena.h"
#include "clock/clock.h"
#include "i18n/i18n.h"
#include "journal/journal.h"
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
        int64_t batch = newest(s, other).batch, job;
        if (blocked)
            change(s, c.colleague, c.know_how, "Trois", UNKNOWN_INTEGER);
        struct fault *refused = undo_batch(NULL, scene_door(s, c.member), batch, "/", &job);
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

static struct history_line newest_of(struct scene *s, const struct record_type *type, int64_t id)
{
    struct history_line *lines = NULL;
    size_t count = 0;
    assert_ok(door_history(scene_program(s), type, id, &lines, &count));
    assert_true(count > 0);
    return lines[0];
}

/* The entry that a facilitator's door last made, whatever became of its record. */
static struct journal_entry last_entry(struct scene *s)
{
    struct journal_entry e;
    int64_t last;
    struct connection *c = door_connection(scene_program(s));
    assert_ok(journal_last(c, &last));
    assert_ok(journal_entry_load(c, s->arena, last, &e));
    return e;
}

/* What gives rights is given and taken on its own pages, which ask for a proof: neither a facilitator nor who
 * did it brings a mandate back, or a role, alone or as a whole. */
static void rights_do_not_come_back(void **state)
{
    struct scene *s = *state;
    struct cast c = cast_of(s);
    struct list_page mandates;
    struct person p;
    const struct list_request asked = {.type = &mandate_type, .per_page = 100};
    assert_ok(door_list(scene_door(s, c.facilitator), &asked, &mandates));
    const struct mandate *m = mandates.records;
    assert_ok(door_delete(scene_door(s, c.facilitator), &mandate_type, m[0].id, m[0].version));
    struct journal_entry gone = last_entry(s);
    assert_int_equal(gone.record, m[0].id);
    struct door *d = scene_door(s, c.facilitator);
    assert_ok(door_load(d, person, c.member, &p, NULL));
    p.role = "facilitator";
    assert_ok(door_save(d, person, &p, ALL_FIELDS));
    p.role = "member";
    assert_ok(door_save(d, person, &p, ALL_FIELDS));
    struct history_line line = newest_of(s, &person_type, c.member);
    assert_ok(door_delete(d, &person_type, c.colleague, 1));
    struct journal_entry left = last_entry(s);
    const int64_t entries[] = {gone.id, line.entry, left.id};
    const int64_t batches[] = {gone.batch, line.batch, left.batch};
    for (size_t i = 0; i < COUNT(entries); i++) {
        int64_t job;
        assert_fault(undo_entry(scene_door(s, c.facilitator), entries[i]), FAULT_CONFLICT);
        assert_fault(undo_batch(NULL, scene_door(s, c.facilitator), batches[i], "/", &job), FAULT_CONFLICT);
        assert_fault(undo_entry(scene_door(s, c.competitor), entries[i]), FAULT_NOT_FOUND);
    }
    assert_ok(door_load(scene_program(s), person, c.member, &p, NULL));
    assert_string_equal(p.role, "member");
    assert_fault(door_load(scene_program(s), person, c.colleague, &p, NULL), FAULT_NOT_FOUND);
    assert_int_equal(door_viewer(scene_door(s, m[0].person))->count, 0);
    assert_false(newest_of(s, &person_type, c.member).may_undo);
}

/* What was changed while it was the firm's alone is not the facilitators' to bring back once it is open. */
static void what_was_closed_then_is_not_brought_back(void **state)
{
    struct scene *s = *state;
    struct cast c = cast_of(s);
    static const struct {
        const char *title, *level;
    } steps[] = {{"canary-private", "private"}, {"Anodin", "private"}, {"Anodin", "space"}};
    int64_t entries[COUNT(steps)];
    for (size_t i = 0; i < COUNT(steps); i++) {
        struct door *d = scene_door(s, c.member);
        struct capability k;
        assert_ok(door_load(d, capability, c.know_how, &k, NULL));
        k.title = steps[i].title;
        k.visibility = steps[i].level;
        assert_ok(door_save(d, capability, &k, ALL_FIELDS));
        entries[i] = newest(s, c.know_how).entry;
    }
    for (size_t i = 0; i < COUNT(steps); i++)
        assert_fault(undo_entry(scene_door(s, c.facilitator), entries[i]), FAULT_NOT_FOUND);
    assert_string_equal(title_of(s, c.know_how), "Anodin");
    assert_ok(undo_entry(scene_door(s, c.member), entries[1]));
    assert_string_equal(title_of(s, c.know_how), "canary-private");
}

/* Nor what was removed by a firm that has closed since. */
static void what_a_closed_firm_removed_is_not_brought_back(void **state)
{
    struct scene *s = *state;
    struct cast c = cast_of(s);
    struct organisation o;
    assert_ok(door_delete(scene_door(s, c.member), &capability_type, c.know_how, 1));
    struct journal_entry gone = last_entry(s);
    struct door *d = scene_door(s, c.member);
    assert_ok(door_load(d, organisation, c.firm, &o, NULL));
    o.visibility = "private";
    assert_ok(door_save(d, organisation, &o, ALL_FIELDS));
    assert_fault(undo_entry(scene_door(s, c.facilitator), gone.id), FAULT_NOT_FOUND);
    assert_ok(undo_entry(scene_door(s, c.member), gone.id));
}

/* That something hidden stands in the way is told; neither what, nor how much of it. */
static void what_is_hidden_stands_in_the_way_without_its_name(void **state)
{
    struct scene *s = *state;
    struct cast c = cast_of(s);
    struct organisation o;
    struct door *d = scene_door(s, c.facilitator);
    record_clear(&organisation_type, &o);
    o.name = "Nouvelle";
    o.visibility = "space";
    assert_ok(door_save(d, organisation, &o, ALL_FIELDS));
    struct journal_entry made = last_entry(s);
    for (int i = 0; i < 3; i++)
        (void)scene_capability(s, o.id, "canary-private", "", "", "private");
    struct fault *refused = undo_entry(scene_door(s, c.facilitator), made.id);
    assert_fault(refused, FAULT_CONFLICT);
    assert_string_equal(refused->text,
                        "This cannot be undone: these depend on it: something that is not yours to see.");
}

/* Somebody who asked to be forgotten does not come back. */
static void what_was_erased_does_not_come_back(void **state)
{
    struct scene *s = *state;
    struct cast c = cast_of(s);
    int64_t forgotten;
    change(s, c.member, c.know_how, "Anodin", UNKNOWN_INTEGER);
    int64_t renamed = newest(s, c.know_how).entry;
    assert_ok(door_delete(scene_door(s, c.member), &capability_type, c.know_how, 2));
    struct journal_entry gone = last_entry(s);
    struct door *d = scene_program(s);
    assert_ok(door_begin(d));
    assert_ok(journal_forget(door_transaction(d), "capability", c.know_how, &forgotten));
    assert_ok(door_commit(d));
    assert_int_equal(forgotten, 3);
    const int64_t entries[] = {renamed, gone.id};
    for (size_t i = 0; i < COUNT(entries); i++) {
        assert_fault(undo_entry(scene_door(s, c.member), entries[i]), FAULT_NOT_FOUND);
        assert_fault(undo_entry(scene_program(s), entries[i]), FAULT_NOT_FOUND);
    }
    assert_null(title_of(s, c.know_how));
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
        TEST(rights_do_not_come_back),
        TEST(what_was_closed_then_is_not_brought_back),
        TEST(what_a_closed_firm_removed_is_not_brought_back),
        TEST(what_is_hidden_stands_in_the_way_without_its_name),
        TEST(what_was_erased_does_not_come_back),
        TEST(after_thirty_days_it_is_too_late),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
