/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* flow.h - the best flow from left to right: who is given how many of what, at the greatest profit.
 *
 * Left nodes and right nodes take at most so many units; an arc between them carries one, at its profit; a
 * node's first, second and third unit may be worth something more (never growing). At most `most` units in
 * all. Matchings, b-matchings and transports with falling rewards are such flows; the profits are integers,
 * so the answer is exact. */
#ifndef GRAPPE_FLOW_H
#define GRAPPE_FLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fault/fault.h"

struct arena;

enum { FLOW_REWARDS = 3 }; /* of a node: for its first, second and third unit */

struct flow_arc {
    int from, to; /* a left node, a right node */
    int64_t profit;
};

struct flow_network {
    int left, right;                   /* nodes */
    const int *left_most, *right_most; /* units a node takes */
    const int64_t *reward;             /* FLOW_REWARDS of them, for every node; NULL: none */
    const struct flow_arc *arcs;
    size_t arc_count;
    int64_t most;
};

/* Of the dual: profit = sum of most × price over all nodes + most × price of a unit + what each arc's profit
 * exceeds the prices of its ends and of a unit by. Prices are never negative. Only without rewards. */
struct flow_prices {
    int64_t *left, *right, unit;
};

/* The flow of greatest profit, by successive shortest paths, all of one length at once (primal-dual; Ahuja,
 * Magnanti and Orlin, Network Flows, 1993, 9.8). *used: of each arc. prices may be NULL. Memory is taken from
 * the arena. Cost O(d · arcs · log nodes), d the number of different path lengths. */
void flow_solve(struct arena *, const struct flow_network *, bool *used, int64_t *profit,
                struct flow_prices *prices);

#endif
