/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef GRAPPE_QUERIES_COMPETITORS_H
#define GRAPPE_QUERIES_COMPETITORS_H

#include "db/db.h"

/* Who competes with one of these organisations, whichever of the two said so: for the program, which shuts
 * them out. In the order of ids. */
#define COMPETING_ROW(COLUMN) COLUMN(integer, organisation)
ROW(competing_row, COMPETING_ROW)
struct fault *competitors_of_any(struct connection *, struct arena *, const int64_t *organisations,
                                 size_t count, struct competing_row **, size_t *found) MUST_CHECK;

#endif
