/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "api/openapi_parts.h"

#include "api/api.h"
#include "api/schema.h"
#include "i18n/i18n.h"

const struct api_refusal api_refusals[] = {{400, EVERY},   {401, EVERY},  {403, EVERY},   {404, WITH_PART},
                                           {409, WRITING}, {411, TAKING}, {412, MATCHED}, {413, TAKING},
                                           {414, EVERY},   {415, TAKING}, {422, EVERY},   {428, MATCHED},
                                           {429, EVERY},   {500, EVERY},  {507, WRITING}, {503, EVERY}};
const size_t api_refusal_count = COUNT(api_refusals);

void parameter_begin(struct json *j, const char *name, const char *in, bool required)
{
    schema_pair(j, "name", name);
    schema_pair(j, "in", in);
    schema_flag(j, "required", required);
}

static void problem_schema(struct json *j)
{
    static const char *const texts[] = {"type", "title", "detail"};
    schema_begin(j, "problem");
    schema_pair(j, "type", "object");
    schema_begin(j, "properties");
    for (size_t i = 0; i < COUNT(texts); i++) {
        schema_begin(j, texts[i]);
        schema_pair(j, "type", "string");
        json_end(j);
    }
    schema_begin(j, "status");
    schema_pair(j, "type", "integer");
    json_end(j);
    schema_begin(j, "errors");
    schema_pair(j, "type", "array");
    schema_begin(j, "items");
    schema_pair(j, "type", "object");
    schema_begin(j, "properties");
    schema_begin(j, "field");
    json_put_key(j, "type");
    json_begin_array(j);
    json_put_text(j, "string");
    json_put_text(j, "null");
    json_end(j);
    json_end(j);
    schema_begin(j, "detail");
    schema_pair(j, "type", "string");
    json_end(j);
    json_end(j);
    schema_flag(j, "additionalProperties", false);
    json_end(j);
    json_end(j);
    json_end(j);
    json_put_key(j, "required");
    json_begin_array(j);
    for (size_t i = 0; i < COUNT(texts); i++)
        json_put_text(j, texts[i]);
    json_put_text(j, "status");
    json_end(j);
    schema_flag(j, "additionalProperties", false);
    json_end(j);
}

static void schemas(struct json *j, struct arena *a)
{
    schema_begin(j, "schemas");
    problem_schema(j);
    for (int i = 0; i < record_type_count; i++)
        schema_record(j, a, all_record_types[i]);
    json_end(j);
}

static void problems(struct json *j, struct arena *a)
{
    schema_begin(j, "responses");
    for (size_t i = 0; i < api_refusal_count; i++) {
        schema_begin(j, arena_print(a, "%d", api_refusals[i].status));
        schema_pair(j, "description", api_problem_title(api_refusals[i].status));
        schema_begin(j, "content");
        schema_begin(j, "application/problem+json");
        schema_refer(j, "schema", "problem");
        json_end(j);
        json_end(j);
        json_end(j);
    }
    json_end(j);
}

static const struct common {
    const char *name, *in, *about;
    enum shape_kind kind;
    bool required;
    int64_t most;
} common_parameters[] = {
    {"sort", "query", N_("The field to sort by; \"-name\" descending."), SHAPE_TEXT, false, 0},
    {"fields", "query", N_("Only these fields: \"name,siren\"."), SHAPE_TEXT, false, 0},
    {"limit", "query", N_("How many at once."), SHAPE_INTEGER, false, LIMIT_LIST_ROWS},
    {"cursor", "query", N_("What \"next\" said: where to go on."), SHAPE_TEXT, false, 0},
    {"as_of", "query", N_("As it stood at the end of this day, for people of the space."), SHAPE_DAY, false,
     0},
    {"If-Match", "header", N_("The ETag of the version that was read."), SHAPE_TEXT, true, 0},
    {"If-None-Match", "header", N_("The ETag of what you have."), SHAPE_TEXT, false, 0},
    {"Idempotency-Key", "header",
     N_("Your own name for this request: sent again within a day, it is done once and answered as the first "
        "time."),
     SHAPE_TEXT, false, 0},
    {"Accept-Language", "header", N_("The language of texts and refusals: fr or en."), SHAPE_TEXT, false, 0}};

static const struct common common_headers[] = {
    {"ETag", NULL, N_("The version, for If-Match and If-None-Match."), SHAPE_TEXT, true, 0},
    {"Link", NULL, N_("The next page: <…>; rel=\"next\". Absent on the last."), SHAPE_TEXT, false, 0},
    {"Location", NULL, N_("Where it is."), SHAPE_TEXT, true, 0},
    {"Idempotency-Replayed", NULL, N_("\"true\" when this is the first answer again."), SHAPE_TEXT, false,
     0}};

static void commons(struct json *j, const char *key, const struct common *at, size_t count)
{
    schema_begin(j, key);
    for (size_t i = 0; i < count; i++) {
        schema_begin(j, at[i].name);
        if (at[i].in)
            parameter_begin(j, at[i].name, at[i].in, at[i].required);
        else
            schema_flag(j, "required", at[i].required);
        schema_pair(j, "description", tr(at[i].about));
        json_put_key(j, "schema");
        schema_member(j,
                      &(struct member){.kind = at[i].kind, .least = at[i].most ? 1 : 0, .most = at[i].most});
        json_end(j);
    }
    json_end(j);
}

void openapi_components(struct json *j, struct arena *a)
{
    schema_begin(j, "components");
    schemas(j, a);
    problems(j, a);
    commons(j, "parameters", common_parameters, COUNT(common_parameters));
    commons(j, "headers", common_headers, COUNT(common_headers));
    schema_begin(j, "securitySchemes");
    schema_begin(j, "token");
    schema_pair(j, "type", "http");
    schema_pair(j, "scheme", "bearer");
    schema_pair(
        j, "description",
        tr("A person's token, made on /compte/jetons: it may do what they may, within its scopes: read, "
           "write, account, people."));
    json_end(j);
    json_end(j);
    json_end(j);
}
