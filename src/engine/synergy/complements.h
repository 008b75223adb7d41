/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* complements.h - what one firm has and another asks for: a step of the chain, spare capacity, a material.
 *
 * Members and things are numbered from 0. Of two members and a kind, n_t being how many have t and m_t how
 * many ask for it, what is rare counts more:
 *
 *   sum_t (has_ut asks_xt + asks_ut has_xt) / sqrt(n_t m_t)
 *
 * Source: chain complementarity as scarcity-weighted co-occurrence on a bipartite graph; the scale is that of
 * the allocation of resources (Zhou, Lu and Zhang, Eur. Phys. J. B 71, 2009), for both ends. */
#ifndef GRAPPE_COMPLEMENTS_H
#define GRAPPE_COMPLEMENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "fault/fault.h"

struct arena;

enum complement { COMPLEMENT_CHAIN, COMPLEMENT_POOLING, COMPLEMENT_MATERIAL, COMPLEMENTS };
enum side { SIDE_HAS, SIDE_ASKS, SIDES };

/* One member has one thing, or asks for it; said twice it counts once. */
struct holding {
    enum complement what;
    enum side side;
    int member, thing;
};

struct complements;

/* INVALID for a member or a thing that does not exist. Cost O(count log count). */
struct fault *complements_new(struct arena *, int members, int things, const struct holding *, size_t count,
                              const struct complements **) MUST_CHECK;

/* scores[members], 0 for itself; false, leaving them as they are, when `member` neither has nor asks for
 * anything of the kind. Cost O(members + all who ask for what it has, and have what it asks for). */
bool complements_score(const struct complements *, enum complement, int member, double *scores);

/* The things of which x is on `side` and `member` on the other, in order; returns how many are given. */
int complements_between(const struct complements *, enum complement, enum side, int member, int x,
                        int *things, int most);

#endif
