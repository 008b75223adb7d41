/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "journal/entry.h"

#include <sodium.h>
#include <string.h>

#include "arena/arena.h"

/* "123 " before `end`, "- " for a text that is not known: an import passes here for every value. */
static char *number_before(char *end, char separator, bool known, size_t number)
{
    *--end = separator;
    if (!known)
        *--end = '-';
    for (bool more = known; more; more = number > 0) {
        *--end = (char)('0' + number % 10);
        number /= 10;
    }
    return end;
}

void changes_pack(struct buffer *b, const struct journal_change *changes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *before = changes[i].before, *after = changes[i].after;
        size_t had = before ? strlen(before) : 0, has = after ? strlen(after) : 0;
        char head[64], *end = head + sizeof head, *start = number_before(end, ':', after, has);
        start = number_before(start, ' ', before, had);
        start = number_before(start, ' ', true, (size_t)changes[i].field);
        buffer_add(b, start, (size_t)(end - start));
        buffer_add(b, before, had);
        buffer_add(b, after, has);
    }
}

/* A number up to `end`; -1 for "-"; false when there is neither or it is more than is left. */
static bool number_take(struct slice *s, char end, int64_t *value)
{
    struct slice part;
    if (!s->len || !memchr(s->ptr, end, s->len) || !slice_cut(s, end, &part) || !part.len || part.len > 9)
        return false;
    *value = slice_equal(part, S("-")) ? -1 : 0;
    for (size_t i = 0; *value >= 0 && i < part.len; i++) {
        if (part.ptr[i] < '0' || part.ptr[i] > '9')
            return false;
        *value = *value * 10 + (part.ptr[i] - '0');
    }
    return true;
}

static bool text_take(struct arena *a, struct slice *s, int64_t length, const char **text)
{
    *text = NULL;
    if (length < 0)
        return true;
    if ((uint64_t)length > s->len)
        return false;
    *text = arena_text(a, s->ptr, (size_t)length);
    *s = slice_from(*s, (size_t)length);
    return true;
}

struct fault *changes_unpack(struct arena *a, struct slice packed, struct journal_change **changes,
                             size_t *count)
{
    size_t capacity = 0;
    *changes = NULL;
    *count = 0;
    while (packed.len) {
        int64_t field, before, after;
        struct journal_change change = {0};
        bool sound = number_take(&packed, ' ', &field) && field >= 0 && number_take(&packed, ' ', &before) &&
                     number_take(&packed, ':', &after) && text_take(a, &packed, before, &change.before) &&
                     text_take(a, &packed, after, &change.after);
        if (!sound)
            return fault(FAULT_IO, "An entry of the journal is damaged.");
        change.field = (int)field;
        *PUSH(a, *changes, *count, capacity) = change;
    }
    return NULL;
}

void changes_digest(const unsigned char salt[SALT_SIZE], struct slice packed,
                    unsigned char digest[DIGEST_SIZE])
{
    crypto_generichash_state state;
    (void)crypto_generichash_init(&state, NULL, 0, DIGEST_SIZE);
    (void)crypto_generichash_update(&state, salt, SALT_SIZE);
    (void)crypto_generichash_update(&state, (const unsigned char *)packed.ptr, packed.len);
    (void)crypto_generichash_final(&state, digest, DIGEST_SIZE);
}

/* Big-endian, so that the chain is the same whatever machine made it. */
static unsigned char *number_put(unsigned char *at, int64_t value)
{
    for (int shift = 56; shift >= 0; shift -= 8)
        *at++ = (unsigned char)((uint64_t)value >> shift);
    return at;
}

void chain_link(unsigned char link[DIGEST_SIZE], const struct entry_header *h)
{
    const int64_t numbers[] = {h->seq,    h->id,  h->batch,  h->at_us,
                               h->person, h->act, h->record, (int64_t)h->type.len};
    unsigned char bytes[8 * COUNT(numbers)], *end = bytes;
    for (size_t i = 0; i < COUNT(numbers); i++)
        end = number_put(end, numbers[i]);
    crypto_generichash_state state;
    (void)crypto_generichash_init(&state, NULL, 0, DIGEST_SIZE);
    (void)crypto_generichash_update(&state, link, DIGEST_SIZE);
    (void)crypto_generichash_update(&state, bytes, sizeof bytes);
    (void)crypto_generichash_update(&state, (const unsigned char *)h->type.ptr, h->type.len);
    (void)crypto_generichash_update(&state, (const unsigned char *)h->digest.ptr, h->digest.len);
    (void)crypto_generichash_final(&state, link, DIGEST_SIZE);
}
