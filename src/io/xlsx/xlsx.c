/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* xlsx.c - rows out of the part of a sheet: the parser pauses after each row that has a value. */
#include "xlsx/xlsx.h"

#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "i18n/i18n.h"
#include "table/header.h"
#include "text/buffer.h"
#include "text/fold.h"
#include "xlsx/xlsx_book.h"
#include "xlsx/xlsx_part.h"

enum { COLUMNS = LIMIT_CSV_COLUMNS, TITLE_ROWS = 10, LETTERS = 8 };

enum trouble { FINE, NO_HEADING, TOO_LONG, NO_TEXT };

enum content { CONTENT_NUMBER, CONTENT_SHARED, CONTENT_TEXT, CONTENT_FLAG, CONTENT_ERROR, CONTENT_INSTANT };

struct cell {
    size_t start, length; /* in the text of the row */
};

/* A cell merged over several rows. */
struct merged {
    int64_t first, last;
    int column;
};

/* Its value, for the rows below the first. */
struct carried {
    int64_t last;
    struct buffer *text;
};

struct xlsx {
    struct arena *arena;
    struct xlsx_book *book;
    const struct xlsx_sheet *sheet;
    struct xlsx_part *part;
    struct header header;
    int room; /* columns that may have a value */
    int64_t header_row, cells_read;

    struct merged *merged; /* by first row */
    size_t merged_count, merged_room, merged_next;
    struct carried *carried; /* by column */

    int64_t row; /* being read, or just read */
    int column;
    struct buffer *text; /* of the row */
    struct cell cells[COLUMNS];
    struct slice values[COLUMNS];
    int filled; /* cells with a value */
    enum trouble trouble;
    int trouble_column;

    enum content content; /* of the cell being read */
    size_t style;
    struct buffer *value;
    bool in_cell, in_value, phonetic;
};

/* --- places ---------------------------------------------------------------------------------------- */

/* "AB12" → 27; the digits follow. -1 when there are no letters, or too many for any sheet. */
static int column_of(const char *reference, const char **digits)
{
    int column = 0, length = 0;
    for (; (*reference >= 'A' && *reference <= 'Z') || (*reference >= 'a' && *reference <= 'z'); reference++)
        if (length++ < 4)
            column = column * 26 + (*reference & 0x1F);
    *digits = reference;
    return length > 0 && length < 4 ? column - 1 : -1;
}

static const char *letters_of(char out[LETTERS], int column)
{
    char *p = out + LETTERS - 1;
    *p = '\0';
    for (int left = column + 1; left > 0; left = (left - 1) / 26)
        *--p = (char)('A' + (left - 1) % 26);
    return p;
}

static void damaged(struct xlsx *x)
{
    xlsx_part_fail(x->part, xlsx_damaged(x->sheet->part));
}

/* --- cells ----------------------------------------------------------------------------------------- */

static void note(struct xlsx *x, enum trouble trouble, int column)
{
    if (x->trouble)
        return;
    x->trouble = trouble;
    x->trouble_column = column;
}

static enum content content_of(const char *type)
{
    static const struct {
        const char *type;
        enum content content;
    } types[] = {{"s", CONTENT_SHARED}, {"str", CONTENT_TEXT}, {"inlineStr", CONTENT_TEXT},
                 {"b", CONTENT_FLAG},   {"e", CONTENT_ERROR},  {"d", CONTENT_INSTANT}};
    for (size_t i = 0; type && i < COUNT(types); i++)
        if (strcmp(types[i].type, type) == 0)
            return types[i].content;
    return CONTENT_NUMBER;
}

static void start_cell(struct xlsx *x, const char **attributes)
{
    const char *place = xlsx_attribute(attributes, "r"), *style = xlsx_attribute(attributes, "s");
    const char *digits;
    x->column = place ? column_of(place, &digits) : x->column + 1;
    x->content = content_of(xlsx_attribute(attributes, "t"));
    x->style = style ? strtoul(style, NULL, 10) : 0;
    x->value->len = 0;
    x->value->over = false;
    x->in_cell = true;
    if (x->column < 0)
        damaged(x);
    if (++x->cells_read > LIMIT_XLSX_CELLS)
        xlsx_part_fail(x->part,
                       fault(FAULT_LIMIT, "Sheet %s has more cells than can be read.", x->sheet->name));
}

static struct xlsx_format format_of(const struct xlsx *x)
{
    return x->style < x->book->format_count ? x->book->formats[x->style] : (struct xlsx_format){0};
}

