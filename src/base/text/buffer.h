/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* buffer.h - text that grows, up to a limit it was born with.
 *
 * Additions beyond the limit are dropped and remembered; buffer_check() tells. So writers need no test after
 * each addition, and whoever sends the text tests once. */
#ifndef GRAPPE_BUFFER_H
#define GRAPPE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fault/fault.h"
#include "text/slice.h"

struct arena;

struct buffer {
    char *ptr; /* NUL-terminated once anything was added */
    size_t len, capacity, limit;
    bool over;
};

struct buffer *buffer_new(struct arena *, size_t limit); /* freed with the arena */
void buffer_add(struct buffer *, const char *bytes, size_t count);
void buffer_slice(struct buffer *, struct slice);
void buffer_text(struct buffer *, const char *text);
void buffer_char(struct buffer *, char);
void buffer_integer(struct buffer *, int64_t);
void buffer_print(struct buffer *, const char *format, ...) PRINTF_LIKE(2, 3);
struct slice buffer_view(const struct buffer *);
const char *buffer_string(struct buffer *); /* NUL-terminated, "" when empty */
struct fault *buffer_check(const struct buffer *) MUST_CHECK;

#endif
