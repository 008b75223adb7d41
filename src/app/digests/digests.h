/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* digests.h - what is new for a person, told by mail as often as they like.
 *
 * A digest says what its reader would see on the pages: it is read through their own door, never the
 * program's. Each covers the time since the one before; where there is nothing to say, none is sent. */
#ifndef GRAPPE_DIGESTS_H
#define GRAPPE_DIGESTS_H

#include "house/house.h"

/* The codes of person.digest; unknown is a day. */
enum digest_rate { DIGEST_NOW, DIGEST_DAY, DIGEST_WEEK, DIGEST_NEVER };
enum digest_rate digest_rate_of(const char *code);

/* Is one due at an instant, told until another? Each day at seven, each Monday at seven, in Paris; "now": ten
 * minutes after the last. */
bool digest_due(enum digest_rate, int64_t told_us, int64_t now_us);

/* What is new for the person behind the door between two instants, as a letter in the thread's language;
 * *any false: nothing is, and there is none. */
struct fault *digest_letter(struct house *, const struct space_info *, struct door *, int64_t since_us,
                            int64_t until_us, struct letter *, bool *any) MUST_CHECK;

/* Writes what is due in a space. Who is seen for the first time is told nothing of before. *written (may be
 * NULL): letters. Cost: one list of the people, and for each that is due two pages of what they may see. */
struct fault *digests_write(struct house *, const struct space_info *, size_t *written) MUST_CHECK;

/* How often the person wants them. INVALID naming "digest". */
struct fault *digest_set(const struct space_info *, int64_t person, const char *code) MUST_CHECK;
struct fault *digest_of(const struct space_info *, int64_t person, enum digest_rate *) MUST_CHECK;

/* The last part of the address under which one click ends them, and whose it is: false for what was not made
 * here. */
struct fault *digest_seal(struct house *, const struct space_info *, struct arena *, int64_t person,
                          const char **sealed) MUST_CHECK;
struct fault *digest_unseal(struct house *, const struct space_info *, const char *sealed, int64_t *person,
                            bool *good) MUST_CHECK;

#endif
