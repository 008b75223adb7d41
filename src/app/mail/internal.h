/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* internal.h - what writing letters shares; private to mail/. */
#ifndef GRAPPE_MAIL_INTERNAL_H
#define GRAPPE_MAIL_INTERNAL_H

#include "mail/letter.h"
#include "roster/letters.h"

/* As it is kept, drawn in the thread's language; all of it in the arena. */
struct roster_letter letter_row(struct arena *, const char *space, const struct letter *);

#endif
