/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Files on records: which are taken, who fetches them, what is kept of them, and that nothing is lost. */
#include "documents/documents.h"

#include <string.h>

#include "app/scene.h"
#include "attached/attached.h"
#include "clock/clock.h"
#include "contents/contents.h"
#include "copy/copy.h"
#include "db/db.h"
#include "db/sight.h"
#include "documents/document_kinds.h"
#include "door/internal.h"
#include "test.h"
#include "verify/verify.h"

static void a_file_is_taken_by_its_name_and_by_what_it_holds(void **state)
{
    static const struct {
        const char *name, *bytes;
        const char *type; /* NULL: refused */
    } cases[] = {
        {"plan.pdf", "%PDF-1.7 …", "application/pdf"},
        {"PLAN.PDF", "%PDF-1.7 …", "application/pdf"},
        {"plan.pdf", "<html><script>", NULL},
        {"plan.html", "<html>", NULL},
        {"plan.svg", "<svg onload=x>", NULL},
        {"plan.exe", "MZ", NULL},
        {"plan", "%PDF-1.7", NULL},
        {"plan.pdf.js", "%PDF-1.7", NULL},
        {"photo.png", "\x89PNG\r\n\x1a\n....", "image/png"},
        {"photo.png", "%PDF-1.7", NULL},
        {"photo.jpg", "\xff\xd8\xff....", "image/jpeg"},
        {"piece.stp", "ISO-10303-21;\nHEADER;", "model/step"},
        {"piece.dxf", "0\nSECTION\n0\nEOF\n", "image/vnd.dxf"},
        {"notice.docx", "PK\x03\x04 [Content_Types].xml word/document.xml",
         "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
        {"notice.docx", "PK\x03\x04 [Content_Types].xml word/document.xml word/vbaProject.bin", NULL},
        {"notice.docx", "PK\x03\x04 a.txt", NULL},
        {"cotes.csv", "a;b\n1;2\n", "text/csv"},
        {"cotes.txt", "caf\xc3\xa9\n", "text/plain"},
        {"cotes.txt", "a\x01b", NULL},
        {"vide.txt", "", NULL},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct document_kind *kind = NULL;
        struct fault *refused = document_kind_of(cases[i].name, slice_of(cases[i].bytes), &kind);
        print_message("# %zu %s\n", i, cases[i].name);
        assert_int_equal(!refused, cases[i].type != NULL);
        if (refused)
            assert_string_equal(refused->field, "file");
        else
            assert_string_equal(kind->type, cases[i].type);
    }
}

struct cast {
    int64_t firm, rival, member, competitor, facilitator, need;
};

static struct cast cast_of(struct scene *s)
{
    struct need n;
    struct cast c = {.firm = scene_organisation(s, "Firme", "space"),
                     .rival = scene_organisation(s, "Rivale", "space")};
    c.member = scene_person(s, "Anne", "member", c.firm);
    c.competitor = scene_person(s, "Bob", "member", c.rival);
    c.facilitator = scene_person(s, "Chloé", "facilitator", 0);
    record_clear(&need_type, &n);
    n.organisation = c.firm;
    n.title = n.text = "Pignon";
    n.state = "open";
    n.visibility = "confidential";
    assert_ok(door_save(scene_door(s, c.member), need, &n, ALL_FIELDS));
    c.need = n.id;
    return c;
}

static struct document plan_of(struct scene *s, const struct cast *c, const char *bytes)
{
    struct document plan;
    record_clear(&document_type, &plan);
    plan.organisation = c->firm;
    plan.need = c->need;
    plan.visibility = "space";
    assert_ok(document_add(scene_door(s, c->member), &plan, "plan.txt", slice_of(bytes)));
    return plan;
}

static size_t versions_for(struct scene *s, int64_t person, int64_t document, struct document_version **all)
{
    struct list_page page;
    assert_ok(attached_list(scene_door(s, person), &document_version_type, &document_type, document, &page));
    *all = page.records;
    return page.count;
}

static void a_new_version_keeps_the_old(void **state)
{
    struct scene *s = *state;
    struct cast c = cast_of(s);
    struct document plan = plan_of(s, &c, "cote 41");
    struct document_version made, *all = NULL, got;
    struct slice bytes;
    const char *type;
    assert_string_equal(plan.title, "plan.txt");
    assert_ok(document_give(scene_door(s, c.member), plan.id, "plan.txt", S("cote 42"), &made));
    assert_int_equal(made.number, 2);
    assert_int_equal(made.author, c.member);
    assert_int_equal(versions_for(s, c.member, plan.id, &all), 2);
    assert_ok(document_fetch(scene_door(s, c.member), all[0].id, &got, &type, &bytes));
    assert_true(slice_equal(bytes, S("cote 42")));
    assert_ok(document_fetch(scene_door(s, c.member), all[1].id, &got, &type, &bytes));
    assert_true(slice_equal(bytes, S("cote 41")));
    assert_string_equal(type, "text/plain");
}

static void a_rival_neither_sees_nor_fetches_nor_writes(void **state)
{
    struct scene *s = *state;
    struct cast c = cast_of(s);
    struct document plan = plan_of(s, &c, "cote 41");
    struct document_version made, *all = NULL, got;
    struct slice bytes;
    const char *type;
    assert_int_equal(versions_for(s, c.member, plan.id, &all), 1);
    int64_t version = all[0].id;
    assert_int_equal(versions_for(s, c.competitor, plan.id, &all), 0);
    assert_int_equal(versions_for(s, 0, plan.id, &all), 0);
    assert_fault(document_fetch(scene_door(s, c.competitor), version, &got, &type, &bytes), FAULT_NOT_FOUND);
    assert_fault(document_fetch(scene_door(s, 0), version, &got, &type, &bytes), FAULT_NOT_FOUND);
    assert_fault(document_give(scene_door(s, c.competitor), plan.id, "plan.txt", S("faux"), &made),
                 FAULT_NOT_FOUND);
    /* the same bytes of their own open nothing of the other's, and count for them */
    struct document own;
    record_clear(&document_type, &own);
    own.organisation = own.about = c.rival;
    own.visibility = "private";
    assert_ok(document_add(scene_door(s, c.competitor), &own, "copie.txt", S("cote 41")));
    assert_fault(document_fetch(scene_door(s, c.facilitator), version + 1, &got, &type, &bytes),
                 FAULT_NOT_FOUND);
    assert_ok(document_fetch(scene_door(s, c.facilitator), version, &got, &type, &bytes));
    /* nobody writes a version but by giving a file */
    got.id = got.version = 0;
    assert_fault(door_save(scene_door(s, c.member), document_version, &got, ALL_FIELDS), FAULT_DENIED);
}

static void who_fetched_it_is_noted_whatever_its_level(void **state)
{
    struct scene *s = *state;
    struct cast c = cast_of(s);
    struct document plan = plan_of(s, &c, "cote 41");
    struct document_version *all = NULL, got;
    struct reading_line *lines = NULL;
    struct slice bytes;
    const char *type;
    size_t count = 0;
    assert_int_equal(versions_for(s, c.facilitator, plan.id, &all), 1);
    assert_ok(space_seal(s->space));
    assert_ok(door_readings(scene_door(s, c.member), &document_type, plan.id, &lines, &count));
    assert_int_equal(count, 0);
    assert_ok(document_fetch(scene_door(s, c.facilitator), all[0].id, &got, &type, &bytes));
    assert_ok(space_seal(s->space));
    assert_ok(door_readings(scene_door(s, c.member), &document_type, plan.id, &lines, &count));
    assert_int_equal(count, 1);
    assert_int_equal(lines[0].kind, READING_EXPORT);
}

/* For whom somebody acts is not to be had by laying out a file, nor by closing it once they came. */
static void which_firm_fetched_what_was_open_is_for_the_facilitators(void **state)
{
    struct scene *s = *state;
    struct cast c = cast_of(s);
    struct document bait;
    struct document_version *all = NULL, got;
    struct reading_line *lines = NULL;
    struct slice bytes;
    const char *type;
    size_t count = 0;
    record_clear(&document_type, &bait);
    bait.organisation = bait.about = c.firm;
    bait.visibility = "space";
    assert_ok(document_add(scene_door(s, c.member), &bait, "plan.txt", S("cote 42")));
    assert_int_equal(versions_for(s, c.competitor, bait.id, &all), 1);
    assert_ok(document_fetch(scene_door(s, c.competitor), all[0].id, &got, &type, &bytes));
    for (int closed = 0; closed < 2; closed++) {
        assert_ok(space_seal(s->space));
        assert_ok(door_readings(scene_door(s, c.member), &document_type, bait.id, &lines, &count));
        assert_int_equal(count, 1);
        assert_null(strstr(lines[0].who, "Rival"));
        assert_ok(door_readings(scene_door(s, c.facilitator), &document_type, bait.id, &lines, &count));
        assert_non_null(strstr(lines[0].who, "Rival"));
        bait.visibility = "confidential";
        assert_ok(door_save(scene_door(s, c.member), document, &bait, ALL_FIELDS));
    }
}

/* Given by a facilitator in the name of a firm that may not see the record: it would learn whose that is. */
static void who_opened_what_hangs_on_anothers_record_is_not_told_to_its_giver(void **state)
{
    struct scene *s = *state;
    struct cast c = cast_of(s);
    struct document given;
    struct document_version *all = NULL, got;
    struct reading_line *lines = NULL;
    struct slice bytes;
    const char *type;
    size_t count = 0;
    record_clear(&document_type, &given);
    given.organisation = c.rival;
    given.need = c.need;
    given.visibility = "noncompeting";
    assert_ok(document_add(scene_door(s, c.facilitator), &given, "plan.txt", S("cote 43")));
    assert_int_equal(versions_for(s, c.member, given.id, &all), 1);
    assert_ok(document_fetch(scene_door(s, c.member), all[0].id, &got, &type, &bytes));
    assert_ok(space_seal(s->space));
    assert_ok(door_readings(scene_door(s, c.competitor), &document_type, given.id, &lines, &count));
    assert_true(count > 0);
    for (size_t i = 0; i < count; i++)
        assert_null(strstr(lines[i].who, "Firme"));
}

static void what_is_too_large_or_of_another_kind_is_refused_whole(void **state)
{
    struct scene *s = *state;
    struct cast c = cast_of(s);
    struct document plan;
    struct list_page page;
    char *large = NEW(s->arena, char, LIMIT_DOCUMENT + 2);
    memset(large, 'a', LIMIT_DOCUMENT + 1);
    record_clear(&document_type, &plan);
    plan.organisation = c.firm;
    plan.need = c.need;
    plan.visibility = "space";
    assert_fault(document_add(scene_door(s, c.member), &plan, "plan.txt", slice_of(large)), FAULT_LIMIT);
    assert_fault(document_add(scene_door(s, c.member), &plan, "plan.svg", S("<svg>")), FAULT_INVALID);
    assert_ok(attached_list(scene_door(s, c.member), &document_type, &need_type, c.need, &page));
    assert_int_equal(page.count, 0);
    large[LIMIT_DOCUMENT] = '\0'; /* as much as is allowed, in parts, comes back whole */
    struct document_version *all = NULL, got;
    struct slice bytes;
    const char *type;
    assert_ok(document_add(scene_door(s, c.member), &plan, "plan.txt", slice_of(large)));
    assert_int_equal(versions_for(s, c.member, plan.id, &all), 1);
    assert_ok(document_fetch(scene_door(s, c.member), all[0].id, &got, &type, &bytes));
    assert_true(slice_equal(bytes, slice_of(large)));
}

static struct fault *hang(struct scene *s, int64_t person, int64_t organisation, int64_t need,
                          const char *level, struct document *made)
{
    record_clear(&document_type, made);
    made->organisation = organisation;
    made->need = need;
    made->visibility = level;
    return document_add(scene_door(s, person), made, "avis.txt", S("avis"));
}

static void set_level(struct scene *s, int64_t need, const char *level)
{
    struct need n;
    assert_ok(door_load(scene_program(s), need, need, &n, NULL));
    n.visibility = level;
    assert_ok(door_save(scene_program(s), need, &n, ALL_FIELDS));
}

static void nothing_public_hangs_on_what_another_looks_after(void **state)
{
    struct scene *s = *state;
    struct cast c = cast_of(s);
    struct document made, later;
    set_level(s, c.need, "public");
    assert_fault(hang(s, c.competitor, c.rival, c.need, "public", &made), FAULT_INVALID);
    assert_ok(hang(s, c.competitor, c.rival, c.need, "space", &made));
    later = made;
    later.visibility = "public";
    assert_fault(door_save(scene_door(s, c.competitor), document, &later, ALL_FIELDS), FAULT_INVALID);
    later = made;
    later.need = 0; /* nor by the way of one's own page */
    later.about = c.rival;
    later.visibility = "public";
    assert_ok(door_save(scene_door(s, c.competitor), document, &later, ALL_FIELDS));
    later.about = 0;
    later.need = c.need;
    assert_fault(door_save(scene_door(s, c.competitor), document, &later, ALL_FIELDS), FAULT_INVALID);
    assert_ok(hang(s, c.member, c.firm, c.need, "public", &made));
}

/* Who declared them could talk of them on their own page, to all but them. */
static void nothing_shut_to_competitors_hangs_on_what_another_looks_after(void **state)
{
    struct scene *s = *state;
    struct cast c = cast_of(s);
    struct document made;
    set_level(s, c.need, "space");
    assert_fault(hang(s, c.competitor, c.rival, c.need, "noncompeting", &made), FAULT_INVALID);
    assert_ok(hang(s, c.competitor, c.rival, c.need, "space", &made));
    made.visibility = "noncompeting";
    assert_fault(door_save(scene_door(s, c.competitor), document, &made, ALL_FIELDS), FAULT_INVALID);
    assert_ok(hang(s, c.member, c.firm, c.need, "noncompeting", &made));
}

/* Read, given anew and withdrawn by who gave it, though the record is closed to them. */
static void a_document_stays_with_who_gave_it(void **state)
{
    struct scene *s = *state;
    struct cast c = cast_of(s);
    struct document made;
    struct document_version *all = NULL, got, more;
    struct slice bytes;
    const char *type;
    set_level(s, c.need, "space");
    assert_ok(hang(s, c.competitor, c.rival, c.need, "space", &made));
    set_level(s, c.need, "private");
    assert_int_equal(versions_for(s, c.competitor, made.id, &all), 1);
    assert_ok(document_fetch(scene_door(s, c.competitor), all[0].id, &got, &type, &bytes));
    assert_ok(document_give(scene_door(s, c.competitor), made.id, "avis.txt", S("avis 2"), &more));
    assert_fault(document_fetch(scene_door(s, c.facilitator), all[0].id, &got, &type, &bytes),
                 FAULT_NOT_FOUND);
    assert_ok(document_fetch(scene_door(s, c.member), all[0].id, &got, &type, &bytes));
    assert_ok(door_delete(scene_door(s, c.competitor), &document_type, made.id, made.version));
    assert_int_equal(versions_for(s, c.member, made.id, &all), 0);
}

static void a_visitor_who_fetches_is_counted_without_a_name(void **state)
{
    struct scene *s = *state;
    struct cast c = cast_of(s);
    struct document made;
    struct document_version *all = NULL, got;
    struct reading_line *lines = NULL;
    struct slice bytes;
    const char *type;
    size_t count = 0;
    record_clear(&document_type, &made);
    made.organisation = made.about = c.firm;
    made.visibility = "public";
    struct organisation o;
    assert_ok(door_load(scene_program(s), organisation, c.firm, &o, NULL));
    o.visibility = "public";
    assert_ok(door_save(scene_program(s), organisation, &o, ALL_FIELDS));
    assert_ok(document_add(scene_door(s, c.member), &made, "notice.txt", S("notice")));
    assert_int_equal(versions_for(s, 0, made.id, &all), 1);
    assert_ok(document_fetch(scene_door(s, 0), all[0].id, &got, &type, &bytes));
    assert_ok(space_seal(s->space));
    assert_ok(door_readings(scene_door(s, c.member), &document_type, made.id, &lines, &count));
    assert_int_equal(count, 1);
    assert_string_equal(lines[0].who, "un visiteur");
    assert_int_equal(lines[0].kind, READING_EXPORT);
}

static void the_newest_versions_of_a_page_are_found_at_once(void **state)
{
    struct scene *s = *state;
    struct cast c = cast_of(s);
    struct document a = plan_of(s, &c, "un"), b = plan_of(s, &c, "deux");
    struct document_version made, *newest = NULL;
    const int64_t ids[] = {b.id, a.id, 4242};
    assert_ok(document_give(scene_door(s, c.member), a.id, "plan.txt", S("trois"), &made));
    assert_ok(documents_newest(scene_door(s, c.member), ids, COUNT(ids), &newest));
    assert_int_equal(newest[0].number, 1);
    assert_int_equal(newest[0].document, b.id);
    assert_int_equal(newest[1].id, made.id);
    assert_int_equal(newest[2].id, 0);
    assert_ok(documents_newest(scene_door(s, c.competitor), ids, COUNT(ids), &newest));
    assert_int_equal(newest[0].id + newest[1].id, 0);
}

static struct fault *verified(struct scene *s, struct verification *v)
{
    struct connection *c = NULL;
    TRY(read_begin(space_db(s->space), s->arena, &c));
    return space_verify(c, s->arena, v);
}

static void spoil(struct scene *s, const char *sql)
{
    ARENA_SCOPE(work);
    struct transaction *t = NULL;
    assert_ok(transaction_begin(space_db(s->space), work, &t));
    assert_ok(db_script(t, sql));
    assert_ok(transaction_commit(t));
}

static void a_content_that_changed_or_went_is_noticed(void **state)
{
    struct scene *s = *state;
    struct cast c = cast_of(s);
    struct verification v;
    (void)plan_of(s, &c, "cote 41");
    (void)plan_of(s, &c, "cote 41"); /* kept once */
    (void)plan_of(s, &c, "cote 42");
    assert_ok(verified(s, &v));
    assert_int_equal(v.contents, 2);
    spoil(s, BY_PROGRAM("test") "UPDATE content_part SET name = replace(name, substr(name, 1, 4), 'ffff')");
    assert_fault(verified(s, &v), FAULT_INVALID);
    spoil(s, BY_PROGRAM("test") "DELETE FROM content_part");
    assert_fault(verified(s, &v), FAULT_INVALID);
}

static void bytes_go_a_month_after_their_document(void **state)
{
    struct scene *s = *state;
    struct cast c = cast_of(s);
    struct verification v;
    struct document gone = plan_of(s, &c, "cote 41"), stays = plan_of(s, &c, "cote 42"),
                    twin = plan_of(s, &c, "cote 42");
    struct connection *read = NULL;
    int64_t given = 0;
    (void)stays;
    assert_ok(door_delete(scene_door(s, c.member), &document_type, gone.id, gone.version));
    assert_ok(door_delete(scene_door(s, c.member), &document_type, twin.id, twin.version));
    assert_ok(space_drop_contents(s->space));
    assert_ok(door_restore(scene_door(s, c.member), &document_type, gone.id)); /* not at once */
    assert_ok(door_load(scene_door(s, c.member), document, gone.id, &gone, NULL));
    assert_ok(door_delete(scene_door(s, c.member), &document_type, gone.id, gone.version));
    clock_hold(now_us() + (UNDO_DAYS + 1) * INT64_C(86400) * SECOND_US);
    assert_ok(space_drop_contents(s->space));
    assert_fault(door_restore(scene_door(s, c.member), &document_type, gone.id), FAULT_CONFLICT);
    assert_ok(verified(s, &v));
    assert_int_equal(v.contents, 1); /* another document has the other's bytes */
    assert_ok(read_begin(space_db(s->space), s->arena, &read));
    assert_ok(contents_given(read, c.firm, documents_gone_us(), &given));
    assert_int_equal(given, strlen("cote 42"));
    clock_hold(0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_taken_by_its_name_and_by_what_it_holds),
        cmocka_unit_test_setup_teardown(a_new_version_keeps_the_old, scene_open, scene_close),
        cmocka_unit_test_setup_teardown(a_rival_neither_sees_nor_fetches_nor_writes, scene_open, scene_close),
        cmocka_unit_test_setup_teardown(who_fetched_it_is_noted_whatever_its_level, scene_open, scene_close),
        cmocka_unit_test_setup_teardown(who_opened_what_hangs_on_anothers_record_is_not_told_to_its_giver,
                                        scene_open, scene_close),
        cmocka_unit_test_setup_teardown(which_firm_fetched_what_was_open_is_for_the_facilitators, scene_open,
                                        scene_close),
        cmocka_unit_test_setup_teardown(what_is_too_large_or_of_another_kind_is_refused_whole, scene_open,
                                        scene_close),
        cmocka_unit_test_setup_teardown(a_content_that_changed_or_went_is_noticed, scene_open, scene_close),
        cmocka_unit_test_setup_teardown(nothing_public_hangs_on_what_another_looks_after, scene_open,
                                        scene_close),
        cmocka_unit_test_setup_teardown(nothing_shut_to_competitors_hangs_on_what_another_looks_after,
                                        scene_open, scene_close),
        cmocka_unit_test_setup_teardown(a_document_stays_with_who_gave_it, scene_open, scene_close),
        cmocka_unit_test_setup_teardown(a_visitor_who_fetches_is_counted_without_a_name, scene_open,
                                        scene_close),
        cmocka_unit_test_setup_teardown(the_newest_versions_of_a_page_are_found_at_once, scene_open,
                                        scene_close),
        cmocka_unit_test_setup_teardown(bytes_go_a_month_after_their_document, scene_open, scene_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
