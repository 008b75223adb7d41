/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* xlsx_book.h - what the sheets of a workbook share: their names, number formats and texts; the inside of
 * this room. */
#ifndef GRAPPE_XLSX_BOOK_H
#define GRAPPE_XLSX_BOOK_H

#include "xlsx/xlsx_archive.h"
#include "xlsx/xlsx_number.h"

struct buffer;

struct xlsx_sheet {
    const char *name; /* in one line */
    const char *part;
    bool hidden;
};

struct xlsx_book {
    struct xlsx_archive *archive;
    const char *formats_part, *texts_part; /* NULL: it has none */
    struct xlsx_sheet *sheets;             /* tables only: a sheet that is a chart has no rows */
    size_t sheet_count;
    bool since_1904;
    struct xlsx_format *formats; /* by style of a cell */
    size_t format_count;
    struct buffer *texts, *ends; /* the shared texts one after the other, and where each ends */
    size_t text_count;
};

/* The sheets alone: cheap. INVALID when it is no workbook. */
struct fault *xlsx_book_open(struct arena *, const char *path, struct slice bytes,
                             struct xlsx_book **) MUST_CHECK;
/* Formats and texts, which only reading rows needs. */
struct fault *xlsx_book_load(struct arena *, struct xlsx_book *) MUST_CHECK;

bool xlsx_book_text(const struct xlsx_book *, uint64_t number, struct slice *);

/* Adds text as a part holds it, "_x000D_" being one character; other control characters are dropped. */
void xlsx_text_add(struct buffer *, struct slice);

#endif
