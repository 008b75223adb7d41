/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* internal.h - what writing letters shares; private to mail/. */
#ifndef GRAPPE_MAIL_INTERNAL_H
#define GRAPPE_MAIL_INTERNAL_H

#include "db/db.h"
#include "mail/letter.h"

struct fault *letter_add(struct transaction *, struct arena *, const char *space, const struct letter *,
                         bool *fresh) MUST_CHECK;

#endif
