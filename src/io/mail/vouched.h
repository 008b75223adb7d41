/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* vouched.h - does a mail server vouch for who wrote a letter (RFC 8601)? */
#ifndef GRAPPE_MAIL_VOUCHED_H
#define GRAPPE_MAIL_VOUCHED_H

#include <stdbool.h>

struct arena;

/* Is `results` (an Authentication-Results header, without its name) written by the server `by`? */
bool vouched_by(struct arena *, const char *results, const char *by);
/* Does it say that the letter comes from the domain of `address`: by DMARC, where that was looked at; else by
 * SPF or DKIM for that very domain? Anything that is not as the standard writes it vouches for nobody. */
bool vouched_for(struct arena *, const char *results, const char *address);

#endif
