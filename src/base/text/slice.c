/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "text/slice.h"

#include <string.h>

#include "arena/arena.h"

struct slice slice_of(const char *text)
{
    return (struct slice){text ? text : "", text ? strlen(text) : 0};
}

bool slice_equal(struct slice a, struct slice b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

int slice_compare(struct slice a, struct slice b)
{
    size_t shared = a.len < b.len ? a.len : b.len;
    int order = shared ? memcmp(a.ptr, b.ptr, shared) : 0;
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

bool slice_starts(struct slice s, struct slice prefix)
{
    return s.len >= prefix.len && slice_equal((struct slice){s.ptr, prefix.len}, prefix);
}

struct slice slice_from(struct slice s, size_t start)
{
    return start < s.len ? (struct slice){s.ptr + start, s.len - start} : (struct slice){s.ptr + s.len, 0};
}

/* Bytes of white space at the start of s: ASCII, no-break space (C2 A0), narrow no-break space (E2 80 AF). */
static size_t space_at(const char *p, size_t left)
{
    if (left && (*p == ' ' || (*p >= '\t' && *p <= '\r')))
        return 1;
    if (left >= 2 && memcmp(p, "\xC2\xA0", 2) == 0)
        return 2;
    return left >= 3 && memcmp(p, "\xE2\x80\xAF", 3) == 0 ? 3 : 0;
}

struct slice slice_trim(struct slice s)
{
    for (size_t n; (n = space_at(s.ptr, s.len)) > 0;)
        s = slice_from(s, n);
    for (bool more = true; more && s.len;) {
        more = false;
        for (size_t n = 1; n <= 3 && n <= s.len && !more; n++)
            if (space_at(s.ptr + s.len - n, n) == n) {
                s.len -= n;
                more = true;
            }
    }
    return s;
}

bool slice_cut(struct slice *rest, char separator, struct slice *part)
{
    if (!rest->ptr)
        return false;
    const char *at = rest->len ? memchr(rest->ptr, separator, rest->len) : NULL;
    if (!at) {
        *part = *rest;
        *rest = (struct slice){NULL, 0};
        return true;
    }
    *part = (struct slice){rest->ptr, (size_t)(at - rest->ptr)};
    *rest = slice_from(*rest, part->len + 1);
    return true;
}

char *slice_text(struct arena *a, struct slice s)
{
    return arena_text(a, s.ptr, s.len);
}
