/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* test_sheet.c - what a list is written as, read back by our own reader and looked at part by part. */
#include "test.h"

#include <string.h>
#include <zip.h>

#include "i18n/i18n.h"
#include "records/records.h"
#include "sheet/sheet.h"
#include "table/table.h"
#include "text/buffer.h"

static int setup(void **state)
{
    language_set(LANGUAGE_EN);
    *state = arena_new(LIMIT_COMMAND_MEMORY);
    return 0;
}

static int teardown(void **state)
{
    arena_free(*state);
    return 0;
}

static const char *part_of(struct arena *a, struct slice workbook, const char *name)
{
    zip_t *zip =
        zip_open_from_source(zip_source_buffer_create(workbook.ptr, workbook.len, 0, NULL), ZIP_RDONLY, NULL);
    zip_stat_t s;
    assert_non_null(zip);
    assert_int_equal(zip_stat(zip, name, 0, &s), 0);
    char *text = NEW(a, char, s.size + 1);
    zip_file_t *file = zip_fopen(zip, name, 0);
    assert_int_equal(zip_fread(file, text, s.size), (zip_int64_t)s.size);
    assert_int_equal(zip_fclose(file), 0);
    zip_discard(zip);
    return text;
}

/* Rows as "cell|cell / cell|cell", the header first. */
static const char *read_back(struct arena *a, struct slice bytes, const char *sheet)
{
    struct buffer *out = buffer_new(a, 1 * MIB);
    struct table *t = NULL;
    struct slice *cells;
    int64_t line;
    assert_ok(table_open_bytes(a, bytes, sheet, &t));
    for (int i = 0; i < table_columns(t); i++)
        buffer_print(out, "%s%s", i ? "|" : "", table_column(t, i));
    for (bool more = true; more;) {
        assert_ok(table_next(t, &cells, &line, &more));
        for (int i = 0; more && i < table_columns(t); i++)
            buffer_print(out, "%s%.*s", i ? "|" : " / ", SLICE_ARGS(cells[i]));
    }
    return buffer_string(out);
}

/* Fields of a few records, as a list writes them. */
static struct slice list_of(struct arena *a, enum sheet_form form, const struct capability *records,
                            size_t count, const char *const *names, size_t name_count)
{
    struct buffer *out = buffer_new(a, 16 * MIB);
    struct sheet sheet;
    assert_ok(sheet_start(&sheet, a, out, form, "Know-how: 2026/11 [all]"));
    for (size_t n = 0; n < name_count; n++)
        sheet_field_heading(&sheet, a, field_find(&capability_type, names[n]));
    sheet_end_row(&sheet);
    for (size_t i = 0; i < count; i++) {
        for (size_t n = 0; n < name_count; n++) {
            const struct field *f = field_find(&capability_type, names[n]);
            sheet_field(&sheet, f, &records[i], value_shown(f, a, &records[i]));
        }
        sheet_end_row(&sheet);
    }
    sheet_note(&sheet, "Space", "=Haut-Doubs");
    sheet_note(&sheet, "Rows", "2");
    assert_ok(sheet_finish(&sheet));
    return buffer_view(out);
}

static const char *const shown[] = {"title", "tolerance", "size", "capacity"};

static struct slice sample(struct arena *a, enum sheet_form form)
{
    struct capability records[2];
    for (size_t i = 0; i < COUNT(records); i++)
        record_clear(&capability_type, &records[i]);
    records[0].title = "=HYPERLINK(\"http://x\")";
    records[0].tolerance = 3000;
    records[0].size = (struct interval){500000, 12000000};
    records[0].capacity = 5000;
    records[1].title = "@tournage";
    return list_of(a, form, records, COUNT(records), shown, COUNT(shown));
}

static void a_workbook_has_what_the_csv_has_typed(void **state)
{
    struct arena *a = *state;
    assert_string_equal(read_back(a, sample(a, SHEET_XLSX), NULL),
                        "Know-how|Tolerance ± (mm)|Sizes|Monthly capacity (pieces a month)"
                        " / =HYPERLINK(\"http://x\")|0.0030|0.5 – 12 mm|5000 / @tournage|||");
    assert_non_null(
        strstr(read_back(a, sample(a, SHEET_CSV), NULL), "3 µm|0.5 – 12 mm|5,000 pieces a month"));
}

