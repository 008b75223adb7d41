/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* audit.h - whether what is about to be published keeps its secrets: every attacker tried, by bounds that
 * come from the published table alone (attack.h), held against what each sensitive cell needs. Shares no code
 * with protect.h but the need of a cell. */
#ifndef GRAPPE_SECRECY_AUDIT_H
#define GRAPPE_SECRECY_AUDIT_H

#include "fault/fault.h"
#include "secrecy/rules.h"

enum secrecy_attacker { SECRECY_OUTSIDER, SECRECY_INSIDER, SECRECY_RESIDUAL };

struct secrecy_publication {
    const struct secrecy_model *model; /* as published: values of hidden cells are not read */
    const bool *hidden;
    const struct secrecy_model *truth;
    const int32_t *truth_of; /* of each cell of the model */
    struct secrecy_rules rules;
    bool insiders, residuals, integers;
};

/* Of one sensitive cell: an outsider's bounds, and the attacker who comes nearest to what it needs. */
struct secrecy_finding {
    int32_t cell; /* of the published model; for a residual, the total of its equation or a part */
    enum secrecy_attacker attacker;
    int32_t insider;
    double low, high; /* that attacker's */
    double slack;     /* what is left beyond the need, over it; below 0: broken */
};

struct secrecy_audit {
    struct secrecy_finding *findings;
    size_t count, broken;
};

/* A need is met within a millionth. INVALID when the publication contradicts itself. */
struct fault *secrecy_audit(struct arena *, const struct secrecy_publication *,
                            struct secrecy_audit *) MUST_CHECK;

#endif
