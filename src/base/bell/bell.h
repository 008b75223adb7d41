/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* bell.h - a thread that waits until there is something to do, or for a while. */
#ifndef GRAPPE_BELL_H
#define GRAPPE_BELL_H

#include <pthread.h>
#include <stdbool.h>

struct bell {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool rung;
};

void bell_hang(struct bell *);
void bell_remove(struct bell *);
void bell_ring(struct bell *); /* from any thread; kept until somebody waits */
/* Returns when it is rung, or was since the last time, or after `most_ms`. */
void bell_wait(struct bell *, int most_ms);

#endif
