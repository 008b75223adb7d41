/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* transaction.c - writers and their transactions.
 *
 * Writers take turns. Each change is a part of the open transaction of the space; whoever finds nobody
 * waiting behind commits for all who are in it (group commit), and only then do they return. So a durable
 * write costs at most one sync, and far less when many write at once. */
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "arena/arena.h"
#include "clock/clock.h"
#include "db/space.h"
#include "db/statement.h"
#include "hurry/hurry.h"

enum { MOST_IN_GROUP = 64 };

/* The changes that one COMMIT makes durable. */
struct group {
    int changes, waiting;
    bool ended;
    struct outcome outcome;
};

/* Under the lock, for a turn that somebody else has. */
static void wait_awake(struct db *d)
{
    enum { MOST_TIMES = 200 };
    d->awake = true;
    for (int i = 0; d->writing && i < MOST_TIMES; i++) {
        (void)pthread_mutex_unlock(&d->lock);
        (void)sched_yield();
        (void)pthread_mutex_lock(&d->lock);
    }
    d->awake = false;
}

static void wake_next(struct db *d)
{
    if (!d->queue || d->woken || d->awake)
        return;
    (void)pthread_cond_signal(&d->turn);
    d->woken = true;
}

/* Waits for the writer; false when this thread has it already. Who is awake may come before who waited. Where
 * another process does the work, the next in line is woken while somebody has the turn, and looks again and
 * again: being woken takes as long as a change. */
static bool take_turn(struct db *d)
{
    (void)pthread_mutex_lock(&d->lock);
    bool mine = d->writing && pthread_equal(d->holder, pthread_self()), look = d->engine->remote;
    if (!mine) {
        d->queue++;
        while (d->writing) {
            if (look && !d->awake) {
                wait_awake(d);
                look = false; /* once, then it sleeps until it is woken */
                continue;
            }
            (void)pthread_cond_wait(&d->turn, &d->lock);
            d->woken = false;
            look = d->engine->remote;
        }
        d->queue--;
        d->writing = true;
        d->holder = pthread_self();
        if (d->engine->remote)
            wake_next(d);
    }
    (void)pthread_mutex_unlock(&d->lock);
    return !mine;
}

/* 0: there is none to be let go. For who has the writer; under the lock, also when nobody has. */
static int64_t turn_until(const struct db *d)
{
    return d->writer && d->engine->turn_until ? d->engine->turn_until(d->writer) : 0;
}

/* Under the lock. */
static void pass_turn(struct db *d)
{
    d->writing = false;
    if (d->keeper_waits && turn_until(d))
        (void)pthread_cond_signal(&d->kept);
    wake_next(d);
}

static void wait_until(struct db *d, int64_t monotonic)
{
    struct timespec at = {.tv_sec = monotonic / SECOND_US, .tv_nsec = monotonic % SECOND_US * 1000};
    (void)pthread_cond_clockwait(&d->kept, &d->lock, CLOCK_MONOTONIC, &at);
}

/* Who writes lets an old turn go before the next transaction; the keeper, when nobody writes. */
static void *keeper_run(void *thing)
{
    enum { AGAIN_US = 20000 };
    struct db *d = thing;
    (void)pthread_mutex_lock(&d->lock);
    while (!d->closing) {
        int64_t until = d->writing ? monotonic_us() + AGAIN_US : turn_until(d);
        d->keeper_waits = !until;
        if (!until)
            (void)pthread_cond_wait(&d->kept, &d->lock);
        else if (monotonic_us() <= until)
            wait_until(d, until);
        else {
            d->writing = true;
            d->holder = pthread_self();
            (void)pthread_mutex_unlock(&d->lock);
            d->engine->turn_end(d->writer);
            (void)pthread_mutex_lock(&d->lock);
            pass_turn(d);
        }
    }
    (void)pthread_mutex_unlock(&d->lock);
    return NULL;
}

struct fault *keeper_start(struct db *d)
{
    d->keeper_started = d->engine->turn_until && pthread_create(&d->keeper, NULL, keeper_run, d) == 0;
    return d->keeper_started || !d->engine->turn_until ? NULL : fault(FAULT_IO, "Cannot start a thread.");
}

