/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "csv/csv_text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arena/arena.h"
#include "i18n/i18n.h"

#define CHUNK (1 * MIB)
#define SAMPLE (64 * KIB)   /* least window: separators are guessed on the first one */
#define BROKEN ((char)0xFF) /* never part of UTF-8 */
enum { WIDEST = 3 };        /* UTF-8 bytes that one byte of Windows-1252 can become */

static void release(void *thing)
{
    struct csv_text *t = thing;
    free(t->ptr);
    free(t->raw);
    if (t->file > STDIN_FILENO)
        (void)close(t->file);
}

/* Fills raw up to CHUNK bytes; less only at the end of the source. */
static struct fault *take(struct csv_text *t)
{
    while (t->raw_count < CHUNK && !t->source_ended) {
        size_t room = CHUNK - t->raw_count;
        ssize_t got;
        if (t->file < 0) {
            got = (ssize_t)(room < t->bytes.len ? room : t->bytes.len);
            if (got > 0)
                memcpy(t->raw + t->raw_count, t->bytes.ptr, (size_t)got);
            t->bytes = slice_from(t->bytes, (size_t)got);
        } else {
            got = read(t->file, t->raw + t->raw_count, room);
        }
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fault(FAULT_IO, "The file cannot be read: %s.", strerror(errno));
        t->source_ended = got == 0;
        t->raw_count += (size_t)got;
        t->read += got;
    }
    return NULL;
}

static size_t ascii_prefix(const char *bytes, size_t count)
{
    size_t i = 0;
    for (uint64_t word; i + sizeof word <= count; i += sizeof word) {
        memcpy(&word, bytes + i, sizeof word);
        if (word & UINT64_C(0x8080808080808080))
            break;
    }
    while (i < count && (unsigned char)bytes[i] < 0x80)
        i++;
    return i;
}

/* Bytes of the well-formed UTF-8 character at p, 0 when it is broken. */
static size_t character(const unsigned char *p, size_t left)
{
    size_t length = p[0] < 0x80   ? 1
                    : p[0] < 0xC2 ? 0
                    : p[0] < 0xE0 ? 2
                    : p[0] < 0xF0 ? 3
                    : p[0] < 0xF5 ? 4
                                  : 0;
    if (length > left)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((p[i] & 0xC0) != 0x80)
            return 0;
    return length;
}

/* `cut`: the last character may be torn by the end of the window. */
static enum csv_encoding decide(const char *bytes, size_t count, bool cut)
{
    size_t good = 0, bad = 0;
    for (size_t i = 0, length; i < count; i += length ? length : 1) {
        length = character((const unsigned char *)bytes + i, count - i);
        good += length > 1;
        bad += length == 0 && !(cut && count - i < 4);
    }
    return good > bad ? CSV_UTF8 : CSV_WINDOWS_1252;
}

static size_t put(char *out, uint32_t code)
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xC0 | code >> 6);
        out[1] = (char)(0x80 | (code & 0x3F));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (char)(0xE0 | code >> 12);
        out[1] = (char)(0x80 | (code >> 6 & 0x3F));
        out[2] = (char)(0x80 | (code & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | code >> 18);
    out[1] = (char)(0x80 | (code >> 12 & 0x3F));
    out[2] = (char)(0x80 | (code >> 6 & 0x3F));
    out[3] = (char)(0x80 | (code & 0x3F));
    return 4;
}

/* Each decoder appends to the window, where there is room for WIDEST bytes a byte, and returns how many raw
 * bytes it used. */
static size_t decode_same(struct csv_text *t, size_t count)
{
    memcpy(t->ptr + t->end, t->raw, count);
    t->end += count;
    return count;
}

static size_t decode_windows(struct csv_text *t)
{
    static const uint16_t upper[32] = {0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                       0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017D, 0,
                                       0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                       0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};
    for (size_t i = 0; i < t->raw_count; i++) {
        unsigned char byte = (unsigned char)t->raw[i];
        uint32_t code = byte >= 0x80 && byte < 0xA0 ? upper[byte - 0x80] : byte;
        if (byte >= 0x80 && code == 0)
            t->ptr[t->end++] = BROKEN;
        else
            t->end += put(t->ptr + t->end, code);
    }
    return t->raw_count;
}

static uint32_t unit_at(const struct csv_text *t, size_t i)
{
    unsigned a = (unsigned char)t->raw[i], b = (unsigned char)t->raw[i + 1];
    return t->encoding == CSV_UTF16_LE ? a | b << 8 : a << 8 | b;
}

static size_t decode_utf16(struct csv_text *t)
{
    size_t i = 0;
    while (i + 1 < t->raw_count) {
        uint32_t code = unit_at(t, i);
        bool high = code >= 0xD800 && code < 0xDC00;
        if (high && i + 3 >= t->raw_count && !t->source_ended)
            break; /* its other half comes with the next bytes */
        uint32_t low = high && i + 3 < t->raw_count ? unit_at(t, i + 2) : 0;
        if (low >= 0xDC00 && low < 0xE000) {
            t->end += put(t->ptr + t->end, 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00));
            i += 4;
            continue;
        }
        if (code >= 0xD800 && code < 0xE000)
            t->ptr[t->end++] = BROKEN;
        else
            t->end += put(t->ptr + t->end, code);
        i += 2;
    }
    if (i < t->raw_count && t->source_ended) {
        t->ptr[t->end++] = BROKEN;
        i = t->raw_count;
    }
    return i;
}

