/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "queries/introductions.h"

#include "arena/arena.h"

struct fault *introductions_needs_waiting(struct connection *c, struct arena *a, const struct sight *s,
                                          int64_t owner, int64_t most, struct waiting_need **rows,
                                          size_t *count)
{
    connection_ask(c, s);
    return db_select(c, a, waiting_need, rows, count,
                     "SELECT n.id AS id, n.organisation AS organisation, n.title AS title FROM seen_need n"
                     " WHERE n.state = 'open' AND (CAST($1 AS BIGINT) IS NULL OR n.organisation = $1)"
                     " AND NOT EXISTS (SELECT 1 FROM seen_introduction i WHERE i.need = n.id"
                     " AND (i.due IS NOT NULL OR i.state = 'delivered'))"
                     " ORDER BY n.id LIMIT $2",
                     ARGS(ARG(owner), ARG(most)));
}
