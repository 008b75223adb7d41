/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "test.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "csv/csv.h"
#include "i18n/i18n.h"
#include "random/random.h"
#include "table/header.h"
#include "text/fold.h"

/* Bytes of a literal, as a constant initialiser. */
#define BYTES(literal)                                                                                       \
    {                                                                                                        \
        literal, sizeof(literal) - 1                                                                         \
    }

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

static struct csv *opened(struct arena *a, struct slice bytes)
{
    struct csv *c = NULL;
    assert_ok(csv_open_bytes(a, bytes, &c));
    return c;
}

/* Everything as "name|name / cell|cell / …", a refused line as "!line". */
static const char *flattened(struct arena *a, struct slice bytes)
{
    struct buffer *out = buffer_new(a, 64 * MIB);
    struct csv *c = opened(a, bytes);
    for (int i = 0; i < csv_header(c)->count; i++)
        buffer_print(out, "%s%s", i ? "|" : "", csv_header(c)->names[i]);
    for (;;) {
        struct slice *cells = NULL;
        int64_t line = 0;
        bool more = false;
        const struct fault *f = csv_next(c, &cells, &line, &more);
        if (!f && !more)
            return buffer_string(out);
        buffer_text(out, " / ");
        if (f)
            buffer_print(out, "!%lld", (long long)line);
        for (int i = 0; !f && i < csv_header(c)->count; i++)
            buffer_print(out, "%s%.*s", i ? "|" : "", SLICE_ARGS(cells[i]));
    }
}

/* ASCII and Latin letters of UTF-8 text as another encoding. */
static struct slice encoded(struct arena *a, const char *utf8, const char *encoding)
{
    struct buffer *out = buffer_new(a, 1 * MIB);
    bool latin = strcmp(encoding, "windows-1252") == 0, wide = strncmp(encoding, "utf-16", 6) == 0;
    bool little = strcmp(encoding, "utf-16le") == 0;
    if (strcmp(encoding, "utf-8 bom") == 0)
        buffer_text(out, "\xEF\xBB\xBF");
    if (wide)
        buffer_add(out, little ? "\xFF\xFE" : "\xFE\xFF", 2);
    for (const unsigned char *p = (const unsigned char *)utf8; *p; p++) {
        unsigned code = *p;
        if (code >= 0xE0) { /* the euro sign, the only longer one in these tables */
            code = latin ? 0x80 : 0x20AC;
            p += 2;
        } else if (code >= 0xC0) {
            code = (code & 0x1F) << 6 | (p[1] & 0x3F);
            p++;
        }
        char pair[2] = {(char)(little ? code & 0xFF : code >> 8), (char)(little ? code >> 8 : code & 0xFF)};
        if (wide)
            buffer_add(out, pair, 2);
        else
            buffer_char(out, (char)code);
    }
    if (strncmp(encoding, "utf-8", 5) == 0) {
        out->len = strcmp(encoding, "utf-8") == 0 ? 0 : 3;
        buffer_text(out, utf8);
    }
    return buffer_view(out);
}

static void every_encoding_separator_and_line_end_reads_alike(void **state)
{
    static const char *const encodings[] = {"utf-8", "utf-8 bom", "windows-1252", "utf-16le", "utf-16be"};
    static const char *const line_ends[] = {"\n", "\r\n", "\r"};
    for (size_t e = 0; e < COUNT(encodings); e++)
        for (const char *s = ";,\t|"; *s; s++)
            for (size_t l = 0; l < COUNT(line_ends); l++) {
                const char *text = arena_print(
                    *state, "Société%cDiamètre%cPrix%s%s%s\"%s\"%c\"0,8 mm\"%c12 €%s%sÉtain%c%c03/11/2026",
                    *s, *s, line_ends[l], line_ends[l], "", "Œuvre; \"\"à\"\" l'été", *s, *s, line_ends[l],
                    line_ends[l], *s, *s);
                const char *expected =
                    "Société|Diamètre|Prix / Œuvre; \"à\" l'été|0,8 mm|12 € / Étain||03/11/2026";
                if (e >= 2) { /* Œ is not in the tables of encoded() */
                    text =
                        arena_print(*state, "Société%cDiamètre%cPrix%s\"à%sl'été\"%c\"0,8 mm\"%c12 €%sÉtain",
                                    *s, *s, line_ends[l], line_ends[l], *s, *s, line_ends[l]);
                    expected = arena_print(*state, "Société|Diamètre|Prix / à%sl'été|0,8 mm|12 € / Étain||",
                                           line_ends[l]);
                }
                print_message("# %s, separator %d, line end %zu\n", encodings[e], *s, l);
                assert_string_equal(flattened(*state, encoded(*state, text, encodings[e])), expected);
            }
}

