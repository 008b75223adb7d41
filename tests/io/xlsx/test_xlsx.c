/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "folder.h"

#include <string.h>
#include <xlsxwriter.h>

#include "i18n/i18n.h"
#include "io/xlsx/made_book.h"
#include "table/table.h"
#include "xlsx/xlsx_number.h"

struct fixture {
    struct arena *arena;
    char folder[FOLDER_PATH];
    const char *path;
};

static int setup(void **state)
{
    struct arena *a = arena_new(LIMIT_COMMAND_MEMORY);
    struct fixture *x = NEW(a, struct fixture, 1);
    x->arena = a;
    language_set(LANGUAGE_EN);
    folder_new(x->folder, "xlsx");
    x->path = arena_print(a, "%s/book.xlsx", x->folder);
    *state = x;
    return 0;
}

static int teardown(void **state)
{
    struct fixture x = *(struct fixture *)*state;
    folder_remove(x.folder);
    arena_free(x.arena);
    return 0;
}

/* Everything as "name|name / 2:cell|cell / …", a refused row as "!3". */
static const char *flattened(struct arena *a, struct table *t)
{
    struct buffer *out = buffer_new(a, 64 * MIB);
    for (int i = 0; i < table_columns(t); i++)
        buffer_print(out, "%s%s", i ? "|" : "", table_column(t, i));
    for (;;) {
        struct slice *cells = NULL;
        int64_t line = 0;
        bool more = false;
        const struct fault *f = table_next(t, &cells, &line, &more);
        if (!more) {
            assert_null(f);
            return buffer_string(out);
        }
        buffer_print(out, f ? " / !%lld" : " / %lld:", (long long)line);
        for (int i = 0; !f && i < table_columns(t); i++)
            buffer_print(out, "%s%.*s", i ? "|" : "", SLICE_ARGS(cells[i]));
    }
}

static const char *read_made(struct fixture *x, struct made_book book)
{
    struct table *t = NULL;
    assert_ok(table_open_bytes(x->arena, made_workbook(x->arena, book), NULL, &t));
    return flattened(x->arena, t);
}

static struct table *opened(struct fixture *x, const char *sheet)
{
    struct table *t = NULL;
    assert_ok(table_open(x->arena, x->path, sheet, &t));
    return t;
}

/* --- numbers --------------------------------------------------------------------------------------- */

static const char *number(struct arena *a, const char *code, const char *digits, bool since_1904)
{
    struct buffer *b = buffer_new(a, 1 * KIB);
    xlsx_number_write(b, slice_of(digits), xlsx_format_of_code(a, code), since_1904);
    return buffer_string(b);
}

