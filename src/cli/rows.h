/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* rows.h - an answer of rows on standard output: CSV with commas, or a JSON document with the same rows.
 *
 * Cells are given from left to right; after the last of a row the next begins by itself. Numbers are in the
 * shortest form that reads back to the same one; unknown is an empty cell, or null. */
#ifndef GRAPPE_ROWS_OUT_H
#define GRAPPE_ROWS_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text/json.h"

struct rows_out {
    struct json json;
    const char *const *columns;
    size_t count, at;
    bool as_json;
};

/* `columns` is kept by the caller, NULL at its end. In JSON {"NAME": [rows … . */
struct rows_out rows_out_start(struct buffer *, const char *name, const char *const *columns, bool as_json);
void rows_out_text(struct rows_out *, struct slice);
void rows_out_number(struct rows_out *, double);
/* … ], "sentence": …}; the sentence of a CSV goes to standard error. Then all of it to standard output. */
struct fault *rows_out_finish(struct rows_out *, const char *sentence) MUST_CHECK;

/* An answer as a whole, to standard output: LIMIT when it grew too long, IO when it cannot be written. */
struct fault *answer_print(struct buffer *) MUST_CHECK;

#endif
