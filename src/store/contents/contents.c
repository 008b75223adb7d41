/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "contents/contents.h"

#include <sodium.h>
#include <string.h>

#include "arena/arena.h"
#include "db/engine.h"
#include "db/statement.h"
#include "text/buffer.h"

#define OURS BY_PROGRAM("contents")

enum { PART = 64 * 1024 }; /* bytes; a walk on PostgreSQL holds some hundred rows */

void contents_define(struct buffer *sql, const struct dialect *d)
{
    buffer_print(sql,
                 "CREATE TABLE IF NOT EXISTS content_part (\n"
                 "  name %s NOT NULL, number %s NOT NULL, bytes %s NOT NULL,\n"
                 "  PRIMARY KEY (name, number)\n%s;\n",
                 d->text, d->integer, d->bytes, d->table_end);
}

static void name_print(crypto_hash_sha256_state *state, char name[CONTENT_NAME + 1])
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    (void)crypto_hash_sha256_final(state, hash);
    (void)sodium_bin2hex(name, CONTENT_NAME + 1, hash, sizeof hash);
}

static void hash_more(crypto_hash_sha256_state *state, struct slice bytes)
{
    (void)crypto_hash_sha256_update(state, (const unsigned char *)bytes.ptr, bytes.len);
}

void content_name(struct slice bytes, char name[CONTENT_NAME + 1])
{
    crypto_hash_sha256_state state;
    (void)crypto_hash_sha256_init(&state);
    hash_more(&state, bytes);
    name_print(&state, name);
}

struct fault *content_keep(struct transaction *t, const char *name, struct slice bytes)
{
    for (size_t at = 0; at < bytes.len; at += PART) {
        size_t left = bytes.len - at;
        TRY(change_queue(t,
                         SQL(OURS "INSERT INTO content_part(name, number, bytes) VALUES($1, $2, $3)"
                                  " ON CONFLICT(name, number) DO NOTHING"),
                         ARGS(ARG(name), ARG((int64_t)(at / PART)),
                              argument_bytes(bytes.ptr + at, left < PART ? left : PART))));
    }
    return NULL;
}

static struct fault *add_part(void *owner, struct statement *s)
{
    struct slice bytes = statement_bytes(s, 0);
    buffer_add(owner, bytes.ptr, bytes.len);
    return buffer_check(owner);
}

struct fault *content_load(struct connection *c, struct arena *a, const char *name, struct slice *bytes)
{
    struct statement *s;
    struct buffer *all = buffer_new(a, LIMIT_DOCUMENT + 1);
    int64_t parts = 0;
    TRY(statement_literal(c, SQL(OURS "SELECT bytes FROM content_part WHERE name = $1 ORDER BY number"), &s));
    TRY(statement_walk(c, s, ARGS(ARG(name))));
    TRY(statement_each(c, s, add_part, all, &parts));
    *bytes = buffer_view(all);
    return parts ? NULL : fault(FAULT_NOT_FOUND, "The content of this document is not here any more.");
}

struct fault *contents_given(struct connection *c, int64_t organisation, int64_t removed_before_us,
                             int64_t *bytes)
{
    return db_integer(c, bytes, 0,
                      OURS "SELECT CAST(sum(v.size) AS BIGINT) FROM document_version v, document d"
                           " WHERE d.id = v.document AND d.organisation = $1"
                           " AND (d.deleted_us IS NULL OR d.deleted_us >= $2)",
                      ARGS(ARG(organisation), ARG(removed_before_us)));
}

struct fault *contents_drop(struct transaction *t, int64_t removed_before_us, int64_t *parts)
{
    return db_change(t, parts,
                     OURS "DELETE FROM content_part WHERE name IN (SELECT v.hash FROM document_version v, document d"
                          " WHERE d.id = v.document AND d.deleted_us < $1) AND name NOT IN (SELECT v.hash"
                          " FROM document_version v, document d WHERE d.id = v.document"
                          " AND (d.deleted_us IS NULL OR d.deleted_us >= $1))",
                     ARGS(ARG(removed_before_us)));
}

struct fault *contents_whole(struct connection *c, int64_t document, bool *whole)
{
    int64_t lost = 0;
    TRY(db_integer(c, &lost, 0,
                   OURS "SELECT count(*) FROM document_version v WHERE v.document = $1 AND NOT EXISTS"
                        " (SELECT 1 FROM content_part p WHERE p.name = v.hash AND p.number = 0)",
                   ARGS(ARG(document))));
    *whole = !lost;
    return NULL;
}

/* Contents one after the other, part by part. */
struct checking {
    crypto_hash_sha256_state state;
    char name[CONTENT_NAME + 1]; /* of the one being read; "": none yet */
    int64_t count;
};

static struct fault *check_last(struct checking *k)
{
    char found[CONTENT_NAME + 1];
    if (!*k->name)
        return NULL;
    name_print(&k->state, found);
    k->count++;
    return strcmp(found, k->name) == 0 ? NULL
                                       : fault(FAULT_INVALID, "The content %s was changed or cut.", k->name);
}

static struct fault *check_part(void *owner, struct statement *s)
{
    struct checking *k = owner;
    struct slice name = statement_bytes(s, 0);
    if (!slice_equal(name, slice_of(k->name))) {
        TRY(check_last(k));
        (void)snprintf(k->name, sizeof k->name, "%.*s", SLICE_ARGS(name));
        (void)crypto_hash_sha256_init(&k->state);
    }
    hash_more(&k->state, statement_bytes(s, 1));
    return NULL;
}

struct fault *contents_verify(struct connection *c, int64_t *count)
{
    struct statement *s;
    struct checking k = {.count = 0};
    int64_t parts = 0, lost = 0;
    TRY(statement_literal(c, SQL(OURS "SELECT name, bytes FROM content_part ORDER BY name, number"), &s));
    TRY(statement_walk(c, s, NO_ARGS));
    TRY(statement_each(c, s, check_part, &k, &parts));
    TRY(check_last(&k));
    *count = k.count;
    TRY(db_integer(c, &lost, 0,
                   OURS "SELECT count(*) FROM document_version v JOIN document d ON d.id = v.document"
                        " WHERE d.deleted_us IS NULL AND NOT EXISTS"
                        " (SELECT 1 FROM content_part p WHERE p.name = v.hash AND p.number = 0)",
                   NO_ARGS));
    return lost ? fault(FAULT_INVALID, "%lld versions of documents have no content.", (long long)lost) : NULL;
}
