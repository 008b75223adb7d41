/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* jobs.c - `grappe jobs`: what takes longer than a page, seen and done without a browser. */
#include <stdio.h>
#include <string.h>

#include "clock/clock.h"
#include "command.h"
#include "i18n/i18n.h"
#include "jobs/jobs.h"
#include "number/checked.h"
#include "options.h"
#include "pages/server.h"

enum { LISTED = 1000 };

struct wishes {
    const char *folder, *space;
    int64_t job;
};

static void print_line(struct arena *work, const char *space, const struct job *j)
{
    static const char *const states[] = {N_("waiting"), N_("running"), N_("done"), N_("failed"),
                                         N_("cancelled")};
    (void)printf("%s\t%lld\t%s\t%s\t%lld\t%lld\t%s\t%s\t%s\n", space, (long long)j->id, j->kind,
                 states[j->state], (long long)j->done, (long long)j->total,
                 j->person_name ? j->person_name : "", instant_print(work, j->created_us), j->about);
}

static struct fault *list_jobs(struct arena *work, struct house *house, const struct wishes *w)
{
    for (size_t i = 0; i < house_count(house); i++) {
        const struct space_info *space = house_at(house, i);
        struct door *d = NULL;
        struct job *list = NULL;
        size_t count = 0;
        if (w->space && strcmp(space->name, w->space) != 0)
            continue;
        TRY(door_open_program(space->space, work, &d));
        TRY(job_list(house_jobs(house), d, LISTED, &list, &count));
        for (size_t k = 0; k < count; k++)
            print_line(work, space->name, &list[k]);
    }
    return NULL;
}

/* The space of a job is known by its number. */
static struct fault *find_job(struct arena *work, struct house *house, const struct wishes *w,
                              struct door **d, struct job *j)
{
    for (size_t i = 0; i < house_count(house); i++) {
        TRY(door_open_program(house_at(house, i)->space, work, d));
        struct fault *none = job_find(house_jobs(house), *d, w->job, j);
        if (!none || none->code != FAULT_NOT_FOUND)
            return none;
    }
    return fault_in("job", fault(FAULT_NOT_FOUND, "There is no job %lld.", (long long)w->job));
}

static struct fault *show_job(struct arena *work, struct house *house, const struct wishes *w)
{
    struct door *d = NULL;
    struct job j;
    TRY(find_job(work, house, w, &d, &j));
    print_line(work, space_name(door_space(d)), &j);
    if (*j.note)
        (void)printf("%s\n", j.note);
    if (j.problem)
        (void)printf("%s\n", j.problem);
    return NULL;
}

static struct fault *cancel_job(struct arena *work, struct house *house, const struct wishes *w)
{
    struct door *d = NULL;
    struct job j;
    TRY(find_job(work, house, w, &d, &j));
    return job_cancel(house_jobs(house), d, w->job);
}

static struct fault *run_jobs(struct arena *work, struct house *house, const struct wishes *w)
{
    size_t ran = 0;
    (void)work, (void)w;
    TRY(server_work(house, &ran));
    (void)printf(tr_plural((int64_t)ran, "%zu job has ended.\n", "%zu jobs have ended.\n"), ran);
    return NULL;
}

static const struct {
    const char *name;
    struct fault *(*act)(struct arena *, struct house *, const struct wishes *);
    bool of_one;
} acts[] = {{"list", list_jobs, false},
            {"show", show_job, true},
            {"cancel", cancel_job, true},
            {"run", run_jobs, false}};

static struct fault *read_job(char *typed, void *into)
{
    int64_t *job = into;
    return integer_parse(slice_of(typed), job) && *job > 0 ? NULL : usage_fault(typed);
}

static void close_house(void *house)
{
    house_close(house);
}

static struct fault *run(struct arena *work, int argc, char **argv)
{
    struct wishes w = {0};
    struct house *house = NULL;
    const struct command_option options[] = {{"space", .text = &w.space},
                                             {"job", .read = read_job, .into = &w.job}};
    for (size_t i = 0; i < COUNT(acts); i++)
        if (argc > 1 && strcmp(argv[1], acts[i].name) == 0) {
            TRY(options_read(argc - 1, argv + 1, options, COUNT(options),
                             (struct operand){&w.folder, tr("no folder")}));
            if (acts[i].of_one && !w.job)
                return missing_fault("--job");
            TRY(house_open(w.folder, &house));
            arena_defer(work, close_house, house);
            return acts[i].act(work, house, &w);
        }
    return usage_fault(argc > 1 ? argv[1] : tr("list, show, cancel or run is missing"));
}

const struct command jobs_command = {
    .name = "jobs",
    .summary = N_("What takes longer than a page: see, cancel, do"),
    .help =
        N_("Usage: grappe jobs list DIR [--space NAME]\n"
           "       grappe jobs show DIR --job N\n"
           "       grappe jobs cancel DIR --job N\n"
           "       grappe jobs run DIR\n\n"
           "  --job    its number, as the list has it\n\n"
           "Imports, previews and long files that people ask for on pages are jobs. A server does them;\n"
           "run does those that are due without one, and ends. The list is tab-separated: space, number,\n"
           "kind, state, done, of how many, who asked, when, about what.\n\n"
           "Example: grappe jobs list ~/spaces"),
    .run = run,
};
