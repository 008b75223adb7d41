/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "door/read_log.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"

enum { MOST_WAITING = 1 << 19, AT_ONCE = 2000, LATELY = 16 };

struct read_log {
    pthread_mutex_t lock, writing; /* of what waits; of the one who writes it */
    struct reading *waiting;       /* types are those of descriptions, which stay */
    size_t count, capacity;
};

struct read_log *read_log_new(void)
{
    struct read_log *l = calloc(1, sizeof *l);
    if (!l)
        abort();
    (void)pthread_mutex_init(&l->lock, NULL);
    (void)pthread_mutex_init(&l->writing, NULL);
    return l;
}

void read_log_free(struct read_log *l)
{
    (void)pthread_mutex_destroy(&l->lock);
    (void)pthread_mutex_destroy(&l->writing);
    free(l->waiting);
    free(l);
}

/* A page that loads a record twice was read once. */
static bool noted_lately(const struct read_log *l, const struct reading *r)
{
    for (size_t i = l->count; i > 0 && i + LATELY > l->count; i--) {
        const struct reading *other = &l->waiting[i - 1];
        if (other->record == r->record && other->person == r->person && other->act == r->act)
            return true;
    }
    return false;
}

static void push(struct read_log *l, const struct reading *r)
{
    if (l->count == l->capacity) {
        l->capacity = l->capacity ? 2 * l->capacity : 64;
        l->waiting = realloc(l->waiting, l->capacity * sizeof *l->waiting);
        if (!l->waiting)
            abort();
    }
    l->waiting[l->count++] = *r;
}

struct fault *read_log_note(struct read_log *l, const struct reading *r)
{
    (void)pthread_mutex_lock(&l->lock);
    bool full = l->count == MOST_WAITING;
    if (!full && !noted_lately(l, r))
        push(l, r);
    (void)pthread_mutex_unlock(&l->lock);
    return full ? fault(FAULT_LIMIT, "Readings cannot be noted at the moment: try again later.") : NULL;
}

/* The oldest that wait; they stay until they are written. */
static size_t oldest(struct read_log *l, struct reading *out)
{
    (void)pthread_mutex_lock(&l->lock);
    size_t count = l->count < AT_ONCE ? l->count : AT_ONCE;
    if (count)
        memcpy(out, l->waiting, count * sizeof *out);
    (void)pthread_mutex_unlock(&l->lock);
    return count;
}

static void drop(struct read_log *l, size_t count)
{
    (void)pthread_mutex_lock(&l->lock);
    l->count -= count;
    memmove(l->waiting, l->waiting + count, l->count * sizeof *l->waiting);
    (void)pthread_mutex_unlock(&l->lock);
}

struct some_readings {
    struct reading *at;
    size_t count;
};

static struct fault *write_these(struct transaction *t, void *with)
{
    const struct some_readings *these = with;
    TRY(readings_append(t, these->at, these->count));
    for (int64_t sealed = AT_ONCE; sealed == AT_ONCE;)
        TRY(readings_seal(t, AT_ONCE, &sealed));
    return NULL;
}

static struct fault *write_some(struct read_log *l, struct db *db, size_t *written)
{
    ARENA_SCOPE(work);
    struct some_readings these = {.at = NEW(work, struct reading, AT_ONCE)};
    *written = these.count = oldest(l, these.at);
    if (!*written)
        return NULL;
    TRY(transaction_repeat(db, write_these, &these));
    drop(l, *written);
    return NULL;
}

struct fault *read_log_flush(struct read_log *l, struct db *db)
{
    struct fault *failed = NULL;
    (void)pthread_mutex_lock(&l->writing);
    for (size_t written = 1; written && !failed;)
        failed = write_some(l, db, &written);
    (void)pthread_mutex_unlock(&l->writing);
    return failed;
}
