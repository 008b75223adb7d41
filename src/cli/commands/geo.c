/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* geo.c - grappe geo import: official outlines and points into a space. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "i18n/i18n.h"
#include "options.h"
#include "outlines/outlines.h"
#include "text/json.h"

struct wishes {
    const char *file, *space, *level;
    double tolerance_m;
    bool json;
};

static struct fault *read_level(char *typed, void *into)
{
    *(const char **)into = typed;
    return strcmp(typed, "commune") == 0 || strcmp(typed, "epci") == 0 ? NULL : usage_fault(typed);
}

static struct fault *read_tolerance(char *typed, void *into)
{
    double *metres = into;
    return real_parse(slice_of(typed), metres) && *metres >= 0 && *metres <= 10000 ? NULL
                                                                                   : usage_fault(typed);
}

static struct fault *read_wishes(int argc, char **argv, struct wishes *w)
{
    *w = (struct wishes){.tolerance_m = OUTLINES_TOLERANCE_M};
    const struct command_option options[] = {{"space", .text = &w->space},
                                             {"level", .read = read_level, .into = &w->level},
                                             {"tolerance", .read = read_tolerance, .into = &w->tolerance_m},
                                             {"json", .flag = &w->json}};
    TRY(options_read(argc, argv, options, COUNT(options), (struct operand){&w->file, tr("no file")}));
    return w->space ? NULL : missing_fault("--space");
}

static void show_progress(void *with, size_t done, size_t total)
{
    (void)with;
    ARENA_SCOPE(work);
    (void)fprintf(stderr, "\r%s", arena_print(work, tr("%zu of %zu areas "), done, total));
    (void)fflush(stderr);
}

static struct fault *print_report(struct arena *a, const struct wishes *w, const struct outlines_report *r)
{
    const struct {
        const char *key, *label;
        size_t count;
    } rows[] = {{"features", N_("Features in the file"), r->features},
                {"left_out", N_("Left out: neither area nor point"), r->left_out},
                {"areas", N_("Outlines"), r->areas},
                {"points", N_("Points"), r->points},
                {"added", N_("Areas added"), r->added},
                {"changed", N_("Areas replaced"), r->changed},
                {"unchanged", N_("Areas as they were"), r->unchanged},
                {"vertices_read", N_("Corners read"), r->vertices_read},
                {"vertices_kept", N_("Corners kept"), r->vertices_kept},
                {"sites_moved", N_("Sites moved to the official point of their commune"), r->sites_moved}};
    struct buffer *b = buffer_new(a, 64 * KIB);
    struct json j = json_writer(b);
    if (!w->json) {
        for (size_t i = 0; i < COUNT(rows); i++)
            (void)printf("%10s  %s\n", integer_print(a, (int64_t)rows[i].count), tr(rows[i].label));
        if (r->lambert_93)
            (void)printf("%s\n", tr("Lambert-93 metres became degrees."));
        return NULL;
    }
    json_begin_object(&j);
    for (size_t i = 0; i < COUNT(rows); i++) {
        json_put_key(&j, rows[i].key);
        json_put_integer(&j, (int64_t)rows[i].count);
    }
    json_put_key(&j, "lambert_93");
    json_put_bool(&j, r->lambert_93);
    json_end(&j);
    TRY(buffer_check(b));
    (void)printf("%s\n", buffer_string(b));
    return NULL;
}

static void close_space(void *space)
{
    space_close(space);
}

static struct fault *geo_import_run(struct arena *a, int argc, char **argv)
{
    struct wishes w;
    struct space *space = NULL;
    struct door *door = NULL;
    struct outlines_report report;
    TRY(read_wishes(argc, argv, &w));
    TRY(space_open(w.space, &space));
    arena_defer(a, close_space, space);
    TRY(door_open_program(space, a, &door));
    struct outlines_options options = {.level = w.level,
                                       .tolerance_m = w.tolerance_m,
                                       .progress = isatty(STDERR_FILENO) ? show_progress : NULL};
    TRY(outlines_import(door, w.file, &options, &report));
    if (options.progress)
        (void)fputc('\n', stderr);
    TRY(space_seal(space));
    return print_report(a, &w, &report);
}

const struct command geo_import_command = {
    .name = "geo import",
    .summary = N_("Bring official outlines and points of communes into a space"),
    .help = N_(
        "grappe geo import FILE --space SPACE.db [--level commune|epci] [--tolerance METRES] [--json]\n\n"
        "FILE is GeoJSON or TopoJSON with areas or points of communes or EPCI, each with its official code,\n"
        "in degrees or in Lambert-93. The maps of the space then show them; an outline of the same code is\n"
        "replaced. Sites known by their commune only move to its official point.\n\n"
        "  --level      what the areas are; without it their codes tell: 5 characters or 9 digits\n"
        "  --tolerance  how far a simplified outline may be from the true one (30 metres; 0: as it is)\n"
        "  --json       the report as JSON\n\n"
        "Exit: 0 done, 65 not such a file, 66 no such file, 64 not understood.\n\n"
        "Example: grappe geo import communes-25.geojson --space federation.db"),
    .run = geo_import_run,
};