static void add_shared(struct xlsx *x, struct slice number)
{
    struct slice text = {"", 0};
    char digits[24] = "";
    bool known = number.len && number.len < sizeof digits;
    memcpy(digits, number.ptr, known ? number.len : 0);
    known = known && strspn(digits, "0123456789") == number.len &&
            xlsx_book_text(x->book, strtoull(digits, NULL, 10), &text);
    if (!known && number.len)
        note(x, NO_TEXT, x->column);
    buffer_slice(x->text, text);
}

/* What people see of the cell, at the end of the row's text. */
static void add_value(struct xlsx *x)
{
    struct slice value = buffer_view(x->value);
    switch (x->content) {
    case CONTENT_NUMBER:
        xlsx_number_write(x->text, slice_trim(value), format_of(x), x->book->since_1904);
        return;
    case CONTENT_SHARED:
        add_shared(x, slice_trim(value));
        return;
    case CONTENT_TEXT:
        xlsx_text_add(x->text, value);
        return;
    case CONTENT_FLAG:
        buffer_text(x->text, !value.len ? "" : *value.ptr == '0' || *value.ptr == 'f' ? tr("no") : tr("yes"));
        return;
    case CONTENT_INSTANT:
        xlsx_instant_write(x->text, slice_trim(value));
        return;
    case CONTENT_ERROR:
        return;
    }
}

/* The text at `start` of the row's as a cell, without the white space around it. */
static void set_cell(struct xlsx *x, int column, size_t start)
{
    struct slice all = slice_from(buffer_view(x->text), start), value = slice_trim(all);
    if (!value.len)
        return;
    if (column >= x->room) {
        note(x, NO_HEADING, column);
        return;
    }
    x->filled += x->cells[column].length == 0;
    x->cells[column] = (struct cell){start + (size_t)(value.ptr - all.ptr), value.len};
    if (value.len > LIMIT_CSV_FIELD)
        note(x, TOO_LONG, column);
}

static void end_cell(struct xlsx *x)
{
    size_t start = x->text->len;
    x->in_cell = false;
    if (x->value->len)
        add_value(x);
    if (x->value->over || x->text->over)
        note(x, TOO_LONG, x->column);
    x->text->over = false;
    set_cell(x, x->column, start);
}

/* --- rows ------------------------------------------------------------------------------------------ */

static void start_row(struct xlsx *x, const char **attributes)
{
    const char *number = xlsx_attribute(attributes, "r");
    int64_t row = number ? strtoll(number, NULL, 10) : x->row + 1;
    if (row <= x->row || row > LIMIT_XLSX_ROWS) {
        damaged(x);
        return;
    }
    x->row = row;
    x->column = -1;
    x->text->len = 0;
    x->filled = 0;
    x->trouble = FINE;
    memset(x->cells, 0, (size_t)x->room * sizeof *x->cells);
}

static struct slice text_of(const struct xlsx *x, const struct cell *c)
{
    return c->length ? (struct slice){x->text->ptr + c->start, c->length} : S("");
}

/* Keeps what starts in this row, before what rows above left is laid into the gaps. */
static void carry(struct xlsx *x)
{
    for (; x->merged_next < x->merged_count && x->merged[x->merged_next].first <= x->row; x->merged_next++) {
        const struct merged *m = &x->merged[x->merged_next];
        struct carried *c = &x->carried[m->column];
        if (m->first < x->row)
            continue;
        if (!c->text)
            c->text = buffer_new(x->arena, LIMIT_CSV_FIELD);
        c->last = m->last;
        c->text->len = 0;
        buffer_slice(c->text, text_of(x, &x->cells[m->column]));
    }
    for (int i = 0; i < x->room; i++) {
        const struct carried *c = &x->carried[i];
        size_t start = x->text->len;
        if (c->last < x->row || x->cells[i].length)
            continue;
        buffer_slice(x->text, buffer_view(c->text));
        set_cell(x, i, start);
    }
}

static void end_row(struct xlsx *x)
{
    if (x->row <= x->header_row || (!x->filled && !x->trouble))
        return;
    if (x->merged_count)
        carry(x);
    xlsx_part_pause(x->part);
}

/* --- the parts of a sheet -------------------------------------------------------------------------- */

static void sheet_start(void *with, const char *name, const char **attributes)
{
    struct xlsx *x = with;
    if (strcmp(name, "row") == 0)
        start_row(x, attributes);
    else if (strcmp(name, "c") == 0)
        start_cell(x, attributes);
    else if (strcmp(name, "rPh") == 0)
        x->phonetic = true;
    else if (x->in_cell && !x->phonetic)
        x->in_value = strcmp(name, "v") == 0 || strcmp(name, "t") == 0;
}

static void sheet_text(void *with, const char *text, int length)
{
    struct xlsx *x = with;
    if (x->in_value)
        buffer_add(x->value, text, (size_t)length);
}

