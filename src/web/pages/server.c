/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "pages/server.h"

#include <sodium.h>
#include <string.h>

#include "api/api.h"
#include "assets/serve.h"
#include "hurry/hurry.h"
#include "i18n/i18n.h"
#include "log/log.h"
#include "once/once.h"
#include "pages/problem_view.h"
#include "pages/sheet_answer.h"

struct server {
    struct house *house;
    struct router *router;
    struct http_options http;
    struct http_server *running;
    void (*ready)(const char *url, const struct house *);
    const char *url;
};

static struct fault *mark_seen(const struct actor *actor, const char *token)
{
    if (!may_wait())
        return hurry_fault();
    struct fault *failed = accounts_session_seen(actor->house, token);
    if (failed) /* a disk that is full is no reason not to read; the session ends earlier */
        log_fault("session seen", failed);
    return NULL;
}

/* The session that the browser brings; person 0: none. */
static struct fault *recognise_session(const struct request *r, struct actor *actor)
{
    const char *token = param(&r->cookies, "grappe_session");
    if (token && *token)
        TRY(accounts_session(actor->house, actor->space, token, &actor->session));
    return actor->session.unmarked ? mark_seen(actor, token) : NULL;
}

/* Whoever may no longer sign in has no session left; whose role now needs a second step signs in again. Both
 * are visitors from this very request on. */
static struct fault *judge_session(struct request *r, struct actor *actor)
{
    const struct viewer *viewer = door_viewer(actor->door);
    struct session *s = &actor->session;
    if (s->person && !viewer_signed_in(viewer))
        TRY(accounts_sessions_end(actor->house, actor->space, s->person, 0));
    if (viewer_signed_in(viewer) && s->person && s->factors < 2 && (s->wanted & viewer->roles))
        TRY(door_open(actor->space->space, r->arena, 0, &actor->door));
    if (!viewer_signed_in(door_viewer(actor->door)))
        *s = (struct session){0};
    return NULL;
}

static struct fault *identify(void *owner, struct request *r, struct visitor *visitor)
{
    struct server *s = owner;
    struct actor *actor = NEW(r->arena, struct actor, 1);
    bool api = path_is_api(r->path);
    int64_t person = 0;
    *actor = (struct actor){
        .server = s, .house = s->house, .space = house_for_host(s->house, request_header(r, "Host"))};
    visitor->actor = actor;
    if (!actor->space)
        return fault(FAULT_NOT_FOUND, "This server holds no space yet: make one with grappe init.");
    TRY(api ? api_recognise(r, actor, visitor, &person) : recognise_session(r, actor));
    TRY(door_open(actor->space->space, r->arena, api ? person : actor->session.person, &actor->door));
    TRY(judge_session(r, actor));
    if (api)
        door_read_as(actor->door, READING_PROGRAM);
    visitor->roles = door_viewer(actor->door)->roles;
    bool known = viewer_signed_in(door_viewer(actor->door));
    visitor->session = known && !api ? param(&r->cookies, "grappe_session") : NULL;
    if (api && person && !known) /* whoever may no longer sign in */
        api_refuse_token(r);
    return NULL;
}

/* What a form is drawn after: the same form posted twice is the same request, drawn again after it is another.
 * What others write changes nothing here: it may be hidden, and a page tells nothing of it. */
static bool drawn_after(void *owner, const struct request *r, int64_t *own)
{
    (void)owner;
    const struct actor *actor = r->visitor.actor;
    if (!actor || !actor->door || !door_viewer(actor->door)->person)
        return false;
    *own = door_answered(actor->door);
    return true;
}

static void error_page(void *owner, struct request *r, struct response *answer, int status,
                       const char *message)
{
    (void)owner;
    const struct actor *actor = r->visitor.actor;
    if (path_is_api(r->path)) {
        api_error_page(r, answer, status, message);
        return;
    }
    if (!actor || !actor->door) { /* no space, or not far enough to know it: no frame to draw */
        html(answer->html,
             "<!doctype html><html lang=\"%s\"><meta "
             "charset=\"utf-8\"><title>%s</title><h1>%s</h1></html>",
             language_code(language()), message, message);
        return;
    }
    problem_draw(r, answer, status, message);
}

