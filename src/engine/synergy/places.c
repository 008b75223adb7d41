/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "synergy/places.h"

#include <math.h>
#include <string.h>

#include "arena/arena.h"

enum { DIGIT_BITS = 11, DIGITS = 3, BUCKETS = 1 << DIGIT_BITS };

struct place_room place_room_new(struct arena *a, size_t n)
{
    return (struct place_room){NEW(a, uint32_t, n + 1), NEW(a, uint32_t, n + 1), NEW(a, int, n + 1),
                               NEW(a, int, n + 1)};
}

/* One pass of a radix sort, stable, the greatest first. */
static void pass(const struct place_room *from, uint32_t *key, int *order, size_t n, int digit)
{
    size_t start[BUCKETS + 1] = {0};
    int shift = digit * DIGIT_BITS;
    for (size_t i = 0; i < n; i++)
        start[BUCKETS - (from->key[i] >> shift & (BUCKETS - 1))]++;
    for (size_t b = 1; b <= BUCKETS; b++)
        start[b] += start[b - 1];
    for (size_t i = 0; i < n; i++) {
        size_t at = start[BUCKETS - 1 - (from->key[i] >> shift & (BUCKETS - 1))]++;
        key[at] = from->key[i];
        order[at] = from->order[i];
    }
}

size_t places_sort(struct place_room *room, const double *value, size_t n)
{
    size_t some = 0;
    for (size_t i = 0; i < n; i++) {
        float rounded = value[i] > 0 ? (float)value[i] : 0;
        if (!(rounded > 0))
            continue;
        memcpy(&room->key[some], &rounded, sizeof rounded); /* above 0, bits and values order alike */
        room->order[some++] = (int)i;
    }
    for (int digit = 0; digit < DIGITS; digit++) {
        pass(room, room->key_next, room->order_next, some, digit);
        *room = (struct place_room){room->key_next, room->key, room->order_next, room->order};
    }
    return some;
}

void places_merit(struct place_room *room, const double *value, size_t n, double *merit)
{
    size_t some = places_sort(room, value, n);
    for (size_t i = 0; i < n; i++)
        merit[i] = 0;
    for (size_t i = 0, end; i < some; i = end) {
        for (end = i + 1; end < some && room->key[end] == room->key[i];)
            end++;
        double place = (double)(i + 1 + end) / 2;
        for (size_t k = i; k < end; k++)
            merit[room->order[k]] = log((double)(n + 1) / place);
    }
}
