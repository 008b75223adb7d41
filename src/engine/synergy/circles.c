/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "synergy/circles.h"

#include <math.h>
#include <string.h>

#include "arena/arena.h"
#include "synergy/spectral.h"

enum { FINE = 64, BROAD = 32 };
static const struct spectral_options fine_view = {
    .dimensions = FINE, .regulariser = 2, .law = {.size_power = 1, .decay = .02}, .rounds = 25, .seed = 1};
static const struct spectral_options broad_view = {
    .dimensions = BROAD, .regulariser = 8, .law = {.size_power = .5, .decay = .02}, .rounds = 25, .seed = 1};
static const double FADING = .03; /* of a group, a month */

struct circles {
    const struct walks *walks;
    double *fine, *length; /* of each member a row of FINE, and how long it is */
    double *broad, *group; /* of each member, and of each group, a row of BROAD, of length 1 */
    double *fresh;         /* of each group: 1 for the newest */
};

static double product(const double *x, const double *y, int d)
{
    double sum = 0;
    for (int k = 0; k < d; k++)
        sum += x[k] * y[k];
    return sum;
}

static double *row(double *rows, int at, int d)
{
    return rows + (size_t)at * (size_t)d;
}

static void add(double *to, double times, const double *x, int d)
{
    for (int k = 0; k < d; k++)
        to[k] += times * x[k];
}

static void to_length_one(double *x)
{
    double length = sqrt(product(x, x, BROAD));
    for (int k = 0; k < BROAD && length > 0; k++)
        x[k] /= length;
}

struct fault *circles_new(struct arena *a, const struct walks *w, const struct circles **out)
{
    const struct hypergraph *h = w->h;
    struct circles *c = NEW(a, struct circles, 1);
    *c = (struct circles){.walks = w,
                          .length = NEW(a, double, h->members + 1),
                          .group = NEW(a, double, (size_t)(h->groups + 1) * BROAD),
                          .fresh = NEW(a, double, h->groups + 1)};
    TRY(spectral_coordinates(a, h, &fine_view, &c->fine));
    TRY(spectral_coordinates(a, h, &broad_view, &c->broad));
    for (int v = 0; v < h->members; v++) {
        c->length[v] = sqrt(product(row(c->fine, v, FINE), row(c->fine, v, FINE), FINE));
        to_length_one(row(c->broad, v, BROAD));
    }
    for (int g = 0; g < h->groups; g++) {
        for (size_t i = h->members_of[g]; i < h->members_of[g + 1]; i++)
            add(row(c->group, g, BROAD), h->part[i], row(c->broad, h->member[i], BROAD), BROAD);
        to_length_one(row(c->group, g, BROAD));
        c->fresh[g] = exp(-FADING * h->age[g]);
    }
    *out = c;
    return arena_check(a);
}

struct circles_room circles_room_new(struct arena *a, const struct hypergraph *h)
{
    return (struct circles_room){NEW(a, double, h->members + 1), NEW(a, double, h->groups + 1)};
}

static void place_of(double *rows, int d, struct start s, double *place)
{
    memcpy(place, row(rows, s.of, d), (size_t)d * sizeof *place);
    for (size_t c = 0; c < s.contacts; c++)
        add(place, 1, row(rows, s.contact[c], d), d);
}

/* What a partner, and a group, of a candidate is worth to it. */
static void look_around(const struct circles *c, const struct circles_room *room, struct start s)
{
    const struct hypergraph *h = c->walks->h;
    double here[BROAD];
    place_of(c->broad, BROAD, s, here);
    to_length_one(here);
    for (int v = 0; v < h->members; v++) {
        double strength = c->walks->strength[v];
        room->of_member[v] =
            strength > 0 ? fmax(0, product(here, row(c->broad, v, BROAD), BROAD)) / sqrt(strength) : 0;
    }
    for (int g = 0; g < h->groups; g++) {
        double near = fmax(0, product(here, row(c->group, g, BROAD), BROAD));
        room->of_group[g] = c->fresh[g] * near * near;
    }
}

void circles_measure(const struct circles *c, const struct circles_room *room, struct start s,
                     const int *candidates, size_t n, const struct stood *out)
{
    const struct hypergraph *h = c->walks->h;
    double here[FINE];
    place_of(c->fine, FINE, s, here);
    look_around(c, room, s);
    for (size_t i = 0; i < n; i++) {
        int x = candidates[i];
        double partners = 0, groups = 0;
        for (size_t k = h->partners_of[x]; k < h->partners_of[x + 1]; k++)
            partners += c->walks->closeness[k] * room->of_member[h->partner[k]];
        for (size_t k = h->groups_of[x]; k < h->groups_of[x + 1]; k++)
            groups += h->share[k] * room->of_group[h->group[k]];
        out->product[i] = product(here, row(c->fine, x, FINE), FINE);
        out->direction[i] = c->length[x] > 0 ? out->product[i] / c->length[x] : 0;
        out->partners[i] = partners;
        out->groups[i] = groups;
    }
}
