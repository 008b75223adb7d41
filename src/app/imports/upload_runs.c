/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* upload_runs.c - what an import would do, and what it did: at once, or as a job. */
#include <string.h>
#include <unistd.h>

#include "arena/arena.h"
#include "files/files.h"
#include "i18n/i18n.h"
#include "imports/import_reading.h"
#include "imports/upload_room.h"
#include "jobs/jobs.h"

static void take_counts(struct upload_result *to, const struct import_report *from)
{
    to->lines = from->lines;
    to->created = from->created;
    to->completed = from->completed;
    to->unchanged = from->unchanged;
    to->passed_over = from->passed_over;
    to->refused = from->refused;
    to->sites = from->sites;
    to->capabilities = from->capabilities;
    to->certificates = from->certificates;
    to->people = from->people;
    to->batch = from->batch;
}

static void take_report(struct arena *a, struct upload_result *to, const struct import_report *from)
{
    struct upload_refusal *refusals = NEW(a, struct upload_refusal, from->refusal_count + 1);
    for (size_t i = 0; i < from->refusal_count; i++)
        refusals[i] = (struct upload_refusal){from->refusals[i].line, from->refusals[i].column,
                                              from->refusals[i].given, from->refusals[i].reason};
    struct upload_known *known = NEW(a, struct upload_known, from->known_count + 1);
    for (size_t i = 0; i < from->known_count; i++)
        known[i] =
            (struct upload_known){from->known[i].line, from->known[i].organisation, from->known[i].name};
    take_counts(to, from);
    to->known = known;
    to->known_count = from->known_count;
    to->refusals = refusals;
    to->refusal_count = from->refusal_count;
    to->unknown = from->unknown_terms;
    to->unknown_count = from->unknown_term_count;
}

/* An import, and whoever is told of it. */
struct watched {
    const struct upload_watch *watch; /* NULL: nobody */
    struct arena *arena;
    int64_t rows;
};

static struct fault *watched_lines(void *with, int64_t lines, int64_t bytes, int64_t total)
{
    const struct watched *w = with;
    (void)bytes, (void)total;
    return w->watch ? w->watch->progress(w->watch->with, lines, w->rows) : NULL;
}

static struct fault *watched_end(void *with, struct door *d, const struct import_report *report)
{
    const struct watched *w = with;
    struct upload_result result = {0};
    struct slice text;
    if (!w->watch || !w->watch->keeping)
        return NULL;
    take_report(w->arena, &result, report);
    TRY(upload_result_print(w->arena, &result, &text));
    return w->watch->keeping(w->watch->with, d, slice_text(w->arena, text));
}

static struct fault *run(struct door *d, struct upload_waiting *w, const struct upload_watch *watch,
                         struct import_options options, struct import_report *report)
{
    struct watched watched = {watch, door_arena(d), w->rows};
    TRY(upload_open_file(d, w));
    TRY(upload_check_columns(door_arena(d), w));
    TRY(import_reading(d, &options));
    options.file = w->name;
    options.progress = watched_lines;
    options.progress_with = &watched;
    options.keeping = watched_end;
    options.keeping_with = &watched;
    return imports_run(d, w->file, &w->columns, &options, report);
}

static struct fault *preview_rows(struct door *d, struct upload_waiting *w, struct upload_result *result)
{
    struct arena *a = door_arena(d);
    struct import_preview *p = NEW(a, struct import_preview, LIMIT_PREVIEW_ROWS);
    struct upload_row *rows = NEW(a, struct upload_row, LIMIT_PREVIEW_ROWS);
    struct import_report report;
    struct import_options options = {.dry_run = true, .most_lines = LIMIT_PREVIEW_ROWS, .preview = p};
    TRY(run(d, w, NULL, options, &report));
    result->rows = rows;
    result->row_count = (size_t)report.lines;
    for (size_t i = 0; i < result->row_count; i++)
        rows[i] = (struct upload_row){.line = p[i].line,
                                      .outcome = import_outcome_name(p[i].outcome),
                                      .added = p[i].outcome == IMPORT_CREATED,
                                      .refused = p[i].outcome == IMPORT_REFUSED,
                                      .name = p[i].name,
                                      .place = p[i].place,
                                      .identifier = p[i].identifier,
                                      .know_how = p[i].know_how,
                                      .problem = p[i].problem};
    return NULL;
}

