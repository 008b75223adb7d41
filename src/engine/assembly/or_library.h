/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* or_library.h - reads set covering instances as the OR-Library publishes them (Beasley 1990). */
#ifndef GRAPPE_ASSEMBLY_OR_LIBRARY_H
#define GRAPPE_ASSEMBLY_OR_LIBRARY_H

#include "assembly/cover.h"
#include "text/slice.h"

/* "rows columns", then the costs, then for each row a count and its columns from 1; with `rail`, for each
 * column its cost, a count and its rows. INVALID with the line: what is no whole number, is out of range, is
 * missing or too much. */
struct fault *or_library_parse(struct arena *, struct slice text, bool rail, struct cover *) MUST_CHECK;

#endif
