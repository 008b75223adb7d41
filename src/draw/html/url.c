/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* url.c - addresses: which may be linked to, and how one differs from another by a query parameter. */
#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "arena/arena.h"
#include "html/encode.h"
#include "html/html.h"

static bool unreserved(unsigned char c)
{
    return c < 0x80 && (isalnum(c) || c == '-' || c == '.' || c == '_' || c == '~');
}

void percent_encode(struct buffer *out, struct slice s)
{
    static const char hex[] = "0123456789ABCDEF";
    size_t run = 0;
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (unreserved(c))
            continue;
        append(out, s.ptr + run, i - run);
        append(out, (char[]){'%', hex[c >> 4], hex[c & 15]}, 3);
        run = i + 1;
    }
    append(out, s.ptr + run, s.len - run);
}

const char *url_checked(const char *address)
{
    static const char *const schemes[] = {"http:", "https:", "mailto:"};
    if (!address)
        return "#";
    if (*address == '/')
        return address; /* no scheme can begin here */
    for (const char *p = address; *p; p++)
        if ((unsigned char)*p < ' ' || *p == 0x7F || (p == address && *p == ' '))
            return "#"; /* browsers drop these, and what is left may be a scheme */
    if (address[strcspn(address, ":/?#")] != ':')
        return address;
    for (size_t i = 0; i < COUNT(schemes); i++)
        if (strncasecmp(address, schemes[i], strlen(schemes[i])) == 0)
            return address;
    return "#";
}

/* Copies the address without its fragment, and without the pairs of this name (and of this encoded value,
 * unless it is empty); adds name=value if asked. Names and values are compared encoded: all our links are
 * made here. */
static char *changed(struct arena *a, const char *address, const char *name, struct slice drop_value,
                     bool drop, const char *add)
{
    struct buffer *out = buffer_new(a, LIMIT_URL), *key = buffer_new(a, LIMIT_URL);
    percent_encode(key, slice_of(name));
    struct slice whole = {address, strcspn(address, "#")}, path, pair;
    char mark = '?';
    if (slice_cut(&whole, '?', &path))
        buffer_slice(out, path);
    while (slice_cut(&whole, '&', &pair)) {
        struct slice value = pair, found;
        if (!slice_cut(&value, '=', &found) || pair.len == 0)
            continue;
        bool same = drop && slice_equal(found, buffer_view(key)) &&
                    (!drop_value.ptr || slice_equal(value, drop_value));
        if (same)
            continue;
        buffer_char(out, mark);
        buffer_slice(out, pair);
        mark = '&';
    }
    if (add) {
        buffer_char(out, mark);
        buffer_slice(out, buffer_view(key));
        buffer_char(out, '=');
        percent_encode(out, slice_of(add));
    }
    return arena_text(a, buffer_string(out), out->len);
}

char *url_with(struct arena *a, const char *address, const char *name, const char *value)
{
    return changed(a, address, name, (struct slice){NULL, 0}, true, value);
}

char *url_adding(struct arena *a, const char *address, const char *name, const char *value)
{
    return changed(a, address, name, (struct slice){NULL, 0}, false, value);
}

char *url_without(struct arena *a, const char *address, const char *name, const char *value)
{
    struct buffer *encoded = buffer_new(a, LIMIT_URL);
    percent_encode(encoded, slice_of(value));
    return changed(a, address, name, (struct slice){buffer_string(encoded), encoded->len}, true, NULL);
}
