/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/client.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "text/buffer.h"

int client_connect(int port)
{
    int s = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    struct timeval most = {.tv_sec = 60};
    if (s < 0 || setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &most, sizeof most) != 0 ||
        connect(s, (const struct sockaddr *)&to, sizeof to) != 0)
        abort();
    return s;
}

void client_send(int socket, const char *bytes, size_t count)
{
    while (count > 0) {
        ssize_t sent = send(socket, bytes, count, MSG_NOSIGNAL);
        if (sent <= 0)
            return; /* the server closed: what it said before can still be read */
        bytes += sent;
        count -= (size_t)sent;
    }
}

static bool read_more(int socket, struct buffer *all)
{
    char chunk[16384];
    ssize_t got = recv(socket, chunk, sizeof chunk, 0);
    if (got <= 0)
        return false;
    buffer_add(all, chunk, (size_t)got);
    return true;
}

struct reply client_read(struct arena *a, int socket, bool head)
{
    struct buffer *all = buffer_new(a, 512 * MIB);
    const char *end = NULL;
    while (!(end = all->len ? memmem(all->ptr, all->len, "\r\n\r\n", 4) : NULL))
        if (!read_more(socket, all))
            return (struct reply){.headers = "", .body = S("")};
    size_t start = (size_t)(end - all->ptr) + 4;
    struct reply r = {.status = (int)strtol(all->ptr + 9, NULL, 10),
                      .headers = arena_text(a, all->ptr, start)};
    const char *length = reply_header(a, &r, "Content-Length");
    size_t wanted = head || !length ? 0 : strtoul(length, NULL, 10);
    while (all->len < start + wanted)
        if (!read_more(socket, all))
            break;
    r.body = slice_from(buffer_view(all), start);
    return r;
}

struct reply client_ask(struct arena *a, int port, const char *request, size_t count)
{
    int s = client_connect(port);
    client_send(s, request, count);
    struct reply r = client_read(a, s, strncmp(request, "HEAD ", 5) == 0);
    (void)close(s);
    return r;
}

struct reply client_get(struct arena *a, int port, const char *path, const char *more_headers)
{
    char *request = arena_print(a, "GET %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n", path, more_headers);
    return client_ask(a, port, request, strlen(request));
}

struct reply client_post(struct arena *a, int port, const char *path, const char *more_headers,
                         const char *body)
{
    const char *form = strcasestr(more_headers, "Content-Type:")
                           ? ""
                           : "Content-Type: application/x-www-form-urlencoded\r\n";
    char *request = arena_print(a, "POST %s HTTP/1.1\r\nHost: localhost\r\n%sContent-Length: %zu\r\n%s\r\n%s",
                                path, form, strlen(body), more_headers, body);
    return client_ask(a, port, request, strlen(request));
}

const char *reply_header(struct arena *a, const struct reply *r, const char *name)
{
    size_t length = strlen(name);
    for (const char *line = strstr(r->headers, "\r\n"); line && line[2]; line = strstr(line + 2, "\r\n"))
        if (strncasecmp(line + 2, name, length) == 0 && line[2 + length] == ':') {
            const char *value = line + 2 + length + 1;
            value += strspn(value, " ");
            return arena_text(a, value, strcspn(value, "\r\n"));
        }
    return NULL;
}

bool reply_has(const struct reply *r, const char *text)
{
    return r->body.len && memmem(r->body.ptr, r->body.len, text, strlen(text)) != NULL;
}
