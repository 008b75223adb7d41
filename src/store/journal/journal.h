/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* journal.h - everything that happened in a space, in order, chained.
 *
 * A transaction appends unchained entries; the sealer gives them a gapless sequence and a hash chained to the
 * entry before, in batches. The hash covers a salted hash of each entry's values, which stand in a side table
 * and can be erased: forgetting a person breaks nothing. */
#ifndef GRAPPE_JOURNAL_H
#define GRAPPE_JOURNAL_H

#include "db/db.h"
#include "db/sight.h"

/* The last are acts of reading: on a page, by a program with a token, in an exported list, by a command. */
enum journal_act {
    JOURNAL_INSERT,
    JOURNAL_UPDATE,
    JOURNAL_DELETE,
    JOURNAL_RESTORE,
    JOURNAL_READ,
    JOURNAL_READ_PROGRAM,
    JOURNAL_READ_EXPORT,
    JOURNAL_READ_COMMAND,
    JOURNAL_FOLD, /* of readings: in the journal, by the program */
};

struct journal_change {
    int field;                  /* permanent id of the field in its type */
    const char *before, *after; /* plain form, NULL: unknown */
};

/* One entry with its changes; part of the transaction. Used by rows.c; other callers log acts without a
 * record (sign-in of a persona, import undone) with type "" and id 0. */
struct fault *journal_append(struct transaction *, int64_t person, enum journal_act, const char *type,
                             int64_t record, const struct journal_change *, size_t count) MUST_CHECK;

/* Seals what is unsealed, at most `most` entries; *sealed (may be NULL) counts. */
struct fault *journal_seal(struct transaction *, int64_t most, int64_t *sealed) MUST_CHECK;

/* The id of the newest entry, 0 when there is none: grows with every change of the space. One look-up. */
struct fault *journal_last(struct connection *, int64_t *id) MUST_CHECK;

/* Walks the whole chain. On success *entries counts sealed entries, *open the unsealed ones; a broken link is
 * INVALID naming the sequence number. Cost O(entries), memory constant. */
struct fault *journal_verify(struct connection *, int64_t *entries, int64_t *open) MUST_CHECK;

/* The head of the chain: its sequence number, and its link in hexadecimal. Noted outside the file from time
 * to time, it proves that the end was not cut off either. */
struct fault *journal_head(struct connection *, struct arena *, int64_t *seq, char **link) MUST_CHECK;

/* Erases the values of every entry about a record (a person who asks to be forgotten), and its states of
 * months; the chain holds. *forgotten counts entries. */
struct fault *journal_forget(struct transaction *, const char *type, int64_t record,
                             int64_t *forgotten) MUST_CHECK;

/* The history of one record, newest first; none of one that the asker may not see. The values of hidden
 * fields are among the changes: they are the app's to leave out. */
struct journal_entry {
    int64_t id, batch, at_us, person, record;
    enum journal_act act;
    bool erased; /* its values were: somebody was forgotten */
    const char *type;
    const struct journal_change *changes;
    size_t count;
};
struct fault *journal_of_record(struct connection *, struct arena *, const struct sight *, const char *type,
                                int64_t id, size_t most, struct journal_entry **entries,
                                size_t *count) MUST_CHECK;
/* All entries of one transaction, newest first (undo of an import). */
struct fault *journal_of_batch(struct connection *, struct arena *, int64_t batch,
                               struct journal_entry **entries, size_t *count) MUST_CHECK;
/* One entry; NOT_FOUND when there is none. */
struct fault *journal_entry_load(struct connection *, struct arena *, int64_t id,
                                 struct journal_entry *) MUST_CHECK;

/* What happened before the entry `before` and not before `from`, newest first, to records that the asker may
 * see, or might if they were not removed; the newest `most`. 0 and NULL: any. With `records`, only those of
 * these records: found by their index, however far back. */
struct journal_wish {
    int64_t before, from, person;
    const char *type;
    const int64_t *records;
    size_t record_count;
    int64_t most;
};
struct fault *journal_page(struct connection *, struct arena *, const struct sight *,
                           const struct journal_wish *, struct journal_entry **, size_t *count) MUST_CHECK;
/* The entry that stands `count` before another one; 0: there are not as many. */
struct fault *journal_back(struct connection *, int64_t before, int64_t count, int64_t *entry) MUST_CHECK;
/* The first entry of a transaction: the others follow it without gap. */
struct fault *journal_batch_start(struct connection *, int64_t batch, int64_t *entry) MUST_CHECK;

/* Did a transaction change a record of this type? */
struct fault *journal_batch_has(struct connection *, int64_t batch, const char *type, bool *has) MUST_CHECK;

/* The batch number that entries of this transaction carry. */
int64_t journal_batch(struct transaction *);

#endif
