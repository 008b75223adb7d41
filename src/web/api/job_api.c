/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* job_api.c - jobs for programs: how far they are, their end, the file they made; an import asked for as one.
 */
#include "api/operation.h"
#include "i18n/i18n.h"
#include "imports/uploads.h"
#include "jobs/jobs.h"
#include "pages/sheet_answer.h"
#include "undo/undo.h"

enum { JOBS_TOLD = 100 };

/* In the order of enum job_state. */
static const char *const states[] = {"waiting", "running", "done", "failed", "cancelled", NULL};

static const struct member job_members[] = {
    MEMBER(ID, job, id, NULL),
    MEMBER(TEXT, job, kind, NULL),
    MEMBER(TEXT, job, title, N_("What it does, for people.")),
    MEMBER(TEXT, job, about, N_("What it is about.")),
    MEMBER(NAME, job, state, NULL, .names = states),
    MEMBER(FLAG, job, cancelling, N_("Runs still, but not for long.")),
    MEMBER(INTEGER, job, done, NULL),
    MEMBER(INTEGER, job, total, N_("0: not known yet.")),
    MEMBER_AS("seconds_left", INTEGER, job, left_s, N_("Estimated; null: not yet."), .maybe = true),
    MEMBER(TEXT, job, note, NULL),
    MEMBER(TEXT, job, problem, N_("Why it failed."), .maybe = true),
    MEMBER_AS("created", INSTANT, job, created_us, NULL),
    MEMBER_AS("started", INSTANT, job, started_us, NULL, .maybe = true),
    MEMBER_AS("ended", INSTANT, job, ended_us, NULL, .maybe = true),
    MEMBER_AS("file", TEXT, job, file_name, N_("The name of the file it made; null: none, or not yours."),
              .maybe = true)};
static const struct shape job_shape = SHAPE("job", job, job_members);
struct jobs_told {
    struct job *items;
    size_t count;
};
static const struct member jobs_members[] = {
    MEMBER(LIST, jobs_told, items, N_("Newest first."), .of = &job_shape, COUNTED(jobs_told, count))};
static const struct shape jobs_shape = SHAPE("jobs", jobs_told, jobs_members);

struct job_wish {
    bool preview;
};
static const struct member wish_members[] = {
    MEMBER(FLAG, job_wish, preview, N_("Only say what the import would do."), .maybe = true)};
static const struct shape wish_shape = SHAPE("import_job", job_wish, wish_members);

static const struct member asked_members[] = {MEMBER(ID, api_job_asked, id, N_("Of the job."))};
const struct shape api_job_asked_shape = SHAPE("job_asked", api_job_asked, asked_members);

void api_job_answer(struct request *r, struct response *answer, int64_t job)
{
    answer->status = job ? 202 : 204;
    if (!job)
        return;
    response_header(answer, "Location", arena_print(r->arena, API_ROOT "/jobs/%lld", (long long)job));
    shape_answer(r, answer, &api_job_asked_shape, &(struct api_job_asked){job});
}

struct fault *api_check_undo(const struct request *r, int64_t batch)
{
    bool access = false;
    TRY(undo_takes_access(door_of(r), batch, &access));
    return access ? api_check_scopes(r, &person_type) : NULL;
}

static struct jobs *jobs_of(const struct request *r)
{
    return house_jobs(house_of(r));
}

struct fault *api_job_export(struct request *r, struct response *answer, const char *about)
{
    int64_t job;
    TRY(sheet_ask(r, r->target, about, &job));
    api_job_answer(r, answer, job);
    return NULL;
}

static struct fault *jobs_list(struct request *r, struct response *answer)
{
    struct jobs_told told = {0};
    TRY(job_list(jobs_of(r), door_of(r), JOBS_TOLD, &told.items, &told.count));
    shape_answer(r, answer, &jobs_shape, &told);
    return NULL;
}

static struct fault *job_show(struct request *r, struct response *answer)
{
    struct job j;
    TRY(job_find(jobs_of(r), door_of(r), request_id(r, "id"), &j));
    shape_answer(r, answer, &job_shape, &j);
    return NULL;
}

static struct fault *job_stop(struct request *r, struct response *answer)
{
    answer->status = 204;
    return job_cancel(jobs_of(r), door_of(r), request_id(r, "id"));
}

static struct fault *job_file_send(struct request *r, struct response *answer)
{
    TRY(job_file_read(jobs_of(r), door_of(r), request_id(r, "id"), &answer->constant, &answer->file_name,
                      &answer->type));
    answer->cache = CACHE_NEVER;
    return NULL;
}

static struct fault *import_ask(struct request *r, struct response *answer)
{
    struct job_wish wish = {0};
    int64_t job;
    const char *token = request_part(r, "token");
    if (!shape_take(r, answer, &wish_shape, &wish))
        return NULL;
    TRY(api_check_import(r, token));
    TRY(uploads_ask(jobs_of(r), door_of(r), token, wish.preview,
                    arena_print(r->arena, wish.preview ? "/imports/%s/apercu" : "/imports/%s", token), &job));
    api_job_answer(r, answer, job);
    return NULL;
}

static const struct api_operation list = {.name = "list_jobs", .answers = &jobs_shape},
                                  show = {.name = "show_job", .answers = &job_shape},
                                  cancel = {.name = "cancel_job"},
                                  fetch = {.name = "job_file", .answers_file = true, .private = true},
                                  ask = {.name = "ask_import",
                                         .takes = &wish_shape,
                                         .answers = &api_job_asked_shape,
                                         .status = 202,
                                         .located = true};

const struct route job_api_routes[] = {
    {"GET", API_ROOT "/jobs", jobs_list, .right = ROLES_SIGNED_IN, .api = &list,
     .summary = N_("What takes longer than a page, and how far it is")},
    {"GET", API_ROOT "/jobs/{id}", job_show, .right = ROLES_SIGNED_IN, .quick = true, .api = &show,
     .summary = N_("One job, how far it is, and its result")},
    {"POST", API_ROOT "/jobs/{id}/cancel", job_stop, .right = ROLES_SIGNED_IN, .writes = true, .api = &cancel,
     .summary = N_("Cancel a job")},
    {"GET", API_ROOT "/jobs/{id}/file", job_file_send, .right = ROLES_SIGNED_IN, .api = &fetch,
     .summary = N_("The file a job has made")},
    {"POST", API_ROOT "/imports/{token}/job", import_ask, .right = ROLE_FACILITATOR, .writes = true,
     .api = &ask, .summary = N_("Import a long file as a job")},
};
const size_t job_api_route_count = COUNT(job_api_routes);
