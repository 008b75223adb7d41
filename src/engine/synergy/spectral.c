/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "synergy/spectral.h"

#include <math.h>
#include <string.h>

#include "arena/arena.h"
#include "random/random.h"

static const double SHIFT = .2; /* keeps the negative end of the spectrum out */

struct iteration {
    const struct hypergraph *h;
    int d;
    double *weight; /* of each group */
    double *scale;  /* of each member: (D + r)^-1/2, 0 without partners */
    double *own;    /* of each member: the part of W that is with itself */
    double *sum;    /* of one group, d */
};

static struct iteration iteration_new(struct arena *work, const struct hypergraph *h,
                                      const struct spectral_options *o)
{
    struct iteration t = {.h = h,
                          .d = o->dimensions,
                          .weight = NEW(work, double, h->groups + 1),
                          .scale = NEW(work, double, h->members + 1),
                          .own = NEW(work, double, h->members + 1),
                          .sum = NEW(work, double, o->dimensions)};
    group_weights(h, o->law, t.weight, t.scale, t.own);
    for (int v = 0; v < h->members; v++)
        t.scale[v] = t.scale[v] > 0 ? 1 / sqrt(t.scale[v] + o->regulariser) : 0;
    return t;
}

/* to = M from, both members × d. */
static void multiply(const struct iteration *t, const double *from, double *to)
{
    const struct hypergraph *h = t->h;
    int d = t->d;
    for (int v = 0; v < h->members; v++)
        for (int k = 0; k < d; k++)
            to[(size_t)v * (size_t)d + (size_t)k] =
                -t->own[v] * t->scale[v] * from[(size_t)v * (size_t)d + (size_t)k];
    for (int g = 0; g < h->groups; g++) {
        memset(t->sum, 0, (size_t)d * sizeof *t->sum);
        for (size_t i = h->members_of[g]; i < h->members_of[g + 1]; i++) {
            const double *row = from + (size_t)h->member[i] * (size_t)d;
            double part = t->weight[g] * h->part[i] * t->scale[h->member[i]];
            for (int k = 0; k < d; k++)
                t->sum[k] += part * row[k];
        }
        for (size_t i = h->members_of[g]; i < h->members_of[g + 1]; i++) {
            double *row = to + (size_t)h->member[i] * (size_t)d;
            for (int k = 0; k < d; k++)
                row[k] += h->part[i] * t->sum[k];
        }
    }
    for (int v = 0; v < h->members; v++)
        for (int k = 0; k < d; k++)
            to[(size_t)v * (size_t)d + (size_t)k] *= t->scale[v];
}

/* The lower triangle L of u'u = L L', with 0 for directions that depend on earlier ones. */
static void factor(const double *u, int members, int d, double *l)
{
    memset(l, 0, (size_t)d * (size_t)d * sizeof *l);
    for (int v = 0; v < members; v++) {
        const double *row = u + (size_t)v * (size_t)d;
        for (int i = 0; i < d; i++)
            for (int k = 0; k <= i; k++)
                l[i * d + k] += row[i] * row[k];
    }
    for (int k = 0; k < d; k++) {
        double before = l[k * d + k];
        for (int i = 0; i < k; i++)
            l[k * d + k] -= l[k * d + i] * l[k * d + i];
        bool free = before > 0 && l[k * d + k] > 1e-10 * before;
        l[k * d + k] = free ? sqrt(l[k * d + k]) : 0;
        for (int i = k + 1; i < d; i++) {
            for (int j = 0; j < k; j++)
                l[i * d + k] -= l[i * d + j] * l[k * d + j];
            l[i * d + k] = free ? l[i * d + k] / l[k * d + k] : 0;
        }
    }
}

/* Columns of u made orthonormal, in place: u L'^-1. */
static void orthogonalise(double *u, int members, int d, double *l)
{
    factor(u, members, d, l);
    for (int v = 0; v < members; v++) {
        double *row = u + (size_t)v * (size_t)d;
        for (int k = 0; k < d; k++) {
            for (int j = 0; j < k; j++)
                row[k] -= row[j] * l[k * d + j];
            row[k] = l[k * d + k] > 0 ? row[k] / l[k * d + k] : 0;
        }
    }
}

struct fault *spectral_coordinates(struct arena *a, const struct hypergraph *h,
                                   const struct spectral_options *o, double **coordinates)
{
    size_t cells = (size_t)h->members * (size_t)o->dimensions;
    struct arena *work = arena_new(LIMIT_COMMAND_MEMORY);
    struct iteration t = iteration_new(work, h, o);
    double *u = NEW(work, double, cells + 1), *l = NEW(work, double, o->dimensions * o->dimensions);
    double *next = NEW(a, double, cells + 1);
    struct random random = random_seeded(o->seed, 0);
    for (size_t i = 0; i < cells; i++)
        u[i] = t.scale[i / (size_t)o->dimensions] > 0 ? random_unit(&random) - .5 : 0;
    for (int round = 0; round < o->rounds; round++) {
        multiply(&t, u, next);
        for (size_t i = 0; i < cells; i++)
            u[i] = next[i] + SHIFT * u[i];
        orthogonalise(u, h->members, o->dimensions, l);
    }
    multiply(&t, u, next);
    struct fault *over = arena_check(work);
    arena_free(work);
    *coordinates = next;
    return over ? over : arena_check(a);
}
