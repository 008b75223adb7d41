/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* header.h - the names of a table's columns: one each, found again however they are typed. */
#ifndef GRAPPE_HEADER_H
#define GRAPPE_HEADER_H

#include "text/slice.h"

struct arena;

struct header {
    int count;
    const char **names;
    struct slice *folded;
};

/* The second "Ville" is "Ville (2)". The names are copied. */
void header_set(struct header *, struct arena *, const struct slice *written, int count);
int header_find(const struct header *, const char *name); /* folded comparison; -1: absent */

#endif
