/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* past.h - what stood at a past instant: states of months, and the entries since, replayed.
 *
 * An instant of the past is the id of the first entry that came after it: ids grow in the order of commits,
 * and a transaction is on one side of it as a whole. Once a month has begun, the state of every record that
 * changed since the month before is kept (journal_state), so that a replay costs the entries since then and
 * not since the beginning. States hold values: journal_forget erases them with those of the entries. */
#ifndef GRAPPE_JOURNAL_PAST_H
#define GRAPPE_JOURNAL_PAST_H

#include "journal/journal.h"
#include "limits/limits.h"

#define PAST_NOW INT64_MAX /* after every entry */

struct past {
    int64_t record;
    bool known;   /* its insertion was met, and no entry since had lost its values */
    bool present; /* and not deleted */
    size_t count;
    struct past_value {
        int field;
        const char *plain;
    } values[LIMIT_FIELDS]; /* in the order of field ids; only fields that have a value */
};

/* The entry that an instant stands before, never within a transaction; PAST_NOW when none came after it. Two
 * look-ups. */
struct fault *past_bound(struct connection *, int64_t at_us, int64_t *bound) MUST_CHECK;

/* One record before the entry `bound`. Cost O(its entries since the month before). */
struct fault *past_of(struct connection *, struct arena *, const char *type, int64_t record, int64_t bound,
                      struct past *) MUST_CHECK;

/* Every record of a type that was known then, deleted or not; values live until the visitor returns. The
 * visitor runs no statement of this connection. Cost O(records + entries since the month before). */
typedef struct fault *past_shown(void *owner, const struct past *);
struct fault *past_each(struct connection *, const char *type, int64_t bound, past_shown *,
                        void *owner) MUST_CHECK;

/* An entry laid over the state before it; its texts must outlive the state. LIMIT for more fields than a type
 * may have. */
struct fault *past_apply(struct past *, const struct journal_entry *) MUST_CHECK;

/* The fields of `fields` (bit i: type->fields[i]) into a record of the type, the others unknown; a value that
 * today's description cannot read is unknown too. */
void past_record(const struct past *, const struct record_type *, struct arena *, uint64_t fields,
                 void *record);

/* States of the next month that has begun and has none, a piece a transaction: records that changed in the
 * month before, at most `most` entries looked at. *more: call again, in a transaction of its own. Start with
 * all zero. A broken-off month is taken up from its beginning, which changes nothing that is there. */
struct months_work {
    int64_t bound, entry; /* of the month in the making, 0: none; how far it is */
};
struct fault *months_make(struct transaction *, int64_t most, struct months_work *, bool *more) MUST_CHECK;

/* Are the kept states those that a replay from the beginning gives, none missing? INVALID naming the record.
 * *states counts them. Cost O(entries + states). */
struct fault *months_verify(struct connection *, int64_t *states) MUST_CHECK;

#endif
