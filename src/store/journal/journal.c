/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* journal.c - appending to the journal, forgetting, reading back.
 *
 * journal: one row an entry, in the order of commits (ids grow under the one writer). journal_values: salt
 * and packed changes, erasable; the entry keeps their digest. journal_seal: the chain, one link an entry.
 * reading, reading_seal: the same of who opened what, without values; reading_day: readings.h. journal_month,
 * journal_state: past.h.
 */
#include <sodium.h>
#include <string.h>

#include "arena/arena.h"
#include "clock/clock.h"
#include "db/statement.h"
#include "journal/chain.h"
#include "journal/entry.h"
#include "journal/schema.h"

#define OURS BY_PROGRAM("journal")

/* A stream: its entries, and their chain. */
static void stream_define(struct buffer *sql, const struct dialect *d, const char *name)
{
    buffer_print(sql,
                 "CREATE TABLE IF NOT EXISTS %s (\n"
                 "  id %s PRIMARY KEY, batch %s NOT NULL, at_us %s NOT NULL, person %s NOT NULL,\n",
                 name, d->integer, d->integer, d->integer, d->integer);
    buffer_print(sql, "  act %s NOT NULL, type %s NOT NULL, record %s NOT NULL, digest %s NOT NULL\n%s;\n",
                 d->integer, d->text, d->integer, d->bytes, d->table_end);
    buffer_print(sql, "CREATE INDEX IF NOT EXISTS %s_record ON %s(record);\n", name, name);
    buffer_print(sql,
                 "CREATE TABLE IF NOT EXISTS %s_seal (\n"
                 "  seq %s PRIMARY KEY, entry %s NOT NULL, link %s NOT NULL\n%s;\n",
                 name, d->integer, d->integer, d->bytes, d->table_end);
}

/* What stands from the entry `since` on and before `until`; "gone": deleted. */
static void states_define(struct buffer *sql, const struct dialect *d)
{
    buffer_print(sql, "CREATE TABLE IF NOT EXISTS journal_month (\n  id %s PRIMARY KEY\n%s;\n", d->integer,
                 d->table_end);
    buffer_print(sql,
                 "CREATE TABLE IF NOT EXISTS journal_state (\n"
                 "  type %s NOT NULL, record %s NOT NULL, since %s NOT NULL, until %s NOT NULL,\n",
                 d->text, d->integer, d->integer, d->integer);
    buffer_print(sql, "  gone %s NOT NULL, state %s NOT NULL,\n  PRIMARY KEY (type, record, since)\n%s;\n",
                 d->integer, d->text, d->keyed_end);
    buffer_text(sql,
                "CREATE INDEX IF NOT EXISTS journal_state_until ON journal_state(type, until, since);\n");
}

/* What is left of readings that were folded: `fold` is the number of the last of them in their chain. */
static void folds_define(struct buffer *sql, const struct dialect *d)
{
    buffer_print(sql,
                 "CREATE TABLE IF NOT EXISTS reading_day (\n"
                 "  fold %s NOT NULL, at_us %s NOT NULL, person %s NOT NULL, act %s NOT NULL,\n",
                 d->integer, d->integer, d->integer, d->integer);
    buffer_print(sql,
                 "  type %s NOT NULL, record %s NOT NULL, times %s NOT NULL,\n"
                 "  PRIMARY KEY (fold, at_us, person, act, type, record)\n%s;\n",
                 d->text, d->integer, d->integer, d->keyed_end);
    buffer_text(sql, "CREATE INDEX IF NOT EXISTS reading_day_record ON reading_day(record);\n");
}

void journal_define(struct buffer *sql, const struct dialect *d)
{
    stream_define(sql, d, "journal");
    stream_define(sql, d, "reading");
    buffer_text(sql, "CREATE INDEX IF NOT EXISTS journal_batch ON journal(batch);\n");
    buffer_print(sql,
                 "CREATE TABLE IF NOT EXISTS journal_values (\n"
                 "  entry %s PRIMARY KEY, salt %s NOT NULL, changes %s NOT NULL\n%s;\n",
                 d->integer, d->bytes, d->text, d->table_end);
    states_define(sql, d);
    folds_define(sql, d);
}

