/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* client.h - the smallest HTTP client: sends bytes as they are given, so that tests can send wrong ones. */
#ifndef GRAPPE_CLIENT_H
#define GRAPPE_CLIENT_H

#include "arena/arena.h"
#include "text/slice.h"

struct reply {
    int status;          /* 0: the connection closed without an answer */
    const char *headers; /* lines as received */
    struct slice body;
};

int client_connect(int port); /* a socket of loopback */
void client_send(int socket, const char *bytes, size_t count);

/* One answer, of known length; `head`: it has no body. */
struct reply client_read(struct arena *, int socket, bool head);

/* One exchange on a connection of its own; `request` is the head with its blank line and any body. */
struct reply client_ask(struct arena *, int port, const char *request, size_t count);
struct reply client_get(struct arena *, int port, const char *path, const char *more_headers);
struct reply client_post(struct arena *, int port, const char *path, const char *more_headers,
                         const char *body);

/* The value of a header, or NULL. */
const char *reply_header(struct arena *, const struct reply *, const char *name);
bool reply_has(const struct reply *, const char *text); /* in the body */

#endif
