/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* space_fixture.h - a fresh space in a folder of its own, for the tests of the store. */
#ifndef GRAPPE_SPACE_FIXTURE_H
#define GRAPPE_SPACE_FIXTURE_H

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "contents/contents.h"
#include "folder.h"
#include "journal/journal.h"
#include "record/random_record.h"
#include "rows/rows.h"
#include "under_test.h"

static const struct sight all_seeing = {.program = "test"};

enum { MOST_TYPES = 32 };

struct fixture {
    char folder[64], path[256];
    struct db *db;
    struct random random;
    int64_t ids[MOST_TYPES][8]; /* a few stored records of each type, to refer to */
    int counts[MOST_TYPES];
};

static inline int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    ARENA_SCOPE(work);
    struct transaction *t;
    assert_non_null(f);
    folder_new(f->folder, "store");
    new_place(f->folder, "space", f->path, sizeof f->path);
    f->random = random_seeded(20, 1);
    assert_ok(rows_open(f->path, true, &f->db));
    assert_ok(transaction_begin(f->db, work, &t));
    assert_ok(rows_create_schema(t));
    assert_ok(rows_create_schema(t)); /* nothing if it is there */
    assert_ok(transaction_commit(t));
    *state = f;
    return 0;
}

static inline int tear_down(void **state)
{
    struct fixture *f = *state;
    db_close(f->db);
    folder_remove(f->folder);
    free(f);
    return 0;
}

static inline int type_number(const char *name)
{
    int i = 0;
    while (strcmp(all_record_types[i]->name, name) != 0)
        i++;
    return i;
}

static inline int64_t pick_stored(void *context, struct random *r, const char *type)
{
    const struct fixture *f = context;
    int i = type_number(type);
    return f->counts[i] ? f->ids[i][random_below(r, (uint64_t)f->counts[i])] : 0;
}

static inline int64_t id_of(const void *record)
{
    return ((const struct record_head *)record)->id;
}

/* A version of a document is nothing without its bytes. */
static inline void give_content(struct arena *a, struct transaction *t, struct document_version *v)
{
    char *name = NEW(a, char, CONTENT_NAME + 1);
    content_name(S("bytes"), name);
    assert_ok(content_keep(t, name, S("bytes")));
    v->hash = name;
}

/* Stores one valid record of a type with random values. */
static inline void *stored(struct fixture *f, struct arena *a, struct transaction *t, int type)
{
    const struct record_type *rt = all_record_types[type];
    void *record = record_new(a, rt);
    random_record(a, &f->random, rt, record, pick_stored, f);
    if (rt == &document_version_type)
        give_content(a, t, record);
    assert_ok(rows_insert(t, rt, record, 7));
    if (f->counts[type] < 8)
        f->ids[type][f->counts[type]++] = id_of(record);
    return record;
}

static inline struct organisation named_organisation(const char *name)
{
    struct organisation o;
    record_clear(&organisation_type, &o);
    o.name = name;
    o.visibility = "space";
    return o;
}

static inline void insert_now(struct fixture *f, const struct record_type *type, void *record)
{
    ARENA_SCOPE(work);
    struct transaction *t;
    assert_ok(transaction_begin(f->db, work, &t));
    assert_ok(rows_insert(t, type, record, 7));
    assert_ok(transaction_commit(t));
}

static inline int64_t count_now(struct fixture *f, const char *table)
{
    ARENA_SCOPE(work);
    struct connection *c;
    int64_t count = -1;
    assert_ok(read_begin(f->db, work, &c));
    if (strcmp(table, "journal") == 0)
        assert_ok(db_integer(c, &count, -1, BY_PROGRAM("test") "SELECT count(*) FROM journal", NO_ARGS));
    else if (strcmp(table, "organisation") == 0)
        assert_ok(db_integer(c, &count, -1, BY_PROGRAM("test") "SELECT count(*) FROM organisation", NO_ARGS));
    else
        assert_ok(db_integer(c, &count, -1, BY_PROGRAM("test") "SELECT count(*) FROM record_term", NO_ARGS));
    return count;
}

#endif
