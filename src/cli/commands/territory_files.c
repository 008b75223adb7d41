/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "commands/territory_files.h"

#include <string.h>

#include "arena/arena.h"
#include "i18n/i18n.h"
#include "record/record.h"
#include "table/table.h"
#include "words/words.h"

/* A file while it is read: where each wanted column is, and the row at hand. */
enum { MOST_COLUMNS = 4 };
struct reading {
    struct table *table;
    const char *path;
    const char *const *names;
    int column[MOST_COLUMNS]; /* -1: not in the file */
    struct slice *cells;
    int64_t line;
};

/* All columns but the last are needed. */
static struct fault *begin(struct table *t, const char *path, const char *const *names, struct reading *r)
{
    *r = (struct reading){.table = t, .path = path, .names = names};
    for (int c = 0; c < MOST_COLUMNS; c++) {
        r->column[c] = table_column_find(t, names[c]);
        if (r->column[c] < 0 && c + 1 < MOST_COLUMNS)
            return fault(FAULT_INVALID, "%s, line 1: there is no column \"%s\".", path, names[c]);
    }
    return NULL;
}

static struct slice cell(const struct reading *r, int c)
{
    return r->column[c] < 0 ? S("") : r->cells[r->column[c]];
}

MUST_CHECK static struct fault *refused(const struct reading *r, int c, const char *why)
{
    struct slice typed = cell(r, c);
    int shown = typed.len < 60 ? (int)typed.len : 60;
    return fault(FAULT_INVALID, "%s, line %lld, column \"%s\": \"%.*s\" %s.", r->path, (long long)r->line,
                 r->names[c], shown, typed.ptr, why);
}

static struct fault *number(const struct reading *r, int c, bool from_zero, double *out)
{
    if (!real_parse(cell(r, c), out))
        return refused(r, c, tr("is no number"));
    return from_zero && *out < 0 ? refused(r, c, tr("is less than 0")) : NULL;
}

static struct fault *name(const struct reading *r, int c, struct vocabulary *known, uint32_t *out)
{
    if (!cell(r, c).len)
        return refused(r, c, tr("is empty"));
    *out = vocabulary_add(known, cell(r, c));
    return NULL;
}

static struct fault *none(const struct reading *r)
{
    return fault(FAULT_INVALID, "%s has no lines.", r->path);
}

/* --- jobs ------------------------------------------------------------------------------------------ */

static struct fault *read_jobs(struct arena *a, const struct reading *r, struct job_table *out)
{
    enum { REGION, INDUSTRY, JOBS, YEAR };
    uint32_t region = 0, industry = 0;
    struct job_line *l = PUSH(a, out->lines, out->count, out->capacity);
    TRY(name(r, REGION, out->regions, &region));
    TRY(name(r, INDUSTRY, out->industries, &industry));
    *l = (struct job_line){.region = region, .industry = industry};
    TRY(number(r, JOBS, true, &l->jobs));
    if (r->column[YEAR] >= 0 && !integer_parse(cell(r, YEAR), &l->year))
        return refused(r, YEAR, tr("is no year"));
    if ((size_t)vocabulary_count(out->regions) * vocabulary_count(out->industries) > LIMIT_JOB_CELLS)
        return fault(FAULT_LIMIT, "%s, line %lld: regions times industries are more than %d.", r->path,
                     (long long)r->line, LIMIT_JOB_CELLS);
    return arena_check(a);
}

struct fault *job_table_read(struct arena *a, struct table *t, const char *path, struct job_table *out)
{
    static const char *const names[] = {"region", "industry", "jobs", "year"};
    struct reading r;
    *out = (struct job_table){.regions = vocabulary_new(a), .industries = vocabulary_new(a)};
    TRY(begin(t, path, names, &r));
    for (bool more = true;;) {
        TRY(table_next(t, &r.cells, &r.line, &more));
        if (!more)
            return out->count ? NULL : none(&r);
        TRY(read_jobs(a, &r, out));
    }
}

/* --- points ---------------------------------------------------------------------------------------- */

enum { X, Y, TYPE, WEIGHT };

struct site {
    double x, y, weight;
    uint32_t kind;
};

static struct fault *read_site(const struct reading *r, const struct window *w, struct vocabulary *kinds,
                               struct site *site)
{
    *site = (struct site){.weight = 1};
    TRY(number(r, X, false, &site->x));
    TRY(number(r, Y, false, &site->y));
    TRY(name(r, TYPE, kinds, &site->kind));
    if (r->column[WEIGHT] >= 0)
        TRY(number(r, WEIGHT, true, &site->weight));
    if (w && (site->x < w->x0 || site->x > w->x1))
        return refused(r, X, tr("is outside the window"));
    return w && (site->y < w->y0 || site->y > w->y1) ? refused(r, Y, tr("is outside the window")) : NULL;
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
    static const char *const names[] = {"x", "y", "type", "weight"};
    struct reading r;
    struct site *sites = NULL;
    size_t count = 0, capacity = 0;
    *out = (struct point_table){.kinds = vocabulary_new(a)};
    TRY(begin(t, path, names, &r));
    for (bool more = true;;) {
        TRY(table_next(t, &r.cells, &r.line, &more));
        if (!more)
            break;
        struct site *site = PUSH(a, sites, count, capacity);
        TRY(read_site(&r, w, out->kinds, site));
        out->weightless += site->weight == 0;
        TRY(arena_check(a));
    }
    if (!count)
        return none(&r);
    out->points = points_of(a, sites, count, r.column[WEIGHT] >= 0);
    out->points.kinds = (int32_t)vocabulary_count(out->kinds);
    return NULL;
}
