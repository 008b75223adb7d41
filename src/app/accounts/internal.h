/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* internal.h - what passwords and tokens share; private to accounts/. */
#ifndef GRAPPE_ACCOUNTS_INTERNAL_H
#define GRAPPE_ACCOUNTS_INTERNAL_H

struct arena;

/* Failed attempts are counted for a quarter of an hour. */
enum { WINDOW_S = 15 * 60, MOST_PER_NETWORK = 60 };

/* "10.1.2.3" → "10.1.2", an IPv6 address → its first 56 bits or so: three and a half groups. */
char *network_of(struct arena *, const char *address);

/* What is kept of a token. */
void token_hash(const char *token, char out[65]);

#endif
