/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* fold.h - the one form in which texts are compared, searched and sorted.
 *
 * Lower case, no accents, ligatures undone (œ → oe, æ → ae, ﬁ → fi), ß → ss, micro sign and Greek mu → u,
 * Ø → o, typographic dashes and quotes → - and ', every kind of space → one plain space. Bytes that are not
 * UTF-8 become '?'. Both sides of every comparison go through here, so the choice only has to be stable. */
#ifndef GRAPPE_FOLD_H
#define GRAPPE_FOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text/slice.h"

struct arena;

/* Cost O(bytes); ASCII without tables. */
struct slice fold(struct arena *, struct slice);
char *fold_text(struct arena *, const char *text); /* NUL-terminated; NULL gives "" */

/* As fold, and (*origin)[i] is the offset in the source of the character folded byte i came from;
 * (*origin)[len] is the source length. */
struct slice fold_traced(struct arena *, struct slice, uint32_t **origin);

/* The next run of letters and digits of a folded text; *position moves past it. */
bool next_word(struct slice folded, size_t *position, struct slice *word);

bool utf8_valid(struct slice);
size_t utf8_length(struct slice); /* characters; an invalid byte counts as one */

#endif
