/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* token.h - what is kept of a token that opens something: its BLAKE2b (RFC 7693) of 256 bits, in hexadecimal.
 * Drawn with every request: SHA-256 costs six times as many instructions here. */
#ifndef GRAPPE_TOKEN_HASH_H
#define GRAPPE_TOKEN_HASH_H

void token_hash(const char *token, char out[65]);

#endif
