/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* test_xlsx_hostile.c - files that are no workbook, are broken, or mean harm: refused with a word, in little
 * memory and time. */
#include "folder.h"

#include <string.h>
#include <zip.h>

#include "i18n/i18n.h"
#include "io/xlsx/made_book.h"
#include "table/table.h"

#define TEXT(place, text) "<c r=\"" place "\" t=\"inlineStr\"><is><t>" text "</t></is></c>"
#define ROWS                                                                                                 \
    "<row r=\"1\">" TEXT("A1", "Name") TEXT("B1", "Town") "</row><row r=\"2\">" TEXT("A2", "A") "</row>"

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

/* Reads to the end, or to what is wrong with the file as a whole. */
static struct fault *read_bytes(struct arena *a, struct slice bytes)
{
    struct table *t = NULL;
    bool more = true;
    TRY(table_open_bytes(a, bytes, NULL, &t));
    while (more) {
        struct slice *cells;
        int64_t line;
        struct fault *wrong = table_next(t, &cells, &line, &more);
        if (wrong && !more)
            return wrong;
    }
    return NULL;
}

static void check_refused(struct fault *f, enum fault_code code, const char *word)
{
    assert_non_null(f);
    print_message("# %s\n", f->text);
    assert_int_equal(f->code, code);
    assert_non_null(strstr(f->text, word));
}

static void what_is_no_workbook_is_told_apart(void **state)
{
    static const struct {
        const char *entry, *word;
    } cases[] = {{"content.xml", ".ods"},
                 {"word/document.xml", ".docx"},
                 {"xl/workbook.bin", ".xlsb"},
                 {"firms.csv", "ZIP"},
                 {"_rels/.rels", "damaged"}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct made_part part = {.name = cases[i].entry, .content = S("x")};
        check_refused(read_bytes(*state, made_archive(*state, &part, 1)), FAULT_INVALID, cases[i].word);
    }
    const struct made_part other = {.name = "_rels/.rels", .content = S("<Relationships/>")};
    check_refused(read_bytes(*state, made_archive(*state, &other, 1)), FAULT_INVALID, "not a workbook");
    check_refused(read_bytes(*state, made_archive(*state, NULL, 0)), FAULT_INVALID, "ZIP");
    check_refused(read_bytes(*state, S("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")), FAULT_INVALID, ".xls");
    check_refused(read_bytes(*state, S("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"
                                       "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0")),
                  FAULT_INVALID, "password");
}

static void damage_is_found_before_a_row_is_given(void **state)
{
    struct arena *a = *state;
    struct made_book book = {.rows = ROWS};
    struct made_part parts[MADE_PARTS];
    struct slice whole = made_workbook(a, book);
    assert_ok(read_bytes(a, whole));
    for (size_t cut = 5; cut < whole.len; cut += 97)
        assert_non_null(read_bytes(a, (struct slice){whole.ptr, cut}));
    size_t count = made_parts(a, &book, parts);
    for (size_t i = 0; i < count; i++) {
        count = made_parts(a, &book, parts);
        parts[i].wrong = true;
        check_refused(read_bytes(a, made_archive(a, parts, count)), FAULT_INVALID, "damaged");
    }
}

static void broken_parts_are_refused(void **state)
{
    static const struct made_book cases[] = {
        {.rows = ROWS "<row"},
        {.rows = ROWS "</sheetData>"},
        {.rows = ROWS "<row r=\"2\">" TEXT("A2", "again") "</row>"},
        {.rows = ROWS "<row r=\"0\"/>"},
        {.rows = ROWS "<row r=\"1048577\"/>"},
        {.rows = ROWS "<row r=\"3\">" TEXT("3", "nowhere") "</row>"},
        {.rows = ROWS "<row r=\"3\">" TEXT("AAAA3", "beyond") "</row>"},
        {.rows = ROWS "<row r=\"3\">&undefined;</row>"},
        {.rows = ROWS "<row r=\"3\">\xFF</row>"},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        check_refused(read_bytes(*state, made_workbook(*state, cases[i])), FAULT_INVALID, "damaged");
    check_refused(read_bytes(*state, made_workbook(*state, (struct made_book){0})), FAULT_INVALID, "empty");
}

/* A workbook of which one part is written as given. */
static struct slice with_part(struct arena *a, const char *name, struct slice content)
{
    struct made_part parts[MADE_PARTS];
    size_t count = made_parts(a, &(struct made_book){.rows = ROWS}, parts);
    for (size_t i = 0; i < count; i++)
        if (strcmp(parts[i].name, name) == 0)
            parts[i].content = content;
    return made_archive(a, parts, count);
}

static void document_types_are_refused_in_every_part(void **state)
{
    static const char *const names[] = {"_rels/.rels",     "xl/_rels/workbook.xml.rels",
                                        "xl/workbook.xml", "xl/worksheets/sheet1.xml",
                                        "xl/styles.xml",   "xl/texts.xml"};
    static const char *const types[] = {
        "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">]><x>&b;</x>",
        "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><x>&a;</x>",
        "<!DOCTYPE x SYSTEM \"http://127.0.0.1/x.dtd\"><x/>"};
    for (size_t n = 0; n < COUNT(names); n++)
        for (size_t i = 0; i < COUNT(types); i++)
            check_refused(read_bytes(*state, with_part(*state, names[n], slice_of(types[i]))), FAULT_INVALID,
                          "document type");
}

