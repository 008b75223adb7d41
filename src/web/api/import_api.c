/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* import_api.c - a file of firms for programs, step by step: sent, its columns, what would happen, what did.
 */
#include "imports/uploads.h"

#include "api/operation.h"
#include "i18n/i18n.h"
#include "records/records.h"

/* What is answered. */

static const struct member field_members[] = {
    MEMBER(TEXT, upload_field, key, N_("What a column becomes.")), MEMBER(TEXT, upload_field, label, NULL),
    MEMBER(TEXT, upload_field, group, N_("The record it belongs to."))};
static const struct shape field_shape = SHAPE("import_field", upload_field, field_members);
struct fields_told {
    const struct upload_field *items;
    size_t count;
};
static const struct member fields_members[] = {
    MEMBER(LIST, fields_told, items, NULL, .of = &field_shape, COUNTED(fields_told, count))};
static const struct shape fields_shape = SHAPE("import_fields", fields_told, fields_members);

static const struct member refusal_members[] = {
    MEMBER(INTEGER, upload_refusal, line, NULL), MEMBER(TEXT, upload_refusal, column, NULL, .maybe = true),
    MEMBER(TEXT, upload_refusal, given, N_("What kind of value was there, never the value."), .maybe = true),
    MEMBER(TEXT, upload_refusal, reason, NULL)};
static const struct shape refusal_shape = SHAPE("import_refusal", upload_refusal, refusal_members);
static const struct member known_members[] = {MEMBER(INTEGER, upload_known, line, NULL),
                                              MEMBER(ID, upload_known, organisation, NULL, .maybe = true),
                                              MEMBER(TEXT, upload_known, name, NULL, .maybe = true)};
static const struct shape known_shape = SHAPE("import_known", upload_known, known_members);
static const struct member row_members[] = {MEMBER(INTEGER, upload_row, line, NULL),
                                            MEMBER(LABEL, upload_row, outcome, NULL),
                                            MEMBER(TEXT, upload_row, name, NULL),
                                            MEMBER(TEXT, upload_row, place, NULL),
                                            MEMBER(TEXT, upload_row, identifier, NULL),
                                            MEMBER(TEXT, upload_row, know_how, NULL),
                                            MEMBER(TEXT, upload_row, problem, NULL, .maybe = true)};
static const struct shape row_shape = SHAPE("import_row", upload_row, row_members);
static const struct member result_members[] = {
    MEMBER(INTEGER, upload_result, lines, NULL),
    MEMBER(INTEGER, upload_result, created, NULL),
    MEMBER(INTEGER, upload_result, completed, NULL),
    MEMBER(INTEGER, upload_result, unchanged, NULL),
    MEMBER(INTEGER, upload_result, passed_over, NULL),
    MEMBER(INTEGER, upload_result, refused, NULL),
    MEMBER(INTEGER, upload_result, sites, NULL),
    MEMBER(INTEGER, upload_result, capabilities, NULL),
    MEMBER(INTEGER, upload_result, certificates, NULL),
    MEMBER(INTEGER, upload_result, people, NULL),
    MEMBER(LIST, upload_result, refusals, NULL, .of = &refusal_shape, COUNTED(upload_result, refusal_count)),
    MEMBER(LIST, upload_result, known,
           N_("Lines about organisations that are there already, the first ones."), .of = &known_shape,
           COUNTED(upload_result, known_count)),
    MEMBER_AS("unknown_terms", TEXTS, upload_result, unknown, N_("Words that no taxonomy has."),
              COUNTED(upload_result, unknown_count)),
    MEMBER(LIST, upload_result, rows, N_("The first ones, in a preview."), .of = &row_shape,
           COUNTED(upload_result, row_count)),
    MEMBER(ID, upload_result, batch, N_("By which it is undone; null: nothing was kept."), .maybe = true)};
static const struct shape result_shape = SHAPE("import_result", upload_result, result_members);

static const struct member column_members[] = {
    MEMBER(TEXT, upload_column, name, NULL), MEMBER(TEXT, upload_column, samples, NULL, .maybe = true),
    MEMBER(TEXT, upload_column, key, N_("The field it becomes; \"\" when it is left out.")),
    MEMBER(FLAG, upload_column, official, N_("Read as the national register has it, whatever is chosen."))};
