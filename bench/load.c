/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "load.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock/clock.h"

enum { ROUNDS = 5 };

int load_connect(int port)
{
    int s = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (s < 0 || connect(s, (const struct sockaddr *)&to, sizeof to) != 0)
        abort();
    return s;
}

size_t load_read_answer(int s, char *head, size_t room)
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

void *load_run(void *given)
{
    const struct load *load = given;
    char head[65536];
    int s = load_connect(load->port);
    for (int i = 0; i < load->count; i++) {
        (void)!send(s, load->request, strlen(load->request), 0);
        (void)load_read_answer(s, head, sizeof head);
    }
    (void)close(s);
    return NULL;
}

/* The status of an answer, and its tag so that it can be asked for again. */
static size_t first_answer(int port, const char *request, int *status, char tag[80])
{
    char head[65536];
    int s = load_connect(port);
    (void)!send(s, request, strlen(request), 0);
    size_t body = load_read_answer(s, head, sizeof head);
    (void)close(s);
    const char *found = strstr(head, "ETag: ");
    (void)snprintf(tag, 80, "%.*s", found ? (int)strcspn(found + 6, "\r") : 0, found ? found + 6 : "");
    *status = (int)strtol(head + 9, NULL, 10);
    return body;
}

/* What the asking process is told to do; it answers with a byte when it has. */
struct order {
    int port, count;
    char request[1024];
};
static int orders = -1;

/* One thread looks at all connections again and again and is never asleep on one: waking it would be work of
 * whoever sends, a tenth of a point read. Over a network that is the work of the machine that asked. */
static void order_run(const struct order *o)
{
    int left[LOAD_CONNECTIONS], answers = o->count * LOAD_CONNECTIONS;
    struct pollfd all[LOAD_CONNECTIONS];
    char head[65536];
    for (int i = 0; i < LOAD_CONNECTIONS; i++) {
        left[i] = o->count - 1;
        all[i] = (struct pollfd){.fd = load_connect(o->port), .events = POLLIN};
        (void)!send(all[i].fd, o->request, strlen(o->request), 0);
    }
    while (answers && poll(all, LOAD_CONNECTIONS, 0) >= 0)
        for (int i = 0; i < LOAD_CONNECTIONS; i++)
            if (all[i].revents) {
                (void)load_read_answer(all[i].fd, head, sizeof head);
                answers--;
                if (left[i]-- > 0)
                    (void)!send(all[i].fd, o->request, strlen(o->request), 0);
            }
    for (int i = 0; i < LOAD_CONNECTIONS; i++)
        (void)close(all[i].fd);
}

void load_begin(void)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) != 0)
        abort();
    orders = ends[0];
    if (fork() != 0) {
        (void)close(ends[1]);
        return;
    }
    (void)close(ends[0]);
    struct order o;
    while (recv(ends[1], &o, sizeof o, 0) == (ssize_t)sizeof o) {
        order_run(&o);
        (void)!send(ends[1], "", 1, 0);
    }
    _exit(0);
}

struct load_cost load_ask(int port, const char *request, int count)
{
    struct order o = {.port = port, .count = count / LOAD_CONNECTIONS};
    char done;
    (void)snprintf(o.request, sizeof o.request, "%s", request);
    int64_t cpu_before = cpu_us(), wall_before = monotonic_us();
    (void)!send(orders, &o, sizeof o, 0);
    (void)!recv(orders, &done, 1, 0);
    return (struct load_cost){cpu_us() - cpu_before, monotonic_us() - wall_before};
}

void load_measure(int port, const char *name, const char *path, const char *headers, bool again, int count)
{
    char request[1024], tag[80];
    int status, each = count / ROUNDS / LOAD_CONNECTIONS * LOAD_CONNECTIONS;
    (void)snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: x\r\n%s\r\n", path, headers);
    size_t body = first_answer(port, request, &status, tag);
    if (again) {
        (void)snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: x\r\n%sIf-None-Match: %s\r\n\r\n",
                       path, headers, tag);
        body = first_answer(port, request, &status, tag);
    }
    struct load_cost least = {INT64_MAX, INT64_MAX}; /* another program's work beside it only adds */
    for (int round = 0; round < ROUNDS; round++) {
        struct load_cost cost = load_ask(port, request, each);
        least.cpu_us = cost.cpu_us < least.cpu_us ? cost.cpu_us : least.cpu_us;
        least.wall_us = cost.wall_us < least.wall_us ? cost.wall_us : least.wall_us;
    }
    (void)printf("%-50s %d %7.1f us CPU a request  %8.0f requests/s  %6zu bytes\n", name, status,
                 (double)least.cpu_us / each, each / ((double)least.wall_us / 1e6), body);
}
