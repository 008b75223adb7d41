/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "mail/charset.h"

#include <dlfcn.h>
#include <errno.h>
#include <iconv.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "arena/arena.h"
#include "fault/fault.h"
#include "text/buffer.h"
#include "text/fold.h"

enum { WIDEST = 4 }; /* bytes of UTF-8 that one byte of these charsets can become, U+FFFD among them */

/* What people's programs write in, under the names that they or GMime give it. */
static bool is_known(const char *charset)
{
    static const char *const names[] = {"utf-8",    "utf8",     "us-ascii",  "koi8-r",     "koi8-u", "utf-16",
                                        "utf-16le", "utf-16be", "gb18030",   "gbk",        "gb2312", "big5",
                                        "euc-jp",   "euc-kr",   "shift_jis", "iso-2022-jp"};
    static const char *const families[] = {"iso-8859-", "windows-125", "cp125"}; /* and a number */
    for (size_t i = 0; i < COUNT(names); i++)
        if (strcasecmp(charset, names[i]) == 0)
            return true;
    for (size_t i = 0; i < COUNT(families); i++) {
        size_t length = strlen(families[i]);
        if (strncasecmp(charset, families[i], length) == 0)
            return charset[length] && !charset[length + strspn(charset + length, "0123456789")];
    }
    return false;
}

/* Stands before libc's for the whole program, GMime included, which opens whatever a header names, behind
 * quotes and foldings that only it can undo. Some of libc's converters crash (ISO-2022-CN-EXT), and "" is the
 * charset of this machine. */
/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name): libc's are reserved */
iconv_t iconv_open(const char *to, const char *from)
{
    union {
        void *found;
        iconv_t (*open)(const char *, const char *);
    } next = {dlsym(RTLD_NEXT, "iconv_open")};
    errno = EINVAL;
    return next.found && is_known(from) ? next.open(to, from) : (iconv_t)-1;
}

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
