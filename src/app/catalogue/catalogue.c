/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* catalogue.c - the cache, and look-ups. */
#include "catalogue/catalogue.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "catalogue/internal.h"
#include "clock/clock.h"
#include "directory/internal.h"
#include "i18n/i18n.h"
#include "text/fold.h"

enum viewer_class { CLASS_VISITOR, CLASS_SIGNED_IN, CLASS_FACILITATOR, CLASSES };

struct cached {
    struct cached *next;
    struct space *space;
    enum viewer_class class;
    int64_t generation, day; /* certificates expire overnight */
    int holders;             /* the cache itself counts as one while the entry is current */
    struct catalogue_build build;
};

/* Few entries (three a space), short critical sections: one list under one lock. Building happens outside. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct cached *cache;

static void let_go(struct cached *c)
{
    if (--c->holders == 0) {
        (void)pthread_mutex_destroy(&c->build.making);
        arena_free(c->build.arena); /* c lives in it */
    }
}

static void release(void *thing)
{
    (void)pthread_mutex_lock(&lock);
    let_go(thing);
    (void)pthread_mutex_unlock(&lock);
}

/* Removes entries of the space and class (or of every class) from the list. */
static void drop(struct space *space, int class)
{
    for (struct cached **at = &cache; *at;) {
        struct cached *c = *at;
        if (c->space == space && (class == CLASSES || c->class == (enum viewer_class) class)) {
            *at = c->next;
            let_go(c);
        } else {
            at = &c->next;
        }
    }
}

void catalogue_forget(struct space *space)
{
    (void)pthread_mutex_lock(&lock);
    drop(space, CLASSES);
    (void)pthread_mutex_unlock(&lock);
}

static enum viewer_class class_of(const struct viewer *v)
{
    if (v->program || v->roles & ROLE_FACILITATOR)
        return CLASS_FACILITATOR;
    return viewer_signed_in(v) ? CLASS_SIGNED_IN : CLASS_VISITOR;
}

static struct fault *build(struct space *space, enum viewer_class class, struct cached **out)
{
    static const int roles[] = {[CLASS_VISITOR] = ROLE_VISITOR,
                                [CLASS_SIGNED_IN] = ROLE_VISITOR | ROLE_MEMBER,
                                [CLASS_FACILITATOR] = ROLE_VISITOR | ROLE_FACILITATOR};
    struct arena *a = arena_new(LIMIT_COMMAND_MEMORY);
    struct cached *c = NEW(a, struct cached, 1);
    *c = (struct cached){.space = space, .class = class, .day = today()};
    c->build.arena = a;
    c->build.catalogue.build = &c->build;
    (void)pthread_mutex_init(&c->build.making, NULL);
    ARENA_SCOPE(work); /* the read connection goes back when this ends */
    struct door *d = NULL;
    struct fault *failed =
        door_open_class(space, work, a, (struct viewer){.roles = roles[class], .person = class ? -1 : 0}, &d);
    if (!failed)
        failed = door_generation(d, &c->generation);
    if (!failed)
        failed = catalogue_load(&c->build, d);
    if (!failed)
        failed = directory_index_new(a, d, &c->build.catalogue, &c->build.catalogue.directory);
    if (failed) {
        (void)pthread_mutex_destroy(&c->build.making);
        arena_free(a);
        return failed;
    }
    *out = c;
    return NULL;
}

struct fault *catalogue_made(struct catalogue_build *b, struct fault *failed)
{
    if (failed && arena_check(b->arena)) /* the same fault once more */
        atomic_store(&b->spent, true);
    return failed;
}

struct fault *catalogue_of(struct door *d, const struct catalogue **out)
{
    struct space *space = door_space(d);
    enum viewer_class class = class_of(door_viewer(d));
    int64_t generation = 0, day = today();
    TRY(door_generation(d, &generation));
    struct cached *found = NULL;
    (void)pthread_mutex_lock(&lock);
    for (struct cached *c = cache; c && !found; c = c->next)
        if (c->space == space && c->class == class && c->generation == generation && c->day == day &&
            !atomic_load(&c->build.spent)) {
            found = c;
            c->holders++;
        }
    (void)pthread_mutex_unlock(&lock);
    if (!found) {
        TRY(build(space, class, &found));
        (void)pthread_mutex_lock(&lock);
        drop(space, (int)class);
        found->holders = 2;
        found->next = cache;
        cache = found;
        (void)pthread_mutex_unlock(&lock);
    }
    arena_defer(door_arena(d), release, found);
    *out = &found->build.catalogue;
    return NULL;
}

const struct catalogue_entry *catalogue_find(const struct catalogue *c, int64_t organisation)
{
    for (size_t i = 0; i < c->count; i++)
        if (c->entries[i].organisation.id == organisation)
            return &c->entries[i];
    return NULL;
}

static int compare_term(const void *key, const void *entry)
{
    const int64_t id = *(const int64_t *)key, other = ((const struct term *)entry)->id;
    return (id > other) - (id < other);
}

const struct term *catalogue_term(const struct catalogue *c, int64_t id)
{
    return c->term_count ? bsearch(&id, c->terms, c->term_count, sizeof *c->terms, compare_term) : NULL;
}

const struct term *catalogue_term_by_code(const struct catalogue *c, const char *code)
{
    for (size_t i = 0; code && i < c->term_count; i++)
        if (strcmp(c->terms[i].code, code) == 0)
            return &c->terms[i];
    return NULL;
}

bool catalogue_term_within(const struct catalogue *c, int64_t term, int64_t ancestor)
{
    for (const struct term *t = catalogue_term(c, term); t; t = catalogue_term(c, t->parent))
        if (t->id == ancestor)
            return true;
    return false;
}

bool entry_has_term(const struct catalogue_entry *e, int64_t term)
{
    size_t low = 0, high = e->term_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (e->terms[middle] < term)
            low = middle + 1;
        else
            high = middle;
    }
    return low < e->term_count && e->terms[low] == term;
}

const char *term_label(const struct term *t)
{
    return language() == LANGUAGE_EN && t->label_en ? t->label_en : t->label;
}
