/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* db.c - spaces, their connections, and transactions.
 *
 * Writers take turns. Each change is a part of the open transaction of the space; whoever finds nobody
 * waiting behind commits for all who are in it (group commit), and only then do they return. So a durable
 * write costs at most one sync, and far less when many write at once. */
#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "clock/clock.h"
#include "db/place.h"
#include "db/statement.h"
#include "hurry/hurry.h"
#include "text/buffer.h"

enum { READERS_KEPT = 16, MOST_IN_GROUP = 64 };

/* The changes that one COMMIT makes durable. */
struct group {
    int changes, waiting;
    bool ended;
    struct outcome outcome;
};

struct db {
    char *path;
    const struct engine *engine;
    lock_views *views; /* NULL: no lock */
    bool fresh;
    struct connection *writer; /* NULL when it could not be opened again */
    pthread_mutex_t lock;      /* of all that follows */
    pthread_cond_t turn, done;
    bool writing;
    pthread_t holder;
    int queue;
    struct group *group;
    struct connection *idle;
    int idle_count;
};

static void connection_close(struct connection *c)
{
    if (!c)
        return;
    c->closing = true;
    statements_close(c);
    c->engine->disconnect(c);
    arena_free(c->memory);
    free(c->organisations);
    free(c);
}

/* Nobody asks: nothing is seen. */
static void ask_nobody(struct connection *c)
{
    connection_ask(c, &(const struct sight){.role = 0});
}

void connection_ask(struct connection *c, const struct sight *s)
{
    struct sight *now = &c->asker;
    size_t bytes = s->count * sizeof *s->organisations;
    bool same = now->signed_in == s->signed_in && now->facilitator == s->facilitator &&
                now->role == s->role && now->count == s->count &&
                (!bytes || memcmp(now->organisations, s->organisations, bytes) == 0);
    if (same || s->program)
        return;
    int64_t *kept = bytes ? malloc(bytes) : NULL;
    if (bytes && !kept)
        abort();
    if (kept)
        memcpy(kept, s->organisations, bytes);
    free(c->organisations);
    c->organisations = kept;
    c->mine = (struct id_list){kept, s->count};
    *now = *s;
    now->organisations = kept;
    c->asked++;
}

/* Before the connection is anybody's. */
static struct fault *connection_lock(struct connection *c, enum purpose purpose)
{
    ARENA_SCOPE(work);
    struct buffer *script = buffer_new(work, LIMIT_SQL);
    unsigned char random[8];
    if (!c->db->views)
        return NULL;
    if (!c->engine->dialect.views_stay) {
        randombytes_buf(random, sizeof random);
        (void)sodium_bin2hex(c->key, sizeof c->key, random, sizeof random);
        c->db->views(script, c);
        TRY(buffer_check(script));
        TRY(arena_check(work));
        TRY(arena_check(c->memory));
    }
    c->locked = true;
    return c->engine->lock(c, purpose, buffer_string(script));
}

/* *out is NULL after a fault. */
static struct fault *connection_open(struct db *d, enum purpose purpose, bool fresh, struct connection **out)
{
    struct connection *c = calloc(1, sizeof *c);
    if (!c)
        abort();
    *c = (struct connection){.engine = d->engine, .db = d, .memory = arena_new(LIMIT_SCRATCH_MEMORY)};
    struct fault *wrong = c->engine->connect(c, purpose, fresh);
    if (!wrong)
        wrong = connection_lock(c, purpose);
    *out = wrong ? NULL : c;
    if (!wrong)
        return NULL;
    struct fault kept = *wrong;
    connection_close(c);
    return fault_again(&kept);
}

static void start(void)
{
    if (sodium_init() < 0) /* chooses the fast hashes, for the journal of commands too */
        abort();
}

struct fault *db_open(const char *place, bool create, struct db **out)
{
    return db_open_locked(place, create, NULL, out);
}

