/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* openapi.c - the OpenAPI 3.1 document, written from the tables of routes and the descriptions of records. */
#include <stdlib.h>

#include "accounts/api_tokens.h"
#include "api/openapi_parts.h"
#include "api/operation.h"
#include "api/schema.h"
#include "i18n/i18n.h"
#include "router/match.h"

const struct api_table api_tables[] = {
    {record_api_routes, &record_api_route_count},
    {file_api_routes, &file_api_route_count},
    {activity_api_routes, &activity_api_route_count},
    {need_api_routes, &need_api_route_count},
    {introduction_api_routes, &introduction_api_route_count},
    {member_api_routes, &member_api_route_count},
    {document_api_routes, &document_api_route_count},
    {directory_api_routes, &directory_api_route_count},
    {import_api_routes, &import_api_route_count},
    {account_api_routes, &account_api_route_count},
    {session_api_routes, &session_api_route_count},
    {job_api_routes, &job_api_route_count},
    {letter_api_routes, &letter_api_route_count},
    {openapi_routes, &openapi_route_count},
};
const size_t api_table_count = COUNT(api_tables);

/* What is being written: a route, and the type that its {type} stands for (NULL: it has none). */
struct page {
    struct json *j;
    struct arena *arena;
    const struct route *route;
    const struct api_operation *op;
    const struct record_type *type;
};

/* "/api/v1/records/{type}/{id}" → "/api/v1/records/need/{id}" */
static const char *address_of(struct arena *a, const char *pattern, const struct record_type *type)
{
    const char *open = type ? strstr(pattern, "{type}") : NULL;
    return open ? arena_print(a, "%.*s%s%s", (int)(open - pattern), pattern, type->name,
                              open + strlen("{type}"))
                : pattern;
}

/* Can it be told not to have changed? */
static bool reads(const struct page *p)
{
    return strcmp(p->route->method, "GET") == 0 && !p->op->private;
}

/* Parameters. */

static void path_parameters(const struct page *p)
{
    const char *at = p->route->path;
    for (const char *open; (open = strchr(at, '{')) != NULL; at = open + 1) {
        struct slice name = {open + 1, strcspn(open + 1, "}")};
        if (p->type && slice_equal(name, S("type")))
            continue;
        json_begin_object(p->j);
        parameter_begin(p->j, slice_text(p->arena, name), "path", true);
        json_put_key(p->j, "schema");
        schema_member(p->j, &(struct member){.kind = part_is_integer(name) ? SHAPE_ID : SHAPE_TEXT});
        json_end(p->j);
    }
}

static void shape_parameters(const struct page *p)
{
    const struct shape *asks = p->op->asks;
    for (size_t i = 0; asks && i < asks->count; i++) {
        const struct member *m = &asks->members[i];
        json_begin_object(p->j);
        parameter_begin(p->j, m->name, "query", !m->maybe);
        if (m->about)
            schema_pair(p->j, "description", tr(m->about));
        json_put_key(p->j, "schema");
        schema_member(p->j, m);
        json_end(p->j);
    }
}

static void refer_parameter(const struct page *p, const char *name)
{
    json_begin_object(p->j);
    schema_pair(p->j, "$ref", arena_print(p->arena, "#/components/parameters/%s", name));
    json_end(p->j);
}

/* Any field filters; an object whose members are each a parameter says so in one. */
static void list_parameters(const struct page *p)
{
    static const char *const own[] = {"sort", "fields", "as_of", "limit", "cursor"};
    for (size_t i = 0; i < (p->op->paged ? COUNT(own) : 3); i++) /* the last two are of pages */
        refer_parameter(p, own[i]);
    json_begin_object(p->j);
    parameter_begin(p->j, "filters", "query", false);
    schema_pair(p->j, "style", "form");
    schema_flag(p->j, "explode", true);
    schema_refer(p->j, "schema", arena_print(p->arena, "%s_filters", p->type->name));
    json_end(p->j);
}

static void parameters(const struct page *p)
{
    json_put_key(p->j, "parameters");
    json_begin_array(p->j);
    path_parameters(p);
    shape_parameters(p);
    if (p->op->asks_list)
        list_parameters(p);
    if (p->op->answers_record == ANSWER_RECORD && !p->route->writes) {
        refer_parameter(p, "fields");
        refer_parameter(p, "as_of");
    }
    if (reads(p))
        refer_parameter(p, "If-None-Match");
    if (p->op->matched)
        refer_parameter(p, "If-Match");
    if (p->route->writes)
        refer_parameter(p, "Idempotency-Key");
    refer_parameter(p, "Accept-Language");
    json_end(p->j);
}

/* Bodies. */

