/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* hypergraph.h - who was in which group with whom: projects, contracts, clubs and their members.
 *
 * Members and groups are numbered from 0. A member of no group has empty rows. */
#ifndef GRAPPE_HYPERGRAPH_H
#define GRAPPE_HYPERGRAPH_H

#include <stddef.h>

#include "fault/fault.h"

struct arena;

enum {
    LIMIT_SYNERGY_MEMBERS = 1000000,
    LIMIT_SYNERGY_TIES = 10000000,
    LIMIT_SYNERGY_PAIRS = 50000000, /* of partners, each counted from both */
    LARGEST_GROUP = 60 /* beyond, having been in it together says little about two of its members */
};

/* One member in one group. */
struct membership {
    int group, member;
    double weight; /* of this part: above 0; NAN: not known, and the median counts */
    double day;    /* it began, any origin; NAN: not known */
};

struct hypergraph {
    int members, groups; /* groups as given */
    int largest;         /* groups of more members stay empty, as those of one do */
    int left_out;        /* such larger groups */

    size_t *groups_of; /* members + 1 places in `group` */
    int *group;        /* of each member, in order */
    double *share;     /* of each place in `group`: 1 for the median weight, growing as its logarithm */

    size_t *members_of; /* groups + 1 places in `member` */
    int *member;
    double *part;  /* the share, of each place in `member` */
    double *age;   /* of each group: months before the newest; of unknown ones the mean */
    int dated;     /* groups whose day is known */
    double newest; /* day; NAN when none is known */

    size_t *partners_of; /* members + 1 places in `partner` */
    int *partner;        /* of each member, in order */
    int *together;       /* groups that both are in */
};

/* Lines of the same group and member are one: the greatest weight counts and the earliest day. `largest` 0:
 * LARGEST_GROUP. INVALID, naming the line, for a group or a member that does not exist, a weight that is not
 * above 0, a day that is infinite. LIMIT over the limits above. Cost O(ties log ties + sum of squared sizes).
 */
struct fault *hypergraph_new(struct arena *, int members, int groups, const struct membership *, size_t count,
                             int largest, const struct hypergraph **) MUST_CHECK;

/* A way of three steps: a member - first - second - another. */
struct step_pair {
    int first, second;
};

/* Distinct partners of a member. */
static inline size_t partners_count(const struct hypergraph *h, int member)
{
    return h->partners_of[member + 1] - h->partners_of[member];
}

/* The place of one among them in `partner` and `together`; SIZE_MAX when it is none. Cost O(log partners). */
size_t partner_find(const struct hypergraph *, int member, int other);

/* How much a group of n, so many months old, tells about two of its members: (n - 1)^-b e^(-l age). */
struct group_law {
    double size_power; /* b */
    double decay;      /* l, a month */
};
/* The weight w_p of each group. W_xy being the sum over groups of both of w_p s_px s_py, s_px the share of x
 * in p, adds to each member the sum of its row without itself, and W_xx. */
void group_weights(const struct hypergraph *, struct group_law, double *weight, double *row_sum, double *own);

#endif
