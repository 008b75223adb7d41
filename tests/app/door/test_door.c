/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "folder.h"
#include "under_test.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "catalogue/catalogue.h"
#include "clock/clock.h"
#include "door/door.h"
#include "door/kept.h"
#include "i18n/i18n.h"

struct scene {
    char folder[64], path[256];
    struct space *space;
    int64_t mine, rival, hidden; /* organisations: one's own, another, a confidential one */
    int64_t member, facilitator, retired;
};

static int64_t add_organisation(struct door *d, const char *name, const char *level)
{
    struct organisation o;
    record_clear(&organisation_type, &o);
    o.name = name;
    o.visibility = level;
    o.note = "canary-note";
    o.turnover_band = "canary-turnover";
    assert_ok(door_save(d, organisation, &o, ALL_FIELDS));
    return o.id;
}

static int64_t add_person(struct door *d, const char *name, const char *role, enum flag active)
{
    struct person p;
    record_clear(&person_type, &p);
    p.name = name;
    p.role = role;
    p.active = active;
    p.phone = "canary-phone";
    assert_ok(door_save(d, person, &p, ALL_FIELDS));
    return p.id;
}

static void add_mandate(struct door *d, int64_t person, int64_t organisation, int64_t until)
{
    struct mandate m;
    record_clear(&mandate_type, &m);
    m.person = person;
    m.organisation = organisation;
    m.until = until;
    assert_ok(door_save(d, mandate, &m, ALL_FIELDS));
}

static int set_up(void **state)
{
    struct scene *s = calloc(1, sizeof *s);
    struct arena *a = arena_new(LIMIT_REQUEST_MEMORY);
    struct door *d = NULL;
    folder_new(s->folder, "door");
    new_place(s->folder, "space", s->path, sizeof s->path);
    assert_ok(space_create(s->path, &s->space));
    assert_ok(door_open_program(s->space, a, &d));
    assert_ok(door_begin(d));
    s->mine = add_organisation(d, "Mine", "space");
    s->rival = add_organisation(d, "Rival", "space");
    s->hidden = add_organisation(d, "Hidden", "confidential");
    s->member = add_person(d, "Jeanne Membre", "member", FLAG_YES);
    s->facilitator = add_person(d, "Ali Mateur", "facilitator", FLAG_YES);
    s->retired = add_person(d, "Paul Parti", "facilitator", FLAG_NO);
    add_mandate(d, s->member, s->mine, UNKNOWN_INTEGER);
    add_mandate(d, s->member, s->rival, today() - 1); /* over since yesterday */
    assert_ok(door_commit(d));
    arena_free(a);
    *state = s;
    return 0;
}

static int tear_down(void **state)
{
    struct scene *s = *state;
    space_close(s->space);
    folder_remove(s->folder);
    free(s);
    return 0;
}

static struct door *door_for(struct scene *s, struct arena *a, int64_t person)
{
    struct door *d = NULL;
    assert_ok(door_open(s->space, a, person, &d));
    return d;
}

static struct door *door_program(struct scene *s, struct arena *a)
{
    struct door *d = NULL;
    assert_ok(door_open_program(s->space, a, &d));
    return d;
}

static void fields_come_only_to_whom_they_are_for(void **state)
{
    struct scene *s = *state;
    ARENA_SCOPE(a);
    struct organisation o;
    field_mask shown;
    assert_ok(door_load(door_for(s, a, s->member), organisation, s->mine, &o, &shown));
    assert_string_equal(o.turnover_band, "canary-turnover");
    assert_ok(door_load(door_for(s, a, s->member), organisation, s->rival, &o, &shown));
    assert_null(o.note);
    assert_null(o.turnover_band);
    assert_ok(door_load(door_for(s, a, s->facilitator), organisation, s->rival, &o, &shown));
    assert_string_equal(o.note, "canary-note");
    assert_null(o.turnover_band);
    assert_fault(door_load(door_for(s, a, 0), organisation, s->mine, &o, &shown), FAULT_NOT_FOUND);
    assert_fault(door_load(door_for(s, a, s->member), organisation, s->hidden, &o, &shown), FAULT_NOT_FOUND);
    assert_ok(door_load(door_for(s, a, s->facilitator), organisation, s->hidden, &o, &shown));
}

