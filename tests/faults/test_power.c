/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The power goes at any moment while four threads write: the file opens, is whole, and holds every change
 * that was acknowledged by then. kill -9 cannot tell (the kernel still has what was written): here the disk
 * itself forgets what was not synced, piece by piece. With synchronous=NORMAL, and with OFF, the same harness
 * finds losses and damage: it has eyes.
 *
 * 150 images; with FAULTS=full 3,000. */
#include <pthread.h>
#include <sqlite3.h>

#include "db/statement.h"
#include "faults/disk.h"
#include "store/pairs.h"
#include "verify/verify.h"

enum { WRITERS = 4, MOST_CHANGES = 400 };

struct writing {
    struct db *db;
    pthread_mutex_t lock;
    int wanted, count;
    int64_t acknowledged[MOST_CHANGES];
    size_t moment[MOST_CHANGES]; /* of the tape, when it was acknowledged: in ascending order */
};

struct told {
    int images, lossy, torn, damaged;
    int64_t lost;
};

static void *write_some(void *thing)
{
    struct writing *w = thing;
    for (bool more = true; more;) {
        int64_t id = 0;
        struct fault *wrong = write_pair(w->db, &id);
        (void)pthread_mutex_lock(&w->lock);
        if (!wrong && w->count < w->wanted) {
            w->acknowledged[w->count] = id;
            w->moment[w->count++] = disk_recorded();
        }
        more = !wrong && w->count < w->wanted;
        (void)pthread_mutex_unlock(&w->lock);
    }
    return NULL;
}

static void write_all(struct writing *w)
{
    pthread_t threads[WRITERS];
    (void)pthread_mutex_init(&w->lock, NULL);
    for (int i = 0; i < WRITERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, write_some, w), 0);
    for (int i = 0; i < WRITERS; i++)
        (void)pthread_join(threads[i], NULL);
    assert_int_equal(w->count, w->wanted);
}

static struct fault *look_into(struct db *db, const struct writing *w, size_t moment, struct told *o)
{
    ARENA_SCOPE(a);
    struct connection *c;
    struct verification v;
    int64_t found = 0, halves = 0, due = 0;
    while (due < w->count && w->moment[due] <= moment)
        due++;
    struct argument acknowledged = argument_ids(w->acknowledged, (size_t)due);
    TRY(read_begin(db, a, &c));
    TRY(space_verify(c, a, &v));
    TRY(halves_count(c, &halves));
    TRY(db_integer(c, &found, 0, "SELECT count(*) FROM organisation WHERE id IN (SELECT id FROM id_list($1))",
                   ARGS(acknowledged)));
    o->torn += halves != 0 || v.sealed + v.open != v.records;
    o->lossy += found < due;
    o->lost += due - found;
    return NULL;
}

static void look_at(const char *path, const struct writing *w, size_t moment, struct told *o)
{
    struct db *db = NULL;
    struct fault *wrong = db_open(path, false, &db);
    if (!wrong)
        wrong = look_into(db, w, moment, o);
    o->damaged += wrong != NULL;
    o->images++;
    db_close(db);
}

/* `sync`: a word of SQLite's for what the writer does instead; NULL: what the product does. */
static struct told lose_power(struct fixture *f, const char *sync, int changes, int images)
{
    ARENA_SCOPE(a);
    struct told o = {0};
    struct writing w = {.db = f->db, .wanted = changes};
    char folder[FOLDER_PATH];
    struct transaction *t;
    assert_ok(transaction_begin(f->db, a, &t));
    sqlite3 *handle = transaction_connection(t)->link;
    transaction_abandon(t);
    (void)sqlite3_set_authorizer(handle, NULL, NULL); /* the lock would refuse what follows */
    if (sync)
        assert_int_equal(
            sqlite3_exec(handle, arena_print(a, "PRAGMA synchronous = %s", sync), NULL, NULL, NULL),
            SQLITE_OK);
    disk_record(f->folder);
    write_all(&w);
    disk_record_end();
    folder_new(folder, "power");
    const char *path = arena_print(a, "%s/space.db", folder);
    for (int i = 0; i < images; i++) {
        size_t moment = disk_recorded() * (size_t)(i + 1) / (size_t)images;
        disk_image(moment, &f->random, folder);
        look_at(path, &w, moment, &o);
        assert_int_equal(remove(arena_print(a, "%s/space.db", folder)), 0);
        (void)remove(arena_print(a, "%s/space.db-wal", folder));
    }
    print_message("# synchronous=%s: %d images of %zu moments, %d changes: %d lost changes (%lld), %d torn, "
                  "%d damaged\n",
                  sync ? sync : "as we have it", o.images, disk_recorded(), changes, o.lossy,
                  (long long)o.lost, o.torn, o.damaged);
    disk_tape_free();
    folder_remove(folder);
    return o;
}

static bool fully(void)
{
    const char *how = getenv("FAULTS");
    return how && strcmp(how, "full") == 0;
}

static void what_was_acknowledged_survives_the_loss_of_power(void **state)
{
    struct told o =
        fully() ? lose_power(*state, NULL, MOST_CHANGES, 3000) : lose_power(*state, NULL, 220, 150);
    assert_int_equal(o.lossy, 0);
    assert_int_equal(o.torn, 0);
    assert_int_equal(o.damaged, 0);
}

static void a_writer_that_does_not_wait_for_the_disk_is_found_out(void **state)
{
    struct told o = lose_power(*state, "NORMAL", 60, 60);
    assert_true(o.lossy > 0);
    assert_int_equal(o.torn, 0); /* it loses, but nothing by half */
    assert_int_equal(o.damaged, 0);
}

static void a_writer_that_never_syncs_is_found_out(void **state)
{
    struct told o = lose_power(*state, "OFF", MOST_CHANGES, 60);
    assert_true(o.lossy + o.damaged + o.torn > 0);
    assert_true(o.damaged > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_was_acknowledged_survives_the_loss_of_power, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_writer_that_does_not_wait_for_the_disk_is_found_out, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_writer_that_never_syncs_is_found_out, set_up, tear_down),
    };
    disk_install();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
