/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Records and lists as they stood, for whom they were open then and are open now. */
#include "test.h"

#include <string.h>

#include "app/scene.h"
#include "arena/arena.h"
#include "clock/clock.h"
#include "journal/journal.h"
#include "text/buffer.h"

#define DAY_US (86400 * SECOND_US)

static int year = 2090; /* ids only grow: each test has a year of its own */

static int64_t noon(int month, int day)
{
    return day_start_us(day_of(year, month, day)) + DAY_US / 2;
}

/* A firm, its rival, and who speaks for each; in January. */
struct cast {
    int64_t firm, rival, member, competitor, facilitator;
};

static struct cast two_firms(struct scene *s)
{
    clock_hold(noon(1, 10));
    struct cast c = {.firm = scene_organisation(s, "Firme", "space"),
                     .rival = scene_organisation(s, "Rivale", "space")};
    c.member = scene_person(s, "Anne", "member", c.firm);
    c.competitor = scene_person(s, "Bob", "member", c.rival);
    c.facilitator = scene_person(s, "Chloé", "facilitator", 0);
    return c;
}

static void change_level(struct scene *s, const struct record_type *type, int64_t id, const char *level)
{
    struct door *d = scene_program(s);
    void *record = record_new(s->arena, type);
    assert_ok(door_load_any(d, type, id, record, NULL));
    *(const char **)field_at(field_find(type, type->visibility_field), record) = level;
    assert_ok(door_save_any(d, type, record, ALL_FIELDS));
}

static void rename_to(struct scene *s, int64_t id, const char *title)
{
    struct door *d = scene_program(s);
    struct capability c;
    assert_ok(door_load(d, capability, id, &c, NULL));
    c.title = title;
    assert_ok(door_save(d, capability, &c, ALL_FIELDS));
}

/* The title a person reads of the past; NULL: there was none for them. */
static const char *title_then(struct scene *s, int64_t person, int64_t id, int64_t at_us)
{
    struct capability c;
    struct fault *hidden = door_load_as_of(person ? scene_door(s, person) : scene_program(s),
                                           &capability_type, id, at_us, &c, NULL);
    if (hidden)
        assert_int_equal(hidden->code, FAULT_NOT_FOUND);
    return hidden ? NULL : c.title;
}

static const char *titles_then(struct scene *s, int64_t person, int64_t at_us)
{
    struct list_page page;
    const struct list_request asked = {.type = &capability_type, .as_of = at_us, .per_page = 100};
    struct buffer *all = buffer_new(s->arena, MIB);
    assert_ok(door_list(person ? scene_door(s, person) : scene_program(s), &asked, &page));
    const struct capability *found = page.records;
    for (size_t i = 0; i < page.count; i++)
        buffer_print(all, "%s;", found[i].title);
    assert_int_equal(page.total, page.count);
    return buffer_string(all);
}

static void check_then(struct scene *s, int64_t person, int64_t id, int64_t at_us, const char *title)
{
    const char *one = title_then(s, person, id, at_us);
    const char *all = titles_then(s, person, at_us);
    if (title) {
        assert_non_null(one);
        assert_string_equal(one, title);
        assert_string_equal(all, arena_print(s->arena, "%s;", title));
    } else {
        assert_null(one);
        assert_string_equal(all, "");
    }
}

static void what_stood_is_read_again(void **state)
{
    struct scene *s = *state;
    struct cast c = two_firms(s);
    int64_t id = scene_capability(s, c.firm, "Tournage", "", "", "space");
    clock_hold(noon(3, 10));
    rename_to(s, id, "Tournage fin");
    clock_hold(noon(5, 10));
    rename_to(s, id, "Décolletage");
    for (int way = 0; way < 2; way++) {
        check_then(s, c.competitor, id, noon(1, 9), NULL);
        check_then(s, c.competitor, id, noon(2, 1), "Tournage");
        check_then(s, c.competitor, id, noon(4, 1), "Tournage fin");
        check_then(s, c.competitor, id, noon(6, 1), "Décolletage");
        assert_ok(space_seal(s->space));
    }
}

