/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "text/print.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* A va_list in a struct can be passed on by address everywhere. */
struct arguments {
    va_list list;
};

struct output {
    char *at;
    size_t room, length; /* length: what it would be with room enough */
};

static void add(struct output *o, const char *bytes, size_t count)
{
    if (count && o->length < o->room) {
        size_t left = o->room - o->length;
        memcpy(o->at + o->length, bytes, count < left ? count : left);
    }
    o->length += count;
}

/* At least `width` digits, with zeros before them where there are fewer. */
static void add_integer(struct output *o, long long value, int width)
{
    char digits[24], *p = digits + sizeof digits;
    const char *enough = p - width + (value < 0);
    unsigned long long left = value < 0 ? 0 - (unsigned long long)value : (unsigned long long)value;
    do
        *--p = (char)('0' + left % 10);
    while ((left /= 10) || p > enough);
    if (value < 0)
        *--p = '-';
    add(o, p, (size_t)(digits + sizeof digits - p));
}

/* The directives known here, longest first where one begins another. */
enum known { KNOWN_TEXT, KNOWN_CUT, KNOWN_INT, KNOWN_LONG, KNOWN_DAY, KNOWN_YEAR, KNOWN_PERCENT, KNOWN };
static const char *const directives[KNOWN] = {"%s", "%.*s", "%d", "%lld", "%02d", "%04d", "%%"};

static enum known known_at(const char *percent)
{
    for (int k = 0; k < KNOWN; k++)
        if (strncmp(percent, directives[k], strlen(directives[k])) == 0)
            return (enum known)k;
    return KNOWN;
}

static void add_one(struct output *o, enum known k, struct arguments *a)
{
    switch (k) {
    case KNOWN_TEXT: {
        const char *text = va_arg(a->list, const char *);
        add(o, text ? text : "(null)", text ? strlen(text) : 6);
        break;
    }
    case KNOWN_CUT: {
        int most = va_arg(a->list, int);
        const char *text = va_arg(a->list, const char *);
        add(o, text, most < 0 ? strlen(text) : most ? strnlen(text, (size_t)most) : 0);
        break;
    }
    case KNOWN_INT:
        add_integer(o, va_arg(a->list, int), 1);
        break;
    case KNOWN_LONG:
        add_integer(o, va_arg(a->list, long long), 1);
        break;
    case KNOWN_DAY:
        add_integer(o, va_arg(a->list, int), 2);
        break;
    case KNOWN_YEAR:
        add_integer(o, va_arg(a->list, int), 4);
        break;
    case KNOWN_PERCENT:
        add(o, "%", 1);
        break;
    case KNOWN:
        break;
    }
}

int text_vprint(char *out, size_t room, const char *format, va_list list)
{
    struct output o = {out, room, 0};
    struct arguments a;
    bool known = true;
    va_copy(a.list, list);
    for (const char *p = format, *percent; *p && known; p = percent) {
        percent = strchrnul(p, '%');
        add(&o, p, (size_t)(percent - p));
        enum known k = *percent ? known_at(percent) : KNOWN;
        known = !*percent || k != KNOWN;
        if (known && *percent) {
            add_one(&o, k, &a);
            percent += strlen(directives[k]);
        }
    }
    va_end(a.list);
    if (!known)
        return vsnprintf(out, room, format, list);
    if (room)
        out[o.length < room ? o.length : room - 1] = '\0';
    return (int)o.length;
}
