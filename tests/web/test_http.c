/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "test.h"

#include <arpa/inet.h>
#include <libdeflate.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "clock/clock.h"
#include "http/exchange.h"
#include "log/log.h"
#include "router/token.h"
#include "web/client.h"
#include "web/site.h"

static struct site site;
static struct http_server *server;
static struct arena *house;
static int port;

static void start(struct http_options options)
{
    house = arena_new(MIB);
    struct router *router = site_router(house, &site);
    assert_ok(router_check(router));
    options.owner = router;
    options.handle = router_handle;
    options.passage = router_passage;
    options.body_limit = router_body_limit;
    assert_ok(http_start(&options, &server));
    port = http_port(server);
    assert_true(port > 0);
}

static int start_usual(void **state)
{
    (void)state;
    log_quieter_than(LOG_ERROR);
    site.version = 1;
    start((struct http_options){.workers = 4});
    return 0;
}

static int stop(void **state)
{
    (void)state;
    assert_ok(http_stop(server, 10));
    arena_free(house);
    return 0;
}

static void a_page_comes_with_every_security_header(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    static const char *const pages[] = {"/", "/nowhere", "/members", "/fails/bug", "/?q=%zz"};
    static const char *const names[] = {"X-Content-Type-Options",     "Referrer-Policy",
                                        "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy",
                                        "Permissions-Policy",         "Cache-Control"};
    for (size_t i = 0; i < COUNT(pages); i++) {
        struct reply r = client_get(a, port, pages[i], "");
        print_message("# %s\n", pages[i]);
        for (size_t j = 0; j < COUNT(names); j++)
            assert_non_null(reply_header(a, &r, names[j]));
        const char *policy = reply_header(a, &r, "Content-Security-Policy");
        assert_non_null(policy);
        assert_non_null(strstr(policy, "default-src 'none'"));
        assert_null(strstr(policy, "unsafe"));
    }
}

static void the_language_is_the_cookies_then_the_browsers(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct reply r = client_get(a, port, "/", "");
    assert_true(reply_has(&r, "bonjour"));
    r = client_get(a, port, "/", "Accept-Language: en-GB,fr;q=0.5\r\n");
    assert_true(reply_has(&r, "hello"));
    r = client_get(a, port, "/", "Accept-Language: en\r\nCookie: grappe_lang=fr\r\n");
    assert_true(reply_has(&r, "bonjour"));
}

static char *inflated(struct arena *a, struct slice bytes)
{
    char *out = NEW(a, char, MIB);
    struct libdeflate_decompressor *d = libdeflate_alloc_decompressor();
    assert_non_null(d);
    assert_int_equal(libdeflate_gzip_decompress(d, bytes.ptr, bytes.len, out, MIB - 1, &(size_t){0}),
                     LIBDEFLATE_SUCCESS);
    libdeflate_free_decompressor(d);
    return out;
}

static void large_text_is_compressed_for_who_takes_it(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct reply plain = client_get(a, port, "/large", ""),
                 small = client_get(a, port, "/large", "Accept-Encoding: br, gzip;q=0.8\r\n"),
                 never = client_get(a, port, "/large", "Accept-Encoding: gzip;q=0\r\n"),
                 tiny = client_get(a, port, "/", "Accept-Encoding: gzip\r\n");
    assert_null(reply_header(a, &plain, "Content-Encoding"));
    assert_null(reply_header(a, &never, "Content-Encoding"));
    assert_null(reply_header(a, &tiny, "Content-Encoding"));
    assert_string_equal(reply_header(a, &small, "Content-Encoding"), "gzip");
    assert_true(small.body.len < plain.body.len / 4);
    assert_string_equal(inflated(a, small.body), arena_text(a, plain.body.ptr, plain.body.len));
    assert_non_null(strstr(reply_header(a, &plain, "Vary"), "Accept-Encoding"));
    assert_string_not_equal(reply_header(a, &plain, "ETag"), reply_header(a, &small, "ETag"));
}