static struct slice repeated(struct arena *a, const char *before, const char *text, size_t times)
{
    struct buffer *b = buffer_new(a, 64 * MIB);
    buffer_text(b, before);
    for (size_t i = 0; i < times; i++)
        buffer_text(b, text);
    return buffer_view(b);
}

static void depth_and_tags_are_bounded(void **state)
{
    static const char sheet[] = "xl/worksheets/sheet1.xml";
    check_refused(read_bytes(*state, with_part(*state, sheet, repeated(*state, "", "<a>", 100000))),
                  FAULT_INVALID, "damaged");
    check_refused(read_bytes(*state, with_part(*state, sheet, repeated(*state, "<a b=\"", "c", 8 * MIB))),
                  FAULT_LIMIT, "does not end");
    check_refused(read_bytes(*state, with_part(*state, "xl/styles.xml",
                                               repeated(*state, "<s>", "<numFmt numFmtId=\"200\"/>", 1001))),
                  FAULT_LIMIT, "formats");
    check_refused(read_bytes(*state, with_part(*state, "xl/worksheets/sheet1.xml",
                                               repeated(*state, "<s>", "<mergeCell ref=\"A1:A9\"/>", 10001))),
                  FAULT_LIMIT, "merged");
}

static void a_long_cell_is_refused_and_the_next_row_read(void **state)
{
    struct arena *a = *state;
    struct table *t = NULL;
    struct slice *cells;
    int64_t line;
    bool more;
    const char *rows =
        arena_print(a, "%s<row r=\"3\"><c r=\"A3\" t=\"str\"><v>%s</v></c></row><row r=\"4\">%s</row>", ROWS,
                    repeated(a, "", "0123456789abcdef", MIB / 16 + 1).ptr, TEXT("A4", "B"));
    assert_ok(table_open_bytes(a, made_workbook(a, (struct made_book){.rows = rows}), NULL, &t));
    assert_ok(table_next(t, &cells, &line, &more));
    check_refused(table_next(t, &cells, &line, &more), FAULT_LIMIT, "row 3, column A (Name)");
    assert_true(more);
    assert_ok(table_next(t, &cells, &line, &more));
    assert_int_equal(line, 4);
}

static void locked_parts_and_lies_about_sizes_are_refused(void **state)
{
    struct arena *a = *state;
    struct made_part parts[MADE_PARTS];
    size_t count = made_parts(a, &(struct made_book){.rows = ROWS}, parts);
    parts[3].locked = true;
    check_refused(read_bytes(a, made_archive(a, parts, count)), FAULT_INVALID, "password");
    parts[3].locked = false;
    parts[3].claimed = (uint32_t)parts[3].content.len - 1;
    check_refused(read_bytes(a, made_archive(a, parts, count)), FAULT_INVALID, "damaged");
    parts[3].claimed = (uint32_t)parts[3].content.len + 1;
    check_refused(read_bytes(a, made_archive(a, parts, count)), FAULT_INVALID, "damaged");
    parts[3].claimed = 1 << 30;
    check_refused(read_bytes(a, made_archive(a, parts, count)), FAULT_LIMIT, "unpack");
}

static void archives_of_very_many_entries_are_refused(void **state)
{
    struct arena *a = *state;
    struct made_part *parts = NEW(a, struct made_part, LIMIT_XLSX_ENTRIES + 1);
    for (int i = 0; i <= LIMIT_XLSX_ENTRIES; i++)
        parts[i] = (struct made_part){.name = arena_print(a, "%d", i), .content = S("")};
    check_refused(read_bytes(a, made_archive(a, parts, LIMIT_XLSX_ENTRIES + 1)), FAULT_LIMIT, "unpack");
    const struct made_part huge = {.name = "x", .content = S("PK\006\007")};
    check_refused(read_bytes(a, made_archive(a, &huge, 1)), FAULT_LIMIT, "unpack");
}

/* 64 MiB of nothing, which another library packs a thousandfold. */
static void a_bomb_is_not_set_off(void **state)
{
    struct arena *a = *state;
    char folder[FOLDER_PATH];
    folder_new(folder, "bomb");
    const char *path = arena_print(a, "%s/bomb.xlsx", folder);
    zip_t *zip = zip_open(path, ZIP_CREATE, NULL);
    assert_non_null(zip);
    struct made_part parts[MADE_PARTS];
    size_t count = made_parts(a, &(struct made_book){.rows = ROWS}, parts);
    parts[count++] =
        (struct made_part){.name = "xl/media/image1.png", .content = {NEW(a, char, 64 * MIB), 64 * MIB}};
    for (size_t i = 0; i < count; i++)
        assert_true(zip_file_add(zip, parts[i].name,
                                 zip_source_buffer(zip, parts[i].content.ptr, parts[i].content.len, 0),
                                 0) >= 0);
    assert_int_equal(zip_close(zip), 0);
    struct table *t = NULL;
    check_refused(table_open(a, path, NULL, &t), FAULT_LIMIT, "unpack");
    folder_remove(folder);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(what_is_no_workbook_is_told_apart),
        TEST(damage_is_found_before_a_row_is_given),
        TEST(broken_parts_are_refused),
        TEST(document_types_are_refused_in_every_part),
        TEST(depth_and_tags_are_bounded),
        TEST(a_long_cell_is_refused_and_the_next_row_read),
        TEST(locked_parts_and_lies_about_sizes_are_refused),
        TEST(archives_of_very_many_entries_are_refused),
        TEST(a_bomb_is_not_set_off),
    };
    return cmocka_run_group_tests_name("xlsx_hostile", tests, NULL, NULL);
}
