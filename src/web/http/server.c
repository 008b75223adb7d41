/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* server.c - libmicrohttpd's two loops: bytes in, bytes out, limits. */
#include "http/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "clock/clock.h"
#include "log/log.h"

enum { LOOPS = 2, DROP_FACTOR = 4, STOP_GRACE_S = 10 };

/* Called with each request line, before anything else of the request: makes the exchange. */
static void *target_seen(void *server, const char *target, struct MHD_Connection *connection)
{
    struct exchange *x = calloc(1, sizeof *x);
    if (!x || !(x->target = strdup(target)))
        abort();
    x->server = server;
    x->connection = connection;
    atomic_fetch_add(&x->server->under_way, 1);
    return x;
}

static void exchange_end(void *server, struct MHD_Connection *connection, void **context,
                         enum MHD_RequestTerminationCode how)
{
    (void)server, (void)connection, (void)how;
    struct exchange *x = *context;
    if (!x)
        return;
    if (x->answer)
        MHD_destroy_response(x->answer);
    atomic_fetch_sub(&x->server->bodies, x->capacity);
    atomic_fetch_sub(&x->server->under_way, 1);
    arena_free(x->arena);
    free(x->body);
    free(x->target);
    free(x);
    *context = NULL;
}

/* Targets and values stay as sent: our own readers decode them. */
static size_t leave_encoded(void *server, struct MHD_Connection *connection, char *text)
{
    (void)server, (void)connection;
    return strlen(text);
}

static enum MHD_Result refuse(struct exchange *x, enum refusal which)
{
    static const unsigned codes[] = {[REFUSE_LENGTH] = 411, [REFUSE_SIZE] = 413, [REFUSE_BUSY] = 503};
    const char *programs = x->server->options.programs;
    bool program = programs && strncmp(x->target, programs, strlen(programs)) == 0;
    log_event(LOG_WARNING, "refused", "status=%u", codes[which]);
    return MHD_queue_response(x->connection, codes[which], x->server->refusals[program][which]);
}

static void address_take(struct exchange *x)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(x->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const struct sockaddr *who = info ? info->client_addr : NULL;
    const void *bytes = !who ? NULL
                        : who->sa_family == AF_INET6
                            ? (const void *)&((const struct sockaddr_in6 *)who)->sin6_addr
                            : (const void *)&((const struct sockaddr_in *)who)->sin_addr;
    if (bytes)
        (void)inet_ntop(who->sa_family, bytes, x->address, sizeof x->address);
}

/* The head of a request has come. A body over the limit is read and dropped, so that the browser gets to read
 * our answer, unless it is absurd. A body of undeclared length is refused: browsers always declare it. */
static enum MHD_Result begin(struct exchange *x, const char *method)
{
    const struct http_options *options = &x->server->options;
    x->begun = true;
    (void)strncpy(x->method, method, sizeof x->method - 1);
    address_take(x);
    if (MHD_lookup_connection_value(x->connection, MHD_HEADER_KIND, "Transfer-Encoding"))
        return refuse(x, REFUSE_LENGTH);
    const char *length = MHD_lookup_connection_value(x->connection, MHD_HEADER_KIND, "Content-Length");
    if (!length)
        return MHD_YES;
    x->limit = options->body_limit ? options->body_limit(options->owner, method, x->target) : LIMIT_BODY;
    unsigned long long declared = strtoull(length, NULL, 10);
    x->too_large = declared > x->limit;
    return declared > DROP_FACTOR * LIMIT_UPLOAD ? refuse(x, REFUSE_SIZE) : MHD_YES;
}

/* Grows as bytes arrive, not as they are promised; all bodies together have a ceiling. */
static bool body_add(struct exchange *x, const char *bytes, size_t count)
{
    if (x->too_large)
        return true;
    if (count > x->limit - x->size) {
        x->too_large = true;
        return true;
    }
    if (x->size + count > x->capacity) {
        size_t capacity = x->capacity ? x->capacity * 2 : 4 * KIB;
        while (capacity < x->size + count)
            capacity *= 2;
        size_t more = capacity - x->capacity;
        if (atomic_fetch_add(&x->server->bodies, more) + more > LIMIT_BODIES_IN_MEMORY) {
            atomic_fetch_sub(&x->server->bodies, more);
            return false;
        }
        char *grown = realloc(x->body, capacity);
        if (!grown)
            abort();
        x->body = grown;
        x->capacity = capacity;
    }
    memcpy(x->body + x->size, bytes, count);
    x->size += count;
    return true;
}

/* The library calls this with the head, with each piece of the body, with its end, and after a resume. */
static enum MHD_Result handle(void *server, struct MHD_Connection *connection, const char *path,
                              const char *method, const char *version, const char *bytes, size_t *count,
                              void **context)
{
    (void)server, (void)connection, (void)path, (void)version;
    struct exchange *x = *context;
    if (!x->begun)
        return begin(x, method);
    if (*count) {
        bool kept = body_add(x, bytes, *count);
        *count = 0;
        return kept ? MHD_YES : MHD_NO; /* no room: the connection closes */
    }
    if (x->answer || (!x->arena && exchange_answer_at_once(x)))
        return MHD_queue_response(connection, x->status, x->answer);
    return x->arena || !exchange_enqueue(x) ? refuse(x, REFUSE_BUSY) : MHD_YES;
}

