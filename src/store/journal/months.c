/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* months.c - the states of months: made, and verified.
 *
 * A month is made only once an entry of a later one exists: ids grow, so nothing can come before it any more,
 * whatever the clocks of other processes say. A state holds from `since` to `until`; each month closes the
 * states of the records that changed and adds theirs, so that states grow with changes and not with months.
 */
#include <string.h>

#include "arena/arena.h"
#include "clock/clock.h"
#include "db/sight.h"
#include "db/statement.h"
#include "journal/entry.h"
#include "journal/replay.h"

#define OURS BY_PROGRAM("journal")

/* The first instant of the month after that of this entry, where people live. */
static int64_t next_month_us(int64_t entry)
{
    int year, month, day;
    day_split(day_at(id_instant_us(entry)), &year, &month, &day);
    return day_start_us(month == 12 ? day_of(year + 1, 1, 1) : day_of(year, month + 1, 1));
}

/* The next month to make, PAST_NOW: none has begun. A transaction is of the month in which it ended. */
static struct fault *next_bound(struct connection *c, int64_t *last, int64_t *bound)
{
    int64_t entry;
    *bound = PAST_NOW;
    TRY(db_integer(c, last, 0, OURS "SELECT max(id) FROM journal_month", NO_ARGS));
    TRY(db_integer(c, &entry, 0,
                   OURS "SELECT max(id) FROM journal WHERE batch ="
                        " (SELECT batch FROM journal WHERE id >= $1 ORDER BY id LIMIT 1)",
                   ARGS(ARG(*last))));
    return entry ? past_bound(c, next_month_us(entry), bound) : NULL;
}

static void pack_state(struct buffer *b, const struct past *p)
{
    struct journal_change values[LIMIT_FIELDS];
    for (size_t i = 0; i < p->count; i++)
        values[i] = (struct journal_change){.field = p->values[i].field, .after = p->values[i].plain};
    changes_pack(b, values, p->count);
}

static struct fault *make_state(struct transaction *t, const char *type, int64_t record, int64_t bound)
{
    ARENA_SCOPE(work);
    struct past p;
    struct buffer *state = buffer_new(work, LIMIT_RESPONSE);
    int64_t there;
    TRY(db_integer(t->connection, &there, 0,
                   OURS "SELECT since FROM journal_state WHERE type = $1 AND record = $2 AND since = $3",
                   ARGS(ARG(type), ARG(record), ARG(bound))));
    TRY(past_of(t->connection, work, type, record, bound, &p));
    if (there || !p.known)
        return NULL;
    pack_state(state, &p);
    TRY(buffer_check(state));
    /* The one before, by its whole key: asked for by its end, every open state of the type was looked at. */
    TRY(change_queue(t,
                     SQL(OURS
                         "UPDATE journal_state SET until = $3 WHERE type = $1 AND record = $2 AND since ="
                         " (SELECT max(s.since) FROM journal_state s WHERE s.type = $1 AND s.record = $2"
                         " AND s.since < $3)"),
                     ARGS(ARG(type), ARG(record), ARG(bound))));
    return change_queue(t,
                        SQL(OURS "INSERT INTO journal_state(type, record, since, until, gone, state)"
                                 " VALUES($1, $2, $3, $4, $5, $6)"),
                        ARGS(ARG(type), ARG(record), ARG(bound), argument_integer(PAST_NOW),
                             argument_integer(!p.present), ARG(buffer_view(state))));
}

#define TOUCHED(COLUMN) COLUMN(integer, id) COLUMN(text, type) COLUMN(integer, record)
ROW(touched_row, TOUCHED)

struct fault *months_make(struct transaction *t, int64_t most, struct months_work *w, bool *more)
{
    ARENA_SCOPE(work);
    struct touched_row *touched;
    size_t count;
    TRY(transaction_check(t));
    if (!w->bound)
        TRY(next_bound(t->connection, &w->entry, &w->bound));
    *more = w->bound != PAST_NOW;
    if (!*more)
        return NULL;
    TRY(db_select(t->connection, work, touched_row, &touched, &count,
                  OURS "SELECT id AS id, type AS type, record AS record FROM journal"
                       " WHERE id >= $1 AND id < $2 ORDER BY id LIMIT $3",
                  ARGS(ARG(w->entry), ARG(w->bound), ARG(most))));
    for (size_t i = 0; i < count; i++) {
        if (touched[i].record)
            TRY(make_state(t, touched[i].type, touched[i].record, w->bound));
        w->entry = touched[i].id + 1;
    }
    if ((int64_t)count == most)
        return connection_settle(t->connection);
    TRY(change_queue(t, SQL(OURS "INSERT INTO journal_month(id) VALUES($1) ON CONFLICT DO NOTHING"),
                     ARGS(ARG(w->bound))));
    *w = (struct months_work){0};
    return connection_settle(t->connection);
}

