/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* import_pages.c - a file of firms, step by step: file, columns, preview, report; and the imports so far. */
#include <stdlib.h>
#include <string.h>

#include "i18n/i18n.h"
#include "pages/import_view.h"
#include "pages/job_view.h"
#include "pages/record_draw.h"
#include "pages/sheet_answer.h"
#include "templates.h"

enum { REFUSALS_SHOWN = 100 };

/* --- imports so far -------------------------------------------------------------------------------- */

static struct fault *fill_lines(struct request *r, struct imports_view *v)
{
    struct list_request asked = {
        .type = &import_batch_type, .sort = "-on", .page = strtoll(param_text(&r->query, "page"), NULL, 10)};
    struct list_page page;
    struct names *names = NULL;
    struct arena *a = r->arena;
    TRY(door_list(door_of(r), &asked, &page));
    TRY(names_load(door_of(r), &import_batch_type, ALL_FIELDS, page.records, page.count, &names));
    const struct import_batch *batches = page.records;
    struct import_line_view *lines = NEW(a, struct import_line_view, page.count + 1);
    for (size_t i = 0; i < page.count; i++) {
        const struct import_batch *b = &batches[i];
        lines[i] = (struct import_line_view){
            .file = b->file,
            .on = known_integer(b->on) ? day_in_words(a, b->on, true) : "",
            .who = field_text(names, field_find(&import_batch_type, "person"), b),
            .created = integer_print(a, b->created),
            .completed = integer_print(a, b->updated),
            .refused = integer_print(a, b->refused),
            .undone = known_integer(b->undone) ? day_in_words(a, b->undone, true) : NULL};
        if (!lines[i].undone)
            lines[i].undo_href = arena_print(a, "/imports/%lld/annuler", (long long)b->id);
    }
    v->lines = lines;
    v->count = page.count;
    v->pager = pager_of(a, "/imports", &page);
    return NULL;
}

static struct fault *draw_list(struct request *r, struct response *answer, const char *error)
{
    struct imports_view v = {.error = error};
    TRY(fill_lines(r, &v));
    v.frame = frame_of(r, answer, tr("Imports"), "/imports");
    v.frame.here = "/imports";
    imports_page(answer->html, &v);
    return NULL;
}

static struct fault *imports_list(struct request *r, struct response *answer)
{
    return draw_list(r, answer, NULL);
}

static struct fault *import_undo(struct request *r, struct response *answer)
{
    int64_t job = 0;
    struct fault *failed =
        uploads_ask_undo(house_jobs(house_of(r)), door_of(r), request_id(r, "id"), "/imports", &job);
    if (failed && failed->code == FAULT_CONFLICT) {
        const char *why = arena_print(r->arena, "%s", failed->text);
        answer->status = 409;
        return draw_list(r, answer, why);
    }
    TRY(failed);
    if (job)
        job_follow(r, answer, job);
    else {
        flash_set(answer, "undone", NULL);
        response_redirect(answer, "/imports");
    }
    return NULL;
}

/* --- the file -------------------------------------------------------------------------------------- */

static struct fault *draw_form(struct request *r, struct response *answer, const char *error)
{
    struct import_new_view v = {.error = error};
    v.fields = uploads_fields(r->arena, &v.field_count);
    v.frame = frame_of(r, answer, tr("Import organisations"), "/imports");
    v.frame.here = "/imports/nouveau";
    import_new_page(answer->html, &v);
    return NULL;
}

static struct fault *import_form(struct request *r, struct response *answer)
{
    return draw_form(r, answer, NULL);
}

static struct fault *import_send(struct request *r, struct response *answer)
{
    const char *token = NULL;
    const struct upload *file = NULL;
    for (size_t i = 0; i < r->upload_count; i++)
        if (strcmp(r->uploads[i].field, "file") == 0)
            file = &r->uploads[i];
    struct fault *failed = file && *file->file_name
                               ? uploads_keep(door_of(r), file->file_name, file->content, &token)
                               : fault(FAULT_INVALID, "Choose a file first.");
    if (failed && (failed->code == FAULT_INVALID || failed->code == FAULT_LIMIT)) {
        const char *error = arena_print(r->arena, "%s", failed->text);
        answer->status = 422;
        return draw_form(r, answer, error);
    }
    TRY(failed);
    response_redirect(answer, arena_print(r->arena, "/imports/%s", token));
    return NULL;
}