static void numbers_are_what_people_would_type(void **state)
{
    struct fixture *x = *state;
    static const struct {
        const char *code, *digits, *typed;
    } cases[] = {
        {"General", "552100554", "552100554"},
        {"General", "12345678901234", "12345678901234"},
        {"General", "0.10000000000000001", "0.1"},
        {"General", "1.2340000000000001E2", "123.4"},
        {"General", "1.234", "1.2340"},
        {"General", "-0", "0"},
        {"General", "1e300", "1e+300"},
        {"@", "12", "12"},
        {"0.00", "12.5", "12.5"},
        {"#,##0.00 [$€-40C]", "1234.5", "1234.5"},
        {"0.00E+00", "1500", "1500"},
        {"0%", "0.07", "7 %"},
        {"0.0%", "0.125", "12.5 %"},
        {"00000", "1000", "01000"},
        {"00000", "25130", "25130"},
        {"00000", "-3", "-3"},
        {"00000", "1.5", "1.5"},
        {"000 000 000", "12345678", "012 345 678"},
        {"000\\ 000\\ 000\\ 00000", "55210055400013", "552 100 554 00013"},
        {"0#\" \"##\" \"##\" \"##\" \"##", "381000000", "03 81 00 00 00"},
        {"# ##0", "1234567", "1234 567"},
        {"# ##0", "12", "12"},
        {"yyyy-mm-dd", "45000", "2023-03-15"},
        {"dd/mm/yyyy", "45000.75", "2023-03-15"},
        {"[$-40C]d mmmm yyyy;@", "45000", "2023-03-15"},
        {"[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", "45000", "2023-03-15"},
        {"mmm-yy", "45000", "2023-03-15"},
        {"dd/mm/yyyy hh:mm", "45000.604166666664", "2023-03-15 14:30"},
        {"dd/mm/yyyy hh:mm", "45000", "2023-03-15"},
        {"dd/mm/yyyy", "0", ""},
        {"dd/mm/yyyy", "1", "1900-01-01"},
        {"dd/mm/yyyy", "59", "1900-02-28"},
        {"dd/mm/yyyy", "61", "1900-03-01"},
        {"dd/mm/yyyy", "-1", "-1"},
        {"dd/mm/yyyy", "2958465", "9999-12-31"},
        {"dd/mm/yyyy", "2958466", "2958466"},
        {"h:mm AM/PM", "0.604166666666666", "14:30"},
        {"mm:ss.0", "0.000196759259", "00:00:17"},
        {"[h]:mm", "1.5", "36:00"},
        {"[hh]:mm:ss", "0.5", "12:00"},
        {"[Red]0.00", "3", "3"},
        {"\"year \"0", "2026", "2026"},
        {"0 \"days\"", "30", "30"},
        {"General", "twelve", "twelve"},
        {"", "5", "5"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        print_message("# %s as %s\n", cases[i].digits, cases[i].code);
        assert_string_equal(number(x->arena, cases[i].code, cases[i].digits, false), cases[i].typed);
    }
    assert_string_equal(number(x->arena, "dd/mm/yyyy", "43538", true), "2023-03-15");
    assert_string_equal(number(x->arena, "dd/mm/yyyy", "0", true), "1904-01-01");
    language_set(LANGUAGE_FR);
    assert_string_equal(number(x->arena, "0.0", "12.5", false), "12,5");
}

static void built_in_formats_are_known_by_number(void **state)
{
    (void)state;
    static const struct {
        int id;
        enum xlsx_look look;
    } cases[] = {{0, XLSX_NUMBER},  {4, XLSX_NUMBER}, {9, XLSX_PERCENT},    {14, XLSX_DATE},
                 {18, XLSX_TIME},   {20, XLSX_TIME},  {22, XLSX_DATE_TIME}, {46, XLSX_DURATION},
                 {44, XLSX_NUMBER}, {49, XLSX_NUMBER}};
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_int_equal(xlsx_format_built_in(cases[i].id).look, cases[i].look);
}

/* --- cells ----------------------------------------------------------------------------------------- */

#define TEXT(place, text) "<c r=\"" place "\" t=\"inlineStr\"><is><t>" text "</t></is></c>"
#define HEADS "<row r=\"1\">" TEXT("A1", "Name") TEXT("B1", "Town") "</row>"

static void every_kind_of_cell_is_read(void **state)
{
    const char *read = read_made(
        *state,
        (struct made_book){
            .rows = "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c>" TEXT("C1",
                                                                                                         "C")
                TEXT("D1",
                     "D") "</row>"
                          "<row r=\"2\"><c r=\"A2\" t=\"b\"><v>1</v></c><c r=\"B2\" t=\"b\"><v>0</v></c>"
                          "<c r=\"C2\" t=\"e\"><v>#N/A</v></c><c r=\"D2\" t=\"str\"><f>A1&amp;B1</f><v> sum "
                          "</v></c></row>"
                          "<row r=\"3\"><c r=\"A3\" t=\"d\"><v>2026-03-15T00:00:00.000</v></c>"
                          "<c r=\"B3\" t=\"d\"><v>2026-03-15T14:30:00Z</v></c><c r=\"C3\" "
                          "s=\"1\"><f>B1</f><v>45000</v></c>"
                          "<c r=\"D3\" s=\"77\"><v>2.5</v></c></row>"
                          "<row r=\"4\"><c r=\"A4\" t=\"s\"><v>2</v></c>"
                          "<c r=\"B4\" t=\"inlineStr\"><is><r><t>ri</t></r><r><t>ch</t></r><rPh "
                          "sb=\"0\"><t>no</t></rPh></is></c>"
                          "<c r=\"C4\" t=\"inlineStr\"><is><t>=1+1</t></is></c></row>",
            .formats = "<cellStyleXfs><xf numFmtId=\"9\"/></cellStyleXfs><cellXfs><xf numFmtId=\"0\"/>"
                       "<xf numFmtId=\"14\"/></cellXfs>",
            .texts = "<si><t>Name</t></si><si><r><t>To</t></r><r><rPr/><t>wn</t></r><rPh><t>no</t></rPh></si>"
                     "<si><t>a_x000D_\nb_x005F_x0041__x0041_</t></si>"});
    assert_string_equal(read, "Name|Town|C|D / 2:yes|no||sum / 3:2026-03-15|2026-03-15 14:30|2023-03-15|2.5"
                              " / 4:a\nb_x0041__x0041_|rich|=1+1|");
}

static void gaps_in_rows_and_columns_stay_in_place(void **state)
{
    const char *read = read_made(
        *state, (struct made_book){
                    .rows = "<row r=\"3\">" TEXT("B3", "Name") TEXT("D3", "Town")
                        TEXT("E3", "town") "</row><row r=\"4\"/><row r=\"7\">" TEXT("D7", "Morteau")
                            TEXT("B7", "A") "</row><row><c r=\"A8\" "
                                            "t=\"inlineStr\"><is><t>x</t></is></c><c><v>1</v></c></row>"});
    assert_string_equal(read, "Column A|Name|Column C|Town|town (2) / 7:|A||Morteau| / 8:x|1|||");
}

static void a_title_above_the_table_is_passed_over(void **state)
{
    assert_string_equal(
        read_made(*state,
                  (struct made_book){.rows = "<row r=\"1\">" TEXT(
                                         "A1", "Members 2026") "</row><row r=\"3\">" TEXT("A3", "Name")
                                         TEXT("B3", "Town") "</row><row r=\"4\">" TEXT("A4", "A") "</row>"}),
        "Name|Town / 4:A|");
    assert_string_equal(
        read_made(*state,
                  (struct made_book){.rows = "<row r=\"1\">" TEXT("A1", "Name") "</row><row r=\"2\">" TEXT(
                                         "A2", "A") "</row>"}),
        "Name / 2:A");
}

static void merged_cells_speak_for_each_of_their_rows(void **state)
{
    const char *read = read_made(
        *state,
        (struct made_book){
            .rows = HEADS "<row r=\"2\">" TEXT("A2", "A")
                TEXT("B2", "Morteau") "</row><row r=\"3\">" TEXT("B3", "Villers") "</row><row r=\"4\">" TEXT(
                    "B4", "Maîche") "</row><row r=\"5\"><c r=\"A5\"/></row>"
                                    "<row r=\"6\">" TEXT("A6", "wide") "</row>",
            .after = "<mergeCells><mergeCell ref=\"A2:A5\"/><mergeCell ref=\"A6:B6\"/></mergeCells>"});
    assert_string_equal(read, "Name|Town / 2:A|Morteau / 3:A|Villers / 4:A|Maîche / 6:wide|");
}

static void days_of_the_first_macintosh_are_told_apart(void **state)
{
    const char *read = read_made(
        *state, (struct made_book){.properties = "<workbookPr date1904=\"1\"/>",
                                   .rows = HEADS "<row r=\"2\"><c r=\"A2\" s=\"0\"><v>43538</v></c></row>",
                                   .formats = "<cellXfs><xf numFmtId=\"14\"/></cellXfs>"});
    assert_string_equal(read, "Name|Town / 2:2023-03-15|");
}

static void bad_rows_are_named_and_the_others_read(void **state)
{
    struct fixture *x = *state;
    struct made_book book = {.rows = HEADS "<row r=\"2\">" TEXT("A2", "A")
                                 TEXT("AB2", "note") "</row><row r=\"3\">" TEXT(
                                     "A3", "B") "</row><row r=\"4\">"
                                                "<c r=\"B4\" t=\"s\"><v>3</v></c></row>"};
    assert_string_equal(read_made(x, book), "Name|Town / !2 / 3:B| / !4");
    struct table *t = NULL;
    struct slice *cells;
    int64_t line;
    bool more;
    assert_ok(table_open_bytes(x->arena, made_workbook(x->arena, book), NULL, &t));
    struct fault *f = table_next(t, &cells, &line, &more);
    assert_fault(f, FAULT_INVALID);
    assert_non_null(strstr(f->text, "Sheet Firms, row 2, column AB"));
    assert_ok(table_next(t, &cells, &line, &more));
    f = table_next(t, &cells, &line, &more);
    assert_fault(f, FAULT_INVALID);
    assert_non_null(strstr(f->text, "Sheet Firms, row 4, column B (Town)"));
    assert_string_equal(f->field, "Town");
}

/* --- workbooks of another writer ------------------------------------------------------------------- */

static void write_book(const struct fixture *x)
{
    lxw_workbook *book = workbook_new(x->path);
    lxw_worksheet *hidden = workbook_add_worksheet(book, "Hidden"),
                  *notes = workbook_add_worksheet(book, "Notes");
    lxw_worksheet *firms = workbook_add_worksheet(book, "Adhérents 2026");
    lxw_format *day = workbook_add_format(book), *code = workbook_add_format(book);
    format_set_num_format(day, "dd/mm/yyyy");
    format_set_num_format(code, "00000");
    worksheet_activate(notes);
    worksheet_set_first_sheet(notes);
    worksheet_hide(hidden);
    worksheet_write_string(hidden, 0, 0, "Secret", NULL);
    worksheet_write_string(notes, 0, 0, "Note", NULL);
    worksheet_write_string(notes, 1, 0, "Read me", NULL);
    static const char *const heads[] = {"Raison sociale", "Code postal", "Adhésion", "Actif", "Total"};
    for (lxw_col_t i = 0; i < COUNT(heads); i++)
        worksheet_write_string(firms, 0, i, heads[i], NULL);
    worksheet_write_string(firms, 1, 0, "Décolletage & Cie <Haut-Doubs>", NULL);
    worksheet_write_number(firms, 1, 1, 1000, code);
    lxw_datetime joined = {.year = 2021, .month = 6, .day = 30};
    worksheet_write_datetime(firms, 1, 2, &joined, day);
    worksheet_write_boolean(firms, 1, 3, 1, NULL);
    worksheet_write_formula_num(firms, 1, 4, "=2+3.5", NULL, 5.5);
    assert_int_equal(workbook_close(book), LXW_NO_ERROR);
}

static void a_workbook_of_another_writer_is_read(void **state)
{
    struct fixture *x = *state;
    write_book(x);
    assert_string_equal(flattened(x->arena, opened(x, "Adhérents 2026")),
                        "Raison sociale|Code postal|Adhésion|Actif|Total / "
                        "2:Décolletage & Cie <Haut-Doubs>|01000|2021-06-30|yes|5.5");
}

static void a_sheet_is_chosen(void **state)
{
    struct fixture *x = *state;
    const char **names = NULL;
    size_t count = 0;
    struct table *t = NULL;
    write_book(x);
    assert_ok(table_sheets(x->arena, x->path, &names, &count));
    assert_int_equal(count, 2);
    assert_string_equal(names[0], "Notes");
    assert_string_equal(names[1], "Adhérents 2026");
    assert_string_equal(table_sheet(opened(x, NULL)), "Notes");
    assert_string_equal(table_sheet(opened(x, "adherents 2026")), "Adhérents 2026");
    assert_string_equal(table_sheet(opened(x, "3")), "Adhérents 2026");
    assert_string_equal(table_sheet(opened(x, "1")), "Hidden");
    struct fault *f = table_open(x->arena, x->path, "Elsewhere", &t);
    assert_fault(f, FAULT_INVALID);
    assert_non_null(strstr(f->text, "Notes, Adhérents 2026"));
    assert_fault(table_open(x->arena, x->path, "4", &t), FAULT_INVALID);
    assert_fault(table_open(x->arena, x->path, "", &t), FAULT_INVALID);
    assert_fault(table_open_bytes(x->arena, S("name;town\nA;B\n"), "Notes", &t), FAULT_INVALID);
}

static void progress_ends_at_the_end(void **state)
{
    struct fixture *x = *state;
    write_book(x);
    struct table *t = opened(x, "3");
    (void)flattened(x->arena, t);
    assert_true(table_bytes_total(t) > 0);
    assert_int_equal(table_bytes_read(t), table_bytes_total(t));
    assert_int_equal(table_separator(t), '\0');
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(numbers_are_what_people_would_type),
        TEST(built_in_formats_are_known_by_number),
        TEST(every_kind_of_cell_is_read),
        TEST(gaps_in_rows_and_columns_stay_in_place),
        TEST(a_title_above_the_table_is_passed_over),
        TEST(merged_cells_speak_for_each_of_their_rows),
        TEST(days_of_the_first_macintosh_are_told_apart),
        TEST(bad_rows_are_named_and_the_others_read),
        TEST(a_workbook_of_another_writer_is_read),
        TEST(a_sheet_is_chosen),
        TEST(progress_ends_at_the_end),
    };
    return cmocka_run_group_tests_name("xlsx", tests, NULL, NULL);
}
