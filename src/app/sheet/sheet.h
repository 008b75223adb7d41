/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* sheet.h - a table written for spreadsheets: what a list shows, as CSV that French ones open or as a
 * workbook (XLSX).
 *
 * Whoever writes gives each cell once, as what it is and as the text people see. A CSV has the texts; a
 * workbook numbers, days and flags as such, and a second sheet of notes on where the rows come from. */
#ifndef GRAPPE_SHEET_H
#define GRAPPE_SHEET_H

#include <stdbool.h>
#include <stdint.h>

#include "record/record.h"

struct buffer;
struct xlsx_writer;

enum sheet_form { SHEET_NONE, SHEET_CSV, SHEET_XLSX };

extern const char *const sheet_forms[];         /* "csv", "xlsx", NULL */
enum sheet_form sheet_form_named(const char *); /* NULL and others: SHEET_NONE */
const char *sheet_suffix(enum sheet_form);
const char *sheet_type(enum sheet_form); /* as HTTP says it */

struct sheet {
    struct buffer *out;
    struct xlsx_writer *book; /* NULL: CSV */
    bool first;
};

/* sheet_finish() ends what was started; until then `out` may be empty. */
struct fault *sheet_start(struct sheet *, struct arena *, struct buffer *out, enum sheet_form,
                          const char *title) MUST_CHECK;
struct fault *sheet_finish(struct sheet *) MUST_CHECK;

void sheet_cell(struct sheet *, const char *text);
void sheet_flag(struct sheet *, bool, const char *text);
void sheet_end_row(struct sheet *);

/* The heading of a field, in a workbook with the unit of its numbers; and its value, `text` being how people
 * see it. Lengths are in millimetres whatever they measure: a column has one unit, and it is the one our
 * import takes a bare number for. Intervals stay texts, as two numbers are no cell. */
void sheet_field_heading(struct sheet *, struct arena *, const struct field *);
void sheet_field(struct sheet *, const struct field *, const void *record, const char *text);

/* "Filter: Kind" → "Brand"; a CSV has no place for it. */
void sheet_note(struct sheet *, const char *label, const char *text);

#endif
