/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* circles.h - who stands where a member stands in the whole network, and who is surrounded by those who do.
 *
 * The network is seen twice (spectral.h): finely, and broadly, where large groups tell more and small circles
 * less. near_v is the cosine of a member's place and v's in the broad view, not below 0; a group stands where
 * its members do together. */
#ifndef GRAPPE_CIRCLES_H
#define GRAPPE_CIRCLES_H

#include "synergy/walks.h"

struct circles;

/* The walks are kept by the caller. Cost: seconds for 36,000 members. */
struct fault *circles_new(struct arena *, const struct walks *, const struct circles **) MUST_CHECK;

/* Numbers for every member and group, kept from one query to the next. */
struct circles_room {
    double *of_member, *of_group;
};
struct circles_room circles_room_new(struct arena *, const struct hypergraph *);

struct stood {
    double *product;   /* of the places of both in the fine view */
    double *direction; /* the same over the candidate's length, however little it was seen */
    double *partners;  /* sum_y c_xy near_y / sqrt(C_y), c closeness, C its row sums */
    double *groups;    /* sum over the candidate's groups of its share e^(-.03 months) near^2 */
};
/* Each `n` long, for the candidates. A place is the sum of a member's own and of its contacts'. Cost
 * O(members + groups + partners and groups of the candidates). */
void circles_measure(const struct circles *, const struct circles_room *, struct start, const int *candidates,
                     size_t n, const struct stood *);

#endif
