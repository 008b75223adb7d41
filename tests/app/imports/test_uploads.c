/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "folder.h"
#include "under_test.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock/clock.h"
#include "house/house.h"
#include "i18n/i18n.h"
#include "imports/imports.h"
#include "imports/uploads.h"
#include "io/xlsx/made_book.h"
#include "text/buffer.h"

struct fixture {
    struct arena *arena;
    struct space *space;
    char folder[64], path[256];
    int64_t ali, berthe, member;
};

static int64_t add_person(struct door *d, const char *name, const char *role)
{
    struct person p;
    record_clear(&person_type, &p);
    p.name = name;
    p.role = role;
    p.active = FLAG_YES;
    assert_ok(door_save(d, person, &p, ALL_FIELDS));
    return p.id;
}

static int setup(void **state)
{
    struct arena *a = arena_new(LIMIT_COMMAND_MEMORY);
    struct fixture *x = NEW(a, struct fixture, 1);
    struct door *d = NULL;
    x->arena = a;
    folder_new(x->folder, "uploads");
    new_place(x->folder, "federation", x->path, sizeof x->path);
    language_set(LANGUAGE_EN);
    assert_ok(space_create(x->path, &x->space));
    space_settle_in(x->space, x->folder, "federation"); /* where files wait, whatever the engine */
    assert_ok(door_open_program(x->space, a, &d));
    x->ali = add_person(d, "Ali Mateur", "facilitator");
    x->berthe = add_person(d, "Berthe Autre", "facilitator");
    x->member = add_person(d, "Jeanne Membre", "member");
    *state = x;
    return 0;
}

static int teardown(void **state)
{
    struct fixture x = *(struct fixture *)*state;
    clock_hold(0);
    arena_free(x.arena); /* the doors go before their space */
    space_close(x.space);
    folder_remove(x.folder);
    return 0;
}

static struct door *door_for(struct fixture *x, int64_t person)
{
    struct door *d = NULL;
    assert_ok(door_open(x->space, x->arena, person, &d));
    return d;
}

static const char *keep(struct fixture *x, const char *text)
{
    const char *token = NULL;
    assert_ok(uploads_keep(door_for(x, x->ali), "Adhérents 2026.csv", slice_of(text), &token));
    return token;
}

static int64_t count_of(struct fixture *x, const struct record_type *type)
{
    struct list_request asked = {.type = type, .per_page = 1};
    struct list_page page;
    assert_ok(door_list(door_for(x, x->ali), &asked, &page));
    return page.total;
}

static size_t folders(struct fixture *x)
{
    struct stat s;
    const char *mine = arena_print(x->arena, "%s/uploads/federation", x->folder);
    return stat(mine, &s) == 0 ? (size_t)s.st_nlink - 2 : 0;
}

/* As French spreadsheets write it: semicolons, Windows-1252. */
static const char members[] =
    "Raison sociale;SIREN;Ville;Effectifs;Activit\xe9;Couleur\r\n"
    "D\xe9"
    "colletage Clerjon;552100554;Villers-le-Lac;15;D\xe9"
    "colletage de pr\xe9"
    "cision \xb1 5 \xb5m, "
    "titane;bleu\r\n"
    "Polissage Nard;;Morteau;22;Nous faisons du polissage fin, d'apr\xe8s vos plans;vert\r\n"
    "Mauvais num\xe9ro;123456789;Morteau;3;;\r\n";

static void a_file_waits_with_its_facts(void **state)
{
    struct fixture *x = *state;
    struct uploaded u;
    struct stat s;
    const char *token = keep(x, members);
    assert_ok(uploads_open(door_for(x, x->ali), token, &u));
    assert_string_equal(u.file, "Adhérents 2026.csv");
    assert_string_equal(u.encoding, "Windows-1252");
    assert_int_equal(u.separator, ';');
    assert_int_equal(u.rows, 3);
    assert_int_equal(u.column_count, 6);
    assert_int_equal(u.official_count, 0);
    assert_false(u.remembered);
    assert_null(u.result);
    assert_string_equal(u.columns[0].key, "name");
    assert_string_equal(u.columns[1].key, "siren");
    assert_string_equal(u.columns[2].key, "commune");
    assert_string_equal(u.columns[4].name, "Activité");
    assert_string_equal(u.columns[5].key, "");
    assert_string_equal(u.columns[5].samples, "bleu, vert");
    assert_int_equal(stat(arena_print(x->arena, "%s/uploads/federation/%s/file", x->folder, token), &s), 0);
    assert_int_equal(s.st_mode & 0777, 0600);
    assert_int_equal(s.st_size, (int64_t)sizeof members - 1);
}

