/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "api/cursor.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdlib.h>

/* A cursor goes with one list: its address without what may differ from page to page. */
static uint64_t list_mark(const struct request *r)
{
    static const unsigned char key[crypto_shorthash_KEYBYTES];
    unsigned char hash[crypto_shorthash_BYTES];
    uint64_t mark = 0;
    const char *list = url_with(r->arena, url_with(r->arena, r->target, "cursor", NULL), "limit", NULL);
    (void)crypto_shorthash(hash, (const unsigned char *)list, strlen(list), key);
    memcpy(&mark, hash, sizeof mark);
    return mark >> 32;
}

struct fault *cursor_take(const struct request *r, struct list_place *place)
{
    const char *text = param(&r->query, "cursor");
    char plain[96] = "", *at = plain;
    size_t length = 0;
    *place = (struct list_place){0, 0};
    if (!text)
        return NULL;
    bool read = sodium_base642bin((unsigned char *)plain, sizeof plain - 1, text, strlen(text), NULL, &length,
                                  NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0;
    plain[length] = '\0';
    uint64_t mark = strtoull(plain, &at, 16);
    if (read && *at == '.')
        place->rows = strtoll(at + 1, &at, 10);
    if (read && *at == '.')
        place->last = strtoll(at + 1, &at, 10);
    if (read && !*at && mark == list_mark(r) && place->rows > 0 && place->last > 0)
        return NULL;
    return fault_in("cursor",
                    fault(FAULT_INVALID, "This cursor belongs to another list: begin again without it."));
}

void cursor_link(const struct request *r, struct response *answer, const char *cursor)
{
    if (cursor)
        response_header(
            answer, "Link",
            arena_print(r->arena, "<%s>; rel=\"next\"", url_with(r->arena, r->target, "cursor", cursor)));
}

void cursor_put(struct json *j, const struct request *r, struct response *answer,
                const struct list_place *next)
{
    json_put_key(j, "next");
    if (!next->last) {
        json_put_null(j);
        return;
    }
    const char *plain =
        arena_print(r->arena, "%" PRIx64 ".%" PRId64 ".%" PRId64, list_mark(r), next->rows, next->last);
    size_t size = sodium_base64_ENCODED_LEN(strlen(plain), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *cursor = NEW(r->arena, char, size);
    (void)sodium_bin2base64(cursor, size, (const unsigned char *)plain, strlen(plain),
                            sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    json_put_text(j, cursor);
    cursor_link(r, answer, cursor);
}
