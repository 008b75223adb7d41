/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* mark.h - what stands before the @ of a letter's Message-ID: its number, sealed, so that whoever brings it
 * back has had the letter in hand. */
#ifndef GRAPPE_MAIL_MARK_H
#define GRAPPE_MAIL_MARK_H

#include <stdbool.h>
#include <stdint.h>

#include "fault/fault.h"

struct arena;
struct db;

/* The same each time. */
struct fault *letter_mark(struct db *roster, struct arena *, int64_t letter, const char **mark) MUST_CHECK;
/* *ours: it is a mark of this server's. */
struct fault *letter_unmark(struct db *roster, const char *mark, int64_t *letter, bool *ours) MUST_CHECK;

#endif