/* Every column that is understood, under the name we give it: what comes back needs no mapping. */
static struct fault *import_template(struct request *r, struct response *answer)
{
    struct sheet sheet;
    size_t count = 0;
    const struct upload_field *fields = uploads_fields(r->arena, &count);
    enum sheet_form form = sheet_form_named(param(&r->query, "format"));
    form = form ? form : SHEET_CSV;
    TRY(sheet_start(&sheet, r->arena, answer->body, form, tr("Organisations")));
    for (size_t i = 0; i < count; i++)
        sheet_cell(&sheet, fields[i].label);
    sheet_end_row(&sheet);
    for (size_t i = 0; i < count; i++)
        sheet_note(&sheet, fields[i].label, fields[i].group);
    return sheet_send(&sheet, answer, form, tr("import-template"));
}

/* --- its columns ----------------------------------------------------------------------------------- */

static const char *separator_name(char separator)
{
    static const struct {
        char separator;
        const char *name;
    } names[] = {
        {';', N_("semicolon")}, {',', N_("comma")}, {'\t', N_("tabulation")}, {'|', N_("vertical bar")}};
    for (size_t i = 0; i < COUNT(names); i++)
        if (names[i].separator == separator)
            return tr(names[i].name);
    return tr("one column");
}

static const char *facts_of(struct arena *a, const struct uploaded *u)
{
    const char *rows = arena_print(a, tr_plural(u->rows, "%s row", "%s rows"), integer_print(a, u->rows));
    const char *columns = arena_print(a, tr_plural((int64_t)u->column_count, "%s column", "%s columns"),
                                      integer_print(a, (int64_t)u->column_count));
    if (u->sheet)
        return arena_print(a, tr("%s, %s, sheet %s"), rows, columns, u->sheet);
    return arena_print(a, "%s, %s, %s, %s", rows, columns, separator_name(u->separator), u->encoding);
}

void import_options_draw(struct html *h, const struct upload_field *fields, size_t count, const char *key)
{
    html(h, "<option value=\"\">%s</option>", tr("(leave out)"));
    for (size_t i = 0; i < count; i++) {
        bool first = i == 0 || strcmp(fields[i].group, fields[i - 1].group) != 0;
        bool last = i + 1 == count || strcmp(fields[i].group, fields[i + 1].group) != 0;
        if (first)
            html(h, "<optgroup label=\"%s\">", fields[i].group);
        html(h, "<option value=\"%s\"", fields[i].key);
        if (strcmp(fields[i].key, key) == 0)
            html(h, " selected");
        html(h, ">%s</option>", fields[i].label);
        if (last)
            html(h, "</optgroup>");
    }
}

bool column_is(const char *error_at, size_t column)
{
    return error_at && *error_at == 'm' && strtoul(error_at + 1, NULL, 10) == column;
}

static struct fault *draw_columns(struct request *r, struct response *answer, struct uploaded *u,
                                  const struct upload_column *columns, const struct fault *wrong)
{
    struct import_columns_view v = {
        .token = u->token, .file = u, .columns = columns, .facts = facts_of(r->arena, u)};
    if (wrong) {
        v.error = arena_print(r->arena, "%s", wrong->text);
        v.error_at = arena_print(r->arena, "%s", wrong->field);
    }
    int64_t left = (int64_t)(u->column_count - u->official_count);
    v.official = u->official_count > 0;
    if (left)
        v.left = arena_print(r->arena,
                             tr_plural(left, "%s other column, left out unless you say so",
                                       "%s other columns, left out unless you say so"),
                             integer_print(r->arena, left));
    v.fields = uploads_fields(r->arena, &v.field_count);
    v.frame = frame_of(r, answer, tr("Import: columns"), "/imports");
    v.frame.here = arena_print(r->arena, "/imports/%s", u->token);
    answer->cache = CACHE_NEVER;
    import_columns_page(answer->html, &v);
    return NULL;
}

static struct fault *draw_report(struct request *r, struct response *answer, const struct uploaded *u);

static struct fault *import_show(struct request *r, struct response *answer)
{
    struct uploaded u;
    TRY(uploads_open(door_of(r), request_part(r, "token"), &u));
    return u.result ? draw_report(r, answer, &u) : draw_columns(r, answer, &u, u.columns, NULL);
}