static void what_the_browser_has_is_not_sent_again(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    static const char *const paths[] = {"/large", "/versioned"};
    static const char *const forms[] = {"If-None-Match: %s\r\n", "If-None-Match: \"x\", W/%s\r\n"};
    for (size_t i = 0; i < COUNT(paths); i++)
        for (size_t zip = 0; zip < 2; zip++) {
            const char *accept = zip ? "Accept-Encoding: gzip\r\n" : "";
            struct reply first = client_get(a, port, paths[i], accept);
            const char *tag = reply_header(a, &first, "ETag");
            assert_non_null(tag);
            for (size_t j = 0; j < COUNT(forms); j++) {
                int drawn = site.drawn;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
                char *match = arena_print(a, forms[j], tag);
#pragma GCC diagnostic pop
                struct reply again = client_get(a, port, paths[i], arena_print(a, "%s%s", accept, match));
                assert_int_equal(again.status, 304);
                assert_int_equal(again.body.len, 0);
                assert_int_equal(site.drawn - drawn, i == 0);
            }
        }
    struct reply other = client_get(a, port, "/large", "If-None-Match: \"0123\"\r\n");
    assert_int_equal(other.status, 200);
}

static void a_validator_knows_language_person_and_version(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct reply first = client_get(a, port, "/versioned", "");
    const char *match = arena_print(a, "If-None-Match: %s\r\n", reply_header(a, &first, "ETag"));
    assert_int_equal(client_get(a, port, "/versioned", match).status, 304);
    assert_int_equal(client_get(a, port, "/versioned?p=2", match).status, 200);
    assert_int_equal(
        client_get(a, port, "/versioned", arena_print(a, "%sAccept-Language: en\r\n", match)).status, 200);
    assert_int_equal(
        client_get(a, port, "/versioned", arena_print(a, "%sCookie: who=member\r\n", match)).status, 200);
    int drawn = site.drawn;
    site.version++; /* something was written of which nothing is to be seen */
    assert_int_equal(client_get(a, port, "/versioned", match).status, 304);
    assert_int_equal(site.drawn - drawn, 1);
    site.version++;
    site.shown++;
    assert_int_equal(client_get(a, port, "/versioned", match).status, 200);
}

static void a_tag_opens_nothing(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct reply own = client_get(a, port, "/members/versioned", "Cookie: who=member\r\n");
    const char *match = arena_print(a, "If-None-Match: %s\r\n", reply_header(a, &own, "ETag"));
    const char *member = arena_print(a, "Cookie: who=member\r\n%s", match);
    assert_int_equal(client_get(a, port, "/members/versioned", member).status, 304);
    assert_int_equal(client_get(a, port, "/members/versioned", match).status, 303);
    assert_int_equal(client_get(a, port, "/members/versioned", "If-None-Match: *\r\n").status, 303);
    const char *other = arena_print(a, "Cookie: who=facilitator\r\n%s", match);
    assert_int_equal(client_get(a, port, "/members/versioned", other).status, 200);
    const char *broken = arena_print(a, "Cookie: who=broken\r\n%s", match);
    assert_int_equal(client_get(a, port, "/members/versioned", broken).status, 503);
}

static void head_has_no_body(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct reply get = client_get(a, port, "/large", "");
    int s = client_connect(port);
    const char *head = "HEAD /large HTTP/1.1\r\nHost: x\r\n\r\nGET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n";
    client_send(s, head, strlen(head));
    struct reply r = client_read(a, s, true);
    assert_int_equal(r.status, 200);
    assert_string_equal(reply_header(a, &r, "Content-Length"), reply_header(a, &get, "Content-Length"));
    assert_string_equal(reply_header(a, &r, "ETag"), reply_header(a, &get, "ETag"));
    struct slice next =
        r.body.len ? r.body : S("HTTP/1.1 404"); /* had a body been sent, it would stand here */
    assert_true(slice_starts(next, S("HTTP/1.1 404")));
    (void)close(s);
}

static void wrong_methods_and_paths_are_told(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct reply r = client_post(a, port, "/large", "", "x=1");
    assert_int_equal(r.status, 405);
    assert_string_equal(reply_header(a, &r, "Allow"), "GET, HEAD");
    static const char *const odd[] = {"/../etc/passwd", "/%2e%2e/etc/passwd", "/things/..%2f..%2fetc",
                                      "//evil.test/",   "/things/%00",        "/assets/../http.c"};
    for (size_t i = 0; i < COUNT(odd); i++)
        assert_int_equal(client_get(a, port, odd[i], "").status, 404);
    assert_int_equal(client_get(a, port, "/?q=%zz", "").status, 400);
    assert_int_equal(client_get(a, port, "/?q=%00", "").status, 400);
    assert_int_equal(client_get(a, port, "http://localhost/", "").status, 400);
    assert_int_equal(client_get(a, port, arena_print(a, "/%09000d", 1), "").status, 414);
}

