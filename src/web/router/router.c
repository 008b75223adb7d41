/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "router/router.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "house/sealed.h"
#include "hurry/hurry.h"
#include "log/log.h"
#include "router/match.h"
#include "router/token.h"

/* By what a path finds a pattern: how many segments it has, and those before its first part. */
struct entry {
    int segments;
    struct slice head;
    const struct route *route;
    size_t rank; /* in the order in which patterns are tried */
};

struct router {
    struct arena *arena;
    struct router_options options;
    const struct route **routes;
    size_t count, capacity;
    struct entry *entries; /* by segments, head, rank */
};

/* What handlers reach through request->routing. */
struct routing {
    const struct router *router;
    const struct request *request;
    struct response *answer;
    const char *token; /* made once an exchange: the cookie of a visitor is set once */
};

struct router *router_new(struct arena *a, const struct router_options *options)
{
    struct router *r = NEW(a, struct router, 1);
    r->arena = a;
    r->options = *options;
    if (sodium_init() < 0)
        abort();
    if (sodium_is_zero(r->options.secret, sizeof r->options.secret))
        randombytes_buf(r->options.secret, sizeof r->options.secret);
    return r;
}

void router_add(struct router *r, const struct route *table, size_t count)
{
    for (size_t i = 0; i < count; i++)
        /* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers */
        *PUSH(r->arena, r->routes, r->count, r->capacity) = &table[i];
}

static int compare_routes(const void *a, const void *b)
{
    const struct route *one = *(const struct route *const *)a, *other = *(const struct route *const *)b;
    int order = pattern_compare(one->path, other->path);
    return order ? order : strcmp(one->method, other->method);
}

static bool method_known(const char *method)
{
    static const char *const known[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};
    for (size_t i = 0; i < COUNT(known); i++)
        if (strcmp(method, known[i]) == 0)
            return true;
    return false;
}

/* What is wrong with one row, or NULL. */
static const char *route_flaw(const struct route *r)
{
    if (!r->method || !method_known(r->method))
        return N_("its method is not one of GET, POST, PUT, PATCH, DELETE");
    if (!pattern_valid(r->path))
        return N_("its path is not one");
    if (!r->handler)
        return N_("it has no handler");
    if (!r->right)
        return N_("it states no right");
    if (!r->summary || !*r->summary)
        return N_("it has no summary");
    if (r->question && (r->writes || strcmp(r->method, "POST") != 0 || !path_is_api(r->path)))
        return N_("only a POST of a program is a question");
    if (r->writes != (strcmp(r->method, "GET") != 0 && !r->question))
        return N_("a GET must not write, and anything else must say that it does");
    if (r->version && r->writes)
        return N_("only what is read has a version");
    if (r->quick && (r->writes || r->slow))
        return N_("only what is read at once is quick");
    if (r->anonymous && (r->writes || !(r->right & ROLE_VISITOR)))
        return N_("an anonymous route is for everybody, and writes nothing");
    return r->uploads && !r->writes ? N_("only a write takes uploads") : NULL;
}

static int compare_entries(const void *a, const void *b)
{
    const struct entry *one = a, *other = b;
    int order = one->segments - other->segments;
    if (!order)
        order = slice_compare(one->head, other->head);
    return order ? order : (one->rank > other->rank) - (one->rank < other->rank);
}

static int segments_of(struct slice path)
{
    int count = 0;
    for (size_t i = 0; i < path.len; i++)
        count += path.ptr[i] == '/';
    return count;
}

static void index_heads(struct router *r)
{
    r->entries = NEW(r->arena, struct entry, r->count);
    for (size_t i = 0; i < r->count; i++) {
        const char *path = r->routes[i]->path, *part = strchr(path, '{');
        struct slice head = {path, part ? (size_t)(part - path) - 1 : strlen(path)};
        r->entries[i] = (struct entry){segments_of(slice_of(path)), head, r->routes[i], i};
    }
    qsort(r->entries, r->count, sizeof *r->entries, compare_entries);
}

/* A walk over the patterns that may fit a path, in the order in which they are tried: of two that fit, the
 * one with the longer head. Cost O(segments log routes). */
struct walk {
    struct entry like; /* those with its segments and head are next */
    size_t at;
};