static void long_samples_are_cut_at_a_character(void **state)
{
    struct fixture *x = *state;
    struct uploaded u;
    const char *token = keep(x, "Nom;Texte\nA;ééééééééééééééééééééééééééééééééééééééééééééééé\n");
    assert_ok(uploads_open(door_for(x, x->ali), token, &u));
    assert_string_equal(u.columns[1].samples, "éééééééééééééééééééééééééééééééééééééééé…");
}

static void nobody_else_sees_it(void **state)
{
    struct fixture *x = *state;
    struct uploaded u;
    struct upload_result result;
    const char *token = keep(x, members), *none = NULL;
    assert_fault(uploads_open(door_for(x, x->berthe), token, &u), FAULT_NOT_FOUND);
    assert_fault(uploads_preview(door_for(x, x->berthe), token, NULL, &result), FAULT_NOT_FOUND);
    assert_fault(uploads_run(door_for(x, x->berthe), token, NULL, &result), FAULT_NOT_FOUND);
    assert_fault(uploads_open(door_for(x, x->member), token, &u), FAULT_DENIED);
    assert_fault(uploads_keep(door_for(x, x->member), "a.csv", slice_of("nom\nA\n"), &none), FAULT_DENIED);
    assert_fault(uploads_keep(door_for(x, 0), "a.csv", slice_of("nom\nA\n"), &none), FAULT_DENIED);
    static const char *const tokens[] = {"", "..", "../../federation", "00000000000000000000000000000000",
                                         "0000000000000000000000000000000g"};
    for (size_t i = 0; i < COUNT(tokens); i++)
        assert_fault(uploads_open(door_for(x, x->ali), tokens[i], &u), FAULT_NOT_FOUND);
    assert_int_equal(count_of(x, &organisation_type), 0);
}

static void what_is_no_csv_leaves_nothing(void **state)
{
    struct fixture *x = *state;
    static const char workbook[] = "PK\x03\x04\x14\0\6\0\b\0\0\0!\0 xl/workbook.xml";
    const char *token = NULL;
    struct door *d = door_for(x, x->ali);
    assert_fault(uploads_keep(d, "a.xlsx", (struct slice){workbook, sizeof workbook - 1}, &token),
                 FAULT_INVALID);
    assert_fault(uploads_keep(d, "a.csv", S(""), &token), FAULT_INVALID);
    assert_fault(uploads_keep(d, "a.csv", S("nom;ville\r\n\r\n"), &token), FAULT_INVALID);
    assert_null(token);
    assert_int_equal(folders(x), 0);
}

static void columns_are_chosen_and_stay_chosen(void **state)
{
    struct fixture *x = *state;
    struct uploaded u;
    struct door *d = door_for(x, x->ali);
    const char *token = keep(x, members);
    const char *keys[] = {"short_name", "siren", "", "headcount", "activity", "note"};
    assert_ok(uploads_map(d, token, keys, COUNT(keys)));
    assert_ok(uploads_open(d, token, &u));
    for (size_t i = 0; i < COUNT(keys); i++)
        assert_string_equal(u.columns[i].key, keys[i]);
    const char *twice[] = {"name", "siren", NULL, NULL, NULL, "siren"};
    struct fault *f = uploads_map(d, token, twice, COUNT(twice));
    assert_fault(f, FAULT_INVALID);
    assert_string_equal(f->field, "m5");
    const char *unknown[] = {"name", "siren", "moon"};
    f = uploads_map(d, token, unknown, COUNT(unknown));
    assert_fault(f, FAULT_INVALID);
    assert_string_equal(f->field, "m2");
    const char *nobody[] = {"", "", "commune", "", "", ""};
    f = uploads_map(d, token, nobody, COUNT(nobody));
    assert_fault(f, FAULT_INVALID);
    assert_string_equal(f->field, "");
    assert_ok(uploads_open(d, token, &u));
    assert_string_equal(u.columns[0].key, "short_name"); /* refused choices change nothing */
}

