/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* mark.h - the number of a letter, so that whoever brings it back has had the letter in hand. Sealed, before
 * the @ of its Message-ID, which all who are answered or copied read; signed, in the address that it comes
 * back to when it does not arrive, which mail servers alone are told. */
#ifndef GRAPPE_MAIL_MARK_H
#define GRAPPE_MAIL_MARK_H

#include <stdbool.h>
#include <stdint.h>

#include "fault/fault.h"

struct arena;
struct db;

/* The same each time. */
struct fault *letter_marks(struct db *roster, struct arena *, int64_t letter, const char **mark,
                           const char **sign) MUST_CHECK;
/* *ours: it is a mark, or a sign, of this server's. */
struct fault *letter_unmark(struct db *roster, const char *mark, int64_t *letter, bool *ours) MUST_CHECK;
struct fault *letter_returned(struct db *roster, const char *sign, int64_t *letter, bool *ours) MUST_CHECK;

#endif
