/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* places.h - values of different kinds made comparable: by the place they give a candidate among all. */
#ifndef GRAPPE_PLACES_H
#define GRAPPE_PLACES_H

#include <stddef.h>
#include <stdint.h>

struct arena;

struct place_room {
    uint32_t *key, *key_next;
    int *order, *order_next;
};
struct place_room place_room_new(struct arena *, size_t n);

/* The places in `value` of what is above 0, the greatest first, into room->order, and their single precision
 * as bits into room->key; returns how many. Of equal ones the lower place comes first. Cost O(n). */
size_t places_sort(struct place_room *, const double *value, size_t n);

/* merit_i = ln((n + 1) / place_i), place 1 the greatest; those of the same value share the mean of their
 * places. A value of 0 or below, or NAN, is no evidence: its merit is 0. Values are told apart to single
 * precision, so that the order of a sum does not decide. Cost O(n). */
void places_merit(struct place_room *, const double *value, size_t n, double *merit);

#endif
