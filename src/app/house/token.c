/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "house/token.h"

#include <sodium.h>
#include <string.h>

void token_hash(const char *token, char out[65])
{
    unsigned char hash[crypto_generichash_BYTES];
    (void)crypto_generichash(hash, sizeof hash, (const unsigned char *)token, strlen(token), NULL, 0);
    (void)sodium_bin2hex(out, 65, hash, sizeof hash);
}
