/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* readings.h - who opened what: the journal's other stream.
 *
 * The entries of the journal without values, sealed into a chain of their own. They are no changes: nothing
 * that compares journal_last() notices them. Written in batches, after the fact.
 *
 * They would grow for ever. So the oldest are folded: those of one day, person, way and record become one
 * line, a little later that goes too. The journal notes each fold: up to which link of the chain of readings,
 * and a hash of the lines; from that link on the chain is verified as before. See
 * docs/decisions/0014-folded-readings.md. */
#ifndef GRAPPE_READINGS_H
#define GRAPPE_READINGS_H

#include "journal/journal.h"

#define READING_ROW(COLUMN)                                                                                  \
    COLUMN(integer, at_us)                                                                                   \
    COLUMN(ref, person) COLUMN(integer, act) COLUMN(text, type) COLUMN(ref, record) COLUMN(integer, times)
ROW(reading, READING_ROW)

/* Each once, whatever its `times`. */
struct fault *readings_append(struct transaction *, const struct reading *, size_t count) MUST_CHECK;
/* As journal_seal. */
struct fault *readings_seal(struct transaction *, int64_t most, int64_t *sealed) MUST_CHECK;

/* The chain from where it was folded to, and every fold: INVALID naming the entry, or the day. *entries:
 * sealed and whole; *lines: folded, within their time. Cost O(readings + lines). */
struct fault *readings_verify(struct connection *, int64_t *entries, int64_t *open,
                              int64_t *lines) MUST_CHECK;

/* One turn: the oldest readings of days that are over for LIMIT_READINGS_WHOLE_DAYS are folded, at most
 * `most`, in one entry of the journal; when there are none, the lines of the oldest fold go that are over for
 * LIMIT_READINGS_DAYS. *more: something was done, look again in another transaction. Cost O(most). */
struct fault *readings_fold(struct transaction *, int64_t most, bool *more) MUST_CHECK;

/* Of one record, newest first; a line has the first instant of its day. Cost O(readings of the record). */
struct fault *readings_of_record(struct connection *, struct arena *, const char *type, int64_t record,
                                 size_t most, struct reading **, size_t *count) MUST_CHECK;

#endif
