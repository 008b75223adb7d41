/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* kept.c - the lists drawn last, a page each, never changed once they are here. */
#include "door/kept.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "clock/clock.h"
#include "door/internal.h"
#include "i18n/i18n.h"

enum { LISTS = 32 };

/* All that the look of a row depends on, beside its record. */
struct kept_key {
    const struct record_type *type;
    field_mask columns;
    int64_t person, generation, day, language;
};

struct kept_list {
    struct kept_key key;
    struct kept_lists *home;
    struct arena *arena;         /* where all of this lies */
    int holders;                 /* doors, and the space while the list is among its latest */
    const struct kept_row *rows; /* by id */
    size_t count;
};

struct kept_lists {
    pthread_mutex_t lock; /* of all that follows, and of the holders */
    struct kept_list *at[LISTS];
    size_t next;
};

struct kept_lists *kept_lists_new(void)
{
    struct kept_lists *k = calloc(1, sizeof *k);
    if (!k)
        abort();
    (void)pthread_mutex_init(&k->lock, NULL);
    return k;
}

static void let_go(struct kept_list *l)
{
    if (l && --l->holders == 0)
        arena_free(l->arena);
}

void kept_lists_free(struct kept_lists *k)
{
    for (size_t i = 0; i < LISTS; i++)
        let_go(k->at[i]);
    (void)pthread_mutex_destroy(&k->lock);
    free(k);
}

static void release(void *list)
{
    struct kept_lists *home = ((struct kept_list *)list)->home;
    (void)pthread_mutex_lock(&home->lock);
    let_go(list);
    (void)pthread_mutex_unlock(&home->lock);
}

static int by_id(const void *a, const void *b)
{
    const struct kept_row *x = a, *y = b;
    return (x->id > y->id) - (x->id < y->id);
}

static struct fault *key_of(struct door *d, const struct record_type *type, field_mask columns,
                            struct kept_key *key)
{
    if (d->transaction || d->viewer.program)
        return fault(FAULT_BUG, "Rows are kept for people who read.");
    *key = (struct kept_key){
        .type = type, .columns = columns, .person = d->viewer.person, .day = today(), .language = language()};
    return door_generation(d, &key->generation);
}

static bool has_all(const struct kept_list *l, struct kept_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct kept_row *found = bsearch(&rows[i], l->rows, l->count, sizeof *rows, by_id);
        if (!found)
            return false;
        rows[i] = *found;
    }
    return true;
}

struct fault *kept_rows_find(struct door *d, const struct record_type *type, field_mask columns,
                             struct kept_row *rows, size_t count, bool *found)
{
    struct kept_lists *k = space_kept(d->space);
    struct kept_key key;
    TRY(key_of(d, type, columns, &key));
    *found = false;
    (void)pthread_mutex_lock(&k->lock);
    for (size_t i = 0; i < LISTS && !*found; i++)
        if (k->at[i] && memcmp(&k->at[i]->key, &key, sizeof key) == 0 && has_all(k->at[i], rows, count)) {
            k->at[i]->holders++;
            arena_defer(d->arena, release, k->at[i]);
            *found = true;
        }
    (void)pthread_mutex_unlock(&k->lock);
    return NULL;
}

struct fault *kept_rows_add(struct door *d, const struct record_type *type, field_mask columns,
                            struct arena *drawn, struct kept_row *rows, size_t count)
{
    struct kept_lists *k = space_kept(d->space);
    struct kept_list *l = NEW(drawn, struct kept_list, 1), *before;
    *l = (struct kept_list){.home = k, .arena = drawn, .holders = 2, .count = count};
    struct kept_row *sorted = NEW(drawn, struct kept_row, count + 1);
    memcpy(sorted, rows, count * sizeof *rows);
    qsort(sorted, count, sizeof *sorted, by_id);
    l->rows = sorted;
    struct fault *failed = key_of(d, type, columns, &l->key);
    if (failed) {
        arena_free(drawn);
        return failed;
    }
    (void)pthread_mutex_lock(&k->lock);
    before = k->at[k->next];
    k->at[k->next] = l;
    k->next = (k->next + 1) % LISTS;
    let_go(before);
    (void)pthread_mutex_unlock(&k->lock);
    arena_defer(d->arena, release, l);
    return NULL;
}
