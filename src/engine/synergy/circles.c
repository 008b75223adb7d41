/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "synergy/circles.h"

#include <math.h>
#include <string.h>

#include "arena/arena.h"
#include "synergy/spectral.h"

enum { DIMENSIONS = 32 };
static const struct spectral_options fine = {.dimensions = DIMENSIONS,
                                             .regulariser = 2,
                                             .law = {.size_power = 1, .decay = .02},
                                             .rounds = 25,
                                             .seed = 1};
static const struct spectral_options broad = {.dimensions = DIMENSIONS,
                                              .regulariser = 8,
                                              .law = {.size_power = .5, .decay = .02},
                                              .rounds = 25,
                                              .seed = 1};
static const double FADING = .03; /* of a group, a month */

struct circles {
    const struct walks *walks;
    double *fine, *length; /* of each member a row of DIMENSIONS, and how long it is */
    double *broad, *group; /* of each member, and of each group, a row of length 1 */
    double *fresh;         /* of each group: 1 for the newest */
};

static double product(const double *x, const double *y)
{
    double sum = 0;
    for (int k = 0; k < DIMENSIONS; k++)
        sum += x[k] * y[k];
    return sum;
}

static double *row(double *rows, int at)
{
    return rows + (size_t)at * DIMENSIONS;
}

static void add(double *to, double times, const double *x)
{
    for (int k = 0; k < DIMENSIONS; k++)
        to[k] += times * x[k];
}

static void to_length_one(double *x)
{
    double length = sqrt(product(x, x));
    for (int k = 0; k < DIMENSIONS && length > 0; k++)
        x[k] /= length;
}

struct fault *circles_new(struct arena *a, const struct walks *w, const struct circles **out)
{
    const struct hypergraph *h = w->h;
    struct circles *c = NEW(a, struct circles, 1);
    *c = (struct circles){.walks = w,
                          .length = NEW(a, double, h->members + 1),
                          .group = NEW(a, double, (size_t)(h->groups + 1) * DIMENSIONS),
                          .fresh = NEW(a, double, h->groups + 1)};
    TRY(spectral_coordinates(a, h, &fine, &c->fine));
    TRY(spectral_coordinates(a, h, &broad, &c->broad));
    for (int v = 0; v < h->members; v++) {
        c->length[v] = sqrt(product(row(c->fine, v), row(c->fine, v)));
        to_length_one(row(c->broad, v));
    }
    for (int g = 0; g < h->groups; g++) {
        for (size_t i = h->members_of[g]; i < h->members_of[g + 1]; i++)
            add(row(c->group, g), h->part[i], row(c->broad, h->member[i]));
        to_length_one(row(c->group, g));
        c->fresh[g] = exp(-FADING * h->age[g]);
    }
    *out = c;
    return arena_check(a);
}

struct circles_room circles_room_new(struct arena *a, const struct hypergraph *h)
{
    return (struct circles_room){NEW(a, double, h->members + 1), NEW(a, double, h->groups + 1)};
}

static void place_of(double *rows, struct start s, double *place)
{
    memcpy(place, row(rows, s.of), DIMENSIONS * sizeof *place);
    for (size_t c = 0; c < s.contacts; c++)
        add(place, 1, row(rows, s.contact[c]));
}

/* What a partner, and a group, of a candidate is worth to it. */
static void look_around(const struct circles *c, const struct circles_room *room, struct start s)
{
    const struct hypergraph *h = c->walks->h;
    double here[DIMENSIONS];
    place_of(c->broad, s, here);
    to_length_one(here);
    for (int v = 0; v < h->members; v++) {
        double strength = c->walks->strength[v];
        room->of_member[v] = strength > 0 ? fmax(0, product(here, row(c->broad, v))) / sqrt(strength) : 0;
    }
    for (int g = 0; g < h->groups; g++) {
        double near = fmax(0, product(here, row(c->group, g)));
        room->of_group[g] = c->fresh[g] * near * near;
    }
}

void circles_measure(const struct circles *c, const struct circles_room *room, struct start s,
                     const int *candidates, size_t n, const struct stood *out)
{
    const struct hypergraph *h = c->walks->h;
    double here[DIMENSIONS];
    place_of(c->fine, s, here);
    look_around(c, room, s);
    for (size_t i = 0; i < n; i++) {
        int x = candidates[i];
        double partners = 0, groups = 0;
        for (size_t k = h->partners_of[x]; k < h->partners_of[x + 1]; k++)
            partners += c->walks->closeness[k] * room->of_member[h->partner[k]];
        for (size_t k = h->groups_of[x]; k < h->groups_of[x + 1]; k++)
            groups += h->share[k] * room->of_group[h->group[k]];
        out->product[i] = product(here, row(c->fine, x));
        out->direction[i] = c->length[x] > 0 ? out->product[i] / c->length[x] : 0;
        out->partners[i] = partners;
        out->groups[i] = groups;
    }
}
