/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* http_bench.c - what a page costs: a table of 200 rows by 8 cells, drawn by a template, asked for by another
 * process over 8 kept connections; CPU of the server's process alone, kernel included. Then the wait for a
 * fast page, asked for 1,000 times a second, alone and then while six slow ones (300 ms) always run.
 *
 * usage: http_bench [REQUESTS] */
#include <arpa/inet.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "clock/clock.h"
#include "log/log.h"
#include "router/router.h"
#include "sample_templates.h"
#include "web/sample.h"

enum { ROWS = 200, CONNECTIONS = 8, SLOW = 6, FAST_RATE = 1000, FAST_SECONDS = 5, SLOW_MS = 300 };

/* The page holds a form: a visitor who comes back has the cookie its token derives from. */
#define VISITOR "Cookie: grappe_visitor=0123456789abcdef0123456789abcdef\r\n"

static struct sample_row rows[ROWS];
static const struct sample_list view = {
    .title = "Annuaire", .typed = "décolletage", .rows = rows, .count = ROWS};

static void rows_fill(struct arena *a)
{
    for (int i = 0; i < ROWS; i++)
        rows[i] = (struct sample_row){.id = 1000000007LL * (i + 1),
                                      .staff = i % 250,
                                      .name = arena_print(a, "Décolletage & Fils n° %d", i),
                                      .siren = arena_print(a, "%09d", 300000000 + 7919 * i),
                                      .place = i % 3 ? "Besançon" : "Villers-le-Lac",
                                      .process = "Décolletage, taillage, roulage",
                                      .material = "Laiton, acier 20AP, titane grade 5",
                                      .website = arena_print(a, "https://www.exemple-%d.fr/", i)};
}

static struct fault *page(struct request *r, struct response *s)
{
    (void)r;
    sample_list(s->html, &view);
    return NULL;
}

static struct fault *versioned(struct request *r, struct response *s)
{
    return response_validator(r, s, 42) ? NULL : page(r, s);
}

static struct fault *small(struct request *r, struct response *s)
{
    (void)r;
    html(s->html, "<p>%s</p>", "fast");
    return NULL;
}

static struct fault *slow(struct request *r, struct response *s)
{
    (void)nanosleep(&(struct timespec){.tv_nsec = SLOW_MS * 1000000L}, NULL);
    return small(r, s);
}

static const struct route routes[] = {
    {"GET", "/page", page, .right = ROLES_ANYONE, .summary = "200 rows"},
    {"GET", "/versioned", versioned, .right = ROLES_ANYONE, .summary = "200 rows, with a version"},
    {"GET", "/small", small, .right = ROLES_ANYONE, .summary = "One line"},
    {"GET", "/slow", slow, .right = ROLES_ANYONE, .summary = "Slow"},
};

static int port;

static int connect_here(void)
{
    int s = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (s < 0 || connect(s, (const struct sockaddr *)&to, sizeof to) != 0)
        abort();
    return s;
}

/* Reads one answer and drops it; its head is left in `head`. Returns the bytes of the body. */
static size_t read_answer(int s, char *head, size_t room)
{
    size_t got = 0;
    const char *end = NULL;
    while (!end && got < room - 1) {
        ssize_t more = recv(s, head + got, room - 1 - got, 0);
        if (more <= 0)
            abort();
        got += (size_t)more;
        head[got] = '\0';
        end = strstr(head, "\r\n\r\n");
    }
    const char *length = strstr(head, "Content-Length: ");
    size_t wanted = length && length < end ? strtoul(length + 16, NULL, 10) : 0;
    size_t body = got - (size_t)(end + 4 - head);
    char rest[65536];
    while (body < wanted) {
        ssize_t more = recv(s, rest, sizeof rest, 0);
        if (more <= 0)
            abort();
        body += (size_t)more;
    }
    return wanted;
}

struct run {
    const char *request;
    int count;
};

static void *ask_many(void *given)
{
    const struct run *run = given;
    char head[65536];
    int s = connect_here();
    for (int i = 0; i < run->count; i++) {
        (void)!send(s, run->request, strlen(run->request), 0);
        (void)read_answer(s, head, sizeof head);
    }
    (void)close(s);
    return NULL;
}

/* The tag of an answer, so that it can be asked for again. */
static size_t first_answer(const char *request, char tag[80])
{
    char head[65536];
    int s = connect_here();
    (void)!send(s, request, strlen(request), 0);
    size_t body = read_answer(s, head, sizeof head);
    (void)close(s);
    const char *found = strstr(head, "ETag: ");
    (void)snprintf(tag, 80, "%.*s", found ? (int)strcspn(found + 6, "\r") : 0, found ? found + 6 : "");
    return body;
}

static void child_run(struct run run)
{
    pthread_t threads[CONNECTIONS];
    for (int i = 0; i < CONNECTIONS; i++)
        if (pthread_create(&threads[i], NULL, ask_many, &run) != 0)
            abort();
    for (int i = 0; i < CONNECTIONS; i++)
        (void)pthread_join(threads[i], NULL);
    _exit(0);
}

