/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* cover_check.h - whether an answer to a set cover holds, by its certificate.
 *
 * Shares no code with what found the answer, not even the reader of the file. Whole numbers only. A
 * certificate is believed in nothing: its prices may be any, its columns to branch on too; every bound and
 * every decision is computed here. docs/engine-assembly.md says why that is enough. */
#ifndef GRAPPE_CERTIFICATE_COVER_CHECK_H
#define GRAPPE_CERTIFICATE_COVER_CHECK_H

#include <stdbool.h>
#include <stdint.h>

#include "arena/arena.h"
#include "fault/fault.h"
#include "text/slice.h"

struct check_table; /* opaque */

/* A file of the OR-Library, by rows or, with `rail`, by columns. INVALID: it is none. */
struct fault *check_table_read(struct arena *, struct slice text, bool rail,
                               struct check_table **) MUST_CHECK;

struct cover_claim {
    bool infeasible;
    int64_t cost, bound;    /* optimal: equal */
    const int64_t *members; /* columns from 1; infeasible: rows from 1 that no column covers */
    size_t member_count;
};

/* NULL when the claim is true. INVALID says what is wrong with it or its proof.
 * Cost O(nodes * entries), memory O(depth * (rows + columns)). */
struct fault *cover_check(const struct check_table *, const struct cover_claim *,
                          struct slice proof) MUST_CHECK;

#endif