/* Lengths come back as they were: our import takes a bare number for millimetres. */
static void a_length_survives_the_way_out_and_in(void **state)
{
    struct capability k;
    assert_ok(value_parse(field_find(&capability_type, "tolerance"), *state, S("0.0030"), &k));
    assert_int_equal(k.tolerance, 3000);
}

static void the_second_sheet_says_where_it_comes_from(void **state)
{
    assert_string_equal(read_back(*state, sample(*state, SHEET_XLSX), "2"), "Space|=Haut-Doubs / Rows|2");
}

static void the_heading_stays_and_filters(void **state)
{
    struct arena *a = *state;
    struct slice bytes = sample(a, SHEET_XLSX);
    const char *rows = part_of(a, bytes, "xl/worksheets/sheet1.xml");
    assert_non_null(strstr(rows, "state=\"frozen\""));
    assert_non_null(strstr(rows, "<autoFilter ref=\"A1:D3\"/>"));
    assert_non_null(strstr(rows, "customWidth=\"1\""));
    assert_null(strstr(rows, "<f>"));
    assert_null(strstr(rows, "<hyperlink"));
    assert_non_null(strstr(part_of(a, bytes, "xl/styles.xml"), "<b/>"));
    assert_non_null(strstr(part_of(a, bytes, "xl/workbook.xml"), "\"Know-how  2026 11  all \""));
}

static void the_same_rows_make_the_same_file(void **state)
{
    assert_true(slice_equal(sample(*state, SHEET_XLSX), sample(*state, SHEET_XLSX)));
}

static void days_and_flags_are_typed(void **state)
{
    struct arena *a = *state;
    struct buffer *out = buffer_new(a, 1 * MIB);
    struct sheet sheet;
    struct organisation o;
    const struct field *day = field_find(&organisation_type, "joined");
    static const int64_t days[] = {20546, -40000, UNKNOWN_INTEGER};
    assert_ok(sheet_start(&sheet, a, out, SHEET_XLSX, "Organisations"));
    sheet_field_heading(&sheet, a, day);
    sheet_cell(&sheet, "Closed");
    sheet_end_row(&sheet);
    record_clear(&organisation_type, &o);
    for (size_t i = 0; i < COUNT(days); i++) {
        o.joined = days[i];
        sheet_field(&sheet, day, &o, value_shown(day, a, &o));
        sheet_flag(&sheet, i == 0, "the text of a CSV");
        sheet_end_row(&sheet);
    }
    assert_ok(sheet_finish(&sheet));
    assert_string_equal(read_back(a, buffer_view(out), NULL),
                        arena_print(a, "%s|Closed / 2026-04-03|yes / 1860-06-26|no / |no", tr(day->label)));
}

static void a_text_longer_than_a_cell_is_cut_where_one_sees_it(void **state)
{
    struct arena *a = *state;
    struct buffer *out = buffer_new(a, 1 * MIB), *text = buffer_new(a, 1 * MIB);
    struct sheet sheet;
    for (int i = 0; i < 40000; i++)
        buffer_text(text, "é");
    assert_ok(sheet_start(&sheet, a, out, SHEET_XLSX, ""));
    sheet_cell(&sheet, "Name");
    sheet_end_row(&sheet);
    sheet_cell(&sheet, buffer_string(text));
    sheet_end_row(&sheet);
    assert_ok(sheet_finish(&sheet));
    const char *read = read_back(a, buffer_view(out), NULL);
    assert_int_equal(strlen(read), strlen("Name / ") + 2 * 32766 + strlen("…"));
    assert_string_equal(read + strlen(read) - strlen("é…"), "é…");
}

static void forms_are_known_by_name(void **state)
{
    (void)state;
    assert_int_equal(sheet_form_named("csv"), SHEET_CSV);
    assert_int_equal(sheet_form_named("xlsx"), SHEET_XLSX);
    assert_int_equal(sheet_form_named("pdf"), SHEET_NONE);
    assert_int_equal(sheet_form_named(NULL), SHEET_NONE);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_workbook_has_what_the_csv_has_typed),
        TEST(a_length_survives_the_way_out_and_in),
        TEST(the_second_sheet_says_where_it_comes_from),
        TEST(the_heading_stays_and_filters),
        TEST(the_same_rows_make_the_same_file),
        TEST(days_and_flags_are_typed),
        TEST(a_text_longer_than_a_cell_is_cut_where_one_sees_it),
        TEST(forms_are_known_by_name),
    };
    return cmocka_run_group_tests_name("sheet", tests, NULL, NULL);
}
