/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Columns, values, firms met again, refusals. */
#include "fixture.h"

#include <math.h>

/* --- columns --------------------------------------------------------------------------------------- */

static void columns_are_guessed_from_their_names(void **state)
{
    struct fixture *x = *state;
    static const struct {
        const char *header, *expected;
    } cases[] = {
        {"Raison sociale;SIRET;CP;Ville;Tél.;Effectif;Code APE",
         "name siret postcode commune contact_phone headcount naf"},
        {"Dénomination;N° SIREN;Savoir-faire;Certifications;Lat/Long",
         "name siren know_how certifications coordinates"},
        {"Nom de l'entreprise;Adresse;Code postal;Commune;Site web", "name address postcode commune website"},
        {"Entreprise;Nom;Prénom;Fonction;E-mail",
         "name contact_name contact_first_name contact_title contact_email"},
        {"Nom;Ville", "name commune"},
        {"Company name;City;Country;Employees;Materials;Process",
         "name commune country headcount materials processes"},
        {"Société;Certification 1;Certification 2;Effectif (ETP);Couleur préférée",
         "name certifications certifications headcount -"},
        {"Name;SIREN;Markets;Latitude;Longitude;Site", "name siren markets lat lon website"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct table *c = NULL;
        struct import_columns m;
        struct buffer *b = buffer_new(x->arena, 4 * KIB);
        assert_ok(table_open_bytes(x->arena, slice_of(cases[i].header), NULL, &c));
        assert_ok(imports_guess(program_door(x), c, "organisation", &m));
        for (int k = 0; k < m.columns; k++)
            buffer_print(b, "%s%s", k ? " " : "",
                         m.field[k] < 0 ? "-" : import_field_at((size_t)m.field[k]).key);
        assert_string_equal(buffer_string(b), cases[i].expected);
        assert_false(m.remembered);
    }
}

static void a_mapping_is_said_and_remembered(void **state)
{
    struct fixture *x = *state;
    struct table *c = NULL;
    struct import_columns m;
    struct import_report report;
    struct door *d = program_door(x);
    const char *file = "Truc;Machin\nAtelier Jaune;Morteau\n";
    assert_ok(table_open_bytes(x->arena, slice_of(file), NULL, &c));
    assert_ok(imports_guess(d, c, "organisation", &m));
    const struct fault *f = imports_map(x->arena, c, &m, "Bidule=name");
    assert_non_null(f);
    assert_non_null(strstr(f->text, "Bidule"));
    assert_non_null(strstr(f->text, "Truc, Machin"));
    f = imports_map(x->arena, c, &m, "Truc=nmae");
    assert_non_null(f);
    assert_string_equal(f->field, "Truc");
    assert_non_null(strstr(f->text, "nmae"));
    assert_non_null(strstr(f->text, "commune_code"));
    assert_fault(imports_map(x->arena, c, &m, "Truc"), FAULT_INVALID);
    assert_fault(imports_guess(d, c, "need", &m), FAULT_INVALID);
    assert_ok(imports_guess(d, c, "organisation", &m));
    assert_ok(imports_map(x->arena, c, &m, "Truc=name"));
    assert_ok(imports_map(x->arena, c, &m, "machin = commune"));
    assert_ok(imports_run(d, c, &m, &(struct import_options){.file = "a.csv"}, &report));
    assert_int_equal(report.created, 1);

    assert_ok(table_open_bytes(x->arena, S("Truc;Machin\nAtelier Bleu;Villers-le-Lac\n"), NULL, &c));
    assert_ok(imports_guess(program_door(x), c, "organisation", &m));
    assert_true(m.remembered);
    assert_string_equal(import_field_at((size_t)m.field[0]).key, "name");
    assert_string_equal(import_field_at((size_t)m.field[1]).key, "commune");
}

/* --- values ---------------------------------------------------------------------------------------- */

static void one_line_becomes_its_records(void **state)
{
    struct fixture *x = *state;
    struct import_report r = imported(
        x, arena_print(x->arena,
                       "Raison sociale;SIRET;Ville;CP;Effectif;Code APE;Créée le;Savoir-faire;Certifications;"
                       "Tolérance;Dimensions;Contact;Courriel;Site web\r\n"
                       "Décolletage Perret;%.3s %.3s %.3s %s;Morteau;25500;37;2562b;15/03/1987;"
                       "Décolletage, rodage de précision;ISO 9001:2015, ISO 13485 et Zorglub 12;"
                       "± 2 µm;0,5 à 12 mm;Anne Roy;anne.roy@example.org;www.example.org\r\n",
                       siret(x->arena, 1), siret(x->arena, 1) + 3, siret(x->arena, 1) + 6,
                       siret(x->arena, 1) + 9));
    assert_true(r.done);
    assert_int_equal(r.created, 1);
    assert_int_equal(r.refused, 0);
    struct organisation *o = organisation_named(x, "Décolletage Perret");
    assert_string_equal(o->siren, siren(x->arena, 1));
    assert_string_equal(o->naf, "25.62B");
    assert_int_equal(o->headcount, 37);
    assert_string_equal(o->size_class, "small");
    assert_string_equal(o->website, "https://www.example.org");
    assert_string_equal(o->visibility, "space");
    int64_t day;
    assert_true(date_parse(S("1987-03-15"), &day));
    assert_int_equal(o->created, day);

    struct site *s = site_of(x, o->id);
    assert_non_null(s);
    assert_string_equal(s->siret, siret(x->arena, 1));
    assert_string_equal(s->commune_code, "25411");
    assert_string_equal(s->country, "FR");
    assert_non_null(s->epci);
    assert_int_equal(s->approximate, FLAG_YES);
    assert_true(fabs(s->lat - 47.06) < 0.05);

    struct capability *c;
    assert_int_equal(records_of(x, &capability_type, &c), 1);
    assert_int_equal(c->organisation, o->id);
    assert_string_equal(c->origin, "imported");
    assert_true(c->processes.count >= 1);
    assert_int_equal(c->tolerance, 2000);
    assert_int_equal(c->size.lo, 500000);
    assert_int_equal(c->size.hi, 12000000);
    assert_string_equal(c->description, "Décolletage, rodage de précision");

    struct certificate *held;
    assert_int_equal(records_of(x, &certificate_type, &held), 2);
    assert_int_equal(held[0].held, FLAG_YES);
    assert_int_equal(r.unknown_term_count, 1);
    assert_string_equal(r.unknown_terms[0], "Zorglub 12");

    struct person *p;
    assert_int_equal(records_of(x, &person_type, &p), 1);
    assert_string_equal(p->name, "Anne Roy");
    assert_int_equal(p->active, FLAG_NO);
    struct mandate *m;
    assert_int_equal(records_of(x, &mandate_type, &m), 1);
    assert_int_equal(m->organisation, o->id);
}

/* What a list of ours says of a firm in one cell, and what people write in it too. */
static void our_own_list_taken_back_changes_nothing(void **state)
{
    struct fixture *x = *state;
    imported(
        x,
        "Nom;Commune;Pays;Savoir-faire\nCadralune;Le Locle;Suisse;Taillage\nCadralune;Le Locle;CH;Roulage\n");
    struct site *s = site_of(x, organisation_named(x, "Cadralune")->id);
    assert_string_equal(s->country, "CH");
    struct import_report r = imported(x, "Nom;Commune;Savoir-faire;Certificats\n"
                                         "Cadralune;Le Locle, Suisse;Taillage · Roulage;ISO 9001 (échu)\n"
                                         "Cadralune;Le Locle (CH);Roulage;\n");
    assert_int_equal(r.created, 0);
    assert_int_equal(r.unchanged, 2);
    assert_int_equal(r.unknown_term_count, 0);
    r = imported(x, "Nom;Commune;Savoir-faire\nCadralune;Le Locle, Suisse;Taillage · Rivetage\n");
    assert_int_equal(r.capabilities, 1);
    r = imported(x, "Nom;Commune\nVirgule;Les Gras, bourg\n"); /* no country: as it is written */
    assert_string_equal(site_of(x, organisation_named(x, "Virgule")->id)->commune, "Les Gras, bourg");
}

/* Windows-1252, UTF-16 and UTF-8 tables of the same firm end in the same record. */
static void encodings_and_decimal_commas_end_alike(void **state)
{
    struct fixture *x = *state;
    static const char line[] =
        "Soci\xE9t\xE9;Latitude;Longitude;Effectif\n\xC9tirage du Doubs;47,25;6,03;1 250\n";
    char wide[2 * sizeof line] = "\xFF\xFE";
    for (size_t i = 0; i + 1 < sizeof line; i++) {
        wide[2 + 2 * i] = line[i];
        wide[3 + 2 * i] = '\0';
    }
    const struct slice files[] = {
        {line, sizeof line - 1},
        {wide, 2 * sizeof line},
        S("\xEF\xBB\xBFSociété;Latitude;Longitude;Effectif\nÉtirage du Doubs;47,25;6,03;1 250\n"),
        S("Société\tLatitude\tLongitude\tEffectif\r\nÉtirage du Doubs\t47.25\t6.03\t1250\r\n")};
    for (size_t i = 0; i < COUNT(files); i++) {
        struct import_report r;
        assert_ok(import_with(x, files[i], (struct import_options){.file = "f"}, &r));
        assert_int_equal(r.refused, 0);
        assert_int_equal(r.created, i == 0);
        assert_int_equal(r.unchanged, i > 0);
    }
    struct organisation *o = organisation_named(x, "Étirage du Doubs");
    assert_int_equal(o->headcount, 1250);
    assert_string_equal(o->size_class, "large");
    struct site *s = site_of(x, o->id);
    assert_true(s->lat == 47.25 && s->lon == 6.03);
}

static void bands_say_no_more_than_they_know(void **state)
{
    struct fixture *x = *state;
    static const struct {
        const char *cell, *size_class;
    } cases[] = {{"10 à 19 salariés", "small"},
                 {"50-249", "medium"},
                 {"moins de 10", "micro"},
                 {"250 et plus", "large"},
                 {"12", "small"},
                 {"5 à 49", "!"},
                 {"PME", "!"},
                 {"beaucoup", "!"}};
    struct buffer *b = buffer_new(x->arena, 4 * KIB);
    buffer_text(b, "Nom;Effectif\n");
    for (size_t i = 0; i < COUNT(cases); i++)
        buffer_print(b, "Firme %zu;%s\n", i, cases[i].cell);
    struct import_report r = imported(x, buffer_string(b));
    assert_int_equal(r.refused, 3);
    assert_string_equal(r.refusals[0].column, "Effectif");
    assert_string_equal(r.refusals[2].given, "text of 8 characters");
    for (size_t i = 0; i < COUNT(cases); i++)
        if (*cases[i].size_class != '!')
            assert_string_equal(organisation_named(x, arena_print(x->arena, "Firme %zu", i))->size_class,
                                cases[i].size_class);
}

/* --- the same firm again --------------------------------------------------------------------------- */

static void a_firm_that_is_there_is_completed_not_overwritten(void **state)
{
    struct fixture *x = *state;
    const char *first = arena_print(
        x->arena, "Nom;SIREN;Ville;CP;Effectif\nHorlogerie Aubry;%s;Morteau;25500;12\n", siren(x->arena, 2));
    const char *again =
        arena_print(x->arena,
                    "Nom;SIRET;Ville;CP;Effectif;Site web\nHORLOGERIE AUBRY SAS;%s;Morteau;25500;80;"
                    "https://aubry.example\nhorlogerie aubry;;Morteau;25500;;https://other.example\n",
                    siret(x->arena, 2));
    assert_int_equal(imported(x, first).created, 1);
    struct import_report r = imported(x, again);
    assert_int_equal(r.created, 0);
    assert_int_equal(r.completed, 1);
    assert_int_equal(r.unchanged, 1);
    struct organisation *o = organisation_named(x, "Horlogerie Aubry");
    assert_int_equal(o->headcount, 12);
    assert_string_equal(o->website, "https://aubry.example");
    struct site *all;
    assert_int_equal(records_of(x, &site_type, &all), 1);
    assert_string_equal(all[0].siret, siret(x->arena, 2));

    const char *before = picture(x);
    assert_int_equal(imported(x, again).unchanged, 2); /* twice is once */
    assert_string_equal(picture(x), before);
}

static void firms_are_told_apart_by_their_numbers(void **state)
{
    struct fixture *x = *state;
    struct import_report r =
        imported(x, arena_print(x->arena,
                                "Nom;SIREN;IDE;Ville;CP\n"
                                "Dupont;%s;;Besançon;25000\n" /* created */
                                "DUPONT;%s;;Besançon;25000\n" /* another SIREN: another firm */
                                "Dupont;;;Besancon;25000\n"   /* the first one of that name */
                                "Dupont;;;Pontarlier;25300\n" /* elsewhere: another */
                                "Cadrans SA;;CHE-123.456.788;;\n"
                                "Cadrans du Jura;;CHE-123.456.788;;\n" /* the same UID */
                                ";;;Morteau;25500\n",
                                siren(x->arena, 3), siren(x->arena, 4)));
    assert_int_equal(r.created, 4);
    assert_int_equal(r.unchanged, 2);
    assert_int_equal(r.refused, 1);
    assert_string_equal(r.refusals[0].column, "Nom");

    r = imported(x, arena_print(x->arena, "Nom;SIREN;IDE\nX;%s;CHE-123.456.788\n", siren(x->arena, 3)));
    assert_int_equal(r.refused, 1);
    assert_non_null(strstr(r.refusals[0].reason, "two organisations"));
}

/* --- refusals -------------------------------------------------------------------------------------- */

static void refused_lines_say_why_and_the_others_go_in(void **state)
{
    struct fixture *x = *state;
    const char *file = arena_print(x->arena,
                                   "Nom;SIREN;Courriel;Date de création\n"
                                   "Bonne;%s;;\n"
                                   "Mauvaise;123456789;;\n"
                                   "Datée;;;31/02/2020\n"
                                   "Large;;;;;trop\n"
                                   "Adresse;;pas une adresse;\n"
                                   "Bonne aussi;%s;;\n"
                                   ";123456789;pas une adresse;31/02/2020\n",
                                   siren(x->arena, 5), siren(x->arena, 6));
    static const struct {
        int64_t line;
        const char *column, *given;
    } expected[] = {{3, "SIREN", "9 digits"},
                    {4, "Date de création", "text of 10 characters"},
                    {5, "", ""},
                    {6, "Courriel", "text of 15 characters"},
                    {8, "SIREN", "9 digits"},
                    {8, "Courriel", "text of 15 characters"},
                    {8, "Date de création", "text of 10 characters"},
                    {8, "Nom", "nothing"}};
    struct import_report r;
    const char *before = picture(x);
    assert_ok(import_with(x, slice_of(file), (struct import_options){.file = "f", .strict = true}, &r));
    assert_false(r.done);
    assert_string_equal(picture(x), before);
    r = imported(x, file);
    assert_true(r.done);
    assert_int_equal(r.created, 2);
    assert_int_equal(r.refused, 5);
    assert_int_equal(r.refused_told, 5);
    assert_int_equal(r.refusal_count, COUNT(expected));
    for (size_t i = 0; i < COUNT(expected); i++) {
        assert_int_equal(r.refusals[i].line, expected[i].line);
        assert_string_equal(r.refusals[i].column, expected[i].column);
        assert_string_equal(r.refusals[i].given, expected[i].given);
        assert_true(strlen(r.refusals[i].reason) > 10);
    }
}

static void a_line_is_told_with_all_its_problems_or_counted(void **state)
{
    struct fixture *x = *state;
    struct buffer *file = buffer_new(x->arena, MIB);
    buffer_text(file, "Nom;SIREN;Courriel;Date de création\n");
    for (int i = 0; i < LIMIT_IMPORT_REFUSALS / 3 + 5; i++)
        buffer_text(file, "Fausse;123456789;pas une adresse;31/02/2020\n");
    struct import_report r = imported(x, buffer_string(file));
    assert_int_equal(r.refused, LIMIT_IMPORT_REFUSALS / 3 + 5);
    assert_int_equal(r.refused_told, LIMIT_IMPORT_REFUSALS / 3);
    assert_int_equal(r.refusal_count, 3 * r.refused_told);
}

static void only_facilitators_import(void **state)
{
    struct fixture *x = *state;
    struct import_columns m = {0};
    struct import_report r;
    struct import_preview *rows;
    size_t count;
    struct table *c = NULL;
    static const char *const roles[] = {"member", "funder", "planner", "facilitator"};
    struct door *program = program_door(x);
    for (size_t i = 0; i < COUNT(roles) + 1; i++) {
        struct person p;
        record_clear(&person_type, &p);
        p.name = "Someone";
        p.role = i < COUNT(roles) ? roles[i] : "member";
        p.active = FLAG_YES;
        if (i < COUNT(roles))
            assert_ok(door_save(program, person, &p, ALL_FIELDS));
        struct door *d = NULL;
        assert_ok(door_open(x->space, x->arena, i < COUNT(roles) ? p.id : 0, &d));
        assert_ok(table_open_bytes(x->arena, S("Nom;Ville\nA;Morteau\n"), NULL, &c));
        if (strcmp(p.role, "facilitator") == 0) {
            assert_ok(imports_guess(d, c, "organisation", &m));
            assert_ok(imports_run(d, c, &m, &(struct import_options){.file = "f"}, &r));
            assert_int_equal(r.created, 1);
            continue;
        }
        assert_fault(imports_guess(d, c, "organisation", &m), FAULT_DENIED);
        assert_fault(imports_preview(d, c, &m, &rows, &count), FAULT_DENIED);
        assert_fault(imports_run(d, c, &m, &(struct import_options){.file = "f"}, &r), FAULT_DENIED);
        assert_fault(imports_undo(d, 1, NULL), FAULT_DENIED);
    }
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(columns_are_guessed_from_their_names),
        CASE(a_mapping_is_said_and_remembered),
        CASE(one_line_becomes_its_records),
        CASE(our_own_list_taken_back_changes_nothing),
        CASE(encodings_and_decimal_commas_end_alike),
        CASE(bands_say_no_more_than_they_know),
        CASE(a_firm_that_is_there_is_completed_not_overwritten),
        CASE(firms_are_told_apart_by_their_numbers),
        CASE(refused_lines_say_why_and_the_others_go_in),
        CASE(a_line_is_told_with_all_its_problems_or_counted),
        CASE(only_facilitators_import),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
