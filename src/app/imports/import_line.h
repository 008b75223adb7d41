/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* import_line.h - one line of a file as the records it speaks of; the inside of this room. */
#ifndef GRAPPE_IMPORT_LINE_H
#define GRAPPE_IMPORT_LINE_H

#include "imports/imports.h"
#include "records/records.h"
#include "register/register.h"

/* Terms of the space by every way to write them. */
struct import_terms;
struct fault *import_terms_load(struct door *, struct arena *, const struct import_terms **) MUST_CHECK;
/* The term a piece of a cell names exactly: code, label or synonym, among facets "process|material" (NULL:
 * any); 0 when there is none. *facet (may be NULL): the one it is of. */
int64_t import_term(const struct import_terms *, struct slice piece, const char *facets, const char **facet);

/* Names in cells that no term has, counted across the file. */
struct import_unknown {
    struct arena *arena;
    const char **texts;
    size_t count, capacity;
};

struct import_line {
    struct organisation organisation;
    struct site site;
    struct capability capability;
    struct person person;
    const char *first_name; /* of the person */
    struct term_list certifications;
    const char *words; /* what cells of terms say, for the title of the know-how */
    bool masked, past;
    int column; /* being read, for the report */

    struct arena *arena;
    const struct import_terms *terms;
    struct import_unknown *unknown;
};

/* Reads the cells into a line of which only arena, terms and unknown are set. INVALID with line->column the
 * column at fault. */
struct fault *import_line_read(const struct import_columns *, const struct slice *cells,
                               struct import_line *) MUST_CHECK;

bool import_says(const struct record_type *, const void *record); /* is any field known? */

/* The column a fault about this field of that type comes from; -1: none. */
int import_column_of(const struct import_columns *, const struct record_type *, const char *field);

#endif
