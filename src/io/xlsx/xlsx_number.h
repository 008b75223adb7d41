/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* xlsx_number.h - the number in a cell, and the format that says what people see of it, as what they would
 * type: "2026-03-15", "14:30", "12,5 %", "01000", "1234,5".
 *
 * Only what changes the meaning is followed: dates and times, percentages, and digits that a format puts in
 * places ("00000", "000 000 000": a postcode, a SIREN). Rounding, colours and currencies are not. */
#ifndef GRAPPE_XLSX_NUMBER_H
#define GRAPPE_XLSX_NUMBER_H

#include <stdbool.h>

#include "text/slice.h"

struct arena;
struct buffer;

enum xlsx_look {
    XLSX_NUMBER,
    XLSX_PERCENT,
    XLSX_DATE,
    XLSX_TIME,
    XLSX_DATE_TIME,
    XLSX_DURATION, /* "36:00": hours go on counting */
    XLSX_PLACES,   /* digits put in the places of a mask */
};

struct xlsx_format {
    enum xlsx_look look;
    const char *mask; /* of XLSX_PLACES: 0 and # are places, other characters stand for themselves */
};

struct xlsx_format xlsx_format_built_in(int id);
struct xlsx_format xlsx_format_of_code(struct arena *, const char *code);

/* `since_1904`: days are counted as the first Macintosh did. Decimals in the thread's language. */
void xlsx_number_write(struct buffer *, struct slice digits, struct xlsx_format, bool since_1904);
/* "2026-03-15T00:00:00", as strict workbooks keep dates. */
void xlsx_instant_write(struct buffer *, struct slice iso);

#endif
