/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* known.c - who people are, kept from one request to the next.
 *
 * Role, name, mandates, competitors and last kept answer of a person are read again when the space has a
 * newer journal entry than they were read at, or another day: every change leaves an entry, so what is kept
 * is what would be read. */
#include "door/known.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"

enum { PEOPLE = 64 };

struct known_person {
    int64_t person, generation, day, answered;
    int roles;
    char *name; /* stands behind the organisations */
    size_t count, competitor_count;
    int64_t ids[]; /* organisations, then their competitors */
};

struct known_people {
    pthread_mutex_t lock;
    struct known_person *at[PEOPLE]; /* by the remainder of the id: who shares a place takes turns */
};

struct known_people *known_people_new(void)
{
    struct known_people *k = calloc(1, sizeof *k);
    if (!k)
        abort();
    (void)pthread_mutex_init(&k->lock, NULL);
    return k;
}

void known_people_free(struct known_people *k)
{
    for (size_t i = 0; i < PEOPLE; i++)
        free(k->at[i]);
    (void)pthread_mutex_destroy(&k->lock);
    free(k);
}

bool known_find(struct known_people *k, struct arena *a, int64_t person, int64_t generation, int64_t day,
                struct known *who)
{
    (void)pthread_mutex_lock(&k->lock);
    const struct known_person *p = k->at[(uint64_t)person % PEOPLE];
    bool found = p && p->person == person && p->generation == generation && p->day == day;
    if (found) {
        const size_t ids_count = p->count + p->competitor_count;
        int64_t *ids = NEW(a, int64_t, ids_count + 1);
        memcpy(ids, p->ids, ids_count * sizeof *ids);
        *who = (struct known){.viewer = {.person = person,
                                         .roles = p->roles,
                                         .organisations = ids,
                                         .count = p->count,
                                         .competitors = ids + p->count,
                                         .competitor_count = p->competitor_count},
                              .name = arena_text(a, p->name, strlen(p->name)),
                              .answered = p->answered};
    }
    (void)pthread_mutex_unlock(&k->lock);
    return found;
}

void known_keep(struct known_people *k, int64_t generation, int64_t day, const struct known *who)
{
    const struct viewer *viewer = &who->viewer;
    const size_t ids_count = viewer->count + viewer->competitor_count, length = strlen(who->name) + 1;
    struct known_person *p = malloc(sizeof *p + ids_count * sizeof *p->ids + length);
    if (!p)
        abort();
    *p = (struct known_person){.person = viewer->person,
                               .generation = generation,
                               .day = day,
                               .answered = who->answered,
                               .roles = viewer->roles,
                               .name = (char *)(p->ids + ids_count),
                               .count = viewer->count,
                               .competitor_count = viewer->competitor_count};
    for (size_t i = 0; i < ids_count; i++)
        p->ids[i] = i < viewer->count ? viewer->organisations[i] : viewer->competitors[i - viewer->count];
    memcpy(p->name, who->name, length);
    (void)pthread_mutex_lock(&k->lock);
    struct known_person **place = &k->at[(uint64_t)viewer->person % PEOPLE], *before = *place;
    *place = p;
    (void)pthread_mutex_unlock(&k->lock);
    free(before);
}