int64_t journal_batch(struct transaction *t)
{
    return t->batch;
}

/* Ids grow from entry to entry even when the clock stepped back since. */
static struct fault *next_entry(struct connection *c, int64_t version, int64_t *id)
{
    if (c->newest_at != version)
        TRY(db_integer(c, &c->newest_entry, 0, OURS "SELECT max(id) FROM journal", NO_ARGS));
    c->newest_at = version;
    *id = c->newest_entry = *id > c->newest_entry ? *id : c->newest_entry + 1;
    return NULL;
}

/* An entry's parts are the arguments of what stores it: a fresh id, seven more of the entry, salt, changes.
 */
enum { PARTS = 10, OF_ENTRY = 8 };

#define ENTRY_INSERT(ID)                                                                                     \
    "INSERT INTO journal(id, batch, at_us, person, act, type, record, digest)"                               \
    " VALUES(" ID ", $2, $3, $4, $5, $6, $7, $8)"
#define VALUES_INSERT "INSERT INTO journal_values(entry, salt, changes)"
#define NEXT_ID "(SELECT CASE WHEN max(id) >= $1 THEN max(id) + 1 ELSE $1 END FROM journal)"

/* Where asking for the newest entry would cost a round trip, the statement finds it, by the same rule. Where
 * statements are sent, one stores both rows. */
static struct fault *entry_queue(struct transaction *t, struct argument parts[PARTS])
{
    const struct engine *engine = t->connection->engine;
    int64_t version = engine->version(t->connection);
    struct arguments all = {parts, PARTS};
    if (!version)
        return change_queue(t,
                            SQL(OURS "WITH entry AS (" ENTRY_INSERT(
                                NEXT_ID) " RETURNING id) " VALUES_INSERT
                                         " SELECT id, CAST($9 AS BYTEA), CAST($10 AS TEXT) FROM entry"),
                            all);
    TRY(next_entry(t->connection, version, &parts[0].integer));
    if (engine->remote)
        return change_queue(
            t, SQL(OURS "WITH entry AS (" ENTRY_INSERT("$1") ") " VALUES_INSERT " VALUES($1, $9, $10)"), all);
    TRY(change_queue(t, SQL(OURS ENTRY_INSERT("$1")), (struct arguments){parts, OF_ENTRY}));
    return change_queue(t, SQL(OURS VALUES_INSERT " VALUES($1, $2, $3)"),
                        ARGS(parts[0], parts[OF_ENTRY], parts[OF_ENTRY + 1]));
}

static void draw_salt(struct connection *c, unsigned char salt[SALT_SIZE])
{
    if (!c->random_left) {
        randombytes_buf(c->random, sizeof c->random);
        c->random_left = sizeof c->random;
    }
    c->random_left -= SALT_SIZE;
    memcpy(salt, c->random + c->random_left, SALT_SIZE);
    sodium_memzero(c->random + c->random_left, SALT_SIZE); /* a salt that is erased is nowhere */
}

struct fault *journal_append(struct transaction *t, int64_t person, enum journal_act act, const char *type,
                             int64_t record, const struct journal_change *changes, size_t count)
{
    ARENA_SCOPE(work);
    unsigned char salt[SALT_SIZE], digest[DIGEST_SIZE];
    struct buffer *packed = buffer_new(work, LIMIT_RESPONSE);
    changes_pack(packed, changes, count);
    TRY(buffer_check(packed));
    TRY(transaction_check(t));
    draw_salt(t->connection, salt);
    changes_digest(salt, buffer_view(packed), digest);
    struct argument parts[PARTS] = {ARG(new_id()),
                                    ARG(t->batch),
                                    ARG(now_us()),
                                    ARG(person),
                                    argument_integer(act),
                                    ARG(type),
                                    ARG(record),
                                    argument_bytes(digest, sizeof digest),
                                    argument_bytes(salt, sizeof salt),
                                    ARG(buffer_view(packed))};
    return entry_queue(t, parts);
}

