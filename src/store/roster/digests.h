/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* digests.h - in the server's directory: until when each person has been told what is new. */
#ifndef GRAPPE_ROSTER_DIGESTS_H
#define GRAPPE_ROSTER_DIGESTS_H

#include "db/db.h"

#define DIGEST_ROW(COLUMN) COLUMN(integer, person) COLUMN(integer, told_us)
ROW(roster_digest, DIGEST_ROW)

/* In the order of persons. */
struct fault *roster_digests(struct db *, struct arena *, const char *space, struct roster_digest **,
                             size_t *count) MUST_CHECK;
struct fault *roster_digest_set(struct transaction *, const char *space, int64_t person,
                                int64_t told_us) MUST_CHECK;

#endif
