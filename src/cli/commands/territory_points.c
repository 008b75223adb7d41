/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* territory_points.c - what stands together: K, L, M and Kd of points from a file. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "clock/clock.h"
#include "commands/territory.h"
#include "commands/territory_files.h"
#include "i18n/i18n.h"
#include "options.h"
#include "record/record.h"
#include "rows.h"
#include "table/table.h"
#include "territory/points.h"
#include "words/words.h"

struct study {
    struct arena *arena;
    const char *path, *reference, *neighbours;
    bool weights, json, windowed;
    struct time_limit limit;
    double radii[LIMIT_RADII];
    struct concentration_request q;
    struct point_table file;
};

/* --- options --------------------------------------------------------------------------------------- */

/* "2,5,10": at most `most` numbers, NULL-free; returns how many, 0 when one is none. */
static size_t numbers_of(const char *typed, double *into, size_t most)
{
    struct slice rest = slice_of(typed), one;
    size_t count = 0;
    while (slice_cut(&rest, ',', &one)) {
        if (count == most || !real_parse(slice_trim(one), &into[count]))
            return 0;
        count++;
    }
    return count;
}

static struct fault *read_radii(char *typed, void *into)
{
    struct study *s = into;
    s->q.radii = (struct radii){s->radii, numbers_of(typed, s->radii, LIMIT_RADII)};
    return s->q.radii.count ? NULL : usage_fault(typed);
}

static struct fault *read_window(char *typed, void *into)
{
    struct study *s = into;
    double at[4];
    struct table *t = NULL;
    s->windowed = true;
    if (numbers_of(typed, at, COUNT(at)) == COUNT(at)) {
        s->q.window = (struct window){.x0 = at[0], .y0 = at[1], .x1 = at[2], .y1 = at[3]};
        return NULL;
    }
    if (!strchr(typed, '.'))
        return usage_fault(typed);
    TRY(table_open(s->arena, typed, NULL, &t));
    return window_read(s->arena, t, typed, &s->q.window);
}

static struct fault *read_edge(char *typed, void *into)
{
    static const char *const names[] = {
        [EDGE_NONE] = "none", [EDGE_ISOTROPIC] = "isotropic", [EDGE_TRANSLATION] = "translation"};
    for (size_t e = 0; e < COUNT(names); e++)
        if (strcmp(names[e], typed) == 0) {
            *(enum edge *)into = (enum edge)e;
            return NULL;
        }
    return usage_fault(typed);
}

static struct fault *read_confidence(char *typed, void *into)
{
    return real_parse(slice_of(typed), into) ? NULL : usage_fault(typed);
}

/* --- the file -------------------------------------------------------------------------------------- */

static struct fault *read_points(struct study *s)
{
    struct table *t = NULL;
    TRY(table_open(s->arena, s->path, NULL, &t));
    TRY(point_table_read(s->arena, t, s->path, s->windowed ? &s->q.window : NULL, &s->file));
    if (s->q.statistic != STATISTIC_M && !s->weights)
        s->file.points.weight = NULL;
    if (s->q.statistic == STATISTIC_M && s->file.weightless)
        (void)fprintf(stderr, tr("Points without weight are left out: %zu.\n"), s->file.weightless);
    return NULL;
}

static struct fault *kind_named(const struct study *s, const char *option, const char *name, int32_t *kind)
{
    uint32_t found = vocabulary_find(s->file.kinds, slice_of(name));
    if (found == VOCABULARY_NONE)
        return fault_in(
            option, fault(FAULT_INVALID, "%s: no point of %s is of the type \"%s\".", option, s->path, name));
    *kind = (int32_t)found;
    return NULL;
}

/* All kinds, for M; every point whatever its kind, for the others; or the one that is named. */
static struct fault *choose_kinds(struct study *s)
{
    bool all = !s->reference || strcmp(s->reference, "all") == 0, each = all && s->q.statistic == STATISTIC_M;
    int32_t *of = NEW(s->arena, int32_t, s->file.points.kinds + 1);
    s->q.of = of;
    s->q.of_count = each ? (size_t)s->file.points.kinds : 1;
    for (int32_t k = 0; each && k < s->file.points.kinds; k++)
        of[k] = k;
    if (!each && all)
        of[0] = EVERY_POINT;
    else if (!each)
        TRY(kind_named(s, "--reference", s->reference, &of[0]));
    s->q.near = EVERY_POINT;
    return s->neighbours ? kind_named(s, "--neighbours", s->neighbours, &s->q.near) : NULL;
}

/* --- answer ---------------------------------------------------------------------------------------- */

static bool go_on(void *with, int done, int of)
{
    const struct study *s = with;
    bool left = time_left(&s->limit);
    if (isatty(STDERR_FILENO)) {
        ARENA_SCOPE(work);
        (void)fprintf(stderr, "\r%s%s", arena_print(work, tr("%d of %d simulations "), done, of),
                      done == of || !left ? "\n" : "");
    }
    return left;
}

