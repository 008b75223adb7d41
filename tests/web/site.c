/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/site.h"

#include <string.h>
#include <time.h>

#include "clock/clock.h"
#include "hurry/hurry.h"

static struct fault *home(struct request *r, struct response *s)
{
    html(s->html, "<p>%s %s</p>", r->language == LANGUAGE_FR ? "bonjour" : "hello",
         param_text(&r->query, "q"));
    return NULL;
}

static struct fault *held(struct request *r, struct response *s)
{
    struct site *site = request_owner(r);
    atomic_fetch_add(&site->held, 1);
    while (!atomic_load(&site->released))
        (void)nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    atomic_fetch_sub(&site->held, 1);
    html(s->html, "released");
    return NULL;
}

static struct fault *large(struct request *r, struct response *s)
{
    struct site *site = request_owner(r);
    atomic_fetch_add(&site->drawn, 1);
    html(s->html, "<p>%s, %s, %s: %lld</p>\n", r->target, language_code(r->language),
         r->visitor.session ? r->visitor.session : "", (long long)site->shown);
    for (int i = 0; i < 500; i++)
        html(s->html, "<p>ligne %d de la page</p>\n", i);
    return NULL;
}

/* Waits, and what refuses that is passed over; or takes longer than a loop has. */
static struct fault *quick(struct request *r, struct response *s)
{
    struct site *site = request_owner(r);
    atomic_fetch_add(&site->quick, 1);
    const char *waited = param(&r->query, "wait") && may_wait() ? "waited" : "";
    int64_t until_us = monotonic_us() + (param(&r->query, "long") ? 20 * LIMIT_LOOP_US : 0);
    while (monotonic_us() < until_us)
        if (hurry_is_over())
            return hurry_fault();
    html(s->html, "quick %s", waited);
    return NULL;
}

static struct fault *version(const struct request *r, uint64_t *version)
{
    const struct site *site = request_owner(r);
    *version = (uint64_t)site->version;
    return NULL;
}

static struct fault *form(struct request *r, struct response *s)
{
    (void)r;
    html(s->html, "<form method=\"post\" action=\"/save\">");
    html_token(s->html);
    html(s->html, "</form>");
    return NULL;
}

static struct fault *save(struct request *r, struct response *s)
{
    struct site *site = request_owner(r);
    atomic_fetch_add(&site->saved, 1);
    response_cookie(s, "saved", "yes", 60);
    response_redirect(s, param_text(&r->form, "to"));
    return NULL;
}

static struct fault *upload(struct request *r, struct response *s)
{
    size_t bytes = 0;
    for (size_t i = 0; i < r->upload_count; i++)
        bytes += r->uploads[i].content.len;
    html(s->html, "%zu files, %zu bytes, first %s", r->upload_count, bytes,
         r->upload_count ? r->uploads[0].file_name : "");
    return NULL;
}

static struct fault *thing(struct request *r, struct response *s)
{
    html(s->html, "thing %lld", (long long)request_id(r, "id"));
    return request_id(r, "id") > 100 ? fault(FAULT_NOT_FOUND, "Thing of a secret name is hidden.") : NULL;
}

static struct fault *named(struct request *r, struct response *s)
{
    html(s->html, "name %s", request_part(r, "name"));
    return NULL;
}

static struct fault *newest(struct request *r, struct response *s)
{
    (void)r;
    html(s->html, "the newest");
    return NULL;
}

static struct fault *fails(struct request *r, struct response *s)
{
    const char *how = request_part(r, "how");
    html(s->html, "half a page");
    for (int code = FAULT_INVALID; code <= FAULT_BUG; code++)
        if (strcmp(how, fault_code_name((enum fault_code)code)) == 0)
            return fault((enum fault_code)code, "Failed on purpose.");
    if (strcmp(how, "memory") == 0)
        (void)NEW(r->arena, char, LIMIT_REQUEST_MEMORY + 1);
    return NULL;
}

