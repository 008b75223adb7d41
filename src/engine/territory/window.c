/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "territory/window.h"

#include <math.h>
#include <stdlib.h>

struct place {
    double x, y;
};

static struct place corner(const struct window *w, size_t k)
{
    k %= w->corners;
    return (struct place){w->x[k], w->y[k]};
}

/* Twice the area of a triangle, above 0 when c is left of the way from a to b. */
static double turn(struct place a, struct place b, struct place c)
{
    return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

static bool between(struct place a, struct place b, struct place c)
{
    return fmin(a.x, b.x) <= c.x && c.x <= fmax(a.x, b.x) && fmin(a.y, b.y) <= c.y && c.y <= fmax(a.y, b.y);
}

static bool meet(struct place a, struct place b, struct place c, struct place d)
{
    double c_side = turn(a, b, c), d_side = turn(a, b, d), a_side = turn(c, d, a), b_side = turn(c, d, b);
    if (((c_side > 0 && d_side < 0) || (c_side < 0 && d_side > 0)) &&
        ((a_side > 0 && b_side < 0) || (a_side < 0 && b_side > 0)))
        return true;
    return (c_side == 0 && between(a, b, c)) || (d_side == 0 && between(a, b, d)) ||
           (a_side == 0 && between(c, d, a)) || (b_side == 0 && between(c, d, b));
}

/* Sides that follow each other share a corner, and must not fold back on each other. */
static bool sides_clash(const struct window *w, size_t i, size_t k)
{
    struct place a = corner(w, i), b = corner(w, i + 1), c = corner(w, k), d = corner(w, k + 1);
    if (k == i + 1)
        return turn(a, b, d) == 0 && (between(a, b, d) || between(c, d, a));
    if ((k + 1) % w->corners == i)
        return turn(a, b, c) == 0 && (between(a, b, c) || between(c, d, b));
    return meet(a, b, c, d);
}

struct fault *window_polygon(const double *x, const double *y, size_t corners, struct window *w)
{
    if (corners > LIMIT_CORNERS)
        return fault(FAULT_LIMIT, "A window has at most %d corners.", LIMIT_CORNERS);
    if (corners < 3)
        return fault(FAULT_INVALID, "A window has at least three corners.");
    *w = (struct window){x[0], y[0], x[0], y[0], x, y, corners};
    for (size_t k = 0; k < corners; k++) {
        if (!isfinite(x[k]) || !isfinite(y[k]))
            return fault(FAULT_INVALID, "Corner %zu of the window has no place.", k + 1);
        w->x0 = fmin(w->x0, x[k]);
        w->y0 = fmin(w->y0, y[k]);
        w->x1 = fmax(w->x1, x[k]);
        w->y1 = fmax(w->y1, y[k]);
    }
    for (size_t i = 0; i < corners; i++)
        for (size_t k = i + 1; k < corners; k++)
            if (sides_clash(w, i, k))
                return fault(FAULT_INVALID, "The sides of the window at its corners %zu and %zu meet.", i + 1,
                             k + 1);
    return window_area(w) > 0 ? NULL : fault(FAULT_INVALID, "The window has no area.");
}

double window_area(const struct window *w)
{
    double twice = 0;
    if (!w->corners)
        return (w->x1 - w->x0) * (w->y1 - w->y0);
    for (size_t k = 0; k < w->corners; k++) /* from the first corner: large coordinates lose no digits */
        twice += turn(corner(w, 0), corner(w, k), corner(w, k + 1));
    return fabs(twice) / 2;
}

/* Crossings of the ray to the right are odd inside (Shimrat 1962). */
static bool inside(const struct window *w, struct place p)
{
    bool odd = false;
    for (size_t k = 0; k < w->corners; k++) {
        struct place a = corner(w, k), b = corner(w, k + 1);
        if ((a.y > p.y) != (b.y > p.y) && p.x < a.x + (p.y - a.y) / (b.y - a.y) * (b.x - a.x))
            odd = !odd;
    }
    return odd;
}

bool window_holds(const struct window *w, double x, double y)
{
    struct place p = {x, y};
    bool holds = x >= w->x0 && x <= w->x1 && y >= w->y0 && y <= w->y1;
    if (!holds || !w->corners || inside(w, p))
        return holds;
    for (size_t k = 0; k < w->corners; k++) { /* on a side, but for what its coordinates were rounded by */
        struct place a = corner(w, k), b = corner(w, k + 1);
        double length = hypot(b.x - a.x, b.y - a.y), most = fmax(fabs(x), fabs(y)) + length;
        if (fabs(turn(a, b, p)) <= 1e-12 * most * length &&
            hypot(p.x - a.x, p.y - a.y) + hypot(p.x - b.x, p.y - b.y) <= length * (1 + 1e-12))
            return true;
    }
    return false;
}

/* --- circles --------------------------------------------------------------------------------------- */

/* What each side cuts off, less what two sides of a corner cut off both. */
static double circle_in_rectangle(const struct window *w, double x, double y, double radius)
{
    const double sides[] = {x - w->x0, w->y1 - y, w->x1 - x, y - w->y0}; /* neighbours in turn */
    double outside = 0;
    for (int s = 0; s < 4; s++) {
        double here = sides[s], next = sides[(s + 1) % 4];
        double cut = here < radius ? acos(here / radius) : 0;
        outside += 2 * cut;
        if (here * here + next * next < radius * radius)
            outside -= cut + acos(next / radius) - M_PI / 2;
    }
    return 1 - outside / (2 * M_PI);
}

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Directions in which the circle crosses a side. */
static size_t crossings(struct place a, struct place b, struct place centre, double radius, double *angle)
{
    double dx = b.x - a.x, dy = b.y - a.y, fx = a.x - centre.x, fy = a.y - centre.y;
    double square = dx * dx + dy * dy, half = fx * dx + fy * dy;
    double under = half * half - square * (fx * fx + fy * fy - radius * radius);
    size_t count = 0;
    if (under <= 0)
        return 0;
    for (int side = -1; side <= 1; side += 2) {
        double along = (-half + side * sqrt(under)) / square;
        if (along >= 0 && along <= 1)
            angle[count++] = atan2(fy + along * dy, fx + along * dx);
    }
    return count;
}

static double circle_in_polygon(const struct window *w, struct place centre, double radius)
{
    double angle[2 * LIMIT_CORNERS + 1], within = 0;
    size_t count = 0;
    for (size_t k = 0; k < w->corners; k++)
        count += crossings(corner(w, k), corner(w, k + 1), centre, radius, angle + count);
    if (!count)
        return inside(w, (struct place){centre.x + radius, centre.y});
    qsort(angle, count, sizeof *angle, by_size);
    angle[count] = angle[0] + 2 * M_PI;
    for (size_t k = 0; k < count; k++) {
        double middle = (angle[k] + angle[k + 1]) / 2;
        if (inside(w, (struct place){centre.x + radius * cos(middle), centre.y + radius * sin(middle)}))
            within += angle[k + 1] - angle[k];
    }
    return within / (2 * M_PI);
}

double window_circle(const struct window *w, double x, double y, double radius)
{
    return w->corners ? circle_in_polygon(w, (struct place){x, y}, radius)
                      : circle_in_rectangle(w, x, y, radius);
}
