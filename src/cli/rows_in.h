/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* rows_in.h - a file of rows as a command reads it: columns by name, cells checked, what is wrong named with
 * file, line and column. */
#ifndef GRAPPE_ROWS_IN_H
#define GRAPPE_ROWS_IN_H

#include "table/table.h"

struct arena;
struct vocabulary;

enum { ROWS_IN_COLUMNS = 12 };

struct rows_in {
    struct table *table;
    const char *path;
    int column[ROWS_IN_COLUMNS]; /* in the file; -1: not there */
    struct slice *cells;         /* of the row at hand */
    int64_t line;
};

/* names: NULL at their end; one that begins with '?' may be missing. INVALID, naming the first other one that
 * is. */
struct fault *rows_in_begin(struct table *, const char *path, const char *const *names,
                            struct rows_in *) MUST_CHECK;
/* INVALID for a row that cannot be read, and for a file without any. */
struct fault *rows_in_next(struct rows_in *, bool *more) MUST_CHECK;

bool rows_in_has(const struct rows_in *, int name);          /* whether the file has the column */
struct slice rows_in_cell(const struct rows_in *, int name); /* "" when it has not */
struct fault *rows_in_refused(const struct rows_in *, int name, const char *why) MUST_CHECK; /* has it */
/* For a file whose columns are named by what is asked: where one is, and a refusal of what stands there. */
struct fault *rows_in_find(const struct rows_in *, const char *column_name, int *column) MUST_CHECK;
struct fault *rows_in_refused_at(const struct rows_in *, int column, const char *why) MUST_CHECK;
struct fault *rows_in_number(const struct rows_in *, int name, double *) MUST_CHECK;
struct fault *rows_in_integer(const struct rows_in *, int name, int64_t low, int64_t high,
                              int64_t *) MUST_CHECK;
/* A name's number, new or old; INVALID when it is empty. */
struct fault *rows_in_name(const struct rows_in *, int name, struct vocabulary *, uint32_t *) MUST_CHECK;

#endif
