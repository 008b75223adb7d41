/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "territory/quotients.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "number/checked.h"

static struct fault *take(struct arena *a, size_t regions, size_t industries, const double *at,
                          struct jobs *out)
{
    double *of_region = NEW(a, double, regions + 1), *of_industry = NEW(a, double, industries + 1);
    *out = (struct jobs){regions, industries, at, of_region, of_industry, 0};
    for (size_t k = 0; k < regions * industries; k++) {
        if (!isfinite(at[k]))
            return fault(FAULT_INVALID, "Number %zu of the table is no number.", k + 1);
        if (at[k] < 0)
            return fault(FAULT_INVALID, "Number %zu of the table is less than nothing.", k + 1);
        of_region[k / industries] += at[k];
        of_industry[k % industries] += at[k];
        out->whole += at[k];
    }
    return NULL;
}

struct fault *jobs_sum(struct arena *a, size_t regions, size_t industries, const double *at, struct jobs *out)
{
    TRY(take(a, regions, industries, at, out));
    if (!isfinite(out->whole))
        return fault(FAULT_INVALID, "The jobs of the table sum to no number.");
    return out->whole > 0 ? NULL : fault(FAULT_INVALID, "The table has no jobs.");
}

static double ratio(double part, double whole)
{
    return whole > 0 ? part / whole : UNKNOWN_REAL;
}

static double jobs_at(const struct jobs *j, size_t region, size_t industry)
{
    return j->at[region * j->industries + industry];
}

/* --- one value a region, or a region and an industry ----------------------------------------------- */

void location_quotients(const struct jobs *j, double *quotients)
{
    for (size_t r = 0; r < j->regions; r++)
        for (size_t i = 0; i < j->industries; i++)
            quotients[r * j->industries + i] =
                ratio(ratio(jobs_at(j, r, i), j->of_region[r]), j->of_industry[i] / j->whole);
}

void poisson_bounds(double count, double *low, double *high)
{
    *low = count > 0 ? gsl_cdf_chisq_Pinv(.025, 2 * count) / 2 : 0;
    *high = gsl_cdf_chisq_Pinv(.975, 2 * (count + 1)) / 2;
}

/* Sums term(share here, share of the whole) over the industries that are somewhere. */
static void sum_shares(const struct jobs *j, double (*term)(double, double), double *sums)
{
    for (size_t r = 0; r < j->regions; r++) {
        double sum = 0;
        for (size_t i = 0; i < j->industries; i++)
            if (j->of_industry[i] > 0)
                sum += term(ratio(jobs_at(j, r, i), j->of_region[r]), j->of_industry[i] / j->whole);
        sums[r] = sum;
    }
}

static double difference(double here, double everywhere)
{
    return fabs(here - everywhere);
}
static double square(double here, double everywhere)
{
    (void)everywhere;
    return here * here;
}
static double weighted_quotient(double here, double everywhere)
{
    return here * here / everywhere;
}

void krugman_indices(const struct jobs *j, double *indices)
{
    sum_shares(j, difference, indices);
}

void herfindahl_indices(const struct jobs *j, double *indices)
{
    sum_shares(j, square, indices);
}

void hachman_indices(const struct jobs *j, double *indices)
{
    sum_shares(j, weighted_quotient, indices);
    for (size_t r = 0; r < j->regions; r++)
        indices[r] = 1 / indices[r];
}

/* --- one value an industry ------------------------------------------------------------------------- */

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The Gini of n values, over how many times n: each against each, by the place of each in their order. */
static double sorted_gini(double *values, size_t n)
{
    double sum = 0, ranked = 0;
    qsort(values, n, sizeof *values, by_size);
    for (size_t i = 0; i < n; i++) {
        sum += values[i];
        ranked += (2.0 * (double)(i + 1) - (double)n - 1) * values[i];
    }
    return n ? ratio(ranked, (double)n * sum) : UNKNOWN_REAL;
}

double gini(struct arena *work, const double *values, size_t n)
{
    double *sorted = NEW(work, double, n + 1);
    if (n)
        memcpy(sorted, values, n * sizeof *sorted);
    return sorted_gini(sorted, n);
}

void locational_ginis(struct arena *work, const struct jobs *j, double *ginis)
{
    double *quotients = NEW(work, double, j->regions + 1);
    for (size_t i = 0; i < j->industries; i++) {
        size_t n = 0;
        for (size_t r = 0; r < j->regions; r++)
            if (j->of_region[r] > 0)
                quotients[n++] = jobs_at(j, r, i) / j->of_region[r];
        ginis[i] = sorted_gini(quotients, n) / 2;
    }
}