static void json_content(const struct page *p, const char *type)
{
    schema_begin(p->j, "content");
    schema_begin(p->j, type);
}

static void end_content(const struct page *p)
{
    json_end(p->j);
    json_end(p->j);
}

static bool takes(const struct api_operation *op)
{
    return op->takes || op->takes_file || op->takes_record;
}

static void file_content(const struct page *p, const char *type)
{
    json_content(p, type);
    schema_begin(p->j, "schema");
    schema_pair(p->j, "type", "string");
    schema_pair(p->j, "format", "binary");
    json_end(p->j);
    end_content(p);
}

static void record_body(const struct page *p)
{
    bool new_one = p->op->takes_record == BODY_NEW;
    json_content(p, new_one ? "application/json" : "application/merge-patch+json");
    schema_refer(p->j, "schema", arena_print(p->arena, new_one ? "%s_new" : "%s_change", p->type->name));
    if (new_one) {
        json_put_key(p->j, "example");
        schema_record_example(p->j, p->arena, p->type);
    }
    end_content(p);
}

static void request_body(const struct page *p)
{
    schema_begin(p->j, "requestBody");
    schema_flag(p->j, "required", true);
    if (p->op->takes_file)
        file_content(p, p->op->takes_file);
    else if (p->op->takes_record)
        record_body(p);
    else {
        json_content(p, "application/json");
        json_put_key(p->j, "schema");
        schema_shape(p->j, p->op->takes, false);
        json_put_key(p->j, "example");
        schema_shape_example(p->j, p->op->takes);
        end_content(p);
    }
    json_end(p->j);
}

/* Answers. */

static void refer_header(const struct page *p, const char *name, bool present)
{
    if (!present)
        return;
    schema_begin(p->j, name);
    schema_pair(p->j, "$ref", arena_print(p->arena, "#/components/headers/%s", name));
    json_end(p->j);
}

static void answer_headers(const struct page *p)
{
    schema_begin(p->j, "headers");
    refer_header(p, "ETag", p->op->tagged || reads(p));
    refer_header(p, "Location", p->op->located);
    refer_header(p, "Link", p->op->paged);
    refer_header(p, "Idempotency-Replayed", p->route->writes);
    json_end(p->j);
}

static void answer_schema(const struct page *p)
{
    const struct api_operation *op = p->op;
    if (op->answers_record == ANSWER_RECORD)
        schema_refer(p->j, "schema", p->type->name);
    else if (op->answers_record == ANSWER_RECORDS)
        schema_refer(p->j, "schema", arena_print(p->arena, "%s_page", p->type->name));
    else {
        json_put_key(p->j, "schema");
        if (op->answers)
            schema_shape(p->j, op->answers, true);
        else {
            json_begin_object(p->j);
            schema_pair(p->j, "type", "object");
            json_end(p->j);
        }
    }
}

static void plain_answer(const struct page *p, const char *status, const char *description)
{
    schema_begin(p->j, status);
    schema_pair(p->j, "description", description);
    json_end(p->j);
}

static void goes_on(const struct page *p)
{
    schema_begin(p->j, "202");
    schema_pair(p->j, "description", tr("It takes long, and goes on as a job."));
    schema_begin(p->j, "headers");
    refer_header(p, "Location", true);
    refer_header(p, "Idempotency-Replayed", true);
    json_end(p->j);
    json_content(p, "application/json");
    json_put_key(p->j, "schema");
    schema_shape(p->j, &api_job_asked_shape, true);
    end_content(p);
    json_end(p->j);
}

static void success(const struct page *p)
{
    const struct api_operation *op = p->op;
    if (op->may_last)
        goes_on(p);
    bool empty = op->answers_record == ANSWER_SHAPE && !op->answers && !op->answers_file;
    if (empty || (op->answers_record == ANSWER_RECORD && p->route->writes))
        plain_answer(p, "204", empty ? tr("Done.") : tr("Done; what was saved is not for you to see."));
    if (reads(p))
        plain_answer(p, "304", tr("As you have it."));
    if (empty)
        return;
    schema_begin(p->j, arena_print(p->arena, "%d", op->status ? op->status : 200));
    schema_pair(p->j, "description", tr(p->route->summary));
    answer_headers(p);
    if (op->answers_file)
        file_content(p, "*/*");
    else {
        json_content(p, "application/json");
        answer_schema(p);
        end_content(p);
    }
    json_end(p->j);
}

static bool refuses(const struct page *p, enum refusal_when when)
{
    switch (when) {
    case WITH_PART:
        return strchr(p->route->path, '{') != NULL;
    case WRITING:
        return p->route->writes;
    case TAKING:
        return takes(p->op);
    case MATCHED:
        return p->op->matched;
    case EVERY:
        break;
    }
    return true;
}