static void oddities_are_read_as_meant(void **state)
{
    static const struct {
        const char *file, *expected;
    } cases[] = {
        {"nom\nA\nB", "nom / A / B"},
        {"nom\nA, B\nC; D", "nom / A, B / C; D"}, /* one column: nothing separates */
        {"a;b\n1;2;;\n3;4;;", "a|b / 1|2 / 3|4"}, /* a spreadsheet's empty columns */
        {"a;b;;\n1;2", "a|b / 1|2"},
        {"a;b\n\n;\n1;2\n\n", "a|b / 1|2"},
        {"a;b\n1", "a|b / 1|"},
        {"a;;a;A\n1;2;3;4", "a|Column 2|a (2)|A (3) / 1|2|3|4"},
        {"a;b\n\"x\ny\";2\r3;4\r\n5;6\n", "a|b / x\ny|2 / 3|4 / 5|6"},
        {"a;b\n 12\" de long ;  \"q\"  \n", "a|b / 12\" de long|q"},
        {"sep=,\r\na,b\r\n1;2,3", "a|b / 1;2|3"},
        {"lat,long;nom\n47,1;x\n47,2;y", "lat,long|nom / 47,1|x / 47,2|y"},
        {"nom;x\n\xC2\xA0 A\xE2\x80\xAF;\t2\t", "nom|x / A|2"},
        {"a;b\n'=1+1;'libre'\n", "a|b / =1+1|'libre'"},
        {"a;b\n\"\";\"\"\"\"", "a|b / |\""},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        print_message("# %.*s\n", (int)strcspn(cases[i].expected, "\n"), cases[i].expected);
        assert_string_equal(flattened(*state, slice_of(cases[i].file)), cases[i].expected);
    }
}