static void oversized_heads_are_refused(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct reply r = client_get(a, port, "/", arena_print(a, "X-Long: %040000d\r\n", 1));
    assert_true(r.status == 431 || r.status == 0);
    r = client_get(a, port, arena_print(a, "/%040000d", 1), "");
    assert_true(r.status == 414 || r.status == 0);
    assert_int_equal(client_get(a, port, "/", "").status, 200);
}

static const char *token(struct arena *a)
{
    char *made = NEW(a, char, TOKEN_LENGTH + 1);
    token_make(site_secret, "visitor", "0123456789abcdef0123456789abcdef", made);
    return made;
}
#define VISITOR "Cookie: grappe_visitor=0123456789abcdef0123456789abcdef\r\n"

static struct reply upload(struct arena *a, const char *path, size_t bytes)
{
    struct buffer *body = buffer_new(a, 400 * MIB), *all = buffer_new(a, 400 * MIB);
    buffer_print(body, "--XX\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n%s\r\n", token(a));
    buffer_text(body,
                "--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"../firmes.csv\"\r\n\r\n");
    for (size_t i = 0; i < bytes; i += 64)
        buffer_text(body, "a line of a long file, exactly as long as sixty-four bytes: end\n");
    buffer_text(body, "\r\n--XX--\r\n");
    buffer_print(all,
                 "POST %s HTTP/1.1\r\nHost: x\r\n" VISITOR
                 "Content-Type: multipart/form-data; boundary=XX\r\nContent-Length: %zu\r\n\r\n",
                 path, body->len);
    buffer_slice(all, buffer_view(body));
    return client_ask(a, port, all->ptr, all->len);
}

static void files_arrive_where_a_route_takes_them(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct reply r = upload(a, "/upload", 5 * MIB);
    assert_int_equal(r.status, 200);
    assert_true(reply_has(&r, "1 files, 5242880 bytes, first firmes.csv"));
    r = upload(a, "/save", 5 * MIB);
    assert_int_equal(r.status, 413);
    assert_true(reply_has(&r, "1 MiB") || reply_has(&r, "1 Mio"));
    r = upload(a, "/upload", 65 * MIB);
    assert_int_equal(r.status, 413);
}

static void absurd_bodies_are_refused_at_once(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct reply r = client_post(a, port, "/upload", "X: y\r\n", "");
    assert_int_equal(r.status, 403);
    const char *giant = "POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n";
    assert_int_equal(client_ask(a, port, giant, strlen(giant)).status, 413);
    const char *wrong = "POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n";
    assert_int_equal(client_ask(a, port, wrong, strlen(wrong)).status, 400);
    const char *chunked =
        "POST /save HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
    assert_int_equal(client_ask(a, port, chunked, strlen(chunked)).status, 411);
    const char *both =
        "POST /save HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n"
        "0\r\n\r\nGET /members HTTP/1.1\r\n\r\n";
    int status = client_ask(a, port, both, strlen(both)).status;
    assert_true(status == 411 || status == 400);
}

static void damaged_multipart_gets_a_400(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct reply r = client_post(a, port, "/upload", "Content-Type: multipart/form-data\r\n", "--XX--");
    assert_int_equal(r.status, 400);
    r = client_post(a, port, "/upload", "Content-Type: multipart/form-data; boundary=XX\r\n",
                    "--XX\r\nnever");
    assert_int_equal(r.status, 400);
    r = client_post(a, port, "/save", "", "a=%zz");
    assert_int_equal(r.status, 400);
}

static void forged_writes_stop_at_the_door(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    int before = site.saved;
    const char *body = arena_print(a, "to=/done&csrf=%s", token(a));
    assert_int_equal(client_post(a, port, "/save", VISITOR, "to=/done").status, 403);
    assert_int_equal(client_post(a, port, "/save", VISITOR "Sec-Fetch-Site: cross-site\r\n", body).status,
                     403);
    assert_int_equal(client_post(a, port, "/save", VISITOR "Origin: http://evil.test\r\n", body).status, 403);
    assert_int_equal(site.saved, before);
    struct reply r = client_post(a, port, "/save", VISITOR "Origin: http://localhost\r\n", body);
    assert_int_equal(r.status, 303);
    assert_string_equal(reply_header(a, &r, "Location"), "/done");
    assert_string_equal(reply_header(a, &r, "Set-Cookie"),
                        "saved=yes; Path=/; HttpOnly; SameSite=Lax; Max-Age=60");
    assert_string_equal(reply_header(a, &r, "Cache-Control"), "no-store");
    assert_int_equal(site.saved, before + 1);
}

