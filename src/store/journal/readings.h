/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* readings.h - who opened what: the journal's other stream.
 *
 * The entries of the journal without values, sealed into a chain of their own. They are no changes: nothing
 * that compares journal_last() notices them. Written in batches, after the fact. */
#ifndef GRAPPE_READINGS_H
#define GRAPPE_READINGS_H

#include "journal/journal.h"

#define READING_ROW(COLUMN)                                                                                  \
    COLUMN(integer, at_us) COLUMN(ref, person) COLUMN(integer, act) COLUMN(text, type) COLUMN(ref, record)
ROW(reading, READING_ROW)

struct fault *readings_append(struct transaction *, const struct reading *, size_t count) MUST_CHECK;
/* As journal_seal and journal_verify. */
struct fault *readings_seal(struct transaction *, int64_t most, int64_t *sealed) MUST_CHECK;
struct fault *readings_verify(struct connection *, int64_t *entries, int64_t *open) MUST_CHECK;

/* Of one record, newest first. Cost O(readings of the record, at most `most`). */
struct fault *readings_of_record(struct connection *, struct arena *, const char *type, int64_t record,
                                 size_t most, struct reading **, size_t *count) MUST_CHECK;

#endif
