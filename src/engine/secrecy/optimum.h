/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* optimum.h - how cheap a safe pattern can be at all: what protect.h is measured against.
 *
 * Fischetti and Salazar (2001): each cell is hidden or not, and each movement that cannot be made says which
 * cells would have to be; these cuts are gathered until none is missing. Without residuals. */
#ifndef GRAPPE_SECRECY_OPTIMUM_H
#define GRAPPE_SECRECY_OPTIMUM_H

#include "fault/fault.h"
#include "secrecy/model.h"

struct secrecy_optimum {
    double bound;  /* no safe pattern is cheaper */
    double *share; /* how far each cell is hidden there: a guide to good patterns */
    double cost;   /* of the best there is; UNKNOWN_REAL unless proven */
    bool *hidden;  /* that pattern */
    bool proven;
    size_t cuts;
};

struct secrecy_optimum_options {
    bool insiders;
    int rounds;                /* of the mixed integer programme; 0: the bound alone */
    uint64_t budget;           /* steps; 0: any number. When they end, the bound so far */
    bool (*go_on)(void *with); /* the same when it says false. May be NULL */
    void *with;
};

/* The bound, from cells hidden in part, and then the optimum itself, if the rounds are enough. LIMIT as
 * secrecy_protect(); INVALID when nothing is safe. */
struct fault *secrecy_find_optimum(struct arena *, const struct secrecy_model *,
                                   struct secrecy_optimum_options, struct secrecy_optimum *) MUST_CHECK;

#endif
