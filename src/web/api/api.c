/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* api.c - who asks, and the body that came. */
#include "api/api.h"

#include <strings.h>

#include "accounts/api_tokens.h"
#include "i18n/i18n.h"
#include "records/records.h"

void api_refuse_token(struct request *r)
{
    r->refused = 401;
    r->refusal = tr("This token opens nothing here: it was revoked, or is not of this space.");
}

/* "Bearer TOKEN" (RFC 6750); NULL when nothing of the kind was sent. */
static const char *bearer_of(const struct request *r)
{
    const char *header = request_header(r, "Authorization");
    if (!header)
        return NULL;
    bool bearer = strncasecmp(header, "Bearer ", 7) == 0;
    return bearer ? slice_text(r->arena, slice_trim(slice_of(header + 7))) : "";
}

struct fault *api_recognise(struct request *r, const struct actor *actor, struct visitor *visitor,
                            int64_t *person)
{
    const char *text = bearer_of(r);
    struct api_token token;
    if (!text || r->refused)
        return NULL;
    struct fault *failed = api_token_find(actor->house, actor->space, text, r->address, &token);
    if (failed && failed->code == FAULT_LIMIT) {
        r->refused = 429;
        r->refusal = arena_print(r->arena, "%s", failed->text);
        return NULL;
    }
    TRY(failed);
    if (!token.person)
        api_refuse_token(r);
    visitor->scopes = token.scopes;
    *person = token.person;
    return NULL;
}

int api_scopes_needed(const struct route *route, const struct record_type *type)
{
    bool access = route->writes && (type == &person_type || type == &mandate_type);
    return route_scopes(route) | (access ? SCOPE_PEOPLE : 0);
}

struct fault *api_check_scopes(const struct request *r, const struct record_type *type)
{
    const char *lacking = scopes_refuse(r->visitor.scopes, api_scopes_needed(r->route, type));
    return lacking ? fault(FAULT_DENIED, "%s", lacking) : NULL;
}

struct json api_answer(struct response *answer)
{
    answer->type = "application/json";
    return json_writer(answer->body);
}

struct fault *api_type(const struct request *r, const struct record_type **type)
{
    *type = record_type_find(request_part(r, "type"));
    if (*type && ((*type)->readers & r->visitor.roles))
        return NULL;
    return fault(FAULT_NOT_FOUND, "There is nothing here.");
}

static bool is_json(const char *type)
{
    static const char *const types[] = {"application/json", "application/merge-patch+json"};
    for (size_t i = 0; type && i < COUNT(types); i++) {
        size_t length = strlen(types[i]);
        if (strncasecmp(type, types[i], length) == 0 && (!type[length] || strchr("; ", type[length])))
            return true;
    }
    return false;
}

static void body_free(void *body)
{
    json_decref(body);
}

const json_t *api_body(struct request *r, struct response *answer)
{
    json_error_t where;
    if (!is_json(request_header(r, "Content-Type"))) {
        api_problem(r, answer, 415, tr("Send JSON: Content-Type: application/json."), NULL);
        return NULL;
    }
    json_t *body = json_loadb(r->body.ptr ? r->body.ptr : "", r->body.len, JSON_REJECT_DUPLICATES, &where);
    if (body)
        arena_defer(r->arena, body_free, body);
    if (json_is_object(body))
        return body;
    api_problem(
        r, answer, 400,
        body ? tr("A JSON object is expected.")
             : arena_print(r->arena, tr("This is not JSON (line %d, column %d)."), where.line, where.column),
        NULL);
    return NULL;
}
