/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* All or nothing, undo, the national register. */
#include "fixture.h"

#include <math.h>

/* --- all or nothing -------------------------------------------------------------------------------- */

static const char *many_firms(struct fixture *x, int from, int count)
{
    struct buffer *b = buffer_new(x->arena, 64 * MIB);
    buffer_text(b, "Nom;SIRET;Ville;CP;Savoir-faire;Certifications;Contact;Courriel\n");
    for (int i = from; i < from + count; i++)
        buffer_print(b, "Firme %d;%s;Morteau;25500;Polissage;ISO 9001;Contact %d;c%d@example.org\n", i,
                     siret(x->arena, i), i, i);
    return buffer_string(b);
}

static void a_dry_run_and_a_preview_change_nothing(void **state)
{
    struct fixture *x = *state;
    (void)imported(x, many_firms(x, 100, 3));
    const char *before = picture(x);
    int64_t entries = journal_entries(x);
    struct import_report r;
    assert_ok(import_with(x, slice_of(many_firms(x, 100, 50)),
                          (struct import_options){.file = "f", .dry_run = true}, &r));
    assert_false(r.done);
    assert_int_equal(r.created, 47);
    assert_int_equal(r.unchanged, 3);

    struct table *c = NULL;
    struct import_columns m;
    struct import_preview *rows = NULL;
    size_t count = 0;
    struct door *d = program_door(x);
    assert_ok(table_open_bytes(x->arena, slice_of(many_firms(x, 100, 50)), NULL, &c));
    assert_ok(imports_guess(d, c, "organisation", &m));
    assert_ok(imports_preview(d, c, &m, &rows, &count));
    assert_int_equal(count, LIMIT_PREVIEW_ROWS);
    assert_int_equal(rows[0].outcome, IMPORT_UNCHANGED);
    assert_int_equal(rows[19].outcome, IMPORT_CREATED);
    assert_int_equal(rows[19].line, 21);
    assert_string_equal(rows[19].name, "Firme 119");
    assert_string_equal(rows[19].place, "Morteau");
    assert_string_equal(rows[19].know_how, "Polissage");
    assert_string_equal(picture(x), before);
    assert_int_equal(journal_entries(x), entries);
}

static struct fault *fail_late(void *with, struct arena *a, const char *text, struct capability *c)
{
    (void)a, (void)text, (void)c;
    int *left = with;
    return --*left > 0 ? NULL : fault(FAULT_IO, "the disk is full");
}

static void a_fault_in_the_middle_leaves_nothing(void **state)
{
    struct fixture *x = *state;
    (void)imported(x, many_firms(x, 200, 2));
    const char *before = picture(x);
    int64_t entries = journal_entries(x);
    int left = 40;
    struct import_report r;
    struct import_options options = {.file = "f", .read_text = fail_late, .read_with = &left};
    assert_fault(import_with(x, slice_of(many_firms(x, 200, 60)), options, &r), FAULT_IO);
    assert_false(r.done);
    assert_string_equal(picture(x), before);
    assert_int_equal(journal_entries(x), entries);
    assert_int_equal(imported(x, many_firms(x, 200, 60)).created, 58); /* and the space still works */
}

/* --- undo ------------------------------------------------------------------------------------------ */

static void an_undone_import_never_was(void **state)
{
    struct fixture *x = *state;
    (void)imported(x, arena_print(x->arena,
                                  "Nom;SIREN;Ville;CP\nFirme 300;%s;Morteau;25500\nAilleurs;;Maîche;25120\n",
                                  siren(x->arena, 300)));
    const char *before = picture(x);
    struct import_report r = imported(x, many_firms(x, 298, 10)); /* creates nine, completes one */
    assert_int_equal(r.created, 9);
    assert_int_equal(r.completed, 1);
    const char *after = picture(x);
    assert_string_not_equal(after, before);
    assert_ok(imports_undo(program_door(x), r.batch, NULL));
    assert_string_equal(picture(x), before);
    assert_fault(imports_undo(program_door(x), r.batch, NULL), FAULT_CONFLICT);
    assert_fault(imports_undo(program_door(x), 12345, NULL), FAULT_NOT_FOUND);
    r = imported(x, many_firms(x, 298, 10)); /* and can be done again */
    assert_int_equal(r.created, 9);
    struct import_batch *batches;
    assert_int_equal(records_of(x, &import_batch_type, &batches), 3);
}

static void an_import_that_was_built_upon_stays(void **state)
{
    struct fixture *x = *state;
    struct import_report r = imported(x, many_firms(x, 400, 3));
    struct door *d = program_door(x);
    struct organisation o = *organisation_named(x, "Firme 401");
    o.note = "called on Monday";
    assert_ok(door_save(d, organisation, &o, ALL_FIELDS));
    const char *before = picture(x);
    const struct fault *f = imports_undo(program_door(x), r.batch, NULL);
    assert_non_null(f);
    assert_int_equal(f->code, FAULT_CONFLICT);
    assert_non_null(strstr(f->text, "Firme 401"));
    assert_null(strstr(f->text, "Firme 402"));
    assert_string_equal(picture(x), before);

    r = imported(x, many_firms(x, 410, 3));
    struct capability c;
    record_clear(&capability_type, &c);
    c.organisation = organisation_named(x, "Firme 411")->id;
    c.title = "Gravure";
    c.visibility = "space";
    assert_ok(door_save(program_door(x), capability, &c, ALL_FIELDS));
    before = picture(x);
    f = imports_undo(program_door(x), r.batch, NULL);
    assert_non_null(f);
    assert_non_null(strstr(f->text, "Gravure"));
    assert_string_equal(picture(x), before);

    c.visibility = "private"; /* a name that is not for the facilitator is not in the refusal either */
    assert_ok(door_save(program_door(x), capability, &c, ALL_FIELDS));
    struct person p;
    record_clear(&person_type, &p);
    p.name = "Someone";
    p.role = "facilitator";
    p.active = FLAG_YES;
    assert_ok(door_save(program_door(x), person, &p, ALL_FIELDS));
    assert_ok(door_open(x->space, x->arena, p.id, &d));
    f = imports_undo(d, r.batch, NULL);
    assert_non_null(f);
    assert_int_equal(f->code, FAULT_CONFLICT);
    assert_null(strstr(f->text, "Gravure"));
}