static void downloads_have_a_name(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct reply r = client_get(a, port, "/file?x=1", "");
    assert_string_equal(
        reply_header(a, &r, "Content-Disposition"),
        "attachment; filename=\"Liste ___t___.csv\"; filename*=UTF-8''Liste%20%22%C3%A9t%C3%A9%22.csv");
    assert_string_equal(reply_header(a, &r, "Cache-Control"), "no-store");
    assert_null(reply_header(a, &r, "ETag"));
}

static const char held_request[] = "GET /held HTTP/1.1\r\nHost: x\r\n\r\n";

static int send_held(void)
{
    int s = client_connect(port);
    client_send(s, held_request, sizeof held_request - 1);
    return s;
}

static void wait_until_held(int count)
{
    while (atomic_load(&site.held) < count)
        (void)nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
}

/* If handlers ran in the loops, the fast pages would wait for the held ones, which wait for them. */
static void slow_pages_do_not_delay_fast_ones(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    int slow[3];
    atomic_store(&site.released, false);
    for (size_t i = 0; i < COUNT(slow); i++)
        slow[i] = send_held();
    wait_until_held(COUNT(slow));
    for (int i = 0; i < 50; i++)
        assert_int_equal(client_get(a, port, "/", "").status, 200);
    assert_int_equal(site.held, COUNT(slow));
    atomic_store(&site.released, true);
    for (size_t i = 0; i < COUNT(slow); i++) {
        assert_int_equal(client_read(a, slow[i], false).status, 200);
        (void)close(slow[i]);
    }
}

enum { WORKERS = 4 };

static void hold_all_workers(int held[WORKERS])
{
    atomic_store(&site.released, false);
    for (int i = 0; i < WORKERS; i++)
        held[i] = send_held();
    wait_until_held(WORKERS);
}

static void release_workers(const int held[WORKERS])
{
    ARENA_SCOPE(a);
    atomic_store(&site.released, true);
    for (int i = 0; i < WORKERS; i++) {
        assert_int_equal(client_read(a, held[i], false).status, 200);
        (void)close(held[i]);
    }
}

/* Else one would wait for a worker to hear that there is nothing to do. */
static void what_the_browser_has_is_told_while_all_workers_work(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct reply first = client_get(a, port, "/versioned", "");
    const char *match = arena_print(a, "If-None-Match: %s\r\n", reply_header(a, &first, "ETag"));
    int held[WORKERS];
    hold_all_workers(held);
    struct reply again = client_get(a, port, "/versioned", match);
    assert_int_equal(again.status, 304);
    assert_non_null(reply_header(a, &again, "Content-Security-Policy"));
    assert_string_equal(reply_header(a, &again, "ETag"), reply_header(a, &first, "ETag"));
    release_workers(held);
}

static void what_is_quick_is_answered_while_all_workers_work(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    int held[WORKERS], before = site.quick;
    hold_all_workers(held);
    struct reply r = client_get(a, port, "/quick", "");
    assert_int_equal(r.status, 200);
    assert_true(reply_has(&r, "quick"));
    assert_non_null(reply_header(a, &r, "Content-Security-Policy"));
    assert_int_equal(site.quick, before + 1);
    release_workers(held);
}

/* Whatever the handler made of the refusal: it began again, and what was said first is not sent. */
static void what_would_hold_a_loop_is_done_again_by_a_worker(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    static const char *const paths[] = {"/quick?wait=1", "/quick?long=1", "/quick?wait=1&long=1"};
    for (size_t i = 0; i < COUNT(paths); i++) {
        int before = site.quick;
        struct reply r = client_get(a, port, paths[i], "");
        assert_int_equal(r.status, 200);
        assert_true(reply_has(&r, "quick"));
        assert_int_equal(reply_has(&r, "waited"), strstr(paths[i], "wait") != NULL);
        assert_int_equal(site.quick, before + 2);
    }
}

static void two_hundred_connections_are_served_at_once(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    static int sockets[200];
    for (int round = 0; round < 3; round++) {
        const char *request = "GET /large HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n\r\n";
        for (size_t i = 0; i < COUNT(sockets); i++) {
            if (round == 0)
                sockets[i] = client_connect(port);
            client_send(sockets[i], request, strlen(request));
        }
        for (size_t i = 0; i < COUNT(sockets); i++)
            assert_int_equal(client_read(a, sockets[i], false).status, 200);
    }
    for (size_t i = 0; i < COUNT(sockets); i++)
        (void)close(sockets[i]);
}

