/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "text/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "text/print.h"

static void release(void *thing)
{
    free(((struct buffer *)thing)->ptr);
}

struct buffer *buffer_new(struct arena *a, size_t limit)
{
    struct buffer *b = NEW(a, struct buffer, 1);
    b->limit = limit;
    arena_defer(a, release, b);
    return b;
}

/* Room for `count` more bytes and a NUL; false when that is over the limit. */
static bool make_room(struct buffer *b, size_t count)
{
    if (b->over || count > b->limit - b->len) {
        b->over = true;
        return false;
    }
    if (b->len + count + 1 <= b->capacity)
        return true;
    size_t capacity = b->capacity ? b->capacity * 2 : 1024;
    while (capacity < b->len + count + 1)
        capacity *= 2;
    char *grown = realloc(b->ptr, capacity);
    if (!grown)
        abort();
    b->ptr = grown;
    b->capacity = capacity;
    return true;
}

void buffer_add(struct buffer *b, const char *bytes, size_t count)
{
    if (!make_room(b, count))
        return;
    if (count)
        memcpy(b->ptr + b->len, bytes, count);
    b->len += count;
    b->ptr[b->len] = '\0';
}

void buffer_slice(struct buffer *b, struct slice s)
{
    buffer_add(b, s.ptr, s.len);
}

void buffer_text(struct buffer *b, const char *text)
{
    buffer_add(b, text, strlen(text));
}

void buffer_char(struct buffer *b, char c)
{
    if (!make_room(b, 1))
        return;
    b->ptr[b->len++] = c;
    b->ptr[b->len] = '\0';
}

void buffer_integer(struct buffer *b, int64_t value)
{
    char digits[24], *p = digits + sizeof digits;
    uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do
        *--p = (char)('0' + left % 10);
    while (left /= 10);
    if (value < 0)
        *--p = '-';
    buffer_add(b, p, (size_t)(digits + sizeof digits - p));
}

void buffer_print(struct buffer *b, const char *format, ...)
{
    char small[256];
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = text_vprint(small, sizeof small, format, arguments);
    va_end(arguments);
    if (length >= 0 && (size_t)length < sizeof small)
        buffer_add(b, small, (size_t)length);
    else if (length >= 0 && make_room(b, (size_t)length)) {
        (void)text_vprint(b->ptr + b->len, (size_t)length + 1, format, again);
        b->len += (size_t)length;
    }
    va_end(again);
}

struct slice buffer_view(const struct buffer *b)
{
    return (struct slice){b->ptr ? b->ptr : "", b->len};
}

const char *buffer_string(struct buffer *b)
{
    return b->ptr ? b->ptr : "";
}

struct fault *buffer_check(const struct buffer *b)
{
    if (!b->over)
        return NULL;
    return fault(FAULT_LIMIT, "The answer would be longer than %zu MiB.", b->limit / MIB);
}
