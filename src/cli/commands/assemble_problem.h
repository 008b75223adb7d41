/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* assemble_problem.h - a problem of groups as people write it, in JSON. */
#ifndef GRAPPE_ASSEMBLE_PROBLEM_H
#define GRAPPE_ASSEMBLE_PROBLEM_H

#include "assembly/group.h"
#include "text/slice.h"

struct assemble_problem {
    struct group_problem p;
    const char **firm, **step; /* their names */
    bool *numbered;            /* firms whose name was given as a number */
    int32_t decimals;          /* costs are counted in 10^-decimals */
    bool volumes;
    double seconds; /* time_limit_s; below 0: none was given */
};

/* INVALID naming the value: not JSON, a member that is missing, unknown or of another kind, a firm or step
 * that is not there or named twice, a number that is negative or none. */
struct fault *assemble_problem_read(struct arena *, struct slice text, struct assemble_problem *) MUST_CHECK;

#endif
