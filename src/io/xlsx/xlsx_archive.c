/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "xlsx/xlsx_archive.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include "arena/arena.h"
#include "i18n/i18n.h"

struct xlsx_archive {
    zip_t *zip;
};

struct xlsx_entry {
    const char *name;
    zip_file_t *file;
    int64_t read, size;
};

struct fault *xlsx_damaged(const char *part)
{
    return fault(FAULT_INVALID,
                 "This workbook is damaged (%.80s): open it in your spreadsheet, save it again, then send it "
                 "again.",
                 part);
}

static struct fault *too_large(void)
{
    return fault(FAULT_LIMIT, "This workbook would unpack to more than a table of firms can be: it is not "
                              "read. Save the one sheet that is wanted as a workbook of its own, or as CSV.");
}

/* --- the archive ----------------------------------------------------------------------------------- */

static void close_archive(void *thing)
{
    struct xlsx_archive *x = thing;
    if (x->zip)
        zip_discard(x->zip);
}

/* The end of an archive says how many entries it has: at most 65,535, unless a second end for huge archives
 * stands before it. Nobody's table needs that one, and its count would be believed with memory. */
static bool has_huge_end(struct slice tail)
{
    static const char locator[] = "PK\006\007";
    return memmem(tail.ptr, tail.len, locator, sizeof locator - 1) != NULL;
}

enum { TAIL = 66 * 1024 }; /* the end with its longest comment */

static struct fault *read_tail(struct arena *a, const char *path, struct slice *tail)
{
    FILE *file = fopen(path, "rbe");
    if (!file)
        return fault(FAULT_IO, "%s cannot be opened.", path);
    char *bytes = NEW(a, char, TAIL);
    if (fseek(file, -TAIL, SEEK_END) != 0)
        rewind(file);
    *tail = (struct slice){bytes, fread(bytes, 1, TAIL, file)};
    (void)fclose(file);
    return NULL;
}

static struct fault *check_entry(zip_t *zip, zip_uint64_t i, uint64_t *total)
{
    const zip_uint64_t wanted = ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE;
    zip_stat_t s;
    if (zip_stat_index(zip, i, 0, &s) != 0 || (s.valid & wanted) != wanted)
        return xlsx_damaged("ZIP");
    if ((s.valid & ZIP_STAT_ENCRYPTION_METHOD) && s.encryption_method != ZIP_EM_NONE)
        return fault(FAULT_INVALID, "This file is protected by a password: save it without one, then send it "
                                    "again.");
    *total += s.size < LIMIT_XLSX_UNPACKED ? s.size : LIMIT_XLSX_UNPACKED;
    if (s.size > LIMIT_XLSX_UNPACKED || *total > LIMIT_XLSX_UNPACKED ||
        (s.size > LIMIT_XLSX_RATIO_FROM && s.size / LIMIT_XLSX_RATIO > s.comp_size))
        return too_large();
    return NULL;
}

static struct fault *check_entries(zip_t *zip)
{
    uint64_t total = 0;
    zip_int64_t count = zip_get_num_entries(zip, 0);
    if (count > LIMIT_XLSX_ENTRIES)
        return too_large();
    for (zip_int64_t i = 0; i < count; i++)
        TRY(check_entry(zip, (zip_uint64_t)i, &total));
    return NULL;
}

bool xlsx_archive_has(const struct xlsx_archive *x, const char *name)
{
    return zip_name_locate(x->zip, name, ZIP_FL_NOCASE) >= 0;
}

/* What else people choose, told by an entry of it. */
static struct fault *refuse_strangers(const struct xlsx_archive *x)
{
    static const struct {
        const char *entry, *word;
    } strangers[] = {
        {"xl/workbook.bin",
         N_("This file is a binary Excel workbook (.xlsb): save it as a workbook (.xlsx) or as CSV UTF-8 "
            "(File > Save As), then import it again.")},
        {"content.xml",
         N_("This file is an OpenDocument file (.ods): save it as a workbook (.xlsx) or as CSV "
            "UTF-8 (File > Save As), then import it again.")},
        {"word/document.xml", N_("This file is a Word document (.docx): a table of firms is expected, as a "
                                 "workbook (.xlsx) or as CSV UTF-8.")},
    };
    if (xlsx_archive_has(x, "_rels/.rels") && !xlsx_archive_has(x, strangers[0].entry) &&
        !xlsx_archive_has(x, strangers[2].entry))
        return NULL;
    for (size_t i = 0; i < COUNT(strangers); i++)
        if (xlsx_archive_has(x, strangers[i].entry))
            return fault(FAULT_INVALID, "%s", tr(strangers[i].word));
    return fault(FAULT_INVALID, "This file is a ZIP archive: extract the table it holds, then import it.");
}

struct fault *xlsx_archive_open(struct arena *a, const char *path, struct slice bytes,
                                struct xlsx_archive **out)
{
    struct xlsx_archive *x = *out = NEW(a, struct xlsx_archive, 1);
    struct slice tail = slice_from(bytes, bytes.len > TAIL ? bytes.len - TAIL : 0);
    if (path)
        TRY(read_tail(a, path, &tail));
    if (has_huge_end(tail))
        return too_large();
    zip_source_t *source = path ? zip_source_file_create(path, 0, -1, NULL)
                                : zip_source_buffer_create(bytes.ptr, bytes.len, 0, NULL);
    x->zip = source ? zip_open_from_source(source, ZIP_RDONLY, NULL) : NULL;
    if (!x->zip) {
        if (source)
            zip_source_free(source);
        return xlsx_damaged("ZIP");
    }
    arena_defer(a, close_archive, x);
    TRY(check_entries(x->zip));
    return refuse_strangers(x);
}

/* --- its entries ----------------------------------------------------------------------------------- */

static void close_entry(void *thing)
{
    struct xlsx_entry *e = thing;
    (void)zip_fclose(e->file);
}

struct fault *xlsx_entry_open(struct arena *a, const struct xlsx_archive *x, const char *name,
                              struct xlsx_entry **out)
{
    struct xlsx_entry *e = *out = NEW(a, struct xlsx_entry, 1);
    zip_stat_t s;
    e->name = name;
    if (zip_stat(x->zip, name, ZIP_FL_NOCASE, &s) != 0)
        return xlsx_damaged(name);
    e->size = (int64_t)s.size;
    e->file = zip_fopen_index(x->zip, s.index, 0);
    if (!e->file)
        return xlsx_damaged(name);
    arena_defer(a, close_entry, e);
    return NULL;
}

struct fault *xlsx_entry_read(struct xlsx_entry *e, char *to, size_t room, size_t *got)
{
    zip_int64_t count = zip_fread(e->file, to, room);
    *got = 0;
    if (count < 0 || e->read + count > e->size || (count == 0 && e->read != e->size))
        return xlsx_damaged(e->name);
    *got = (size_t)count;
    e->read += count;
    return NULL;
}

int64_t xlsx_entry_read_so_far(const struct xlsx_entry *e)
{
    return e->read;
}

int64_t xlsx_entry_size(const struct xlsx_entry *e)
{
    return e->size;
}
