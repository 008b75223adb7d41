/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* csv_write.c - CSV that a French spreadsheet opens with a double click, and never runs. */
#include <string.h>

#include "csv/csv.h"

/* "-1 234,5", "+12", "-3.5": a sign, digits and spaces between them, at most one decimal mark. */
static bool plain_number(const char *p)
{
    int digits = 0, marks = 0;
    p += *p == '-' || *p == '+';
    for (; *p; p++) {
        if (*p >= '0' && *p <= '9')
            digits++;
        else if (*p == ',' || *p == '.')
            marks++;
        else if (strncmp(p, "\xC2\xA0", 2) == 0)
            p++;
        else if (strncmp(p, "\xE2\x80\xAF", 3) == 0)
            p += 2;
        else if (*p != ' ')
            return false;
    }
    return digits > 0 && marks <= 1;
}

/* Would run in a spreadsheet. Apostrophes in front are seen through, so that the reader, which takes one
 * away, gives back what was written. */
static bool runs(const char *text)
{
    const char *p = text + strspn(text, " '");
    return *p && strchr("=+-@\t\r", *p) && !plain_number(text);
}

void csv_write_start(struct buffer *b)
{
    buffer_text(b, "\xEF\xBB\xBF");
}

void csv_write_cell(struct buffer *b, const char *text, bool first)
{
    if (!first)
        buffer_char(b, ';');
    if (!text || !*text)
        return;
    bool guarded = runs(text);
    if (plain_number(text) || (!strpbrk(text, ";\"\r\n,\t|") && *text != ' ')) {
        buffer_text(b, guarded ? "'" : "");
        buffer_text(b, text);
        return;
    }
    buffer_text(b, guarded ? "\"'" : "\"");
    for (const char *p = text; *p; p++) {
        if (*p == '"')
            buffer_char(b, '"');
        buffer_char(b, *p);
    }
    buffer_char(b, '"');
}

void csv_write_end_row(struct buffer *b)
{
    buffer_text(b, "\r\n");
}
