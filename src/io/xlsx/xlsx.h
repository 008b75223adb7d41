/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* xlsx.h - reads a sheet of an Excel workbook (.xlsx, .xlsm) as rows of texts, as csv.h does a CSV.
 *
 * Streaming: memory grows with the workbook's shared texts (bounded) and its longest row. The header is the
 * first row with two values or more among the first ten, so a title above it is passed over. A cell merged
 * over several rows has its value in each of them, in its first column. Formulas give the value they had when
 * the file was saved; errors (#N/A) are empty; yes and no in the thread's language. Hidden rows and columns
 * are read. Rows without any value are passed over. */
#ifndef GRAPPE_XLSX_H
#define GRAPPE_XLSX_H

#include <stdbool.h>
#include <stdint.h>

#include "fault/fault.h"
#include "text/slice.h"

struct arena;
struct header;
struct xlsx;

/* The visible sheets, in order. Cheap: no row is read. `path` NULL: from bytes, kept by the caller. */
struct fault *xlsx_sheets(struct arena *, const char *path, struct slice bytes, const char ***names,
                          size_t *count) MUST_CHECK;

/* `sheet`: its name, or its number among all sheets (hidden ones too); NULL is the first visible one. INVALID
 * for what is no workbook, is damaged or encrypted, for a sheet that is not there or has no row; LIMIT for
 * what is over limits.h. The whole sheet is unpacked once: damage is found before the first row is given.
 * Closed with the arena. */
struct fault *xlsx_open(struct arena *, const char *path, struct slice bytes, const char *sheet,
                        struct xlsx **) MUST_CHECK;

const char *xlsx_sheet(const struct xlsx *);
const struct header *xlsx_header(const struct xlsx *); /* columns without a name are "Column C" */
int64_t xlsx_bytes_read(const struct xlsx *);          /* of the unpacked sheet */
int64_t xlsx_bytes_total(const struct xlsx *);

/* As csv_next: *line is the row's number in the sheet. INVALID with sheet, row and column letter for a value
 * beyond the header, LIMIT for a cell over LIMIT_CSV_FIELD or a row over LIMIT_CSV_ROW: *more is then true,
 * and the next call goes on. With *more false the sheet cannot be read further. */
struct fault *xlsx_next(struct xlsx *, struct slice **cells, int64_t *line, bool *more) MUST_CHECK;

#endif