static struct slice name_of(const struct study *s, size_t kind)
{
    return s->q.of[kind] == EVERY_POINT ? S("all") : vocabulary_text(s->file.kinds, (uint32_t)s->q.of[kind]);
}

/* Of the radius at which it is farthest above what chance does, or highest. */
static const char *sentence_of(const struct study *s, const struct concentration *c)
{
    size_t radii = s->q.radii.count, cells = s->q.of_count * radii, best = cells;
    for (size_t k = 0; k < cells; k++)
        if (known_real(c->value[k]) && (best == cells || c->value[k] > c->value[best]))
            best = k;
    if (best == cells)
        return tr("Too few points to say.");
    struct arena *a = s->arena;
    const char *radius = number_print(a, s->radii[best % radii], 2);
    if (s->q.statistic != STATISTIC_M)
        return c->p ? arena_print(a, tr("Chance alone lies as far from its middle in %s of 100 cases."),
                                  number_print(a, 100 * c->p[0], 1))
                    : NULL;
    if (!c->p)
        return arena_print(a, tr("Within %s, a point of %.*s has %s times its share of such neighbours."),
                           radius, SLICE_ARGS(name_of(s, best / radii)), number_print(a, c->value[best], 2));
    return arena_print(a,
                       tr("Within %s, a point of %.*s has %s times its share of such neighbours; chance goes "
                          "beyond %s only %s times in 100."),
                       radius, SLICE_ARGS(name_of(s, best / radii)), number_print(a, c->value[best], 2),
                       number_print(a, c->high[best], 2), number_print(a, 50 * (1 - s->q.confidence), 1));
}

static struct fault *print_answer(struct study *s, const struct concentration *c)
{
    static const char *const plain[] = {"type", "r", "value", NULL};
    static const char *const bounded[] = {"type",      "r",         "value", "lo", "hi",
                                          "global_lo", "global_hi", "p",     NULL};
    bool several = s->q.of_count > 1; /* one kind is known to whoever asked */
    struct rows_out out = rows_out_start(buffer_new(s->arena, (size_t)1 << 30), "rows",
                                         (s->q.simulations ? bounded : plain) + !several, s->json);
    for (size_t k = 0; k < s->q.of_count * s->q.radii.count; k++) {
        size_t kind = k / s->q.radii.count;
        if (several)
            rows_out_text(&out, name_of(s, kind));
        rows_out_number(&out, s->radii[k % s->q.radii.count]);
        rows_out_number(&out, c->value[k]);
        const double more[] = {c->low[k], c->high[k], c->global_low[k], c->global_high[k],
                               c->p ? c->p[kind] : 0};
        for (size_t m = 0; s->q.simulations && m < COUNT(more); m++)
            rows_out_number(&out, more[m]);
    }
    const char *sentence = sentence_of(s, c);
    if (c->simulations < s->q.simulations)
        sentence = arena_print(s->arena, tr("Time was over after %d of %d simulations. %s"), c->simulations,
                               s->q.simulations, sentence ? sentence : "");
    return rows_out_finish(&out, sentence);
}

static bool statistic_named(const char *name, enum statistic *statistic)
{
    static const char *const names[] = {
        [STATISTIC_K] = "k", [STATISTIC_L] = "l", [STATISTIC_M] = "m", [STATISTIC_KD] = "kd"};
    for (size_t i = 0; i < COUNT(names); i++)
        if (strcmp(names[i], name) == 0) {
            *statistic = (enum statistic)i;
            return true;
        }
    return false;
}

struct fault *territory_points(struct arena *a, int argc, char **argv, bool *known)
{
    struct study *s = NEW(a, struct study, 1);
    struct concentration answer;
    s->arena = a;
    s->limit.began_us = monotonic_us();
    s->q = (struct concentration_request){.edge = EDGE_ISOTROPIC, .confidence = .95};
    const struct command_option options[] = {
        {"reference", .text = &s->reference},
        {"neighbours", .text = &s->neighbours},
        {"radii", .read = read_radii, .into = s},
        {"weights", .flag = &s->weights},
        {"edge", .read = read_edge, .into = &s->q.edge},
        {"window", .read = read_window, .into = s},
        {"simulations", .read = option_count, .into = &s->q.simulations},
        {"seed", .read = option_seed, .into = &s->q.seed},
        {"confidence", .read = read_confidence, .into = &s->q.confidence},
        {"threads", .read = option_count, .into = &s->q.threads},
        {"time-limit", .read = option_seconds, .into = &s->limit.seconds},
        {"json", .flag = &s->json},
    };
    *known = statistic_named(argv[0], &s->q.statistic);
    if (!*known)
        return NULL;
    TRY(options_read(argc, argv, options, COUNT(options), (struct operand){&s->path, tr("no file")}));
    if (!s->q.radii.count)
        return missing_fault("--radii");
    TRY(read_points(s));
    TRY(choose_kinds(s));
    s->q.points = &s->file.points;
    if (!s->windowed)
        s->q.window = window_of(&s->file.points);
    s->q.go_on = go_on;
    s->q.with = s;
    TRY(concentration(a, &s->q, &answer));
    return print_answer(s, &answer);
}
