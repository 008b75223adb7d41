/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "journal/readings.h"

#include "arena/arena.h"
#include "clock/clock.h"
#include "db/sight.h"
#include "db/statement.h"
#include "journal/chain.h"

#define OURS BY_PROGRAM("journal")

/* Ids grow from one to the next even when the clock stepped back since. */
struct fault *readings_append(struct transaction *t, const struct reading *readings, size_t count)
{
    int64_t last;
    TRY(transaction_check(t));
    TRY(db_integer(t->connection, &last, 0,
                   OURS "SELECT coalesce(max(id), (SELECT entry FROM reading_seal ORDER BY seq DESC LIMIT 1))"
                        " FROM reading",
                   NO_ARGS));
    for (size_t i = 0; i < count; i++) {
        const struct reading *r = &readings[i];
        int64_t fresh = new_id();
        last = fresh > last ? fresh : last + 1;
        TRY(change_queue(t,
                         SQL(OURS "INSERT INTO reading(id, batch, at_us, person, act, type, record, digest)"
                                  " VALUES($1, $2, $3, $4, $5, $6, $7, $8)"),
                         ARGS(ARG(last), ARG(t->batch), ARG(r->at_us), ARG(r->person), ARG(r->act),
                              ARG(r->type), ARG(r->record), argument_bytes("", 0))));
    }
    return connection_settle(t->connection);
}

struct fault *readings_seal(struct transaction *t, int64_t most, int64_t *sealed)
{
    return chain_seal(t, STREAM_READINGS, most, sealed);
}

struct fault *readings_of_record(struct connection *c, struct arena *a, const char *type, int64_t record,
                                 size_t most, struct reading **readings, size_t *count)
{
    return db_select(c, a, reading, readings, count,
                     OURS "SELECT at_us AS at_us, person AS person, act AS act, type AS type,"
                          " record AS record, CAST(1 AS BIGINT) AS times FROM reading"
                          " WHERE record = $1 AND type = $2 UNION ALL"
                          " SELECT at_us, person, act, type, record, times FROM reading_day"
                          " WHERE record = $1 AND type = $2 ORDER BY at_us DESC LIMIT $3",
                     ARGS(ARG(record), ARG(type), argument_integer((int64_t)most)));
}