void keeper_end(struct db *d)
{
    (void)pthread_mutex_lock(&d->lock);
    d->closing = true;
    (void)pthread_cond_signal(&d->kept);
    (void)pthread_mutex_unlock(&d->lock);
    if (d->keeper_started)
        (void)pthread_join(d->keeper, NULL);
}

static bool in_transaction(const struct db *d)
{
    return d->writer && d->engine->in_transaction(d->writer);
}

static struct fault *all_undone(const struct db *d)
{
    if (d->writer && d->writer->error == ERROR_LOST)
        return fault(FAULT_IO, "Nothing was changed: the database stopped answering.");
    return fault(FAULT_IO, "Nothing was changed: the disk failed.");
}

/* How often this thread had to wait for something so far. */
static long times_asleep(void)
{
    struct rusage used;
    return getrusage(RUSAGE_THREAD, &used) == 0 ? used.ru_nvcsw : 0;
}

/* Makes the group durable, or undoes it. */
static void group_end(struct db *d, struct group *g, bool watched)
{
    long asleep = watched ? times_asleep() : 0;
    struct fault *wrong = NULL;
    if (g->changes && !in_transaction(d)) /* under somebody, and the database undid everything */
        wrong = all_undone(d);
    else if (g->changes)
        wrong = d->engine->commit(d->writer);
    if (wrong)
        g->outcome = (struct outcome){true, d->writer && d->writer->yielded, *wrong};
    if (in_transaction(d))
        d->engine->rollback(d->writer);
    if (d->writer)
        (void)!connection_settle(d->writer); /* nothing of theirs is under way when they go on */
    if (watched)
        d->commits_wait = times_asleep() > asleep;
}

/* Whether somebody waits who will go on with this group, and end it. Where a commit is mere computing (a
 * memory disk), that would cost more than it saves. */
static bool others_follow(struct db *d)
{
    (void)pthread_mutex_lock(&d->lock);
    bool follow = d->queue > 0 && d->group->changes < MOST_IN_GROUP && d->commits_wait;
    (void)pthread_mutex_unlock(&d->lock);
    return follow;
}

/* Ends this thread's part of the group and gives the writer up. Returns once the group is durable, unless
 * this thread changed nothing; the group's failure becomes that of the change. */
static struct fault *group_leave(struct db *d, struct outcome *changed, bool goes_on)
{
    (void)pthread_mutex_lock(&d->lock);
    struct group *g = d->group;
    if (!goes_on || !in_transaction(d)) {
        bool watched = g->changes > 1 || (g->changes && d->queue);
        (void)pthread_mutex_unlock(&d->lock);
        group_end(d, g, watched);
        (void)pthread_mutex_lock(&d->lock);
        g->ended = true;
        d->group = NULL;
        (void)pthread_cond_broadcast(&d->done);
    }
    pass_turn(d);
    g->waiting++;
    while (changed && !g->ended)
        (void)pthread_cond_wait(&d->done, &d->lock);
    struct group result = *g;
    if (--g->waiting == 0 && g->ended)
        free(g);
    (void)pthread_mutex_unlock(&d->lock);
    if (changed && result.outcome.failed)
        *changed = result.outcome;
    return changed && changed->failed ? fault_again(&changed->why) : NULL;
}

void transaction_undo(struct transaction *t)
{
    bool done = t->undone;
    t->spoiled = t->undone = true;
    if (done || !in_transaction(t->db))
        return;
    if (!t->marked || t->db->engine->change_undo(t->connection))
        t->db->engine->rollback(t->connection); /* if others are in the group, it fails */
}

static void transaction_end(void *thing)
{
    struct transaction *t = thing;
    if (!t->open)
        return;
    t->open = false;
    transaction_undo(t);
    (void)group_leave(t->db, NULL, others_follow(t->db));
}

void transaction_abandon(struct transaction *t)
{
    transaction_end(t);
}

