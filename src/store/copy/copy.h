/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* copy.h - a space copied whole to another place, whatever either is stored in, and the proof of it. */
#ifndef GRAPPE_COPY_H
#define GRAPPE_COPY_H

#include "db/db.h"

enum { CONTENT_HASH = 64 }; /* hexadecimal digits */

/* What a space says, in the order of its keys: every record with its version, deleted ones too, every term of
 * a record, and the journal with its chain. Equal on every engine; BLAKE2b in hexadecimal. */
struct content {
    int64_t records, terms, entries;
    char of_records[CONTENT_HASH + 1]; /* and their terms */
    char whole[CONTENT_HASH + 1];      /* and the journal */
};
struct fault *content_of(struct connection *, struct content *) MUST_CHECK; /* in a snapshot */

/* Everything, inside one transaction on a space whose tables are there and empty; CONFLICT otherwise. Cost
 * O(space), memory constant. */
struct fault *content_copy(struct connection *from, struct transaction *to) MUST_CHECK;

#endif
