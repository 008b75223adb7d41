/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* group_check.h - whether an answer to a problem of groups holds, by its certificate.
 *
 * Shares no code with what found it. Whole numbers only, but for distances, which are compared as they are
 * given or computed from places. */
#ifndef GRAPPE_CERTIFICATE_GROUP_CHECK_H
#define GRAPPE_CERTIFICATE_GROUP_CHECK_H

#include <stdbool.h>
#include <stdint.h>

#include "arena/arena.h"
#include "fault/fault.h"
#include "text/slice.h"

/* Rows of firms by steps; costs in whole units. */
struct check_groups {
    int64_t firms, steps, most_members;
    int64_t *adding;       /* cost of each firm as a member */
    int64_t *doing;        /* firms * steps: cost of a piece; -1: it cannot */
    int64_t *room;         /* firms * steps: pieces */
    int64_t *pieces;       /* of each step */
    bool *wanted, *barred; /* must be in; must not */
    bool *rivals;          /* firms * firms, or NULL */
    double *east, *north;  /* km, or NULL */
    double *apart;         /* firms * firms km, or NULL */
    double reach;          /* largest distance */
};

struct group_claim {
    bool infeasible;
    int64_t cost, bound;
    const int64_t *members; /* firms from 0 */
    int64_t count;
    const int64_t *done; /* count * steps: pieces that each member does */
};

/* The units of cost that a certificate is in: 10^-decimals. INVALID: no certificate of groups. */
struct fault *group_check_decimals(struct slice proof, int64_t *decimals) MUST_CHECK;
/* NULL when the claim is true; INVALID says what is wrong. Cost O(nodes * firms * steps). */
struct fault *group_check(const struct check_groups *, const struct group_claim *,
                          struct slice proof) MUST_CHECK;

#endif
