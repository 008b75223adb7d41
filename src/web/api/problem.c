/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* problem.c - what went wrong, as application/problem+json (RFC 9457). */
#include "api/api.h"
#include "i18n/i18n.h"

const char *api_problem_title(int status)
{
    static const struct {
        int status;
        const char *title;
    } titles[] = {{400, N_("Not understood")},
                  {401, N_("Who asks is not known")},
                  {403, N_("This is not open to you")},
                  {404, N_("There is nothing here")},
                  {405, N_("Not done that way")},
                  {409, N_("Somebody was quicker")},
                  {411, N_("The length of the body is missing")},
                  {412, N_("Changed in the meantime")},
                  {413, N_("This is too much at once")},
                  {414, N_("This is too much at once")},
                  {415, N_("Not in this format")},
                  {422, N_("This cannot be read as it is")},
                  {428, N_("Say which version you read")},
                  {429, N_("Too often")},
                  {503, N_("Too busy for a moment")},
                  {507, N_("No room left")}};
    for (size_t i = 0; i < COUNT(titles); i++)
        if (titles[i].status == status)
            return tr(titles[i].title);
    return tr("Something went wrong");
}

void api_error_add(struct request *r, struct api_errors *errors, const char *field, const char *detail)
{
    *PUSH(r->arena, errors->at, errors->count, errors->capacity) =
        (struct api_error){arena_print(r->arena, "%s", field), arena_print(r->arena, "%s", detail)};
}

void api_error_fault(struct request *r, struct api_errors *errors, const struct fault *f)
{
    if (f)
        api_error_add(r, errors, f->field, f->text);
}

static void put_errors(struct json *j, const struct api_errors *errors)
{
    json_put_key(j, "errors");
    json_begin_array(j);
    for (size_t i = 0; i < errors->count; i++) {
        json_begin_object(j);
        json_put_key(j, "field");
        json_put_text(j, *errors->at[i].field ? errors->at[i].field : NULL);
        json_put_key(j, "detail");
        json_put_text(j, errors->at[i].detail);
        json_end(j);
    }
    json_end(j);
}

void api_problem(struct request *r, struct response *answer, int status, const char *detail,
                 const struct api_errors *errors)
{
    answer->status = status;
    answer->type = "application/problem+json";
    answer->cache = CACHE_NEVER;
    answer->body->len = 0;
    answer->body->over = false;
    response_header(answer, "Content-Language", language_code(r->language));
    struct json j = json_writer(answer->body);
    json_begin_object(&j);
    json_put_key(&j, "type");
    json_put_text(&j, "about:blank");
    json_put_key(&j, "title");
    json_put_text(&j, api_problem_title(status));
    json_put_key(&j, "status");
    json_put_integer(&j, status);
    json_put_key(&j, "detail");
    json_put_text(&j, detail);
    if (errors && errors->count)
        put_errors(&j, errors);
    json_end(&j);
}

void api_refuse(struct request *r, struct response *answer, const struct api_errors *errors)
{
    api_problem(r, answer, 422,
                errors->count == 1 ? errors->at[0].detail : tr("Several fields cannot be read as they are."),
                errors);
}

void api_error_page(struct request *r, struct response *answer, int status, const char *message)
{
    struct api_errors errors = {0};
    if (r->faulty && status != 404)
        api_error_add(r, &errors, r->faulty, message);
    api_problem(r, answer, status, message, &errors);
}