static void the_preview_says_what_the_import_does(void **state)
{
    struct fixture *x = *state;
    struct upload_result seen, done, again;
    struct uploaded u;
    struct door *d = door_for(x, x->ali);
    const char *token = keep(x, members);
    assert_ok(uploads_preview(d, token, NULL, &seen));
    assert_int_equal(count_of(x, &organisation_type), 0);
    assert_int_equal(seen.created, 2);
    assert_int_equal(seen.refused, 1);
    assert_int_equal(seen.batch, 0);
    assert_int_equal(seen.row_count, 3);
    assert_string_equal(seen.rows[0].name, "Décolletage Clerjon");
    assert_true(seen.rows[0].added && !seen.rows[0].refused && seen.rows[2].refused);
    assert_non_null(seen.rows[2].problem);
    assert_int_equal(seen.refusals[0].line, 4);
    assert_string_equal(seen.refusals[0].column, "SIREN");

    assert_ok(uploads_run(d, token, NULL, &done));
    assert_int_equal(done.created, seen.created);
    assert_int_equal(done.capabilities, seen.capabilities);
    assert_int_equal(done.refused, 1);
    assert_true(done.batch > 0);
    assert_int_equal(count_of(x, &organisation_type), 2);
    assert_int_equal(access(arena_print(x->arena, "%s/uploads/federation/%s/file", x->folder, token), F_OK),
                     -1);

    assert_ok(uploads_run(d, token, NULL, &again)); /* a second click */
    assert_int_equal(again.batch, done.batch);
    assert_int_equal(count_of(x, &import_batch_type), 1);
    assert_ok(uploads_open(d, token, &u)); /* the report stays */
    assert_non_null(u.result);
    assert_int_equal(u.result->created, 2);
    assert_int_equal(u.result->refusal_count, 1);
    assert_int_equal(u.result->refusals[0].line, 4);
    assert_string_equal(u.result->refusals[0].column, "SIREN");
    assert_string_equal(u.result->refusals[0].reason, done.refusals[0].reason);

    assert_ok(imports_undo(d, done.batch, NULL));
    assert_int_equal(count_of(x, &organisation_type), 0);
    assert_fault(imports_undo(d, done.batch, NULL), FAULT_CONFLICT);
}

/* By the name they have in the space; one that is private even to facilitators keeps the name of the file. */
static void who_is_known_already_is_named(void **state)
{
    struct fixture *x = *state;
    struct upload_result seen;
    struct door *program = NULL, *d = door_for(x, x->ali);
    static const char *const sirens[] = {"732829320", "552100554"};
    int64_t ids[COUNT(sirens)];
    assert_ok(door_open_program(x->space, x->arena, &program));
    for (size_t i = 0; i < COUNT(sirens); i++) {
        struct organisation o;
        record_clear(&organisation_type, &o);
        o.name = i ? "Secrète" : "Connue";
        o.siren = sirens[i];
        o.visibility = i ? "private" : "space";
        assert_ok(door_save(program, organisation, &o, ALL_FIELDS));
        ids[i] = o.id;
    }
    const char *file =
        "Nom;SIREN;Site web\nUne;732829320;\nDeux;552100554;\nTrois;;\nTrois;;www.trois.example\n";
    assert_ok(uploads_preview(d, keep(x, file), NULL, &seen));
    assert_int_equal(seen.created, 1);
    assert_int_equal(seen.known_count, 3);
    static const struct {
        int64_t line;
        const char *name;
    } expected[] = {{2, "Connue"}, {3, "Deux"}, {5, "Trois"}};
    for (size_t i = 0; i < COUNT(expected); i++) {
        assert_int_equal(seen.known[i].line, expected[i].line);
        assert_string_equal(seen.known[i].name, expected[i].name);
        assert_int_equal(seen.known[i].organisation, i == 0 ? ids[0] : 0);
    }
}

