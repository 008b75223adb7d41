/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "table/table.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "arena/arena.h"
#include "csv/csv.h"
#include "table/header.h"
#include "xlsx/xlsx.h"

struct table {
    struct csv *csv;   /* one of the two, */
    struct xlsx *xlsx; /* the other NULL */
    const struct header *header;
};

/* --- what kind of file ----------------------------------------------------------------------------- */

#define OLE "\xD0\xCF\x11\xE0" /* old workbooks, and new ones behind a password */

/* How it begins; empty for standard input, which cannot be read twice. */
static struct fault *read_beginning(const char *path, char out[4], struct slice *beginning)
{
    *beginning = (struct slice){out, 0};
    if (strcmp(path, "-") == 0)
        return NULL;
    FILE *file = fopen(path, "rbe");
    if (!file && errno == ENOENT)
        return fault(FAULT_NOT_FOUND, "There is no file %s.", path);
    if (!file)
        return fault(FAULT_IO, "%s cannot be opened: %s.", path, strerror(errno));
    beginning->len = fread(out, 1, 4, file);
    (void)fclose(file);
    return NULL;
}

static bool is_archive(struct slice beginning)
{
    return slice_starts(beginning, S("PK\003\004")) || slice_starts(beginning, S("PK\005\006"));
}

/* The name of the part in which a workbook with a password is kept, as the old container writes names. */
static bool speaks_of_encryption(struct slice bytes)
{
    static const char name[] = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e";
    return memmem(bytes.ptr, bytes.len, name, sizeof name - 1) != NULL;
}

static bool file_speaks_of_encryption(const char *path)
{
    enum { PIECE = 64 * 1024, OVERLAP = 64 };
    ARENA_SCOPE(work);
    char *piece = NEW(work, char, PIECE + OVERLAP);
    FILE *file = fopen(path, "rbe");
    bool found = false;
    size_t kept = 0;
    for (size_t got = 1; file && got && !found;) {
        got = fread(piece + kept, 1, PIECE, file);
        size_t length = kept + got;
        found = speaks_of_encryption((struct slice){piece, length});
        kept = length < OVERLAP ? length : OVERLAP;
        memmove(piece, piece + length - kept, kept);
    }
    if (file)
        (void)fclose(file);
    return found;
}

static struct fault *refuse_encrypted(bool encrypted)
{
    return encrypted ? fault(FAULT_INVALID, "This file is protected by a password: save it without one, then "
                                            "send it again.")
                     : NULL; /* an old workbook: the CSV reader says what to do */
}

/* --- opened ---------------------------------------------------------------------------------------- */

static struct fault *opened(struct table *t, const char *sheet)
{
    t->header = t->csv ? csv_header(t->csv) : xlsx_header(t->xlsx);
    if (t->csv && sheet)
        return fault(FAULT_INVALID, "This file is a CSV: it has no sheets to choose from.");
    return NULL;
}

struct fault *table_open(struct arena *a, const char *path, const char *sheet, struct table **out)
{
    struct table *t = *out = NEW(a, struct table, 1);
    char bytes[4];
    struct slice beginning;
    TRY(read_beginning(path, bytes, &beginning));
    if (slice_starts(beginning, S(OLE)))
        TRY(refuse_encrypted(file_speaks_of_encryption(path)));
    TRY(is_archive(beginning) ? xlsx_open(a, path, S(""), sheet, &t->xlsx) : csv_open(a, path, &t->csv));
    return opened(t, sheet);
}

struct fault *table_open_bytes(struct arena *a, struct slice bytes, const char *sheet, struct table **out)
{
    struct table *t = *out = NEW(a, struct table, 1);
    if (slice_starts(bytes, S(OLE)))
        TRY(refuse_encrypted(speaks_of_encryption(bytes)));
    TRY(is_archive(bytes) ? xlsx_open(a, NULL, bytes, sheet, &t->xlsx) : csv_open_bytes(a, bytes, &t->csv));
    return opened(t, sheet);
}

struct fault *table_sheets(struct arena *a, const char *path, const char ***names, size_t *count)
{
    char bytes[4];
    struct slice beginning;
    *names = NULL;
    *count = 0;
    TRY(read_beginning(path, bytes, &beginning));
    return is_archive(beginning) ? xlsx_sheets(a, path, S(""), names, count) : NULL;
}

/* --- read ------------------------------------------------------------------------------------------ */

int table_columns(const struct table *t)
{
    return t->header->count;
}

const char *table_column(const struct table *t, int column)
{
    return t->header->names[column];
}

int table_column_find(const struct table *t, const char *name)
{
    return header_find(t->header, name);
}

const char *table_sheet(const struct table *t)
{
    return t->xlsx ? xlsx_sheet(t->xlsx) : NULL;
}

char table_separator(const struct table *t)
{
    return t->csv ? csv_separator(t->csv) : '\0';
}

const char *table_encoding(const struct table *t)
{
    return t->csv ? csv_encoding(t->csv) : "";
}

int64_t table_bytes_read(const struct table *t)
{
    return t->csv ? csv_bytes_read(t->csv) : xlsx_bytes_read(t->xlsx);
}

int64_t table_bytes_total(const struct table *t)
{
    return t->csv ? csv_bytes_total(t->csv) : xlsx_bytes_total(t->xlsx);
}

struct fault *table_next(struct table *t, struct slice **cells, int64_t *line, bool *more)
{
    return t->csv ? csv_next(t->csv, cells, line, more) : xlsx_next(t->xlsx, cells, line, more);
}