static struct fault *import_sheet(struct request *r, struct response *answer)
{
    struct uploaded u;
    const char *token = request_part(r, "token");
    struct fault *wrong = uploads_choose_sheet(door_of(r), token, param_text(&r->form, "sheet"));
    if (wrong && (wrong->code == FAULT_INVALID || wrong->code == FAULT_LIMIT)) {
        struct fault kept = *wrong;
        TRY(uploads_open(door_of(r), token, &u));
        answer->status = 422;
        return draw_columns(r, answer, &u, u.columns, &kept);
    }
    TRY(wrong);
    response_redirect(answer, arena_print(r->arena, "/imports/%s", token));
    return NULL;
}

/* The form as it was sent, with what is wrong. */
static struct fault *columns_again(struct request *r, struct response *answer, const char *const *keys,
                                   const struct fault *wrong)
{
    struct uploaded u;
    struct fault kept = *wrong;
    TRY(uploads_open(door_of(r), request_part(r, "token"), &u));
    struct upload_column *columns = NEW(r->arena, struct upload_column, u.column_count + 1);
    for (size_t i = 0; i < u.column_count; i++) {
        columns[i] = u.columns[i];
        if (keys[i])
            columns[i].key = keys[i];
    }
    answer->status = 422;
    return draw_columns(r, answer, &u, columns, &kept);
}

/* A long file is read by a job; its result is at `link`. */
static struct fault *ask_job(struct request *r, struct response *answer, const char *token, bool preview,
                             const char *link)
{
    int64_t job = 0;
    TRY(uploads_ask(house_jobs(house_of(r)), door_of(r), token, preview, link, &job));
    job_follow(r, answer, job);
    return NULL;
}

static struct fault *import_choose(struct request *r, struct response *answer)
{
    const char *token = request_part(r, "token");
    const char **keys = NEW(r->arena, const char *, LIMIT_CSV_COLUMNS);
    for (int i = 0; i < LIMIT_CSV_COLUMNS; i++)
        keys[i] = param(&r->form, arena_print(r->arena, "m%d", i));
    struct fault *wrong = uploads_map(door_of(r), token, keys, LIMIT_CSV_COLUMNS);
    if (wrong && wrong->code == FAULT_INVALID)
        return columns_again(r, answer, keys, wrong);
    TRY(wrong);
    const char *preview = arena_print(r->arena, "/imports/%s/apercu", token);
    bool large = false;
    TRY(uploads_large(door_of(r), token, &large));
    if (large)
        return ask_job(r, answer, token, true, preview);
    response_redirect(answer, preview);
    return NULL;
}

/* --- preview and report ---------------------------------------------------------------------------- */