static struct fault *assemble(struct arena *a, struct house *house, const struct server_options *o,
                              struct server **out)
{
    struct server *s = NEW(a, struct server, 1);
    *s = (struct server){.house = house, .url = o->url};
    struct router_options options = {.owner = s,
                                     .identify = identify,
                                     .write = once_write,
                                     .drawn_after = drawn_after,
                                     .error_page = error_page,
                                     .sign_in = "/connexion"};
    TRY(house_secret(house, options.secret));
    s->router = router_new(a, &options);
    const struct {
        const struct route *routes;
        size_t count;
    } tables[] = {{session_routes, session_route_count},
                  {directory_routes, directory_route_count},
                  {organisation_routes, organisation_route_count},
                  {need_routes, need_route_count},
                  {today_routes, today_route_count},
                  {introduction_routes, introduction_route_count},
                  {agreement_routes, agreement_route_count},
                  {reminder_routes, reminder_route_count},
                  {funnel_routes, funnel_route_count},
                  {member_routes, member_route_count},
                  {grappe_routes, grappe_route_count},
                  {attached_routes, attached_route_count},
                  {document_routes, document_route_count},
                  {record_routes, record_route_count},
                  {activity_routes, activity_route_count},
                  {data_routes, data_route_count},
                  {import_routes, import_route_count},
                  {taxonomy_routes, taxonomy_route_count},
                  {job_routes, job_route_count},
                  {token_routes, token_route_count},
                  {sign_in_routes, sign_in_route_count},
                  {account_routes, account_route_count},
                  {invitation_routes, invitation_route_count},
                  {letter_routes, letter_route_count},
                  {mail_act_routes, mail_act_route_count},
                  {asset_routes, asset_route_count}};
    for (size_t i = 0; i < COUNT(tables); i++)
        router_add(s->router, tables[i].routes, tables[i].count);
    for (size_t i = 0; i < api_table_count; i++)
        router_add(s->router, api_tables[i].routes, *api_tables[i].count);
    TRY(router_check(s->router));
    sheet_add_jobs(s, house_jobs(house));
    s->http = (struct http_options){.address = o->address,
                                    .port = o->port,
                                    .secure = o->secure,
                                    .behind_proxy = o->behind_proxy,
                                    .programs = "/api/",
                                    .owner = s->router,
                                    .handle = router_handle,
                                    .passage = router_passage,
                                    .body_limit = router_body_limit};
    *out = s;
    return NULL;
}

/* Where nobody said how the server is reached: where it listens. */
static const char *own_url(struct arena *a, const struct http_options *o, const struct http_server *running)
{
    const char *address = o->address ? o->address : "127.0.0.1";
    return arena_print(a, strchr(address, ':') ? "http://[%s]:%d" : "http://%s:%d", address,
                       http_port(running));
}

struct fault *server_start(struct arena *a, struct house *house, const struct server_options *o,
                           struct server **out)
{
    TRY(assemble(a, house, o, out));
    if (o->mailbox)
        house_fetch_from(house, o->mailbox, o->vouching);
    TRY(house_start(house));
    TRY(http_start(&(*out)->http, &(*out)->running));
    house_set_url(house, o->url ? o->url : own_url(a, &(*out)->http, (*out)->running));
    return NULL;
}

int server_port(const struct server *s)
{
    return http_port(s->running);
}

struct router *server_router(const struct server *s)
{
    return s->router;
}

struct house *server_house(const struct server *s)
{
    return s->house;
}

struct fault *server_work(struct house *house, size_t *ran)
{
    ARENA_SCOPE(work);
    struct server *s = NULL;
    TRY(assemble(work, house, &(struct server_options){0}, &s));
    return house_work(house, ran);
}

struct fault *server_stop(struct server *s)
{
    enum { GRACE_S = 5 };
    return http_stop(s->running, GRACE_S);
}

/* http_serve knows the router; the server that is running is the only one of its process. */
static struct server *serving;

static void tell_ready(void *router, const struct http_server *running)
{
    (void)router;
    ARENA_SCOPE(work);
    const char *url = own_url(work, &serving->http, running);
    house_set_url(serving->house, serving->url ? serving->url : url);
    serving->ready(url, serving->house);
}

static struct fault *serve_house(struct arena *a, struct house *house, const struct server_options *o,
                                 void (*ready)(const char *url, const struct house *))
{
    TRY(assemble(a, house, o, &serving));
    serving->ready = ready;
    if (o->mail)
        TRY(post_by_smtp(house_post(house), o->mail));
    if (o->mailbox)
        house_fetch_from(house, o->mailbox, o->vouching);
    TRY(house_start(house));
    return http_serve(&serving->http, tell_ready);
}

struct fault *server_run(const struct server_options *o, void (*ready)(const char *url, const struct house *))
{
    struct arena *a = arena_new(LIMIT_COMMAND_MEMORY);
    struct house *house = NULL;
    struct fault *failed = house_open_places(&o->places, &house);
    if (!failed) {
        failed = serve_house(a, house, o, ready);
        house_close(house);
    }
    arena_free(a);
    return failed;
}