struct fault *uploads_preview(struct door *d, const char *token, const struct upload_watch *watch,
                              struct upload_result *result)
{
    struct upload_waiting w;
    struct import_report report;
    struct slice text;
    *result = (struct upload_result){0};
    TRY(upload_find(d, token, &w));
    TRY(preview_rows(d, &w, result));
    TRY(run(d, &w, watch, (struct import_options){.dry_run = true}, &report));
    take_report(door_arena(d), result, &report);
    TRY(upload_result_print(door_arena(d), result, &text));
    return file_write(door_arena(d), w.place.preview, text);
}

static struct fault *read_kept(struct arena *a, const char *path, struct upload_result *r, bool *there)
{
    struct slice text;
    TRY(file_read(a, path, UPLOAD_SMALL_TEXT, &text, there));
    if (*there)
        upload_result_read(a, text, r);
    return NULL;
}

struct fault *uploads_previewed(struct door *d, const char *token, struct upload_result *result, bool *there)
{
    struct upload_waiting w;
    TRY(upload_find(d, token, &w));
    return read_kept(door_arena(d), w.place.preview, result, there);
}

/* The report takes the place of the file. */
static struct fault *keep_report(struct arena *a, const struct upload_place *p, struct slice text)
{
    TRY(file_write(a, p->report, text));
    (void)unlink(p->content);
    (void)unlink(p->mapping);
    (void)unlink(p->preview);
    return NULL;
}

/* Of a job whose process died between the import's commit and its last words: they are in the job's row. */
static struct fault *report_of_job(struct door *d, const struct upload_place *p)
{
    struct arena *a = door_arena(d);
    struct slice number;
    const char *outcome = NULL;
    bool asked = false;
    TRY(file_read(a, p->job, UPLOAD_SMALL_TEXT, &number, &asked));
    struct fault *none = asked ? job_outcome(d, upload_number(number), &outcome) : NULL;
    if (none && none->code != FAULT_NOT_FOUND)
        return none;
    return outcome ? keep_report(a, p, slice_of(outcome)) : NULL;
}

static struct fault *earlier_report(struct door *d, const struct upload_place *p, struct upload_result *r,
                                    bool *there)
{
    if (access(p->report, F_OK) != 0)
        TRY(report_of_job(d, p));
    return read_kept(door_arena(d), p->report, r, there);
}

static struct fault *run_once(struct door *d, struct upload_waiting *w, const struct upload_watch *watch,
                              struct upload_result *result)
{
    struct arena *a = door_arena(d);
    struct import_report report;
    struct slice text;
    bool there = false;
    TRY(earlier_report(d, &w->place, result, &there));
    if (there)
        return NULL;
    TRY(run(d, w, watch, (struct import_options){0}, &report));
    take_report(a, result, &report);
    if (!report.done)
        return NULL;
    TRY(upload_result_print(a, result, &text));
    return keep_report(a, &w->place, text);
}

struct fault *uploads_run(struct door *d, const char *token, const struct upload_watch *watch,
                          struct upload_result *result)
{
    struct upload_waiting w;
    int held = -1;
    *result = (struct upload_result){0};
    TRY(upload_find(d, token, &w));
    TRY(upload_lock(&w.place, &held));
    struct fault *failed = run_once(d, &w, watch, result);
    upload_unlock(held);
    return failed;
}