static void what_was_closed_then_stays_closed(void **state)
{
    struct scene *s = *state;
    struct cast c = two_firms(s);
    int64_t id = scene_capability(s, c.firm, "Secret", "", "", "confidential");
    clock_hold(noon(3, 10));
    rename_to(s, id, "Ouvert");
    change_level(s, &capability_type, id, "space");
    for (int way = 0; way < 2; way++) {
        check_then(s, c.competitor, id, noon(2, 1), NULL);
        check_then(s, c.member, id, noon(2, 1), "Secret");
        check_then(s, c.facilitator, id, noon(2, 1), "Secret");
        check_then(s, c.competitor, id, noon(4, 1), "Ouvert");
        clock_hold(noon(5, 1));
        rename_to(s, id, "Ouvert"); /* nothing */
        assert_ok(space_seal(s->space));
    }
}

static void what_is_closed_now_was_never_open(void **state)
{
    struct scene *s = *state;
    struct cast c = two_firms(s);
    int64_t id = scene_capability(s, c.firm, "Ouvert", "", "", "space");
    clock_hold(noon(3, 10));
    change_level(s, &capability_type, id, "private");
    check_then(s, c.competitor, id, noon(2, 1), NULL);
    check_then(s, c.facilitator, id, noon(2, 1), NULL);
    check_then(s, c.member, id, noon(2, 1), "Ouvert");
    check_then(s, 0, id, noon(2, 1), "Ouvert");
}

/* An open know-how of a firm that was confidential. */
static void what_belonged_to_a_hidden_firm_stays_closed(void **state)
{
    struct scene *s = *state;
    struct cast c = two_firms(s);
    change_level(s, &organisation_type, c.firm, "confidential");
    int64_t id = scene_capability(s, c.firm, "Caché", "", "", "space");
    clock_hold(noon(3, 10));
    change_level(s, &organisation_type, c.firm, "space");
    for (int way = 0; way < 2; way++) {
        check_then(s, c.competitor, id, noon(2, 1), NULL);
        check_then(s, c.facilitator, id, noon(2, 1), "Caché");
        check_then(s, c.competitor, id, noon(4, 1), "Caché");
        struct organisation o;
        assert_fault(
            door_load_as_of(scene_door(s, c.competitor), &organisation_type, c.firm, noon(2, 1), &o, NULL),
            FAULT_NOT_FOUND);
        assert_ok(space_seal(s->space));
    }
}

static void what_was_deleted_is_for_its_own_people(void **state)
{
    struct scene *s = *state;
    struct cast c = two_firms(s);
    int64_t id = scene_capability(s, c.firm, "Retiré", "", "", "space");
    clock_hold(noon(3, 10));
    assert_ok(door_delete(scene_program(s), &capability_type, id, 1));
    for (int way = 0; way < 2; way++) {
        check_then(s, c.competitor, id, noon(2, 1), NULL);
        check_then(s, c.member, id, noon(2, 1), "Retiré");
        check_then(s, c.facilitator, id, noon(2, 1), "Retiré");
        check_then(s, c.member, id, noon(4, 1), NULL);
        assert_ok(space_seal(s->space));
    }
}

static void what_another_owned_then_is_for_the_other(void **state)
{
    struct scene *s = *state;
    struct cast c = two_firms(s);
    struct capability moved;
    int64_t id = scene_capability(s, c.firm, "À nous", "", "", "confidential");
    clock_hold(noon(3, 10));
    struct door *d = scene_program(s);
    assert_ok(door_load(d, capability, id, &moved, NULL));
    moved.organisation = c.rival;
    assert_ok(door_save(d, capability, &moved, ALL_FIELDS));
    check_then(s, c.competitor, id, noon(2, 1), NULL); /* theirs now, not then */
    check_then(s, c.competitor, id, noon(4, 1), "À nous");
    check_then(s, c.member, id, noon(2, 1), NULL); /* theirs then, not now */
    check_then(s, c.facilitator, id, noon(2, 1), "À nous");
}