/* Verifying. */

struct checking {
    struct connection *connection;
    struct arena *arena; /* of the record being checked */
    const char *type;
    struct past past; /* of the record, as far as it was replayed */
    int64_t since, until;
};

static struct fault *state_wrong(const char *type, int64_t record)
{
    return fault(FAULT_INVALID, "The state of a month is not what the journal says: %s %lld.", type,
                 (long long)record);
}

/* The first state of another record: the one before must have been its last. */
static struct fault *check_next(struct checking *k, struct slice type, int64_t record)
{
    if (k->type && k->until != PAST_NOW)
        return state_wrong(k->type, k->past.record);
    arena_free(k->arena);
    k->arena = arena_new(LIMIT_SCRATCH_MEMORY);
    k->type = slice_text(k->arena, type);
    k->past = (struct past){.record = record};
    k->since = k->until = 0;
    return NULL;
}

/* Columns type, record, since, until, gone, state, in this order of the first three. */
static struct fault *check_state(void *owner, struct statement *s)
{
    struct checking *k = owner;
    ARENA_SCOPE(work);
    struct buffer *expected = buffer_new(work, LIMIT_RESPONSE);
    struct slice type = statement_bytes(s, 0);
    int64_t record = statement_integer(s, 1), since = statement_integer(s, 2);
    if (!k->type || record != k->past.record || !slice_equal(type, slice_of(k->type)))
        TRY(check_next(k, type, record));
    else if (k->until != since)
        return state_wrong(k->type, record);
    TRY(past_replay(k->connection, k->arena, k->type, k->since, since, &k->past));
    pack_state(expected, &k->past);
    k->since = since;
    k->until = statement_integer(s, 3);
    bool same = k->past.known && k->past.present == !statement_integer(s, 4) &&
                slice_equal(buffer_view(expected), statement_bytes(s, 5));
    return same ? NULL : state_wrong(k->type, record);
}

#define MONTH(COLUMN) COLUMN(integer, id)
ROW(month_row, MONTH)

/* Has every record that changed in a month, and whose values were all kept, its state? */
static struct fault *check_complete(struct connection *c, int64_t from, int64_t month)
{
    int64_t made, expected;
    TRY(db_integer(c, &made, 0, OURS "SELECT count(*) FROM journal_state WHERE since = $1",
                   ARGS(ARG(month))));
    TRY(db_integer(c, &expected, 0,
                   OURS
                   "SELECT count(*) FROM (SELECT DISTINCT j.type, j.record FROM journal j"
                   " WHERE j.id >= $1 AND j.id < $2 AND j.record <> 0 AND NOT EXISTS"
                   " (SELECT 1 FROM journal e WHERE e.record = j.record AND e.type = j.type AND e.id < $2"
                   " AND NOT EXISTS (SELECT 1 FROM journal_values v WHERE v.entry = e.id))) x",
                   ARGS(ARG(from), ARG(month))));
    return made == expected ? NULL
                            : fault(FAULT_INVALID, "A month of the journal has %lld states instead of %lld.",
                                    (long long)made, (long long)expected);
}

static struct fault *check_months(struct connection *c)
{
    ARENA_SCOPE(work);
    struct month_row *months;
    size_t count;
    TRY(db_select(c, work, month_row, &months, &count, OURS "SELECT id AS id FROM journal_month ORDER BY id",
                  NO_ARGS));
    for (size_t i = 0; i < count; i++)
        TRY(check_complete(c, i ? months[i - 1].id : 0, months[i].id));
    return NULL;
}

struct fault *months_verify(struct connection *c, int64_t *states)
{
    struct checking k = {.connection = c, .arena = arena_new(LIMIT_SCRATCH_MEMORY)};
    struct statement *s;
    *states = 0;
    struct fault *wrong =
        statement_literal(c,
                          SQL(OURS "SELECT type, record, since, until, gone, state FROM journal_state"
                                   " ORDER BY type, record, since"),
                          &s);
    if (!wrong)
        wrong = statement_walk(c, s, NO_ARGS);
    if (!wrong)
        wrong = statement_each(c, s, check_state, &k, states);
    if (!wrong && k.type && k.until != PAST_NOW)
        wrong = state_wrong(k.type, k.past.record);
    arena_free(k.arena);
    return wrong ? wrong : check_months(c);
}
