/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* place.h - where a space is: a file, or postgresql://…?schema=NAME; private to store/. */
#ifndef GRAPPE_PLACE_H
#define GRAPPE_PLACE_H

#include "db/db.h"

struct arena;

/* The schema of a URL, taken out of it; the rest is for libpq. INVALID without one or with an odd one. */
struct place {
    const char *url, *schema;
};
struct fault *place_read(struct arena *, const char *url, struct place *) MUST_CHECK;

#endif
