/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* secrecy_files.h - the plain files of `grappe secrecy`: hierarchies, bare data, published tables.
 *
 * docs/engine-secrecy.md documents the formats. All or nothing: what cannot be read is INVALID with file,
 * line and column. */
#ifndef GRAPPE_SECRECY_FILES_H
#define GRAPPE_SECRECY_FILES_H

#include "secrecy/layout.h"
#include "text/slice.h"

struct table;
struct vocabulary;

/* One dimension: a column of the data, and what sums to what. */
struct secrecy_tree {
    const char *column;
    const char *path; /* NULL: without a hierarchy; all codes sum to "total" */
    struct vocabulary *nodes;
};
struct secrecy_trees {
    size_t count;
    struct secrecy_tree at[SECRECY_DIMENSIONS];
    struct secrecy_layout layout;
};

/* "commune=GEO.csv" among the trees that there are, or as a new one; INVALID when it is not of that form. */
struct fault *secrecy_tree_name(struct arena *, struct secrecy_trees *, const char *typed) MUST_CHECK;
/* child,parent and perhaps zoning: reads the file, if there is one. */
struct fault *secrecy_tree_read(struct arena *, struct secrecy_trees *, size_t tree) MUST_CHECK;

struct secrecy_columns {
    const char *value, *unit, *group; /* group NULL: the unit itself; value NULL: each line counts 1 */
    bool natural;                     /* the column "natural" tells people from companies */
};
struct secrecy_data {
    struct secrecy_lines lines;
    struct vocabulary *units, *groups;
    double digit; /* one unit of the last digit of values */
};
/* The layout is checked. */
struct fault *secrecy_data_read(struct arena *, struct table *, const char *path, struct secrecy_trees *,
                                struct secrecy_columns, struct secrecy_data *) MUST_CHECK;

enum secrecy_status { SECRECY_ABSENT, SECRECY_PUBLISHED, SECRECY_HIDDEN, SECRECY_EMPTY };
extern const char *const secrecy_status_names[]; /* "published" … */

struct secrecy_published {
    enum secrecy_status *status; /* of each place; SECRECY_ABSENT: no line */
    double *value;
};
/* One line a place: its nodes, value, status. The layout is checked. */
struct fault *secrecy_published_read(struct arena *, struct table *, const char *path, struct secrecy_trees *,
                                     struct secrecy_published *) MUST_CHECK;

/* What an outsider makes of it: a cell a place but for empty ones; cell_of[] as in secrecy_tabulate(). */
struct secrecy_model *secrecy_published_model(struct arena *, const struct secrecy_layout *,
                                              const struct secrecy_published *, int32_t *cell_of,
                                              bool **hidden);

/* Of a place, in the order of dimensions. */
struct slice secrecy_node_name(const struct secrecy_trees *, size_t place, size_t dimension);
/* "Mo/A" */
const char *secrecy_place_name(struct arena *, const struct secrecy_trees *, size_t place);
/* INVALID naming it when there is no such place. */
struct fault *secrecy_place_find(const struct secrecy_trees *, struct slice name, size_t *place) MUST_CHECK;

#endif
