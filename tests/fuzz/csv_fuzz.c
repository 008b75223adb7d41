/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* csv_fuzz.c - any bytes as a CSV file: each row is read or refused with a line, cells are UTF-8 without NUL,
 * reading ends, and rows that were read come back the same after being written. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "csv/csv.h"
#include "register/register.h"
#include "table/table.h"
#include "text/fold.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

/* Reads the rows of a file; those that were accepted are written to `copy`. */
static void read_all(struct arena *a, struct table *c, const struct register_format *f, struct buffer *copy)
{
    int64_t last = 0;
    for (;;) {
        struct slice *cells = NULL;
        int64_t line = 0;
        bool more = false;
        const struct fault *wrong = table_next(c, &cells, &line, &more);
        require(!wrong || wrong->code == FAULT_INVALID || wrong->code == FAULT_LIMIT);
        if (!wrong && !more)
            return;
        require(line > last);
        last = line;
        if (wrong)
            continue;
        for (int i = 0; i < table_columns(c); i++) {
            require(utf8_valid(cells[i]) && (cells[i].len == 0 || !memchr(cells[i].ptr, '\0', cells[i].len)));
            csv_write_cell(copy, slice_text(a, cells[i]), i == 0);
        }
        csv_write_end_row(copy);
        struct register_row row;
        if (f && register_read(f, a, cells, &row))
            continue; /* refused with a reason */
    }
}

/* The whole file, as our writer writes it. */
static struct buffer *written(struct arena *a, struct table *c)
{
    struct buffer *copy = buffer_new(a, 64 * MIB);
    csv_write_start(copy);
    for (int i = 0; i < table_columns(c); i++)
        csv_write_cell(copy, table_column(c, i), i == 0);
    csv_write_end_row(copy);
    (void)read_all(a, c, register_recognise(a, c), copy);
    return copy;
}

/* Rows that were refused are not in the copy: what is left may have too many bytes that no text has. */
static bool has_strange_bytes(struct slice s)
{
    size_t strange = 0;
    for (size_t i = 0; i < s.len; i++)
        strange += s.ptr[i] >= 0 && s.ptr[i] < ' ' && !memchr("\t\n\v\f\r", s.ptr[i], 5);
    return strange > 4;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ARENA_SCOPE(work);
    struct table *c = NULL, *again = NULL;
    if (table_open_bytes(work, (struct slice){(const char *)data, size}, NULL, &c))
        return 0;
    struct buffer *copy = written(work, c);
    if (table_columns(c) < 2 || buffer_check(copy)) /* one column has no separator to write */
        return 0;
    if (table_open_bytes(work, buffer_view(copy), NULL, &again)) {
        require(has_strange_bytes(buffer_view(copy)));
        return 0;
    }
    require(slice_equal(buffer_view(written(work, again)), buffer_view(copy)));
    return 0;
}
