/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* journal.c - appending, sealing, verifying and reading the journal.
 *
 * journal: one row an entry, in the order of commits (ids grow under the one writer). journal_values: salt
 * and packed changes, erasable; the entry keeps their digest. journal_seal: the chain, one link an entry. */
#include <sodium.h>
#include <string.h>

#include "arena/arena.h"
#include "clock/clock.h"
#include "db/statement.h"
#include "journal/entry.h"
#include "journal/schema.h"

#define OURS BY_PROGRAM("journal")

void journal_define(struct buffer *sql, const struct dialect *d)
{
    buffer_print(sql,
                 "CREATE TABLE IF NOT EXISTS journal (\n"
                 "  id %s PRIMARY KEY, batch %s NOT NULL, at_us %s NOT NULL, person %s NOT NULL,\n",
                 d->integer, d->integer, d->integer, d->integer);
    buffer_print(sql, "  act %s NOT NULL, type %s NOT NULL, record %s NOT NULL, digest %s NOT NULL\n%s;\n",
                 d->integer, d->text, d->integer, d->bytes, d->table_end);
    buffer_text(sql, "CREATE INDEX IF NOT EXISTS journal_record ON journal(record);\n"
                     "CREATE INDEX IF NOT EXISTS journal_batch ON journal(batch);\n");
    buffer_print(sql,
                 "CREATE TABLE IF NOT EXISTS journal_values (\n"
                 "  entry %s PRIMARY KEY, salt %s NOT NULL, changes %s NOT NULL\n%s;\n",
                 d->integer, d->bytes, d->text, d->table_end);
    buffer_print(sql,
                 "CREATE TABLE IF NOT EXISTS journal_seal (\n"
                 "  seq %s PRIMARY KEY, entry %s NOT NULL, link %s NOT NULL\n%s;\n",
                 d->integer, d->integer, d->bytes, d->table_end);
}

int64_t journal_batch(struct transaction *t)
{
    return t->batch;
}

/* Ids grow from entry to entry even when the clock stepped back since. Where asking for the newest costs a
 * round trip the id stays unknown, and the statement finds it by the same rule. */
static struct fault *next_entry(struct transaction *t, int64_t fresh, int64_t *id)
{
    *id = UNKNOWN_INTEGER;
    if (t->connection->engine->remote)
        return NULL;
    if (!t->last_entry)
        TRY(db_integer(t->connection, &t->last_entry, 0, OURS "SELECT max(id) FROM journal", NO_ARGS));
    *id = t->last_entry = fresh > t->last_entry ? fresh : t->last_entry + 1;
    return NULL;
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
    int64_t fresh = new_id(), id;
    struct buffer *packed = buffer_new(work, LIMIT_RESPONSE);
    changes_pack(packed, changes, count);
    TRY(buffer_check(packed));
    TRY(transaction_check(t));
    TRY(next_entry(t, fresh, &id));
    draw_salt(t->connection, salt);
    changes_digest(salt, buffer_view(packed), digest);
    TRY(change_queue(t,
                     SQL(OURS
                         "INSERT INTO journal(id, batch, at_us, person, act, type, record, digest)"
                         " VALUES(coalesce($1, (SELECT CASE WHEN max(id) >= $9 THEN max(id) + 1 ELSE $9 END"
                         " FROM journal)), $2, $3, $4, $5, $6, $7, $8)"),
                     ARGS(ARG(id), ARG(t->batch), ARG(now_us()), ARG(person), argument_integer(act),
                          ARG(type), ARG(record), argument_bytes(digest, sizeof digest), ARG(fresh))));
    return change_queue(t,
                        SQL(OURS "INSERT INTO journal_values(entry, salt, changes)"
                                 " VALUES(coalesce($1, (SELECT max(id) FROM journal)), $2, $3)"),
                        ARGS(ARG(id), argument_bytes(salt, sizeof salt), ARG(buffer_view(packed))));
}

struct fault *journal_forget(struct transaction *t, const char *type, int64_t record, int64_t *forgotten)
{
    return db_change(t, forgotten,
                     OURS "DELETE FROM journal_values WHERE entry IN"
                          " (SELECT id FROM journal WHERE record = $2 AND type = $1)",
                     ARGS(ARG(type), ARG(record)));
}