static void bad_lines_are_refused_and_the_next_ones_read(void **state)
{
    static const struct {
        struct slice file;
        const char *expected;
    } cases[] = {
        {BYTES("a;b\n1;2;3\n4;5"), "a|b / !2 / 4|5"},
        {BYTES("a;b\n\"x;2\n4;5\n6;7\n"), "a|b / !2 / 4|5 / 6|7"},
        {BYTES("a;b\n\"x\"y;2\n4;5\n"), "a|b / !2 / 4|5"},
        {BYTES("a;b\n1\0;2\n4;5\n"), "a|b / !2 / 4|5"},
        {BYTES("a;b\n\"1\0\n\";2\n4;5\n"), "a|b / !2 / 4|5"},
        {BYTES("\xC3\xA9\xC3\xA8;b\n1;2\n4;\xE9t\xE9\n\xC3\xA0;5\n"), "éè|b / 1|2 / !3 / à|5"},
        {BYTES("\xFF\xFE"
               "a\0;\0b\0\n\0"
               "1\0;\0"
               "2\0\n\0"
               "3\0;"),
         "a|b / 1|2 / !3"},
        {BYTES("\xFF\xFE"
               "a\0;\0b\0\n\0"
               "1\0;\0"
               "\0\xD8"
               "x\0\n\0"
               "3\0;\0"),
         "a|b / !2 / 3|"},
        {BYTES("\xE9;b\n1;\x81\n4;5\n"), "é|b / !2 / 4|5"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        print_message("# %.*s\n", (int)strcspn(cases[i].expected, "\n"), cases[i].expected);
        assert_string_equal(flattened(*state, cases[i].file), cases[i].expected);
    }
}

static void a_fault_names_line_and_column(void **state)
{
    struct csv *c = opened(*state, S("nom;ville\nA;B\nC;\"D\"E\n"));
    struct slice *cells;
    int64_t line = 0;
    bool more = false;
    assert_ok(csv_next(c, &cells, &line, &more));
    const struct fault *f = csv_next(c, &cells, &line, &more);
    assert_non_null(f);
    assert_int_equal(f->code, FAULT_INVALID);
    assert_int_equal(line, 3);
    assert_non_null(strstr(f->text, "Line 3, column 2 (ville)"));
    assert_string_equal(f->field, "ville");
}

static void sizes_have_ceilings(void **state)
{
    struct buffer *b = buffer_new(*state, 64 * MIB);
    buffer_text(b, "a;b\n");
    for (size_t i = 0; i < LIMIT_CSV_FIELD; i++)
        buffer_char(b, 'x');
    size_t fits = b->len;
    buffer_text(b, ";1\nc;2\n");
    const char *flat = flattened(*state, buffer_view(b));
    assert_string_equal(flat + strlen(flat) - 8, "|1 / c|2");
    b->len = fits;
    buffer_text(b, "x;1\nc;2\n");
    assert_string_equal(flattened(*state, buffer_view(b)), "a|b / !2 / c|2");

    b->len = 4; /* a quote that stays open for more than a cell may hold */
    buffer_text(b, "\"open;1\n");
    for (size_t i = 0; i < LIMIT_CSV_FIELD / 4 + 10; i++)
        buffer_text(b, "c;2\n");
    flat = flattened(*state, buffer_view(b));
    assert_memory_equal(flat, "a|b / !2 / c|2 / c|2", 20);
    assert_int_equal(strlen(flat), 3 + 5 + (LIMIT_CSV_FIELD / 4 + 10) * 6);

    b->len = 4; /* one line longer than a line may be, without any end for long */
    for (size_t i = 0; i < LIMIT_CSV_ROW + 2 * MIB; i++)
        buffer_char(b, i % 100 ? 'y' : ';');
    buffer_text(b, "\nc;2\n");
    assert_string_equal(flattened(*state, buffer_view(b)), "a|b / !2 / c|2");

    b->len = 0;
    for (int i = 0; i < 600; i++)
        buffer_print(b, "c%d;", i);
    struct csv *c;
    assert_fault(csv_open_bytes(*state, buffer_view(b), &c), FAULT_INVALID);
}

static void other_kinds_of_files_are_recognised(void **state)
{
    static const struct {
        struct slice head;
        const char *word;
    } cases[] = {
        {BYTES("PK\003\004....xl/workbook.xml"), ".xlsx"},
        {BYTES("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), ".xls"},
        {BYTES("%PDF-1.7\n"), "PDF"},
        {BYTES("\x7F"
               "ELF\2\1\1\0\0\0\0\0\0"),
         "not a text file"},
        {BYTES("\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\2\0\0\0\1\0\10\6\0\0\0"), "not a text file"},
        {BYTES("<html><table>"), "web page"},
        {BYTES(""), "empty"},
        {BYTES("\xEF\xBB\xBF\r\n\r\n"), "empty"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct csv *c;
        const struct fault *f = csv_open_bytes(*state, cases[i].head, &c);
        print_message("# %s\n", cases[i].word);
        assert_non_null(f);
        assert_int_equal(f->code, FAULT_INVALID);
        assert_non_null(strstr(f->text, cases[i].word));
    }
    struct csv *c;
    assert_fault(csv_open(*state, "/nowhere/at/all.csv", &c), FAULT_NOT_FOUND);
    assert_fault(csv_open(*state, "/", &c), FAULT_IO);
}

static void what_a_spreadsheet_would_run_is_guarded(void **state)
{
    static const struct {
        const char *text, *written;
    } cases[] = {{"=1+1", "'=1+1"},
                 {"-5", "-5"},
                 {"-1\xE2\x80\xAF"
                  "234,5",
                  "-1\xE2\x80\xAF"
                  "234,5"},
                 {"+33 3 81", "+33 3 81"},
                 {"-1,2,3", "\"'-1,2,3\""},
                 {"@SUM(A1)", "'@SUM(A1)"},
                 {"-2+3", "'-2+3"},
                 {"\t=1", "\"'\t=1\""},
                 {" =1", "\"' =1\""},
                 {"'=1", "''=1"},
                 {"l'eau", "l'eau"},
                 {"a;b", "\"a;b\""},
                 {"-", "'-"},
                 {"a\"b", "\"a\"\"b\""},
                 {"", ""}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct buffer *b = buffer_new(*state, 1000);
        csv_write_cell(b, cases[i].text, true);
        print_message("# %s\n", cases[i].text);
        assert_string_equal(buffer_string(b), cases[i].written);
    }
}

static const char *random_text(struct random *r, struct arena *a)
{
    static const char *const parts[] = {"a", "\"", ";", ",", "\t", "|", "\r\n", "\n", "=",   "+",
                                        "-", "@",  "'", "é", "1",  " ", "œ",    "€",  "x y", "\"\""};
    struct buffer *b = buffer_new(a, 1000);
    for (uint64_t n = random_below(r, 8); n > 0; n--)
        buffer_text(b, parts[random_below(r, COUNT(parts))]);
    return slice_text(a, slice_trim(buffer_view(b)));
}

static void what_is_written_reads_back(void **state)
{
    enum { ROWS = 3000, COLUMNS = 4 };
    struct random r = random_seeded(10, 1);
    struct buffer *b = buffer_new(*state, 64 * MIB);
    static const char *texts[ROWS][COLUMNS];
    csv_write_start(b);
    for (int column = 0; column < COLUMNS; column++)
        csv_write_cell(b, arena_print(*state, "c%d, \"; d", column), column == 0);
    csv_write_end_row(b);
    for (int row = 0; row < ROWS; row++) {
        for (int column = 0; column < COLUMNS; column++) {
            texts[row][column] = column ? random_text(&r, *state) : "k";
            csv_write_cell(b, texts[row][column], column == 0);
        }
        csv_write_end_row(b);
    }
    struct csv *c = opened(*state, buffer_view(b));
    assert_int_equal(csv_header(c)->count, COLUMNS);
    assert_int_equal(header_find(csv_header(c), "C2, \"; D"), 2);
    for (int row = 0; row < ROWS; row++) {
        struct slice *cells;
        int64_t line;
        bool more = false;
        assert_ok(csv_next(c, &cells, &line, &more));
        assert_true(more);
        for (int column = 0; column < COLUMNS; column++)
            assert_string_equal(slice_text(*state, cells[column]), texts[row][column]);
    }
}

/* Longer than several windows, the first accent late: memory must not grow with it, nothing may be lost. */
static void a_long_file_streams(void **state)
{
    char path[] = "/tmp/grappe-csv-XXXXXX";
    int file = mkstemp(path);
    FILE *out = fdopen(file, "w");
    (void)fputs("numéro;texte\n", out);
    enum { ROWS = 200000 };
    for (int i = 0; i < ROWS; i++)
        (void)fprintf(out, "%d;\"ligne \"\"%d\"\"\r\nde texte, été\"\n", i, i);
    (void)fclose(out);
    struct csv *c;
    assert_ok(csv_open(*state, path, &c));
    (void)unlink(path);
    bool more = true;
    int64_t line = 0;
    int count = 0;
    for (struct slice *cells; more; count += more) {
        assert_ok(csv_next(c, &cells, &line, &more));
        if (more)
            assert_int_equal(strtol(cells[0].ptr, NULL, 10), count);
        if (more && count % 1000 == 0)
            assert_string_equal(slice_text(*state, cells[1]),
                                arena_print(*state, "ligne \"%d\"\r\nde texte, été", count));
    }
    assert_int_equal(count, ROWS);
    assert_int_equal(line, 2 * ROWS + 2);
    assert_int_equal(csv_bytes_read(c), csv_bytes_total(c));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_encoding_separator_and_line_end_reads_alike, setup, teardown),
        cmocka_unit_test_setup_teardown(oddities_are_read_as_meant, setup, teardown),
        cmocka_unit_test_setup_teardown(bad_lines_are_refused_and_the_next_ones_read, setup, teardown),
        cmocka_unit_test_setup_teardown(a_fault_names_line_and_column, setup, teardown),
        cmocka_unit_test_setup_teardown(sizes_have_ceilings, setup, teardown),
        cmocka_unit_test_setup_teardown(other_kinds_of_files_are_recognised, setup, teardown),
        cmocka_unit_test_setup_teardown(what_a_spreadsheet_would_run_is_guarded, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_written_reads_back, setup, teardown),
        cmocka_unit_test_setup_teardown(a_long_file_streams, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
