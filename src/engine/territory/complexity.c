/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "territory/complexity.h"

#include <gsl/gsl_eigen.h>
#include <math.h>

#include "arena/arena.h"
#include "number/checked.h"

/* How many industries each region has, how many regions each industry. */
struct margins {
    double *diversity, *ubiquity;
};

static bool has(const struct presence *m, size_t region, size_t industry)
{
    return m->at[region * m->industries + industry];
}

static struct fault *margins_of(struct arena *a, const struct presence *m, struct margins *out)
{
    *out = (struct margins){NEW(a, double, m->regions + 1), NEW(a, double, m->industries + 1)};
    for (size_t r = 0; r < m->regions; r++)
        for (size_t i = 0; i < m->industries; i++) {
            out->diversity[r] += has(m, r, i);
            out->ubiquity[i] += has(m, r, i);
        }
    for (size_t r = 0; r < m->regions; r++)
        if (out->diversity[r] == 0)
            return fault(FAULT_INVALID, "Region %zu has no industry in which it is special.", r + 1);
    for (size_t i = 0; i < m->industries; i++)
        if (out->ubiquity[i] == 0)
            return fault(FAULT_INVALID, "Industry %zu has no region that is special in it.", i + 1);
    return NULL;
}

/* --- complexity ------------------------------------------------------------------------------------ */

/* D^-1/2 M U^-1 M' D^-1/2: symmetric, with the eigenvalues of the usual product, and safer to solve. */
static void fill_similarity(const struct presence *m, const struct margins *by, gsl_matrix *out)
{
    for (size_t r = 0; r < m->regions; r++)
        for (size_t s = r; s < m->regions; s++) {
            double shared = 0;
            for (size_t i = 0; i < m->industries; i++)
                shared += has(m, r, i) && has(m, s, i) ? 1 / by->ubiquity[i] : 0;
            shared /= sqrt(by->diversity[r] * by->diversity[s]);
            gsl_matrix_set(out, r, s, shared);
            gsl_matrix_set(out, s, r, shared);
        }
}

static void free_matrix(void *m)
{
    gsl_matrix_free(m);
}
static void free_vector(void *v)
{
    gsl_vector_free(v);
}
static void free_workspace(void *w)
{
    gsl_eigen_symmv_free(w);
}

/* The second largest eigenvalue and its eigenvector. */
static struct fault *second_vector(struct arena *a, const struct presence *m, const struct margins *by,
                                   double *value, double *out)
{
    enum { SECOND = 1 };
    const double tied = 1e-9; /* an eigenvalue 1 again: another piece of M without a tie to the first */
    gsl_matrix *similarity = gsl_matrix_alloc(m->regions, m->regions);
    gsl_matrix *vectors = gsl_matrix_alloc(m->regions, m->regions);
    gsl_vector *values = gsl_vector_alloc(m->regions);
    gsl_eigen_symmv_workspace *space = gsl_eigen_symmv_alloc(m->regions);
    arena_defer(a, free_matrix, similarity);
    arena_defer(a, free_matrix, vectors);
    arena_defer(a, free_vector, values);
    arena_defer(a, free_workspace, space);
    fill_similarity(m, by, similarity);
    if (gsl_eigen_symmv(similarity, values, vectors, space) != 0)
        return fault(FAULT_BUG, "The eigenvalues do not settle.");
    gsl_eigen_symmv_sort(values, vectors, GSL_EIGEN_SORT_VAL_DESC);
    *value = gsl_vector_get(values, SECOND);
    if (*value > 1 - tied)
        return fault(FAULT_INVALID, "The regions fall apart into groups that share no industry: there is no "
                                    "common order of complexity.");
    for (size_t r = 0; r < m->regions; r++)
        out[r] = gsl_matrix_get(vectors, r, SECOND) / sqrt(by->diversity[r]);
    return NULL;
}

static double mean_of(const double *x, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i];
    return sum / (double)n;
}

