/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* cover_tree.h - proves that no cover is cheaper than a given one, or finds a cheaper one.
 *
 * Depth first; each node has its own small table. Prices come from the volume algorithm and are rounded to
 * parts of the unit; from there on whole numbers decide, and every decision can be repeated from the proof.
 */
#ifndef GRAPPE_ASSEMBLY_COVER_TREE_H
#define GRAPPE_ASSEMBLY_COVER_TREE_H

#include "assembly/cover.h"
#include "assembly/cover_bound.h"

enum cover_outcome {
    TREE_CLOSED,   /* no cover costs less than `beat` */
    TREE_IMPROVED, /* one does: it is in members */
    TREE_STOPPED,  /* out of steps, of room for the proof, or told to stop */
};

struct cover_tree {
    const struct cover *cover;
    const int32_t *id;   /* number of each column in the proof */
    const double *price; /* at the root */
    int64_t scale;       /* parts of the unit that prices are rounded to */
    int64_t beat;        /* looks for covers that cost less */
    int64_t budget;      /* steps */
    struct proof_out *proof;
    bool (*go_on)(void *with);
    void *with;
    /* Answer. */
    int64_t steps, nodes;
    double explored;                /* share of the tree that was closed, each branch half of its parent */
    int64_t cost;                   /* IMPROVED */
    int32_t *members, member_count; /* room for cover->columns */
};

enum cover_outcome cover_tree_search(struct cover_tree *);

/* Parts of the unit fine enough for the longest column: 1000 up to 100 rows, 10 times more for each 10 times
 * more rows, so that rounding costs a column hardly anything. */
int64_t cover_scale(const struct cover *);
/* The least whole number that L of these prices proves, rounded as the proof rounds them. */
int64_t cover_proven_bound(const struct cover *, const double *price, int64_t scale);

#endif
