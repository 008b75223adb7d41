/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "records/addresses.h"

#include "arena/arena.h"
#include "records/records.h"

char *record_url(struct arena *a, const struct record_type *type, int64_t id)
{
    if (type == &organisation_type)
        return arena_print(a, "/structures/%lld", (long long)id);
    if (type == &need_type)
        return arena_print(a, "/besoins/%lld", (long long)id);
    if (type == &introduction_type)
        return arena_print(a, "/mises-en-relation/%lld", (long long)id);
    if (type == &blind_card_type)
        return arena_print(a, "/demandes/%lld", (long long)id);
    if (type == &agreement_type)
        return arena_print(a, "/accord-de-confidentialite/%lld", (long long)id);
    if (type == &term_type)
        return arena_print(a, "/nomenclature/%lld", (long long)id);
    return arena_print(a, "/fiches/%s/%lld", type->name, (long long)id);
}
