/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* group_search.h - inside the search for groups: what its files share. */
#ifndef GRAPPE_ASSEMBLY_GROUP_SEARCH_H
#define GRAPPE_ASSEMBLY_GROUP_SEARCH_H

#include "assembly/group.h"

struct group_bid {
    int32_t firm;
    int64_t cost, capacity;
};

/* Who is still open at a node, and what they offer for each step, the cheapest first. */
struct group_level {
    int32_t *open, open_count;
    struct group_bid *offer[GROUP_STEPS_MOST];
    int32_t count[GROUP_STEPS_MOST];
};

/* What a node keeps its levels and marks in; used again by the next node of the same depth. */
enum { POOL_KEPT, POOL_IN, POOL_OUT, POOL_OPEN, POOL_REST, POOL_PRICES, POOLS };
struct group_pool {
    void *bytes;
    size_t size;
};

struct group_search {
    struct arena *arena;
    const struct group_problem *p;
    const struct group_options *o;
    struct proof_out *proof;
    int64_t beat, budget;
    int32_t members_most, words;
    int32_t *rival_start, *rival;      /* pairs that conflict, by firm */
    const uint64_t **row;              /* of each firm asked about: who cannot be with it */
    int64_t penalty[GROUP_STEPS_MOST]; /* of a piece that is left out */
    int32_t taken[GROUP_STEPS_MOST], taken_count;
    struct group_pool (*pools)[POOLS]; /* by depth */
    int64_t *slack;                    /* of each firm, at the prices of the node */
    struct group *best;
    int32_t found;
    int64_t root_bound, steps, nodes;
    bool stopped;
    bool impossible; /* those who must be in cannot be: too many, or in conflict */
    bool split;      /* a step may need several firms */
    bool ties;       /* groups as cheap as the best are looked at too */
};

struct group_prices {
    int64_t price[GROUP_STEPS_MOST]; /* of a piece of each step */
    int64_t *slack;                  /* what an open firm's cost is above what the prices would pay it */
};

/* Dual ascent (Erlenkotter 1978): the price of each step rises in turn to the next cost somebody asks, as
 * long as every open firm's slack stays at 0 or more. Returns sum volume * price + cost of the taken - what
 * the prices would pay the taken, at most the cost of any group of the taken and the open. Cost O(offers *
 * levels of price). */
int64_t group_bound(struct group_search *, const struct group_level *, struct group_prices *);

/* A bound of at least `bound`, raised by so many subgradient steps from the prices of the node above, or from
 * v's; worth it where steps are split, as dual ascent stays far below there. A slack may then be below 0:
 * that firm is paid more than it costs, and no more such count than members may be added. Cost O(rounds *
 * entries of the open). */
int64_t group_bound_raise(struct group_search *, const struct group_level *, const int64_t *above, int rounds,
                          int64_t bound, struct group_prices *v);

/* The pairs that conflict, by firm: once, before the others are called. */
void group_list_rivals(struct group_search *);
/* The firms that cannot be with this one, a bit each; made when first asked for. */
const uint64_t *group_conflicts_of(struct group_search *, int32_t firm);
static inline bool group_bit(const uint64_t *bits, int32_t k)
{
    return bits[k / 64] >> (k % 64) & 1;
}
/* Keeps the group if it is among the best, and then asks for cheaper ones only. */
void group_offer(struct group_search *, const int32_t *members, int32_t count);
/* What is left to do of each step after these members; whether anything is. */
bool group_count_left(const struct group_search *, const int32_t *members, int32_t count, int64_t *left);
/* From the members taken, and `start` unless -1: whoever helps most for the money, until all is done. */
void group_greedy(struct group_search *, const struct group_level *, int32_t start);

#endif
