/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* cover.h - set cover: the cheapest columns that together cover all rows, found and proven.
 *
 * Rows are what must be covered (steps, skills), columns who covers them, at a cost in whole units. All that
 * is said to be proven rests on integers alone; floating point only proposes. Budgets count steps (entries
 * of the table that were looked at), never time, so that the same seed gives the same answer anywhere. */
#ifndef GRAPPE_ASSEMBLY_COVER_H
#define GRAPPE_ASSEMBLY_COVER_H

#include <stdbool.h>
#include <stdint.h>

#include "arena/arena.h"
#include "assembly/proof.h"
#include "fault/fault.h"

/* Entries of column j: column_row[column_start[j] .. column_start[j + 1]), ascending; rows alike. */
struct cover {
    int32_t rows, columns;
    const int64_t *cost; /* of a column, 0 .. COVER_COST_MOST */
    const int32_t *column_start, *column_row;
    const int32_t *row_start, *row_column;
};

#define COVER_COST_MOST INT64_C(1000000000)        /* of a column */
#define COVER_COSTS_MOST INT64_C(1000000000000000) /* of all columns together */
#define COVER_ENTRIES_MOST (INT32_MAX / 4)

/* From pairs (row, column) in any order; a pair given twice counts once. INVALID: a row or column out of
 * range, a negative cost; LIMIT: costs above the ceilings. Cost O(pairs + rows + columns). */
struct cover_entry {
    int32_t row, column;
};
struct fault *cover_build(struct arena *, int32_t rows, int32_t columns, const int64_t *cost,
                          const struct cover_entry *, int64_t entries, struct cover *) MUST_CHECK;

/* The same rows, only these columns, ascending. */
void cover_restrict(struct arena *, const struct cover *, const int32_t *columns, int32_t count,
                    struct cover *);

enum assembly_status { ASSEMBLY_OPTIMAL, ASSEMBLY_FEASIBLE, ASSEMBLY_INFEASIBLE, ASSEMBLY_UNKNOWN };
const char *assembly_status_name(enum assembly_status); /* "optimal" ... */

struct cover_progress {
    int64_t steps, budget, cost, bound, nodes;
};

struct cover_options {
    uint64_t seed;
    int64_t budget;          /* steps in all; 0: a greedy cover and its bound */
    struct proof_out *proof; /* NULL: none is written */
    bool (*go_on)(void *with, const struct cover_progress *); /* NULL, or asked now and then; false: stop */
    void *with;
};

struct cover_answer {
    enum assembly_status status;
    int64_t cost, bound; /* the bound is proven: no cover costs less */
    int32_t *members;    /* columns, ascending */
    int32_t member_count;
    int32_t *missing; /* rows without a column: then nothing else was computed */
    int32_t missing_count;
    int64_t nodes, steps;
};

/* The cheapest cover, or the best that was found and a bound. Memory O(entries * depth of the tree).
 * LIMIT: the certificate could not be written.
 * Source: the volume algorithm (Barahona and Anbil 2000), row-weighting local search (Gao, Weise, Li 2014).
 */
struct fault *cover_solve(struct arena *, const struct cover *, const struct cover_options *,
                          struct cover_answer *) MUST_CHECK;

#endif
