/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* kept.c - the tables drawn last, a page each, never changed once they are here. */
#include "door/kept.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "door/internal.h"
#include "i18n/i18n.h"

enum { TABLES = 32 };

struct kept_entry {
    const char *key;
    struct kept_table table;
    struct kept_tables *home;
    struct arena *arena; /* where all of this lies */
    int holders;         /* doors, and the space while the table is among its latest */
};

struct kept_tables {
    pthread_mutex_t lock; /* of all that follows, and of the holders */
    struct kept_entry *at[TABLES];
    size_t next;
};

struct kept_tables *kept_tables_new(void)
{
    struct kept_tables *k = calloc(1, sizeof *k);
    if (!k)
        abort();
    (void)pthread_mutex_init(&k->lock, NULL);
    return k;
}

static void let_go(struct kept_entry *e)
{
    if (e && --e->holders == 0)
        arena_free(e->arena);
}

void kept_tables_free(struct kept_tables *k)
{
    for (size_t i = 0; i < TABLES; i++)
        let_go(k->at[i]);
    (void)pthread_mutex_destroy(&k->lock);
    free(k);
}

static void release(void *entry)
{
    struct kept_tables *home = ((struct kept_entry *)entry)->home;
    (void)pthread_mutex_lock(&home->lock);
    let_go(entry);
    (void)pthread_mutex_unlock(&home->lock);
}

/* All that the records and their look depend on. What was typed stands last, each text behind its length. */
static struct fault *key_of(struct door *d, struct arena *a, const struct list_request *asked,
                            field_mask columns, const char **key)
{
    if (d->transaction || d->viewer.program)
        return fault(FAULT_BUG, "Rows are kept for people who read.");
    int64_t generation = 0;
    TRY(door_generation(d, &generation));
    struct buffer *text = buffer_new(a, LIMIT_URL * 4);
    buffer_print(text, "%s %llx %lld %lld %lld %d %lld %lld %lld %lld %d", asked->type->name,
                 (unsigned long long)columns, (long long)d->viewer.person, (long long)generation,
                 (long long)d->day, (int)language(), (long long)asked->page, (long long)asked->per_page,
                 (long long)asked->owner, (long long)asked->offset, asked->plain);
    const char *sort = asked->sort ? asked->sort : "";
    buffer_print(text, " %zu:%s", strlen(sort), sort);
    for (size_t i = 0; i < asked->filter_count; i++) {
        const struct list_filter *f = &asked->filters[i];
        buffer_print(text, " %zu:%s=%zu:%s", strlen(f->field), f->field, strlen(f->text), f->text);
    }
    *key = buffer_string(text);
    return buffer_check(text);
}

struct fault *kept_table_find(struct door *d, const struct list_request *asked, field_mask columns,
                              struct kept_table *table, bool *found)
{
    struct kept_tables *k = space_kept(d->space);
    const char *key = NULL;
    TRY(key_of(d, d->arena, asked, columns, &key));
    *found = false;
    (void)pthread_mutex_lock(&k->lock);
    for (size_t i = 0; i < TABLES && !*found; i++)
        if (k->at[i] && strcmp(k->at[i]->key, key) == 0) {
            k->at[i]->holders++;
            arena_defer(d->arena, release, k->at[i]);
            *table = k->at[i]->table;
            *found = true;
        }
    (void)pthread_mutex_unlock(&k->lock);
    return NULL;
}

struct fault *kept_table_add(struct door *d, const struct list_request *asked, field_mask columns,
                             struct arena *drawn, const struct kept_table *table)
{
    struct kept_tables *k = space_kept(d->space);
    struct kept_entry *e = NEW(drawn, struct kept_entry, 1), *before;
    *e = (struct kept_entry){.table = *table, .home = k, .arena = drawn, .holders = 2};
    e->table.page.records = NULL;
    e->table.page.shown = NULL;
    arena_defer(d->arena, release, e);
    struct fault *failed = key_of(d, drawn, asked, columns, &e->key);
    (void)pthread_mutex_lock(&k->lock);
    if (failed)
        before = e; /* only this door holds it */
    else {
        before = k->at[k->next];
        k->at[k->next] = e;
        k->next = (k->next + 1) % TABLES;
    }
    let_go(before);
    (void)pthread_mutex_unlock(&k->lock);
    return failed;
}
