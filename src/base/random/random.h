/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* random.h - reproducible pseudo-random numbers (xoshiro256**, Blackman and Vigna 2018), seeded by
 * splitmix64.
 *
 * For simulations, demo data and tests; secrets come from libsodium. */
#ifndef GRAPPE_RANDOM_H
#define GRAPPE_RANDOM_H

#include <stdint.h>

struct random {
    uint64_t state[4];
};

struct random random_seeded(uint64_t seed, uint64_t stream); /* streams of one seed are independent */
uint64_t random_next(struct random *);
uint64_t random_below(struct random *, uint64_t bound); /* 0 .. bound-1 without bias; bound > 0 */
double random_unit(struct random *);                    /* [0, 1) */

#endif