/* Made once: what is refused by a loop costs nothing. */
static struct MHD_Response *refusal_make(bool program, enum refusal which)
{
#define PROBLEM(status, title)                                                                               \
    "{\"type\":\"about:blank\",\"title\":\"" title "\",\"status\":" #status ",\"detail\":\"" title ".\"}"
    static const char *const texts[2][REFUSALS] = {
        {[REFUSE_LENGTH] = "411 La taille de l'envoi manque. / The length of the body is missing.\n",
         [REFUSE_SIZE] = "413 L'envoi est trop volumineux. / The body is too large.\n",
         [REFUSE_BUSY] = "503 Le serveur est occupé, réessayez. / The server is busy, please try again.\n"},
        {[REFUSE_LENGTH] = PROBLEM(411, "The length of the body is missing"),
         [REFUSE_SIZE] = PROBLEM(413, "The body is too large"),
         [REFUSE_BUSY] = PROBLEM(503, "The server is busy, please try again")}};
    const char *type = program ? "application/problem+json" : "text/plain; charset=utf-8",
               *text = texts[program][which];
    union {
        const char *read;
        void *given;
    } bytes = {text};
    struct MHD_Response *answer =
        MHD_create_response_from_buffer(strlen(text), bytes.given, MHD_RESPMEM_PERSISTENT);
    size_t count;
    const struct param *headers = response_security(&count);
    for (size_t i = 0; answer && i < count; i++)
        (void)MHD_add_response_header(answer, headers[i].name, headers[i].value);
    if (!answer || MHD_add_response_header(answer, "Content-Type", type) != MHD_YES ||
        MHD_add_response_header(answer, "Cache-Control", "no-store") != MHD_YES ||
        (which == REFUSE_BUSY && MHD_add_response_header(answer, "Retry-After", "2") != MHD_YES))
        abort();
    return answer;
}

static struct fault *address_read(const struct http_options *o, struct sockaddr_storage *where, bool *six)
{
    const char *text = o->address ? o->address : "127.0.0.1";
    struct sockaddr_in *v4 = (struct sockaddr_in *)where;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)where;
    *where = (struct sockaddr_storage){0};
    *six = strchr(text, ':') != NULL;
    bool good = inet_pton(*six ? AF_INET6 : AF_INET, text,
                          *six ? (void *)&v6->sin6_addr : (void *)&v4->sin_addr) == 1;
    if (!good || o->port < 0 || o->port > 65535)
        return fault(FAULT_INVALID, "%s port %d is no address to listen on.", text, o->port);
    where->ss_family = *six ? AF_INET6 : AF_INET;
    *(*six ? &v6->sin6_port : &v4->sin_port) = htons((uint16_t)o->port);
    return NULL;
}

/* As many as the system lets one process have: an accepted connection must never take the last descriptor,
 * which a space would then lack. */
static unsigned connections_most(void)
{
    enum { WANTED = LIMIT_CONNECTIONS + LIMIT_OTHER_DESCRIPTORS };
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0)
        return LIMIT_CONNECTIONS / 16;
    if (files.rlim_cur < WANTED) {
        files.rlim_cur = files.rlim_max < WANTED ? files.rlim_max : WANTED;
        (void)setrlimit(RLIMIT_NOFILE, &files);
    }
    if (files.rlim_cur >= WANTED)
        return LIMIT_CONNECTIONS;
    return (unsigned)(files.rlim_cur > 2 * LIMIT_OTHER_DESCRIPTORS ? files.rlim_cur - LIMIT_OTHER_DESCRIPTORS
                                                                   : files.rlim_cur / 2);
}

static struct fault *daemon_start(struct http_server *s)
{
    struct sockaddr_storage where;
    bool six;
    TRY(address_read(&s->options, &where, &six));
    unsigned idle = (unsigned)(s->options.idle_s ? s->options.idle_s : LIMIT_CONNECTION_IDLE_S);
    unsigned each = s->options.behind_proxy ? 0 : LIMIT_CONNECTIONS_PER_ADDRESS;
    if (s->deaf < 0)
        return fault(FAULT_IO, "Cannot make a socket: %s.", strerror(errno));
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | (six ? MHD_USE_IPv6 : 0U);
    s->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, handle, s, MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&where,
        MHD_OPTION_THREAD_POOL_SIZE, (unsigned)LOOPS, MHD_OPTION_CONNECTION_LIMIT, connections_most(),
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, each, MHD_OPTION_CONNECTION_TIMEOUT, idle,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, LIMIT_HEADERS, MHD_OPTION_NOTIFY_COMPLETED, exchange_end, s,
        MHD_OPTION_URI_LOG_CALLBACK, target_seen, s, MHD_OPTION_UNESCAPE_CALLBACK, leave_encoded, s,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
    if (!s->daemon)
        return fault(FAULT_IO, "Cannot listen on %s port %d: %s.",
                     s->options.address ? s->options.address : "127.0.0.1", s->options.port, strerror(errno));
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_BIND_PORT);
    s->port = info ? info->port : s->options.port;
    return NULL;
}

