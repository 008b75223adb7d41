/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* tags.h - the tags of the pages drawn last, found again by what they were drawn from.
 *
 * A tag is of the page that was drawn. One of what it was drawn from would tell that something was written,
 * though nothing is to be seen of it; but while that is the same, so is the page, and need not be drawn. */
#ifndef GRAPPE_TAGS_H
#define GRAPPE_TAGS_H

#include <stdbool.h>

struct tag {
    unsigned char bytes[16];
};

/* The tag of the page drawn from this; false: it must be drawn. The latest 8,192 or fewer are kept, for all
 * threads. */
bool tag_find(const struct tag *from, struct tag *of);
void tag_keep(const struct tag *from, const struct tag *of);

#endif
