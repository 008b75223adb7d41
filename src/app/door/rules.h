/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* rules.h - what a record must fulfil together with other records of the space, by type.
 *
 * domain/ checks a record by itself; these rules read others. The door asks them inside the transaction, for
 * everyone, the program included: a space that breaks one could no longer be read as a whole. */
#ifndef GRAPPE_RULES_H
#define GRAPPE_RULES_H

#include "door/door.h"

struct record_rules {
    const struct record_type *type;
    /* stored: as it was; NULL for a new one. */
    struct fault *(*saving)(struct door *, const void *record, const void *stored);
    struct fault *(*removing)(struct door *, const void *stored);
};

struct fault *rules_saving(struct door *, const struct record_type *, const void *record,
                           const void *stored) MUST_CHECK;
struct fault *rules_removing(struct door *, const struct record_type *, const void *stored) MUST_CHECK;

#endif
