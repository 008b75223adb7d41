/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "pages/sheet_answer.h"

#include "clock/clock.h"
#include "http/exchange.h"
#include "i18n/i18n.h"
#include "pages/job_view.h"
#include "pages/record_draw.h"
#include "pages/server.h"
#include "templates.h"

struct fault *note_source(const struct request *r, struct sheet *sheet, const char *list)
{
    TRY(proof_check_export(r));
    const char *who = door_person_name(door_of(r));
    sheet_note(sheet, tr("List"), list);
    sheet_note(sheet, tr("Space"), space_of(r)->title);
    sheet_note(sheet, tr("Exported on"), day_in_words(r->arena, today(), false));
    sheet_note(sheet, tr("Exported by"), *who ? who : tr("a visitor"));
    return NULL;
}

struct fault *sheet_records(const struct request *r, struct sheet *sheet, const struct record_type *type,
                            field_mask columns, const struct list_page *page, const struct names *names)
{
    for (int f = 0; f < type->count; f++)
        if (columns >> f & 1)
            sheet_field_heading(sheet, r->arena, &type->fields[f]);
    sheet_end_row(sheet);
    for (size_t i = 0; i < page->count; i++) {
        const char *record = (const char *)page->records + i * type->size;
        for (int f = 0; f < type->count; f++)
            if (columns >> f & 1)
                sheet_field(sheet, &type->fields[f], record, field_text(names, &type->fields[f], record));
        sheet_end_row(sheet);
        TRY(sheet_step(r, i, page->count));
    }
    return NULL;
}

struct fault *sheet_send(struct sheet *sheet, struct response *answer, enum sheet_form form, const char *name)
{
    TRY(sheet_finish(sheet));
    answer->type = sheet_type(form);
    answer->file_name = arena_print(answer->arena, "%s%s", name, sheet_suffix(form));
    answer->cache = CACHE_NEVER;
    return NULL;
}

/* --- long ones -------------------------------------------------------------------------------------- */

bool sheet_is_long(const struct request *r, int64_t rows)
{
    return rows > LIMIT_EXPORT_AT_ONCE && !r->job && viewer_signed_in(door_viewer(door_of(r)));
}

struct fault *sheet_check_short(const struct request *r, int64_t rows)
{
    if (!sheet_is_long(r, rows))
        return NULL;
    return fault(FAULT_INVALID, "A file of more than %d rows is a job: ask for it with POST.",
                 LIMIT_EXPORT_AT_ONCE);
}

struct fault *sheet_offer(struct request *r, struct response *answer, const char *list, int64_t rows)
{
    struct export_view v = {
        .list = list, .page = r->target, .rows = integer_print(r->arena, rows), .rows_count = rows};
    v.frame = frame_of(r, answer, list, NULL);
    v.frame.narrow = true;
    answer->cache = CACHE_NEVER;
    export_page(answer->html, &v);
    return NULL;
}

struct fault *sheet_step(const struct request *r, size_t rows, size_t total)
{
    return r->job ? job_step(r->job, (int64_t)rows, (int64_t)total, N_("Writing the rows")) : NULL;
}

struct fault *sheet_ask(const struct request *r, const char *page, const char *about, int64_t *job)
{
    const char *const arguments[] = {"page", page, "about", about, NULL};
    TRY(proof_check_export(r)); /* the job that asks for the page has no session to look at */
    return job_ask(house_jobs(house_of(r)), door_of(r), "export", arguments, job);
}

/* The page is asked for as its asker would, who need not wait for it. */
static struct request *asked_by_job(struct job_run *job, struct server *s)
{
    struct arena *a = job_arena(job);
    struct request *r = NEW(a, struct request, 1);
    struct actor *actor = NEW(a, struct actor, 1);
    struct param *headers = NEW(a, struct param, 1);
    struct house *house = server_house(s);
    struct door *d = job_door(job);
    *actor = (struct actor){s, house, house_named(house, space_name(door_space(d))), d};
    headers[0] = (struct param){"Accept-Language", language_code(language())};
    *r = (struct request){.arena = a, .method = "GET", .headers = {headers, 1}, .job = job};
    request_read(r, job_argument(job, "page"), S(""), false);
    r->visitor = (struct visitor){.roles = door_viewer(d)->roles, .actor = actor};
    return r;
}

static struct fault *export_job(struct job_run *job)
{
    struct server *s = job_owner(job);
    struct response *answer = response_new(job_arena(job), false);
    TRY(job_step(job, 0, 0, N_("Reading the rows")));
    TRY(router_fetch(server_router(s), asked_by_job(job, s), answer));
    if (!answer->file_name || answer->status != 200)
        return fault(FAULT_INVALID, "This page makes no file.");
    return job_file(job, answer->file_name, answer->type, buffer_view(answer->body));
}

void sheet_add_jobs(struct server *s, struct jobs *jobs)
{
    jobs_add_kinds(jobs, &(struct job_kind){"export", N_("File of a list"), export_job, s}, 1);
}
