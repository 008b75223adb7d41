/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* territory_fuzz.c - any bytes as a file of jobs, of points and of corners: either a fault, or numbers that
 * the engine takes and answers with numbers or with "unknown", never with infinity. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "arena/arena.h"
#include "commands/territory_files.h"
#include "number/checked.h"
#include "table/table.h"
#include "territory/complexity.h"
#include "territory/quotients.h"
#include "words/words.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST_CELLS = 10000, MOST_POINTS = 400 }; /* a fuzzer has other things to do */

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void no_infinity(const double *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        require(!isinf(values[i]));
}

static void measure_jobs(struct arena *a, const struct job_table *t)
{
    size_t regions = vocabulary_count(t->regions), industries = vocabulary_count(t->industries);
    double *at = NEW(a, double, regions *industries + 1), *values = NEW(a, double, regions *industries + 1);
    struct jobs jobs;
    require(regions && industries && t->count);
    if (regions * industries > MOST_CELLS)
        return;
    for (size_t i = 0; i < t->count; i++) {
        require(t->lines[i].region < regions && t->lines[i].industry < industries && t->lines[i].jobs >= 0);
        at[t->lines[i].region * industries + t->lines[i].industry] += t->lines[i].jobs;
    }
    if (jobs_sum(a, regions, industries, at, &jobs))
        return;
    location_quotients(&jobs, values);
    krugman_indices(&jobs, values);
    no_infinity(values, regions);
    hachman_indices(&jobs, values);
    herfindahl_indices(&jobs, values);
    no_infinity(values, regions);
    locational_ginis(a, &jobs, values);
}

static void measure_points(struct arena *a, const struct point_table *t)
{
    static const double radii[] = {0, 1, 10};
    struct concentration answer;
    struct concentration_request q = {.points = &t->points,
                                      .radii = {radii, COUNT(radii)},
                                      .of = (int32_t[]){0},
                                      .of_count = 1,
                                      .window = window_of(&t->points),
                                      .edge = EDGE_ISOTROPIC,
                                      .simulations = 3,
                                      .confidence = .9,
                                      .threads = 1};
    if (t->points.count > MOST_POINTS)
        return;
    for (q.statistic = STATISTIC_K; q.statistic <= STATISTIC_KD; q.statistic++)
        if (!concentration(a, &q, &answer))
            no_infinity(answer.value, COUNT(radii));
}

static void measure_window(const struct window *w)
{
    double wide = w->x1 - w->x0, high = w->y1 - w->y0;
    for (int i = 0; i < 16; i++) {
        double x = w->x0 + wide * (i % 4) / 4, y = w->y0 + high * floor(i / 4.0) / 4;
        double share = window_circle(w, x, y, fmin(wide, high) * (i + 1) / 8);
        require(!window_holds(w, x, y) || (share >= 0 && share <= 1 + 1e-9));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ARENA_SCOPE(work);
    struct slice bytes = {(const char *)data, size};
    struct table *t = NULL;
    struct job_table jobs;
    struct point_table points;
    struct window window;
    if (table_open_bytes(work, bytes, NULL, &t))
        return 0;
    if (!job_table_read(work, t, "jobs", &jobs))
        measure_jobs(work, &jobs);
    require(!table_open_bytes(work, bytes, NULL, &t));
    if (!point_table_read(work, t, "points", NULL, &points))
        measure_points(work, &points);
    require(!table_open_bytes(work, bytes, NULL, &t));
    if (!window_read(work, t, "window", &window))
        measure_window(&window);
    return 0;
}
