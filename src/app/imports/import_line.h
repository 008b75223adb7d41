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

/* Why a line cannot be kept. */
struct import_problem {
    int column;                     /* of the file; -1: not one alone */
    const struct record_type *type; /* the fault's field is of; NULL: it is of the file */
    struct fault fault;
};

struct import_line {
    struct organisation organisation;
    struct site site;
    struct capability capability;
    struct person person;
    const char *first_name; /* of the person */
    struct term_list certifications;
    const char *words;         /* what cells of terms say, for the title of the know-how */
    bool masked, past, unread; /* unread: the register's columns say nothing */
    struct import_problem *problems;
    size_t problem_count, problem_capacity;
    int64_t recognised; /* the organisation of the space it is about; 0: a new one */

    struct arena *arena;
    const struct import_terms *terms;
    struct import_unknown *unknown;
};

/* Notes what is wrong with a line and lets the reading go on; a fault that is not the line's comes back. A
 * field is noted once: what follows from its being unknown is no other problem. */
struct fault *import_problem(struct import_line *, int column, const struct record_type *,
                             struct fault *wrong) MUST_CHECK;

/* Reads the cells into a line of which only arena, terms and unknown are set. What is wrong with them goes to
 * line->problems. */
struct fault *import_line_read(const struct import_columns *, const struct slice *cells,
                               struct import_line *) MUST_CHECK;

bool import_says(const struct record_type *, const void *record); /* is any field known? */

/* The column a fault about this field of that type comes from; -1: none. */
int import_column_of(const struct import_columns *, const struct record_type *, const char *field);

#endif
