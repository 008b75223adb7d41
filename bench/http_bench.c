/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* http_bench.c - what a page costs: a table of 200 rows by 8 cells, drawn by a template, asked for by another
 * process over 8 kept connections; CPU of the server's process alone, kernel included. Then the wait for a
 * fast page, asked for 1,000 times a second, alone, then while six slow ones always run: that wait
 * (300 ms), that compute (100 ms).
 *
 * usage: http_bench [REQUESTS] */
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "clock/clock.h"
#include "load.h"
#include "log/log.h"
#include "router/router.h"
#include "sample_templates.h"
#include "web/sample.h"

enum { ROWS = 200, SLOW = 6, FAST_RATE = 1000, FAST_SECONDS = 5, SLOW_MS = 300, COMPUTING_MS = 100 };

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

static struct fault *version(const struct request *r, uint64_t *version)
{
    (void)r;
    *version = 42;
    return NULL;
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

static int64_t cpu_of_thread_us(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return t.tv_sec * SECOND_US + t.tv_nsec / 1000;
}

static struct fault *computing(struct request *r, struct response *s)
{
    int64_t began = cpu_of_thread_us();
    while (cpu_of_thread_us() - began < COMPUTING_MS * 1000)
        ;
    return small(r, s);
}

static const struct route routes[] = {
    {"GET", "/page", page, .right = ROLES_ANYONE, .summary = "200 rows"},
    {"GET", "/versioned", page, .version = version, .right = ROLES_ANYONE,
     .summary = "200 rows, with a version"},
    {"GET", "/small", small, .right = ROLES_ANYONE, .summary = "One line"},
    {"GET", "/quick", small, .right = ROLES_ANYONE, .quick = true, .summary = "One line, by the loop"},
    {"GET", "/slow", slow, .right = ROLES_ANYONE, .slow = "", .summary = "Waits"},
    {"GET", "/computing", computing, .right = ROLES_ANYONE, .slow = "", .summary = "Computes"},
};

static int port;

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

/* Times are from the instant a request was due, so that a stall is not hidden by asking later. */
static void measure_waiting(const char *beside, int slow_count, const char *slow_request)
{
    enum { COUNT_FAST = FAST_RATE * FAST_SECONDS };
    pid_t child = fork();
    if (child != 0) {
        (void)waitpid(child, NULL, 0);
        return;
    }
    static int64_t took[COUNT_FAST];
    pthread_t threads[SLOW];
    struct load slower = {port, INT_MAX, slow_request}; /* for as long as this process lives */
    char head[65536];
    const char *request = "GET /small HTTP/1.1\r\nHost: x\r\n\r\n";
    for (int i = 0; i < slow_count; i++)
        if (pthread_create(&threads[i], NULL, load_run, &slower) != 0)
            abort();
    int s = load_connect(port);
    int64_t began = monotonic_us();
    for (int i = 0; i < COUNT_FAST; i++) {
        int64_t due = began + i * SECOND_US / FAST_RATE, wait = due - monotonic_us();
        if (wait > 0)
            (void)nanosleep(&(struct timespec){.tv_nsec = wait * 1000}, NULL);
        (void)!send(s, request, strlen(request), 0);
        (void)load_read_answer(s, head, sizeof head);
        took[i] = monotonic_us() - due;
    }
    qsort(took, COUNT_FAST, sizeof *took, compare_times);
    (void)printf("fast pages, %d a second, beside %-22s p50 %lld us, p99 %lld us, worst %lld us\n", FAST_RATE,
                 beside, (long long)took[COUNT_FAST / 2], (long long)took[COUNT_FAST * 99 / 100],
                 (long long)took[COUNT_FAST - 1]);
    (void)fflush(stdout);
    _exit(0);
}

int main(int argc, char **argv)
{
    load_begin();
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
        f = http_start(
            &(struct http_options){.owner = router, .handle = router_handle, .passage = router_passage},
            &server);
    if (f) {
        (void)fprintf(stderr, "http_bench: %s\n", f->text);
        return 1;
    }
    port = http_port(server);
    measure_drawing(a);
    load_measure(port, "one line", "/small", VISITOR, false, count);
    load_measure(port, "one line, by the loop", "/quick", VISITOR, false, count);
    load_measure(port, "200 rows", "/page", VISITOR, false, count);
    load_measure(port, "200 rows, gzip", "/page", VISITOR "Accept-Encoding: gzip\r\n", false, count);
    load_measure(port, "200 rows, 304 after drawing", "/page", VISITOR, true, count);
    load_measure(port, "200 rows, 304 by version", "/versioned", VISITOR "Accept-Encoding: gzip\r\n", true,
                 count);
    measure_waiting("nothing", 0, NULL);
    measure_waiting("six slow ones that wait", SLOW, "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
    measure_waiting("six that compute", SLOW, "GET /computing HTTP/1.1\r\nHost: x\r\n\r\n");
    return http_stop(server, 10) ? 1 : 0;
}
