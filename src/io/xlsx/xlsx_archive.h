/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* xlsx_archive.h - the ZIP archive a workbook is, opened with suspicion.
 *
 * What the archive declares is held against limits.h before anything is unpacked, and what is unpacked
 * against what was declared: a bomb is refused without being set off. */
#ifndef GRAPPE_XLSX_ARCHIVE_H
#define GRAPPE_XLSX_ARCHIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "fault/fault.h"
#include "text/slice.h"

struct arena;
struct xlsx_archive;
struct xlsx_entry;

/* From a path, or from bytes the caller keeps when it is NULL. Closed with the arena. INVALID when it is
 * damaged, encrypted, or says it is something else than a workbook (with what to do); LIMIT for a bomb. */
struct fault *xlsx_archive_open(struct arena *, const char *path, struct slice bytes,
                                struct xlsx_archive **) MUST_CHECK;
bool xlsx_archive_has(const struct xlsx_archive *, const char *name);

/* INVALID when there is no such entry or it cannot be unpacked. Names are compared without case. */
struct fault *xlsx_entry_open(struct arena *, const struct xlsx_archive *, const char *name,
                              struct xlsx_entry **) MUST_CHECK;
/* *got 0 at the end, where the checksum was right. */
struct fault *xlsx_entry_read(struct xlsx_entry *, char *to, size_t room, size_t *got) MUST_CHECK;
int64_t xlsx_entry_read_so_far(const struct xlsx_entry *);
int64_t xlsx_entry_size(const struct xlsx_entry *);

/* What is said of every part that cannot be read. */
struct fault *xlsx_damaged(const char *part) MUST_CHECK;

#endif
