/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* sealed.h - a number that goes out and comes back, unread and unchanged (crypto_secretbox of libsodium).
 *
 * For places in a sequence of which not all is for everybody: an id of an entry tells when it was made. */
#ifndef GRAPPE_SEALED_H
#define GRAPPE_SEALED_H

#include <stdbool.h>
#include <stdint.h>

#include "fault/fault.h"

struct arena;
struct db;

enum { SEAL_SECRET = 32 };
/* That of a server's directory, drawn the first time. */
struct fault *seal_secret(struct db *roster, unsigned char secret[SEAL_SECRET]) MUST_CHECK;

/* 96 hexadecimal digits; the same for the same number and kind. */
const char *number_seal(struct arena *, const unsigned char secret[SEAL_SECRET], const char *kind,
                        int64_t number);
/* false: it was not sealed with this secret, or as another kind. */
bool number_unseal(const unsigned char secret[SEAL_SECRET], const char *kind, const char *sealed,
                   int64_t *number);

/* 40 hexadecimal digits, where so many as above find no room: the number to be read, and 96 bits that nobody
 * else can make of it. */
const char *number_sign(struct arena *, const unsigned char secret[SEAL_SECRET], const char *kind,
                        int64_t number);
/* false: it was not signed with this secret, or as another kind. */
bool number_signed(const unsigned char secret[SEAL_SECRET], const char *kind, const char *text,
                   int64_t *number);

#endif
