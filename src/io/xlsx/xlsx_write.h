/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* xlsx_write.h - a table as an Excel workbook: typed cells, a heading that stays, and a second sheet that
 * says where the rows come from.
 *
 * Row by row in little memory; the workbook is put together in memory of its own, and nothing of it touches a
 * folder under a name. Texts are texts: what begins with = + - @ is never run. */
#ifndef GRAPPE_XLSX_WRITE_H
#define GRAPPE_XLSX_WRITE_H

#include <stdbool.h>
#include <stdint.h>

#include "fault/fault.h"

struct arena;
struct buffer;
struct xlsx_writer;

/* The title names the first sheet, as far as such names can. IO when no memory or scratch file is to be
 * had. */
struct fault *xlsx_write_start(struct arena *, const char *title, struct xlsx_writer **) MUST_CHECK;

/* The cells of a row from left to right; the first row is the heading. */
void xlsx_write_text(struct xlsx_writer *, const char *text); /* "" is an empty cell; over 32,767 characters,
                                                                 which is all a cell can hold, ends in "…" */
void xlsx_write_number(struct xlsx_writer *, double);
void xlsx_write_day(struct xlsx_writer *, int64_t day); /* shown as the reader's spreadsheet shows days */
void xlsx_write_flag(struct xlsx_writer *, bool);
void xlsx_write_end_row(struct xlsx_writer *);

/* A line of the second sheet. */
void xlsx_write_note(struct xlsx_writer *, const char *label, const char *text);

/* The workbook, added to the buffer. IO when the scratch file failed on the way. */
struct fault *xlsx_write_finish(struct xlsx_writer *, struct buffer *) MUST_CHECK;

#endif