/* The chain. */

/* Columns id, batch, at_us, person, act, record, type, digest, from `first` on. */
static struct entry_header header_at(const struct statement *s, int first, int64_t seq)
{
    return (struct entry_header){.seq = seq,
                                 .id = statement_integer(s, first),
                                 .batch = statement_integer(s, first + 1),
                                 .at_us = statement_integer(s, first + 2),
                                 .person = statement_integer(s, first + 3),
                                 .act = statement_integer(s, first + 4),
                                 .record = statement_integer(s, first + 5),
                                 .type = statement_bytes(s, first + 6),
                                 .digest = statement_bytes(s, first + 7)};
}

struct head {
    int64_t seq, entry;
    unsigned char link[DIGEST_SIZE];
};

static struct fault *head_read(struct connection *c, struct head *head)
{
    struct statement *s;
    bool row;
    *head = (struct head){0};
    TRY(statement_literal(c, SQL(OURS "SELECT seq, entry, link FROM journal_seal ORDER BY seq DESC LIMIT 1"),
                          &s));
    TRY(statement_bind(c, s, NO_ARGS));
    TRY(statement_step(c, s, &row));
    struct slice link = row ? statement_bytes(s, 2) : S("");
    if (row) {
        head->seq = statement_integer(s, 0);
        head->entry = statement_integer(s, 1);
    }
    if (link.len == DIGEST_SIZE)
        memcpy(head->link, link.ptr, DIGEST_SIZE);
    statement_reset(c, s);
    return NULL;
}

struct fault *journal_head(struct connection *c, struct arena *a, int64_t *seq, char **link)
{
    struct head head;
    TRY(head_read(c, &head));
    *seq = head.seq;
    *link = NEW(a, char, 2 * DIGEST_SIZE + 1);
    (void)sodium_bin2hex(*link, 2 * DIGEST_SIZE + 1, head.link, DIGEST_SIZE);
    return NULL;
}

struct sealing {
    struct transaction *transaction;
    struct head head;
};

static struct fault *seal_one(void *owner, struct statement *entry)
{
    struct sealing *g = owner;
    struct head *head = &g->head;
    struct entry_header header = header_at(entry, 0, ++head->seq);
    chain_link(head->link, &header);
    return change_queue(g->transaction,
                        SQL(OURS "INSERT INTO journal_seal(seq, entry, link) VALUES($1, $2, $3)"),
                        ARGS(ARG(head->seq), ARG(header.id), argument_bytes(head->link, DIGEST_SIZE)));
}

struct fault *journal_seal(struct transaction *t, int64_t most, int64_t *sealed)
{
    struct connection *c = t->connection;
    struct statement *s;
    struct sealing g = {.transaction = t};
    int64_t count = 0;
    TRY(transaction_check(t));
    TRY(head_read(c, &g.head));
    TRY(statement_literal(c,
                          SQL(OURS "SELECT id, batch, at_us, person, act, record, type, digest FROM journal"
                                   " WHERE id > $1 ORDER BY id LIMIT $2"),
                          &s));
    TRY(statement_bind(c, s, ARGS(ARG(g.head.entry), ARG(most))));
    TRY(statement_each(c, s, seal_one, &g, &count));
    if (sealed)
        *sealed = count;
    return connection_settle(c);
}

static struct fault *broken_at(int64_t seq)
{
    return fault(FAULT_INVALID, "The journal is broken at entry %lld: what stands there was changed.",
                 (long long)seq);
}

/* Values that are there must be those that were written. */
static struct fault *values_verify(const struct entry_header *h, struct slice salt, struct slice changes)
{
    unsigned char digest[DIGEST_SIZE] = {0};
    if (salt.len == SALT_SIZE)
        changes_digest((const unsigned char *)salt.ptr, changes, digest);
    if (salt.len == SALT_SIZE && slice_equal(h->digest, (struct slice){(char *)digest, DIGEST_SIZE}))
        return NULL;
    return fault(FAULT_INVALID, "The values of journal entry %lld were changed.", (long long)h->seq);
}

