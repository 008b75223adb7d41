/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* token.h - what is kept of a token that opens something: its SHA-256, in hexadecimal. */
#ifndef GRAPPE_TOKEN_HASH_H
#define GRAPPE_TOKEN_HASH_H

void token_hash(const char *token, char out[65]);

#endif