/* Waits until so many of the sockets have something to read. */
static void wait_until_answered(const int *sockets, size_t count, int answered)
{
    for (int ready = 0; ready < answered;) {
        struct pollfd polled[16];
        assert_true(count <= COUNT(polled));
        for (size_t i = 0; i < count; i++)
            polled[i] = (struct pollfd){.fd = sockets[i], .events = POLLIN};
        ready = poll(polled, count, 1000);
    }
}

static void a_full_queue_says_503(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    start((struct http_options){.workers = 1, .queue = 2});
    int sockets[8], busy = 0, good = 0;
    atomic_store(&site.released, false);
    sockets[0] = send_held();
    wait_until_held(1);
    for (size_t i = 1; i < COUNT(sockets); i++)
        sockets[i] = send_held();
    wait_until_answered(sockets, COUNT(sockets), 5);
    atomic_store(&site.released, true);
    for (size_t i = 0; i < COUNT(sockets); i++) {
        struct reply r = client_read(a, sockets[i], false);
        busy += r.status == 503 && reply_header(a, &r, "Retry-After");
        good += r.status == 200;
        (void)close(sockets[i]);
    }
    assert_int_equal(busy, 5);
    assert_int_equal(good, 3);
    assert_ok(http_stop(server, 10));
    arena_free(house);
}

/* More of them than there are workers: with one queue for all, the fast page would wait for a slow one. */
static void pages_known_to_be_slow_have_workers_of_their_own(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    start((struct http_options){.workers = 1});
    int sockets[8];
    atomic_store(&site.released, false);
    for (size_t i = 0; i < COUNT(sockets); i++) {
        static const char request[] = "GET /held?slowly HTTP/1.1\r\nHost: x\r\n\r\n";
        sockets[i] = client_connect(port);
        client_send(sockets[i], request, sizeof request - 1);
    }
    wait_until_held(4);
    assert_int_equal(client_get(a, port, "/", "").status, 200);
    atomic_store(&site.released, true);
    for (size_t i = 0; i < COUNT(sockets); i++) {
        assert_int_equal(client_read(a, sockets[i], false).status, 200);
        (void)close(sockets[i]);
    }
    assert_ok(http_stop(server, 10));
    arena_free(house);
}

static void *release_soon(void *unused)
{
    (void)nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
    atomic_store(&site.released, true);
    return unused;
}

static void a_stop_finishes_what_is_under_way(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    start((struct http_options){.workers = 4});
    atomic_store(&site.released, false);
    int s = send_held(), idle = client_connect(port);
    wait_until_held(1);
    pthread_t releaser;
    assert_int_equal(pthread_create(&releaser, NULL, release_soon, NULL), 0);
    assert_ok(http_stop(server, 60));
    assert_int_equal(pthread_join(releaser, NULL), 0);
    struct reply r = client_read(a, s, false);
    assert_int_equal(r.status, 200);
    assert_true(reply_has(&r, "released"));
    assert_string_equal(reply_header(a, &r, "Connection"), "close");
    (void)close(s);
    (void)close(idle);
    arena_free(house);
}

/* Whether somebody listens at the port. */
static bool is_heard(int at_port)
{
    int s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                             .sin_port = htons((uint16_t)at_port)};
    bool heard = connect(s, (const struct sockaddr *)&to, sizeof to) == 0;
    (void)close(s);
    return heard;
}

static _Atomic bool knocking;
static _Atomic int knocked_port;

/* Connects and goes, again and again, so that the loops are never idle. */
static void *knock(void *unused)
{
    while (atomic_load(&knocking))
        (void)is_heard(atomic_load(&knocked_port));
    return unused;
}

static void a_stop_does_not_wait_for_ever(void **state)
{
    (void)state;
    start((struct http_options){.workers = 1});
    atomic_store(&site.released, false);
    int s = send_held();
    wait_until_held(1);
    assert_true(is_heard(port));
    assert_fault(http_stop(server, 1), FAULT_LIMIT);
    assert_false(is_heard(port));
    atomic_store(&site.released, true);
    assert_ok(http_stop(server, 60)); /* once more, when it has ended */
    (void)close(s);
    arena_free(house);
}

static void a_stop_amid_arrivals_is_clean(void **state)
{
    (void)state;
    pthread_t knockers[2];
    atomic_store(&knocking, true);
    for (int i = 0; i < 200; i++) {
        start((struct http_options){.workers = 1});
        atomic_store(&knocked_port, port);
        if (i == 0)
            for (int k = 0; k < 2; k++)
                assert_int_equal(pthread_create(&knockers[k], NULL, knock, NULL), 0);
        (void)nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
        assert_ok(http_stop(server, 10));
        arena_free(house);
    }
    atomic_store(&knocking, false);
    for (int k = 0; k < 2; k++)
        assert_int_equal(pthread_join(knockers[k], NULL), 0);
}

