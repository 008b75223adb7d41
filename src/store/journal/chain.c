/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* chain.c - sealing and verifying a stream of entries. */
#include "journal/chain.h"

#include <sodium.h>
#include <string.h>

#include "arena/arena.h"
#include "db/sight.h"
#include "db/statement.h"
#include "journal/entry.h"

#define OURS BY_PROGRAM("journal")

/* The statements of a stream: one text with the names of its tables. */
struct stream {
    const char *head, *first, *at, *unsealed, *seal, *entries, *seals;
};
#define HEADER "j.id, j.batch, j.at_us, j.person, j.act, j.record, j.type, j.digest"
#define STREAM(NAME, VALUES)                                                                                 \
    (struct stream)                                                                                          \
    {                                                                                                        \
        .head = SQL(OURS "SELECT seq, entry, link FROM " NAME "_seal ORDER BY seq DESC LIMIT 1"),            \
        .first = SQL(OURS "SELECT seq, entry, link FROM " NAME "_seal ORDER BY seq LIMIT 1"),                \
        .at = SQL(OURS "SELECT seq, entry, link FROM " NAME "_seal WHERE seq = $1"),                         \
        .unsealed = SQL(OURS "SELECT " HEADER " FROM " NAME " j WHERE j.id > $1 ORDER BY j.id LIMIT $2"),    \
        .seal = SQL(OURS "INSERT INTO " NAME "_seal(seq, entry, link) VALUES($1, $2, $3)"),                  \
        .entries = SQL(OURS "SELECT " HEADER ", " VALUES " ORDER BY j.id"),                                  \
        .seals = SQL(OURS "SELECT seq, entry, link FROM " NAME "_seal ORDER BY seq"),                        \
    }

static struct stream stream_of(enum journal_stream which)
{
    if (which == STREAM_READINGS)
        return STREAM("reading", "NULL, NULL FROM reading j");
    return STREAM("journal", "v.salt, v.changes FROM journal j LEFT JOIN journal_values v ON v.entry = j.id");
}

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

static struct fault *seal_read(struct connection *c, const char *sql, struct arguments arguments,
                               struct chain_seal *head)
{
    struct statement *s;
    bool row;
    *head = (struct chain_seal){0};
    TRY(statement_literal(c, sql, &s));
    TRY(statement_bind(c, s, arguments));
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

static struct fault *head_read(struct connection *c, const struct stream *stream, struct chain_seal *head)
{
    return seal_read(c, stream->head, NO_ARGS, head);
}

struct fault *chain_seal_first(struct connection *c, enum journal_stream which, struct chain_seal *out)
{
    return seal_read(c, stream_of(which).first, NO_ARGS, out);
}

struct fault *chain_seal_at(struct connection *c, enum journal_stream which, int64_t seq,
                            struct chain_seal *out)
{
    return seal_read(c, stream_of(which).at, ARGS(ARG(seq)), out);
}

struct fault *chain_head(struct connection *c, struct arena *a, enum journal_stream which, int64_t *seq,
                         char **link)
{
    struct chain_seal head;
    struct stream stream = stream_of(which);
    TRY(head_read(c, &stream, &head));
    *seq = head.seq;
    *link = NEW(a, char, 2 * DIGEST_SIZE + 1);
    (void)sodium_bin2hex(*link, 2 * DIGEST_SIZE + 1, head.link, DIGEST_SIZE);
    return NULL;
}

struct sealing {
    struct transaction *transaction;
    struct stream stream;
    struct chain_seal head;
};

static struct fault *seal_one(void *owner, struct statement *entry)
{
    struct sealing *g = owner;
    struct chain_seal *head = &g->head;
    struct entry_header header = header_at(entry, 0, ++head->seq);
    chain_link(head->link, &header);
    return change_queue(g->transaction, g->stream.seal,
                        ARGS(ARG(head->seq), ARG(header.id), argument_bytes(head->link, DIGEST_SIZE)));
}

struct fault *chain_seal(struct transaction *t, enum journal_stream which, int64_t most, int64_t *sealed)
{
    struct connection *c = t->connection;
    struct statement *s;
    struct sealing g = {.transaction = t, .stream = stream_of(which)};
    int64_t count = 0;
    TRY(transaction_check(t));
    TRY(head_read(c, &g.stream, &g.head));
    TRY(statement_literal(c, g.stream.unsealed, &s));
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
static struct fault *link_verify(struct chain_seal *head, const struct entry_header *h,
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
                                struct chain_seal *head, int64_t *open)
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

/* Its first link must be the one that was noted. */
static struct fault *start_at(struct connection *c, struct statement *seals, const struct chain_seal *start,
                              struct chain_seal *head)
{
    bool row;
    TRY(statement_step(c, seals, &row));
    head->seq = start->seq;
    memcpy(head->link, start->link, DIGEST_SIZE);
    bool same =
        row && statement_integer(seals, 0) == start->seq &&
        slice_equal(statement_bytes(seals, 2), (struct slice){(const char *)start->link, DIGEST_SIZE});
    return same ? NULL : broken_at(start->seq);
}

struct fault *chain_verify(struct connection *c, enum journal_stream which, const struct chain_seal *start,
                           int64_t *entries, int64_t *open)
{
    struct statement *walked, *seals;
    struct chain_seal head = {0};
    struct stream stream = stream_of(which);
    *entries = *open = 0;
    TRY(statement_literal(c, stream.entries, &walked));
    TRY(statement_literal(c, stream.seals, &seals));
    TRY(statement_walk(c, walked, NO_ARGS));
    TRY(statement_walk(c, seals, NO_ARGS));
    struct fault *wrong = start ? start_at(c, seals, start, &head) : NULL;
    if (!wrong)
        wrong = chain_walk(c, walked, seals, &head, open);
    statement_reset(c, walked);
    statement_reset(c, seals);
    *entries = head.seq - (start ? start->seq : 0);
    return wrong;
}
