/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "text/fold.h"

#include <string.h>
#include <utf8proc.h>

#include "arena/arena.h"

enum { MOST_PARTS = 8, MOST_BYTES = 4 * MOST_PARTS };

/* Characters whose decomposition is not what people type instead. */
static const struct {
    int32_t from;
    const char *to;
} special[] = {
    {0x00B5, "u"},  {0x03BC, "u"},   {0x0153, "oe"}, {0x0152, "oe"},  {0x00E6, "ae"}, {0x00C6, "ae"},
    {0x00F8, "o"},  {0x00D8, "o"},   {0x2300, "o"},  {0x0142, "l"},   {0x0141, "l"},  {0x0111, "d"},
    {0x2010, "-"},  {0x2011, "-"},   {0x2012, "-"},  {0x2013, "-"},   {0x2014, "-"},  {0x2212, "-"},
    {0x2018, "'"},  {0x2019, "'"},   {0x02BC, "'"},  {0x00AB, "\""},  {0x00BB, "\""}, {0x201C, "\""},
    {0x201D, "\""}, {0x00D7, "x"},   {0x00B1, "+-"}, {0x2264, "<="},  {0x2265, ">="}, {0x00B2, "2"},
    {0x00B3, "3"},  {0x00B0, "deg"}, {0x2044, "/"},  {0x20AC, "eur"},
};

/* Writes the fold of one character to out (at most MOST_BYTES), returns the bytes written. */
static size_t fold_character(int32_t character, char *out)
{
    for (size_t i = 0; i < COUNT(special); i++)
        if (special[i].from == character)
            return (size_t)(stpcpy(out, special[i].to) - out);
    utf8proc_category_t category = utf8proc_category(character);
    if (category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL ||
        category == UTF8PROC_CATEGORY_ZP || category == UTF8PROC_CATEGORY_CC) {
        *out = ' ';
        return 1;
    }
    int32_t parts[MOST_PARTS];
    int class_ = 0;
    utf8proc_ssize_t n = utf8proc_decompose_char(character, parts, MOST_PARTS,
                                                 UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD |
                                                     UTF8PROC_STRIPMARK | UTF8PROC_IGNORE,
                                                 &class_);
    if (n < 0 || n > MOST_PARTS) { /* a few ligatures of whole phrases: kept as they are */
        parts[0] = character;
        n = 1;
    }
    size_t written = 0;
    for (utf8proc_ssize_t i = 0; i < n; i++)
        written += (size_t)utf8proc_encode_char(parts[i], (utf8proc_uint8_t *)out + written);
    return written;
}

/* The same for the character at `at`; *step: the bytes it takes there. */
static size_t fold_next(struct slice s, size_t at, char *out, size_t *step)
{
    unsigned char byte = (unsigned char)s.ptr[at];
    int32_t character;
    *step = 1;
    if (byte < 0x80) {
        *out = (char)(byte >= 'A' && byte <= 'Z' ? byte | 0x20 : byte < ' ' ? ' ' : byte);
        return 1;
    }
    utf8proc_ssize_t read =
        utf8proc_iterate((const utf8proc_uint8_t *)s.ptr + at, (utf8proc_ssize_t)(s.len - at), &character);
    if (read <= 0) {
        *out = '?';
        return 1;
    }
    *step = (size_t)read;
    return fold_character(character, out);
}

struct slice fold_traced(struct arena *a, struct slice s, uint32_t **origin)
{
    size_t capacity = s.len + MOST_BYTES + 1;
    char *out = NEW(a, char, capacity);
    uint32_t *from = origin ? NEW(a, uint32_t, capacity) : NULL;
    size_t len = 0;
    for (size_t at = 0, step; at < s.len; at += step) {
        char folded[MOST_BYTES];
        size_t count = fold_next(s, at, folded, &step);
        if (len + count + 1 > capacity) { /* compatibility characters may grow a lot */
            out = arena_grow(a, out, len, capacity * 2, 1, 1);
            if (from)
                from = arena_grow(a, from, len, capacity * 2, sizeof *from, alignof(uint32_t));
            capacity *= 2;
        }
        for (size_t i = 0; i < count; i++) {
            out[len + i] = folded[i];
            if (from)
                from[len + i] = (uint32_t)at;
        }
        len += count;
    }
    out[len] = '\0';
    if (origin) {
        from[len] = (uint32_t)s.len;
        *origin = from;
    }
    return (struct slice){out, len};
}

struct slice fold(struct arena *a, struct slice s)
{
    return fold_traced(a, s, NULL);
}

char *fold_text(struct arena *a, const char *text)
{
    return slice_text(a, fold(a, slice_of(text)));
}

static bool in_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

bool next_word(struct slice folded, size_t *position, struct slice *word)
{
    size_t start = *position;
    while (start < folded.len && !in_word(folded.ptr[start]))
        start++;
    size_t end = start;
    while (end < folded.len && in_word(folded.ptr[end]))
        end++;
    *word = (struct slice){folded.ptr + start, end - start};
    *position = end;
    return end > start;
}

bool utf8_valid(struct slice s)
{
    int32_t character;
    for (size_t at = 0; at < s.len;) {
        if ((unsigned char)s.ptr[at] < 0x80) { /* most are */
            at++;
            continue;
        }
        utf8proc_ssize_t read = utf8proc_iterate((const utf8proc_uint8_t *)s.ptr + at,
                                                 (utf8proc_ssize_t)(s.len - at), &character);
        if (read <= 0)
            return false;
        at += (size_t)read;
    }
    return true;
}

size_t utf8_length(struct slice s)
{
    size_t count = 0;
    for (size_t i = 0; i < s.len; i++)
        count += ((unsigned char)s.ptr[i] & 0xC0) != 0x80;
    return count;
}
