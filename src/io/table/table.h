/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* table.h - a file of rows, whatever it was saved as: a CSV (csv.h) or a sheet of a workbook (xlsx.h), told
 * by how it begins. Whoever reads rows need not know. */
#ifndef GRAPPE_TABLE_H
#define GRAPPE_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "fault/fault.h"
#include "text/slice.h"

struct arena;
struct table;

/* "-" is standard input, for CSV only. `sheet` chooses one of a workbook, by name or number; NULL is its
 * first visible one; INVALID for a CSV, which has none. Closed with the arena. */
struct fault *table_open(struct arena *, const char *path, const char *sheet, struct table **) MUST_CHECK;
struct fault *table_open_bytes(struct arena *, struct slice bytes, const char *sheet,
                               struct table **) MUST_CHECK; /* kept by caller */

/* The visible sheets of a workbook; none for a CSV, which is not read. */
struct fault *table_sheets(struct arena *, const char *path, const char ***names, size_t *count) MUST_CHECK;

int table_columns(const struct table *);
const char *table_column(const struct table *, int column);    /* the second "Ville" is "Ville (2)" */
int table_column_find(const struct table *, const char *name); /* folded comparison; -1: absent */
const char *table_sheet(const struct table *);                 /* NULL: a CSV */
char table_separator(const struct table *);                    /* of a CSV; NUL: one column, or a sheet */
const char *table_encoding(const struct table *);              /* of a CSV; "" for a sheet */
int64_t table_bytes_read(const struct table *);
int64_t table_bytes_total(const struct table *); /* -1 when not known (a pipe) */

/* The next row: cells trimmed, in UTF-8, valid until the next call; missing cells at the end are empty. *line
 * is its line in the file or its row in the sheet. *more is false at the end. A fault with *more true is
 * about this row alone (INVALID, LIMIT), and the next call goes on; with *more false the file cannot be read
 * further. */
struct fault *table_next(struct table *, struct slice **cells, int64_t *line, bool *more) MUST_CHECK;

#endif
