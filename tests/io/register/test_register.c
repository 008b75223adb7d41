/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "i18n/i18n.h"
#include "register/register.h"

static int setup(void **state)
{
    language_set(LANGUAGE_EN);
    *state = arena_new(LIMIT_SCRATCH_MEMORY);
    return 0;
}

static int teardown(void **state)
{
    arena_free(*state);
    return 0;
}

/* The first row of a table in the register's own columns. */
static struct fault *read_one(struct arena *a, const char *table, struct register_row *row)
{
    struct table *c = NULL;
    assert_ok(table_open_bytes(a, slice_of(table), NULL, &c));
    const struct register_format *f = register_recognise(a, c);
    assert_non_null(f);
    struct slice *cells = NULL;
    int64_t line = 0;
    bool more = false;
    assert_ok(table_next(c, &cells, &line, &more));
    assert_true(more);
    return register_read(f, a, cells, row);
}

#define UNITS                                                                                                \
    "siren,statutDiffusionUniteLegale,dateCreationUniteLegale,sigleUniteLegale,prenom1UniteLegale,"          \
    "prenomUsuelUniteLegale,trancheEffectifsUniteLegale,dateDebut,etatAdministratifUniteLegale,"             \
    "nomUniteLegale,nomUsageUniteLegale,denominationUniteLegale,denominationUsuelle1UniteLegale,"            \
    "categorieJuridiqueUniteLegale,activitePrincipaleUniteLegale,nomenclatureActivitePrincipaleUniteLegale," \
    "activitePrincipaleNAF25UniteLegale\n"
#define SITES                                                                                                \
    "siren,siret,statutDiffusionEtablissement,trancheEffectifsEtablissement,etablissementSiege,"             \
    "complementAdresseEtablissement,numeroVoieEtablissement,indiceRepetitionEtablissement,"                  \
    "typeVoieEtablissement,libelleVoieEtablissement,codePostalEtablissement,libelleCommuneEtablissement,"    \
    "codeCommuneEtablissement,dateDebut,etatAdministratifEtablissement,enseigne1Etablissement,"              \
    "denominationUsuelleEtablissement,activitePrincipaleEtablissement,"                                      \
    "nomenclatureActivitePrincipaleEtablissement,coordonneeLambertAbscisseEtablissement,"                    \
    "coordonneeLambertOrdonneeEtablissement,categorieJuridiqueUniteLegale\n"

static void units_are_read(void **state)
{
    struct register_row r;
    assert_ok(read_one(
        *state,
        UNITS "732829320,O,1998-04-01,DMH,,,12,2015-03-01,A,,,DECOLLETAGE MARTIN,,5710,25.62B,NAFRev2,"
              "25.53Y\n",
        &r));
    assert_string_equal(r.siren, "732829320");
    assert_string_equal(r.name, "DECOLLETAGE MARTIN");
    assert_string_equal(r.short_name, "DMH");
    assert_string_equal(r.size_class, "small");
    assert_string_equal(r.naf, "25.62B");
    assert_string_equal(r.kind, "company");
    assert_false(r.masked);
    assert_int_equal(r.firm_closed, UNKNOWN_INTEGER);
    assert_null(r.commune);

    assert_ok(read_one(
        *state, UNITS "732829320,O,,,Louise,Lise,NN,2020-06-30,C,MARTIN,PERRET,,,1000,28.5A,NAF1993,\n", &r));
    assert_string_equal(r.name, "Lise PERRET");
    assert_null(r.size_class);
    assert_null(r.naf);
    int64_t closed;
    assert_true(date_parse(S("2020-06-30"), &closed));
    assert_int_equal(r.firm_closed, closed);

    assert_ok(read_one(*state, UNITS "732829320,O,,,,,,2027-01-01,A,,,X,,9220,28.5A,NAP,26.52Y\n", &r));
    assert_string_equal(r.naf, "26.52Y");
    assert_string_equal(r.kind, "association");
}

