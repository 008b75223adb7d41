/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* csv.h - reads CSV as spreadsheets really write it, and writes it as French ones open it.
 *
 * Reading: UTF-8 with or without BOM, UTF-16 with BOM, Windows-1252 (csv_text.h says how they are told
 * apart); separator guessed among ; , tab | on the first lines, or said by "sep=;"; RFC 4180 quotes, line
 * ends of any kind, quoted line breaks. Streaming: memory grows with the longest row only. Lines without any
 * value are passed over. A workbook or other binary file is INVALID with a word on what to do. */
#ifndef GRAPPE_CSV_H
#define GRAPPE_CSV_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "fault/fault.h"
#include "text/buffer.h"
#include "text/slice.h"

struct arena;
struct csv;
struct header;

/* The file stays open until the arena ends; "-" is standard input. The first line is the header. */
struct fault *csv_open(struct arena *, const char *path, struct csv **) MUST_CHECK;
struct fault *csv_open_bytes(struct arena *, struct slice bytes,
                             struct csv **) MUST_CHECK; /* kept by caller */

/* Without empty names at its end; an empty one before is "Column 3". */
const struct header *csv_header(const struct csv *);
int64_t csv_bytes_read(const struct csv *);
int64_t csv_bytes_total(const struct csv *);  /* -1 when not known (a pipe) */
char csv_separator(const struct csv *);       /* NUL: a file of one column */
const char *csv_encoding(const struct csv *); /* "UTF-8", "UTF-16", "Windows-1252", as far as it was read */

/* The next row: cells trimmed, in UTF-8, valid until the next call; missing cells at the end are empty, and
 * the apostrophe of the writer's guard is taken off. *line is the line number it starts on, the header being
 * line 1. *more is false at the end. INVALID with line and column (LIMIT for a cell over LIMIT_CSV_FIELD or a
 * row over LIMIT_CSV_ROW): a quote that never ends, text behind a closing quote, a value beyond the header's
 * columns, a NUL byte, a character that is not in the file's encoding. After such a fault, with *more true,
 * the next call goes on with the following line, so that an import can report every bad line; with *more
 * false it cannot. */
struct fault *csv_next(struct csv *, struct slice **cells, int64_t *line, bool *more) MUST_CHECK;

/* Writing: `;`, CRLF, UTF-8 with BOM; cells starting with = + - @ tab or CR are preceded by ' unless they are
 * plain numbers, so that a spreadsheet never runs them. */
void csv_write_start(struct buffer *);
void csv_write_cell(struct buffer *, const char *text, bool first);
void csv_write_end_row(struct buffer *);

#endif
