/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* random_groups.h - problems of groups made from a seed, for tests and the bench. */
#ifndef GRAPPE_RANDOM_GROUPS_H
#define GRAPPE_RANDOM_GROUPS_H

#include <math.h>

#include "assembly/group.h"
#include "random/random.h"

struct group_shape {
    int32_t firms, steps, members; /* members 0: any number */
    double distance;               /* km within 100 x 100; 0: any */
    int32_t competitors;           /* pairs in a thousand */
    bool volumes, roles;
};

static inline void random_entries(struct arena *a, struct random *r, const struct group_shape *q,
                                  struct group_problem *p)
{
    struct group_entry *entry = NEW(a, struct group_entry, (size_t)q->firms * (size_t)q->steps + 1);
    int32_t *start = NEW(a, int32_t, q->firms + 1), count = 0;
    for (int32_t j = 0; j < q->firms; j++) {
        uint64_t does = 1 + random_below(r, 3);
        for (int32_t i = 0; i < q->steps; i++)
            if (random_below(r, (uint64_t)q->steps) < does)
                entry[count++] = (struct group_entry){i, (int64_t)random_below(r, 20) + 1,
                                                      q->volumes ? (int64_t)random_below(r, 120) : 1};
        start[j + 1] = count;
    }
    p->entry = entry;
    p->start = start;
}

static inline void random_pairs(struct arena *a, struct random *r, const struct group_shape *q,
                                struct group_problem *p)
{
    int64_t wanted = (int64_t)q->firms * (q->firms - 1) / 2 * q->competitors / 1000;
    struct firm_pair *pair = NEW(a, struct firm_pair, wanted + 1);
    for (int64_t k = 0; k < wanted && q->firms > 1; k++) {
        pair[k].firm[0] = (int32_t)random_below(r, (uint64_t)q->firms);
        pair[k].firm[1] =
            (int32_t)((pair[k].firm[0] + 1 + (int64_t)random_below(r, (uint64_t)q->firms - 1)) % q->firms);
    }
    p->conflict = pair;
    p->conflicts = (int32_t)wanted;
}

static inline struct group_problem random_group_problem(struct arena *a, struct random *r,
                                                        const struct group_shape *q)
{
    struct group_problem p = {.firms = q->firms,
                              .steps = q->steps,
                              .max_distance = q->distance > 0 ? q->distance : INFINITY,
                              .max_members = q->members ? q->members : q->firms};
    int64_t *volume = NEW(a, int64_t, q->steps + 1), *cost = NEW(a, int64_t, q->firms + 1);
    double *x = NEW(a, double, q->firms + 1), *y = NEW(a, double, q->firms + 1);
    uint8_t *role = NEW(a, uint8_t, q->firms + 1);
    for (int32_t i = 0; i < q->steps; i++)
        volume[i] = q->volumes ? 100 : 1;
    for (int32_t j = 0; j < q->firms; j++) {
        cost[j] = (int64_t)random_below(r, 30) + (q->volumes ? 500 : 5);
        x[j] = 100 * random_unit(r);
        y[j] = 100 * random_unit(r);
        role[j] = q->roles && random_below(r, 8) == 0 ? FIRM_EXCLUDED : FIRM_FREE;
    }
    if (q->roles && q->firms && random_below(r, 3) == 0)
        role[random_below(r, (uint64_t)q->firms)] = FIRM_MUST;
    p.volume = volume;
    p.cost = cost;
    p.x = x;
    p.y = y;
    p.role = role;
    random_entries(a, r, q, &p);
    random_pairs(a, r, q, &p);
    return p;
}

#endif
