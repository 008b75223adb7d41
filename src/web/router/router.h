/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* router.h - the table of routes, and the checks none of them can forget.
 *
 *   const struct route organisation_routes[] = {
 *       {"GET",  "/organisations",      organisation_list, .right = ROLES_SIGNED_IN, .summary =
 * N_("Directory")},
 *       {"POST", "/organisations/{id}", organisation_save, .right = ROLE_MEMBER, .writes = true,
 *        .summary = N_("Change it")},
 *   };
 *
 * A path part {id} or {…_id} is a positive integer, any other {name} one segment of text; a literal segment
 * goes before either. Before a handler runs: the route exists, a write comes from our own page
 * (Sec-Fetch-Site or Origin, and the token), the visitor's roles meet the right. HEAD is served by GET.
 *
 * Under /api/ a program asks, with a token of a person: who brings none is a visitor, no cookie counts, so
 * nothing can be forged; the token's scopes must allow the route; and nobody is sent to a page. */
#ifndef GRAPPE_ROUTER_H
#define GRAPPE_ROUTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fault/fault.h"
#include "http/http.h"
#include "record/record.h"

/* A returned fault becomes a status (fault_status) and an error page; the body written so far is dropped. A
 * form that shows its own errors sets response->status = 422 and returns NULL. */
typedef struct fault *route_handler(struct request *, struct response *);

/* All that the answer depends on beside address, language and cookies, in one number that is found without
 * waiting for anything: the browser that has this version is told so, and the handler is not called. */
typedef struct fault *route_version(const struct request *, uint64_t *version);

struct route {
    const char *method, *path;
    route_handler *handler;
    route_version *version; /* of a GET; NULL: the tag is made from the page */
    int right;              /* roles that may; ROLES_ANYONE for all. 0: the server does not start */
    bool quick;     /* a GET that reads a few records by their ids: a loop answers it, see LANE_LOOP */
    bool writes;    /* changes something: needs the token. Every POST must say so */
    bool question;  /* or that it changes nothing: a program's question, too long for an address */
    bool anonymous; /* the same for all: identify() is not asked. For assets */
    bool sealed; /* a write whose address is its own permission, which nobody else could have made: no token
                  * is asked for */
    bool elsewhere; /* a write to the server's own file, not to the space: see once/once.h */
    bool uploads;   /* takes multipart bodies up to LIMIT_UPLOAD */
    const char
        *slow; /* takes long with one of these parameters ("format le"), "": always; others go before */
    const char *summary; /* N_(): for /help and the description of the API */
    int scopes;          /* under /api/: bits of enum scope a token needs beside reading or writing */
    const struct api_operation *api; /* what it takes and answers */
};

struct router_options {
    void *owner; /* given to the callbacks, and by request_owner() to handlers */
    /* Who asks: roles of ROLE_VISITOR alone when nobody is signed in. NULL: everybody is a visitor. Sets
     * request->refused for a token that is none (401), or one too many (429). */
    struct fault *(*identify)(void *owner, struct request *, struct visitor *);
    /* Calls the handler of a write, so that the same request sent twice is done once. NULL: calls it. */
    struct fault *(*write)(void *owner, struct request *, struct response *);
    /* After which of the person's own writes the forms of this answer are drawn. Their tokens then end with
     * TOKEN_MARK more digits, the same until the next. False, NULL: that does not matter. */
    bool (*drawn_after)(void *owner, const struct request *, int64_t *own);
    /* Draws an error into response->html; status and headers are set already. NULL: a plain page. */
    void (*error_page)(void *owner, struct request *, struct response *, int status, const char *message);
    const char *sign_in; /* "/connexion": where visitors are sent from pages they may not see; NULL: 403 */
    unsigned char secret[32]; /* tokens derive from it; all zero: random at each start */
};

struct router;

struct router *router_new(struct arena *, const struct router_options *);
void router_add(struct router *, const struct route *, size_t count); /* the table must outlive the router */

/* Call once, before serving. BUG: a right or summary is missing, a POST without .writes, a GET with it, two
 * routes that answer the same, a path that is no path. Names the route. */
struct fault *router_check(struct router *) MUST_CHECK;

/* All routes, in the order they are tried: for /help and for the test that asks each as each role. */
const struct route *const *router_routes(const struct router *, size_t *count);

/* For http_options, with the router as owner. */
void router_handle(void *router, struct request *, struct response *);
struct passage router_passage(void *router, const char *method, const char *target, bool known);
size_t router_body_limit(void *router, const char *method, const char *target);

/* A page for the program itself, in the name of the visitor that stands in the request: its right is checked,
 * and a fault comes back as it is. NOT_FOUND when no GET answers there. */
struct fault *router_fetch(struct router *, struct request *, struct response *) MUST_CHECK;

/* In handlers. */
void *request_owner(const struct request *);
int64_t request_id(const struct request *, const char *name);       /* of a part that is an integer */
const char *request_part(const struct request *, const char *name); /* of a part that is text */
/* The anti-forgery token for the field "csrf" or the header X-CSRF. Templates write it into every posting
 * form by themselves; visitors get a cookie with their first one. */
const char *request_token(const struct request *);
/* A number for an address that nobody is to read or to choose: sealed.h, with the server's own secret. */
const char *request_seal(const struct request *, const char *kind, int64_t number);
bool request_unseal(const struct request *, const char *kind, const char *sealed, int64_t *number);

/* What a token needs for a route, and why one with these scopes may not; NULL: it may. */
int route_scopes(const struct route *);
const char *scopes_refuse(int given, int needed);

/* Is this path, as sent, one of the API's? */
bool path_is_api(const char *path);

/* The handler, and whether what it drew is whole. */
struct fault *route_run(struct request *, struct response *) MUST_CHECK;

int fault_status(enum fault_code, const char *method);

#endif
