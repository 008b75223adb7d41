/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "text/json.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <utf8proc.h>

#include "number/checked.h"

struct json json_writer(struct buffer *out)
{
    return (struct json){.out = out};
}

static void before_value(struct json *j)
{
    if (j->comma)
        buffer_char(j->out, ',');
    j->comma = true;
}

static void open(struct json *j, char opening, char closing)
{
    assert(j->depth < (int)sizeof j->closing);
    before_value(j);
    buffer_char(j->out, opening);
    j->closing[j->depth++] = closing;
    j->comma = false;
}

void json_begin_object(struct json *j)
{
    open(j, '{', '}');
}

void json_begin_array(struct json *j)
{
    open(j, '[', ']');
}

void json_end(struct json *j)
{
    assert(j->depth > 0);
    buffer_char(j->out, j->closing[--j->depth]);
    j->comma = true;
}

/* Letters first: they are most of what is written. */
static bool stands_for_itself(unsigned char c)
{
    if (c >= 'A')
        return c < 0x7F && c != '\\';
    return c >= ' ' && c != '"' && c != '<' && c != '>' && c != '&';
}

/* Bytes from `at` on that need no escape: mostly all there are, so that they are copied in one piece. */
static size_t plain_run(struct slice s, size_t at)
{
    for (size_t end = at;;) {
        int32_t character;
        while (end < s.len && stands_for_itself((unsigned char)s.ptr[end]))
            end++;
        if (end == s.len || (unsigned char)s.ptr[end] < 0x80)
            return end - at;
        utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)s.ptr + end,
                                              (utf8proc_ssize_t)(s.len - end), &character);
        if (n <= 0)
            return end - at;
        end += (size_t)n;
    }
}

static void escape(struct buffer *out, unsigned char c)
{
    if (c >= 0x80)
        buffer_text(out, "\xEF\xBF\xBD");
    else if (c == '"' || c == '\\')
        buffer_print(out, "\\%c", c);
    else
        buffer_print(out, "\\u%04x", c); /* < > & too, so that JSON inside HTML is inert */
}

static void escaped(struct buffer *out, struct slice s)
{
    buffer_char(out, '"');
    for (size_t at = 0; at < s.len; at++) {
        size_t run = plain_run(s, at);
        buffer_add(out, s.ptr + at, run);
        at += run;
        if (at < s.len)
            escape(out, (unsigned char)s.ptr[at]);
    }
    buffer_char(out, '"');
}

void json_put_key(struct json *j, const char *name)
{
    before_value(j);
    escaped(j->out, slice_of(name));
    buffer_char(j->out, ':');
    j->comma = false;
}

void json_put_slice(struct json *j, struct slice s)
{
    before_value(j);
    escaped(j->out, s);
}

void json_put_text(struct json *j, const char *text)
{
    if (text)
        json_put_slice(j, slice_of(text));
    else
        json_put_null(j);
}

void json_put_integer(struct json *j, int64_t value)
{
    if (!known_integer(value)) {
        json_put_null(j);
        return;
    }
    before_value(j);
    buffer_integer(j->out, value);
}

void json_put_id(struct json *j, int64_t id)
{
    before_value(j);
    buffer_char(j->out, '"');
    buffer_integer(j->out, id);
    buffer_char(j->out, '"');
}

void json_put_real(struct json *j, double value)
{
    if (!isfinite(value)) {
        json_put_null(j);
        return;
    }
    before_value(j);
    if (value == trunc(value) && fabs(value) < 1e15 && (value != 0 || !signbit(value))) {
        buffer_integer(j->out, (int64_t)value);
        return;
    }
    char text[40];
    int digits = 15; /* 17 always tell it apart */
    do
        (void)snprintf(text, sizeof text, "%.*g", digits, value);
    while (digits++ < 17 && strtod(text, NULL) != value);
    buffer_text(j->out, text);
}

void json_put_bool(struct json *j, bool value)
{
    before_value(j);
    buffer_text(j->out, value ? "true" : "false");
}

void json_put_null(struct json *j)
{
    before_value(j);
    buffer_text(j->out, "null");
}

void json_member_integer(struct json *j, const char *name, int64_t value)
{
    json_put_key(j, name);
    json_put_integer(j, value);
}

void json_member_real(struct json *j, const char *name, double value)
{
    json_put_key(j, name);
    json_put_real(j, value);
}