struct fault *journal_forget(struct transaction *t, const char *type, int64_t record, int64_t *forgotten)
{
    TRY(db_change(t, NULL, OURS "DELETE FROM journal_state WHERE type = $1 AND record = $2",
                  ARGS(ARG(type), ARG(record))));
    return db_change(t, forgotten,
                     OURS "DELETE FROM journal_values WHERE entry IN"
                          " (SELECT id FROM journal WHERE record = $2 AND type = $1)",
                     ARGS(ARG(type), ARG(record)));
}

struct fault *journal_seal(struct transaction *t, int64_t most, int64_t *sealed)
{
    return chain_seal(t, STREAM_CHANGES, most, sealed);
}

struct fault *journal_head(struct connection *c, struct arena *a, int64_t *seq, char **link)
{
    return chain_head(c, a, STREAM_CHANGES, seq, link);
}

struct fault *journal_verify(struct connection *c, int64_t *entries, int64_t *open)
{
    int64_t stray;
    TRY(chain_verify(c, STREAM_CHANGES, NULL, entries, open));
    TRY(db_integer(c, &stray, 0,
                   OURS "SELECT min(entry) FROM journal_values WHERE entry NOT IN (SELECT id FROM journal)",
                   NO_ARGS));
    if (stray)
        return fault(FAULT_INVALID, "The journal has values without their entry (%lld).", (long long)stray);
    return NULL;
}

/* Reading. */

#define ENTRY_ROW(COLUMN)                                                                                    \
    COLUMN(integer, id)                                                                                      \
    COLUMN(integer, batch)                                                                                   \
    COLUMN(integer, at_us)                                                                                   \
    COLUMN(ref, person)                                                                                      \
    COLUMN(ref, record)                                                                                      \
    COLUMN(integer, act)                                                                                     \
    COLUMN(text, type)                                                                                       \
    COLUMN(longtext, changes)
ROW(entry_row, ENTRY_ROW)
#define ENTRY_COLUMNS                                                                                        \
    OURS "SELECT j.id AS id, j.batch AS batch, j.at_us AS at_us, j.person AS person, j.record AS record,"    \
         " j.act AS act, j.type AS type, v.changes AS changes FROM journal j LEFT JOIN journal_values v"     \
         " ON v.entry = j.id"

static struct fault *entries_from(struct arena *a, const struct entry_row *rows, size_t count,
                                  struct journal_entry **entries)
{
    *entries = NEW(a, struct journal_entry, count);
    for (size_t i = 0; i < count; i++) {
        struct journal_change *changes;
        struct journal_entry *e = &(*entries)[i];
        *e = (struct journal_entry){.id = rows[i].id,
                                    .batch = rows[i].batch,
                                    .at_us = rows[i].at_us,
                                    .person = rows[i].person,
                                    .record = rows[i].record,
                                    .act = (enum journal_act)rows[i].act,
                                    .erased = !rows[i].changes,
                                    .type = rows[i].type};
        TRY(changes_unpack(a, slice_of(rows[i].changes), &changes, &e->count));
        e->changes = changes;
    }
    return NULL;
}

struct fault *journal_of_record(struct connection *c, struct arena *a, const struct sight *sight,
                                const char *type, int64_t id, size_t most, struct journal_entry **entries,
                                size_t *count)
{
    struct entry_row *rows;
    struct arguments arguments = ARGS(ARG(id), ARG(type), argument_integer((int64_t)most));
    connection_ask(c, sight);
    if (sight->program)
        TRY(db_select(c, a, entry_row, &rows, count,
                      ENTRY_COLUMNS " WHERE j.record = $1 AND j.type = $2 ORDER BY j.id DESC LIMIT $3",
                      arguments));
    else
        TRY(db_select(
            c, a, entry_row, &rows, count,
            "SELECT id AS id, batch AS batch, at_us AS at_us, person AS person, record AS record, act AS act,"
            " type AS type, changes AS changes FROM seen_journal"
            " WHERE record = $1 AND type = $2 ORDER BY id DESC LIMIT $3",
            arguments));
    return entries_from(a, rows, *count, entries);
}

