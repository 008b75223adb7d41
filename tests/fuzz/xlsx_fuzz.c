/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* xlsx_fuzz.c - any bytes as a workbook: as an archive, or, since no change to an archive survives its
 * checksums, as the parts of one, which a line with "--" separates: rows, what follows them, formats, texts,
 * properties. Each row is read or refused, cells are UTF-8 without NUL, reading ends. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "io/xlsx/made_book.h"
#include "table/table.h"
#include "text/fold.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void read_all(struct table *t)
{
    int64_t last = 0;
    for (;;) {
        struct slice *cells = NULL;
        int64_t line = 0;
        bool more = false;
        const struct fault *wrong = table_next(t, &cells, &line, &more);
        require(!wrong || wrong->code == FAULT_INVALID || wrong->code == FAULT_LIMIT);
        if (!more)
            return;
        require(line > last);
        last = line;
        for (int i = 0; !wrong && i < table_columns(t); i++)
            require(utf8_valid(cells[i]) && (cells[i].len == 0 || !memchr(cells[i].ptr, '\0', cells[i].len)));
    }
}

/* Up to the next separator. */
static const char *next_part(struct arena *a, struct slice *rest)
{
    static const char separator[] = "\n--\n";
    const char *end = memmem(rest->ptr, rest->len, separator, sizeof separator - 1);
    struct slice part = {rest->ptr, end ? (size_t)(end - rest->ptr) : rest->len};
    *rest = slice_from(*rest, end ? part.len + sizeof separator - 1 : part.len);
    return slice_text(a, part);
}

static struct slice assembled(struct arena *a, struct slice data)
{
    struct made_book book = {0};
    book.rows = next_part(a, &data);
    book.after = next_part(a, &data);
    book.formats = next_part(a, &data);
    book.texts = next_part(a, &data);
    book.properties = next_part(a, &data);
    return made_workbook(a, book);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ARENA_SCOPE(work);
    struct table *t = NULL;
    struct slice bytes = {(const char *)data, size};
    if (!slice_starts(bytes, S("PK")))
        bytes = assembled(work, bytes);
    if (!table_open_bytes(work, bytes, NULL, &t))
        read_all(t);
    return 0;
}