static void measure(const char *name, const char *path, const char *headers, bool again, int count)
{
    char request[512], tag[80];
    (void)snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: x\r\n" VISITOR "%s\r\n", path, headers);
    size_t body = first_answer(request, tag);
    if (again) {
        (void)snprintf(request, sizeof request,
                       "GET %s HTTP/1.1\r\nHost: x\r\n" VISITOR "%sIf-None-Match: %s\r\n\r\n", path, headers,
                       tag);
        body = first_answer(request, tag);
    }
    int64_t cpu = cpu_us(), wall = monotonic_us();
    pid_t child = fork();
    if (child == 0)
        child_run((struct run){request, count / CONNECTIONS});
    (void)waitpid(child, NULL, 0);
    cpu = cpu_us() - cpu;
    wall = monotonic_us() - wall;
    (void)printf("%-34s %7.1f us CPU a request  %8.0f requests/s  %6zu bytes\n", name, (double)cpu / count,
                 count / ((double)wall / 1e6), body);
}

static void measure_drawing(struct arena *a)
{
    int64_t best = INT64_MAX;
    size_t bytes = 0;
    for (int round = 0; round < 200; round++) {
        struct arena *work = arena_new(MIB);
        int64_t at = monotonic_us();
        struct html *h = html_new(work, MIB);
        sample_list(h, &view);
        at = monotonic_us() - at;
        best = at < best ? at : best;
        bytes = h->out->len;
        arena_free(work);
    }
    (void)a;
    (void)printf("%-34s %7lld us                                     %6zu bytes\n",
                 "drawing alone (best of 200)", (long long)best, bytes);
}

static int compare_times(const void *a, const void *b)
{
    int64_t one = *(const int64_t *)a, other = *(const int64_t *)b;
    return (one > other) - (one < other);
}

static void *ask_slow(void *unused)
{
    (void)unused;
    struct run run = {"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n", FAST_SECONDS * 1000 / SLOW_MS + 2};
    return ask_many(&run);
}

/* Times are from the instant a request was due, so that a stall is not hidden by asking later. */
static void measure_waiting(int slow_count)
{
    enum { COUNT_FAST = FAST_RATE * FAST_SECONDS };
    pid_t child = fork();
    if (child != 0) {
        (void)waitpid(child, NULL, 0);
        return;
    }
    static int64_t took[COUNT_FAST];
    pthread_t threads[SLOW];
    char head[65536];
    const char *request = "GET /small HTTP/1.1\r\nHost: x\r\n\r\n";
    for (int i = 0; i < slow_count; i++)
        if (pthread_create(&threads[i], NULL, ask_slow, NULL) != 0)
            abort();
    int s = connect_here();
    int64_t began = monotonic_us();
    for (int i = 0; i < COUNT_FAST; i++) {
        int64_t due = began + i * SECOND_US / FAST_RATE, wait = due - monotonic_us();
        if (wait > 0)
            (void)nanosleep(&(struct timespec){.tv_nsec = wait * 1000}, NULL);
        (void)!send(s, request, strlen(request), 0);
        (void)read_answer(s, head, sizeof head);
        took[i] = monotonic_us() - due;
    }
    qsort(took, COUNT_FAST, sizeof *took, compare_times);
    (void)printf("fast pages, %d a second, %d slow ones: p50 %lld us, p99 %lld us, worst %lld us\n",
                 FAST_RATE, slow_count, (long long)took[COUNT_FAST / 2],
                 (long long)took[COUNT_FAST * 99 / 100], (long long)took[COUNT_FAST - 1]);
    (void)fflush(stdout);
    _exit(0);
}

int main(int argc, char **argv)
{
    ARENA_SCOPE(a);
    int count = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 20000;
    struct http_server *server = NULL;
    struct router *router = router_new(a, &(struct router_options){0});
    (void)setvbuf(stdout, NULL, _IOLBF, 0);
    log_quieter_than(LOG_WARNING);
    rows_fill(a);
    router_add(router, routes, COUNT(routes));
    struct fault *f = router_check(router);
    if (!f)
        f = http_start(&(struct http_options){.owner = router, .handle = router_handle}, &server);
    if (f) {
        (void)fprintf(stderr, "http_bench: %s\n", f->text);
        return 1;
    }
    port = http_port(server);
    measure_drawing(a);
    measure("one line", "/small", "", false, count);
    measure("200 rows", "/page", "", false, count);
    measure("200 rows, gzip", "/page", "Accept-Encoding: gzip\r\n", false, count);
    measure("200 rows, 304 after drawing", "/page", "", true, count);
    measure("200 rows, 304 by version", "/versioned", "Accept-Encoding: gzip\r\n", true, count);
    measure_waiting(0);
    measure_waiting(SLOW);
    return http_stop(server, 10) ? 1 : 0;
}
