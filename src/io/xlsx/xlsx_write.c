/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "xlsx/xlsx_write.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "arena/arena.h"
#include "clock/clock.h"
#include "i18n/i18n.h"
#include "text/buffer.h"
#include "text/fold.h"

enum {
    MOST_CHARACTERS = 32767,
    SHEET_NAME = 31, /* characters */
    NARROWEST = 8,
    WIDEST = 60,    /* characters that a column shows at most; longer texts run on */
    SHORT_DAY = 14, /* the number of the format that each spreadsheet shows its own way */
    FIRST_DAY = 61, /* days before it have another number in some spreadsheets */
    DAY_OF_1970 = 25569
};

struct xlsx_writer {
    struct arena *arena;
    int file; /* in memory */
    lxw_workbook *book;
    lxw_worksheet *rows, *notes;
    lxw_format *bold, *day;
    lxw_row_t row, note;
    lxw_col_t column, columns;
    uint16_t widths[LIMIT_CSV_COLUMNS];
    bool failed;
};

/* --- start ----------------------------------------------------------------------------------------- */

static struct fault *failed(const char *why)
{
    return fault(FAULT_IO, "The workbook cannot be written: %s.", why);
}

static void close_writer(void *thing)
{
    struct xlsx_writer *w = thing;
    if (w->book)
        lxw_workbook_free(w->book);
    if (w->file >= 0)
        (void)close(w->file);
}

/* At most `most` characters. */
static struct slice first_characters(const char *text, size_t most)
{
    size_t length = 0;
    for (size_t count = 0; text[length]; length++) {
        count += ((unsigned char)text[length] & 0xC0) != 0x80;
        if (count > most)
            break;
    }
    return (struct slice){text, length};
}

/* Without what names of sheets may not have. */
static const char *sheet_name(struct arena *a, const char *title)
{
    char *name = slice_text(a, first_characters(title, SHEET_NAME));
    for (char *p = name; *p; p++)
        if (strchr("[]:*?/\\'", *p))
            *p = ' ';
    return *name ? name : "Table";
}

static struct fault *add_sheets(struct xlsx_writer *w, const char *title)
{
    w->rows = workbook_add_worksheet(w->book, sheet_name(w->arena, title));
    w->notes = workbook_add_worksheet(w->book, tr("About this table"));
    if (!w->rows || !w->notes)
        return failed("sheet");
    w->bold = workbook_add_format(w->book);
    format_set_bold(w->bold);
    w->day = workbook_add_format(w->book);
    format_set_num_format_index(w->day, SHORT_DAY);
    worksheet_freeze_panes(w->rows, 1, 0);
    return NULL;
}

struct fault *xlsx_write_start(struct arena *a, const char *title, struct xlsx_writer **out)
{
    struct xlsx_writer *w = *out = NEW(a, struct xlsx_writer, 1);
    lxw_workbook_options options = {.constant_memory = LXW_TRUE};
    w->arena = a;
    w->file = memfd_create("workbook", MFD_CLOEXEC);
    if (w->file < 0)
        return failed(strerror(errno));
    arena_defer(a, close_writer, w);
    w->book = workbook_new_opt(arena_print(a, "/proc/self/fd/%d", w->file), &options);
    if (!w->book)
        return failed("memory");
    /* the day, not the second: the same rows make the same file */
    lxw_doc_properties made = {.created = (time_t)today() * 24 * 3600};
    workbook_set_properties(w->book, &made);
    return add_sheets(w, title);
}

/* --- cells ----------------------------------------------------------------------------------------- */

static void widen(struct xlsx_writer *w, size_t characters)
{
    if (w->column < COUNT(w->widths) && characters > w->widths[w->column])
        w->widths[w->column] = (uint16_t)(characters < WIDEST ? characters : WIDEST);
}

static void next_cell(struct xlsx_writer *w, lxw_error error)
{
    w->failed |= error != LXW_NO_ERROR;
    w->column++;
    if (w->column > w->columns)
        w->columns = w->column;
}

