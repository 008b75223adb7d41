/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "html/html.h"

#include <assert.h>
#include <endian.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "arena/arena.h"
#include "html/encode.h"
#include "number/checked.h"

struct html *html_new(struct arena *a, size_t limit)
{
    struct html *h = NEW(a, struct html, 1);
    h->out = buffer_new(a, limit);
    return h;
}

struct markup html_done(const struct html *h)
{
    return (struct markup){buffer_view(h->out)};
}

/* The entity of a byte that may not stand in text or in a quoted attribute. */
static struct slice entity(char c)
{
    switch (c) {
    case '&':
        return S("&amp;");
    case '<':
        return S("&lt;");
    case '>':
        return S("&gt;");
    case '"':
        return S("&quot;");
    default:
        return S("&#39;");
    }
}

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* Bit 7 of each byte that is zero; bytes above the lowest of them may be marked in error. */
static uint64_t zero_bytes(uint64_t word)
{
    return (word - EACH(1)) & ~word & EACH(0x80);
}

/* The place of the first special byte of eight, or 8: & and ' differ in one bit, and so do < and >. */
static size_t special_in(const char *p)
{
    uint64_t word;
    memcpy(&word, p, sizeof word);
    word = le64toh(word);
    uint64_t found = zero_bytes((word | EACH(1)) ^ EACH('\'')) | zero_bytes((word | EACH(2)) ^ EACH('>')) |
                     zero_bytes(word ^ EACH('"'));
    return found ? (size_t)__builtin_ctzll(found) / 8 : 8;
}

/* The first special byte, or the end; the last eight bytes may be looked at twice. */
static const char *special_find(const char *p, const char *end)
{
    static const bool special[256] = {['&'] = true, ['<'] = true, ['>'] = true, ['"'] = true, ['\''] = true};
    if (end - p >= 8) {
        const char *last = end - 8;
        for (; p < last; p += 8) {
            size_t at = special_in(p);
            if (at < 8)
                return p + at;
        }
        return last + special_in(last);
    }
    while (p < end && !special[(unsigned char)*p])
        p++;
    return p;
}

/* Whole runs without special bytes are added at once. */
static void escape(struct buffer *out, struct slice s)
{
    const char *end = s.ptr + s.len;
    for (const char *run = s.ptr;; run++) {
        const char *p = special_find(run, end);
        append(out, run, (size_t)(p - run));
        if (p == end)
            return;
        buffer_slice(out, entity(*p));
        run = p;
    }
}

void html_slice(struct html *h, struct slice s)
{
    escape(h->out, s);
}

void html_text(struct html *h, const char *text)
{
    escape(h->out, slice_of(text));
}

void html_integer(struct html *h, int64_t value)
{
    if (known_integer(value))
        buffer_integer(h->out, value);
}

void html_url(struct html *h, const char *address)
{
    escape(h->out, slice_of(url_checked(address)));
}

void html_component(struct html *h, const char *text)
{
    percent_encode(h->out, slice_of(text));
}

void html_markup(struct html *h, struct markup m)
{
    buffer_slice(h->out, m.bytes);
}

void html_token(struct html *h)
{
    if (h->token)
        html(h, "<input type=\"hidden\" name=\"csrf\" value=\"%s\">", h->token(h->owner));
}

/* The directives both printers know; a va_list in a struct can be passed on by address everywhere. */
struct arguments {
    va_list list;
};

struct directive {
    const char *start; /* the % */
    size_t length;
    char conversion;
    int longs; /* of l, ll; z and j count as 2 */
    bool plain, star;
};

static struct directive directive_at(const char *percent)
{
    struct directive d = {.start = percent};
    const char *p = percent + 1;
    for (; *p && strchr("-+ #0123456789.*", *p); p++)
        d.star = d.star || *p == '*';
    d.plain = p == percent + 1;
    for (; *p == 'l' || *p == 'z' || *p == 'j'; p++)
        d.longs += *p == 'l' ? 1 : 2;
    d.conversion = *p;
    d.length = (size_t)(p - percent) + 1;
    assert(*p && "a directive ends the format");
    return d;
}

