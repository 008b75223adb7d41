/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* slice.h - a piece of somebody else's text: pointer and length, no NUL needed. */
#ifndef GRAPPE_SLICE_H
#define GRAPPE_SLICE_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

struct slice {
    const char *ptr;
    size_t len;
};

#define S(literal) ((struct slice){"" literal, sizeof(literal) - 1})
#define SLICE_ARGS(s) (int)(s).len, (s).ptr /* for "%.*s" */

struct slice slice_of(const char *text); /* NULL gives an empty slice */
bool slice_equal(struct slice, struct slice);
int slice_compare(struct slice, struct slice); /* bytewise; a prefix sorts first */
bool slice_starts(struct slice, struct slice prefix);
struct slice slice_trim(struct slice); /* without ASCII white space and U+00A0, U+202F at both ends */
struct slice slice_from(struct slice, size_t start);

/* Takes the part before `separator` off the front of *rest; false when nothing is left to take. */
bool slice_cut(struct slice *rest, char separator, struct slice *part);

char *slice_text(struct arena *, struct slice); /* a copy, NUL-terminated */

#endif
