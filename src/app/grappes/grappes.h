/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* grappes.h - the grappes of the space on a day, and who takes part in each. What the viewer may not see is
 * neither listed nor counted. */
#ifndef GRAPPE_GRAPPES_H
#define GRAPPE_GRAPPES_H

#include "door/door.h"

struct grappe_part {
    int64_t organisation, since;
    const char *name, *folded;
};
struct grappe_line {
    const struct grappe *grappe;
    const char *folded;        /* its name */
    struct grappe_part *parts; /* each organisation once, by name */
    size_t count;
};
/* By name. Cost grows with grappes x parts. */
struct fault *grappes_on(struct door *, int64_t day, struct grappe_line **, size_t *count) MUST_CHECK;

#endif
