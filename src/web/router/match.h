/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* match.h - paths against patterns ("/needs/{id}/matches"). Pure. */
#ifndef GRAPPE_MATCH_H
#define GRAPPE_MATCH_H

#include <stdbool.h>

#include "http/params.h"

/* Does a path, as sent, fit? Parts are decoded into *parts. A segment that is empty, "." or "..", or decodes
 * to one, or to something with "/", a control character or bad UTF-8, fits no part. Cost O(length). */
bool path_fits(struct arena *, const char *pattern, const char *path, struct params *parts);

/* The same without decoding: for limits, before the arena exists. Ends at a '?'. */
bool path_may_fit(const char *pattern, const char *path);

/* Is this part of a pattern ("{id}", "{firm_id}") a positive integer? */
bool part_is_integer(struct slice name);

/* The order in which patterns are tried: where two differ, a literal segment before an integer before a text.
 * 0: they answer the same paths. */
int pattern_compare(const char *a, const char *b);

/* Begins with '/', segments not empty, {names} of letters and _ ("/" itself is one). */
bool pattern_valid(const char *pattern);

#endif