/* --- the national register ------------------------------------------------------------------------- */

#define SITES                                                                                                \
    "siren,siret,statutDiffusionEtablissement,numeroVoieEtablissement,typeVoieEtablissement,"                \
    "libelleVoieEtablissement,codePostalEtablissement,libelleCommuneEtablissement,codeCommuneEtablissement," \
    "etatAdministratifEtablissement,enseigne1Etablissement,longitude,latitude,"                              \
    "categorieJuridiqueUniteLegale\n"

static void masked_firms_are_kept_and_hidden(void **state)
{
    struct fixture *x = *state;
    static const struct {
        const char *category;
        bool name;
    } cases[] = {{"5710", true}, {"1000", false}};
    for (int i = 0; i < 2; i++) {
        const char *number = siret(x->arena, 500 + i);
        struct import_report r = imported(
            x, arena_print(x->arena,
                           SITES "%.9s,%s,P,3,RUE,BATTANT,25000,BESANCON,25056,A,CANARI %d,6.02,47.24,%s\n",
                           number, number, i, cases[i].category));
        assert_int_equal(r.created, 1);
        const char *shown = cases[i].name ? arena_print(x->arena, "CANARI %d", i)
                                          : arena_print(x->arena, "Undisclosed company, SIREN %.3s %.3s %.3s",
                                                        number, number + 3, number + 6);
        struct organisation *o = organisation_named(x, shown);
        assert_int_equal(o->masked, FLAG_YES);
        struct site *s = site_of(x, o->id);
        assert_string_equal(s->siret, number);
        assert_int_equal(s->masked, FLAG_YES);
        assert_null(s->address);
        assert_null(s->postcode);
        assert_true(isnan(s->lat) && isnan(s->lon));
    }
    assert_null(strstr(picture(x), "BATTANT"));
    assert_null(strstr(picture(x), "CANARI 1"));
}

static void a_real_name_takes_the_place_of_a_stand_in(void **state)
{
    struct fixture *x = *state;
    const char *number = siret(x->arena, 510);
    (void)imported(x,
                   arena_print(x->arena, SITES "%.9s,%s,O,,,,25500,MORTEAU,25411,A,,,,\n", number, number));
    (void)organisation_named(
        x, arena_print(x->arena, "Company with SIREN %.3s %.3s %.3s", number, number + 3, number + 6));
    struct import_report r = imported(
        x, arena_print(
               x->arena,
               "siren,statutDiffusionUniteLegale,denominationUniteLegale,etatAdministratifUniteLegale,"
               "categorieJuridiqueUniteLegale,trancheEffectifsUniteLegale\n%.9s,O,MONTRES DU HAUT,A,5710,"
               "21\n",
               number));
    assert_int_equal(r.completed, 1);
    struct organisation *o = organisation_named(x, "MONTRES DU HAUT");
    assert_string_equal(o->size_class, "medium");
    assert_string_equal(o->kind, "company");
    struct site *all;
    assert_int_equal(records_of(x, &site_type, &all), 1);
}

static void published_files_are_imported(void **state)
{
    struct fixture *x = *state;
    const char *folder = getenv("SHARED_DATA");
    static const char *const files[] = {"sample_etablissements_OK.csv", "sireneTestData.csv",
                                        "sireneULTestData.csv", "sireneHistoTestData.csv"};
    for (size_t i = 0; i < COUNT(files); i++) {
        struct table *c = NULL;
        assert_ok(table_open(x->arena, arena_print(x->arena, "%s/sirene/%s", folder, files[i]), NULL, &c));
        struct import_columns m;
        struct import_report r;
        struct door *d = program_door(x);
        assert_ok(imports_guess(d, c, "organisation", &m));
        assert_non_null(m.format);
        assert_ok(imports_run(d, c, &m, &(struct import_options){.file = files[i]}, &r));
        print_message("# %s: %lld lines, %lld created, %lld completed, %lld refused, %lld past\n", files[i],
                      (long long)r.lines, (long long)r.created, (long long)r.completed, (long long)r.refused,
                      (long long)r.passed_over);
        assert_int_equal(r.lines, r.created + r.completed + r.unchanged + r.passed_over + r.refused);
        assert_int_equal(r.refused_told, r.refused);
        if (i == 0)
            assert_int_equal(r.created, 3);
        if (i == 3)
            assert_int_equal(r.passed_over, 2);
    }
}

int main(void)
{
    needs_shared_data("sirene/sireneTestData.csv", "published_files_are_imported");
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(a_dry_run_and_a_preview_change_nothing),
        CASE(a_fault_in_the_middle_leaves_nothing),
        CASE(an_undone_import_never_was),
        CASE(an_import_that_was_built_upon_stays),
        CASE(masked_firms_are_kept_and_hidden),
        CASE(a_real_name_takes_the_place_of_a_stand_in),
        CASE(published_files_are_imported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
