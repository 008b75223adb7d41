/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "test.h"

#include <string.h>

#include "house/sealed.h"
#include "http/exchange.h"
#include "router/match.h"
#include "router/token.h"
#include "web/site.h"

static struct site site;

struct asked {
    const char *method, *target, *cookie, *fetch_site, *origin, *token_header, *body;
};

static void release(void *arena)
{
    arena_free(arena);
}

/* One exchange without a socket, in an arena of its own that ends with the test's. */
static struct response *ask(struct arena *test, struct asked q)
{
    struct arena *a = arena_new(LIMIT_REQUEST_MEMORY);
    arena_defer(test, release, a);
    struct router *router = site_router(a, &site);
    assert_ok(router_check(router));
    struct request *r = NEW(a, struct request, 1);
    const struct param all[] = {{"Host", "grappe.test"},
                                {"Cookie", q.cookie},
                                {"Sec-Fetch-Site", q.fetch_site},
                                {"Origin", q.origin},
                                {"X-CSRF", q.token_header},
                                {"Accept-Language", "en"},
                                {"Content-Type", q.body ? "application/x-www-form-urlencoded" : NULL}};
    struct param *headers = NEW(a, struct param, COUNT(all));
    *r = (struct request){.arena = a, .method = q.method};
    for (size_t i = 0; i < COUNT(all); i++)
        if (all[i].value)
            headers[r->headers.count++] = all[i];
    r->headers.at = headers;
    struct response *s = response_new(a, false);
    request_read(r, q.target, slice_of(q.body), false);
    router_handle(router, r, s);
    language_set(LANGUAGE_FR);
    return s;
}

static const char *header_of(const struct response *s, const char *name)
{
    return param(&s->headers, name);
}

static void assert_body(const struct response *s, const char *text)
{
    if (!strstr(buffer_string(s->body), text))
        fail_msg("\"%s\" is not in \"%s\"", text, buffer_string(s->body));
}

static const char *visitor_token(struct arena *a)
{
    char *token = NEW(a, char, TOKEN_LENGTH + 1);
    token_make(site_secret, "visitor", "0123456789abcdef0123456789abcdef", token);
    return token;
}
#define VISITOR "grappe_visitor=0123456789abcdef0123456789abcdef"

static const char *member_token(struct arena *a)
{
    char *token = NEW(a, char, TOKEN_LENGTH + 1);
    token_make(site_secret, "session", "session-member", token);
    return token;
}

static void literal_paths_go_before_integers_before_texts(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    assert_body(ask(a, (struct asked){"GET", "/things/newest"}), "the newest");
    assert_body(ask(a, (struct asked){"GET", "/things/12"}), "thing 12");
    assert_body(ask(a, (struct asked){"GET", "/things/a%20b"}), "name a b");
    assert_int_equal(ask(a, (struct asked){"GET", "/nowhere"})->status, 404);
}

static void a_wrong_method_is_told_the_right_ones(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct response *s = ask(a, (struct asked){"DELETE", "/fails/bug"});
    assert_int_equal(s->status, 405);
    assert_string_equal(header_of(s, "Allow"), "GET, HEAD, POST");
    assert_int_equal(ask(a, (struct asked){"HEAD", "/"})->status, 200);
}

static void each_fault_has_its_status(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    static const struct {
        const char *path;
        int status;
        const char *words;
    } cases[] = {{"/fails/invalid", 422, "Failed on purpose"},
                 {"/fails/not_found", 404, "nothing at this address"},
                 {"/fails/conflict", 409, "Failed on purpose"},
                 {"/fails/denied", 403, "Failed on purpose"},
                 {"/fails/limit", 503, "try again"},
                 {"/fails/io", 503, "try again"},
                 {"/fails/bug", 500, "on our side"},
                 {"/fails/memory", 503, "try again"},
                 {"/fails/never", 200, "half a page"}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct response *s = ask(a, (struct asked){"GET", cases[i].path});
        print_message("# %s\n", cases[i].path);
        assert_int_equal(s->status, cases[i].status);
        assert_body(s, cases[i].words);
        assert_int_equal(strstr(buffer_string(s->body), "half a page") != NULL, cases[i].status == 200);
    }
    assert_int_equal(fault_status(FAULT_LIMIT, "POST"), 413);
}

