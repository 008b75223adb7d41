/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "queries/competitors.h"

#include "db/sight.h"

struct fault *competitors_of_any(struct connection *c, struct arena *a, const int64_t *organisations,
                                 size_t count, struct competing_row **rows, size_t *found)
{
    return db_select(
        c, a, competing_row, rows, found,
        BY_PROGRAM("rights") "SELECT c.competitor AS organisation FROM competitor c"
                             " WHERE c.deleted_us IS NULL AND c.competitor IS NOT NULL"
                             " AND c.organisation IN (SELECT id FROM id_list($1))"
                             " UNION SELECT c.organisation AS organisation FROM competitor c"
                             " WHERE c.deleted_us IS NULL"
                             " AND c.competitor IN (SELECT id FROM id_list($1)) ORDER BY organisation",
        ARGS(argument_ids(organisations, count)));
}
