/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* territory_bench.c - how long chance takes: M of all sectors at once under a thousand permutations, and K
 * beside spatstat on the same points, when R has it.
 *
 * usage: territory_bench [PERMUTATIONS]
 * Points fall evenly on a square of as many as 0.2 a km², a tenth of them drawn to 40 towns; weights 1 to 50,
 * 600 sectors, 16 radii up to 15 km. Elapsed and CPU seconds. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "arena/arena.h"
#include "clock/clock.h"
#include "random/random.h"
#include "territory/points.h"

enum { SECTORS = 600, RADII = 16, TOWNS = 40 };

static void must(const struct fault *f)
{
    if (f) {
        (void)fprintf(stderr, "territory_bench: %s\n", f->text);
        exit(1);
    }
}

static double within(double value, double side)
{
    return value < 0 ? -value : value > side ? 2 * side - value : value;
}

static struct points scattered(struct arena *a, size_t count, double side)
{
    double *x = NEW(a, double, count), *y = NEW(a, double, count), *weight = NEW(a, double, count);
    int32_t *kind = NEW(a, int32_t, count);
    struct random random = random_seeded(2026, count);
    double town[TOWNS][2];
    for (int t = 0; t < TOWNS; t++)
        for (int d = 0; d < 2; d++)
            town[t][d] = side * random_unit(&random);
    for (size_t i = 0; i < count; i++) {
        x[i] = side * random_unit(&random);
        y[i] = side * random_unit(&random);
        if (i % 10 == 0) {
            const double *at = town[random_below(&random, TOWNS)];
            x[i] = within(at[0] + 8 * (random_unit(&random) - .5), side);
            y[i] = within(at[1] + 8 * (random_unit(&random) - .5), side);
        }
        weight[i] = 1 + (double)random_below(&random, 50);
        kind[i] = (int32_t)random_below(&random, SECTORS);
    }
    return (struct points){count, x, y, weight, kind, SECTORS};
}

static void measure_m(size_t count, int permutations, int threads, const char *aim)
{
    struct arena *a = arena_new(LIMIT_COMMAND_MEMORY);
    struct points points = scattered(a, count, sqrt((double)count / .2));
    double radii[RADII];
    int32_t of[SECTORS];
    struct concentration answer;
    for (int k = 0; k < RADII; k++)
        radii[k] = 15.0 * (k + 1) / RADII;
    for (int32_t s = 0; s < SECTORS; s++)
        of[s] = s;
    struct concentration_request q = {.statistic = STATISTIC_M,
                                      .points = &points,
                                      .radii = {radii, RADII},
                                      .of = of,
                                      .of_count = SECTORS,
                                      .near = EVERY_POINT,
                                      .confidence = .95,
                                      .seed = 1,
                                      .threads = threads};
    int64_t elapsed = monotonic_us(), cpu = cpu_us();
    must(concentration(a, &q, &answer));
    double once[2] = {(double)(monotonic_us() - elapsed) / 1e6, (double)(cpu_us() - cpu) / 1e6};
    q.simulations = permutations;
    elapsed = monotonic_us(), cpu = cpu_us();
    must(concentration(a, &q, &answer));
    (void)printf("M, %zu points, %d sectors, %d radii, %d permutations, %d threads: %.1f s (CPU %.1f s); one "
                 "look %.2f s (CPU %.2f s); aim %s\n",
                 count, SECTORS, RADII, permutations, threads, (double)(monotonic_us() - elapsed) / 1e6,
                 (double)(cpu_us() - cpu) / 1e6, once[0], once[1], aim);
    (void)fflush(stdout);
    arena_free(a);
}

/* --- K beside spatstat ----------------------------------------------------------------------------- */

static void write_points(const char *path, const struct points *p)
{
    FILE *file = fopen(path, "w");
    if (!file)
        exit(1);
    (void)fputs("x,y\n", file);
    for (size_t i = 0; i < p->count; i++)
        (void)fprintf(file, "%.17g,%.17g\n", p->x[i], p->y[i]);
    (void)fclose(file);
}

/* The seconds of spatstat's Kest, and its last value; false without R or the package. */
static bool ask_spatstat(struct arena *a, const char *path, double side, double *seconds, double *value)
{
    FILE *r = popen(
        arena_print(a,
                    "Rscript -e 'suppressPackageStartupMessages(library(spatstat.explore));"
                    "d <- read.csv(\"%s\"); p <- ppp(d$x, d$y, c(0, %.17g), c(0, %.17g), check = FALSE);"
                    "t <- system.time(k <- Kest(p, r = seq(0, 15, length.out = 513), correction = "
                    "\"isotropic\", nlarge = Inf));"
                    "cat(t[[\"elapsed\"]], format(k$iso[513], digits = 15))' 2>/dev/null",
                    path, side, side),
        "r");
    if (!r)
        return false;
    bool told = fscanf(r, "%lf %lf", seconds, value) == 2;
    return pclose(r) == 0 && told;
}

static void measure_k(size_t count)
{
    struct arena *a = arena_new(LIMIT_COMMAND_MEMORY);
    double side = sqrt((double)count / .2), seconds, theirs;
    struct points points = scattered(a, count, side);
    struct concentration answer;
    struct concentration_request q = {.statistic = STATISTIC_K,
                                      .points = &points,
                                      .radii = {(double[]){15}, 1},
                                      .of = (int32_t[]){EVERY_POINT},
                                      .of_count = 1,
                                      .near = EVERY_POINT,
                                      .edge = EDGE_ISOTROPIC,
                                      .window = {.x1 = side, .y1 = side},
                                      .confidence = .95};
    int64_t start = monotonic_us();
    must(concentration(a, &q, &answer));
    (void)printf("K isotropic, %zu points, 15 km: %.2f s, K = %.12g; ", count,
                 (double)(monotonic_us() - start) / 1e6, answer.value[0]);
    char path[] = "/tmp/grappe-bench-XXXXXX";
    int file = mkstemp(path);
    if (file < 0)
        exit(1);
    (void)close(file);
    write_points(path, &points);
    if (ask_spatstat(a, path, side, &seconds, &theirs))
        (void)printf("spatstat: %.2f s, K = %.12g\n", seconds, theirs);
    else
        (void)puts("spatstat is not installed (r-cran-spatstat): not compared");
    (void)unlink(path);
    arena_free(a);
}

int main(int argc, char **argv)
{
    int permutations = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 1000;
    measure_k(50000);
    measure_m(50000, permutations, 1, "20 s");
    measure_m(500000, permutations, 2, "600 s");
    return 0;
}
