/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "http/params.h"

#include <stdbool.h>
#include <string.h>

#include "arena/arena.h"
#include "text/fold.h"

const char *param(const struct params *p, const char *name)
{
    for (size_t i = 0; i < p->count; i++)
        if (strcmp(p->at[i].name, name) == 0)
            return p->at[i].value;
    return NULL;
}

const char *param_text(const struct params *p, const char *name)
{
    const char *value = param(p, name);
    return value ? value : "";
}

size_t param_count(const struct params *p, const char *name)
{
    size_t count = 0;
    for (size_t i = 0; i < p->count; i++)
        count += strcmp(p->at[i].name, name) == 0;
    return count;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    char lower = (char)(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

struct fault *percent_decode(struct arena *a, struct slice encoded, bool form, char **decoded)
{
    char *out = NEW(a, char, encoded.len + 1), *p = out;
    for (size_t i = 0; i < encoded.len; i++) {
        char c = encoded.ptr[i];
        if (c == '%') {
            bool whole = encoded.len - i > 2;
            int high = whole ? hex_value(encoded.ptr[i + 1]) : -1;
            int low = whole ? hex_value(encoded.ptr[i + 2]) : -1;
            if (high < 0 || low < 0)
                return fault(FAULT_INVALID,
                             "The address or form is damaged: \"%%\" without two hexadecimal digits.");
            c = (char)(high << 4 | low);
            i += 2;
        } else if (c == '+' && form)
            c = ' ';
        if (!c)
            return fault(FAULT_INVALID, "The address or form is damaged: it holds a NUL character.");
        *p++ = c;
    }
    if (!utf8_valid((struct slice){out, (size_t)(p - out)}))
        return fault(FAULT_INVALID, "The address or form is damaged: its text is not UTF-8.");
    *decoded = out;
    return NULL;
}

static struct fault *pair_read(struct arena *a, struct slice pair, struct param *into)
{
    struct slice value = pair, name;
    char *decoded_name, *decoded_value;
    (void)slice_cut(&value, '=', &name);
    TRY(percent_decode(a, name, true, &decoded_name));
    TRY(percent_decode(a, value, true, &decoded_value));
    *into = (struct param){decoded_name, decoded_value};
    return NULL;
}

struct fault *params_read(struct arena *a, struct slice encoded, struct params *p)
{
    struct slice pair;
    size_t capacity = 0;
    *p = (struct params){NULL, 0};
    if (encoded.len == 0)
        return NULL;
    while (slice_cut(&encoded, '&', &pair)) {
        if (pair.len == 0)
            continue;
        if (p->count == LIMIT_FORM_FIELDS)
            return fault(FAULT_LIMIT, "The form has more than %d fields.", LIMIT_FORM_FIELDS);
        struct param one;
        TRY(pair_read(a, pair, &one));
        *PUSH(a, p->at, p->count, capacity) = one;
    }
    return NULL;
}

/* RFC 6265 4.1.1: what a cookie's value may hold; quotes around it are tolerated and dropped. */
static bool cookie_text(struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] <= ' ' || (unsigned char)s.ptr[i] >= 0x7F || strchr("\",\\", s.ptr[i]))
            return false;
    return true;
}

void cookies_read(struct arena *a, const char *header, struct params *p)
{
    struct slice rest = slice_of(header), pair;
    size_t capacity = 0;
    *p = (struct params){NULL, 0};
    while (p->count < LIMIT_FORM_FIELDS && slice_cut(&rest, ';', &pair)) {
        struct slice value = slice_trim(pair), name;
        if (!slice_cut(&value, '=', &name) || !value.ptr || name.len == 0)
            continue;
        if (value.len >= 2 && value.ptr[0] == '"' && value.ptr[value.len - 1] == '"')
            value = (struct slice){value.ptr + 1, value.len - 2};
        if (cookie_text(name) && cookie_text(value))
            *PUSH(a, p->at, p->count, capacity) = (struct param){slice_text(a, name), slice_text(a, value)};
    }
}