void xlsx_write_text(struct xlsx_writer *w, const char *text)
{
    struct slice kept = first_characters(text, MOST_CHARACTERS);
    if (text[kept.len])
        text = arena_print(w->arena, "%.*s…", SLICE_ARGS(first_characters(text, MOST_CHARACTERS - 1)));
    widen(w, utf8_length(first_characters(text, WIDEST)));
    lxw_format *format = w->row ? NULL : w->bold;
    next_cell(w, *text ? worksheet_write_string(w->rows, w->row, w->column, text, format) : LXW_NO_ERROR);
}

void xlsx_write_number(struct xlsx_writer *w, double value)
{
    widen(w, NARROWEST);
    next_cell(w, isfinite(value) ? worksheet_write_number(w->rows, w->row, w->column, value, NULL)
                                 : LXW_NO_ERROR);
}

void xlsx_write_day(struct xlsx_writer *w, int64_t day)
{
    int64_t serial = day + DAY_OF_1970;
    if (serial < FIRST_DAY) {
        xlsx_write_text(w, day_print(w->arena, day));
        return;
    }
    widen(w, sizeof "2026-03-15" - 1);
    next_cell(w, worksheet_write_number(w->rows, w->row, w->column, (double)serial, w->day));
}

void xlsx_write_flag(struct xlsx_writer *w, bool flag)
{
    widen(w, NARROWEST);
    next_cell(w, worksheet_write_boolean(w->rows, w->row, w->column, flag, NULL));
}

void xlsx_write_end_row(struct xlsx_writer *w)
{
    w->row++;
    w->column = 0;
}

void xlsx_write_note(struct xlsx_writer *w, const char *label, const char *text)
{
    struct slice kept = first_characters(text, MOST_CHARACTERS);
    w->failed |=
        worksheet_write_string(w->notes, w->note, 0, label, w->bold) != LXW_NO_ERROR ||
        worksheet_write_string(w->notes, w->note, 1, slice_text(w->arena, kept), NULL) != LXW_NO_ERROR;
    w->note++;
}

/* --- finish ---------------------------------------------------------------------------------------- */

/* Room for the arrow of the filter beside the heading. */
static void set_widths(struct xlsx_writer *w)
{
    enum { ARROW = 3, LABELS = 24 };
    for (lxw_col_t i = 0; i < w->columns && i < COUNT(w->widths); i++)
        worksheet_set_column(w->rows, i, i, (w->widths[i] > NARROWEST ? w->widths[i] : NARROWEST) + ARROW,
                             NULL);
    worksheet_set_column(w->notes, 0, 0, LABELS, NULL);
    worksheet_set_column(w->notes, 1, 1, WIDEST, NULL);
    if (w->row && w->columns)
        worksheet_autofilter(w->rows, 0, 0, w->row > 1 ? w->row - 1 : 1, (lxw_col_t)(w->columns - 1));
}

static struct fault *take(const struct xlsx_writer *w, struct buffer *out)
{
    off_t length = lseek(w->file, 0, SEEK_END);
    if (length <= 0)
        return failed(strerror(errno));
    void *bytes = mmap(NULL, (size_t)length, PROT_READ, MAP_SHARED, w->file, 0);
    if (bytes == MAP_FAILED)
        return failed(strerror(errno));
    buffer_add(out, bytes, (size_t)length);
    (void)munmap(bytes, (size_t)length);
    return buffer_check(out);
}

struct fault *xlsx_write_finish(struct xlsx_writer *w, struct buffer *out)
{
    set_widths(w);
    lxw_workbook *book = w->book;
    w->book = NULL; /* closing frees it, whatever comes of it */
    lxw_error error = workbook_close(book);
    if (error != LXW_NO_ERROR || w->failed)
        return failed(lxw_strerror(error));
    return take(w, out);
}
