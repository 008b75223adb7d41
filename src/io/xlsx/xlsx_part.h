/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* xlsx_part.h - one XML part of a workbook, read as it is unpacked: in pieces, and no further than asked.
 *
 * Document types and so entities are refused; nesting and the length of a tag are bounded, so memory stays
 * flat whatever the part holds. Prefixes of names are dropped: writers choose them freely. */
#ifndef GRAPPE_XLSX_PART_H
#define GRAPPE_XLSX_PART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fault/fault.h"

struct arena;
struct xlsx_archive;
struct xlsx_part;

/* Any may be NULL. Text comes in pieces. */
struct xlsx_handlers {
    void (*start)(void *with, const char *name, const char **attributes);
    void (*end)(void *with, const char *name);
    void (*text)(void *with, const char *text, int length);
};

/* The value of an attribute; NULL: absent. */
const char *xlsx_attribute(const char **attributes, const char *name);

/* Closed with the arena. `with` is given to the handlers. */
struct fault *xlsx_part_open(struct arena *, const struct xlsx_archive *, const char *name,
                             const struct xlsx_handlers *, void *with, struct xlsx_part **) MUST_CHECK;

/* Reads to the end (*more false), or until a handler says so. After a fault nothing more can be read. */
struct fault *xlsx_part_read(struct xlsx_part *, bool *more) MUST_CHECK;
void xlsx_part_pause(struct xlsx_part *);                   /* from a handler: that is enough for now */
void xlsx_part_fail(struct xlsx_part *, struct fault *why); /* from a handler: the first one counts */

int64_t xlsx_part_bytes_read(const struct xlsx_part *);
int64_t xlsx_part_bytes_total(const struct xlsx_part *);

/* The whole part at once. */
struct fault *xlsx_part_read_whole(struct arena *, const struct xlsx_archive *, const char *name,
                                   const struct xlsx_handlers *, void *with, struct xlsx_part **) MUST_CHECK;

#endif
