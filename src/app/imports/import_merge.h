/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* import_merge.h - one line laid over what the space has; the inside of this room. */
#ifndef GRAPPE_IMPORT_MERGE_H
#define GRAPPE_IMPORT_MERGE_H

#include "imports/import_line.h"

struct import_merge {
    struct door *door; /* in a transaction */
    const struct import_options *options;
    struct import_report *report; /* counts what is added */
};

/* Everything is looked up and judged before anything is written, so a line with problems, from its reading or
 * found here, leaves nothing behind. A fault is fatal. */
struct fault *import_merge_line(const struct import_merge *, struct import_line *,
                                enum import_outcome *) MUST_CHECK;

#endif