static void a_person_who_left_is_a_visitor(void **state)
{
    struct scene *s = *state;
    ARENA_SCOPE(a);
    assert_int_equal(door_viewer(door_for(s, a, s->retired))->roles, ROLE_VISITOR);
    assert_int_equal(door_viewer(door_for(s, a, s->member))->count, 1);
}

static void lists_neither_show_nor_order_by_what_is_hidden(void **state)
{
    struct scene *s = *state;
    ARENA_SCOPE(a);
    struct list_page page;
    struct list_request asked = {.type = &organisation_type};
    assert_ok(door_list(door_for(s, a, s->member), &asked, &page));
    assert_int_equal(page.total, 2);
    assert_ok(door_list(door_for(s, a, s->facilitator), &asked, &page));
    assert_int_equal(page.total, 3);
    assert_ok(door_list(door_for(s, a, 0), &asked, &page));
    assert_int_equal(page.total, 0);
    asked.sort = "turnover_band";
    assert_fault(door_list(door_for(s, a, s->facilitator), &asked, &page), FAULT_INVALID);
    asked.sort = "-note";
    assert_fault(door_list(door_for(s, a, s->member), &asked, &page), FAULT_INVALID);
    assert_ok(door_list(door_for(s, a, s->facilitator), &asked, &page));
    struct list_filter filter = {"note", "canary"};
    asked = (struct list_request){.type = &organisation_type, .filters = &filter, .filter_count = 1};
    assert_fault(door_list(door_for(s, a, s->member), &asked, &page), FAULT_INVALID);
}

static void only_whom_it_concerns_may_change_it(void **state)
{
    struct scene *s = *state;
    ARENA_SCOPE(a);
    struct organisation o;
    field_mask shown;
    struct door *member = door_for(s, a, s->member);
    assert_ok(door_load(member, organisation, s->rival, &o, &shown));
    o.activity = "taken over";
    assert_fault(door_save(member, organisation, &o, shown), FAULT_DENIED);
    struct door *again = door_for(s, a, s->member);
    assert_ok(door_load(again, organisation, s->mine, &o, &shown));
    o.activity = "décolletage";
    assert_ok(door_save(again, organisation, &o, shown));
    assert_int_equal(o.version, 2);
    o.version = 1;
    assert_fault(door_save(again, organisation, &o, shown), FAULT_CONFLICT);
}

static void a_form_that_did_not_show_a_field_cannot_erase_it(void **state)
{
    struct scene *s = *state;
    ARENA_SCOPE(a);
    struct organisation o;
    field_mask shown;
    struct door *facilitator = door_for(s, a, s->facilitator);
    assert_ok(door_load(facilitator, organisation, s->rival, &o, &shown));
    o.turnover_band = "forged";
    assert_ok(door_save(facilitator, organisation, &o, ALL_FIELDS)); /* claims to have shown everything */
    struct door *program = NULL;
    assert_ok(door_open_program(s->space, a, &program));
    assert_ok(door_load(program, organisation, s->rival, &o, &shown));
    assert_string_equal(o.turnover_band, "canary-turnover");
}

static void records_cannot_be_slipped_under_another_owner(void **state)
{
    struct scene *s = *state;
    ARENA_SCOPE(a);
    struct capability c;
    record_clear(&capability_type, &c);
    c.title = "Polissage";
    c.visibility = "space";
    c.organisation = s->rival;
    struct door *member = door_for(s, a, s->member);
    assert_fault(door_save(member, capability, &c, ALL_FIELDS), FAULT_DENIED);
    struct door *again = door_for(s, a, s->member);
    c.organisation = s->mine;
    assert_ok(door_save(again, capability, &c, ALL_FIELDS));
    c.organisation = s->rival;
    assert_fault(door_save(again, capability, &c, ALL_FIELDS), FAULT_DENIED);
}