static const struct shape column_shape = SHAPE("import_column", upload_column, column_members);
static const struct member upload_members[] = {
    MEMBER(TEXT, uploaded, token, N_("By which this file is asked for.")),
    MEMBER(TEXT, uploaded, file, NULL),
    MEMBER(TEXT, uploaded, encoding, NULL, .maybe = true),
    MEMBER(TEXT, uploaded, sheet, N_("Of a workbook."), .maybe = true),
    MEMBER(TEXTS, uploaded, sheets, NULL, COUNTED(uploaded, sheet_count)),
    MEMBER(INTEGER, uploaded, rows, NULL, .maybe = true),
    MEMBER(LIST, uploaded, columns, NULL, .of = &column_shape, COUNTED(uploaded, column_count)),
    MEMBER(FLAG, uploaded, remembered, N_("Mapped as for the last file with this header.")),
    MEMBER(ONE, uploaded, result, N_("Of the import that was made."), .of = &result_shape)};
static const struct shape upload_shape = SHAPE("import_file", uploaded, upload_members);

/* What is asked. */

struct name_asked {
    const char *file;
};
static const struct member name_members[] = {MEMBER(TEXT, name_asked, file, N_("Its name: \"firms.csv\"."))};
static const struct shape name_shape = SHAPE("file_name", name_asked, name_members);

struct mapping_asked {
    struct column_asked {
        const char *name, *key;
    } * columns;
    size_t count;
    const char *sheet;
};
static const struct member asked_column_members[] = {
    MEMBER(TEXT, column_asked, name, N_("Of the column in the file."), .example = "Raison sociale"),
    MEMBER(TEXT, column_asked, key, N_("The field it becomes; \"\" leaves it out."), .example = "name")};
static const struct shape asked_column_shape = SHAPE("column_mapping", column_asked, asked_column_members);
static const struct member mapping_members[] = {
    MEMBER(TEXT, mapping_asked, sheet, N_("Another sheet of the workbook, read from now on."), .maybe = true),
    MEMBER(LIST, mapping_asked, columns, N_("Those that are not named stay as they are."),
           .of = &asked_column_shape, COUNTED(mapping_asked, count), .maybe = true)};
static const struct shape mapping_shape = SHAPE("import_mapping", mapping_asked, mapping_members);

/* Answers. */

static const char *token_of(const struct request *r)
{
    return request_part(r, "token");
}

static struct fault *import_fields(struct request *r, struct response *answer)
{
    struct fields_told told = {0};
    told.items = uploads_fields(r->arena, &told.count);
    shape_answer(r, answer, &fields_shape, &told);
    return NULL;
}

static struct fault *put_upload(struct request *r, struct response *answer, const char *token)
{
    struct uploaded u;
    TRY(uploads_open(door_of(r), token, &u));
    answer->cache = CACHE_NEVER;
    shape_answer(r, answer, &upload_shape, &u);
    return NULL;
}

static struct fault *import_send(struct request *r, struct response *answer)
{
    struct name_asked asked = {0};
    const char *token = NULL;
    if (!shape_ask(r, answer, &name_shape, &asked))
        return NULL;
    TRY(uploads_keep(door_of(r), asked.file, r->body, &token));
    answer->status = 201;
    response_header(answer, "Location", arena_print(r->arena, API_ROOT "/imports/%s", token));
    return put_upload(r, answer, token);
}

static struct fault *import_show(struct request *r, struct response *answer)
{
    return put_upload(r, answer, token_of(r));
}

/* Columns by name, as the file has them. */
static struct fault *keys_of(const struct mapping_asked *asked, const struct uploaded *u, const char **keys)
{
    for (size_t i = 0; i < asked->count; i++) {
        size_t at = 0;
        while (at < u->column_count && strcmp(u->columns[at].name, asked->columns[i].name) != 0)
            at++;
        if (at == u->column_count)
            return fault_in("columns",
                            fault(FAULT_INVALID, "There is no column \"%.60s\".", asked->columns[i].name));
        keys[at] = asked->columns[i].key;
    }
    return NULL;
}

