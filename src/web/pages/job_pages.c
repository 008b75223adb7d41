/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* job_pages.c - jobs watched, cancelled, their files fetched; and long files asked for. */
#include "clock/clock.h"
#include "i18n/i18n.h"
#include "pages/job_view.h"
#include "pages/sheet_answer.h"
#include "templates.h"

enum { JOBS_SHOWN = 100 };

static struct jobs *jobs_of(const struct request *r)
{
    return house_jobs(house_of(r));
}

/* --- words ------------------------------------------------------------------------------------------ */

static const char *hour_in_words(struct arena *a, int64_t at_us)
{
    int minutes = (int)(local_seconds(at_us) % 86400 / 60);
    return arena_print(a, tr("%d:%02d"), minutes / 60, minutes % 60);
}

static const char *when(struct arena *a, int64_t at_us)
{
    return arena_print(a, tr("%s at %s"), day_in_words(a, local_seconds(at_us) / 86400, true),
                       hour_in_words(a, at_us));
}

/* Rounded up, the coarser the longer. */
static const char *duration(struct arena *a, int64_t seconds)
{
    enum { MINUTE = 60, HOUR = 3600 };
    int64_t minutes = (seconds + MINUTE - 1) / MINUTE, hours = (seconds + HOUR - 1) / HOUR;
    if (seconds < MINUTE)
        return arena_print(a, tr_plural(seconds, "%s second", "%s seconds"), integer_print(a, seconds));
    if (seconds < HOUR)
        return arena_print(a, tr_plural(minutes, "%s minute", "%s minutes"), integer_print(a, minutes));
    return arena_print(a, tr_plural(hours, "%s hour", "%s hours"), integer_print(a, hours));
}

/* To ten seconds: a guess that changes its mind each second is none. */
static const char *left_in_words(struct arena *a, int64_t seconds)
{
    enum { COARSE = 10 };
    if (!known_integer(seconds))
        return NULL;
    if (seconds < COARSE)
        return tr("a few seconds left");
    return arena_print(a, tr("about %s left"), duration(a, (seconds + COARSE - 1) / COARSE * COARSE));
}

static const struct {
    const char *word, *badge, *icon;
} states[] = {[JOB_WAITING] = {N_("Waits for its turn"), "", "question"},
              [JOB_RUNNING] = {N_("Under way"), "badge-active", "today"},
              [JOB_DONE] = {N_("Done"), "badge-done", "check"},
              [JOB_FAILED] = {N_("Failed"), "badge-problem", "warning"},
              [JOB_CANCELLED] = {N_("Cancelled"), "", "cross"}};

static struct job_line line_of(struct arena *a, const struct job *j)
{
    struct job_line l = {.job = j,
                         .href = arena_print(a, "/travaux/%lld", (long long)j->id),
                         .state = tr(j->cancelling ? N_("Being cancelled") : states[j->state].word),
                         .badge = states[j->state].badge,
                         .icon = states[j->state].icon,
                         .asked = when(a, j->created_us),
                         .left = left_in_words(a, j->left_s),
                         .open = j->state == JOB_WAITING || j->state == JOB_RUNNING};
    if (known_integer(j->ended_us) && known_integer(j->started_us))
        l.spent = duration(a, (j->ended_us - j->started_us) / SECOND_US + 1);
    if (j->state == JOB_RUNNING && j->total > 0) {
        l.percent = (int)(100 * (j->done < j->total ? j->done : j->total) / j->total);
        l.count = arena_print(a, tr("%s of %s"), integer_print(a, j->done), integer_print(a, j->total));
    }
    return l;
}

static bool sees_everybody(const struct request *r)
{
    return (r->visitor.roles & ROLE_FACILITATOR) != 0;
}

/* --- pages ------------------------------------------------------------------------------------------ */

static struct fault *jobs_show(struct request *r, struct response *answer)
{
    struct jobs_view v = {.everybody = sees_everybody(r)};
    struct job *jobs = NULL;
    TRY(job_list(jobs_of(r), door_of(r), JOBS_SHOWN, &jobs, &v.count));
    struct job_line *lines = NEW(r->arena, struct job_line, v.count + 1);
    for (size_t i = 0; i < v.count; i++) {
        lines[i] = line_of(r->arena, &jobs[i]);
        v.moving |= lines[i].open;
    }
    v.lines = lines;
    v.frame = frame_of(r, answer, tr("Jobs"), "/travaux");
    v.frame.refresh = v.moving;
    jobs_page(answer->html, &v);
    return NULL;
}