static void fill_tally(struct arena *a, const struct upload_result *u, struct import_result_view *v)
{
    const struct {
        int64_t count;
        const char *one, *many;
        bool always, problem;
    } rows[] = {
        {u->created, N_("new organisation"), N_("new organisations"), true, false},
        {u->completed, N_("known already, completed"), N_("known already, all completed"), true, false},
        {u->unchanged, N_("known already, nothing to add"), N_("known already, nothing to add to them"),
         false, false},
        {u->passed_over, N_("line of the past, passed over"), N_("lines of the past, passed over"), false,
         false},
        {u->sites, N_("site added"), N_("sites added"), false, false},
        {u->capabilities, N_("know-how added"), N_("pieces of know-how added"), false, false},
        {u->certificates, N_("certificate added"), N_("certificates added"), false, false},
        {u->people, N_("contact added"), N_("contacts added"), false, false},
        {u->refused, N_("line refused"), N_("lines refused"), true, true},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        if (rows[i].always || rows[i].count)
            v->tally[v->tally_count++] = (struct import_tally){
                integer_print(a, rows[i].count), tr_plural(rows[i].count, rows[i].one, rows[i].many),
                rows[i].problem && rows[i].count > 0};
}

/* A line may have several refusals, one after the other. */
static int64_t refused_lines(const struct upload_refusal *refusals, size_t count)
{
    int64_t lines = 0;
    for (size_t i = 0; i < count; i++)
        lines += i == 0 || refusals[i].line != refusals[i - 1].line;
    return lines;
}

static const char *more_lines(struct arena *a, int64_t count)
{
    return count > 0 ? arena_print(a, tr_plural(count, "… and %s more line", "… and %s more lines"),
                                   integer_print(a, count))
                     : NULL;
}

static void fill_result(struct arena *a, const struct upload_result *u, struct import_result_view *v)
{
    int64_t kept = u->created + u->completed;
    v->result = u;
    v->refusals_shown = u->refusal_count < REFUSALS_SHOWN ? u->refusal_count : REFUSALS_SHOWN;
    v->refusals_more = more_lines(a, u->refused - refused_lines(u->refusals, v->refusals_shown));
    v->known_more = more_lines(a, u->completed + u->unchanged - (int64_t)u->known_count);
    if (kept) {
        const char *number = integer_print(a, kept);
        v->keep = arena_print(a, tr_plural(kept, "Keep %s organisation", "Keep %s organisations"), number);
        v->kept = arena_print(a, tr_plural(kept, "%s organisation kept.", "%s organisations kept."), number);
    }
    fill_tally(a, u, v);
}

static struct fault *import_preview(struct request *r, struct response *answer)
{
    struct uploaded u;
    struct upload_result result;
    const char *token = request_part(r, "token");
    TRY(uploads_open(door_of(r), token, &u));
    struct fault *wrong = NULL;
    bool there = false;
    if (u.large && !u.result)
        TRY(uploads_previewed(door_of(r), token, &result, &there));
    if (u.result || (u.large && !there)) { /* the step that comes after, or before */
        response_redirect(answer, arena_print(r->arena, "/imports/%s", token));
        return NULL;
    }
    if (!there)
        wrong = uploads_preview(door_of(r), token, NULL, &result);
    if (wrong && wrong->code == FAULT_INVALID) /* no mapping was confirmed, and the guess names nobody */
        return columns_again(r, answer, NEW(r->arena, const char *, LIMIT_CSV_COLUMNS), wrong);
    TRY(wrong);
    struct import_result_view v = {.token = token, .file = &u};
    fill_result(r->arena, &result, &v);
    v.frame = frame_of(r, answer, tr("Import: preview"), "/imports");
    answer->cache = CACHE_NEVER;
    import_preview_page(answer->html, &v);
    return NULL;
}

static struct fault *import_run(struct request *r, struct response *answer)
{
    struct upload_result result;
    const char *token = request_part(r, "token");
    bool large = false;
    TRY(uploads_large(door_of(r), token, &large));
    if (large)
        return ask_job(r, answer, token, false, arena_print(r->arena, "/imports/%s", token));
    TRY(uploads_run(door_of(r), token, NULL, &result));
    response_redirect(answer,
                      arena_print(r->arena, result.batch ? "/imports/%s" : "/imports/%s/apercu", token));
    return NULL;
}

static struct fault *draw_report(struct request *r, struct response *answer, const struct uploaded *u)
{
    struct import_result_view v = {.token = u->token, .file = u};
    fill_result(r->arena, u->result, &v);
    v.undo_href = arena_print(r->arena, "/imports/%lld/annuler", (long long)u->result->batch);
    v.frame = frame_of(r, answer, tr("Import: done"), "/imports");
    answer->cache = CACHE_NEVER;
    import_report_page(answer->html, &v);
    return NULL;
}

const struct route import_routes[] = {
    {"GET", "/imports", imports_list, .right = ROLE_FACILITATOR, .version = page_version,
     .summary = N_("Imports so far")},
    {"GET", "/imports/nouveau", import_form, .right = ROLE_FACILITATOR,
     .summary = N_("Send a file to import")},
    {"GET", "/imports/modele", import_template, .right = ROLE_FACILITATOR,
     .summary = N_("An empty file with every column that is understood")},
    {"POST", "/imports", import_send, .right = ROLE_FACILITATOR, .writes = true, .uploads = true,
     .summary = N_("Keep a file that is to be imported")},
    {"GET", "/imports/{token}", import_show, .right = ROLE_FACILITATOR,
     .summary = N_("The columns of a file, or the report of its import")},
    {"POST", "/imports/{token}/feuille", import_sheet, .right = ROLE_FACILITATOR, .writes = true,
     .summary = N_("Read another sheet of a workbook")},
    {"POST", "/imports/{token}/apercu", import_choose, .right = ROLE_FACILITATOR, .writes = true,
     .summary = N_("Say what the columns become")},
    {"GET", "/imports/{token}/apercu", import_preview, .right = ROLE_FACILITATOR, .slow = "",
     .summary = N_("What an import would do")},
    {"POST", "/imports/{token}/importer", import_run, .right = ROLE_FACILITATOR, .writes = true, .slow = "",
     .summary = N_("Import a file")},
    {"POST", "/imports/{id}/annuler", import_undo, .right = ROLE_FACILITATOR, .writes = true, .slow = "",
     .summary = N_("Take an import back")},
};
const size_t import_route_count = COUNT(import_routes);
