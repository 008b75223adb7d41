/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* directory_drawings.c - the maps of a catalogue's latest results, kept by the set of organisations they
 * show. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "directory/internal.h"

enum { KEPT = 12 };

struct drawing_kept {
    enum language language;
    uint32_t *found; /* sorted */
    size_t count;
    char *svg;
    size_t length;
    struct directory_sites told;
};

struct drawings {
    pthread_mutex_t lock;
    struct drawing_kept kept[KEPT];
    size_t next; /* the oldest: the next to go */
};

static void drawings_free(void *thing)
{
    struct drawings *d = thing;
    for (size_t i = 0; i < KEPT; i++) {
        free(d->kept[i].found);
        free(d->kept[i].svg);
    }
    (void)pthread_mutex_destroy(&d->lock);
}

struct drawings *drawings_new(struct arena *a)
{
    struct drawings *d = NEW(a, struct drawings, 1);
    (void)pthread_mutex_init(&d->lock, NULL);
    arena_defer(a, drawings_free, d);
    return d;
}

static int compare_entries(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static void *copy_of(const void *bytes, size_t length)
{
    void *copy = malloc(length + 1);
    if (!copy)
        abort();
    memcpy(copy, bytes, length);
    return copy;
}

/* A copy in the arena: the kept one may go at any time. */
static bool recall(struct drawings *d, struct arena *a, const uint32_t *found, size_t count,
                   struct slice *svg, struct directory_sites *told)
{
    bool known = false;
    (void)pthread_mutex_lock(&d->lock);
    for (size_t i = 0; i < KEPT && !known; i++) {
        const struct drawing_kept *k = &d->kept[i];
        known = k->svg && k->language == language() && k->count == count &&
                memcmp(k->found, found, count * sizeof *found) == 0;
        if (known) {
            *svg = (struct slice){arena_text(a, k->svg, k->length), k->length};
            *told = k->told;
        }
    }
    (void)pthread_mutex_unlock(&d->lock);
    return known;
}

static void keep(struct drawings *d, const uint32_t *found, size_t count, struct slice svg,
                 const struct directory_sites *told)
{
    struct drawing_kept fresh = {
        language(), copy_of(found, count * sizeof *found), count, copy_of(svg.ptr, svg.len), svg.len, *told};
    (void)pthread_mutex_lock(&d->lock);
    struct drawing_kept oldest = d->kept[d->next];
    d->kept[d->next] = fresh;
    d->next = (d->next + 1) % KEPT;
    (void)pthread_mutex_unlock(&d->lock);
    free(oldest.found);
    free(oldest.svg);
}

struct markup directory_map(struct arena *a, const struct directory_answer *answer,
                            struct directory_sites *told)
{
    struct drawings *d = answer->catalogue->directory->drawings;
    uint32_t *found = NEW(a, uint32_t, answer->total + 1);
    struct slice svg;
    memcpy(found, answer->found, answer->total * sizeof *found);
    if (answer->total)
        qsort(found, answer->total, sizeof *found, compare_entries);
    if (recall(d, a, found, answer->total, &svg, told))
        return (struct markup){svg};
    struct directory_sites sites = directory_sites_of(a, answer);
    *told =
        (struct directory_sites){.placed = sites.placed, .members = sites.members, .others = sites.others};
    struct map map = directory_ground(answer->catalogue);
    struct html *h = html_new(a, LIMIT_RESPONSE);
    map.title = tr("Map of the organisations found");
    map.sites = sites.at;
    map.site_count = sites.count;
    map_draw(a, h, &map, NULL);
    struct markup drawn = html_done(h);
    keep(d, found, answer->total, drawn.bytes, told);
    return drawn;
}
