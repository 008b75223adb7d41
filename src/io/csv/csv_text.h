/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* csv_text.h - the text of a CSV file as one UTF-8 window that slides over it, whatever its encoding.
 *
 * A byte order mark decides for UTF-8 and UTF-16. Without one the text is ASCII until the first other byte;
 * the mebibyte that starts there decides: UTF-8 when more of its characters are well-formed than are broken,
 * else Windows-1252. What cannot be decoded (a half UTF-16 pair, an unassigned Windows-1252 byte, a Latin
 * line inside a UTF-8 file) stays in the window as bytes that are not UTF-8: the reader of rows reports the
 * line, nothing is guessed. */
#ifndef GRAPPE_CSV_TEXT_H
#define GRAPPE_CSV_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fault/fault.h"
#include "text/slice.h"

struct arena;

enum csv_encoding { CSV_ASCII_SO_FAR, CSV_UTF8, CSV_WINDOWS_1252, CSV_UTF16_LE, CSV_UTF16_BE };

struct csv_text {
    char *ptr;         /* the window is ptr[start, end), ptr[end] is NUL */
    size_t start, end; /* whoever reads moves start forward */
    bool ended;        /* nothing comes after the window */

    enum csv_encoding encoding;
    int file;            /* descriptor, or -1 for `bytes` */
    struct slice bytes;  /* what is left of a text in memory */
    int64_t read, total; /* bytes of the source; total -1 when not known */
    size_t capacity;
    char *raw; /* read, not yet decoded */
    size_t raw_count;
    bool source_ended;
};

/* Opens and reads the first window. INVALID for a workbook, a PDF or another binary file, with what to do;
 * IO when it cannot be read. Closed with the arena. */
struct fault *csv_text_open(struct arena *, const char *path, struct csv_text **) MUST_CHECK;
struct fault *csv_text_open_bytes(struct arena *, struct slice, struct csv_text **) MUST_CHECK;

/* Slides the window so that start is 0, and at least doubles it, unless the text ends. Pointers into the
 * window are void afterwards. Cost O(window). */
struct fault *csv_text_more(struct csv_text *) MUST_CHECK;

#endif