static void sheet_end(void *with, const char *name)
{
    struct xlsx *x = with;
    x->in_value = false;
    if (strcmp(name, "row") == 0)
        end_row(x);
    else if (strcmp(name, "c") == 0)
        end_cell(x);
    else if (strcmp(name, "rPh") == 0)
        x->phonetic = false;
}

static void take_merged(void *with, const char *name, const char **attributes)
{
    struct xlsx *x = with;
    const char *range = xlsx_attribute(attributes, "ref"), *digits;
    if (strcmp(name, "mergeCell") != 0 || !range)
        return;
    struct merged m = {.column = column_of(range, &digits)};
    m.first = strtoll(digits, NULL, 10);
    const char *colon = strchr(range, ':');
    if (!colon || m.column < 0 || m.column >= COLUMNS)
        return;
    (void)column_of(colon + 1, &digits);
    m.last = strtoll(digits, NULL, 10);
    if (m.last <= m.first)
        return;
    if (x->merged_count == LIMIT_XLSX_MERGED)
        xlsx_part_fail(
            x->part, fault(FAULT_LIMIT, "Sheet %s has more merged cells than can be read.", x->sheet->name));
    else
        *PUSH(x->arena, x->merged, x->merged_count, x->merged_room) = m;
}

static int by_first_row(const void *a, const void *b)
{
    const struct merged *x = a, *y = b;
    return (x->first > y->first) - (x->first < y->first);
}

/* Unpacks the sheet to its end: finds damage, and whether it speaks of merged cells, which it does only after
 * its rows. */
static struct fault *unpack(struct xlsx *x, bool *merges)
{
    enum { PIECE = 64 * 1024, OVERLAP = 16 };
    static const char word[] = "mergeCell";
    ARENA_SCOPE(work);
    struct xlsx_entry *entry = NULL;
    char *piece = NEW(work, char, PIECE + OVERLAP);
    size_t kept = 0, got = 1;
    TRY(xlsx_entry_open(work, x->book->archive, x->sheet->part, &entry));
    while (got) {
        TRY(xlsx_entry_read(entry, piece + kept, PIECE, &got));
        size_t length = kept + got;
        *merges |= memmem(piece, length, word, sizeof word - 1) != NULL;
        kept = length < OVERLAP ? length : OVERLAP;
        memmove(piece, piece + length - kept, kept);
    }
    return NULL;
}

static struct fault *find_merged(struct xlsx *x)
{
    static const struct xlsx_handlers on = {.start = take_merged};
    bool merges = false;
    TRY(unpack(x, &merges));
    if (!merges)
        return NULL;
    TRY(xlsx_part_read_whole(x->arena, x->book->archive, x->sheet->part, &on, x, &x->part));
    if (x->merged_count)
        qsort(x->merged, x->merged_count, sizeof *x->merged, by_first_row);
    x->carried = NEW(x->arena, struct carried, COLUMNS);
    return NULL;
}

static struct fault *rewind_sheet(struct xlsx *x)
{
    static const struct xlsx_handlers on = {.start = sheet_start, .end = sheet_end, .text = sheet_text};
    x->row = x->cells_read = 0;
    x->merged_next = 0;
    return xlsx_part_open(x->arena, x->book->archive, x->sheet->part, &on, x, &x->part);
}

/* --- header ---------------------------------------------------------------------------------------- */

/* The first row with two values or more: a title above a table stands alone in its row. */
static struct fault *find_header(struct xlsx *x)
{
    bool more = true;
    int64_t first = 0;
    x->room = COLUMNS;
    for (int i = 0; i < TITLE_ROWS; i++) {
        TRY(xlsx_part_read(x->part, &more));
        if (!more)
            break;
        if (!first || x->filled > 1)
            first = x->row;
        if (x->filled > 1)
            break;
    }
    if (!first)
        return fault(FAULT_INVALID, "Sheet %s is empty.", x->sheet->name);
    TRY(rewind_sheet(x));
    x->header_row = first - 1;
    return xlsx_part_read(x->part, &more);
}

static struct fault *raise_trouble(const struct xlsx *x)
{
    char letters[LETTERS];
    long long row = x->row;
    const char *letter = letters_of(letters, x->trouble_column);
    const char *name =
        x->trouble_column < x->header.count ? x->header.names[x->trouble_column] : tr("header");
    struct fault *f = NULL;
    switch (x->trouble) {
    case FINE:
        return NULL;
    case NO_HEADING:
        return fault(
            FAULT_INVALID,
            "Sheet %s, row %lld, column %s: a value under no heading. Name the column in row %lld, or "
            "empty the cell.",
            x->sheet->name, row, letter, (long long)x->header_row);
    case TOO_LONG:
        f = fault(FAULT_LIMIT, "Sheet %s, row %lld, column %s (%s): longer than a cell or a line may be.",
                  x->sheet->name, row, letter, name);
        break;
    case NO_TEXT:
        f = fault(FAULT_INVALID,
                  "Sheet %s, row %lld, column %s (%s): the text of this cell is missing in the "
                  "workbook.",
                  x->sheet->name, row, letter, name);
        break;
    }
    return fault_in(x->trouble_column < x->header.count ? name : "", f);
}

