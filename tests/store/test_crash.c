/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* kill -9 while several threads write: what was acknowledged is there, whole, and nothing is half there.
 *
 * Each change is an organisation and its site in one transaction; a writer acknowledges by writing the
 * organisation's id to a pipe after its commit. (A kill does not empty the page cache: loss of power needs
 * another harness.) */
#include "test.h"

#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "store/pairs.h"
#include "verify/verify.h"

enum { ROUNDS = 20, WRITERS = 4, MOST_ACKNOWLEDGED = 1 << 16 };

struct writer {
    struct db *db;
    int acknowledge;
};

static void *write_for_ever(void *thing)
{
    const struct writer *w = thing;
    int64_t id;
    for (;;)
        if (write_pair(w->db, &id) || write(w->acknowledge, &id, sizeof id) != sizeof id)
            _exit(3);
    return NULL;
}

static _Noreturn void be_the_victim(const char *path, int acknowledge)
{
    struct writer w = {.acknowledge = acknowledge};
    pthread_t thread;
    if (rows_open(path, false, &w.db))
        _exit(2);
    for (int i = 1; i < WRITERS; i++)
        if (pthread_create(&thread, NULL, write_for_ever, &w) != 0)
            _exit(4);
    (void)write_for_ever(&w);
    _exit(5);
}

/* Runs a victim for some milliseconds; the ids it acknowledged go to the ledger. */
static void kill_one(const char *path, int milliseconds, int64_t *ledger, size_t *count)
{
    int pipes[2], status;
    assert_int_equal(pipe(pipes), 0);
    pid_t victim = fork();
    assert_true(victim >= 0);
    if (victim == 0) {
        (void)close(pipes[0]);
        be_the_victim(path, pipes[1]);
    }
    (void)close(pipes[1]);
    struct timespec wait = {.tv_nsec = milliseconds * 1000000L};
    ssize_t got = read(pipes[0], &ledger[*count], sizeof *ledger); /* it has begun */
    (void)nanosleep(&wait, NULL);
    (void)kill(victim, SIGKILL);
    while (got == sizeof *ledger && ++*count < MOST_ACKNOWLEDGED)
        got = read(pipes[0], &ledger[*count], sizeof *ledger);
    (void)close(pipes[0]);
    assert_int_equal(waitpid(victim, &status, 0), victim);
    assert_true(WIFSIGNALED(status));
}

static void check_ledger(struct fixture *f, const int64_t *ledger, size_t count)
{
    ARENA_SCOPE(a);
    struct connection *c;
    struct verification v;
    int64_t halves;
    assert_ok(read_begin(f->db, a, &c));
    assert_ok(space_verify(c, a, &v));
    for (size_t i = 0; i < count; i++) {
        struct organisation o;
        assert_ok(rows_load(c, a, &organisation_type, ledger[i], &all_seeing, &o));
    }
    assert_ok(halves_count(c, &halves));
    assert_int_equal(halves, 0);
    assert_int_equal(v.sealed + v.open, v.records);
    assert_true(v.records >= 2 * (int64_t)count);
}

static void an_acknowledged_change_survives_the_kill(void **state)
{
    struct fixture *f = *state;
    int64_t *ledger = calloc(MOST_ACKNOWLEDGED, sizeof *ledger);
    size_t count = 0;
    assert_non_null(ledger);
    db_close(f->db); /* a fork must not share connections */
    f->db = NULL;
    for (int round = 0; round < ROUNDS; round++) {
        size_t before = count;
        kill_one(f->path, 1 + (int)random_below(&f->random, 40), ledger, &count);
        assert_true(count > before);
        assert_ok(rows_open(f->path, false, &f->db));
        check_ledger(f, ledger, count);
        db_close(f->db);
        f->db = NULL;
    }
    print_message("# %zu acknowledged, 0 lost\n", count);
    free(ledger);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_acknowledged_change_survives_the_kill, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