static void hidden_and_absent_look_alike(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct response *hidden = ask(a, (struct asked){"GET", "/things/101"}),
                    *absent = ask(a, (struct asked){"GET", "/nowhere"});
    assert_int_equal(hidden->status, 404);
    assert_string_equal(buffer_string(hidden->body), buffer_string(absent->body));
    assert_string_equal(header_of(hidden, "Cache-Control") ? "?" : "",
                        header_of(absent, "Cache-Control") ? "?" : "");
}

static void visitors_are_sent_to_sign_in_and_the_others_refused(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct response *s = ask(a, (struct asked){"GET", "/members?a=1&b=%2F"});
    assert_int_equal(s->status, 303);
    assert_string_equal(header_of(s, "Location"), "/connexion?retour=%2Fmembers%3Fa%3D1%26b%3D%252F");
    assert_int_equal(ask(a, (struct asked){"GET", "/members", .cookie = "who=member"})->status, 200);
    s = ask(a, (struct asked){"GET", "/facilitators", .cookie = "who=member"});
    assert_int_equal(s->status, 403);
    assert_body(s, "session-member");
    assert_int_equal(ask(a, (struct asked){"GET", "/facilitators", .cookie = "who=facilitator"})->status,
                     200);
    s = ask(a, (struct asked){"POST", "/members/save", .cookie = VISITOR,
                              .body = arena_print(a, "csrf=%s", visitor_token(a))});
    assert_int_equal(s->status, 403);
    assert_int_equal(ask(a, (struct asked){"GET", "/", .cookie = "who=broken"})->status, 503);
}

static void anonymous_routes_do_not_ask_who(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    int before = site.identified;
    assert_int_equal(ask(a, (struct asked){"GET", "/static", .cookie = "who=broken"})->status, 200);
    assert_int_equal(site.identified, before);
}

