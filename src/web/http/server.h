/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* server.h - what the loops (server.c) and the workers (workers.c) share. */
#ifndef GRAPPE_HTTP_SERVER_H
#define GRAPPE_HTTP_SERVER_H

#include <microhttpd.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>

#include "http/exchange.h"

enum { MOST_WORKERS = 64, SLOW_WORKERS = 4 };

/* Requests that wait for a worker, first come first served. */
struct queue {
    struct exchange *first, *last;
    int count;
    pthread_cond_t filled;
};

/* Ready answers for what no worker sees. */
enum refusal { REFUSE_LENGTH, REFUSE_SIZE, REFUSE_BUSY, REFUSALS };

struct exchange {
    struct http_server *server;
    struct MHD_Connection *connection;
    struct exchange *next; /* in the queue */
    char *target;
    char method[16], address[INET6_ADDRSTRLEN];
    char *body;
    size_t size, capacity, limit;
    bool begun, too_large;
    struct passage passage;
    struct arena *arena; /* of the request, from its reading on */
    struct MHD_Response *answer;
    unsigned status;
};

struct http_server {
    struct http_options options;
    struct MHD_Daemon *daemon;
    struct MHD_Response *refusals[2][REFUSALS]; /* for people; for programs */
    int port, worker_count, started_workers;
    pthread_t threads[MOST_WORKERS];
    _Atomic int ready;     /* gives each worker its number */
    _Atomic size_t bodies; /* bytes of bodies in memory */
    _Atomic int under_way; /* exchanges begun and not ended */
    _Atomic bool draining;
    int deaf; /* a socket on which nothing arrives: takes the place of the listening one at the end */
    pthread_mutex_t lock;    /* guards the queues and `closed` */
    struct queue fast, slow; /* slow: of LANE_SLOW, for SLOW_WORKERS of the workers */
    bool closed;
};

/* What a loop does with a complete request: true when x->answer is ready to be sent. */
bool exchange_answer_at_once(struct exchange *);
/* Hands it to the workers: false when the queue is full or closed. The connection is suspended. */
bool exchange_enqueue(struct exchange *);
void *worker_run(void *given); /* a thread: the server */

#endif
