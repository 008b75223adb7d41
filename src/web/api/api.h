/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* api.h - what the handlers of the JSON interface under /api/v1 share.
 *
 * A handler reads through the door like a page, and answers JSON. Every refusal is a problem (RFC 9457) with
 * the fields it is about. docs/api.md says how it looks from outside. */
#ifndef GRAPPE_API_H
#define GRAPPE_API_H

#include <jansson.h>

#include "http/http.h"
#include "pages/frame.h"
#include "router/router.h"
#include "text/json.h"

#define API_ROOT "/api/v1"

/* Who brings a token, for identify(): *person stays 0 without one. A token that is none sets r->refused. */
struct fault *api_recognise(struct request *, const struct actor *, struct visitor *,
                            int64_t *person) MUST_CHECK;
void api_refuse_token(struct request *);

/* What is wrong, field by field; of the whole where there is no field. */
struct api_errors {
    struct api_error {
        const char *field, *detail;
    } * at;
    size_t count, capacity;
};
void api_error_add(struct request *, struct api_errors *, const char *field, const char *detail);
void api_error_fault(struct request *, struct api_errors *, const struct fault *); /* NULL: nothing */

/* Answers with a problem, instead of what was written so far. errors NULL: none. */
void api_problem(struct request *, struct response *, int status, const char *detail,
                 const struct api_errors *);
/* What a status means, in a few words. */
const char *api_problem_title(int status);
/* 422 with all that is wrong in a body or an address. */
void api_refuse(struct request *, struct response *, const struct api_errors *);
/* The problem of a refusal by the router; for router_options.error_page. */
void api_error_page(struct request *, struct response *, int status, const char *message);

/* Begins a JSON answer. */
struct json api_answer(struct response *);

/* The body as an object that lives as long as the request; NULL when a problem was answered instead. */
const json_t *api_body(struct request *, struct response *);

/* The type named in the path, which the roles of who asks may read. NOT_FOUND. */
struct fault *api_type(const struct request *, const struct record_type **) MUST_CHECK;

/* What a token needs for a route, of the type that its {type} stands for; NULL: it has none. Persons and
 * mandates are access to the space. */
int api_scopes_needed(const struct route *, const struct record_type *);
/* The same of the request. DENIED. */
struct fault *api_check_scopes(const struct request *, const struct record_type *) MUST_CHECK;
/* An import whose columns name people gives them access. DENIED, NOT_FOUND. */
struct fault *api_check_import(const struct request *, const char *token) MUST_CHECK;

/* The tables of routes, each row with the operation it is. */
struct api_table {
    const struct route *routes;
    const size_t *count;
};
extern const struct api_table api_tables[];
extern const size_t api_table_count;
extern const struct route record_api_routes[], file_api_routes[], activity_api_routes[], need_api_routes[],
    introduction_api_routes[], directory_api_routes[], account_api_routes[], session_api_routes[],
    job_api_routes[], import_api_routes[], letter_api_routes[], member_api_routes[], document_api_routes[], openapi_routes[];
extern const size_t record_api_route_count, file_api_route_count, activity_api_route_count,
    need_api_route_count, introduction_api_route_count, directory_api_route_count, account_api_route_count,
    session_api_route_count, job_api_route_count, import_api_route_count, letter_api_route_count,
    member_api_route_count, document_api_route_count, openapi_route_count;

#endif
