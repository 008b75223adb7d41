/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* params.h - what browsers send, decoded: query strings, forms, cookies, path segments. Pure.
 *
 * Every decoded text is UTF-8 without NUL, or the whole is INVALID (RFC 3986 2.1, WHATWG URL 5.1). */
#ifndef GRAPPE_PARAMS_H
#define GRAPPE_PARAMS_H

#include <stdbool.h>
#include <stddef.h>

#include "fault/fault.h"
#include "text/slice.h"

struct arena;

struct param {
    const char *name, *value;
};

struct params {
    struct param *at;
    size_t count;
};

const char *param(const struct params *, const char *name); /* the first of that name; NULL when absent */
const char *param_text(const struct params *, const char *name); /* "" when absent */
size_t param_count(const struct params *, const char *name);

/* "a=b&c=%20d+e". LIMIT beyond LIMIT_FORM_FIELDS pairs. */
struct fault *params_read(struct arena *, struct slice encoded, struct params *) MUST_CHECK;

/* The Cookie header. Pairs that are malformed are left out: other programs of the host set them too. */
void cookies_read(struct arena *, const char *header, struct params *);

/* One path segment or value: %XX undone, and '+' too when `form`. */
struct fault *percent_decode(struct arena *, struct slice encoded, bool form, char **decoded) MUST_CHECK;

#endif