static void nobody_confirms_their_own_know_how(void **state)
{
    struct scene *s = *state;
    ARENA_SCOPE(a);
    struct capability c;
    field_mask shown;
    record_clear(&capability_type, &c);
    c.title = "Anglage";
    c.visibility = "space";
    c.organisation = s->mine;
    c.origin = "confirmed";
    c.confirmed_by = s->facilitator;
    struct door *member = door_for(s, a, s->member);
    assert_ok(door_save(member, capability, &c, ALL_FIELDS));
    assert_string_equal(c.origin, "declared");
    assert_int_equal(c.confirmed_by, 0);
    struct door *facilitator = door_for(s, a, s->facilitator);
    assert_ok(door_load(facilitator, capability, c.id, &c, &shown));
    c.origin = "confirmed";
    c.confirmed_by = s->facilitator;
    c.confirmed_on = today();
    assert_ok(door_save(facilitator, capability, &c, shown));
    struct door *again = door_for(s, a, s->member);
    assert_ok(door_load(again, capability, c.id, &c, &shown));
    c.origin = "declared";
    assert_ok(door_save(again, capability, &c, shown));
    assert_string_equal(c.origin, "confirmed");
}

static void removal_is_undone(void **state)
{
    struct scene *s = *state;
    ARENA_SCOPE(a);
    struct organisation o;
    struct door *d = door_for(s, a, s->facilitator);
    assert_ok(door_load(d, organisation, s->rival, &o, NULL));
    assert_ok(door_delete(d, &organisation_type, s->rival, o.version));
    assert_fault(door_load(door_for(s, a, s->facilitator), organisation, s->rival, &o, NULL),
                 FAULT_NOT_FOUND);
    struct door *member = door_for(s, a, s->member);
    assert_fault(door_restore(member, &organisation_type, s->rival), FAULT_DENIED);
    struct door *again = door_for(s, a, s->facilitator);
    assert_ok(door_restore(again, &organisation_type, s->rival));
    assert_ok(door_load(again, organisation, s->rival, &o, NULL));
}

static void history_leaves_out_what_the_reader_may_not_see(void **state)
{
    struct scene *s = *state;
    ARENA_SCOPE(a);
    struct history_line *lines = NULL;
    size_t count = 0;
    assert_ok(door_history(door_for(s, a, s->member), &organisation_type, s->rival, &lines, &count));
    assert_true(count >= 1);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < lines[i].count; k++)
            assert_null(strstr(lines[i].changes[k].after ? lines[i].changes[k].after : "", "canary"));
}

static void catalogues_hold_what_their_class_sees(void **state)
{
    struct scene *s = *state;
    ARENA_SCOPE(a);
    const struct catalogue *c = NULL;
    assert_ok(catalogue_of(door_for(s, a, 0), &c));
    assert_int_equal(c->count, 0);
    assert_ok(catalogue_of(door_for(s, a, s->member), &c));
    assert_int_equal(c->count, 2);
    assert_null(c->entries[0].organisation.turnover_band); /* not even one's own: the class is shared */
    const struct catalogue *same = NULL;
    assert_ok(catalogue_of(door_for(s, a, s->member), &same));
    assert_ptr_equal(c, same);
    assert_ok(catalogue_of(door_for(s, a, s->facilitator), &c));
    assert_int_equal(c->count, 3);
    const struct catalogue_hit *found;
    size_t count;
    assert_ok(catalogue_search(c, a, "mine", &found, &count));
    assert_int_equal(count, 1);
}

static const struct list_filter asked_filter = {"name", "mine"};
static const struct list_request asked_list = {
    .type = &organisation_type, .filters = &asked_filter, .filter_count = 1, .page = 1, .per_page = 50};

static void keep(struct scene *s, int64_t person, const char *text)
{
    ARENA_SCOPE(a);
    struct arena *drawn = arena_new(MIB);
    struct html *h = html_new(drawn, MIB);
    html_text(h, text);
    struct kept_table table = {{.count = 1, .total = 1}, html_done(h)};
    assert_ok(kept_table_add(door_for(s, a, person), &asked_list, 3, drawn, &table));
}

