/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "mail/mark.h"

#include "house/sealed.h"

static const char kind[] = "letter";

struct fault *letter_marks(struct db *roster, struct arena *a, int64_t letter, const char **mark,
                           const char **sign)
{
    unsigned char secret[SEAL_SECRET];
    TRY(seal_secret(roster, secret));
    *mark = number_seal(a, secret, kind, letter);
    *sign = number_sign(a, secret, kind, letter);
    return NULL;
}

struct fault *letter_unmark(struct db *roster, const char *mark, int64_t *letter, bool *ours)
{
    unsigned char secret[SEAL_SECRET];
    TRY(seal_secret(roster, secret));
    *ours = number_unseal(secret, kind, mark, letter);
    return NULL;
}

struct fault *letter_returned(struct db *roster, const char *sign, int64_t *letter, bool *ours)
{
    unsigned char secret[SEAL_SECRET];
    TRY(seal_secret(roster, secret));
    *ours = number_signed(secret, kind, sign, letter);
    return NULL;
}
