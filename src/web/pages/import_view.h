/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef GRAPPE_IMPORT_VIEW_H
#define GRAPPE_IMPORT_VIEW_H

#include "imports/uploads.h"
#include "pages/frame.h"

struct imports_view {
    struct frame frame;
    const struct import_line_view {
        const char *file, *on, *who, *created, *completed, *refused;
        const char *undone;    /* the day; NULL: it stands */
        const char *undo_href; /* NULL when undone */
    } * lines;
    size_t count;
    struct pager pager;
    const char *error; /* why an import was not undone */
};

struct import_new_view {
    struct frame frame;
    const struct upload_field *fields;
    size_t field_count;
    const char *error;
};

struct import_columns_view {
    struct frame frame;
    const char *token, *facts; /* "112 rows, 6 columns, semicolon, Windows-1252" */
    const struct uploaded *file;
    const struct upload_column *columns; /* with what was just chosen, when it was refused */
    const struct upload_field *fields;
    size_t field_count;
    bool official;                /* a file of the register: it says enough without a mapping */
    const char *left;             /* "32 other columns, left out unless you say so"; NULL: none */
    const char *error, *error_at; /* error_at: "m3", or "" */
};
bool column_is(const char *error_at, size_t column);

struct import_result_view {
    struct frame frame;
    const char *token, *undo_href;
    const struct uploaded *file;
    const struct upload_result *result;
    struct import_tally {
        const char *count, *label;
        bool problem;
    } tally[10];
    size_t tally_count;
    const char *keep, *kept; /* "Keep 108 organisations", "108 organisations kept."; NULL: none */
    size_t refusals_shown;
    const char *refusals_more; /* NULL: all are shown */
    const char *known_more;    /* of those recognised; NULL: all are shown */
};

/* <option>s by group, the one of `key` chosen. */
void import_options_draw(struct html *, const struct upload_field *, size_t count, const char *key);

#endif