/* NULL: nothing is kept. */
static const char *kept_as(struct scene *s, struct arena *a, int64_t person, field_mask columns,
                           const struct list_request *asked)
{
    struct kept_table table;
    bool found;
    assert_ok(kept_table_find(door_for(s, a, person), asked, columns, &table, &found));
    return found ? table.rows.bytes.ptr : NULL;
}

static const char *kept_for(struct scene *s, struct arena *a, int64_t person, field_mask columns)
{
    return kept_as(s, a, person, columns, &asked_list);
}

static void a_table_is_kept_for_the_list_that_was_asked(void **state)
{
    struct scene *s = *state;
    ARENA_SCOPE(a);
    keep(s, s->member, "mine, first page");
    assert_non_null(kept_as(s, a, s->member, 3, &asked_list));
    struct list_request other = asked_list;
    other.page = 2;
    assert_null(kept_as(s, a, s->member, 3, &other));
    other = asked_list, other.per_page = 20;
    assert_null(kept_as(s, a, s->member, 3, &other));
    other = asked_list, other.sort = "-name";
    assert_null(kept_as(s, a, s->member, 3, &other));
    other = asked_list, other.owner = s->mine;
    assert_null(kept_as(s, a, s->member, 3, &other));
    other = asked_list, other.type = &site_type;
    assert_null(kept_as(s, a, s->member, 3, &other));
    static const struct list_filter filters[] = {{"name", "min"}, {"name", "mine=4:mine"}};
    for (size_t i = 0; i < COUNT(filters); i++) {
        other = asked_list, other.filters = &filters[i];
        assert_null(kept_as(s, a, s->member, 3, &other));
    }
}

static void rows_are_kept_for_one_person_until_something_changes(void **state)
{
    struct scene *s = *state;
    ARENA_SCOPE(a);
    keep(s, s->member, "as the member sees it");
    keep(s, 0, "as visitors see it");
    assert_string_equal(kept_for(s, a, s->member, 3), "as the member sees it");
    assert_string_equal(kept_for(s, a, 0, 3), "as visitors see it");
    assert_null(kept_for(s, a, s->facilitator, 3));
    assert_null(kept_for(s, a, s->member, 7)); /* other columns */
    language_set(LANGUAGE_EN);
    assert_null(kept_for(s, a, s->member, 3));
    language_set(LANGUAGE_FR);
    const char *held = kept_for(s, a, s->member, 3);
    struct organisation o;
    struct door *d = door_for(s, a, s->facilitator);
    assert_ok(door_load(d, organisation, s->mine, &o, NULL));
    o.short_name = "M";
    assert_ok(door_save(d, organisation, &o, ALL_FIELDS));
    assert_null(kept_for(s, a, s->member, 3));
    assert_null(kept_for(s, a, 0, 3));
    for (int i = 0; i < 40; i++) /* pushes all else out; what a door holds stays */
        keep(s, s->facilitator, "later");
    assert_string_equal(held, "as the member sees it");
}

/* Who somebody is stays known between requests: until anything changes, or the day does. */
static void a_change_of_role_or_mandate_counts_at_once(void **state)
{
    struct scene *s = *state;
    ARENA_SCOPE(a);
    struct door *program = NULL;
    struct person p;
    assert_int_equal(door_viewer(door_for(s, a, s->member))->count, 1);
    assert_string_equal(door_person_name(door_for(s, a, s->member)), "Jeanne Membre");
    assert_ok(door_open_program(s->space, a, &program));
    add_mandate(program, s->member, s->hidden, today());
    assert_int_equal(door_viewer(door_for(s, a, s->member))->count, 2);
    clock_hold(now_us() + 86400 * SECOND_US);
    assert_int_equal(door_viewer(door_for(s, a, s->member))->count, 1);
    clock_hold(0);
    assert_ok(door_load(program, person, s->member, &p, NULL));
    p.role = "facilitator";
    assert_ok(door_save(program, person, &p, ALL_FIELDS));
    assert_true(door_viewer(door_for(s, a, s->member))->roles & ROLE_FACILITATOR);
    assert_false(door_viewer(door_for(s, a, s->member))->roles & ROLE_MEMBER);
    p.active = FLAG_NO;
    assert_ok(door_save(program, person, &p, ALL_FIELDS));
    assert_int_equal(door_viewer(door_for(s, a, s->member))->roles, ROLE_VISITOR);
}

