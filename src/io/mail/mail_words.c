/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <sodium.h>
#include <string.h>

#include "arena/arena.h"
#include "mail/smtp.h"
#include "text/buffer.h"

enum { WORD_MOST = 45 }; /* bytes of one encoded word: 75 characters with all around it */

static bool is_plain(const char *text)
{
    for (const char *c = text; *c; c++)
        if (*c < ' ' || *c > '~')
            return false;
    return !strstr(text, "=?");
}

/* As much as fits, no character cut. */
static size_t word_length(const char *text)
{
    size_t length = strlen(text);
    if (length <= WORD_MOST)
        return length;
    for (length = WORD_MOST; ((unsigned char)text[length] & 0xC0) == 0x80;)
        length--;
    return length;
}

static char *without_controls(struct arena *a, const char *text)
{
    char *clean = arena_print(a, "%s", text);
    for (char *c = clean; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            *c = ' ';
    return clean;
}

char *mail_words(struct arena *a, const char *text)
{
    char *clean = without_controls(a, text);
    struct buffer *out = buffer_new(a, 64 * 1024);
    if (is_plain(clean))
        return clean;
    for (size_t length; *clean; clean += length) {
        char word[sodium_base64_ENCODED_LEN(WORD_MOST, sodium_base64_VARIANT_ORIGINAL)];
        length = word_length(clean);
        (void)sodium_bin2base64(word, sizeof word, (const unsigned char *)clean, length,
                                sodium_base64_VARIANT_ORIGINAL);
        buffer_print(out, "%s=?UTF-8?B?%s?=", out->len ? "\r\n " : "", word);
    }
    return arena_print(a, "%s", buffer_string(out));
}