struct fault *uploads_large(struct door *d, const char *token, bool *large)
{
    struct upload_waiting w;
    TRY(upload_find(d, token, &w));
    *large = w.rows > UPLOAD_AT_ONCE;
    return NULL;
}

struct fault *uploads_open(struct door *d, const char *token, struct uploaded *u)
{
    struct upload_waiting w;
    struct upload_result *result = NEW(door_arena(d), struct upload_result, 1);
    bool done = false;
    TRY(upload_find(d, token, &w));
    *u = (struct uploaded){.token = w.place.token,
                           .file = w.name,
                           .encoding = w.encoding,
                           .separator = w.separator,
                           .sheet = w.sheet,
                           .rows = w.rows,
                           .large = w.rows > UPLOAD_AT_ONCE};
    TRY(earlier_report(d, &w.place, result, &done));
    if (!done)
        return upload_show_columns(d, &w, u);
    u->result = result;
    return NULL;
}

/* --- as jobs ---------------------------------------------------------------------------------------- */

static struct fault *step_of_job(void *job, int64_t done, int64_t total)
{
    return job_step(job, done, total, N_("Reading the lines of the file"));
}

static struct fault *end_of_job(void *job, struct door *d, const char *report)
{
    return job_done_in(job, d, report);
}

static struct fault *preview_job(struct job_run *r)
{
    struct upload_result result;
    struct upload_watch watch = {.progress = step_of_job, .with = r};
    return uploads_preview(job_door(r), job_argument(r, "token"), &watch, &result);
}

static struct fault *import_job(struct job_run *r)
{
    struct upload_result result;
    struct upload_waiting w;
    struct upload_watch watch = {.progress = step_of_job, .keeping = end_of_job, .with = r};
    struct arena *a = job_arena(r);
    TRY(upload_find(job_door(r), job_argument(r, "token"), &w));
    TRY(file_write(a, w.place.job, slice_of(arena_print(a, "%lld\n", (long long)job_id(r)))));
    return uploads_run(job_door(r), w.place.token, &watch, &result);
}

static struct fault *undo_step(void *job, int64_t done, int64_t total)
{
    return job_step(job, done, total, N_("Taking the changes back, the last one first"));
}

static struct fault *undo_end(void *job, struct door *d)
{
    return job_done_in(job, d, NULL);
}

static struct fault *undo_job(struct job_run *r)
{
    struct undo_watch watch = {undo_step, undo_end, r};
    return imports_undo(job_door(r), upload_number(slice_of(job_argument(r, "batch"))), &watch);
}

static const struct job_kind kinds[] = {{"preview", N_("Preview of an import"), preview_job, NULL},
                                        {"import", N_("Import of a file"), import_job, NULL},
                                        {"undo", N_("Undo of an import"), undo_job, NULL}};

void uploads_add_jobs(struct jobs *jobs)
{
    jobs_add_kinds(jobs, kinds, COUNT(kinds));
}

struct fault *uploads_ask(struct jobs *jobs, struct door *d, const char *token, bool preview,
                          const char *link, int64_t *job)
{
    struct upload_waiting w;
    TRY(upload_find(d, token, &w));
    const char *const arguments[] = {"token", w.place.token, "about", w.name, "link", link, NULL};
    return job_ask(jobs, d, preview ? "preview" : "import", arguments, job);
}

struct fault *uploads_ask_undo(struct jobs *jobs, struct door *d, int64_t batch, const char *link,
                               int64_t *job)
{
    struct import_batch b;
    const char *number = arena_print(door_arena(d), "%lld", (long long)batch);
    *job = 0;
    TRY(door_load(d, import_batch, batch, &b, NULL));
    if (b.created + b.updated <= UPLOAD_AT_ONCE || known_integer(b.undone))
        return imports_undo(d, batch, NULL);
    const char *const arguments[] = {"batch", number, "about", b.file, "link", link, NULL};
    return job_ask(jobs, d, "undo", arguments, job);
}