static void writes_need_the_token_of_the_visitor(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    const char *good = arena_print(a, "to=%%2Fa&csrf=%s", visitor_token(a));
    const char *of_member = arena_print(a, "csrf=%s", member_token(a));
    const struct {
        struct asked q;
        bool passes;
    } cases[] = {
        {{"POST", "/save", VISITOR, "same-origin", NULL, NULL, good}, true},
        {{"POST", "/save", VISITOR, "none", NULL, NULL, good}, true},
        {{"POST", "/save", VISITOR, NULL, "https://grappe.test", NULL, good}, true},
        {{"POST", "/save", VISITOR, NULL, NULL, NULL, good}, true},
        {{"POST", "/save", VISITOR, NULL, NULL, visitor_token(a), "to=/a"}, true},
        {{"POST", "/save", "who=member", NULL, NULL, NULL, of_member}, true},
        {{"POST", "/members/save", "who=member", "same-origin", NULL, NULL, of_member}, true},
        {{"POST", "/save", VISITOR, "cross-site", NULL, NULL, good}, false},
        {{"POST", "/save", VISITOR, "same-site", NULL, NULL, good}, false},
        {{"POST", "/save", VISITOR, "cross-site", "https://grappe.test", NULL, good}, false},
        {{"POST", "/save", VISITOR, NULL, "https://evil.test", NULL, good}, false},
        {{"POST", "/save", VISITOR, NULL, "https://grappe.test.evil", NULL, good}, false},
        {{"POST", "/save", VISITOR, NULL, "null", NULL, good}, false},
        {{"POST", "/save", VISITOR, "same-origin", NULL, NULL, "to=/a"}, false},
        {{"POST", "/save", VISITOR, "same-origin", NULL, NULL, "csrf="}, false},
        {{"POST", "/save", VISITOR, "same-origin", NULL, NULL, of_member}, false},
        {{"POST", "/save", "who=member", "same-origin", NULL, NULL, good}, false},
        {{"POST", "/save", "who=facilitator", "same-origin", NULL, NULL, of_member}, false},
        {{"POST", "/save", NULL, "same-origin", NULL, NULL, good}, false},
        {{"POST", "/save", NULL, "same-origin", NULL, NULL, NULL}, false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        int before = site.saved;
        struct response *s = ask(a, cases[i].q);
        print_message("# case %zu\n", i);
        assert_int_equal(s->status, cases[i].passes ? 303 : 403);
        assert_int_equal(site.saved - before, cases[i].passes);
    }
}

static void forms_carry_the_token_and_visitors_their_cookie(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct response *s = ask(a, (struct asked){"GET", "/form", .cookie = VISITOR});
    assert_body(s, arena_print(a, "name=\"csrf\" value=\"%s\"", visitor_token(a)));
    assert_null(header_of(s, "Set-Cookie"));
    s = ask(a, (struct asked){"GET", "/form"});
    const char *cookie = header_of(s, "Set-Cookie");
    assert_non_null(cookie);
    char *pair = arena_text(a, cookie, strcspn(cookie, ";")),
         *given = strstr(buffer_string(s->body), "value=\"");
    assert_non_null(given);
    const char *body = arena_print(a, "csrf=%.32s", given + 7);
    assert_int_equal(ask(a, (struct asked){"POST", "/save", .cookie = pair, .body = body})->status, 303);
    assert_null(header_of(ask(a, (struct asked){"GET", "/"}), "Set-Cookie"));
}

static void redirects_stay_here(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    static const struct {
        const char *typed, *leads;
    } cases[] = {
        {"%2Fa%3Fb%3D1", "/a?b=1"},      {"%2F%2Fevil.test", "/"}, {"https://evil.test", "/"}, {"", "/"},
        {"%2Fa%0D%0ASet-Cookie:x", "/"}, {"%2F%5Cevil.test", "/"}, {"%2F%09%2Fevil.test", "/"}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *body = arena_print(a, "to=%s&csrf=%s", cases[i].typed, visitor_token(a));
        struct response *s = ask(a, (struct asked){"POST", "/save", .cookie = VISITOR, .body = body});
        assert_string_equal(header_of(s, "Location"), cases[i].leads);
    }
    assert_null(header_of(ask(a, (struct asked){"GET", "/file?x=1%0D%0ASet-Cookie:a"}), "X-Given"));
}

static struct fault *nothing(struct request *r, struct response *s)
{
    (void)r, (void)s;
    return NULL;
}

static struct fault *same(const struct request *r, uint64_t *version)
{
    (void)r;
    *version = 1;
    return NULL;
}

static void a_careless_route_does_not_start(void **state)
{
    (void)state;
    static const struct route bad[][2] = {
        {{"GET", "/a", nothing, .summary = "no right"}},
        {{"GET", "/a", nothing, .right = 1}},
        {{"GET", "/a", NULL, .right = 1, .summary = "no handler"}},
        {{"POST", "/a", nothing, .right = 1, .summary = "does not say that it writes"}},
        {{"GET", "/a", nothing, .right = 1, .writes = true, .summary = "a GET that writes"}},
        {{"POST", "/a", nothing, .right = 1, .writes = true, .version = same, .summary = "kept by browsers"}},
        {{"POST", "/a", nothing, .right = 1, .writes = true, .quick = true,
          .summary = "a loop never writes"}},
        {{"GET", "/a", nothing, .right = 1, .slow = "", .quick = true, .summary = "quick, and slow"}},
        {{"GET", "a", nothing, .right = 1, .summary = "no path"}},
        {{"GET", NULL, nothing, .right = 1, .summary = "no path"}},
        {{"FETCH", "/a", nothing, .right = 1, .summary = "no method"}},
        {{"GET", "/a", nothing, .right = ROLE_MEMBER, .anonymous = true, .summary = "not for everybody"}},
        {{"GET", "/a/{id}", nothing, .right = 1, .summary = "twice"},
         {"GET", "/a/{other_id}", nothing, .right = 1, .summary = "twice"}},
    };
    for (size_t i = 0; i < COUNT(bad); i++) {
        ARENA_SCOPE(a);
        struct router *r = router_new(a, &(struct router_options){0});
        router_add(r, bad[i], bad[i][1].method ? 2 : 1);
        print_message("# case %zu\n", i);
        assert_fault(router_check(r), FAULT_BUG);
    }
}

static void routes_can_be_listed(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct router *r = site_router(a, &site);
    assert_ok(router_check(r));
    size_t count;
    const struct route *const *all = router_routes(r, &count);
    assert_int_equal(count, 19);
    for (size_t i = 0; i < count; i++)
        assert_true(all[i]->right && all[i]->summary);
    assert_int_equal(router_body_limit(r, "POST", "/upload?x=1"), LIMIT_UPLOAD);
    assert_int_equal(router_body_limit(r, "POST", "/save"), LIMIT_BODY);
    assert_int_equal(router_body_limit(r, "GET", "/upload"), LIMIT_BODY);
}

static void a_request_is_answered_where_its_route_says(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    static const struct {
        const char *method, *target, *path;
        bool known;
        enum lane lane;
    } cases[] = {{"GET", "/quick", "/quick", false, LANE_LOOP},
                 {"HEAD", "/quick?x=1", "/quick", false, LANE_LOOP},
                 {"POST", "/quick", NULL, false, LANE_WORKERS},
                 {"GET", "/quicker", NULL, false, LANE_WORKERS},
                 {"GET", "/quic", NULL, false, LANE_WORKERS},
                 {"GET", "/versioned", "/versioned", false, LANE_WORKERS},
                 {"GET", "/versioned", "/versioned", true, LANE_LOOP},
                 {"GET", "/large", "/large", true, LANE_WORKERS},
                 {"GET", "/held?slowly", "/held", true, LANE_SLOW},
                 {"HEAD", "/held?slowly", "/held", false, LANE_SLOW},
                 {"GET", "/held", "/held", false, LANE_WORKERS},
                 {"GET", "/things/newest", "/things/newest", false, LANE_WORKERS},
                 {"GET", "/things/7", "/things/{id}", false, LANE_WORKERS},
                 {"GET", "/things/{na", "/things/{name}", false, LANE_WORKERS}};
    struct router *r = site_router(a, &site);
    assert_ok(router_check(r));
    for (size_t i = 0; i < COUNT(cases); i++) {
        print_message("# %s %s\n", cases[i].method, cases[i].target);
        struct passage p = router_passage(r, cases[i].method, cases[i].target, cases[i].known);
        assert_int_equal(p.lane, cases[i].lane);
        assert_string_equal(p.route ? p.route->path : "none", cases[i].path ? cases[i].path : "none");
    }
}

static const struct route *first_fitting(const struct router *r, const char *path)
{
    size_t count;
    const struct route *const *all = router_routes(r, &count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(all[i]->method, "GET") == 0 && path_may_fit(all[i]->path, path))
            return all[i];
    return NULL;
}

/* Routes are found by their heads; that is only faster than trying one after the other. */
static void a_route_is_found_as_if_all_were_tried(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    static const char *const patterns[] = {"/",       "/{x}",      "/a",          "/a/{id}",     "/a/{x}",
                                           "/a/b",    "/a/b/{id}", "/a/{id}/b",   "/a/{x}/b",    "/{x}/{y}",
                                           "/{id}/a", "/a-b/{x}",  "/b/{x}/{id}", "/b/{id}/{x}", "/b/a/{x}"};
    static const char *const pieces[] = {"/a", "/b", "/7", "/", "/a-b", "/c", "?q=/a/7"};
    struct route routes[COUNT(patterns)];
    struct router *r = router_new(a, &(struct router_options){0});
    for (size_t i = 0; i < COUNT(patterns); i++)
        routes[i] = (struct route){"GET", patterns[i], nothing, .right = 1, .summary = "one"};
    router_add(r, routes, COUNT(routes));
    assert_ok(router_check(r));
    size_t found = 0;
    for (size_t i = 0; i < COUNT(pieces) * COUNT(pieces) * COUNT(pieces) * COUNT(pieces); i++) {
        size_t left = i;
        const char *path = "";
        for (int k = 0; k < 4; k++, left /= COUNT(pieces))
            path = arena_print(a, "%s%s", path, pieces[left % COUNT(pieces)]);
        const struct route *expected = first_fitting(r, path),
                           *given = router_passage(r, "GET", path, false).route;
        if (given != expected)
            fail_msg("%s: %s, not %s", path, given ? given->path : "none",
                     expected ? expected->path : "none");
        found += expected != NULL;
    }
    assert_true(found > 100);
}

static void unreadable_requests_get_a_page(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct response *s = ask(a, (struct asked){"GET", "/?q=%zz", .cookie = "who=member"});
    assert_int_equal(s->status, 400);
    assert_body(s, "session-member");
}

/* Comes back as it went, to the server that gave it and as what it was given for. */
static void a_sealed_number_comes_back_or_not_at_all(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    const unsigned char ours[SEAL_SECRET] = {1}, theirs[SEAL_SECRET] = {2};
    const int64_t numbers[] = {0, 1, -1, 42, INT64_MAX};
    for (size_t i = 0; i < COUNT(numbers); i++) {
        int64_t back = 7;
        char *sealed = arena_print(a, "%s", number_seal(a, ours, "feed", numbers[i]));
        assert_string_equal(sealed, number_seal(a, ours, "feed", numbers[i]));
        assert_string_not_equal(sealed, number_seal(a, ours, "feed", numbers[i] ^ 2));
        assert_true(number_unseal(ours, "feed", sealed, &back));
        assert_int_equal(back, numbers[i]);
        assert_false(number_unseal(theirs, "feed", sealed, &back));
        assert_false(number_unseal(ours, "list", sealed, &back));
        assert_false(number_unseal(ours, "feed", sealed + 2, &back));
        sealed[strlen(sealed) - 1] ^= 1; /* another digit */
        assert_false(number_unseal(ours, "feed", sealed, &back));
    }
    int64_t back;
    assert_false(number_unseal(ours, "feed", "", &back));
    assert_false(number_unseal(ours, "feed", "42", &back));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(literal_paths_go_before_integers_before_texts),
        cmocka_unit_test(a_wrong_method_is_told_the_right_ones),
        cmocka_unit_test(each_fault_has_its_status),
        cmocka_unit_test(hidden_and_absent_look_alike),
        cmocka_unit_test(visitors_are_sent_to_sign_in_and_the_others_refused),
        cmocka_unit_test(anonymous_routes_do_not_ask_who),
        cmocka_unit_test(writes_need_the_token_of_the_visitor),
        cmocka_unit_test(forms_carry_the_token_and_visitors_their_cookie),
        cmocka_unit_test(redirects_stay_here),
        cmocka_unit_test(a_careless_route_does_not_start),
        cmocka_unit_test(routes_can_be_listed),
        cmocka_unit_test(a_request_is_answered_where_its_route_says),
        cmocka_unit_test(a_route_is_found_as_if_all_were_tried),
        cmocka_unit_test(unreadable_requests_get_a_page),
        cmocka_unit_test(a_sealed_number_comes_back_or_not_at_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