/* By a firm that has closed since: neither one by one nor in a list. */
static void what_a_closed_firm_removed_is_its_own(void **state)
{
    struct scene *s = *state;
    struct cast c = two_firms(s);
    int64_t id = scene_capability(s, c.firm, "Retiré", "", "", "space");
    clock_hold(noon(3, 10));
    assert_ok(door_delete(scene_program(s), &capability_type, id, 1));
    change_level(s, &organisation_type, c.firm, "private");
    for (int way = 0; way < 2; way++) {
        check_then(s, c.facilitator, id, noon(2, 1), NULL);
        check_then(s, c.member, id, noon(2, 1), "Retiré");
        assert_ok(space_seal(s->space));
    }
}

static void visitors_read_no_past(void **state)
{
    struct scene *s = *state;
    struct cast c = two_firms(s);
    struct organisation o;
    struct list_page page;
    change_level(s, &organisation_type, c.firm, "public");
    const struct list_request asked = {.type = &organisation_type, .as_of = noon(2, 1)};
    assert_ok(door_load(scene_door(s, 0), organisation, c.firm, &o, NULL));
    assert_fault(door_load_as_of(scene_door(s, 0), &organisation_type, c.firm, noon(2, 1), &o, NULL),
                 FAULT_DENIED);
    assert_fault(door_list(scene_door(s, 0), &asked, &page), FAULT_DENIED);
}

/* Values that were erased stand in no state of a month either. */
static void what_was_erased_is_in_no_past(void **state)
{
    struct scene *s = *state;
    struct cast c = two_firms(s);
    int64_t id = scene_capability(s, c.firm, "À oublier", "", "", "space"), forgotten;
    clock_hold(noon(3, 10));
    rename_to(s, id, "Anodin");
    clock_hold(noon(5, 10));
    rename_to(s, id, "Plus anodin");
    assert_ok(space_seal(s->space));
    check_then(s, c.member, id, noon(2, 1), "À oublier");
    struct door *d = scene_program(s);
    assert_ok(door_begin(d));
    assert_ok(journal_forget(door_transaction(d), "capability", id, &forgotten));
    assert_ok(door_commit(d));
    for (int way = 0; way < 2; way++) {
        check_then(s, c.member, id, noon(2, 1), NULL);
        check_then(s, c.member, id, noon(4, 1), NULL);
        assert_ok(space_seal(s->space));
    }
}

static void hidden_fields_of_then_are_hidden(void **state)
{
    struct scene *s = *state;
    struct cast c = two_firms(s);
    struct organisation o;
    field_mask shown;
    struct door *d = scene_program(s);
    assert_ok(door_load(d, organisation, c.firm, &o, NULL));
    o.note = "canary";
    o.turnover_band = "canary";
    assert_ok(door_save(d, organisation, &o, ALL_FIELDS));
    assert_ok(
        door_load_as_of(scene_door(s, c.competitor), &organisation_type, c.firm, noon(2, 1), &o, &shown));
    assert_null(o.note);
    assert_null(o.turnover_band);
    assert_ok(
        door_load_as_of(scene_door(s, c.facilitator), &organisation_type, c.firm, noon(2, 1), &o, &shown));
    assert_string_equal(o.note, "canary");
    assert_null(o.turnover_band);
    struct list_filter filter = {"note", "canary"};
    struct list_request asked = {
        .type = &organisation_type, .filters = &filter, .filter_count = 1, .as_of = noon(2, 1)};
    struct list_page page;
    assert_fault(door_list(scene_door(s, c.competitor), &asked, &page), FAULT_INVALID);
    assert_ok(door_list(scene_door(s, c.facilitator), &asked, &page));
    assert_int_equal(page.total, 1);
}

/* A list of this very moment is the list of now, whatever it is sorted and filtered by. */
static void compare_lists(struct scene *s, int64_t person, struct list_request asked)
{
    ARENA_SCOPE(work);
    struct door *d = NULL;
    struct list_page now, then;
    assert_ok(door_open(s->space, work, person, &d));
    assert_ok(door_list(d, &asked, &now));
    asked.as_of = noon(12, 30);
    assert_ok(door_list(d, &asked, &then));
    assert_int_equal(now.total, then.total);
    assert_int_equal(now.count, then.count);
    for (size_t i = 0; i < now.count; i++) {
        const struct record_head *a = (const void *)((const char *)now.records + i * asked.type->size);
        const struct record_head *b = (const void *)((const char *)then.records + i * asked.type->size);
        assert_int_equal(a->id, b->id);
        for (int k = 0; k < asked.type->count; k++)
            assert_true(field_equal(&asked.type->fields[k], a, b));
    }
}

