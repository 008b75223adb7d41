/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "territory/envelopes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "number/checked.h"

/* The simulated values of one kind: at(s, k), of simulation s at radius k. */
struct simulated {
    const double *values;
    size_t count, radii, stride;
};

static double at(const struct simulated *s, size_t simulation, size_t radius)
{
    return s->values[simulation * s->stride + radius];
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double quantile(const double *sorted, size_t n, double share) /* R's type 7 */
{
    double rank = (double)(n - 1) * share;
    size_t low = (size_t)rank, high = low + 1 < n ? low + 1 : low;
    return sorted[low] + (rank - (double)low) * (sorted[high] - sorted[low]);
}

static void local_bounds(struct arena *work, const struct simulated *s, double alpha, double *low,
                         double *high)
{
    double *sorted = NEW(work, double, s->count + 1);
    for (size_t k = 0; k < s->radii; k++) {
        size_t n = 0;
        for (size_t i = 0; i < s->count; i++)
            if (known_real(at(s, i, k)))
                sorted[n++] = at(s, i, k);
        if (!n)
            continue;
        qsort(sorted, n, sizeof *sorted, by_size);
        low[k] = quantile(sorted, n, alpha / 2);
        high[k] = quantile(sorted, n, 1 - alpha / 2);
    }
}

/* Lowest and highest at each radius of those kept, and which simulations they are. */
static void extremes(const struct simulated *s, const bool *kept, double *low, double *high, bool *touching)
{
    for (size_t k = 0; k < s->radii; k++) {
        size_t lowest = s->count, highest = s->count;
        for (size_t i = 0; i < s->count; i++) {
            if (!kept[i] || !known_real(at(s, i, k)))
                continue;
            if (lowest == s->count || at(s, i, k) < at(s, lowest, k))
                lowest = i;
            if (highest == s->count || at(s, i, k) > at(s, highest, k))
                highest = i;
        }
        if (lowest == s->count)
            continue;
        low[k] = at(s, lowest, k);
        high[k] = at(s, highest, k);
        touching[lowest] = touching[highest] = true;
    }
}

static void global_bounds(struct arena *work, const struct simulated *s, double confidence, double *low,
                          double *high)
{
    bool *kept = NEW(work, bool, s->count), *touching = NEW(work, bool, s->count);
    double *low_before = NEW(work, double, s->radii), *high_before = NEW(work, double, s->radii);
    double target = confidence * (double)s->count;
    size_t left = s->count, before = s->count;
    memset(kept, true, s->count * sizeof *kept);
    extremes(s, kept, low, high, touching);
    while ((double)left > target) {
        memcpy(low_before, low, s->radii * sizeof *low);
        memcpy(high_before, high, s->radii * sizeof *high);
        before = left;
        for (size_t i = 0; i < s->count; i++)
            if (touching[i]) {
                kept[i] = touching[i] = false;
                left--;
            }
        extremes(s, kept, low, high, touching);
        if (left == before) /* nothing is known at any radius */
            return;
    }
    if (left == s->count)
        return;
    double back = (target - (double)left) / (double)(before - left);
    for (size_t k = 0; k < s->radii; k++) {
        low[k] += back * (low_before[k] - low[k]);
        high[k] += back * (high_before[k] - high[k]);
    }
}

/* The farthest of one row of values from the middle, in standard deviations. The middle is that of all, the
 * one judged among them: then chance alone makes every order of them equally likely. */
static double farthest(const double *values, const double *mean, const double *deviation, size_t radii)
{
    double most = 0;
    for (size_t k = 0; k < radii; k++)
        if (deviation[k] > 0)
            most = fmax(most, fabs(values[k] - mean[k]) / deviation[k]);
    return most;
}

static double p_value(struct arena *work, const struct simulated *s, const double *value)
{
    double *mean = NEW(work, double, s->radii), *deviation = NEW(work, double, s->radii);
    double all = (double)s->count + 1;
    size_t as_far = 1;
    for (size_t k = 0; k < s->radii; k++) { /* what is unknown once has a deviation that is none */
        mean[k] = value[k] / all;
        for (size_t i = 0; i < s->count; i++)
            mean[k] += at(s, i, k) / all;
        double squares = (value[k] - mean[k]) * (value[k] - mean[k]);
        for (size_t i = 0; i < s->count; i++)
            squares += (at(s, i, k) - mean[k]) * (at(s, i, k) - mean[k]);
        deviation[k] = sqrt(squares / all);
    }
    double here = farthest(value, mean, deviation, s->radii);
    for (size_t i = 0; i < s->count; i++)
        as_far += farthest(s->values + i * s->stride, mean, deviation, s->radii) >= here;
    return (double)as_far / all;
}

void envelopes(const struct concentration_request *q, const double *values, struct concentration *out)
{
    size_t radii = q->radii.count, stride = q->of_count * radii;
    for (size_t kind = 0; kind < q->of_count; kind++) {
        struct simulated s = {values + kind * radii, (size_t)out->simulations, radii, stride};
        size_t first = kind * radii;
        struct arena *work = arena_new(LIMIT_COMMAND_MEMORY);
        local_bounds(work, &s, 1 - q->confidence, out->low + first, out->high + first);
        global_bounds(work, &s, q->confidence, out->global_low + first, out->global_high + first);
        out->p[kind] = p_value(work, &s, out->value + first);
        arena_free(work);
    }
}