static void their_own_words_become_know_how(void **state)
{
    struct fixture *x = *state;
    struct upload_result done;
    struct door *d = door_for(x, x->ali);
    assert_ok(uploads_run(d, keep(x, members), NULL, &done));
    struct list_request asked = {.type = &capability_type};
    struct list_page page;
    assert_ok(door_list(door_for(x, x->ali), &asked, &page));
    assert_int_equal(page.count, 2);
    const struct capability *k = page.records;
    assert_string_equal(k[0].title, "Décolletage de précision ± 5 µm, titane");
    assert_int_equal(k[0].processes.count, 1);
    assert_string_equal(k[0].origin, "read");
    assert_int_equal(k[0].tolerance, 5000);
    assert_int_equal(k[0].materials.count, 1);
    assert_true(strncmp(k[1].title, "Polissage", 9) == 0);
    assert_string_equal(k[1].origin, "read");
    assert_false(known_integer(k[1].tolerance));
}

static void columns_of_know_how_are_not_read_over(void **state)
{
    struct fixture *x = *state;
    struct upload_result done;
    struct door *d = door_for(x, x->ali);
    const char *token =
        keep(x, "Nom;Activité;Procédés\nA;polissage au micron;décolletage\nB;voir le site;\nC;décolletage, "
                "usinage;\n");
    assert_ok(uploads_run(d, token, NULL, &done));
    struct list_request asked = {.type = &capability_type};
    struct list_page page;
    assert_ok(door_list(door_for(x, x->ali), &asked, &page));
    assert_int_equal(page.count, 2); /* no process in the words of B: no know-how */
    const struct capability *k = page.records;
    assert_string_equal(k[0].origin, "imported");
    assert_string_equal(k[1].origin, "imported"); /* a list of terms: nothing more is read in it */
    assert_int_equal(k[0].processes.count + k[1].processes.count, 3);
}

static void unknown_words_and_refusals_survive_in_the_report(void **state)
{
    struct fixture *x = *state;
    struct uploaded u;
    struct upload_result done;
    struct door *d = door_for(x, x->ali);
    const char *token = keep(x, "Nom;SIREN;Procédés\nA;;décolletage, abracadabra\nB;12;\nC;34;zut\n");
    assert_ok(uploads_run(d, token, NULL, &done));
    assert_ok(uploads_open(d, token, &u));
    assert_int_equal(u.result->refusal_count, 2);
    assert_int_equal(u.result->refusals[1].line, 4);
    assert_int_equal(u.result->unknown_count, done.unknown_count);
    assert_true(done.unknown_count >= 1);
    for (size_t i = 0; i < done.unknown_count; i++)
        assert_string_equal(u.result->unknown[i], done.unknown[i]);
}

static void nothing_to_keep_leaves_the_file_waiting(void **state)
{
    struct fixture *x = *state;
    struct upload_result done;
    struct uploaded u;
    struct door *d = door_for(x, x->ali);
    const char *token = keep(x, "Nom;SIREN\nA;12\n");
    assert_ok(uploads_run(d, token, NULL, &done));
    assert_int_equal(done.batch, 0);
    assert_int_equal(done.refused, 1);
    assert_int_equal(count_of(x, &import_batch_type), 0);
    assert_ok(uploads_open(d, token, &u));
    assert_null(u.result);
}

static void a_day_later_it_is_gone(void **state)
{
    struct fixture *x = *state;
    struct uploaded u;
    const char *token = keep(x, members);
    clock_hold(now_us() + (int64_t)(UPLOAD_AGE_S - 60) * SECOND_US);
    uploads_sweep(x->space);
    assert_ok(uploads_open(door_for(x, x->ali), token, &u));
    clock_hold(now_us() + 120 * SECOND_US);
    assert_fault(uploads_open(door_for(x, x->ali), token, &u), FAULT_NOT_FOUND);
    assert_int_equal(folders(x), 1);
    uploads_sweep(x->space);
    assert_int_equal(folders(x), 0);
}

static void keep_in(struct space *space)
{
    ARENA_SCOPE(a); /* the doors go before their space */
    struct door *program = NULL, *facilitator = NULL;
    const char *token = NULL;
    assert_ok(door_open_program(space, a, &program));
    assert_ok(door_open(space, a, add_person(program, "Ali Mateur", "facilitator"), &facilitator));
    assert_ok(uploads_keep(facilitator, "a.csv", S("nom\nA\n"), &token));
}

