/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "http/tags.h"

#include <pthread.h>
#include <stddef.h>
#include <string.h>

enum { PLACES = 8192 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct {
    struct tag from, of;
} places[PLACES]; /* by the first bytes of `from`: who shares a place takes turns */

static size_t place_of(const struct tag *from)
{
    return (from->bytes[0] | (size_t)from->bytes[1] << 8) % PLACES;
}

bool tag_find(const struct tag *from, struct tag *of)
{
    size_t i = place_of(from);
    (void)pthread_mutex_lock(&lock);
    bool found = memcmp(&places[i].from, from, sizeof *from) == 0;
    if (found)
        *of = places[i].of;
    (void)pthread_mutex_unlock(&lock);
    return found;
}

void tag_keep(const struct tag *from, const struct tag *of)
{
    size_t i = place_of(from);
    (void)pthread_mutex_lock(&lock);
    places[i].from = *from;
    places[i].of = *of;
    (void)pthread_mutex_unlock(&lock);
}
