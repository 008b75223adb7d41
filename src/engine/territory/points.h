/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* points.h - how much places of one kind stand together: Ripley's K and L, M of Marcon and Puech (2010), Kd
 * of Duranton and Overman (2005), with the envelopes of chance.
 *
 * Points lie in a plane, in one length unit (kilometres of a projection, never degrees). Pairs nearer than
 * the largest radius are found by a grid and kept: O(points + pairs) to build, O(pairs) for one look at all
 * kinds and radii together, which is what makes a thousand permutations affordable. */
#ifndef GRAPPE_POINTS_H
#define GRAPPE_POINTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fault/fault.h"
#include "territory/window.h"

struct arena;

struct points {
    size_t count;
    const double *x, *y;
    const double *weight; /* jobs, say; NULL: 1 each */
    const int32_t *kind;  /* 0 .. kinds-1 */
    int32_t kinds;
};
/* The smallest rectangle with all points. */
struct window window_of(const struct points *);

struct radii {
    const double *at; /* growing, none below 0 */
    size_t count;
};

/* INVALID with the number of the point or radius: no number (or a place beyond 1e12), a kind that is none, a
 * weight below 0, radii that do not grow, a point outside the window. LIMIT for over 250 radii. */
struct fault *points_check(const struct points *, struct radii, const struct window *) MUST_CHECK;

enum { LIMIT_RADII = 250 };
enum edge { EDGE_NONE, EDGE_ISOTROPIC, EDGE_TRANSLATION };
enum statistic { STATISTIC_K, STATISTIC_L, STATISTIC_M, STATISTIC_KD };

/* What is asked: kinds `of` around which to look for the kind `near` (-1: for its own kind). M takes any
 * number of kinds in one look; K, L and Kd a single one each (EVERY_POINT: whatever the kind). */
enum { EVERY_POINT = -1 };
struct concentration_request {
    enum statistic statistic;
    const struct points *points;
    struct radii radii;
    const int32_t *of;
    size_t of_count;
    int32_t near;
    enum edge edge;       /* K and L */
    struct window window; /* K and L: the area looked at */
    int simulations;      /* 0: no envelopes */
    double confidence;    /* .95 */
    uint64_t seed;
    int threads; /* 0: as many as there are processors; the answer is the same, byte by byte */
    /* After each simulation; false stops there, and those that were made count. May be NULL. */
    bool (*go_on)(void *with, int done, int of);
    void *with;
};

/* of_count × radii each. Local envelopes hold at one radius, global ones at all of them together; they are
 * UNKNOWN_REAL without simulations, and values where too few points are to say anything. */
struct concentration {
    double *value, *low, *high, *global_low, *global_high;
    int simulations; /* made */
    double *p; /* of each kind: the share of simulations as far from their middle at their farthest, (1 + #)
                  / (1 + n); NULL without simulations */
};

/* The chance behind the envelopes: kinds and weights change places among all points; where every point is
 * asked about, points fall anywhere in the window (K and L). M leaves out points of weight 0. INVALID as
 * points_check(). */
struct fault *concentration(struct arena *, const struct concentration_request *,
                            struct concentration *) MUST_CHECK;

#endif
