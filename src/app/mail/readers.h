/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* readers.h - to whom the program writes by itself: whoever may sign in, at an address that takes its
 * letters. */
#ifndef GRAPPE_MAIL_READERS_H
#define GRAPPE_MAIL_READERS_H

#include "house/house.h"

enum { READERS_AT_ONCE = 50 };

/* Those of one batch (from 1), in the arena, at most READERS_AT_ONCE; *more: there is another batch. Read
 * with the program's eyes: to know whom to tell, not what. */
struct fault *mail_readers(struct house *, const struct space_info *, struct arena *, int64_t batch,
                           struct person **, size_t *count, bool *more) MUST_CHECK;

/* One of them; *reads false: the program does not write to this person. */
struct fault *mail_reader(struct house *, const struct space_info *, struct arena *, int64_t person,
                          struct person *, bool *reads) MUST_CHECK;
/* May the person sign in still, and have they this address? */
struct fault *mail_reads(const struct space_info *, int64_t person, const char *address,
                         bool *still) MUST_CHECK;

#endif