static void responses(const struct page *p)
{
    schema_begin(p->j, "responses");
    success(p);
    for (size_t i = 0; i < api_refusal_count; i++)
        if (refuses(p, api_refusals[i].when)) {
            const char *status = arena_print(p->arena, "%d", api_refusals[i].status);
            schema_begin(p->j, status);
            schema_pair(p->j, "$ref", arena_print(p->arena, "#/components/responses/%s", status));
            json_end(p->j);
        }
    json_end(p->j);
}

/* Operations. */

static void security(const struct page *p)
{
    json_put_key(p->j, "security");
    json_begin_array(p->j);
    if (p->route->right & ROLE_VISITOR) { /* a visitor may too */
        json_begin_object(p->j);
        json_end(p->j);
    }
    json_begin_object(p->j);
    json_put_key(p->j, "token");
    json_begin_array(p->j);
    for (int i = 0; i < API_SCOPES; i++)
        if (api_scopes_needed(p->route, p->type) >> i & 1)
            json_put_text(p->j, api_scopes[i].code);
    json_end(p->j);
    json_end(p->j);
    json_end(p->j);
}

static void operation(const struct page *p)
{
    char method[8] = "";
    for (size_t i = 0; p->route->method[i] && i + 1 < sizeof method; i++)
        method[i] = (char)(p->route->method[i] | 0x20);
    schema_begin(p->j, method);
    schema_pair(p->j, "operationId",
                p->type ? arena_print(p->arena, "%s_%s", p->op->name, p->type->name) : p->op->name);
    schema_pair(p->j, "summary", tr(p->route->summary));
    json_put_key(p->j, "tags");
    json_begin_array(p->j);
    json_put_text(p->j, p->type ? tr(p->type->plural) : tr("Beyond records"));
    json_end(p->j);
    security(p);
    parameters(p);
    if (takes(p->op))
        request_body(p);
    responses(p);
    json_end(p->j);
}

/* One address with all its methods; rows of one address stand together in their table. */
static void path(struct json *j, struct arena *a, const struct api_table *t, size_t first,
                 const struct record_type *type)
{
    schema_begin(j, address_of(a, t->routes[first].path, type));
    for (size_t i = first; i < *t->count; i++)
        if (strcmp(t->routes[i].path, t->routes[first].path) == 0)
            operation(&(struct page){j, a, &t->routes[i], t->routes[i].api, type});
    json_end(j);
}

static void paths(struct json *j, struct arena *a)
{
    schema_begin(j, "paths");
    for (size_t k = 0; k < api_table_count; k++)
        for (size_t i = 0; i < *api_tables[k].count; i++) {
            const struct api_table *t = &api_tables[k];
            bool typed = strstr(t->routes[i].path, "{type}") != NULL, seen = false;
            for (size_t before = 0; before < i; before++)
                seen |= strcmp(t->routes[before].path, t->routes[i].path) == 0;
            for (int n = 0; !seen && n < (typed ? record_type_count : 1); n++)
                path(j, a, t, i, typed ? all_record_types[n] : NULL);
        }
    json_end(j);
}

static struct fault *document(struct request *r, struct response *answer)
{
    struct json j = api_answer(answer);
    json_begin_object(&j);
    schema_pair(&j, "openapi", "3.1.0");
    schema_begin(&j, "info");
    schema_pair(&j, "title", "Grappe");
    schema_pair(&j, "version", "1");
    schema_pair(&j, "description",
                tr("Lengths are whole nanometres, identifiers strings of digits, dates 2026-03-15; unknown "
                   "is null, and "
                   "what is not for you to see is absent."));
    schema_begin(&j, "license");
    schema_pair(&j, "name", "AGPL-3.0-or-later");
    schema_pair(&j, "identifier", "AGPL-3.0-or-later");
    json_end(&j);
    json_end(&j);
    json_put_key(&j, "servers");
    json_begin_array(&j);
    json_begin_object(&j);
    schema_pair(&j, "url", "/");
    json_end(&j);
    json_end(&j);
    paths(&j, r->arena);
    openapi_components(&j, r->arena);
    json_end(&j);
    return NULL;
}

static const struct api_operation openapi = {.name = "openapi", .answers_record = ANSWER_DOCUMENT};

const struct route openapi_routes[] = {
    {"GET", API_ROOT "/openapi.json", document, .right = ROLES_ANYONE, .anonymous = true, .api = &openapi,
     .summary = N_("This description of the API, in OpenAPI 3.1")},
};
const size_t openapi_route_count = COUNT(openapi_routes);
