/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* protect.h - which cells to hide so that no attacker comes too near to a sensitive one, at little cost.
 *
 * Each sensitive cell has witnesses: movements by what it needs, up and down, among hidden cells alone, one
 * for an outsider and one for each insider whose own cells the outsider's would use. Then every other cell
 * that can be shown again is, dearest first, so that none is hidden for nothing; and all of this several
 * times with other costs, the cheapest pattern kept. What the hidden parts of a sum add up to is a secret
 * too where the sum is shown. NP-hard: the pattern is safe and minimal, seldom more than a few hundredths
 * dearer than the best. */
#ifndef GRAPPE_SECRECY_PROTECT_H
#define GRAPPE_SECRECY_PROTECT_H

#include "fault/fault.h"
#include "secrecy/rules.h"

struct secrecy_options {
    struct secrecy_rules rules;
    bool insiders, residuals;
    const double *guide;       /* how far each cell is hidden in the bound (optimum.h); may be NULL */
    int tries;                 /* patterns to try, at least 1 */
    uint64_t budget;           /* steps (movements_work()) in all; 0: any number */
    bool (*go_on)(void *with); /* may be NULL */
    void *with;
};

struct secrecy_pattern {
    bool *hidden;     /* of each cell of the model as it was given */
    double cost;      /* weights of cells hidden without being sensitive */
    size_t secondary; /* how many */
    bool minimal;     /* false: stopped before cells could be shown again */
    int32_t exposed;  /* with a fault: the sensitive cell that cannot be protected */
};

/* INVALID when known cells give a sensitive one away; LIMIT for too large a model. Cells that are `known` are
 * not hidden, whatever they are; `unshown` ones always are. When the budget ends, or go_on() says false, it
 * is the best so far; without one, everything is hidden. Deterministic but for go_on(). */
struct fault *secrecy_protect(struct arena *, const struct secrecy_model *, struct secrecy_options,
                              struct secrecy_pattern *) MUST_CHECK;

/* By how much an insider must be left in the dark about a cell, upwards or downwards. */
double secrecy_need_against(const struct secrecy_cell *, int32_t insider, bool upwards);

#endif
