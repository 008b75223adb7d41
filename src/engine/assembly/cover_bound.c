/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "assembly/cover_bound.h"

#include <math.h>
#include <string.h>

/* Tuned on the instances of Beasley; docs/engine-assembly.md. */
static const double first_step = .1, largest_step = 2, least_step = 1e-4, shorter = .66, longer = 1.1;
static const double memory = .1, least_memory = .011, above_target = 1.05;
enum { CHECK_EVERY = 100, CHECK_FROM = 300, ASK_EVERY = 10 };

struct ascent {
    const struct cover *c;
    struct cover_bound *b;
    double *price, *direction, *slack, *reduced; /* slack: 1 less the columns taken on a row */
    double step, memory, target;
};

struct cover_bound cover_bound_new(struct arena *a, int32_t rows, int32_t columns)
{
    return (struct cover_bound){.price = NEW(a, double, rows + 1),
                                .reduced = NEW(a, double, columns + 1),
                                .share = NEW(a, double, columns + 1),
                                .scratch = NEW(a, double, 3 * (int64_t)rows + columns + 1)};
}

void cover_bound_start(const struct cover *c, struct cover_bound *b)
{
    for (int32_t i = 0; i < c->rows; i++) {
        double least = INFINITY;
        for (int32_t k = c->row_start[i]; k < c->row_start[i + 1]; k++) {
            int32_t j = c->row_column[k];
            least = fmin(least, (double)c->cost[j] / (c->column_start[j + 1] - c->column_start[j]));
        }
        b->price[i] = isfinite(least) ? least : 0;
    }
}

/* The relaxed problem at s->price: takes every column whose reduced cost is negative. Returns its value. */
static double relax(struct ascent *s)
{
    const struct cover *c = s->c;
    double value = 0;
    for (int32_t i = 0; i < c->rows; i++) {
        value += s->price[i];
        s->slack[i] = 1;
    }
    for (int32_t j = 0; j < c->columns; j++) {
        double r = (double)c->cost[j];
        for (int32_t k = c->column_start[j]; k < c->column_start[j + 1]; k++)
            r -= s->price[c->column_row[k]];
        s->reduced[j] = r;
        if (r >= 0)
            continue;
        value += r;
        for (int32_t k = c->column_start[j]; k < c->column_start[j + 1]; k++)
            s->slack[c->column_row[k]] -= 1;
    }
    return value;
}

static void keep_best(struct ascent *s, double value)
{
    memcpy(s->b->price, s->price, (size_t)s->c->rows * sizeof *s->price);
    memcpy(s->b->reduced, s->reduced, (size_t)s->c->columns * sizeof *s->reduced);
    s->b->value = value;
}

/* Mixes the newest relaxed solution into the direction and the shares; returns how well they agree. */
static double mix(struct ascent *s, double part)
{
    double agree = 0;
    for (int32_t i = 0; i < s->c->rows; i++) {
        agree += s->direction[i] * s->slack[i];
        s->direction[i] += part * (s->slack[i] - s->direction[i]);
    }
    for (int32_t j = 0; j < s->c->columns; j++)
        s->b->share[j] += part * ((s->reduced[j] < 0 ? 1 : 0) - s->b->share[j]);
    return agree;
}

/* Steps along the direction from the best prices; false when there is nowhere to go. */
static bool move(struct ascent *s)
{
    const double *best = s->b->price;
    double norm = 0;
    for (int32_t i = 0; i < s->c->rows; i++)
        if (best[i] > 0 || s->direction[i] > 0)
            norm += s->direction[i] * s->direction[i];
    if (!(norm > 1e-12))
        return false;
    double length = s->step * (above_target * s->target - s->b->value) / norm;
    for (int32_t i = 0; i < s->c->rows; i++)
        s->price[i] = fmax(0, best[i] + length * s->direction[i]);
    return true;
}

/* Whether the ascent still pays, asked every hundred steps. */
static bool worth_it(struct ascent *s, int step, double *then)
{
    double gained = s->b->value - *then, scale = fabs(s->b->value) + 1e-9;
    *then = s->b->value;
    if (gained < 1e-4 * scale && s->memory > least_memory)
        s->memory /= 2;
    return step < CHECK_FROM || gained >= 2e-5 * scale;
}

int64_t cover_bound_raise(const struct cover *c, const struct cover_bound_options *o, struct cover_bound *b)
{
    double *w = b->scratch;
    struct ascent s = {.c = c,
                       .b = b,
                       .price = w,
                       .direction = w + c->rows,
                       .slack = w + 2 * (int64_t)c->rows,
                       .reduced = w + 3 * (int64_t)c->rows,
                       .step = first_step,
                       .memory = memory,
                       .target = o->target};
    memcpy(s.price, b->price, (size_t)c->rows * sizeof *w);
    memset(s.direction, 0, (size_t)c->rows * sizeof *w);
    memset(b->share, 0, (size_t)c->columns * sizeof *w);
    keep_best(&s, relax(&s));
    (void)mix(&s, 1);
    double then = b->value;
    int waited = 0, step = 1;
    for (; step < o->most_steps && b->value < o->target - 1 + .01 && s.step >= least_step; step++) {
        if (!move(&s))
            break;
        double value = relax(&s), agree = mix(&s, s.memory);
        if (value > b->value) {
            waited = 0;
            if (agree >= 0)
                s.step = fmin(largest_step, s.step * longer);
            keep_best(&s, value);
        } else if (++waited >= o->patience) {
            waited = 0;
            s.step *= shorter;
        }
        if ((step % CHECK_EVERY == 0 && !worth_it(&s, step, &then)) ||
            (step % ASK_EVERY == 0 && o->go_on && !o->go_on(o->with)))
            break;
    }
    return step * ((int64_t)c->column_start[c->columns] + c->columns + 4 * (int64_t)c->rows);
}
