/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* layout.h - the places of a table: every combination of the nodes of one to three dimensions, and the sums
 * between them that its hierarchies make. */
#ifndef GRAPPE_SECRECY_LAYOUT_H
#define GRAPPE_SECRECY_LAYOUT_H

#include "fault/fault.h"
#include "secrecy/rules.h"

enum {
    SECRECY_DIMENSIONS = 3,
    LIMIT_SECRECY_PLACES = 2000000,
    LIMIT_SECRECY_NODES = 10000, /* of a dimension */
    LIMIT_SECRECY_ABOVE = 4096,  /* places one line is in */
};

/* A node is what its parts sum to; it may be so in several ways (zonings that cross). */
struct secrecy_sum {
    int32_t node;
    const int32_t *parts;
    size_t count;
};
struct secrecy_dimension {
    size_t nodes, sum_count;
    const struct secrecy_sum *sums;
};
struct secrecy_layout {
    size_t dimensions;
    struct secrecy_dimension dimension[SECRECY_DIMENSIONS];
    size_t stride[SECRECY_DIMENSIONS], places; /* set by secrecy_layout_check() */
};

/* INVALID, naming the dimension in fault_in() by its number ("0") and *node: a node that sums itself up, or
 * whose parts overlap. LIMIT for too many places. */
struct fault *secrecy_layout_check(struct secrecy_layout *, int32_t *node) MUST_CHECK;

/* Bare data, a line each; all arrays `count` long. Lines stand at nodes that are no sums. */
struct secrecy_lines {
    size_t count;
    const int32_t *node[SECRECY_DIMENSIONS];
    const int32_t *unit, *group;
    const double *value;
    const bool *natural; /* NULL: nobody is */
};

/* Which lines each place holds: line[from[place]] up to the next, in order. */
struct secrecy_holdings {
    const size_t *from;
    const int32_t *line;
};

/* Cells of all places where somebody is, with shares, needs and values as weights, and their equations.
 * Places that sum the same lines are one cell; cell_of[place] is SECRECY_NO_CELL where nobody is. In surveys
 * an empty place looks like a hidden one, so that nobody can tell two places to be the same: each is a cell
 * of its own, an empty one unshown. The holdings may be NULL. Cost O(lines × places a line is in). */
struct fault *secrecy_tabulate(struct arena *, const struct secrecy_layout *, const struct secrecy_lines *,
                               struct secrecy_rules, struct secrecy_model **, int32_t *cell_of,
                               struct secrecy_holdings *) MUST_CHECK;

/* The sums between cells that stand at places; those that say nothing are left out. */
void secrecy_add_sums(struct secrecy_model *, const struct secrecy_layout *, const int32_t *cell_of);

#endif