static void a_server_sweeps_by_itself(void **state)
{
    struct fixture *x = *state;
    struct house *house = NULL;
    const struct space_info *other = NULL;
    const char *folder = arena_print(x->arena, "%s/uploads/other", x->folder);
    struct stat s;
    assert_ok(house_create(x->folder, &house));
    assert_ok(house_add(house, "other", "Other", false, &other));
    keep_in(other->space);
    assert_int_equal(stat(folder, &s), 0);
    assert_int_equal(s.st_nlink, 3);
    clock_hold(now_us() + (int64_t)(UPLOAD_AGE_S + 60) * SECOND_US);
    assert_ok(house_start(house));
    for (int i = 0; i < 500 && s.st_nlink > 2; i++) {
        (void)usleep(10000);
        assert_int_equal(stat(folder, &s), 0);
    }
    house_close(house);
    assert_int_equal(s.st_nlink, 2);
}

static void not_more_than_so_many_wait(void **state)
{
    struct fixture *x = *state;
    const char *token = NULL;
    for (int i = 0; i < UPLOADS_MOST; i++)
        (void)keep(x, "nom\nA\n");
    assert_fault(uploads_keep(door_for(x, x->ali), "a.csv", S("nom\nA\n"), &token), FAULT_LIMIT);
    assert_int_equal(folders(x), UPLOADS_MOST);
}

struct click {
    struct fixture *x;
    const char *token;
    int64_t batch;
};

static void *click(void *with)
{
    struct click *c = with;
    ARENA_SCOPE(work);
    struct door *d = NULL;
    struct upload_result done;
    if (!door_open(c->x->space, work, c->x->ali, &d) && !uploads_run(d, c->token, NULL, &done))
        c->batch = done.batch;
    return NULL;
}

static void a_double_click_imports_once(void **state)
{
    struct fixture *x = *state;
    struct click clicks[4];
    pthread_t threads[COUNT(clicks)];
    const char *token = keep(x, members);
    for (size_t i = 0; i < COUNT(clicks); i++) {
        clicks[i] = (struct click){x, token, -1};
        assert_int_equal(pthread_create(&threads[i], NULL, click, &clicks[i]), 0);
    }
    for (size_t i = 0; i < COUNT(clicks); i++)
        (void)pthread_join(threads[i], NULL);
    for (size_t i = 0; i < COUNT(clicks); i++)
        assert_int_equal(clicks[i].batch, clicks[0].batch);
    assert_true(clicks[0].batch > 0);
    assert_int_equal(count_of(x, &import_batch_type), 1);
    assert_int_equal(count_of(x, &organisation_type), 2);
}

#define TEXT(place, text) "<c r=\"" place "\" t=\"inlineStr\"><is><t>" text "</t></is></c>"

/* A sheet of notes, one of firms, one of firms elsewhere. */
static struct slice workbook(struct arena *a)
{
    static const char relations[] =
        "<Relationships>" MADE_RELATION("r1", "worksheet", "worksheets/sheet1.xml")
            MADE_RELATION("r2", "worksheet", "2.xml")
                MADE_RELATION("r3", "worksheet", "3.xml") "</Relationships>";
    static const char sheets[] =
        "<workbook><sheets><sheet name=\"Notes\" r:id=\"r1\"/><sheet name=\"Doubs\" r:id=\"r2\"/>"
        "<sheet name=\"Jura\" r:id=\"r3\"/></sheets></workbook>";
    struct made_part parts[MADE_PARTS + 2];
    size_t count = made_parts(
        a, &(struct made_book){.rows = "<row r=\"1\">" TEXT("A1", "How to fill this in") "</row>"}, parts);
    parts[1].content = slice_of(relations);
    parts[2].content = slice_of(sheets);
    parts[count++] = (struct made_part){
        .name = "xl/2.xml",
        .content =
            S("<worksheet><sheetData><row r=\"1\">" TEXT("A1", "Raison sociale") TEXT("B1", "Ville")
                  TEXT("C1", "Effectif") "</row><row r=\"2\">" TEXT("A2", "Taillage Faivre")
                      TEXT("B2", "Morteau") "<c r=\"C2\"><v>12</v></c></row><row r=\"4\">" TEXT(
                          "A4", "Polissage Nard") "<c r=\"C4\"><v>-3</v></c></row></sheetData></worksheet>")};
    parts[count++] = (struct made_part){
        .name = "xl/3.xml",
        .content =
            S("<worksheet><sheetData><row r=\"1\">" TEXT("A1", "Nom")
                  TEXT("B1", "SIREN") "</row><row r=\"2\">" TEXT(
                      "A2",
                      "Lunetterie Clerc") "<c r=\"B2\"><v>552100554</v></c></row></sheetData></worksheet>")};
    return made_archive(a, parts, count);
}

