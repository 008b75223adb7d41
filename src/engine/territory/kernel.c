/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "territory/kernel.h"

#include <math.h>
#include <stdlib.h>

#include "arena/arena.h"
#include "number/checked.h"

enum { MOST_GAPS = 5 * 1000 * 1000, STEPS = 1 << 14 };

/* So many pairs at this distance, and their weights together. */
struct gap {
    double distance, count, weight;
};
struct gaps {
    struct gap *at;
    size_t count;
    double step; /* 0: each pair is one */
};

struct kernel_sites kernel_sites_new(struct arena *a, size_t most)
{
    return (struct kernel_sites){0, NEW(a, double, most + 1), NEW(a, double, most + 1),
                                 NEW(a, double, most + 1)};
}

void kernel_sites_add(struct kernel_sites *s, double x, double y, double weight)
{
    s->x[s->count] = x;
    s->y[s->count] = y;
    s->weight[s->count++] = weight;
}

/* --- distances ------------------------------------------------------------------------------------- */

static void add_gap(struct gaps *g, double distance, double weight)
{
    struct gap *gap = g->step > 0 ? &g->at[(size_t)(distance / g->step)] : &g->at[g->count++];
    if (g->step <= 0)
        gap->distance = distance;
    gap->count++;
    gap->weight += weight;
}

static double widest(const struct kernel_sites *a, const struct kernel_sites *b)
{
    double x0 = a->x[0], x1 = x0, y0 = a->y[0], y1 = y0;
    const struct kernel_sites *both[] = {a, b};
    for (int s = 0; s < 2; s++)
        for (size_t i = 0; i < both[s]->count; i++) {
            x0 = fmin(x0, both[s]->x[i]);
            x1 = fmax(x1, both[s]->x[i]);
            y0 = fmin(y0, both[s]->y[i]);
            y1 = fmax(y1, both[s]->y[i]);
        }
    return hypot(x1 - x0, y1 - y0);
}

static int by_distance(const void *a, const void *b)
{
    double x = ((const struct gap *)a)->distance, y = ((const struct gap *)b)->distance;
    return (x > y) - (x < y);
}

/* Sorted by distance. */
static struct gaps gaps_of(struct arena *work, const struct kernel_sites *of, const struct kernel_sites *to,
                           bool coarse)
{
    const struct kernel_sites *other = to ? to : of;
    size_t pairs = to ? of->count * to->count : of->count * (of->count - 1) / 2;
    struct gaps g = {.step = coarse || pairs > MOST_GAPS ? widest(of, other) / (STEPS - 1) : 0};
    g.at = NEW(work, struct gap, (g.step > 0 ? (size_t)STEPS : pairs) + 1);
    for (size_t i = 0; i < of->count; i++)
        for (size_t j = to ? 0 : i + 1; j < other->count; j++) {
            double dx = of->x[i] - other->x[j], dy = of->y[i] - other->y[j];
            add_gap(&g, sqrt(dx * dx + dy * dy), of->weight[i] * other->weight[j]);
        }
    if (g.step <= 0) {
        qsort(g.at, g.count, sizeof *g.at, by_distance);
        return g;
    }
    for (size_t s = 0; s < STEPS; s++)
        g.at[s].distance = ((double)s + .5) * g.step;
    g.count = STEPS;
    return g;
}

/* --- width ----------------------------------------------------------------------------------------- */

/* The value of that rank, from 0 on. */
static double ranked(const struct gaps *g, double rank)
{
    double passed = 0;
    for (size_t i = 0; i < g->count; i++)
        if ((passed += g->at[i].count) > rank)
            return g->at[i].distance;
    return g->at[g->count - 1].distance;
}

static double quantile(const struct gaps *g, double count, double share) /* R's type 7 */
{
    double rank = (count - 1) * share, low = ranked(g, floor(rank));
    return low + (rank - floor(rank)) * (ranked(g, floor(rank) + 1) - low);
}

static double width_of(const struct gaps *all, double reach)
{
    double count = 0, sum = 0, squares = 0;
    struct gaps g = *all;
    for (g.count = 0; g.count < all->count && all->at[g.count].distance <= reach; g.count++) {
        count += g.at[g.count].count;
        sum += g.at[g.count].count * g.at[g.count].distance;
    }
    for (size_t i = 0; i < g.count; i++)
        squares += g.at[i].count * (g.at[i].distance - sum / count) * (g.at[i].distance - sum / count);
    if (count < 2)
        return UNKNOWN_REAL;
    double deviation = sqrt(squares / (count - 1));
    double quarters = (quantile(&g, count, .75) - quantile(&g, count, .25)) / 1.34;
    double spread = quarters > 0 ? fmin(deviation, quarters) : deviation;
    return spread > 0 ? .9 * spread * pow(count, -.2) : UNKNOWN_REAL;
}

/* --- density --------------------------------------------------------------------------------------- */

static double bell(double t)
{
    return exp(-t * t / 2) / sqrt(2 * M_PI);
}

void kernel_density(struct arena *work, const struct kernel_sites *of, const struct kernel_sites *to,
                    struct radii radii, bool weighted, bool coarse, double *values)
{
    double whole = 0;
    for (size_t k = 0; k < radii.count; k++)
        values[k] = UNKNOWN_REAL;
    if (of->count + (to ? to->count : 0) < 2 || !of->count || (to && !to->count))
        return;
    struct gaps g = gaps_of(work, of, to, coarse);
    double width = width_of(&g, 2 * radii.at[radii.count - 1]);
    for (size_t i = 0; i < g.count; i++)
        whole += weighted ? g.at[i].weight : g.at[i].count;
    if (!known_real(width) || whole <= 0)
        return;
    for (size_t k = 0; k < radii.count; k++) {
        double sum = 0, r = radii.at[k];
        for (size_t i = 0; i < g.count; i++)
            if (g.at[i].count > 0)
                sum += (weighted ? g.at[i].weight : g.at[i].count) *
                       (bell((r - g.at[i].distance) / width) + bell((r + g.at[i].distance) / width));
        values[k] = sum / (whole * width);
    }
}