static void sites_are_read(void **state)
{
    struct register_row r;
    assert_ok(read_one(
        *state,
        SITES "732829320,73282932000074,O,12,true,BATIMENT B,12,BIS,AV,DES MONTBOUCONS,25000,BESANCON,"
              "25056,2015-03-01,A,ATELIER MARTIN,,26.52Z,NAFRev2,927000.5,6688000.2,\n",
        &r));
    assert_string_equal(r.address, "12 BIS avenue DES MONTBOUCONS, BATIMENT B");
    assert_string_equal(r.postcode, "25000");
    assert_string_equal(r.commune_code, "25056");
    assert_string_equal(r.country, "FR");
    assert_string_equal(r.name, "ATELIER MARTIN");
    assert_int_equal(r.head_office, FLAG_YES);
    assert_null(r.size_class); /* a small establishment may belong to a large firm */
    assert_true(r.point.lat > 47 && r.point.lat < 47.5);
    assert_true(r.point.lon > 5.8 && r.point.lon < 6.3);

    assert_ok(
        read_one(*state, SITES "732829320,73282932000074,O,42,false,,,,,,,,,2019-01-01,F,,,,,,,\n", &r));
    assert_string_equal(r.size_class, "large");
    assert_null(r.address);
    assert_null(r.country);
    assert_true(known_integer(r.site_closed));
    assert_int_equal(r.firm_closed, UNKNOWN_INTEGER);
}

/* Who is masked, and what of: status, legal category, then what is left. */
static void status_p_masks_and_never_drops(void **state)
{
    static const struct {
        const char *status, *category;
        bool masked, name, address;
    } cases[] = {{"O", "5710", false, true, true},  {"O", "1000", false, true, true},
                 {"P", "5710", true, true, false},  {"P", "1000", true, false, false},
                 {"N", "5499", true, true, false},  {"x", "5710", true, true, false},
                 {"N", "1000", true, false, false}, {"P", "", true, false, false}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct register_row r;
        print_message("# %s %s\n", cases[i].status, cases[i].category);
        assert_ok(read_one(
            *state,
            arena_print(*state,
                        SITES "732829320,73282932000074,%s,,,,3,,RUE,BATTANT,25000,BESANCON,25056,,A,"
                              "LE TEMPS JUSTE,,26.52Z,NAFRev2,927000,6688000,%s\n",
                        cases[i].status, cases[i].category),
            &r));
        assert_string_equal(r.siret, "73282932000074");
        assert_int_equal(r.masked, cases[i].masked);
        assert_int_equal(r.name != NULL, cases[i].name);
        assert_int_equal(r.address != NULL, cases[i].address);
        assert_int_equal(r.postcode != NULL, cases[i].address);
        assert_int_equal(!isnan(r.point.lat), cases[i].address);
        assert_int_equal(!isnan(r.point.lon), cases[i].address);
        assert_string_equal(r.commune_code, "25056"); /* published for all */
        assert_string_equal(r.naf, "26.52Z");
    }
}

static void closed_without_a_date_is_closed_all_the_same(void **state)
{
    struct register_row r;
    int64_t day;
    assert_ok(read_one(*state, SITES "732829320,,O,,,,,,,,,,,,F,,,,,,,\n", &r));
    assert_true(date_parse(S("1900-01-01"), &day));
    assert_int_equal(r.site_closed, day);
}

static void not_disclosed_is_unknown(void **state)
{
    struct register_row r;
    assert_ok(read_one(*state, UNITS "732829320,P,,[ND],[ND],[ND],,2020-01-01,A,[ND],[ND],,,1000,,,\n", &r));
    assert_null(r.name);
    assert_null(r.short_name);
    assert_true(r.masked);
    char *name = register_name(*state, r.siren, r.masked);
    assert_string_equal(name, "Undisclosed company, SIREN 732 829 320");
    assert_true(register_is_stand_in(*state, name, r.siren));
    language_set(LANGUAGE_FR);
    assert_true(register_is_stand_in(*state, name, r.siren));
    assert_false(register_is_stand_in(*state, "Atelier Martin", r.siren));
    assert_int_equal(language(), LANGUAGE_FR);
}

