/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "geo/json_scan.h"

#include <math.h>
#include <string.h>

struct json_scan json_scan(struct slice text)
{
    const char *start = text.ptr ? text.ptr : ""; /* a member that is absent */
    return (struct json_scan){start, start + text.len, false};
}

static bool fail(struct json_scan *s)
{
    s->bad = true;
    s->at = s->end;
    return false;
}

static char next_char(struct json_scan *s)
{
    while (s->at < s->end && (*s->at == ' ' || *s->at == '\n' || *s->at == '\r' || *s->at == '\t'))
        s->at++;
    if (s->at == s->end)
        return '\0';
    return *s->at;
}

static bool take(struct json_scan *s, char wanted)
{
    if (next_char(s) != wanted)
        return false;
    s->at++;
    return true;
}

bool json_enter(struct json_scan *s, char bracket)
{
    return take(s, bracket) || fail(s);
}

bool json_more(struct json_scan *s, char closing, bool *first)
{
    bool was_first = *first;
    *first = false;
    if (s->bad || take(s, closing))
        return false;
    return was_first || take(s, ',') || fail(s);
}

static bool skip_string(struct json_scan *s)
{
    for (s->at++; s->at < s->end; s->at++) {
        if (*s->at == '\\')
            s->at++;
        else if (*s->at == '"') {
            s->at++;
            return true;
        }
    }
    return fail(s);
}

/* Steps over an array or object; brackets must pair. */
static bool skip_nested(struct json_scan *s)
{
    char closing[JSON_SCAN_DEPTH];
    int depth = 0;
    while (s->at < s->end) {
        char c = *s->at;
        if (c == '"') {
            if (!skip_string(s))
                return false;
            continue;
        }
        s->at++;
        if (c == '[' || c == '{') {
            if (depth == JSON_SCAN_DEPTH)
                return fail(s);
            closing[depth++] = c == '[' ? ']' : '}';
        } else if (c == ']' || c == '}') {
            if (closing[--depth] != c)
                return fail(s);
            if (!depth)
                return true;
        }
    }
    return fail(s);
}

static bool is_plain(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-' || c == '+' || c == '.' || c == 'E';
}

bool json_value(struct json_scan *s, struct slice *value)
{
    char c = next_char(s);
    const char *start = s->at;
    bool good = false;
    if (c == '"') {
        good = skip_string(s);
    } else if (c == '[' || c == '{') {
        good = skip_nested(s);
    } else {
        while (s->at < s->end && is_plain(*s->at))
            s->at++;
        good = s->at > start || fail(s);
    }
    *value = (struct slice){start, good ? (size_t)(s->at - start) : 0};
    return good;
}

bool json_key_of(struct json_scan *s, struct slice *key)
{
    if (next_char(s) != '"' || !json_value(s, key))
        return fail(s);
    *key = (struct slice){key->ptr + 1, key->len - 2};
    return take(s, ':') || fail(s);
}

/* Digits into a mantissa of at most 18; *scale counts the powers of ten left out or behind the point. */
static size_t read_digits(struct json_scan *s, double *mantissa, int *scale, bool behind_point)
{
    size_t count = 0;
    for (; s->at < s->end && *s->at >= '0' && *s->at <= '9'; s->at++, count++) {
        if (*mantissa < 1e17) {
            *mantissa = *mantissa * 10 + (*s->at - '0');
            *scale -= behind_point;
        } else if (*scale < 1000) {
            *scale += !behind_point;
        }
    }
    return count;
}

static bool read_exponent(struct json_scan *s, int *scale)
{
    if (s->at == s->end || (*s->at != 'e' && *s->at != 'E'))
        return true;
    s->at++;
    bool negative = s->at < s->end && *s->at == '-';
    if (s->at < s->end && (*s->at == '-' || *s->at == '+'))
        s->at++;
    double exponent = 0;
    int ignored = 0;
    if (!read_digits(s, &exponent, &ignored, false) || exponent > 400)
        return false;
    *scale += negative ? -(int)exponent : (int)exponent;
    return true;
}

/* Not strtod: that one depends on the locale and needs a NUL. Off by at most a few units in the 15th
 * digit. */
bool json_number(struct json_scan *s, double *value)
{
    char c = next_char(s);
    bool negative = c == '-';
    if (negative)
        s->at++;
    double mantissa = 0;
    int scale = 0;
    size_t digits = read_digits(s, &mantissa, &scale, false);
    if (digits && s->at < s->end && *s->at == '.') {
        s->at++;
        digits = read_digits(s, &mantissa, &scale, true);
    }
    if (!digits || !read_exponent(s, &scale))
        return fail(s);
    double size = scale < 0 ? mantissa / pow(10, -scale) : mantissa * pow(10, scale);
    *value = negative ? -size : size;
    return isfinite(size) || fail(s);
}

bool json_members(struct slice object, const char *const *names, size_t count, struct slice *values)
{
    memset(values, 0, count * sizeof *values);
    struct json_scan s = json_scan(object);
    struct slice key, value;
    json_enter(&s, '{');
    for (bool first = true; json_more(&s, '}', &first);) {
        if (!json_key_of(&s, &key) || !json_value(&s, &value))
            return false;
        for (size_t i = 0; i < count; i++)
            if (!values[i].ptr && slice_equal(key, slice_of(names[i])))
                values[i] = value;
    }
    return !s.bad;
}

bool json_is(struct slice value, const char *text)
{
    return value.len >= 2 && slice_equal((struct slice){value.ptr + 1, value.len - 2}, slice_of(text));
}