struct fault *db_open_locked(const char *place, bool create, lock_views *views, struct db **out)
{
    static pthread_once_t started = PTHREAD_ONCE_INIT;
    *out = NULL;
    (void)pthread_once(&started, start);
    struct db *d = calloc(1, sizeof *d);
    if (!d || !(d->path = strdup(place)))
        abort();
    d->views = views;
    d->engine = place_is_url(place) ? &postgres_engine : &sqlite_engine;
    (void)pthread_mutex_init(&d->lock, NULL);
    (void)pthread_cond_init(&d->turn, NULL);
    (void)pthread_cond_init(&d->done, NULL);
    struct fault *wrong = d->engine->prepare_place(d, create, &d->fresh);
    if (!wrong)
        wrong = connection_open(d, FOR_WRITING, d->fresh, &d->writer);
    if (!wrong) {
        *out = d;
        return NULL;
    }
    struct fault kept = *wrong;
    db_close(d);
    return fault_again(&kept);
}

void db_close(struct db *d)
{
    if (!d)
        return;
    for (struct connection *c = d->idle, *next; c; c = next) {
        next = c->next;
        connection_close(c);
    }
    connection_close(d->writer);
    (void)pthread_cond_destroy(&d->done);
    (void)pthread_cond_destroy(&d->turn);
    (void)pthread_mutex_destroy(&d->lock);
    free(d->path);
    free(d);
}

bool db_fresh(const struct db *d)
{
    return d->fresh;
}

struct fault *db_remove(const char *place)
{
    return (place_is_url(place) ? &postgres_engine : &sqlite_engine)->remove_place(place);
}

const char *db_path(const struct db *d)
{
    return d->path;
}

/* Readers. */

static void read_end(void *thing)
{
    struct connection *c = thing;
    struct db *d = c->db;
    bool sound = c->engine->end_snapshot(c);
    (void)pthread_mutex_lock(&d->lock);
    bool keep = sound && d->idle_count < READERS_KEPT;
    if (keep) {
        c->next = d->idle;
        d->idle = c;
        d->idle_count++;
    }
    (void)pthread_mutex_unlock(&d->lock);
    if (!keep)
        connection_close(c);
}

/* Rather the one this thread had last: what it keeps is near its processor. */
static struct connection *take_idle(struct db *d)
{
    (void)pthread_mutex_lock(&d->lock);
    struct connection **at = &d->idle;
    while (*at && !pthread_equal((*at)->reader, pthread_self()))
        at = &(*at)->next;
    at = *at ? at : &d->idle;
    struct connection *c = *at;
    if (c) {
        *at = c->next;
        d->idle_count--;
    }
    (void)pthread_mutex_unlock(&d->lock);
    return c;
}

struct fault *read_now(struct db *d, struct arena *a, struct connection **out)
{
    *out = NULL;
    if (d->engine->remote && !may_wait())
        return hurry_fault();
    struct connection *c = take_idle(d);
    while (c && !c->engine->alive(c)) {
        connection_close(c);
        c = take_idle(d);
    }
    if (!c && !may_wait())
        return hurry_fault();
    if (!c)
        TRY(connection_open(d, FOR_READING, false, &c));
    ask_nobody(c);
    c->reader = pthread_self();
    arena_defer(a, read_end, c);
    *out = c;
    return NULL;
}

struct fault *read_begin(struct db *d, struct arena *a, struct connection **out)
{
    TRY(read_now(d, a, out));
    return d->engine->begin(*out, FOR_READING);
}

/* Writers. */

/* Waits for the writer; false when this thread has it already. */
static bool take_turn(struct db *d)
{
    (void)pthread_mutex_lock(&d->lock);
    bool mine = d->writing && pthread_equal(d->holder, pthread_self());
    if (!mine) {
        d->queue++;
        while (d->writing)
            (void)pthread_cond_wait(&d->turn, &d->lock);
        d->queue--;
        d->writing = true;
        d->holder = pthread_self();
    }
    (void)pthread_mutex_unlock(&d->lock);
    return !mine;
}

/* Under the lock. */
static void pass_turn(struct db *d)
{
    d->writing = false;
    (void)pthread_cond_signal(&d->turn);
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

/* Makes the group durable, or undoes it. */
static void group_end(struct db *d, struct group *g)
{
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
}

/* Whether somebody waits who will go on with this group, and end it. */
static bool others_follow(struct db *d)
{
    (void)pthread_mutex_lock(&d->lock);
    bool follow = d->queue > 0 && d->group->changes < MOST_IN_GROUP;
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
        (void)pthread_mutex_unlock(&d->lock);
        group_end(d, g);
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
    ask_nobody(d->writer);
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
