/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "house/sealed.h"

#include <sodium.h>
#include <string.h>

#include "arena/arena.h"
#include "roster/roster.h"

enum {
    NONCE = crypto_secretbox_NONCEBYTES,
    BOX = crypto_secretbox_MACBYTES + sizeof(int64_t),
    TEXT = 2 * (NONCE + BOX) + 1,
    SIGNED = sizeof(int64_t) + 12, /* of crypto_generichash_BYTES_MIN, 16 */
};

struct fault *seal_secret(struct db *roster, unsigned char secret[SEAL_SECRET])
{
    ARENA_SCOPE(work);
    char fresh[2 * SEAL_SECRET + 1];
    const char *kept = NULL;
    randombytes_buf(secret, SEAL_SECRET);
    (void)sodium_bin2hex(fresh, sizeof fresh, secret, SEAL_SECRET);
    TRY(roster_secret(roster, work, fresh, &kept));
    if (sodium_hex2bin(secret, SEAL_SECRET, kept, strlen(kept), NULL, NULL, NULL) != 0)
        return fault(FAULT_IO, "The secret in the server's directory is damaged.");
    return NULL;
}

/* One key for each kind, so that what was sealed as one is nothing as another. */
static void key_of(const unsigned char secret[SEAL_SECRET], const char *kind,
                   unsigned char key[crypto_secretbox_KEYBYTES])
{
    crypto_generichash_state state;
    (void)crypto_generichash_init(&state, secret, SEAL_SECRET, crypto_secretbox_KEYBYTES);
    (void)crypto_generichash_update(&state, (const unsigned char *)"sealed", sizeof "sealed");
    (void)crypto_generichash_update(&state, (const unsigned char *)kind, strlen(kind));
    (void)crypto_generichash_final(&state, key, crypto_secretbox_KEYBYTES);
}

const char *number_seal(struct arena *a, const unsigned char secret[SEAL_SECRET], const char *kind,
                        int64_t number)
{
    unsigned char key[crypto_secretbox_KEYBYTES], sealed[NONCE + BOX];
    const unsigned char *plain = (const unsigned char *)&number;
    char *text = NEW(a, char, TEXT);
    key_of(secret, kind, key);
    /* The nonce follows from the number, so that an address stays the same, and differs for each. */
    (void)crypto_generichash(sealed, NONCE, plain, sizeof number, key, sizeof key);
    (void)crypto_secretbox_easy(sealed + NONCE, plain, sizeof number, sealed, key);
    (void)sodium_bin2hex(text, TEXT, sealed, sizeof sealed);
    return text;
}

bool number_unseal(const unsigned char secret[SEAL_SECRET], const char *kind, const char *text,
                   int64_t *number)
{
    unsigned char key[crypto_secretbox_KEYBYTES], sealed[NONCE + BOX];
    size_t length = 0;
    key_of(secret, kind, key);
    return sodium_hex2bin(sealed, sizeof sealed, text, strlen(text), NULL, &length, NULL) == 0 &&
           length == sizeof sealed &&
           crypto_secretbox_open_easy((unsigned char *)number, sealed + NONCE, BOX, sealed, key) == 0;
}

static void sign(const unsigned char secret[SEAL_SECRET], const char *kind, int64_t number,
                 unsigned char out[SIGNED])
{
    unsigned char key[crypto_secretbox_KEYBYTES], mac[crypto_generichash_BYTES_MIN];
    key_of(secret, kind, key);
    memcpy(out, &number, sizeof number);
    (void)crypto_generichash(mac, sizeof mac, out, sizeof number, key, sizeof key);
    memcpy(out + sizeof number, mac, SIGNED - sizeof number);
}

const char *number_sign(struct arena *a, const unsigned char secret[SEAL_SECRET], const char *kind,
                        int64_t number)
{
    unsigned char made[SIGNED];
    char *text = NEW(a, char, 2 * SIGNED + 1);
    sign(secret, kind, number, made);
    return sodium_bin2hex(text, 2 * SIGNED + 1, made, SIGNED);
}

bool number_signed(const unsigned char secret[SEAL_SECRET], const char *kind, const char *text,
                   int64_t *number)
{
    unsigned char given[SIGNED], made[SIGNED];
    size_t length = 0;
    if (sodium_hex2bin(given, SIGNED, text, strlen(text), NULL, &length, NULL) != 0 || length != SIGNED)
        return false;
    memcpy(number, given, sizeof *number);
    sign(secret, kind, *number, made);
    return sodium_memcmp(given, made, SIGNED) == 0;
}
