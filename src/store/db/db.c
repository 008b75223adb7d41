/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* db.c - spaces, their connections, and readers. */
#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "clock/clock.h"
#include "db/place.h"
#include "db/space.h"
#include "db/statement.h"
#include "hurry/hurry.h"
#include "text/buffer.h"

enum { READERS_KEPT = 16 };

void connection_close(struct connection *c)
{
    if (!c)
        return;
    c->closing = true;
    statements_close(c);
    c->engine->disconnect(c);
    arena_free(c->memory);
    free(c->organisations);
    free(c->competitors);
    free(c);
}

void connection_ask_nobody(struct connection *c)
{
    connection_ask(c, &(const struct sight){.role = 0});
}

static bool same_ids(struct id_list kept, const int64_t *ids, size_t count)
{
    return kept.count == count && (!count || memcmp(kept.at, ids, count * sizeof *ids) == 0);
}

/* A copy in the place of the one before. */
static struct id_list keep_ids(int64_t **kept, const int64_t *ids, size_t count)
{
    free(*kept);
    *kept = count ? malloc(count * sizeof *ids) : NULL;
    if (count && !*kept)
        abort();
    if (count)
        memcpy(*kept, ids, count * sizeof *ids);
    return (struct id_list){*kept, count};
}

void connection_ask(struct connection *c, const struct sight *s)
{
    struct sight *now = &c->asker;
    bool same = now->signed_in == s->signed_in && now->facilitator == s->facilitator &&
                now->person == s->person && now->role == s->role &&
                same_ids(c->mine, s->organisations, s->count) &&
                same_ids(c->competing, s->competitors, s->competitor_count);
    if (same || s->program)
        return;
    c->mine = keep_ids(&c->organisations, s->organisations, s->count);
    c->competing = keep_ids(&c->competitors, s->competitors, s->competitor_count);
    *now = *s;
    now->organisations = c->organisations;
    now->competitors = c->competitors;
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

struct fault *connection_open(struct db *d, enum purpose purpose, bool fresh, struct connection **out)
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
    (void)pthread_cond_init(&d->kept, NULL);
    d->commits_wait = true;
    struct fault *wrong = d->engine->prepare_place(d, create, &d->fresh);
    if (!wrong)
        wrong = connection_open(d, FOR_WRITING, d->fresh, &d->writer);
    if (!wrong)
        wrong = keeper_start(d);
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
    keeper_end(d);
    for (struct connection *c = d->idle, *next; c; c = next) {
        next = c->next;
        connection_close(c);
    }
    connection_close(d->writer);
    (void)pthread_cond_destroy(&d->kept);
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
    connection_ask_nobody(c);
    c->reader = pthread_self();
    arena_defer(a, read_end, c);
    *out = c;
    return NULL;
}

void read_rest(struct connection *c)
{
    (void)c->engine->end_snapshot(c); /* an unsound one is told of by the next who asks */
}

struct fault *read_again(struct connection *c)
{
    return c->engine->begin(c, FOR_READING);
}

struct fault *read_begin(struct db *d, struct arena *a, struct connection **out)
{
    TRY(read_now(d, a, out));
    return d->engine->begin(*out, FOR_READING);
}
