/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* http.h - requests, responses, and the server that carries them.
 *
 * Two threads move bytes; each complete request waits in a bounded queue for one of a few workers, which runs
 * the handler with an arena that ends with the exchange. So a slow page delays nobody else, and handlers are
 * plain blocking code. What needs no waiting at all is answered by those two at once (enum lane). The
 * security headers, compression, ETag and 304 are added to every answer here. TLS is a reverse proxy's work.
 */
#ifndef GRAPPE_HTTP_H
#define GRAPPE_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena/arena.h"
#include "fault/fault.h"
#include "html/html.h"
#include "http/params.h"
#include "http/tags.h"
#include "i18n/i18n.h"
#include "text/buffer.h"
#include "text/slice.h"

struct upload {
    const char *field, *file_name, *type; /* as the browser says; file_name without folders */
    struct slice content;
};

/* Who asks, told by the router's identify(). */
struct visitor {
    int roles;           /* bits of enum role; ROLE_VISITOR alone: not signed in */
    int scopes;          /* bits of enum scope, of the token that was brought; pages ask for none */
    const char *session; /* what the anti-forgery tokens derive from; NULL: not signed in */
    void *actor;         /* the app's own */
};

struct job_run;

struct request {
    struct arena *arena; /* ends after the answer was sent */
    const char *method;  /* "GET" also when only the head is wanted */
    const char *target;  /* path and query as sent: url_with(r->arena, r->target, "sort", "name") */
    const char *path;    /* as sent, still percent-encoded */
    struct params query, form, headers, cookies; /* decoded, UTF-8, no NUL; param() finds */
    struct upload *uploads;
    size_t upload_count;
    struct slice body;   /* as sent */
    const char *address; /* of the client, numeric */
    enum language language;
    bool head;
    int refused;         /* a status when the request could not be read: 400, 413 */
    const char *refusal; /* why, for the person, when refused */
    int64_t started_us;  /* monotonic */
    struct job_run *job; /* that asks in the place of a browser, and may wait; NULL: a browser */

    /* Filled by the router. */
    const struct route *route;
    const char *pattern; /* "/organisations/{id}": what the log names */
    struct params parts; /* of the path: {id}, {name} */
    struct visitor visitor;
    const char *faulty; /* the field that a refusal is about; NULL: none in particular */
    bool forged;        /* a write refused because it does not come from a page of ours, or from an old one */
    struct routing *routing; /* its own */
};

const char *request_header(const struct request *, const char *name); /* any case; NULL when absent */
bool request_takes_gzip(const struct request *);

enum cache {
    CACHE_CHECKED, /* kept by this browser, asked again each time (ETag): pages */
    CACHE_NEVER,   /* never kept: answers to writes, errors, private files */
    CACHE_FOREVER, /* the name changes with the content: assets */
};

struct response {
    struct arena *arena;
    int status;        /* 200 */
    const char *type;  /* "text/html; charset=utf-8" */
    struct html *html; /* writes to body */
    struct buffer *body;
    struct slice constant; /* sent instead of body when set: bytes that outlive the exchange */
    const char *encoding;  /* of constant, when it is compressed already */
    const char *file_name; /* a download under this name */
    enum cache cache;
    struct params headers; /* use response_header() */
    size_t header_capacity;
    bool secure;
    char etag[40];   /* with its quotes; of the body, or set by response_validator() or response_tag() */
    struct tag from; /* what the body is drawn from, when `versioned` */
    bool versioned;
    bool unchanged;
};

/* Values with control characters are dropped: nothing can forge a header. */
void response_header(struct response *, const char *name, const char *value);

/* Path=/, HttpOnly, SameSite=Lax; under TLS Secure with the prefix __Host- (which request cookies lose
 * again). max_age_s 0: until the browser closes; negative: removes the cookie. */
void response_cookie(struct response *, const char *name, const char *value, int max_age_s);

/* 303 to a path of this site, as after a write; anything that is not one leads to "/". */
void response_redirect(struct response *, const char *path);
bool path_is_local(const char *path);

/* For pages that know cheaply whether they may have changed (route.version): true when the browser has what
 * was drawn from this version, and nothing is to be drawn. Host, address, language and cookies are mixed in. */
bool response_validator(const struct request *, struct response *, uint64_t version);

/* The same for what has a version of its own, which then is the tag: "3". */
bool response_tag(const struct request *, struct response *, const char *version);

/* Where a request is answered. */
enum lane {
    LANE_WORKERS, /* by the next worker that is free */
    LANE_SLOW,    /* by four workers of its own, who yield the processor to all others: those wait neither in
                     its queue nor for its computing */
    LANE_LOOP     /* by the loop that read it, in a hurry (hurry.h): so little is asked that handing it over
                     costs more. By a worker after all, from the start, when something was refused */
};

struct passage {
    enum lane lane;
    const struct route *route; /* found on the way: the request begins with it */
};

struct http_options {
    const char *address;  /* "127.0.0.1" when NULL; IPv6 too */
    int port;             /* 0: any free one */
    int workers;          /* 0: twice the cores, 8 to 16 */
    int queue;            /* 0: LIMIT_REQUEST_QUEUE */
    bool secure;          /* a proxy in front speaks TLS: cookies are __Host- */
    bool behind_proxy;    /* the last X-Forwarded-For names the client; no limit of connections per address */
    int idle_s;           /* 0: LIMIT_CONNECTION_IDLE_S */
    const char *programs; /* "/api/": refusals below it are application/problem+json. NULL: none is */
    void *owner;
    void (*handle)(void *owner, struct request *, struct response *);
    /* known: the browser has a version of what it asks for. NULL: LANE_WORKERS for all. */
    struct passage (*passage)(void *owner, const char *method, const char *target, bool known);
    size_t (*body_limit)(void *owner, const char *method, const char *target); /* NULL: LIMIT_BODY */
};

struct http_server;

/* IO when the address cannot be bound; INVALID when it is none. */
struct fault *http_start(const struct http_options *, struct http_server **) MUST_CHECK;
int http_port(const struct http_server *);
int http_workers(const struct http_server *);

/* Takes no new connection, finishes what is under way for at most grace_s seconds, ends. LIMIT when a handler
 * still runs then: the process should end, or call again later. */
struct fault *http_stop(struct http_server *, int grace_s) MUST_CHECK;

/* Starts, calls ready(owner, server) if given, waits for SIGTERM or SIGINT, stops. */
struct fault *http_serve(const struct http_options *,
                         void (*ready)(void *owner, const struct http_server *)) MUST_CHECK;

#endif
