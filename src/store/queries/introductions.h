/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef GRAPPE_QUERIES_INTRODUCTIONS_H
#define GRAPPE_QUERIES_INTRODUCTIONS_H

#include "db/db.h"
#include "db/sight.h"

/* Open needs, as the asker sees them, of which no introduction is open and none was delivered (need_waits in
 * domain/introductions), oldest first. owner: of that organisation alone; UNKNOWN_INTEGER: of all. */
#define WAITING_NEED(COLUMN) COLUMN(integer, id) COLUMN(integer, organisation) COLUMN(text, title)
ROW(waiting_need, WAITING_NEED)
struct fault *introductions_needs_waiting(struct connection *, struct arena *, const struct sight *,
                                          int64_t owner, int64_t most, struct waiting_need **,
                                          size_t *count) MUST_CHECK;

#endif
