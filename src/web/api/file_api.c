/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* file_api.c - a list as a file for spreadsheets: at once, or as a job that makes it in the same way. */
#include "api/list.h"
#include "api/operation.h"
#include "i18n/i18n.h"
#include "pages/record_draw.h"
#include "pages/sheet_answer.h"

/* Read by hand, beside the parameters of a list. */
struct file_asked {
    const char *format;
};
static const struct member asked_members[] = {MEMBER(TEXT, file_asked, format, NULL, .names = sheet_forms)};
static const struct shape asked_shape = SHAPE("file_asked", file_asked, asked_members);

/* What is asked for, checked, and how many rows it has: none of them is opened yet. */
struct wish {
    const struct record_type *type;
    enum sheet_form form;
    struct list_request list;
    field_mask fields;
    int64_t rows;
};

static struct fault *wish_read(const struct request *r, struct wish *w)
{
    static const char *const own[] = {"format", NULL};
    struct list_page first;
    TRY(api_type(r, &w->type));
    w->form = sheet_form_named(param(&r->query, "format"));
    if (!w->form)
        return fault_in("format", fault(FAULT_INVALID, "A file is asked for as csv or xlsx."));
    TRY(list_ask(r, w->type, own, &w->list, &w->fields));
    door_read_as(door_of(r), READING_NONE);
    w->list.per_page = 1;
    TRY(door_list(door_of(r), &w->list, &first));
    w->rows = first.total;
    return NULL;
}

/* For the second sheet: what was asked, as it was asked. */
static void note_wish(const struct request *r, struct sheet *sheet, const struct wish *w)
{
    for (size_t i = 0; i < w->list.filter_count; i++)
        sheet_note(sheet, arena_print(r->arena, "%s%s%s", tr("Filter"), tr(": "), w->list.filters[i].field),
                   w->list.filters[i].text);
    if (w->list.sort)
        sheet_note(sheet, tr("Order"), w->list.sort);
    if (w->list.as_of)
        sheet_note(sheet, tr("As of"), param(&r->query, "as_of"));
    sheet_note(sheet, tr("Rows"), integer_print(r->arena, w->rows));
}

static struct fault *write_file(const struct request *r, struct response *answer, struct wish *w)
{
    struct sheet sheet;
    struct list_page page;
    struct names *names = NULL;
    door_read_as(door_of(r), READING_EXPORT);
    w->list.per_page = LIMIT_EXPORT_ROWS;
    TRY(door_list(door_of(r), &w->list, &page));
    TRY(names_load(door_of(r), w->type, w->fields, page.records, page.count, &names));
    TRY(sheet_start(&sheet, r->arena, answer->body, w->form, tr(w->type->plural)));
    TRY(sheet_records(r, &sheet, w->type, w->fields, &page, names));
    TRY(note_source(r, &sheet, tr(w->type->plural)));
    note_wish(r, &sheet, w);
    return sheet_send(&sheet, answer, w->form, w->type->name);
}

static struct fault *file_read_now(struct request *r, struct response *answer)
{
    struct wish w = {0};
    TRY(wish_read(r, &w));
    TRY(sheet_check_short(r, w.rows));
    return write_file(r, answer, &w);
}

static struct fault *file_ask(struct request *r, struct response *answer)
{
    struct wish w = {0};
    TRY(wish_read(r, &w));
    return api_job_export(r, answer, tr(w.type->plural));
}

static const struct api_operation read_now = {.name = "file",
                                              .asks = &asked_shape,
                                              .asks_list = true,
                                              .answers_file = true,
                                              .private = true},
                                  ask = {.name = "ask_file",
                                         .asks = &asked_shape,
                                         .asks_list = true,
                                         .answers = &api_job_asked_shape,
                                         .status = 202,
                                         .located = true};

const struct route file_api_routes[] = {
    {"GET", API_ROOT "/records/{type}/file", file_read_now, .right = ROLES_ANYONE, .slow = "",
     .api = &read_now, .summary = N_("A list as a file for spreadsheets")},
    {"POST", API_ROOT "/records/{type}/file", file_ask, .right = ROLES_SIGNED_IN, .writes = true,
     .slow = "as_of", .api = &ask, .summary = N_("The same of a long list, as a job")},
};
const size_t file_api_route_count = COUNT(file_api_routes);