static void filters_and_orders_are_those_of_the_store(void **state)
{
    struct scene *s = *state;
    struct cast c = two_firms(s);
    struct door *program = scene_program(s);
    static const char *const levels[] = {"public", "space", "confidential", "private"};
    for (int i = 0; i < 24; i++) {
        struct capability k;
        record_clear(&capability_type, &k);
        k.organisation = i % 3 ? c.firm : c.rival;
        k.title = arena_print(s->arena, "%s %d", i % 2 ? "Étampage" : "etirage", i * 7 % 24);
        k.visibility = levels[i % 4];
        k.processes = (struct term_list){NEW(s->arena, int64_t, 1), i % 5 == 0};
        k.processes.ids[0] = i % 5 ? 0 : scene_term(s, "turning");
        k.size = (struct interval){i % 4 ? i * 1000 : UNKNOWN_INTEGER, i % 6 ? i * 5000 : UNKNOWN_INTEGER};
        k.tolerance = i % 3 ? (24 - i) * 100 : UNKNOWN_INTEGER;
        k.origin = i % 7 ? "declared" : "confirmed";
        k.confirmed_by = i % 7 ? 0 : c.facilitator;
        k.confirmed_on = i % 7 ? UNKNOWN_INTEGER : today();
        assert_ok(door_save(program, capability, &k, ALL_FIELDS));
        if (i % 8 == 7)
            assert_ok(door_delete(program, &capability_type, k.id, 1));
    }
    static const char *const sorts[] = {NULL,         "title",        "-title",        "size",
                                        "-size",      "tolerance",    "-tolerance",    "origin",
                                        "visibility", "organisation", "-organisation", "confirmed_by"};
    char *term = arena_print(s->arena, "%lld", (long long)scene_term(s, "turning"));
    const struct list_filter filters[] = {
        {"title", "ETAM"},          {"title.is", "etirage 0"},  {"size.min", "0,005 mm"},
        {"size.max", "0,01 mm"},    {"size", "0,02 mm"},        {"tolerance.max", "1 µm"},
        {"tolerance.min", "1 µm"},  {"tolerance.known", "1"},   {"tolerance.unknown", "1"},
        {"origin", "confirmed"},    {"visibility", "space"},    {"processes", term},
        {"processes.unknown", "1"}, {"confirmed_by.known", "1"}};
    const int64_t people[] = {c.member, c.competitor, c.facilitator};
    for (size_t p = 0; p < COUNT(people); p++) {
        for (size_t i = 0; i < COUNT(sorts); i++)
            compare_lists(s, people[p], (struct list_request){.type = &capability_type, .sort = sorts[i]});
        for (size_t i = 0; i < COUNT(filters); i++)
            compare_lists(s, people[p],
                          (struct list_request){.type = &capability_type,
                                                .filters = &filters[i],
                                                .filter_count = 1,
                                                .per_page = 4,
                                                .page = 1 + (int64_t)(i % 2)});
        compare_lists(s, people[p], (struct list_request){.type = &capability_type, .owner = c.firm});
        compare_lists(s, people[p], (struct list_request){.type = &organisation_type});
        compare_lists(s, people[p], (struct list_request){.type = &person_type});
    }
}

static int close_and_let_go(void **state)
{
    clock_hold(0);
    year++;
    return scene_close(state);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scene_open, close_and_let_go)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_stood_is_read_again),
        TEST(what_was_closed_then_stays_closed),
        TEST(what_is_closed_now_was_never_open),
        TEST(what_belonged_to_a_hidden_firm_stays_closed),
        TEST(what_was_deleted_is_for_its_own_people),
        TEST(what_another_owned_then_is_for_the_other),
        TEST(what_a_closed_firm_removed_is_its_own),
        TEST(visitors_read_no_past),
        TEST(what_was_erased_is_in_no_past),
        TEST(hidden_fields_of_then_are_hidden),
        TEST(filters_and_orders_are_those_of_the_store),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