/* --- parts against a base -------------------------------------------------------------------------- */

struct share {
    double part, base;
};

static int by_ratio(const void *a, const void *b)
{
    const struct share *x = a, *y = b;
    double left = x->part * y->base, right = y->part * x->base;
    return (left > right) - (left < right);
}

/* Both as shares of their sums; NULL when either has nothing. */
static struct share *shares_of(struct arena *work, const double *part, const double *base, size_t n)
{
    struct share *shares = NEW(work, struct share, n + 1), sum = {0, 0};
    for (size_t i = 0; i < n; i++)
        sum = (struct share){sum.part + part[i], sum.base + base[i]};
    for (size_t i = 0; i < n; i++)
        shares[i] = (struct share){part[i] / sum.part, base[i] / sum.base};
    return sum.part > 0 && sum.base > 0 ? shares : NULL;
}

double hoover(const double *part, const double *base, size_t n)
{
    ARENA_SCOPE(work);
    const struct share *s = shares_of(work, part, base, n);
    double sum = 0;
    for (size_t i = 0; s && i < n; i++)
        sum += fabs(s[i].part - s[i].base) / 2;
    return s ? sum : UNKNOWN_REAL;
}

double hoover_gini(struct arena *work, const double *part, const double *base, size_t n)
{
    struct share *s = shares_of(work, part, base, n);
    double reached = 0, area = 0;
    if (!s)
        return UNKNOWN_REAL;
    qsort(s, n, sizeof *s, by_ratio);
    for (size_t i = 0; i < n; i++) {
        area += s[i].base * (2 * reached + s[i].part);
        reached += s[i].part;
    }
    return 1 - area;
}

double ratio_gini(struct arena *work, const double *part, const double *base, size_t n)
{
    const struct share *s = shares_of(work, part, base, n);
    double *ratios = NEW(work, double, n + 1), sum = 0, ranked = 0;
    for (size_t i = 0; s && i < n; i++) {
        ratios[i] = ratio(s[i].part, s[i].base);
        sum += ratios[i];
    }
    if (!s || !known_real(sum))
        return UNKNOWN_REAL;
    qsort(ratios, n, sizeof *ratios, by_size);
    for (size_t i = 0; i < n; i++)
        ranked += (double)(i + 1) * (ratios[i] - sum / (double)n);
    return 2 * ranked / ((double)n * sum);
}

double ellison_glaeser(const double *jobs, const size_t *region, size_t plants, const double *share,
                       size_t regions)
{
    double whole = 0, herfindahl = 0, raw = 0, spread = 1;
    ARENA_SCOPE(work);
    double *here = NEW(work, double, regions + 1);
    for (size_t p = 0; p < plants; p++) {
        whole += jobs[p];
        here[region[p]] += jobs[p];
    }
    for (size_t p = 0; p < plants; p++)
        herfindahl += ratio(jobs[p], whole) * ratio(jobs[p], whole);
    for (size_t r = 0; r < regions; r++) {
        double beyond = ratio(here[r], whole) - share[r];
        raw += beyond * beyond;
        spread -= share[r] * share[r];
    }
    return plants < 2 ? UNKNOWN_REAL : ratio(raw - spread * herfindahl, spread * (1 - herfindahl));
}

/* --- growth ---------------------------------------------------------------------------------------- */

struct fault *shift_share(struct arena *work, const double *before, const double *after,
                          const double *whole_before, const double *whole_after, size_t industries,
                          struct shift_share *effects, double *created)
{
    struct jobs sum[4];
    const double *tables[] = {before, after, whole_before, whole_after};
    for (size_t t = 0; t < COUNT(sum); t++)
        TRY(take(work, 1, industries, tables[t], &sum[t]));
    if (sum[2].whole <= 0)
        return fault(FAULT_INVALID, "The whole has no jobs at the beginning.");
    double growth = (sum[3].whole - sum[2].whole) / sum[2].whole;
    for (size_t i = 0; i < industries; i++) {
        created[i] = before[i] > 0 ? 0 : after[i];
        double industry = ratio(whole_after[i] - whole_before[i], whole_before[i]);
        double own = ratio(after[i] - before[i], before[i]) - industry;
        double expected = sum[0].whole * whole_before[i] / sum[2].whole;
        effects[i] = (struct shift_share){.national = before[i] * growth,
                                          .mix = before[i] * (industry - growth),
                                          .regional = before[i] * own,
                                          .competitive = expected * own,
                                          .allocation = (before[i] - expected) * own};
    }
    return NULL;
}