typedef void encoder(struct buffer *, struct slice);

/* Through snprintf: width, precision, hexadecimal, reals. The directive has been checked by the compiler. */
static void print_number(struct buffer *out, const struct directive *d, struct arguments *a)
{
    char format[32], digits[400];
    assert(d->length < sizeof format && !d->star && strchr("diuxXfeEgG", d->conversion));
    memcpy(format, d->start, d->length);
    format[d->length] = '\0';
    int length;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    if (strchr("feEgG", d->conversion))
        /* NOLINTNEXTLINE(bugprone-branch-clone): the types of va_arg differ */
        length = snprintf(digits, sizeof digits, format, va_arg(a->list, double));
    else if (d->longs == 2)
        length = snprintf(digits, sizeof digits, format, va_arg(a->list, long long));
    else if (d->longs == 1)
        length = snprintf(digits, sizeof digits, format, va_arg(a->list, long));
    else
        length = snprintf(digits, sizeof digits, format, va_arg(a->list, int));
#pragma GCC diagnostic pop
    assert(length >= 0 && (size_t)length < sizeof digits);
    buffer_add(out, digits, (size_t)length);
}

static void print_integer(struct buffer *out, const struct directive *d, struct arguments *a)
{
    int64_t value = d->longs == 2   ? va_arg(a->list, long long)
                    : d->longs == 1 ? va_arg(a->list, long)
                                    : va_arg(a->list, int);
    buffer_integer(out, value);
}

/* The text argument of a %s or %.*s. */
static struct slice text_argument(const struct directive *d, struct arguments *a)
{
    assert(d->plain || (d->star && d->length == 4));
    int most = d->star ? va_arg(a->list, int) : -1;
    const char *text = va_arg(a->list, const char *);
    if (!text)
        return S("");
    return most < 0 ? slice_of(text) : (struct slice){text, strnlen(text, (size_t)most)};
}

static void print_one(struct buffer *out, encoder *encode, const struct directive *d, struct arguments *a)
{
    char c;
    switch (d->conversion) {
    case 's':
        encode(out, text_argument(d, a));
        return;
    case 'c':
        c = (char)va_arg(a->list, int);
        encode(out, (struct slice){&c, 1});
        return;
    case '%':
        buffer_char(out, '%');
        return;
    case 'd':
    case 'i':
        if (d->plain) {
            print_integer(out, d, a);
            return;
        }
        break;
    default:
        break;
    }
    print_number(out, d, a);
}

/* Does the literal up to here open the value of an attribute that holds an address? */
static bool opens_address(const char *format, const char *percent)
{
    static const char *const openings[] = {"href=\"", "src=\"", "action=\""};
    for (size_t i = 0; i < COUNT(openings); i++) {
        size_t length = strlen(openings[i]);
        if ((size_t)(percent - format) >= length && memcmp(percent - length, openings[i], length) == 0)
            return true;
    }
    return false;
}

static void encode_address(struct buffer *out, struct slice s)
{
    escape(out, slice_of(url_checked(s.ptr)));
}

static void print_all(struct buffer *out, bool is_html, const char *format, struct arguments *a)
{
    for (const char *p = format, *percent; *p; p = percent) {
        percent = strchrnul(p, '%');
        buffer_add(out, p, (size_t)(percent - p));
        if (!*percent)
            return;
        struct directive d = directive_at(percent);
        bool address = is_html && d.conversion == 's' && !d.star && percent > format && percent[-1] == '"' &&
                       opens_address(format, percent);
        print_one(out, address ? encode_address : is_html ? escape : percent_encode, &d, a);
        percent += d.length;
    }
}

void html_print_(struct html *h, const char *format, ...)
{
    struct arguments a;
    va_start(a.list, format);
    print_all(h->out, true, format, &a);
    va_end(a.list);
}

char *url_print_(struct arena *arena, const char *format, ...)
{
    struct buffer *out = buffer_new(arena, LIMIT_URL);
    struct arguments a;
    va_start(a.list, format);
    print_all(out, false, format, &a);
    va_end(a.list);
    return arena_text(arena, buffer_string(out), out->len);
}