static struct fault *import_map(struct request *r, struct response *answer)
{
    struct mapping_asked asked = {0};
    struct uploaded u;
    if (!shape_take(r, answer, &mapping_shape, &asked))
        return NULL;
    if (asked.sheet)
        TRY(uploads_choose_sheet(door_of(r), token_of(r), asked.sheet));
    TRY(uploads_open(door_of(r), token_of(r), &u));
    const char **keys = NEW(r->arena, const char *, LIMIT_CSV_COLUMNS);
    TRY(keys_of(&asked, &u, keys));
    if (asked.count)
        TRY(uploads_map(door_of(r), token_of(r), keys, LIMIT_CSV_COLUMNS));
    return put_upload(r, answer, token_of(r));
}

static struct fault *import_preview(struct request *r, struct response *answer)
{
    struct upload_result result;
    TRY(uploads_preview(door_of(r), token_of(r), NULL, &result));
    answer->cache = CACHE_NEVER;
    shape_answer(r, answer, &result_shape, &result);
    return NULL;
}

struct fault *api_check_import(const struct request *r, const char *token)
{
    struct uploaded u;
    bool people = false;
    TRY(uploads_open(door_of(r), token, &u));
    for (size_t i = 0; i < u.column_count; i++)
        people |= strncmp(u.columns[i].key, "contact_", strlen("contact_")) == 0;
    return people ? api_check_scopes(r, &person_type) : NULL;
}

static struct fault *import_run(struct request *r, struct response *answer)
{
    struct upload_result result;
    TRY(api_check_import(r, token_of(r)));
    TRY(uploads_run(door_of(r), token_of(r), NULL, &result));
    shape_answer(r, answer, &result_shape, &result);
    return NULL;
}

static struct fault *import_undo(struct request *r, struct response *answer)
{
    int64_t job;
    TRY(api_check_undo(r, request_id(r, "id")));
    TRY(uploads_ask_undo(house_jobs(house_of(r)), door_of(r), request_id(r, "id"), "/imports", &job));
    api_job_answer(r, answer, job);
    return NULL;
}

static const struct api_operation fields = {.name = "import_fields", .answers = &fields_shape},
                                  send = {.name = "send_import",
                                          .asks = &name_shape,
                                          .takes_file = "application/octet-stream",
                                          .answers = &upload_shape,
                                          .status = 201,
                                          .located = true},
                                  show = {.name = "show_import", .answers = &upload_shape, .private = true},
                                  map = {.name = "map_import",
                                         .takes = &mapping_shape,
                                         .answers = &upload_shape},
                                  preview = {.name = "preview_import",
                                             .answers = &result_shape,
                                             .private = true},
                                  run = {.name = "run_import", .answers = &result_shape},
                                  undo = {.name = "undo_import", .may_last = true};

const struct route import_api_routes[] = {
    {"GET", API_ROOT "/imports/fields", import_fields, .right = ROLE_FACILITATOR, .api = &fields,
     .summary = N_("What the columns of a file can become")},
    {"POST", API_ROOT "/imports", import_send, .right = ROLE_FACILITATOR, .writes = true, .uploads = true,
     .api = &send, .summary = N_("Keep a file that is to be imported")},
    {"GET", API_ROOT "/imports/{token}", import_show, .right = ROLE_FACILITATOR, .api = &show,
     .summary = N_("The columns of a file, or the report of its import")},
    {"PATCH", API_ROOT "/imports/{token}", import_map, .right = ROLE_FACILITATOR, .writes = true, .api = &map,
     .summary = N_("Say what the columns become")},
    {"GET", API_ROOT "/imports/{token}/preview", import_preview, .right = ROLE_FACILITATOR, .slow = "",
     .api = &preview, .summary = N_("What an import would do")},
    {"POST", API_ROOT "/imports/{token}/run", import_run, .right = ROLE_FACILITATOR, .writes = true,
     .slow = "", .api = &run, .summary = N_("Import a file")},
    {"POST", API_ROOT "/imports/{id}/undo", import_undo, .right = ROLE_FACILITATOR, .writes = true,
     .slow = "", .api = &undo, .summary = N_("Take an import back")},
};
const size_t import_api_route_count = COUNT(import_api_routes);
