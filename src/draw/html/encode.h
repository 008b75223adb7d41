/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* encode.h - what the writers of this folder share. */
#ifndef GRAPPE_ENCODE_H
#define GRAPPE_ENCODE_H

#include <string.h>

#include "text/buffer.h"
#include "text/slice.h"

/* buffer_add where there is room, without the call: with a literal and its length it becomes a few moves. */
static inline void append(struct buffer *b, const char *bytes, size_t count)
{
    if (!count)
        return;
    if (b->over || b->len + count >= b->capacity) {
        buffer_add(b, bytes, count);
        return;
    }
    memcpy(b->ptr + b->len, bytes, count);
    b->len += count;
    b->ptr[b->len] = '\0';
}

/* RFC 3986: what is not a letter, a digit or one of -._~ becomes %XX. */
void percent_encode(struct buffer *, struct slice);

#endif
