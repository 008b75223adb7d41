/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* entry.h - the bytes of a journal entry: how its changes are packed, what is hashed; private to journal/. */
#ifndef GRAPPE_JOURNAL_ENTRY_H
#define GRAPPE_JOURNAL_ENTRY_H

#include "journal/journal.h"
#include "text/buffer.h"

enum { SALT_SIZE = 16, DIGEST_SIZE = 32 };

/* "FIELD BEFORE AFTER:" with the lengths in bytes ("-": unknown), then the bytes of both; one after
 * another. */
void changes_pack(struct buffer *, const struct journal_change *, size_t count);
/* IO when the bytes are not what changes_pack writes. */
struct fault *changes_unpack(struct arena *, struct slice packed, struct journal_change **changes,
                             size_t *count) MUST_CHECK;

/* BLAKE2b of salt and packed changes: says nothing about values once the salt is gone. */
void changes_digest(const unsigned char salt[SALT_SIZE], struct slice packed,
                    unsigned char digest[DIGEST_SIZE]);

/* What a link of the chain covers besides the link before. */
struct entry_header {
    int64_t seq, id, batch, at_us, person, act, record;
    struct slice type, digest;
};
/* BLAKE2b of the link before and the header. `link` holds the former and receives the latter. */
void chain_link(unsigned char link[DIGEST_SIZE], const struct entry_header *);

#endif