struct fault *journal_of_batch(struct connection *c, struct arena *a, int64_t batch,
                               struct journal_entry **entries, size_t *count)
{
    struct entry_row *rows;
    TRY(db_select(c, a, entry_row, &rows, count, ENTRY_COLUMNS " WHERE j.batch = $1 ORDER BY j.id DESC",
                  ARGS(ARG(batch))));
    return entries_from(a, rows, *count, entries);
}

struct fault *journal_entry_load(struct connection *c, struct arena *a, int64_t id, struct journal_entry *out)
{
    struct entry_row *rows;
    struct journal_entry *entries;
    size_t count;
    TRY(db_select(c, a, entry_row, &rows, &count, ENTRY_COLUMNS " WHERE j.id = $1", ARGS(ARG(id))));
    if (!count)
        return fault(FAULT_NOT_FOUND, "There is no such entry.");
    TRY(entries_from(a, rows, count, &entries));
    *out = entries[0];
    return NULL;
}

/* One text for the journal and for what an asker sees of it. */
#define PAGE_COLUMNS                                                                                         \
    "SELECT j.id AS id, j.batch AS batch, j.at_us AS at_us, j.person AS person, j.record AS record,"         \
    " j.act AS act, j.type AS type, "
#define PAGE_OF_ALL                                                                                          \
    " WHERE j.id < $1 AND j.id >= $2 AND j.record <> 0 AND (CAST($3 AS TEXT) IS NULL OR j.type = $3)"        \
    " AND (CAST($4 AS BIGINT) = 0 OR j.person = $4) ORDER BY j.id DESC LIMIT $5"
#define OF_THESE " JOIN id_list($6) l ON l.id = j.record"
#define EVERY PAGE_COLUMNS "v.changes AS changes FROM journal j LEFT JOIN journal_values v ON v.entry = j.id"
#define SEEN PAGE_COLUMNS "j.changes AS changes FROM seen_journal j"

struct fault *journal_page(struct connection *c, struct arena *a, const struct sight *sight,
                           const struct journal_wish *w, struct journal_entry **entries, size_t *count)
{
    struct entry_row *rows;
    const struct arguments all =
        ARGS(ARG(w->before), ARG(w->from), ARG(w->type), ARG(w->person), ARG(w->most));
    const struct arguments these = ARGS(ARG(w->before), ARG(w->from), ARG(w->type), ARG(w->person),
                                        ARG(w->most), argument_ids(w->records, w->record_count));
    connection_ask(c, sight);
    if (sight->program && w->records)
        TRY(db_select(c, a, entry_row, &rows, count, OURS EVERY OF_THESE PAGE_OF_ALL, these));
    else if (sight->program)
        TRY(db_select(c, a, entry_row, &rows, count, OURS EVERY PAGE_OF_ALL, all));
    else if (w->records)
        TRY(db_select(c, a, entry_row, &rows, count, SEEN OF_THESE PAGE_OF_ALL, these));
    else
        TRY(db_select(c, a, entry_row, &rows, count, SEEN PAGE_OF_ALL, all));
    return entries_from(a, rows, *count, entries);
}

struct fault *journal_back(struct connection *c, int64_t before, int64_t count, int64_t *entry)
{
    return db_integer(c, entry, 0,
                      OURS "SELECT id FROM journal WHERE id < $1 ORDER BY id DESC LIMIT 1 OFFSET $2",
                      ARGS(ARG(before), ARG(count)));
}

struct fault *journal_batch_start(struct connection *c, int64_t batch, int64_t *entry)
{
    return db_integer(c, entry, 0, OURS "SELECT min(id) FROM journal WHERE batch = $1", ARGS(ARG(batch)));
}

struct fault *journal_batch_has(struct connection *c, int64_t batch, const char *type, bool *has)
{
    int64_t entry;
    TRY(db_integer(c, &entry, 0, OURS "SELECT id FROM journal WHERE batch = $1 AND type = $2 LIMIT 1",
                   ARGS(ARG(batch), ARG(type))));
    *has = entry != 0;
    return NULL;
}

struct fault *journal_last(struct connection *c, int64_t *id)
{
    return db_integer(c, id, 0, OURS "SELECT max(id) AS id FROM journal", NO_ARGS);
}