static struct fault *job_show(struct request *r, struct response *answer)
{
    struct job j;
    struct job_view v = {.everybody = sees_everybody(r)};
    TRY(job_find(jobs_of(r), door_of(r), request_id(r, "id"), &j));
    if (j.state == JOB_DONE && j.link &&
        param(&r->query, "suite")) { /* the next step of what it is part of */
        response_redirect(answer, j.link);
        return NULL;
    }
    v.line = line_of(r->arena, &j);
    if (v.line.open && !j.cancelling)
        v.cancel_href = arena_print(r->arena, "%s/annuler", v.line.href);
    if (j.file_name)
        v.file_href = arena_print(r->arena, "%s/fichier", v.line.href);
    if (j.state == JOB_WAITING && j.again)
        v.again = arena_print(r->arena, tr("It did not work; another try follows at %s."),
                              hour_in_words(r->arena, j.due_us));
    v.frame = frame_of(r, answer, j.title, "/travaux");
    v.frame.refresh = v.line.open;
    v.frame.narrow = true;
    job_page(answer->html, &v);
    return NULL;
}

/* Another person's page may say less. */
static struct fault *job_page_version(const struct request *r, uint64_t *version)
{
    TRY(job_version(house_jobs(house_of(r)), door_of(r), request_id(r, "id"), version));
    *version += (uint64_t)door_viewer(door_of(r))->person << 1;
    *version ^= (uint64_t)r->visitor.roles;
    return NULL;
}

/* A list leaves the space here as well: who asked for it a while ago may have left the machine since. */
static struct fault *job_file_send(struct request *r, struct response *answer)
{
    struct slice content;
    TRY(proof_check_export(r));
    TRY(job_file_read(jobs_of(r), door_of(r), request_id(r, "id"), &content, &answer->file_name,
                      &answer->type));
    answer->constant = content;
    answer->cache = CACHE_NEVER;
    return NULL;
}

static struct fault *job_stop(struct request *r, struct response *answer)
{
    struct fault *failed = job_cancel(jobs_of(r), door_of(r), request_id(r, "id"));
    if (failed && failed->code != FAULT_CONFLICT) /* it ended in the meantime: its page says how */
        return failed;
    response_redirect(answer, arena_print(r->arena, "/travaux/%lld", (long long)request_id(r, "id")));
    return NULL;
}

void job_follow(struct request *r, struct response *answer, int64_t job)
{
    response_redirect(answer, arena_print(r->arena, "/travaux/%lld?suite", (long long)job));
}

static struct fault *export_ask(struct request *r, struct response *answer)
{
    int64_t id = 0;
    const char *page = param_text(&r->form, "page");
    if (!path_is_local(page))
        return fault(FAULT_INVALID, "This page makes no file.");
    TRY(sheet_ask(r, page, param_text(&r->form, "list"), &id));
    response_redirect(answer, arena_print(r->arena, "/travaux/%lld", (long long)id));
    return NULL;
}

const struct route job_routes[] = {
    {"GET", "/travaux", jobs_show, .right = ROLES_SIGNED_IN,
     .summary = N_("What takes longer than a page, and how far it is")},
    {"POST", "/travaux", export_ask, .right = ROLES_SIGNED_IN, .writes = true,
     .summary = N_("Prepare the file of a long list")},
    {"GET", "/travaux/{id}", job_show, .right = ROLES_SIGNED_IN, .version = job_page_version,
     .summary = N_("One job, how far it is, and its result")},
    {"GET", "/travaux/{id}/fichier", job_file_send, .right = ROLES_SIGNED_IN,
     .summary = N_("The file a job has made")},
    {"POST", "/travaux/{id}/annuler", job_stop, .right = ROLES_SIGNED_IN, .writes = true,
     .summary = N_("Cancel a job")},
};
const size_t job_route_count = COUNT(job_routes);