static size_t decode(struct csv_text *t)
{
    size_t plain = t->encoding == CSV_ASCII_SO_FAR ? ascii_prefix(t->raw, t->raw_count) : 0;
    if (plain > 0)
        return decode_same(t, plain);
    if (t->encoding == CSV_ASCII_SO_FAR)
        t->encoding = decide(t->raw, t->raw_count, !t->source_ended);
    switch (t->encoding) {
    case CSV_ASCII_SO_FAR:
    case CSV_UTF8:
        return decode_same(t, t->raw_count);
    case CSV_WINDOWS_1252:
        return decode_windows(t);
    case CSV_UTF16_LE:
    case CSV_UTF16_BE:
        return decode_utf16(t);
    }
    return 0;
}

struct fault *csv_text_more(struct csv_text *t)
{
    if (t->start > 0)
        memmove(t->ptr, t->ptr + t->start, t->end - t->start);
    t->end -= t->start;
    t->start = 0;
    size_t wanted = 2 * t->end + SAMPLE;
    while (t->end < wanted && !t->ended) {
        TRY(take(t));
        size_t need = t->end + WIDEST * t->raw_count + 8;
        if (need > t->capacity) {
            t->ptr = realloc(t->ptr, need);
            if (!t->ptr)
                abort();
            t->capacity = need;
        }
        size_t used = t->raw_count ? decode(t) : 0;
        memmove(t->raw, t->raw + used, t->raw_count - used);
        t->raw_count -= used;
        t->ended = t->source_ended && t->raw_count == 0;
    }
    t->ptr[t->end] = '\0';
    return NULL;
}

/* What a file that is no CSV starts with, and what to tell whoever chose it. Workbooks come here only through
 * a pipe: see table.h. */
static const struct {
    const char *magic, *word;
} strangers[] = {
    {"PK\003\004",
     N_("This is a workbook (.xlsx) or an archive: give the file by its name, not through standard input.")},
    {"\xD0\xCF\x11\xE0", N_("This file is an old Excel workbook (.xls): save it as a workbook (.xlsx) or as "
                            "CSV UTF-8 (File > Save "
                            "As), then import it again.")},
    {"\x1F\x8B", N_("This file is compressed (.gz): extract it, then import it.")},
    {"%PDF", N_("This file is a PDF: ask for the table it was made from, as CSV.")},
    {"{\\rtf", N_("This file is a formatted text (.rtf): a table saved as CSV is expected.")},
    {"<?xml", N_("This file is XML: save the table as CSV UTF-8, then import it again.")},
    {"<html", N_("This file is a web page: save the table as CSV UTF-8, then import it again.")},
    {"<!DOCTYPE", N_("This file is a web page: save the table as CSV UTF-8, then import it again.")},
};

static struct fault *refuse_strangers(struct slice head)
{
    for (size_t i = 0; i < COUNT(strangers); i++)
        if (slice_starts(head, slice_of(strangers[i].magic)))
            return fault(FAULT_INVALID, "%s", tr(strangers[i].word));
    return NULL;
}

/* Two NUL in the first line, or more than a few bytes and one in fifty that no text has: a picture, a
 * program. */
static bool is_binary(const char *raw, size_t count)
{
    const char *nul = memchr(raw, '\0', count);
    if (nul && memchr(nul, '\0', count - (size_t)(nul - raw)) && !memchr(raw, '\n', (size_t)(nul - raw)))
        return true;
    size_t strange = 0;
    for (size_t i = 0; i < count; i++)
        strange += raw[i] >= 0 && raw[i] < ' ' && (raw[i] < '\t' || raw[i] > '\r');
    return strange > 4 + count / 50;
}

static struct fault *start(struct csv_text *t)
{
    static const struct {
        const char *mark;
        enum csv_encoding encoding;
    } marks[] = {{"\xEF\xBB\xBF", CSV_UTF8}, {"\xFF\xFE", CSV_UTF16_LE}, {"\xFE\xFF", CSV_UTF16_BE}};
    t->raw = malloc(CHUNK);
    if (!t->raw)
        abort();
    TRY(take(t));
    struct slice head = {t->raw, t->raw_count};
    TRY(refuse_strangers(head));
    for (size_t i = 0; i < COUNT(marks); i++)
        if (slice_starts(head, slice_of(marks[i].mark))) {
            t->encoding = marks[i].encoding;
            t->raw_count -= strlen(marks[i].mark);
            memmove(t->raw, t->raw + strlen(marks[i].mark), t->raw_count);
        }
    if (t->encoding < CSV_UTF16_LE && is_binary(t->raw, t->raw_count < 4096 ? t->raw_count : 4096))
        return fault(FAULT_INVALID, "This is not a text file: a table saved as CSV UTF-8 is expected.");
    return csv_text_more(t);
}

struct fault *csv_text_open(struct arena *a, const char *path, struct csv_text **out)
{
    struct csv_text *t = *out = NEW(a, struct csv_text, 1);
    t->total = -1;
    t->file = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (t->file < 0 && errno == ENOENT)
        return fault(FAULT_NOT_FOUND, "There is no file %s.", path);
    if (t->file < 0)
        return fault(FAULT_IO, "%s cannot be opened: %s.", path, strerror(errno));
    arena_defer(a, release, t);
    struct stat status;
    if (fstat(t->file, &status) == 0 && S_ISREG(status.st_mode))
        t->total = status.st_size;
    return start(t);
}

struct fault *csv_text_open_bytes(struct arena *a, struct slice bytes, struct csv_text **out)
{
    struct csv_text *t = *out = NEW(a, struct csv_text, 1);
    *t = (struct csv_text){.file = -1, .bytes = bytes, .total = (int64_t)bytes.len};
    arena_defer(a, release, t);
    return start(t);
}
