/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* territory_files.h - jobs and points out of plain files, for `grappe territory`.
 *
 * Columns are found by name, in any order; others are passed over. All or nothing: what cannot be read is
 * INVALID with file, line and column. `grappe territory --help` documents both formats. */
#ifndef GRAPPE_TERRITORY_FILES_H
#define GRAPPE_TERRITORY_FILES_H

#include "fault/fault.h"
#include "territory/points.h"

struct table;
struct vocabulary;

enum { LIMIT_JOB_CELLS = 20 * 1000 * 1000 }; /* regions × industries */

struct job_line {
    size_t region, industry;
    int64_t year; /* 0 without the column */
    double jobs;
};
struct job_table {
    struct vocabulary *regions, *industries;
    struct job_line *lines;
    size_t count, capacity;
};
/* region, industry, jobs (from 0 on) and perhaps year. LIMIT for a table of too many cells. */
struct fault *job_table_read(struct arena *, struct table *, const char *path, struct job_table *) MUST_CHECK;

struct point_table {
    struct vocabulary *kinds;
    struct points points; /* with weights, if the file has any */
    size_t weightless;    /* points of weight 0 */
};
/* x,y: the corners of a polygon in turn; the last may be the first once more. */
struct fault *window_read(struct arena *, struct table *, const char *path, struct window *) MUST_CHECK;
/* x, y, type and perhaps weight (from 0 on); points outside the window, unless it is NULL, are refused. */
struct fault *point_table_read(struct arena *, struct table *, const char *path, const struct window *,
                               struct point_table *) MUST_CHECK;

#endif