static struct fault *members(struct request *r, struct response *s)
{
    html(s->html, "for %s", r->visitor.session);
    return NULL;
}

static struct fault *file(struct request *r, struct response *s)
{
    s->type = "text/csv; charset=utf-8";
    s->file_name = "Liste \"été\".csv";
    s->cache = CACHE_NEVER;
    buffer_text(s->body, "a;b\r\n");
    response_header(s, "X-Given", param_text(&r->query, "x"));
    return NULL;
}

static const struct route routes[] = {
    {"GET", "/", home, .right = ROLES_ANYONE, .summary = "Home"},
    {"GET", "/held", held, .right = ROLES_ANYONE, .slow = "slowly", .summary = "Waits until released"},
    {"GET", "/quick", quick, .right = ROLES_ANYONE, .quick = true, .summary = "Answered by the loop"},
    {"GET", "/large", large, .right = ROLES_ANYONE, .summary = "Large"},
    {"GET", "/versioned", large, .right = ROLES_ANYONE, .version = version,
     .summary = "Large, with a version"},
    {"GET", "/form", form, .right = ROLES_ANYONE, .summary = "A form"},
    {"POST", "/save", save, .right = ROLES_ANYONE, .writes = true, .summary = "Save"},
    {"POST", "/members/save", save, .right = ROLE_MEMBER, .writes = true, .summary = "Save as a member"},
    {"POST", "/upload", upload, .right = ROLES_ANYONE, .writes = true, .uploads = true,
     .summary = "Send files"},
    {"GET", "/things/{id}", thing, .right = ROLES_ANYONE, .summary = "A thing"},
    {"GET", "/things/newest", newest, .right = ROLES_ANYONE, .summary = "The newest thing"},
    {"GET", "/things/{name}", named, .right = ROLES_ANYONE, .summary = "A thing by name"},
    {"GET", "/fails/{how}", fails, .right = ROLES_ANYONE, .summary = "Fails"},
    {"POST", "/fails/{how}", fails, .right = ROLES_ANYONE, .writes = true, .summary = "Fails"},
    {"GET", "/members", members, .right = ROLES_SIGNED_IN, .summary = "For members"},
    {"GET", "/members/versioned", members, .right = ROLES_SIGNED_IN, .version = version,
     .summary = "For members, with a version"},
    {"GET", "/facilitators", members, .right = ROLE_FACILITATOR, .summary = "For facilitators"},
    {"GET", "/file", file, .right = ROLES_ANYONE, .summary = "A download"},
    {"GET", "/static", newest, .right = ROLES_ANYONE, .anonymous = true, .summary = "The same for all"},
};

static struct fault *identify(void *owner, struct request *r, struct visitor *v)
{
    struct site *site = owner;
    const char *who = param_text(&r->cookies, "who");
    atomic_fetch_add(&site->identified, 1);
    if (strcmp(who, "broken") == 0)
        return fault(FAULT_IO, "The directory of sessions does not answer.");
    int role = strcmp(who, "member") == 0        ? ROLE_MEMBER
               : strcmp(who, "facilitator") == 0 ? ROLE_FACILITATOR
                                                 : 0;
    if (role)
        *v = (struct visitor){.roles = ROLE_VISITOR | role,
                              .session = arena_print(r->arena, "session-%s", who)};
    return NULL;
}

static void error_page(void *owner, struct request *r, struct response *s, int status, const char *message)
{
    (void)owner;
    html(s->html, "<h1>%d</h1><p>%s</p>%s", status, message,
         r->visitor.session ? r->visitor.session : "visitor");
}

const unsigned char site_secret[32] = {7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
                                       7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7};

struct router *site_router(struct arena *a, struct site *site)
{
    struct router_options options = {
        .owner = site, .identify = identify, .error_page = error_page, .sign_in = "/connexion"};
    memcpy(options.secret, site_secret, sizeof site_secret);
    struct router *r = router_new(a, &options);
    router_add(r, routes, COUNT(routes));
    return r;
}