static double covariance(const double *x, const double *y, size_t n)
{
    double mean_x = mean_of(x, n), mean_y = mean_of(y, n), sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (x[i] - mean_x) * (y[i] - mean_y);
    return sum / (double)n;
}

struct fault *economic_complexity(struct arena *a, const struct presence *m, double *regions,
                                  double *industries, double *diversity)
{
    struct margins by;
    TRY(margins_of(a, m, &by));
    if (m->regions < 2)
        return fault(FAULT_INVALID, "Complexity compares regions: there is one.");
    double value = 0;
    TRY(second_vector(a, m, &by, &value, regions));
    double mean = mean_of(regions, m->regions), deviation = sqrt(covariance(regions, regions, m->regions));
    double spread = sqrt(covariance(by.diversity, by.diversity, m->regions));
    double together = covariance(regions, by.diversity, m->regions);
    *diversity = spread > 0 ? fabs(together) / (spread * deviation) : 0;
    double scale = together < 0 ? -deviation : deviation;
    for (size_t i = 0; i < m->industries; i++) {
        double sum = 0;
        for (size_t r = 0; r < m->regions; r++)
            sum += has(m, r, i) ? regions[r] : 0;
        industries[i] = (sum / (by.ubiquity[i] * value) - mean) / scale;
    }
    for (size_t r = 0; r < m->regions; r++)
        regions[r] = (regions[r] - mean) / scale;
    return NULL;
}

/* --- relatedness ----------------------------------------------------------------------------------- */

struct fault *relatedness(struct arena *a, const struct presence *m, double *phi)
{
    struct margins by;
    TRY(margins_of(a, m, &by));
    for (size_t i = 0; i < m->industries; i++)
        for (size_t j = i; j < m->industries; j++) {
            double both = 0;
            for (size_t r = 0; r < m->regions; r++)
                both += has(m, r, i) && has(m, r, j);
            phi[i * m->industries + j] = phi[j * m->industries + i] =
                both / fmax(by.ubiquity[i], by.ubiquity[j]);
        }
    return NULL;
}

void relatedness_density(const struct presence *m, const double *phi, double *density)
{
    for (size_t i = 0; i < m->industries; i++) {
        const double *near = phi + i * m->industries;
        double all = 0;
        for (size_t j = 0; j < m->industries; j++)
            all += near[j];
        for (size_t r = 0; r < m->regions; r++) {
            double here = 0;
            for (size_t j = 0; j < m->industries; j++)
                here += has(m, r, j) ? near[j] : 0;
            density[r * m->industries + i] = here / all;
        }
    }
}

/* --- fitness --------------------------------------------------------------------------------------- */

static void to_mean_one(double *x, size_t n)
{
    double mean = mean_of(x, n);
    for (size_t i = 0; i < n; i++)
        x[i] /= mean;
}

struct fault *fitness_complexity(struct arena *a, const struct presence *m, int rounds, double *fitness,
                                 double *complexity)
{
    struct margins by;
    TRY(margins_of(a, m, &by));
    double *next = NEW(a, double, m->industries + 1), *was = NEW(a, double, m->regions + 1);
    for (size_t r = 0; r < m->regions; r++)
        fitness[r] = 1;
    for (size_t i = 0; i < m->industries; i++)
        complexity[i] = 1;
    for (int round = 0; round < rounds; round++) {
        for (size_t r = 0; r < m->regions; r++) {
            was[r] = fitness[r];
            fitness[r] = 0;
            for (size_t i = 0; i < m->industries; i++)
                fitness[r] += has(m, r, i) ? complexity[i] : 0;
        }
        for (size_t i = 0; i < m->industries; i++) {
            double burden = 0;
            for (size_t r = 0; r < m->regions; r++)
                burden += has(m, r, i) ? 1 / was[r] : 0;
            next[i] = 1 / burden;
        }
        for (size_t i = 0; i < m->industries; i++)
            complexity[i] = next[i];
        to_mean_one(fitness, m->regions);
        to_mean_one(complexity, m->industries);
    }
    return NULL;
}