static struct fault *read_header(struct xlsx *x)
{
    TRY(find_header(x));
    x->header_row = x->row;
    if (x->trouble == NO_HEADING)
        return fault(FAULT_LIMIT, "Sheet %s has more than %d columns.", x->sheet->name, COLUMNS);
    TRY(raise_trouble(x));
    int columns = 0;
    for (int i = 0; i < COLUMNS; i++) {
        char letters[LETTERS];
        x->values[i] = text_of(x, &x->cells[i]);
        if (x->values[i].len)
            columns = i + 1;
        else
            x->values[i] = slice_of(arena_print(x->arena, tr("Column %s"), letters_of(letters, i)));
    }
    header_set(&x->header, x->arena, x->values, columns);
    x->room = columns;
    return NULL;
}

/* --- outside --------------------------------------------------------------------------------------- */

static const char *sheets_listed(struct arena *a, const struct xlsx_book *b)
{
    enum { MOST = 400 };
    struct buffer *all = buffer_new(a, 4 * KIB);
    for (size_t i = 0; i < b->sheet_count && all->len < MOST; i++)
        buffer_print(all, "%s%s", i ? ", " : "", b->sheets[i].name);
    return buffer_string(all);
}

static struct fault *choose_sheet(struct xlsx *x, const char *wanted)
{
    const struct xlsx_book *b = x->book;
    struct slice name = fold(x->arena, slice_of(wanted));
    for (size_t i = 0; i < b->sheet_count && !x->sheet; i++)
        if (wanted ? slice_equal(fold(x->arena, slice_of(b->sheets[i].name)), name) : !b->sheets[i].hidden)
            x->sheet = &b->sheets[i];
    if (x->sheet)
        return NULL;
    size_t number = wanted && strspn(wanted, "0123456789") == strlen(wanted) ? strtoul(wanted, NULL, 10) : 0;
    if (!wanted)
        number = 1;
    if (number < 1 || number > b->sheet_count)
        return fault(FAULT_INVALID, "There is no sheet \"%.60s\". The workbook has: %s.", wanted,
                     sheets_listed(x->arena, b));
    x->sheet = &b->sheets[number - 1];
    return NULL;
}

struct fault *xlsx_sheets(struct arena *a, const char *path, struct slice bytes, const char ***names,
                          size_t *count)
{
    struct xlsx_book *b = NULL;
    TRY(xlsx_book_open(a, path, bytes, &b));
    *names = NEW(a, const char *, b->sheet_count + 1);
    *count = 0;
    for (size_t i = 0; i < b->sheet_count; i++)
        if (!b->sheets[i].hidden)
            (*names)[(*count)++] = b->sheets[i].name;
    return NULL;
}

struct fault *xlsx_open(struct arena *a, const char *path, struct slice bytes, const char *sheet,
                        struct xlsx **out)
{
    struct xlsx *x = *out = NEW(a, struct xlsx, 1);
    x->arena = a;
    x->text = buffer_new(a, LIMIT_CSV_ROW);
    x->value = buffer_new(a, LIMIT_CSV_FIELD);
    TRY(xlsx_book_open(a, path, bytes, &x->book));
    TRY(choose_sheet(x, sheet));
    TRY(find_merged(x));
    TRY(xlsx_book_load(a, x->book));
    TRY(rewind_sheet(x));
    return read_header(x);
}

const char *xlsx_sheet(const struct xlsx *x)
{
    return x->sheet->name;
}

const struct header *xlsx_header(const struct xlsx *x)
{
    return &x->header;
}

int64_t xlsx_bytes_read(const struct xlsx *x)
{
    return xlsx_part_bytes_read(x->part);
}

int64_t xlsx_bytes_total(const struct xlsx *x)
{
    return xlsx_part_bytes_total(x->part);
}

struct fault *xlsx_next(struct xlsx *x, struct slice **cells, int64_t *line, bool *more)
{
    TRY(xlsx_part_read(x->part, more));
    *line = x->row;
    if (!*more)
        return NULL;
    for (int i = 0; i < x->header.count; i++)
        x->values[i] = text_of(x, &x->cells[i]);
    *cells = x->values;
    return raise_trouble(x);
}
