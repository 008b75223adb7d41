/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* chain.h - a stream of entries sealed into a chain of hashes; private to store/.
 *
 * Two streams have one format: what was changed, and who opened what. Each has its own chain. */
#ifndef GRAPPE_JOURNAL_CHAIN_H
#define GRAPPE_JOURNAL_CHAIN_H

#include "db/db.h"
#include "journal/entry.h"

enum journal_stream { STREAM_CHANGES, STREAM_READINGS };

struct chain_seal {
    int64_t seq, entry; /* seq 0: there is none */
    unsigned char link[DIGEST_SIZE];
};
struct fault *chain_seal_first(struct connection *, enum journal_stream, struct chain_seal *) MUST_CHECK;
struct fault *chain_seal_at(struct connection *, enum journal_stream, int64_t seq,
                            struct chain_seal *) MUST_CHECK;

/* As journal_seal, journal_verify and journal_head, of either stream. */
struct fault *chain_seal(struct transaction *, enum journal_stream, int64_t most, int64_t *sealed) MUST_CHECK;
/* Behind a link whose entry is not there any more; NULL: from the first. *entries counts from there. */
struct fault *chain_verify(struct connection *, enum journal_stream, const struct chain_seal *start,
                           int64_t *entries, int64_t *open) MUST_CHECK;
struct fault *chain_head(struct connection *, struct arena *, enum journal_stream, int64_t *seq,
                         char **link) MUST_CHECK;

#endif
