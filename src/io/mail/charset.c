/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "mail/charset.h"

#include <errno.h>
#include <iconv.h>
#include <stdint.h>
#include <strings.h>

#include "arena/arena.h"
#include "text/buffer.h"
#include "text/fold.h"

enum { WIDEST = 4 }; /* bytes of UTF-8 that one byte can become, U+FFFD among them */

static bool says_nothing(const char *charset)
{
    return !charset || strcasecmp(charset, "us-ascii") == 0 || strcasecmp(charset, "ascii") == 0;
}

static iconv_t open_charset(const char *charset, struct slice bytes)
{
    iconv_t c = says_nothing(charset) ? (iconv_t)-1 : iconv_open("UTF-8", charset);
    return c != (iconv_t)-1 ? c : iconv_open("UTF-8", utf8_valid(bytes) ? "UTF-8" : "WINDOWS-1252");
}

struct slice charset_text(struct arena *a, struct slice bytes, const char *charset)
{
    struct buffer *out = buffer_new(a, bytes.len * WIDEST + 1);
    iconv_t c = open_charset(charset, bytes);
    char *in = (char *)(uintptr_t)bytes.ptr;
    size_t left = bytes.len;
    while (left) {
        char piece[4096], *end = piece;
        size_t room = sizeof piece;
        bool broken = iconv(c, &in, &left, &end, &room) == (size_t)-1 && errno != E2BIG;
        buffer_add(out, piece, sizeof piece - room);
        if (broken) {
            buffer_text(out, "\xEF\xBF\xBD");
            in++;
            left--;
        }
    }
    (void)iconv_close(c);
    return (struct slice){buffer_string(out), out->len};
}
