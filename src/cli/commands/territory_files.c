/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "commands/territory_files.h"

#include <string.h>

#include "arena/arena.h"
#include "i18n/i18n.h"
#include "record/record.h"
#include "rows_in.h"
#include "words/words.h"

MUST_CHECK static struct fault *from_zero(const struct rows_in *r, int c, double *out)
{
    TRY(rows_in_number(r, c, out));
    return *out < 0 ? rows_in_refused(r, c, tr("is less than 0")) : NULL;
}

/* --- jobs ------------------------------------------------------------------------------------------ */

static struct fault *read_jobs(struct arena *a, const struct rows_in *r, struct job_table *out)
{
    enum { REGION, INDUSTRY, JOBS, YEAR };
    uint32_t region = 0, industry = 0;
    struct job_line *l = PUSH(a, out->lines, out->count, out->capacity);
    TRY(rows_in_name(r, REGION, out->regions, &region));
    TRY(rows_in_name(r, INDUSTRY, out->industries, &industry));
    *l = (struct job_line){.region = region, .industry = industry};
    TRY(from_zero(r, JOBS, &l->jobs));
    if (rows_in_has(r, YEAR) && !integer_parse(rows_in_cell(r, YEAR), &l->year))
        return rows_in_refused(r, YEAR, tr("is no year"));
    if ((size_t)vocabulary_count(out->regions) * vocabulary_count(out->industries) > LIMIT_JOB_CELLS)
        return fault(FAULT_LIMIT, "%s, line %lld: regions times industries are more than %d.", r->path,
                     (long long)r->line, LIMIT_JOB_CELLS);
    return arena_check(a);
}

struct fault *job_table_read(struct arena *a, struct table *t, const char *path, struct job_table *out)
{
    static const char *const names[] = {"region", "industry", "jobs", "?year", NULL};
    struct rows_in r;
    *out = (struct job_table){.regions = vocabulary_new(a), .industries = vocabulary_new(a)};
    TRY(rows_in_begin(t, path, names, &r));
    for (bool more = true;;) {
        TRY(rows_in_next(&r, &more));
        if (!more)
            return NULL;
        TRY(read_jobs(a, &r, out));
    }
}

/* --- points ---------------------------------------------------------------------------------------- */

enum { X, Y, TYPE, WEIGHT };

struct site {
    double x, y, weight;
    uint32_t kind;
};

static struct fault *read_site(const struct rows_in *r, const struct window *w, struct vocabulary *kinds,
                               struct site *site)
{
    *site = (struct site){.weight = 1};
    TRY(rows_in_number(r, X, &site->x));
    TRY(rows_in_number(r, Y, &site->y));
    TRY(rows_in_name(r, TYPE, kinds, &site->kind));
    if (rows_in_has(r, WEIGHT))
        TRY(from_zero(r, WEIGHT, &site->weight));
    if (w && (site->x < w->x0 || site->x > w->x1))
        return rows_in_refused(r, X, tr("is outside the window"));
    return w && !window_holds(w, site->x, site->y) ? rows_in_refused(r, Y, tr("is outside the window"))
                                                   : NULL;
}

static struct points points_of(struct arena *a, const struct site *sites, size_t count, bool weighted)
{
    double *x = NEW(a, double, count), *y = NEW(a, double, count), *weight = NEW(a, double, count);
    int32_t *kind = NEW(a, int32_t, count);
    for (size_t i = 0; i < count; i++) {
        x[i] = sites[i].x;
        y[i] = sites[i].y;
        weight[i] = sites[i].weight;
        kind[i] = (int32_t)sites[i].kind;
    }
    return (struct points){.count = count, .x = x, .y = y, .weight = weighted ? weight : NULL, .kind = kind};
}

struct fault *point_table_read(struct arena *a, struct table *t, const char *path, const struct window *w,
                               struct point_table *out)
{
    static const char *const names[] = {"x", "y", "type", "?weight", NULL};
    struct rows_in r;
    struct site *sites = NULL;
    size_t count = 0, capacity = 0;
    *out = (struct point_table){.kinds = vocabulary_new(a)};
    TRY(rows_in_begin(t, path, names, &r));
    for (bool more = true;;) {
        TRY(rows_in_next(&r, &more));
        if (!more)
            break;
        struct site *site = PUSH(a, sites, count, capacity);
        TRY(read_site(&r, w, out->kinds, site));
        out->weightless += site->weight == 0;
        TRY(arena_check(a));
    }
    out->points = points_of(a, sites, count, rows_in_has(&r, WEIGHT));
    out->points.kinds = (int32_t)vocabulary_count(out->kinds);
    return NULL;
}

struct fault *window_read(struct arena *a, struct table *t, const char *path, struct window *out)
{
    static const char *const names[] = {"x", "y", NULL};
    struct rows_in r;
    double *x = NEW(a, double, LIMIT_CORNERS + 1), *y = NEW(a, double, LIMIT_CORNERS + 1);
    size_t count = 0;
    TRY(rows_in_begin(t, path, names, &r));
    for (bool more = true;;) {
        TRY(rows_in_next(&r, &more));
        if (!more || count > LIMIT_CORNERS)
            break;
        TRY(rows_in_number(&r, X, &x[count]));
        TRY(rows_in_number(&r, Y, &y[count++]));
    }
    count -= count > 1 && x[0] == x[count - 1] && y[0] == y[count - 1]; /* closed, as some write it */
    return window_polygon(x, y, count, out);
}