/* Readings. */

static size_t readings_of(struct scene *s, struct arena *a, int64_t person, int64_t id,
                          struct reading_line **lines)
{
    size_t count = 0;
    assert_ok(space_seal(s->space));
    assert_ok(door_readings(door_for(s, a, person), &organisation_type, id, lines, &count));
    return count;
}

static void who_opened_what_is_told_to_its_owner_alone(void **state)
{
    struct scene *s = *state;
    ARENA_SCOPE(a);
    struct organisation o;
    struct reading_line *lines = NULL;
    int64_t member = add_person(door_program(s, a), "Luc Rival", "member", FLAG_YES);
    int64_t firm = add_organisation(door_program(s, a), "Lue", "space");
    add_mandate(door_program(s, a), member, s->rival, UNKNOWN_INTEGER);
    assert_ok(
        door_load(door_for(s, a, member), organisation, firm, &o, NULL)); /* nothing of it is confided */
    assert_int_equal(readings_of(s, a, s->facilitator, firm, &lines), 0);
    assert_ok(door_load(door_for(s, a, s->facilitator), organisation, firm, &o, NULL));
    assert_int_equal(readings_of(s, a, s->facilitator, firm, &lines), 1);
    assert_int_equal(lines[0].times, 1);
    assert_int_equal(lines[0].day, today());
    size_t none = 0;
    assert_fault(door_readings(door_for(s, a, member), &organisation_type, firm, &lines, &none),
                 FAULT_DENIED);
    assert_fault(door_readings(door_for(s, a, s->member), &organisation_type, s->hidden, &lines, &none),
                 FAULT_NOT_FOUND);
    add_mandate(door_program(s, a), member, firm, UNKNOWN_INTEGER);
    assert_ok(door_load(door_for(s, a, member), organisation, firm, &o, NULL)); /* now it is theirs */
    assert_int_equal(readings_of(s, a, member, firm, &lines), 2);
    assert_non_null(strstr(lines[0].who, "Lue"));
}

/* Of whoever acts for several, or did, its owner learns of no other firm than its own. */
static void a_reader_is_told_by_the_mandates_of_that_day_that_are_the_viewers_to_see(void **state)
{
    struct scene *s = *state;
    ARENA_SCOPE(a);
    struct organisation o;
    struct reading_line *lines = NULL;
    const int64_t began = now_us();
    clock_hold(began);
    int64_t firm = add_organisation(door_program(s, a), "Propre", "space");
    int64_t old = add_organisation(door_program(s, a), "Ancienne", "space");
    int64_t both = add_person(door_program(s, a), "Léa Double", "member", FLAG_YES);
    int64_t colleague = add_person(door_program(s, a), "Tom Propre", "member", FLAG_YES);
    add_mandate(door_program(s, a), both, s->rival, UNKNOWN_INTEGER);
    add_mandate(door_program(s, a), both, old, today() - 1);
    add_mandate(door_program(s, a), both, firm, today() + 1);
    add_mandate(door_program(s, a), colleague, firm, UNKNOWN_INTEGER);
    assert_ok(door_load(door_for(s, a, both), organisation, firm, &o, NULL));
    for (int day = 0; day < 3;
         day += 2) { /* what they were then counts, not what they are when it is asked */
        clock_hold(began + day * 86400 * SECOND_US);
        assert_int_equal(readings_of(s, a, colleague, firm, &lines), 1);
        assert_string_equal(lines[0].who, "Propre");
        assert_int_equal(readings_of(s, a, s->facilitator, firm, &lines), 1);
        assert_non_null(strstr(lines[0].who, "Rival"));
        assert_null(strstr(lines[0].who, "Ancienne"));
        assert_non_null(strstr(lines[0].who, "Propre"));
    }
    clock_hold(0);
}