static void wrong_values_name_their_column(void **state)
{
    static const struct {
        const char *row, *column;
    } cases[] = {
        {"732829320,,O,,,,,,,,,,,,Z,,,,,,,\n", "etatAdministratifEtablissement"},
        {"732829320,,O,,,,,,,,,,,31/31/2020,F,,,,,,,\n", "dateDebut"},
        {"732829320,,O,,,,,,,,,,,,A,,,,,x,1,\n", "coordonneeLambertAbscisseEtablissement"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct register_row r;
        const struct fault *f = read_one(*state, arena_print(*state, SITES "%s", cases[i].row), &r);
        print_message("# %s\n", cases[i].column);
        assert_non_null(f);
        assert_int_equal(f->code, FAULT_INVALID);
        assert_string_equal(f->field, cases[i].column);
    }
}

static void other_tables_are_not_taken_for_the_register(void **state)
{
    static const char *const headers[] = {
        "Raison sociale;SIRET;Code APE;Ville", "siren;nom;latitude;longitude",
        "etatAdministratifUniteLegale;statutDiffusionUniteLegale", "id;text"};
    for (size_t i = 0; i < COUNT(headers); i++) {
        struct table *c;
        assert_ok(table_open_bytes(*state, slice_of(headers[i]), NULL, &c));
        assert_null(register_recognise(*state, c));
    }
    struct table *c;
    assert_ok(table_open_bytes(
        *state,
        S("siren,nom_complet,siege.code_postal,siege.libelle_commune,etat_administratif,Savoir-faire"), NULL,
        &c));
    const struct register_format *f = register_recognise(*state, c);
    assert_non_null(f);
    assert_true(register_reads(f, 2));
    assert_false(register_reads(f, 5)); /* a column somebody added is free for a mapping */
}

static void bands_become_size_classes(void **state)
{
    (void)state;
    static const struct {
        const char *code, *size_class;
    } cases[] = {{"00", "micro"},  {"03", "micro"}, {"11", "small"}, {"12", "small"}, {"21", "medium"},
                 {"31", "medium"}, {"32", "large"}, {"53", "large"}, {"NN", NULL},    {"", NULL},
                 {"1", NULL},      {"99", NULL},    {"2 ", NULL}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *found = register_size_class(slice_of(cases[i].code));
        print_message("# %s\n", cases[i].code);
        assert_int_equal(found != NULL, cases[i].size_class != NULL);
        if (found)
            assert_string_equal(found, cases[i].size_class);
    }
}

/* Published files, when they are at hand: every row is read or refused with a reason. */
static void published_files_are_recognised(void **state)
{
    static const struct {
        const char *file;
        int rows, refused;
    } files[] = {{"sample_etablissements_OK.csv", 3, 0},
                 {"sireneTestData.csv", 5, 1}, /* anonymised, with a position that is none */
                 {"sireneULTestData.csv", 4, 1},
                 {"sireneHistoTestData.csv", 4, 0}};
    const char *folder = getenv("SHARED_DATA");
    for (size_t i = 0; i < COUNT(files); i++) {
        struct table *c = NULL;
        assert_ok(table_open(*state, arena_print(*state, "%s/sirene/%s", folder, files[i].file), NULL, &c));
        const struct register_format *f = register_recognise(*state, c);
        assert_non_null(f);
        int rows = 0, refused = 0;
        for (bool more = true;;) {
            struct slice *cells;
            int64_t line;
            struct register_row r;
            assert_ok(table_next(c, &cells, &line, &more));
            if (!more)
                break;
            rows++;
            refused += register_read(f, *state, cells, &r) != NULL;
        }
        print_message("# %s: %d rows, %d refused\n", files[i].file, rows, refused);
        assert_int_equal(rows, files[i].rows);
        assert_int_equal(refused, files[i].refused);
    }
}

int main(void)
{
    needs_shared_data("sirene/sireneTestData.csv", "published_files_are_recognised");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(units_are_read, setup, teardown),
        cmocka_unit_test_setup_teardown(sites_are_read, setup, teardown),
        cmocka_unit_test_setup_teardown(status_p_masks_and_never_drops, setup, teardown),
        cmocka_unit_test_setup_teardown(closed_without_a_date_is_closed_all_the_same, setup, teardown),
        cmocka_unit_test_setup_teardown(not_disclosed_is_unknown, setup, teardown),
        cmocka_unit_test_setup_teardown(wrong_values_name_their_column, setup, teardown),
        cmocka_unit_test_setup_teardown(other_tables_are_not_taken_for_the_register, setup, teardown),
        cmocka_unit_test_setup_teardown(bands_become_size_classes, setup, teardown),
        cmocka_unit_test_setup_teardown(published_files_are_recognised, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
