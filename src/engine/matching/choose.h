/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* choose.h - from what each firm scores to the list that is shown, or to "nobody here". */
#ifndef GRAPPE_MATCHING_CHOOSE_H
#define GRAPPE_MATCHING_CHOOSE_H

#include "matching/internal.h"

/* One need being answered. */
struct run {
    const struct matcher *m;
    struct arena *arena;
    const struct match_need *need;
    struct detail_set details;             /* of the need, from its text */
    const struct concept_weight *concepts; /* what the need is about */
    int concept_count;
    double weights[CRITERIA];
    double *text;          /* of each firm, 0 ... 1 */
    double *named, *about; /* of each firm, what that is made of, before it is scaled by the best */
    float *fit[CRITERIA];  /* of each firm, summed over the terms asked; NULL: the need says nothing */
    float *best[CRITERIA]; /* of each firm, for the term asked that it meets best */
    double asked_count[CRITERIA];
    uint8_t *gates; /* of each firm already judged; GATES_UNKNOWN */
};

/* Firms with a key above 0 by falling key, ties by id: a heap, so that the first few cost little. */
struct queue;
struct queue *queue_new(struct arena *, const struct matcher *, const double *keys); /* O(firms) */
int queue_take(struct queue *, double *key); /* -1: no more; O(log firms) */

/* The best `most` firms that pass the gates; or, when that is nobody of the trade, the nearest.
 * Only firms whose best possible score may enter the list are judged in full. */
void choose(struct run *, int most, struct match_answer *);

#endif