/* Who read a know-how while it was another firm's stays that one's matter. */
static void readings_stay_with_whose_record_it_was(void **state)
{
    struct scene *s = *state;
    ARENA_SCOPE(a);
    struct reading_line *lines = NULL;
    struct capability k;
    size_t count = 0;
    clock_hold(now_us());
    int64_t first = add_organisation(door_program(s, a), "Première", "space");
    int64_t second = add_organisation(door_program(s, a), "Seconde", "space");
    record_clear(&capability_type, &k);
    k.organisation = first;
    k.title = "Cédé";
    k.visibility = "confidential";
    assert_ok(door_save(door_program(s, a), capability, &k, ALL_FIELDS));
    assert_ok(door_load(door_for(s, a, s->facilitator), capability, k.id, &k, NULL));
    clock_hold(now_us() + SECOND_US);
    k.organisation = second;
    assert_ok(door_save(door_program(s, a), capability, &k, ALL_FIELDS));
    assert_ok(space_seal(s->space));
    assert_ok(door_readings(door_for(s, a, s->facilitator), &capability_type, k.id, &lines, &count));
    assert_int_equal(count, 0);
    assert_ok(door_load(door_for(s, a, s->facilitator), capability, k.id, &k, NULL));
    assert_ok(space_seal(s->space));
    assert_ok(door_readings(door_for(s, a, s->facilitator), &capability_type, k.id, &lines, &count));
    assert_int_equal(count, 1);
    clock_hold(0);
}

/* What its owner is told stays the same when readings are folded; days before it was theirs are left out. */
static void readings_of_days_long_past_are_told_as_before(void **state)
{
    struct scene *s = *state;
    ARENA_SCOPE(a);
    struct reading_line *whole = NULL, *folded = NULL;
    const int64_t began = now_us();
    clock_hold(began);
    int64_t firm = add_organisation(door_program(s, a), "Relue", "confidential");
    int64_t member = add_person(door_program(s, a), "Zoé Relue", "member", FLAG_YES);
    add_mandate(door_program(s, a), member, firm, UNKNOWN_INTEGER);
    for (int day = 0; day < 3; day++) {
        struct organisation o;
        clock_hold(began + day * 86400 * SECOND_US);
        assert_ok(door_load(door_for(s, a, s->facilitator), organisation, firm, &o, NULL));
        assert_ok(space_seal(s->space));
        assert_ok(door_load(door_for(s, a, member), organisation, firm, &o, NULL));
        assert_ok(space_seal(s->space));
        assert_ok(door_load(door_for(s, a, s->facilitator), organisation, firm, &o, NULL));
    }
    size_t count = readings_of(s, a, s->facilitator, firm, &whole);
    assert_int_equal(count, 6);
    clock_hold(began + (LIMIT_READINGS_WHOLE_DAYS + 4) * 86400 * SECOND_US);
    assert_ok(space_fold_readings(s->space, 20));
    assert_int_equal(readings_of(s, a, s->facilitator, firm, &folded), count);
    for (size_t i = 0; i < count; i++) {
        size_t same = 0;
        for (size_t k = 0; k < count; k++)
            same += folded[k].day == whole[i].day && folded[k].kind == whole[i].kind &&
                    folded[k].times == whole[i].times && strcmp(folded[k].who, whole[i].who) == 0;
        assert_int_equal(same, 1);
    }
    clock_hold(0);
}