static void a_workbook_goes_the_same_way(void **state)
{
    struct fixture *x = *state;
    struct door *d = door_for(x, x->ali);
    struct uploaded u;
    struct upload_result result;
    const char *token = NULL;
    assert_ok(uploads_keep(d, "Adhérents.xlsx", workbook(x->arena), &token));
    assert_ok(uploads_open(d, token, &u));
    assert_string_equal(u.sheet, "Doubs");
    assert_int_equal(u.sheet_count, 3);
    assert_int_equal(u.rows, 2);
    assert_string_equal(u.columns[0].key, "name");
    assert_string_equal(u.columns[2].samples, "12, -3");
    assert_ok(uploads_preview(d, token, NULL, &result));
    assert_int_equal(result.created, 1);
    assert_int_equal(result.refused, 1);
    assert_int_equal(result.refusals[0].line, 4);
    assert_string_equal(result.refusals[0].column, "Effectif");
    assert_ok(uploads_run(d, token, NULL, &result));
    assert_int_equal(count_of(x, &organisation_type), 1);
    assert_fault(uploads_choose_sheet(d, token, "Jura"), FAULT_CONFLICT);
    assert_ok(imports_undo(d, result.batch, NULL));
    assert_int_equal(count_of(x, &organisation_type), 0);
}

static void another_sheet_is_read_when_it_is_chosen(void **state)
{
    struct fixture *x = *state;
    struct door *d = door_for(x, x->ali);
    struct uploaded u;
    struct upload_result result;
    const char *token = NULL, *keys[] = {"name", "", ""};
    assert_ok(uploads_keep(d, "Adhérents.xlsx", workbook(x->arena), &token));
    assert_ok(uploads_map(d, token, keys, COUNT(keys)));
    assert_fault(uploads_choose_sheet(d, token, "Notes"), FAULT_INVALID);
    assert_fault(uploads_choose_sheet(d, token, "Ain"), FAULT_INVALID);
    assert_fault(uploads_choose_sheet(door_for(x, x->berthe), token, "Jura"), FAULT_NOT_FOUND);
    assert_ok(uploads_open(d, token, &u));
    assert_string_equal(u.sheet, "Doubs");
    assert_string_equal(u.columns[1].key, "");
    assert_ok(uploads_choose_sheet(d, token, "Jura"));
    assert_ok(uploads_open(d, token, &u));
    assert_string_equal(u.sheet, "Jura");
    assert_int_equal(u.rows, 1);
    assert_string_equal(u.columns[1].key, "siren");
    assert_ok(uploads_run(d, token, NULL, &result));
    assert_int_equal(result.created, 1);
}

static void fields_stand_by_the_record_they_belong_to(void **state)
{
    struct fixture *x = *state;
    size_t count = 0, groups = 1;
    const struct upload_field *fields = uploads_fields(x->arena, &count);
    for (size_t i = 1; i < count; i++)
        groups += strcmp(fields[i].group, fields[i - 1].group) != 0;
    assert_true(count > 30);
    assert_int_equal(groups, 4);
    assert_string_equal(fields[0].group, "Organisation");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_file_waits_with_its_facts),
        TEST(long_samples_are_cut_at_a_character),
        TEST(nobody_else_sees_it),
        TEST(what_is_no_csv_leaves_nothing),
        TEST(columns_are_chosen_and_stay_chosen),
        TEST(the_preview_says_what_the_import_does),
        TEST(who_is_known_already_is_named),
        TEST(their_own_words_become_know_how),
        TEST(columns_of_know_how_are_not_read_over),
        TEST(unknown_words_and_refusals_survive_in_the_report),
        TEST(nothing_to_keep_leaves_the_file_waiting),
        TEST(a_day_later_it_is_gone),
        TEST(a_server_sweeps_by_itself),
        TEST(not_more_than_so_many_wait),
        TEST(a_double_click_imports_once),
        TEST(a_workbook_goes_the_same_way),
        TEST(another_sheet_is_read_when_it_is_chosen),
        TEST(fields_stand_by_the_record_they_belong_to),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
