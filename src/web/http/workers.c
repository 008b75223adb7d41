/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* workers.c - from a complete request to a finished answer, and the threads that run handlers: one request at
 * a time, from the queue. What asks for little is answered by the loop before it comes to that. */
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "clock/clock.h"
#include "http/server.h"
#include "hurry/hurry.h"
#include "log/log.h"

bool exchange_enqueue(struct exchange *x)
{
    struct http_server *server = x->server;
    const struct http_options *options = &server->options;
    struct queue *q = x->passage.lane == LANE_SLOW ? &server->slow : &server->fast;
    int most = options->queue ? options->queue : LIMIT_REQUEST_QUEUE;
    (void)pthread_mutex_lock(&server->lock);
    bool room = q->count < most && !server->closed;
    if (room) {
        MHD_suspend_connection(x->connection); /* before a worker can resume it */
        x->next = NULL;
        if (q->last)
            q->last->next = x;
        else
            q->first = x;
        q->last = x;
        q->count++;
    }
    (void)pthread_mutex_unlock(&server->lock);
    if (room)
        (void)pthread_cond_signal(&q->filled); /* unlocked: who wakes need not wait again */
    return room;
}

/* NULL when the queue is closed and empty. */
static struct exchange *dequeue(struct http_server *server, struct queue *q)
{
    (void)pthread_mutex_lock(&server->lock);
    while (!q->first && !server->closed)
        (void)pthread_cond_wait(&q->filled, &server->lock);
    struct exchange *x = q->first;
    if (x) {
        q->first = x->next;
        q->count--;
        if (!q->first)
            q->last = NULL;
    }
    (void)pthread_mutex_unlock(&server->lock);
    return x;
}

struct header_list {
    struct arena *arena;
    struct params headers;
    size_t capacity;
};

static enum MHD_Result take_header(void *list, enum MHD_ValueKind kind, const char *name, const char *value)
{
    struct header_list *l = list;
    (void)kind;
    *PUSH(l->arena, l->headers.at, l->headers.count, l->capacity) = (struct param){name, value ? value : ""};
    return MHD_YES;
}

/* A proxy of ours appends the client it saw: only the last entry can be believed. */
static const char *client_address(const struct request *r, const struct exchange *x)
{
    const char *list = x->server->options.behind_proxy ? request_header(r, "X-Forwarded-For") : NULL;
    if (!list)
        return x->address;
    const char *comma = strrchr(list, ',');
    struct slice last = slice_trim(slice_of(comma ? comma + 1 : list));
    return last.len && last.len < INET6_ADDRSTRLEN ? slice_text(r->arena, last) : x->address;
}

static void request_fill(struct request *r, struct exchange *x)
{
    struct header_list list = {.arena = x->arena};
    (void)MHD_get_connection_values(x->connection, MHD_HEADER_KIND, take_header, &list);
    r->headers = list.headers;
    request_read(r, x->target, (struct slice){x->body, x->too_large ? 0 : x->size},
                 x->server->options.secure);
    r->address = client_address(r, x);
    if (x->too_large && !r->refused) {
        r->refused = 413;
        r->refusal = arena_print(x->arena, tr("What was sent is larger than the %zu MiB this page takes."),
                                 x->limit / MIB);
    }
}

static void answer_make(struct exchange *x, const struct response *s, struct slice body)
{
    union {
        const char *read;
        void *given; /* the library's parameter is not const; it only reads */
    } bytes = {body.ptr};
    x->status = (unsigned)s->status;
    x->answer = MHD_create_response_from_buffer(body.len, bytes.given, MHD_RESPMEM_PERSISTENT);
    for (size_t i = 0; x->answer && i < s->headers.count; i++)
        (void)MHD_add_response_header(x->answer, s->headers.at[i].name, s->headers.at[i].value);
    if (x->answer && atomic_load(&x->server->draining))
        (void)MHD_add_response_header(x->answer, "Connection", "close");
}

static struct response *exchange_run(struct exchange *x, struct request *r)
{
    const struct http_options *options = &x->server->options;
    x->arena = arena_new(LIMIT_REQUEST_MEMORY);
    *r = (struct request){
        .arena = x->arena, .method = x->method, .route = x->passage.route, .started_us = monotonic_us()};
    request_fill(r, x);
    struct response *s = response_new(x->arena, options->secure);
    options->handle(options->owner, r, s);
    return s;
}

static void exchange_finish(struct exchange *x, const struct request *r, struct response *s)
{
    struct slice body = response_finish(r, s);
    answer_make(x, s, body);
    log_event(s->status >= 500 ? LOG_WARNING : LOG_INFO, "request",
              "method=%s route=%s status=%d bytes=%zu us=%lld", r->head ? "HEAD" : r->method,
              r->pattern ? r->pattern : "-", s->status, body.len,
              (long long)(monotonic_us() - r->started_us));
}

bool exchange_answer_at_once(struct exchange *x)
{
    const struct http_options *options = &x->server->options;
    struct request r;
    bool known = MHD_lookup_connection_value(x->connection, MHD_HEADER_KIND, "If-None-Match");
    if (options->passage)
        x->passage = options->passage(options->owner, x->method, x->target, known);
    if (x->passage.lane != LANE_LOOP || x->size) /* a body takes time to read */
        return false;
    hurry_begin(LIMIT_LOOP_US);
    struct response *s = exchange_run(x, &r);
    if (hurry_end()) {
        exchange_finish(x, &r, s);
        return x->answer != NULL;
    }
    arena_free(x->arena);
    x->arena = NULL;
    return false;
}

void *worker_run(void *given)
{
    enum { SLOW_NICE = 10 };
    struct http_server *server = given;
    int number = atomic_fetch_add(&server->ready, 1);
    bool slow = server->options.passage && number < SLOW_WORKERS;
    if (slow) /* on Linux, of this thread alone */
        (void)setpriority(PRIO_PROCESS, (id_t)gettid(), SLOW_NICE);
    for (struct exchange *x; (x = dequeue(server, slow ? &server->slow : &server->fast)) != NULL;) {
        struct request r;
        struct response *s = exchange_run(x, &r);
        exchange_finish(x, &r, s);
        MHD_resume_connection(x->connection); /* the loop may end x from here on */
    }
    return NULL;
}