/* The writer, whose connection may have been lost since. */
static struct fault *writer_ready(struct db *d)
{
    if (d->writer && d->engine->alive(d->writer))
        return NULL;
    connection_close(d->writer);
    return connection_open(d, FOR_WRITING, false, &d->writer);
}

static struct fault *group_begin(struct db *d)
{
    TRY(writer_ready(d));
    if (in_transaction(d))
        d->engine->rollback(d->writer);
    TRY(d->engine->begin(d->writer, FOR_WRITING));
    d->group = calloc(1, sizeof *d->group);
    if (!d->group)
        abort();
    return NULL;
}

/* The first of a group is marked only where others wait who should not have to wait for its answers. */
static struct fault *change_begin(struct db *d, bool *marked)
{
    *marked = d->group;
    if (!d->group) {
        TRY(group_begin(d));
        *marked = d->engine->remote && others_follow(d);
    }
    connection_ask_nobody(d->writer);
    return *marked ? d->engine->change_begin(d->writer) : NULL;
}

struct fault *transaction_begin(struct db *d, struct arena *a, struct transaction **out)
{
    *out = NULL;
    if (!may_wait())
        return hurry_fault();
    if (!take_turn(d))
        return fault(FAULT_BUG, "This thread is in a transaction already.");
    bool marked;
    struct fault *wrong = change_begin(d, &marked);
    if (wrong) {
        struct fault kept = *wrong;
        if (d->group)
            (void)group_leave(d, NULL, others_follow(d));
        else {
            (void)pthread_mutex_lock(&d->lock);
            pass_turn(d);
            (void)pthread_mutex_unlock(&d->lock);
        }
        return fault_again(&kept);
    }
    struct transaction *t = NEW(a, struct transaction, 1);
    *t = (struct transaction){
        .db = d, .connection = d->writer, .batch = new_id(), .marked = marked, .open = true};
    arena_defer(a, transaction_end, t);
    *out = t;
    return NULL;
}

struct fault *transaction_commit(struct transaction *t)
{
    struct db *d = t->db;
    TRY(transaction_check(t));
    bool goes_on = others_follow(d);
    struct fault *wrong = t->marked ? d->engine->change_end(t->connection, &t->outcome)
                          : goes_on ? connection_settle(t->connection)
                                    : NULL; /* alone: with the commit */
    if (wrong) {
        t->outcome = (struct outcome){true, t->connection->yielded, *wrong};
        transaction_end(t);
        return fault_again(&t->outcome.why);
    }
    t->open = false;
    d->group->changes++;
    return group_leave(d, &t->outcome, goes_on);
}

/* One try; t->outcome says how it failed. */
static struct fault *try_once(struct transaction *t, repeatable *act, void *with)
{
    t->connection->yielded = false;
    struct fault *wrong = act(t, with);
    if (!wrong)
        return transaction_commit(t);
    t->outcome = (struct outcome){true, t->connection->yielded, *wrong};
    transaction_end(t);
    return fault_again(&t->outcome.why);
}

struct fault *transaction_repeat(struct db *d, repeatable *act, void *with)
{
    enum { TRIES = 4 };
    struct fault *wrong = NULL;
    for (int i = 0; i < TRIES; i++) {
        ARENA_SCOPE(work);
        struct transaction *t;
        TRY(transaction_begin(d, work, &t));
        wrong = try_once(t, act, with);
        if (!wrong || !t->outcome.yielded)
            break;
    }
    return wrong;
}

struct connection *transaction_connection(struct transaction *t)
{
    return t->connection;
}

struct fault *transaction_check(const struct transaction *t)
{
    if (!t->open)
        return fault(FAULT_BUG, "The transaction has ended.");
    if (t->spoiled)
        return fault(FAULT_BUG, "A transaction in which something failed can only be abandoned.");
    return in_transaction(t->db) ? NULL : all_undone(t->db);
}

struct fault *transaction_settle(struct transaction *t)
{
    TRY(transaction_check(t));
    return transaction_failed(t, connection_settle(t->connection));
}

struct fault *transaction_failed(struct transaction *t, struct fault *wrong)
{
    t->spoiled |= wrong != NULL;
    return wrong;
}
