/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* digests.h - in the server's directory: until when each person has been told what is new, and whom reminders
 * were looked for. */
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

/* The last round of reminders in a space: its turn, and the newest entry of the journal that it knew; 0:
 * none. */
#define REMINDED_ROW(COLUMN) COLUMN(integer, turn) COLUMN(integer, entry)
ROW(roster_reminded, REMINDED_ROW)
struct fault *roster_reminded(struct db *, const char *space, struct roster_reminded *) MUST_CHECK;
struct fault *roster_reminded_set(struct db *, const char *space, const struct roster_reminded *) MUST_CHECK;

#endif