static void server_free(struct http_server *s)
{
    for (int i = 0; i < 2 * REFUSALS; i++)
        MHD_destroy_response(s->refusals[i / REFUSALS][i % REFUSALS]);
    if (s->deaf >= 0)
        (void)close(s->deaf);
    (void)pthread_mutex_destroy(&s->lock);
    (void)pthread_cond_destroy(&s->fast.filled);
    (void)pthread_cond_destroy(&s->slow.filled);
    free(s);
}

/* Closes the queue and waits for the workers until the monotonic instant: false when one still works. */
static bool workers_end(struct http_server *s, int64_t until_us)
{
    (void)pthread_mutex_lock(&s->lock);
    s->closed = true;
    (void)pthread_cond_broadcast(&s->fast.filled);
    (void)pthread_cond_broadcast(&s->slow.filled);
    (void)pthread_mutex_unlock(&s->lock);
    while (s->started_workers > 0) {
        struct timespec at;
        (void)clock_gettime(CLOCK_REALTIME, &at);
        int64_t left = until_us - monotonic_us();
        int64_t wait = at.tv_nsec / 1000 + (left > 0 ? left : 0);
        at.tv_sec += wait / SECOND_US;
        at.tv_nsec = wait % SECOND_US * 1000;
        if (pthread_timedjoin_np(s->threads[s->started_workers - 1], NULL, &at) != 0)
            return false;
        s->started_workers--;
    }
    return true;
}

static int default_workers(void)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    return cores <= 4   ? 8
           : cores >= 8 ? 16
                        : (int)cores * 2; /* more than the slow pages one expects at once */
}

struct fault *http_start(const struct http_options *options, struct http_server **started)
{
    struct http_server *s = calloc(1, sizeof *s);
    if (!s)
        abort();
    s->options = *options;
    s->deaf = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    s->worker_count =
        (options->workers ? options->workers : default_workers()) + (options->passage ? SLOW_WORKERS : 0);
    if (s->worker_count < 1 || s->worker_count > MOST_WORKERS)
        s->worker_count = MOST_WORKERS;
    for (int i = 0; i < 2 * REFUSALS; i++)
        s->refusals[i / REFUSALS][i % REFUSALS] = refusal_make(i / REFUSALS, (enum refusal)(i % REFUSALS));
    (void)pthread_mutex_init(&s->lock, NULL);
    (void)pthread_cond_init(&s->fast.filled, NULL);
    (void)pthread_cond_init(&s->slow.filled, NULL);
    struct fault *f = NULL;
    for (int i = 0; i < s->worker_count && !f; i++) {
        if (pthread_create(&s->threads[i], NULL, worker_run, s) == 0)
            s->started_workers++;
        else
            f = fault(FAULT_IO, "Cannot start a worker thread.");
    }
    if (!f)
        f = daemon_start(s);
    if (f) {
        (void)workers_end(s, monotonic_us() + 10 * SECOND_US);
        server_free(s);
        return f;
    }
    *started = s;
    return NULL;
}

int http_port(const struct http_server *s)
{
    return s->port;
}

int http_workers(const struct http_server *s)
{
    return s->worker_count;
}

/* Takes no connection from here on. Not by MHD_quiesce_daemon: it and the loops both take the socket out of
 * the loops' epoll sets, and whoever comes second ends the process (libmicrohttpd 0.9.75, daemon.c:5531). The
 * deaf socket takes the number of the one that listened instead: the kernel closes that one and takes it out
 * of every set, and the daemon closes the number at its end. */
static void listening_end(struct http_server *s)
{
    int listening = MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_LISTEN_FD)->listen_fd;
    (void)dup3(s->deaf, listening, O_CLOEXEC);
}

struct fault *http_stop(struct http_server *s, int grace_s)
{
    int64_t until = monotonic_us() + grace_s * SECOND_US;
    if (!atomic_exchange(&s->draining, true))
        listening_end(s);
    while (atomic_load(&s->under_way) > 0 && monotonic_us() < until)
        (void)nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
    if (!workers_end(s, until))
        return fault(FAULT_LIMIT, "Requests were still running %d seconds after the stop.", grace_s);
    MHD_stop_daemon(s->daemon);
    server_free(s);
    return NULL;
}

struct fault *http_serve(const struct http_options *options,
                         void (*ready)(void *, const struct http_server *))
{
    sigset_t ends;
    int which = 0;
    struct http_server *s = NULL;
    (void)sigemptyset(&ends);
    (void)sigaddset(&ends, SIGTERM);
    (void)sigaddset(&ends, SIGINT);
    (void)pthread_sigmask(SIG_BLOCK, &ends, NULL); /* inherited by every thread: only sigwait sees them */
    TRY(http_start(options, &s));
    if (ready)
        ready(options->owner, s);
    (void)sigwait(&ends, &which);
    log_event(LOG_INFO, "stopping", "signal=%d", which);
    return http_stop(s, STOP_GRACE_S);
}