static size_t first_like(const struct router *r, const struct entry *like)
{
    size_t low = 0, high = r->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_entries(&r->entries[middle], like) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool alike(const struct entry *one, const struct entry *other)
{
    return one->segments == other->segments && slice_equal(one->head, other->head);
}

static const struct route *next_fit(const struct router *r, const char *path, struct walk *w)
{
    struct slice *head = &w->like.head;
    if (!head->ptr) {
        *head = (struct slice){path, strcspn(path, "?")};
        w->like.segments = segments_of(*head);
        w->at = first_like(r, &w->like);
    }
    for (;;) {
        for (; w->at < r->count && alike(&r->entries[w->at], &w->like); w->at++)
            if (path_may_fit(r->entries[w->at].route->path, path))
                return r->entries[w->at++].route;
        if (!head->len)
            return NULL;
        do
            head->len--;
        while (head->len && head->ptr[head->len] != '/');
        w->at = first_like(r, &w->like);
    }
}

struct fault *router_check(struct router *r)
{
    for (size_t i = 0; i < r->count; i++) {
        const struct route *one = r->routes[i];
        const char *flaw = one->path ? route_flaw(one) : N_("its path is not one");
        if (flaw)
            return fault(FAULT_BUG, "Route %s %s: %s.", one->method ? one->method : "?",
                         one->path ? one->path : "?", tr(flaw));
    }
    if (r->count)
        qsort(r->routes, r->count, sizeof(const struct route *), compare_routes);
    for (size_t i = 1; i < r->count; i++)
        if (compare_routes(&r->routes[i - 1], &r->routes[i]) == 0)
            return fault(FAULT_BUG, "Route %s %s: %s.", r->routes[i]->method, r->routes[i]->path,
                         tr("another route answers the same"));
    index_heads(r);
    return NULL;
}

const struct route *const *router_routes(const struct router *r, size_t *count)
{
    *count = r->count;
    return r->routes;
}

size_t router_body_limit(void *router, const char *method, const char *target)
{
    struct walk w = {0};
    for (const struct route *one; (one = next_fit(router, target, &w)) != NULL;)
        if (one->uploads && strcmp(one->method, method) == 0)
            return LIMIT_UPLOAD;
    return LIMIT_BODY;
}

/* Has the address one of these parameters? */
static bool any_parameter(const char *target, const char *names)
{
    struct slice rest = slice_of(names), name;
    const char *query = strchr(target, '?');
    while (query && slice_cut(&rest, ' ', &name))
        for (const char *at = query; at; at = strchr(at + 1, '&'))
            if (strncmp(at + 1, name.ptr, name.len) == 0 && strchr("=&", at[1 + name.len]))
                return true;
    return false;
}

struct passage router_passage(void *router, const char *method, const char *target, bool known)
{
    const char *as = strcmp(method, "HEAD") == 0 ? "GET" : method;
    struct walk w = {0};
    for (const struct route *one; (one = next_fit(router, target, &w)) != NULL;) {
        if (strcmp(one->method, as) != 0)
            continue;
        bool slow = one->slow && (!*one->slow || any_parameter(target, one->slow)),
             quick = one->quick || (known && one->version);
        return (struct passage){slow ? LANE_SLOW : quick ? LANE_LOOP : LANE_WORKERS, one};
    }
    return (struct passage){.lane = LANE_WORKERS};
}

int fault_status(enum fault_code code, const char *method)
{
    static const int statuses[] = {
        [FAULT_INVALID] = 422, [FAULT_NOT_FOUND] = 404, [FAULT_CONFLICT] = 409, [FAULT_DENIED] = 403,
        [FAULT_LIMIT] = 413,   [FAULT_IO] = 503,        [FAULT_FULL] = 507,     [FAULT_BUG] = 500};
    bool brings = *method == 'P'; /* POST, PUT, PATCH: then it is what came that is too much */
    return code == FAULT_LIMIT && !brings ? 503 : statuses[code];
}

bool path_is_api(const char *path)
{
    return strncmp(path, "/api/", 5) == 0;
}

/* What people read for a status whose fault says nothing of use, or something they may not know. */
static const char *status_message(int status)
{
    switch (status) {
    case 401:
        return tr("This needs a token: bring one of yours in the header Authorization.");
    case 403:
        return tr("You may not do this.");
    case 404:
        return tr("There is nothing at this address, or nothing you may see.");
    case 405:
        return tr("This address does not take that kind of request.");
    case 503:
        return tr("The server cannot answer now. Please try again in a moment.");
    default:
        return tr("Something went wrong on our side. What you had saved is kept.");
    }
}

/* Drops what was drawn and answers with an error page. The message of a 404 is always the same: it must not
 * tell what is hidden from what is absent. */
static void answer_error(const struct router *r, struct request *q, struct response *s, int status,
                         const char *message)
{
    if (!message || status == 404 || status == 500 || status == 503)
        message = status_message(status);
    s->status = status;
    s->cache = CACHE_NEVER;
    s->type = "text/html; charset=utf-8";
    s->file_name = NULL;
    s->constant = (struct slice){NULL, 0};
    s->encoding = NULL;
    s->body->len = 0;
    s->body->over = false;
    if (status == 503 || status == 429)
        response_header(s, "Retry-After", status == 503 ? "2" : "60");
    if (status == 401)
        response_header(s, "WWW-Authenticate", "Bearer realm=\"grappe\"");
    if (r->options.error_page) {
        r->options.error_page(r->options.owner, q, s, status, message);
        return;
    }
    html(s->html,
         "<!doctype html><html lang=\"%s\"><meta charset=\"utf-8\"><title>%d</title><h1>%d</h1><p>%s</p>",
         language_code(q->language), status, status, message);
}

static void answer_fault(const struct router *r, struct request *q, struct response *s, const struct fault *f)
{
    if (hurry_refused()) /* a worker does all of this again */
        return;
    char *message = arena_text(q->arena, f->text, strlen(f->text)); /* the slot is reused below */
    q->faulty = f->field[0] ? arena_text(q->arena, f->field, strlen(f->field)) : NULL;
    int status = fault_status(f->code, q->method);
    log_fault("handler", f);
    answer_error(r, q, s, status, message);
}

/* The route for a path, or NULL with the methods it would take in *allow ("" when the path does not
 * exist). */
static const struct route *find(const struct router *r, struct request *q, const char **allow)
{
    *allow = "";
    if (q->route && path_fits(q->arena, q->route->path, q->path, &q->parts))
        return q->route;
    struct walk w = {0};
    for (const struct route *one; (one = next_fit(r, q->path, &w)) != NULL;) {
        if (!path_fits(q->arena, one->path, q->path, &q->parts))
            continue;
        if (strcmp(one->method, q->method) == 0)
            return one;
        bool get = strcmp(one->method, "GET") == 0;
        *allow =
            arena_print(q->arena, "%s%s%s%s", *allow, **allow ? ", " : "", one->method, get ? ", HEAD" : "");
    }
    return NULL;
}

/* The token, and a mark of the write that the forms are drawn after. */
static const char *marked(const struct router *r, const struct request *q, const char *token)
{
    char mark[TOKEN_LENGTH + 1];
    int64_t own = 0;
    if (!*token || !r->options.drawn_after || !r->options.drawn_after(r->options.owner, q, &own))
        return token;
    token_make(r->options.secret, "form", arena_print(q->arena, "%s %" PRId64, token, own), mark);
    return arena_print(q->arena, "%s%.*s", token, TOKEN_MARK, mark);
}

static const char *token_for(void *given)
{
    struct routing *g = given;
    if (!g->token)
        g->token = marked(g->router, g->request, token_of(g->router->options.secret, g->request, g->answer));
    return g->token;
}

static bool signed_in(const struct request *q)
{
    return (q->visitor.roles & ~ROLE_VISITOR) != 0;
}

int route_scopes(const struct route *r)
{
    return r->scopes | (r->writes ? SCOPE_WRITE : SCOPE_READ);
}

const char *scopes_refuse(int given, int needed)
{
    static const struct {
        int scope;
        const char *words;
    } lacking[] = {{SCOPE_READ, N_("This token was not made for reading.")},
                   {SCOPE_WRITE, N_("This token was not made for writing.")},
                   {SCOPE_ACCOUNT, N_("This token was not made for the account of its person.")},
                   {SCOPE_PEOPLE, N_("This token was not made for giving and taking access.")}};
    for (size_t i = 0; i < COUNT(lacking); i++)
        if (needed & ~given & lacking[i].scope)
            return tr(lacking[i].words);
    return NULL;
}

static bool program_allowed(const struct router *r, struct request *q, struct response *s)
{
    const struct route *route = q->route;
    bool known = signed_in(q);
    const char *lacking = known ? scopes_refuse(q->visitor.scopes, route_scopes(route)) : NULL;
    if (!(q->visitor.roles & route->right))
        answer_error(r, q, s, known ? 403 : 401, NULL);
    else if (lacking)
        answer_error(r, q, s, 403, lacking);
    else
        return true;
    return false;
}

/* False when an answer was given instead of calling the handler. */
static bool allowed(const struct router *r, struct request *q, struct response *s)
{
    const struct route *route = q->route;
    if (path_is_api(q->path))
        return program_allowed(r, q, s);
    q->forged =
        route->writes && !route->sealed && (!asked_from_here(q) || !token_given(r->options.secret, q));
    if (q->forged)
        answer_error(
            r, q, s, 403,
            tr("This form is out of date or comes from another site. Go back, reload the page, and send it "
               "again."));
    else if (q->visitor.roles & route->right)
        return true;
    else if (!signed_in(q) && r->options.sign_in && !route->writes)
        response_redirect(s, url_with(q->arena, r->options.sign_in, "retour", q->target));
    else
        answer_error(r, q, s, 403, NULL);
    return false;
}

/* Error pages too show who is signed in, so all but anonymous routes ask. */
static struct fault *identify(const struct router *r, struct request *q)
{
    q->visitor = (struct visitor){.roles = ROLE_VISITOR};
    if (!r->options.identify || (q->route && q->route->anonymous))
        return NULL;
    struct visitor found = q->visitor;
    TRY(r->options.identify(r->options.owner, q, &found));
    q->visitor = found;
    return NULL;
}

/* Has the browser what would be drawn? Asked after the rights: a tag is worth nothing without them. */
static struct fault *look(const struct request *q, struct response *s, bool *unchanged)
{
    uint64_t version = 0;
    *unchanged = false;
    if (!q->route->version)
        return NULL;
    TRY(q->route->version(q, &version));
    *unchanged = response_validator(q, s, version);
    return NULL;
}

struct fault *route_run(struct request *q, struct response *s)
{
    TRY(q->route->handler(q, s));
    if (!q->route->writes) /* what changed something looked at this before its commit */
        TRY(arena_check(q->arena));
    return buffer_check(s->body);
}

static struct fault *call(const struct router *r, struct request *q, struct response *s)
{
    bool unchanged = false;
    TRY(look(q, s, &unchanged));
    if (unchanged)
        return NULL;
    if (!q->route->quick && !may_wait()) /* on a loop, to be told that nothing changed */
        return hurry_fault();
    if (q->route->writes && r->options.write)
        return r->options.write(r->options.owner, q, s);
    return route_run(q, s);
}

static void routing_begin(const struct router *r, struct request *q, struct response *s)
{
    struct routing *g = NEW(q->arena, struct routing, 1);
    *g = (struct routing){.router = r, .request = q, .answer = s};
    q->routing = g;
    s->html->token = token_for;
    s->html->owner = g;
}

void router_handle(void *router, struct request *q, struct response *s)
{
    const struct router *r = router;
    const char *allow = "";
    routing_begin(r, q, s);
    q->route = q->refused ? NULL : find(r, q, &allow);
    struct fault *f = identify(r, q);
    if (f)
        answer_fault(r, q, s, f);
    else if (q->refused)
        answer_error(r, q, s, q->refused, q->refusal);
    else if (!q->route && *allow) {
        response_header(s, "Allow", allow);
        answer_error(r, q, s, 405, NULL);
    } else if (!q->route)
        answer_error(r, q, s, 404, NULL);
    else {
        q->pattern = q->route->path;
        if (q->route->writes)
            s->cache = CACHE_NEVER;
        if (allowed(r, q, s) && (f = call(r, q, s)) != NULL)
            answer_fault(r, q, s, f);
    }
}

struct fault *router_fetch(struct router *r, struct request *q, struct response *s)
{
    const char *allow = "";
    routing_begin(r, q, s);
    q->route = q->refused || strcmp(q->method, "GET") != 0 ? NULL : find(r, q, &allow);
    if (!q->route)
        return fault(FAULT_NOT_FOUND, "There is nothing at this address.");
    q->pattern = q->route->path;
    if (!(q->visitor.roles & q->route->right))
        return fault(FAULT_DENIED, "You may not do this.");
    return call(r, q, s);
}

void *request_owner(const struct request *q)
{
    return q->routing->router->options.owner;
}

const char *request_token(const struct request *q)
{
    return token_for(q->routing);
}

const char *request_seal(const struct request *q, const char *kind, int64_t number)
{
    return number_seal(q->arena, q->routing->router->options.secret, kind, number);
}

bool request_unseal(const struct request *q, const char *kind, const char *sealed, int64_t *number)
{
    return number_unseal(q->routing->router->options.secret, kind, sealed, number);
}

const char *request_part(const struct request *q, const char *name)
{
    return param_text(&q->parts, name);
}

int64_t request_id(const struct request *q, const char *name)
{
    return strtoll(request_part(q, name), NULL, 10);
}