/* One entry against its link: columns seq, entry, link of `seal`. */
static struct fault *link_verify(struct head *head, const struct entry_header *h,
                                 const struct statement *seal)
{
    chain_link(head->link, h);
    bool same = statement_integer(seal, 0) == h->seq && statement_integer(seal, 1) == h->id &&
                slice_equal(statement_bytes(seal, 2), (struct slice){(char *)head->link, DIGEST_SIZE});
    head->seq = h->seq;
    return same ? NULL : broken_at(h->seq);
}

/* Entries in the order of ids beside links in the order of seq; entries left over are not sealed yet. */
static struct fault *chain_walk(struct connection *c, struct statement *entries, struct statement *seals,
                                struct head *head, int64_t *open)
{
    bool entry, seal;
    TRY(statement_step(c, entries, &entry));
    TRY(statement_step(c, seals, &seal));
    while (entry) {
        struct entry_header h = header_at(entries, 0, head->seq + *open + 1);
        if (!statement_unknown(entries, 8))
            TRY(values_verify(&h, statement_bytes(entries, 8), statement_bytes(entries, 9)));
        if (seal) {
            TRY(link_verify(head, &h, seals));
            TRY(statement_step(c, seals, &seal));
        } else {
            ++*open;
        }
        TRY(statement_step(c, entries, &entry));
    }
    return seal ? broken_at(head->seq + 1) : NULL;
}

struct fault *journal_verify(struct connection *c, int64_t *entries, int64_t *open)
{
    struct statement *walked, *seals;
    struct head head = {0};
    int64_t stray;
    *entries = *open = 0;
    TRY(statement_literal(c,
                          SQL(OURS
                              "SELECT j.id, j.batch, j.at_us, j.person, j.act, j.record, j.type, j.digest,"
                              " v.salt, v.changes FROM journal j LEFT JOIN journal_values v ON v.entry = j.id"
                              " ORDER BY j.id"),
                          &walked));
    TRY(statement_literal(c, SQL(OURS "SELECT seq, entry, link FROM journal_seal ORDER BY seq"), &seals));
    TRY(statement_walk(c, walked, NO_ARGS));
    TRY(statement_walk(c, seals, NO_ARGS));
    struct fault *wrong = chain_walk(c, walked, seals, &head, open);
    statement_reset(c, walked);
    statement_reset(c, seals);
    if (wrong)
        return wrong;
    TRY(db_integer(c, &stray, 0,
                   OURS "SELECT min(entry) FROM journal_values WHERE entry NOT IN (SELECT id FROM journal)",
                   NO_ARGS));
    if (stray)
        return fault(FAULT_INVALID, "The journal has values without their entry (%lld).", (long long)stray);
    *entries = head.seq;
    return NULL;
}

/* Reading. */

#define ENTRY_ROW(COLUMN)                                                                                    \
    COLUMN(integer, id)                                                                                      \
    COLUMN(integer, at_us)                                                                                   \
    COLUMN(ref, person)                                                                                      \
    COLUMN(ref, record)                                                                                      \
    COLUMN(integer, act)                                                                                     \
    COLUMN(text, type)                                                                                       \
    COLUMN(longtext, changes)
ROW(entry_row, ENTRY_ROW)
#define ENTRY_COLUMNS                                                                                        \
    OURS "SELECT j.id AS id, j.at_us AS at_us, j.person AS person, j.record AS record, j.act AS act,"        \
         " j.type AS type, v.changes AS changes FROM journal j LEFT JOIN journal_values v ON v.entry = j.id"

static struct fault *entries_from(struct arena *a, const struct entry_row *rows, size_t count,
                                  struct journal_entry **entries)
{
    *entries = NEW(a, struct journal_entry, count);
    for (size_t i = 0; i < count; i++) {
        struct journal_change *changes;
        struct journal_entry *e = &(*entries)[i];
        *e = (struct journal_entry){.id = rows[i].id,
                                    .at_us = rows[i].at_us,
                                    .person = rows[i].person,
                                    .record = rows[i].record,
                                    .act = (enum journal_act)rows[i].act,
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
        TRY(db_select(c, a, entry_row, &rows, count,
                      "SELECT id AS id, at_us AS at_us, person AS person, record AS record, act AS act,"
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

struct fault *journal_last(struct connection *c, int64_t *id)
{
    return db_integer(c, id, 0, OURS "SELECT max(id) AS id FROM journal", NO_ARGS);
}
