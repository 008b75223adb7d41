/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Notes are seen where what they hang on is seen, and never by more, today and of times past; what somebody
 * follows is theirs alone. */
#include "attached/attached.h"

#include <string.h>
#include <time.h>

#include "activity/activity.h"
#include "app/scene.h"
#include "clock/clock.h"
#include "test.h"
#include "undo/undo.h"

/* A firm with a need, its rival, who speaks for each, and a facilitator of a third organisation. */
struct cast {
    int64_t firm, rival, staff, member, colleague, competitor, facilitator, need;
};

static int64_t need_of(struct scene *s, int64_t person, int64_t organisation, const char *level)
{
    struct need n;
    record_clear(&need_type, &n);
    n.organisation = organisation;
    n.title = n.text = "Pignon";
    n.state = "open";
    n.visibility = level;
    assert_ok(door_save(scene_door(s, person), need, &n, ALL_FIELDS));
    return n.id;
}

static struct cast cast_of(struct scene *s, const char *level)
{
    struct cast c = {.firm = scene_organisation(s, "Firme", "space"),
                     .rival = scene_organisation(s, "Rivale", "space"),
                     .staff = scene_organisation(s, "Fédération", "space")};
    c.member = scene_person(s, "Anne", "member", c.firm);
    c.colleague = scene_person(s, "Amir", "member", c.firm);
    c.competitor = scene_person(s, "Bob", "member", c.rival);
    c.facilitator = scene_person(s, "Chloé", "facilitator", c.staff);
    c.need = need_of(s, c.member, c.firm, level);
    return c;
}

static struct fault *write_note(struct scene *s, int64_t person, int64_t organisation, int64_t need,
                                const char *level, struct note *n)
{
    record_clear(&note_type, n);
    n->organisation = organisation;
    n->need = need;
    n->text = "Rappeler en mars";
    n->visibility = level;
    return door_save(scene_door(s, person), note, n, ALL_FIELDS);
}

static size_t notes_for(struct scene *s, int64_t person, int64_t need)
{
    struct list_page page;
    assert_ok(attached_list(scene_door(s, person), &note_type, &need_type, need, &page));
    assert_int_equal(page.total, page.count);
    return page.count;
}

static void set_level(struct scene *s, int64_t need, const char *level)
{
    struct door *d = scene_program(s);
    struct need n;
    assert_ok(door_load(d, need, need, &n, NULL));
    n.visibility = level;
    assert_ok(door_save(d, need, &n, ALL_FIELDS));
}

