/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* walks.h - who can be reached from a member over partners of partners, and how well.
 *
 * A walk starts at the partners of a member, or at those whom a newcomer named. All measures are asked for a
 * list of candidates and cost little more than reading their rows. */
#ifndef GRAPPE_WALKS_H
#define GRAPPE_WALKS_H

#include <stdbool.h>

#include "synergy/hypergraph.h"

struct walks {
    const struct hypergraph *h;
    double *closeness;    /* of each place in h->partner: ln(1 + groups together) */
    double *strength;     /* of each member: sum of its closeness */
    double *group_weight; /* of each group, by the law */
    double *reach, *own;  /* of each member: the row sum of W by the law, and the part with itself */
};
/* Cost O(pairs + ties). */
struct fault *walks_new(struct arena *, const struct hypergraph *, struct group_law,
                        struct walks **) MUST_CHECK;

/* Where walks begin: at the partners of a member, and at contacts it named, each as if they were in a group
 * of two with it, as new as the newest. */
struct start {
    int of;
    const int *member; /* each once */
    const double *closeness;
    size_t count;
    const int *contact;
    size_t contacts;
};
struct start start_new(struct arena *, const struct walks *, int member, const int *contact, size_t contacts);

/* How a member is reached by two steps from the start. */
struct reached {
    double ways, most; /* over all first steps, and over the best of them */
    int first;         /* who the best is; without a step, nobody */
};

/* Numbers for every member and group, kept from one query to the next; all 0 in between. */
struct walk_room {
    struct reached *reached;
    double *flow, *onward, *of_group;
    bool *started;
};
struct walk_room walk_room_new(struct arena *, const struct hypergraph *);

struct walked {
    double *paths; /* sum_zy c_uz c_zy c_yx / sqrt(C_z C_y), c closeness, C its row sums */
    double *flow;  /* (W D^-1 W D^-1 W)_xu, W by the law */
};
/* Each `n` long, for the candidates. Between begin and end the room belongs to one start. Cost O(sum of
 * partners of the start's partners and of the candidates + ties). */
void walk_begin(const struct walks *, struct walk_room *, struct start);
void walk(const struct walks *, struct walk_room *, struct start, const int *candidates, size_t n,
          const struct walked *);
void walk_end(const struct walks *, struct walk_room *, struct start);

/* Common partners of the start and x, those with the fewest partners first; returns how many there are. */
int walk_shared(const struct walks *, const struct walk_room *, int x, int *named, int most);

/* The best path: start - first - second - x; false when there is none. */
bool walk_best(const struct walks *, const struct walk_room *, int x, struct step_pair *);

#endif