static void exports_and_commands_count_every_record_of_a_list(void **state)
{
    struct scene *s = *state;
    ARENA_SCOPE(a);
    struct reading_line *lines = NULL;
    struct list_page page;
    const struct list_request asked = {.type = &organisation_type};
    int64_t firm = add_organisation(door_program(s, a), "Exportée", "confidential");
    struct door *d = door_for(s, a, s->facilitator);
    assert_ok(door_list(d, &asked, &page)); /* a list on a page opens none */
    assert_int_equal(readings_of(s, a, s->facilitator, firm, &lines), 0);
    door_read_as(d, READING_EXPORT);
    assert_ok(door_list(d, &asked, &page));
    assert_int_equal(readings_of(s, a, s->facilitator, firm, &lines), 1);
    struct door *program = door_program(s, a);
    assert_ok(door_list(program, &asked, &page));
    assert_int_equal(readings_of(s, a, s->facilitator, firm, &lines), 1);
    door_read_as(program, READING_COMMAND);
    assert_ok(door_list(program, &asked, &page));
    assert_int_equal(readings_of(s, a, s->facilitator, firm, &lines), 2);
    assert_string_not_equal(lines[0].way, lines[1].way);
}

enum { BUSY = 8, CHANGES_OF_ONE = 250 };

/* As requests do: each opens a door, reads through it, and only then writes. */
static void *change_much(void *thing)
{
    struct scene *s = thing;
    for (int i = 0; i < CHANGES_OF_ONE; i++) {
        ARENA_SCOPE(a);
        struct door *d = NULL;
        struct organisation o;
        field_mask shown;
        record_clear(&organisation_type, &o);
        o.name = "Occupée";
        o.visibility = "space";
        if (door_open_program(s->space, a, &d) || door_load(d, organisation, s->mine, &o, &shown))
            return s;
        o.id = 0;
        if (door_save(d, organisation, &o, ALL_FIELDS))
            return s;
    }
    return NULL;
}

static void the_log_of_a_busy_space_stays_short(void **state)
{
    struct scene *s = *state;
    pthread_t busy[BUSY];
    struct stat about;
    if (on_postgres())
        return;
    for (int i = 0; i < BUSY; i++)
        assert_int_equal(pthread_create(&busy[i], NULL, change_much, s), 0);
    for (int i = 0; i < BUSY; i++) {
        void *failed;
        assert_int_equal(pthread_join(busy[i], &failed), 0);
        assert_null(failed);
    }
    ARENA_SCOPE(a);
    assert_int_equal(stat(arena_print(a, "%s-wal", s->path), &about), 0);
    assert_true(about.st_size > 0);
    assert_true(about.st_size < 16 << 20); /* 1,000 pages of 4 KiB, now and then twice that */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_come_only_to_whom_they_are_for),
        cmocka_unit_test(a_person_who_left_is_a_visitor),
        cmocka_unit_test(lists_neither_show_nor_order_by_what_is_hidden),
        cmocka_unit_test(only_whom_it_concerns_may_change_it),
        cmocka_unit_test(a_form_that_did_not_show_a_field_cannot_erase_it),
        cmocka_unit_test(records_cannot_be_slipped_under_another_owner),
        cmocka_unit_test(nobody_confirms_their_own_know_how),
        cmocka_unit_test(removal_is_undone),
        cmocka_unit_test(history_leaves_out_what_the_reader_may_not_see),
        cmocka_unit_test(catalogues_hold_what_their_class_sees),
        cmocka_unit_test(rows_are_kept_for_one_person_until_something_changes),
        cmocka_unit_test(a_table_is_kept_for_the_list_that_was_asked),
        cmocka_unit_test(who_opened_what_is_told_to_its_owner_alone),
        cmocka_unit_test(a_reader_is_told_by_the_mandates_of_that_day_that_are_the_viewers_to_see),
        cmocka_unit_test(readings_stay_with_whose_record_it_was),
        cmocka_unit_test(exports_and_commands_count_every_record_of_a_list),
        cmocka_unit_test(readings_of_days_long_past_are_told_as_before),
        cmocka_unit_test(the_log_of_a_busy_space_stays_short),
        cmocka_unit_test(a_change_of_role_or_mandate_counts_at_once), /* last: who was a member is none */
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