static void a_note_is_seen_where_its_record_is_and_by_fewer_when_kept(void **state)
{
    struct scene *s = *state;
    static const struct {
        const char *need, *note;
        bool by_staff; /* who wrote it: the facilitator, else the firm */
        size_t member, competitor, facilitator, visitor;
    } cases[] = {
        {"confidential", "space", false, 1, 0, 1, 0},
        {"confidential", "space", true, 1, 0, 1, 0},
        {"confidential", "confidential", true, 0, 0, 1, 0},
        {"private", "space", false, 1, 0, 0, 0},
        {"space", "space", false, 1, 1, 1, 0},
        {"space", "confidential", false, 1, 0, 1, 0},
        {"space", "private", false, 1, 0, 0, 0},
        {"public", "space", true, 1, 1, 1, 0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct cast c = cast_of(s, cases[i].need);
        struct note n;
        print_message("# %zu\n", i);
        assert_ok(write_note(s, cases[i].by_staff ? c.facilitator : c.member,
                             cases[i].by_staff ? c.staff : c.firm, c.need, cases[i].note, &n));
        assert_int_equal(notes_for(s, c.member, c.need), cases[i].member);
        assert_int_equal(notes_for(s, c.competitor, c.need), cases[i].competitor);
        assert_int_equal(notes_for(s, c.facilitator, c.need), cases[i].facilitator);
        assert_int_equal(notes_for(s, 0, c.need), cases[i].visitor);
    }
}

static void who_wrote_it_is_not_theirs_to_say(void **state)
{
    struct scene *s = *state;
    struct cast c = cast_of(s, "space");
    struct note n;
    record_clear(&note_type, &n);
    n.organisation = c.rival;
    n.need = c.need;
    n.text = "Signé d'une autre";
    n.visibility = "space";
    n.author = c.member;
    assert_ok(door_save(scene_door(s, c.competitor), note, &n, ALL_FIELDS));
    assert_int_equal(n.author, c.competitor);
    n.author = c.member;
    n.text = "Toujours";
    assert_ok(door_save(scene_door(s, c.competitor), note, &n, ALL_FIELDS));
    assert_int_equal(n.author, c.competitor);
    n.organisation = c.firm; /* nor for another organisation */
    assert_fault(door_save(scene_door(s, c.competitor), note, &n, ALL_FIELDS), FAULT_DENIED);
}

static void a_note_hangs_on_one_record_that_its_writer_sees(void **state)
{
    struct scene *s = *state;
    struct cast c = cast_of(s, "confidential");
    struct note n;
    assert_fault(write_note(s, c.competitor, c.rival, c.need, "space", &n), FAULT_INVALID);
    assert_fault(write_note(s, c.member, c.firm, 0, "space", &n), FAULT_INVALID);
    record_clear(&note_type, &n);
    n.organisation = c.firm;
    n.text = "Deux";
    n.visibility = "space";
    n.need = c.need;
    n.about = c.firm;
    assert_fault(door_save(scene_door(s, c.member), note, &n, ALL_FIELDS), FAULT_INVALID);
}

/* What was said while the need was closed, the rival does not read in the history once it is open. */
static void a_note_of_a_closed_time_stays_closed_in_the_past(void **state)
{
    struct scene *s = *state;
    struct cast c = cast_of(s, "confidential");
    struct note n;
    struct history_line *lines = NULL;
    size_t count = 0;
    struct activity feed;
    assert_ok(write_note(s, c.member, c.firm, c.need, "space", &n));
    set_level(s, c.need, "space");
    assert_ok(door_history(scene_door(s, c.competitor), &note_type, n.id, &lines, &count));
    assert_int_equal(count, 0);
    assert_ok(door_history(scene_door(s, c.member), &note_type, n.id, &lines, &count));
    assert_int_equal(count, 1);
    assert_ok(
        activity_load(scene_door(s, c.competitor), &(struct activity_request){.type = &note_type}, &feed));
    assert_int_equal(feed.count, 0);
    n.text = "Rappeler en avril"; /* and what is said now, is read */
    assert_ok(door_save(scene_door(s, c.member), note, &n, ALL_FIELDS));
    assert_ok(
        activity_load(scene_door(s, c.competitor), &(struct activity_request){.type = &note_type}, &feed));
    assert_int_equal(feed.count, 1);
    assert_string_equal(feed.groups[0].lines[0].name, "Pignon"); /* by what it hangs on */
    set_level(s, c.need, "private");
    assert_ok(
        activity_load(scene_door(s, c.competitor), &(struct activity_request){.type = &note_type}, &feed));
    assert_int_equal(feed.count, 0);
}

/* --- whose it is, and whose page ----------------------------------------------------------------------- */

static struct fault *take_off(struct scene *s, int64_t person, int64_t note, enum flag off)
{
    struct door *d = scene_door(s, person);
    const struct field *f = type_takes_off(&note_type);
    struct note n;
    TRY(door_load(d, note, note, &n, NULL));
    n.taken_off = off;
    return door_save(d, note, &n, (field_mask)1 << (f - note_type.fields));
}

static size_t own_notes(struct scene *s, int64_t person, int64_t organisation)
{
    struct list_page page;
    assert_ok(door_list(scene_door(s, person),
                        &(struct list_request){.type = &note_type, .owner = organisation}, &page));
    assert_int_equal(page.total, page.count);
    return page.count;
}

/* Whether it was narrowed or removed they are not told, nor what it has become. */
static void who_attached_it_reaches_it_when_the_record_closes(void **state)
{
    struct scene *s = *state;
    struct cast c = cast_of(s, "space");
    struct note n, seen;
    struct history_line *lines = NULL;
    size_t count = 0;
    struct activity feed;
    assert_ok(write_note(s, c.competitor, c.rival, c.need, "space", &n));
    set_level(s, c.need, "confidential");
    assert_int_equal(own_notes(s, c.competitor, c.rival), 1);
    assert_ok(door_load(scene_door(s, c.competitor), note, n.id, &seen, NULL));
    assert_int_equal(seen.need, 0);
    assert_ok(door_history(scene_door(s, c.competitor), &note_type, n.id, &lines, &count));
    assert_int_equal(count, 1);
    assert_ok(
        activity_load(scene_door(s, c.competitor), &(struct activity_request){.type = &note_type}, &feed));
    assert_null(feed.groups[0].lines[0].name);
    assert_ok(door_load_as_of(scene_door(s, c.competitor), &note_type, n.id, now_us(), &seen, NULL));
    assert_ok(door_load(scene_door(s, c.competitor), note, n.id, &seen, NULL));
    seen.visibility = "private";
    assert_ok(door_save(scene_door(s, c.competitor), note, &seen, ALL_FIELDS));
    assert_int_equal(notes_for(s, c.member, c.need), 0);
    assert_ok(door_delete(scene_door(s, c.competitor), &note_type, n.id, seen.version));
    assert_int_equal(own_notes(s, c.competitor, c.rival), 0);
}

static void who_looks_after_a_record_takes_off_what_others_hung_there(void **state)
{
    struct scene *s = *state;
    struct cast c = cast_of(s, "space");
    const int64_t other = scene_person(s, "Dan", "member", scene_organisation(s, "Tierce", "space"));
    struct note n, seen;
    struct activity feed;
    assert_ok(write_note(s, c.competitor, c.rival, c.need, "space", &n));
    assert_fault(take_off(s, other, n.id, FLAG_YES), FAULT_DENIED);
    assert_fault(take_off(s, c.competitor, n.id, FLAG_YES), FAULT_DENIED);
    assert_ok(take_off(s, c.member, n.id, FLAG_YES));
    assert_int_equal(notes_for(s, other, c.need), 0);
    assert_fault(door_load(scene_door(s, other), note, n.id, &seen, NULL), FAULT_NOT_FOUND);
    assert_int_equal(notes_for(s, c.competitor, c.need), 1); /* its own, and told so */
    assert_fault(take_off(s, c.competitor, n.id, FLAG_NO), FAULT_DENIED);
    assert_ok(activity_load(scene_door(s, c.competitor), &(struct activity_request){.organisation = c.rival},
                            &feed));
    assert_string_equal(feed.groups[0].lines[0].what.act, "retiré de la fiche");
    assert_ok(
        activity_load(scene_door(s, c.facilitator), &(struct activity_request){.type = &note_type}, &feed));
    assert_true(feed.groups[0].lines[0].what.may_undo);
    assert_false(feed.groups[1].lines[0].what.may_undo); /* that it was written */
    assert_ok(activity_load(scene_door(s, c.member), &(struct activity_request){.type = &note_type}, &feed));
    assert_ok(undo_entry(scene_door(s, c.member), feed.groups[0].lines[0].what.entry));
    assert_int_equal(notes_for(s, other, c.need), 1);
    assert_ok(take_off(s, c.facilitator, n.id, FLAG_YES));
    assert_ok(take_off(s, c.member, n.id, FLAG_NO));
    assert_int_equal(notes_for(s, other, c.need), 1);
    assert_ok(door_load(scene_door(s, c.member), note, n.id, &seen, NULL));
    seen.text = "Autre chose"; /* nothing but that */
    assert_fault(door_save(scene_door(s, c.member), note, &seen, ALL_FIELDS), FAULT_DENIED);
    assert_fault(door_delete(scene_door(s, c.member), &note_type, n.id, seen.version), FAULT_DENIED);
}

/* Between what was done and what will be: the past is told to the millisecond. */
static int64_t instant_between(void)
{
    static const struct timespec two_ms = {.tv_nsec = 2000000};
    (void)nanosleep(&two_ms, NULL);
    const int64_t at = now_us();
    (void)nanosleep(&two_ms, NULL);
    return at;
}

/* What was hidden from others while it was off stays hidden in the past of one that was put back. */
static void what_was_taken_off_is_not_read_in_the_past(void **state)
{
    struct scene *s = *state;
    struct cast c = cast_of(s, "space");
    const int64_t other = scene_person(s, "Dan", "member", scene_organisation(s, "Tierce", "space"));
    struct note n, then;
    assert_ok(write_note(s, c.competitor, c.rival, c.need, "space", &n));
    const int64_t before = instant_between();
    assert_ok(take_off(s, c.member, n.id, FLAG_YES));
    const int64_t off = instant_between();
    assert_fault(door_load_as_of(scene_door(s, other), &note_type, n.id, before, &then, NULL),
                 FAULT_NOT_FOUND);
    assert_ok(take_off(s, c.member, n.id, FLAG_NO));
    assert_fault(door_load_as_of(scene_door(s, other), &note_type, n.id, off, &then, NULL), FAULT_NOT_FOUND);
    assert_ok(door_load_as_of(scene_door(s, c.competitor), &note_type, n.id, off, &then, NULL));
    assert_ok(door_load_as_of(scene_door(s, other), &note_type, n.id, before, &then, NULL));
}

static void words_are_changed_by_who_signed_them(void **state)
{
    struct scene *s = *state;
    struct cast c = cast_of(s, "space");
    struct note n, other;
    assert_fault(write_note(s, c.facilitator, c.firm, c.need, "space", &n), FAULT_DENIED); /* no mandate */
    assert_ok(write_note(s, c.member, c.firm, c.need, "space", &n));
    other = n;
    other.text = "D'autres mots";
    other.visibility = "confidential";
    other.about = c.rival; /* nor hung where they mean something else */
    other.need = 0;
    assert_ok(door_save(scene_door(s, c.colleague), note, &other, ALL_FIELDS));
    assert_string_equal(other.text, "Rappeler en mars");
    assert_int_equal(other.need, c.need);
    assert_string_equal(other.visibility, "confidential");
    other.visibility = "space";
    assert_fault(door_save(scene_door(s, c.colleague), note, &other, ALL_FIELDS), FAULT_INVALID);
    assert_fault(door_save(scene_door(s, c.facilitator), note, &other, ALL_FIELDS), FAULT_DENIED);
    other.text = "Rappeler en mai";
    assert_ok(door_save(scene_door(s, c.member), note, &other, ALL_FIELDS));
    assert_string_equal(other.text, "Rappeler en mai");
}

static size_t found_by(struct scene *s, int64_t person, const char *words)
{
    struct list_page page;
    assert_ok(attached_search(scene_door(s, person), &note_type, words, &page));
    assert_int_equal(page.total, page.count);
    return page.count;
}

static void words_are_found_by_those_who_may_read_them(void **state)
{
    struct scene *s = *state;
    struct cast c = cast_of(s, "space");
    struct note n;
    assert_ok(write_note(s, c.member, c.firm, c.need, "confidential", &n));
    assert_int_equal(found_by(s, c.colleague, "rappeler"), 1);
    assert_int_equal(found_by(s, c.facilitator, " MARS  rappeler "), 1);
    assert_int_equal(found_by(s, c.member, "rappeler avril"), 0);
    assert_int_equal(found_by(s, c.competitor, "rappeler"), 0);
    assert_int_equal(found_by(s, 0, "rappeler"), 0);
}

static void nobody_fills_the_page_of_another(void **state)
{
    struct scene *s = *state;
    struct cast c = cast_of(s, "space");
    struct note n;
    for (int i = 0; i < LIMIT_ATTACHED; i++)
        assert_ok(write_note(s, c.competitor, c.rival, c.need, "space", &n));
    assert_ok(door_delete(scene_door(s, c.competitor), &note_type, n.id, n.version));
    assert_ok(door_restore(scene_door(s, c.competitor), &note_type, n.id));
    assert_fault(write_note(s, c.competitor, c.rival, c.need, "private", &n), FAULT_CONFLICT);
    for (int i = 0; i <= LIMIT_ATTACHED; i++) /* one's own */
        assert_ok(write_note(s, c.member, c.firm, c.need, "space", &n));
}

static void a_removed_note_comes_back_and_goes_with_its_record(void **state)
{
    struct scene *s = *state;
    struct cast c = cast_of(s, "space");
    struct note n;
    struct need need;
    assert_ok(write_note(s, c.member, c.firm, c.need, "space", &n));
    assert_ok(door_delete(scene_door(s, c.member), &note_type, n.id, n.version));
    assert_int_equal(notes_for(s, c.member, c.need), 0);
    assert_ok(door_restore(scene_door(s, c.member), &note_type, n.id));
    assert_int_equal(notes_for(s, c.competitor, c.need), 1);
    assert_ok(door_load(scene_door(s, c.member), need, c.need, &need, NULL));
    assert_ok(door_delete(scene_door(s, c.member), &need_type, need.id, need.version));
    assert_int_equal(notes_for(s, c.competitor, c.need), 0);
    assert_fault(door_load(scene_door(s, c.competitor), note, n.id, &n, NULL), FAULT_NOT_FOUND);
    assert_ok(door_restore(scene_door(s, c.member), &need_type, need.id));
    assert_int_equal(notes_for(s, c.competitor, c.need), 1);
}

/* --- following -------------------------------------------------------------------------------------- */

static struct fault *follow_it(struct scene *s, int64_t person, int64_t need, struct follow *f)
{
    record_clear(&follow_type, f);
    f->need = need;
    return door_save(scene_door(s, person), follow, f, ALL_FIELDS);
}

static size_t follows_of(struct scene *s, int64_t person)
{
    struct follow *all = NULL;
    size_t count = 0;
    assert_ok(follows_list(scene_door(s, person), &all, &count));
    return count;
}

static void following_tells_nobody_else(void **state)
{
    struct scene *s = *state;
    struct cast c = cast_of(s, "space");
    struct follow f, other;
    struct activity feed;
    assert_ok(follow_it(s, c.competitor, c.need, &f));
    assert_int_equal(f.person, c.competitor);
    const int64_t others[] = {c.member, c.colleague, c.facilitator};
    for (size_t i = 0; i < COUNT(others); i++) {
        assert_int_equal(follows_of(s, others[i]), 0);
        assert_fault(door_load(scene_door(s, others[i]), follow, f.id, &other, NULL), FAULT_NOT_FOUND);
        assert_fault(door_delete(scene_door(s, others[i]), &follow_type, f.id, f.version), FAULT_NOT_FOUND);
        assert_ok(
            activity_load(scene_door(s, others[i]), &(struct activity_request){.type = &follow_type}, &feed));
        assert_int_equal(feed.count, 0);
    }
    other = f; /* nor in somebody's name */
    other.id = other.version = 0;
    other.person = c.member;
    assert_fault(door_save(scene_door(s, c.competitor), follow, &other, ALL_FIELDS), FAULT_CONFLICT);
    assert_int_equal(follows_of(s, c.member), 0);
    assert_int_equal(follows_of(s, c.competitor), 1);
}

static void what_is_closed_is_no_longer_followed_until_it_opens(void **state)
{
    struct scene *s = *state;
    struct cast c = cast_of(s, "space");
    struct follow f;
    assert_ok(follow_it(s, c.competitor, c.need, &f));
    set_level(s, c.need, "confidential");
    assert_int_equal(follows_of(s, c.competitor), 0);
    assert_fault(follow_it(s, c.competitor, c.need, &f), FAULT_INVALID);
    set_level(s, c.need, "space");
    assert_int_equal(follows_of(s, c.competitor), 1);
    assert_ok(follow_find(scene_door(s, c.competitor), &need_type, c.need, &f));
    assert_ok(door_delete(scene_door(s, c.competitor), &follow_type, f.id, f.version));
    assert_ok(follow_find(scene_door(s, c.competitor), &need_type, c.need, &f));
    assert_int_equal(f.id, 0);
}

/* "Something that is not yours to see depends on it" would tell that somebody follows. */
static void who_follows_does_not_stand_in_the_way_of_an_undo(void **state)
{
    struct scene *s = *state;
    struct cast c = cast_of(s, "space");
    struct follow f;
    struct activity feed;
    assert_ok(follow_it(s, c.competitor, c.need, &f));
    struct door *d = scene_door(s, c.member);
    assert_ok(activity_load(d, &(struct activity_request){.type = &need_type}, &feed));
    assert_ok(undo_entry(d, feed.groups[0].lines[0].what.entry));
    assert_int_equal(follows_of(s, c.competitor), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_note_is_seen_where_its_record_is_and_by_fewer_when_kept, scene_open,
                                        scene_close),
        cmocka_unit_test_setup_teardown(who_wrote_it_is_not_theirs_to_say, scene_open, scene_close),
        cmocka_unit_test_setup_teardown(a_note_hangs_on_one_record_that_its_writer_sees, scene_open,
                                        scene_close),
        cmocka_unit_test_setup_teardown(a_note_of_a_closed_time_stays_closed_in_the_past, scene_open,
                                        scene_close),
        cmocka_unit_test_setup_teardown(a_removed_note_comes_back_and_goes_with_its_record, scene_open,
                                        scene_close),
        cmocka_unit_test_setup_teardown(who_attached_it_reaches_it_when_the_record_closes, scene_open,
                                        scene_close),
        cmocka_unit_test_setup_teardown(who_looks_after_a_record_takes_off_what_others_hung_there, scene_open,
                                        scene_close),
        cmocka_unit_test_setup_teardown(what_was_taken_off_is_not_read_in_the_past, scene_open, scene_close),
        cmocka_unit_test_setup_teardown(words_are_changed_by_who_signed_them, scene_open, scene_close),
        cmocka_unit_test_setup_teardown(words_are_found_by_those_who_may_read_them, scene_open, scene_close),
        cmocka_unit_test_setup_teardown(nobody_fills_the_page_of_another, scene_open, scene_close),
        cmocka_unit_test_setup_teardown(following_tells_nobody_else, scene_open, scene_close),
        cmocka_unit_test_setup_teardown(what_is_closed_is_no_longer_followed_until_it_opens, scene_open,
                                        scene_close),
        cmocka_unit_test_setup_teardown(who_follows_does_not_stand_in_the_way_of_an_undo, scene_open,
                                        scene_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
