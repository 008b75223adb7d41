/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "territory/neighbours.h"

#include <math.h>
#include <string.h>

#include "arena/arena.h"
#include "i18n/i18n.h"

enum { MOST_PAIRS = 600 * 1000 * 1000 };

/* Squares of the plane, as wide as the largest radius unless that makes more than a few a point. */
struct grid {
    double x0, y0, side;
    size_t across, down;
    size_t *start; /* of each square's points in their new order, and the end of the last */
};

static size_t square_of(const struct grid *g, double x, double y)
{
    return (size_t)((y - g->y0) / g->side) * g->across + (size_t)((x - g->x0) / g->side);
}

static void lay_grid(struct grid *g, const double *x, const double *y, size_t count, double reach)
{
    const double most = 4 * (double)count;
    double x1 = x[0], y1 = y[0];
    *g = (struct grid){.x0 = x[0], .y0 = y[0]};
    for (size_t i = 1; i < count; i++) {
        g->x0 = fmin(g->x0, x[i]);
        g->y0 = fmin(g->y0, y[i]);
        x1 = fmax(x1, x[i]);
        y1 = fmax(y1, y[i]);
    }
    double width = x1 - g->x0, height = y1 - g->y0;
    g->side = fmax(reach, fmax(fmax(width, height) / most, sqrt(width * height / most)));
    if (g->side <= 0) /* all in one spot, and radius 0 */
        g->side = 1;
    g->across = (size_t)(width / g->side) + 1;
    g->down = (size_t)(height / g->side) + 1;
}

/* place[]: the points square by square. */
static void sort_points(struct arena *a, struct grid *g, const double *x, const double *y, size_t count,
                        int32_t *place)
{
    size_t squares = g->across * g->down;
    size_t *next = NEW(a, size_t, squares + 1);
    g->start = NEW(a, size_t, squares + 1);
    for (size_t i = 0; i < count; i++)
        g->start[square_of(g, x[i], y[i]) + 1]++;
    for (size_t s = 0; s < squares; s++)
        g->start[s + 1] += g->start[s];
    memcpy(next, g->start, (squares + 1) * sizeof *next);
    for (size_t i = 0; i < count; i++)
        place[next[square_of(g, x[i], y[i])]++] = (int32_t)i;
}

struct finding {
    struct grid grid;
    double *x, *y; /* in the new order */
    double *squared;
    size_t radii;
};

/* Point i's neighbours: counted by ring in at[], or written to near[at[ring]], at[ring] moving on. */
static void look_around(const struct finding *f, size_t i, size_t *at, int32_t *near)
{
    const struct grid *g = &f->grid;
    size_t square = square_of(g, f->x[i], f->y[i]), row = square / g->across, column = square % g->across;
    size_t first = column ? column - 1 : 0, last = column + 1 < g->across ? column + 1 : column;
    for (size_t r = row ? row - 1 : 0; r <= row + 1 && r < g->down; r++)
        for (size_t j = g->start[r * g->across + first]; j < g->start[r * g->across + last + 1]; j++) {
            double dx = f->x[j] - f->x[i], dy = f->y[j] - f->y[i], distance = dx * dx + dy * dy;
            size_t ring = 0;
            if (j == i || distance > f->squared[f->radii - 1])
                continue;
            while (distance > f->squared[ring])
                ring++;
            if (near)
                near[at[ring]] = (int32_t)j;
            at[ring]++;
        }
}

struct fault *neighbours_find(struct arena *a, const double *x, const double *y, size_t count,
                              struct radii radii, struct neighbours *out)
{
    struct finding f = {.radii = radii.count,
                        .x = NEW(a, double, count + 1),
                        .y = NEW(a, double, count + 1),
                        .squared = NEW(a, double, radii.count)};
    size_t rings = radii.count + 1;
    int32_t *place = NEW(a, int32_t, count + 1), *near;
    size_t *from = NEW(a, size_t, count * rings + 1), pairs = 0, at[LIMIT_RADII];
    *out = (struct neighbours){count, radii.count, place, from, NULL};
    for (size_t k = 0; k < radii.count; k++)
        f.squared[k] = radii.at[k] * radii.at[k];
    if (!count)
        return NULL;
    lay_grid(&f.grid, x, y, count, radii.at[radii.count - 1]);
    sort_points(a, &f.grid, x, y, count, place);
    for (size_t i = 0; i < count; i++) {
        f.x[i] = x[place[i]];
        f.y[i] = y[place[i]];
    }
    for (size_t i = 0; i < count; i++)
        look_around(&f, i, from + i * rings, NULL);
    for (size_t k = 0; k < count * rings; k++) {
        size_t found = from[k];
        from[k] = pairs;
        pairs += found;
    }
    from[count * rings] = pairs;
    if (pairs > MOST_PAIRS)
        return fault(FAULT_LIMIT, "%zu pairs are nearer than the largest radius: take smaller radii.", pairs);
    out->near = near = NEW(a, int32_t, pairs + 1);
    for (size_t i = 0; i < count; i++) {
        memcpy(at, from + i * rings, radii.count * sizeof *at);
        look_around(&f, i, at, near);
    }
    return arena_check(a);
}
