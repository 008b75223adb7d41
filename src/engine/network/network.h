/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* network.h - who is tied to whom: communities and how far they can be trusted, who holds the whole together,
 * where to draw each.
 *
 * Ties are undirected and weigh more than 0; two of the same ends are added up, a tie of a node with itself
 * is left out. igraph does the work (Csardi and Nepusz 2006); it has one source of chance for the whole
 * process, so one call runs at a time. The same seed gives the same answer. */
#ifndef GRAPPE_NETWORK_H
#define GRAPPE_NETWORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fault/fault.h"

struct arena;

enum { LIMIT_NETWORK_NODES = 1000000, LIMIT_NETWORK_TIES = 10000000 };

struct tie {
    int a, b;
    double weight;
};

struct network {
    int nodes;
    const struct tie *ties; /* cleaned: a < b, in order, no two of the same ends */
    size_t count;
    size_t loops; /* ties of a node with itself, left out */
};

/* INVALID, naming the tie, for a node that does not exist and for a weight that is not above 0. LIMIT over
 * the limits above. Cost O(ties log ties). */
struct fault *network_clean(struct arena *, int nodes, const struct tie *, size_t count,
                            struct network *) MUST_CHECK;

/* CPM (Traag, Van Dooren and Nesterov 2011): a community is denser within than `resolution`, and so is none
 * with another; it finds small ones in a large network. Modularity (Newman and Girvan 2004), at resolution 1,
 * does not (Fortunato and Barthelemy 2007). */
enum objective { OBJECTIVE_CPM, OBJECTIVE_MODULARITY };

struct communities_request {
    enum objective objective;
    double resolution; /* NAN: 1 for modularity, twice the density of the whole network for CPM */
    int runs;          /* with as many seeds; the best is kept; at least 1 */
    uint64_t seed;
    bool (*tell)(void *with, int done, int of); /* after each run; false stops there; may be NULL */
    void *with;
};

struct communities {
    int count;
    int *of;           /* of each node: 0 is the largest; of two as large, that of the lowest node */
    int *size;         /* of each community */
    double *stability; /* of each: mean over the runs of the best Jaccard index (Hennig 2007) */
    int *found;        /* of each: runs in which some community has Jaccard .75 with it, or more */
    int runs;          /* made */
    double quality;    /* igraph's scaling: modularity, or CPM over the sum of weights; NAN without ties */
    double agreement;  /* mean adjusted Rand index of the runs with the best; NAN for one run */
    double resolution; /* as it was used */
};

/* Leiden (Traag, Waltman and van Eck 2019), 10 iterations a run. Without ties everybody is alone. INVALID for
 * a resolution below 0 or no run. Cost some O(ties) an iteration. */
struct fault *network_communities(struct arena *, const struct network *, const struct communities_request *,
                                  struct communities *) MUST_CHECK;

/* The adjusted Rand index of two partitions (Hubert and Arabie 1985); NAN when both are one community, or
 * both all alone. Cost O(nodes + pairs of communities that meet). */
double adjusted_rand(struct arena *, const int *x, const int *y, int nodes);

/* How the quality stands among networks where everybody has as many ties as now, drawn at random: the share
 * of *rewirings that reach it, plus one over plus one. Each costs a run; weights are dealt out anew. When
 * tell() says false, *rewirings becomes how many were drawn. NAN without ties. */
struct fault *network_significance(struct arena *, const struct network *, const struct communities_request *,
                                   int *rewirings, double *share) MUST_CHECK;

struct joints {
    bool *cut;           /* of each node: without it the network has more parts */
    bool *bridge;        /* of each tie: the same */
    double *betweenness; /* of each node, ties counting alike: shortest ways through it (Freeman 1977) */
    int *part;           /* of each node: its connected part, 0 on */
    int parts;
};
/* Cost O(nodes · ties) for the betweenness, which is left out (NULL) when not `between`. */
struct fault *network_joints(struct arena *, const struct network *, bool between,
                             struct joints *) MUST_CHECK;

/* Where to draw each node: x and y, heavier ties shorter (Fruchterman and Reingold 1991), within 0..1. */
struct fault *network_layout(struct arena *, const struct network *, uint64_t seed, double *x,
                             double *y) MUST_CHECK;

/* What a community is about: attributes its members have more often than others. */
struct attribute {
    int node, value;
};
struct community_label {
    int community, value;
    int with, of;    /* members that have it, members */
    double log_odds; /* against all others, half a member added to each number (Haldane 1956) */
    double p; /* of so many or more by chance (hypergeometric); kept at 5 % (Benjamini and Hochberg 1995) */
};
/* No node twice with a value. Labels by community, the greatest log odds first. Cost O(attributes log). */
struct fault *network_labels(struct arena *, const struct network *, const struct communities *,
                             const struct attribute *, size_t count, int values, struct community_label **,
                             size_t *label_count) MUST_CHECK;

#endif
