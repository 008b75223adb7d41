/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* lfr.h - networks with known communities as Lancichinetti, Fortunato and Radicchi (2008) draw them: degrees
 * and sizes of communities by power laws, a share `mixing` of everybody's ties leading out. */
#ifndef GRAPPE_LFR_H
#define GRAPPE_LFR_H

#include <math.h>
#include <stdlib.h>

#include "arena/arena.h"
#include "network/network.h"
#include "random/random.h"

struct lfr {
    struct network network;
    int *community; /* of each node */
};

/* A whole number from low to high, with chances falling as its power. */
static inline int lfr_power(struct random *r, int low, int high, double power)
{
    double sum = 0, at;
    for (int k = low; k <= high; k++)
        sum += pow(k, -power);
    at = sum * random_unit(r);
    for (int k = low; k < high; k++)
        if ((at -= pow(k, -power)) < 0)
            return k;
    return high;
}

static inline int lfr_descending(const void *a, const void *b)
{
    return *(const int *)b - *(const int *)a;
}

/* Ends of ties matched at random. */
static inline void lfr_match(struct random *r, int *ends, int count, struct tie *ties, size_t *tie_count)
{
    for (int i = count - 1; i > 0; i--) {
        int j = (int)random_below(r, (uint64_t)i + 1), kept = ends[i];
        ends[i] = ends[j];
        ends[j] = kept;
    }
    for (int i = 0; i + 1 < count; i += 2)
        ties[(*tie_count)++] = (struct tie){ends[i], ends[i + 1], 1};
}

static inline struct lfr lfr_new(struct arena *a, struct random *r, int nodes, double mixing)
{
    enum { LEAST_DEGREE = 12, MOST_DEGREE = 50, LEAST_SIZE = 20, MOST_SIZE = 50 };
    struct lfr out = {.community = NEW(a, int, nodes + 1)};
    int *degree = NEW(a, int, nodes + 1), *room = NEW(a, int, nodes + 1), *size = NEW(a, int, nodes + 1);
    int *ends = NEW(a, int, nodes *MOST_DEGREE + 1), communities = 0, count = 0;
    struct tie *ties = NEW(a, struct tie, nodes * MOST_DEGREE + 1);
    size_t tie_count = 0;
    for (int sum = 0; sum < nodes; sum += size[communities++])
        room[communities] = size[communities] = lfr_power(r, LEAST_SIZE, MOST_SIZE, 1);
    for (int v = 0; v < nodes; v++)
        degree[v] = lfr_power(r, LEAST_DEGREE, MOST_DEGREE, 2);
    qsort(degree, (size_t)nodes, sizeof *degree, lfr_descending); /* the well tied choose first */
    for (int v = 0; v < nodes; v++) {
        int within = (int)lround((1 - mixing) * degree[v]), at;
        do
            at = (int)random_below(r, (uint64_t)communities);
        while (!room[at] || (size[at] <= within && size[at] < MOST_SIZE - 1));
        room[at]--;
        out.community[v] = at;
    }
    for (int c = 0; c < communities; c++, count = 0) {
        for (int v = 0; v < nodes; v++)
            for (int k = 0; out.community[v] == c && k < (int)lround((1 - mixing) * degree[v]); k++)
                ends[count++] = v;
        lfr_match(r, ends, count, ties, &tie_count);
    }
    for (int v = 0; v < nodes; v++)
        for (int k = (int)lround((1 - mixing) * degree[v]); k < degree[v]; k++)
            ends[count++] = v;
    lfr_match(r, ends, count, ties, &tie_count);
    if (network_clean(a, nodes, ties, tie_count, &out.network))
        abort();
    return out;
}

#endif
