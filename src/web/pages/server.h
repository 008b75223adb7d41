/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* server.h - the web server of a house: who asks, which space, the frame around every page. */
#ifndef GRAPPE_SERVER_H
#define GRAPPE_SERVER_H

#include "accounts/accounts.h"
#include "door/door.h"
#include "house/house.h"
#include "http/http.h"
#include "router/router.h"

struct server_options {
    struct house_places places;
    const char *address; /* NULL: loopback */
    int port;
    const char *url; /* how people reach it, for links in letters; NULL: where it listens */
    bool secure, behind_proxy;
    const struct smtp_settings *mail; /* NULL: letters are printed on the console */
    struct mailbox_settings *mailbox; /* that letters are fetched from; NULL: none */
    const char *vouching;             /* the mail server that vouches for who wrote them */
};

/* Opens the house and serves until SIGTERM or SIGINT; `ready` is told the address once requests are
 * answered. */
struct fault *server_run(const struct server_options *,
                         void (*ready)(const char *url, const struct house *)) MUST_CHECK;

/* Does the jobs of a folder that are due, as its server would, and ends. *ran: how many. */
struct fault *server_work(struct house *, size_t *ran) MUST_CHECK;

/* Serves an open house from within a test or a bench; the caller stops it. */
struct server;
struct fault *server_start(struct arena *, struct house *, const struct server_options *,
                           struct server **) MUST_CHECK;
int server_port(const struct server *);
struct router *server_router(const struct server *);
struct house *server_house(const struct server *);
struct fault *server_stop(struct server *) MUST_CHECK;

#endif
