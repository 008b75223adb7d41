/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* space.h - a space and its connections; private to db.c and transaction.c. */
#ifndef GRAPPE_SPACE_H
#define GRAPPE_SPACE_H

#include <pthread.h>

#include "db/statement.h"

struct group;

struct db {
    char *path;
    const struct engine *engine;
    lock_views *views; /* NULL: no lock */
    bool fresh;
    struct connection *writer; /* NULL when it could not be opened again */
    pthread_mutex_t lock;      /* of all that follows */
    pthread_cond_t turn, done;
    bool writing;
    bool woken, awake; /* somebody who waited for the turn is on the way to it; or looks for it, not asleep */
    pthread_t holder;
    int queue;
    bool commits_wait; /* the last one that others waited for put its thread to sleep */
    struct group *group;
    pthread_t keeper; /* lets the turn of all processes go when nobody wrote for a while */
    pthread_cond_t kept;
    bool keeper_started, keeper_waits, closing; /* keeper_waits: for a turn to be taken */
    struct connection *idle;                    /* readers */
    int idle_count;
};

/* For engines whose turn outlasts a transaction. */
struct fault *keeper_start(struct db *) MUST_CHECK;
void keeper_end(struct db *);

/* *out is NULL after a fault. */
struct fault *connection_open(struct db *, enum purpose, bool fresh, struct connection **out) MUST_CHECK;
void connection_close(struct connection *); /* NULL: nothing */
/* Nobody asks: nothing is seen. */
void connection_ask_nobody(struct connection *);

#endif
