/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "test.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../record/random_record.h"
#include "journal/journal.h"
#include "rows/rows.h"

static const struct sight all_seeing = {.everything = true};

/* A space in a folder of its own, and ids of every type to refer to. */
struct fixture {
    char folder[64], path[96];
    struct db *db;
    struct random random;
    int64_t ids[16][8];
    int counts[16];
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    ARENA_SCOPE(work);
    struct transaction *t;
    (void)snprintf(f->folder, sizeof f->folder, "/tmp/grappe-rows-XXXXXX");
    assert_non_null(mkdtemp(f->folder));
    (void)snprintf(f->path, sizeof f->path, "%s/space.db", f->folder);
    f->random = random_seeded(20, 1);
    assert_ok(db_open(f->path, true, &f->db));
    assert_ok(transaction_begin(f->db, work, &t));
    assert_ok(rows_create_schema(t));
    assert_ok(rows_create_schema(t)); /* nothing if it is there */
    assert_ok(transaction_commit(t));
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    static const char *const endings[] = {"", "-wal", "-shm"};
    struct fixture *f = *state;
    db_close(f->db);
    for (size_t i = 0; i < COUNT(endings); i++) {
        char path[128];
        (void)snprintf(path, sizeof path, "%s%s", f->path, endings[i]);
        (void)unlink(path);
    }
    assert_int_equal(rmdir(f->folder), 0);
    free(f);
    return 0;
}

static int type_index(const char *name)
{
    for (int i = 0; i < record_type_count; i++)
        if (strcmp(all_record_types[i]->name, name) == 0)
            return i;
    fail_msg("no type %s", name);
    return 0;
}

static int64_t pick_stored(void *context, struct random *r, const char *type)
{
    const struct fixture *f = context;
    int i = type_index(type);
    return f->counts[i] ? f->ids[i][random_below(r, (uint64_t)f->counts[i])] : 0;
}

/* Stores one valid record of a type, and remembers its id for references. */
static void *stored(struct fixture *f, struct arena *a, struct transaction *t, int type)
{
    const struct record_type *rt = all_record_types[type];
    void *record = NEW(a, max_align_t, rt->size / sizeof(max_align_t) + 1);
    random_record(a, &f->random, rt, record, pick_stored, f);
    assert_ok(rows_insert(t, rt, record, 7));
    if (f->counts[type] < 8)
        f->ids[type][f->counts[type]++] = ((struct record_head *)record)->id;
    return record;
}

static void same_record(const struct record_type *t, const void *a, const void *b)
{
    for (int i = 0; i < t->count; i++)
        if (!field_equal(&t->fields[i], a, b))
            fail_msg("%s.%s differs", t->name, t->fields[i].name);
}

static void every_type_comes_back_as_it_was(void **state)
{
    struct fixture *f = *state;
    for (int round = 0; round < 8; round++)
        for (int i = 0; i < record_type_count; i++) {
            ARENA_SCOPE(a);
            const struct record_type *rt = all_record_types[i];
            struct transaction *t;
            struct connection *c;
            assert_ok(transaction_begin(f->db, a, &t));
            void *record = stored(f, a, t, i);
            assert_ok(transaction_commit(t));
            void *back = NEW(a, max_align_t, rt->size / sizeof(max_align_t) + 1);
            assert_ok(read_begin(f->db, a, &c));
            assert_ok(rows_load(c, a, rt, ((struct record_head *)record)->id, &all_seeing, back));
            same_record(rt, record, back);
            assert_int_equal(((struct record_head *)back)->version, 1);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_type_comes_back_as_it_was, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