static void idle_connections_are_closed(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    start((struct http_options){.workers = 1, .idle_s = 1});
    int s = client_connect(port);
    client_send(s, "GET / HT", 8);
    int64_t at = monotonic_us();
    assert_int_equal(client_read(a, s, false).status == 200, false);
    assert_true(monotonic_us() - at < 10 * SECOND_US);
    (void)close(s);
    assert_ok(http_stop(server, 10));
    arena_free(house);
}

static void cookies_are_host_bound_behind_tls(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    start((struct http_options){.workers = 1, .secure = true});
    struct reply r = client_get(a, port, "/form", "");
    const char *cookie = reply_header(a, &r, "Set-Cookie");
    assert_non_null(cookie);
    assert_int_equal(strncmp(cookie, "__Host-grappe_visitor=", 22), 0);
    assert_non_null(strstr(cookie, "; Secure"));
    assert_non_null(reply_header(a, &r, "Strict-Transport-Security"));
    assert_ok(http_stop(server, 10));
    arena_free(house);
}

static void a_taken_port_or_a_wrong_address_is_told(void **state)
{
    (void)state;
    struct http_server *second = NULL;
    start((struct http_options){.workers = 1});
    struct http_options same = {.workers = 1, .port = port, .handle = router_handle};
    assert_fault(http_start(&same, &second), FAULT_IO);
    struct http_options wrong = {.workers = 1, .address = "grappe.fr", .handle = router_handle};
    assert_fault(http_start(&wrong, &second), FAULT_INVALID);
    assert_ok(http_stop(server, 10));
    arena_free(house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_page_comes_with_every_security_header, start_usual, stop),
        cmocka_unit_test_setup_teardown(the_language_is_the_cookies_then_the_browsers, start_usual, stop),
        cmocka_unit_test_setup_teardown(large_text_is_compressed_for_who_takes_it, start_usual, stop),
        cmocka_unit_test_setup_teardown(what_the_browser_has_is_not_sent_again, start_usual, stop),
        cmocka_unit_test_setup_teardown(a_validator_knows_language_person_and_version, start_usual, stop),
        cmocka_unit_test_setup_teardown(a_tag_opens_nothing, start_usual, stop),
        cmocka_unit_test_setup_teardown(head_has_no_body, start_usual, stop),
        cmocka_unit_test_setup_teardown(wrong_methods_and_paths_are_told, start_usual, stop),
        cmocka_unit_test_setup_teardown(oversized_heads_are_refused, start_usual, stop),
        cmocka_unit_test_setup_teardown(files_arrive_where_a_route_takes_them, start_usual, stop),
        cmocka_unit_test_setup_teardown(absurd_bodies_are_refused_at_once, start_usual, stop),
        cmocka_unit_test_setup_teardown(damaged_multipart_gets_a_400, start_usual, stop),
        cmocka_unit_test_setup_teardown(forged_writes_stop_at_the_door, start_usual, stop),
        cmocka_unit_test_setup_teardown(downloads_have_a_name, start_usual, stop),
        cmocka_unit_test_setup_teardown(slow_pages_do_not_delay_fast_ones, start_usual, stop),
        cmocka_unit_test_setup_teardown(what_the_browser_has_is_told_while_all_workers_work, start_usual,
                                        stop),
        cmocka_unit_test_setup_teardown(two_hundred_connections_are_served_at_once, start_usual, stop),
        cmocka_unit_test(a_full_queue_says_503),
        cmocka_unit_test_setup_teardown(what_is_quick_is_answered_while_all_workers_work, start_usual, stop),
        cmocka_unit_test_setup_teardown(what_would_hold_a_loop_is_done_again_by_a_worker, start_usual, stop),
        cmocka_unit_test(pages_known_to_be_slow_have_workers_of_their_own),
        cmocka_unit_test(a_stop_finishes_what_is_under_way),
        cmocka_unit_test(a_stop_does_not_wait_for_ever),
        cmocka_unit_test(a_stop_amid_arrivals_is_clean),
        cmocka_unit_test(idle_connections_are_closed),
        cmocka_unit_test(cookies_are_host_bound_behind_tls),
        cmocka_unit_test(a_taken_port_or_a_wrong_address_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
