/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "bell/bell.h"

#include <errno.h>
#include <stdint.h>
#include <time.h>

void bell_hang(struct bell *b)
{
    pthread_condattr_t steady;
    b->rung = false;
    (void)pthread_mutex_init(&b->lock, NULL);
    (void)pthread_condattr_init(&steady);
    (void)pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&b->changed, &steady);
    (void)pthread_condattr_destroy(&steady);
}

void bell_remove(struct bell *b)
{
    (void)pthread_cond_destroy(&b->changed);
    (void)pthread_mutex_destroy(&b->lock);
}

void bell_ring(struct bell *b)
{
    (void)pthread_mutex_lock(&b->lock);
    b->rung = true;
    (void)pthread_cond_signal(&b->changed);
    (void)pthread_mutex_unlock(&b->lock);
}

void bell_wait(struct bell *b, int most_ms)
{
    struct timespec until;
    int waited = 0;
    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    int64_t ns = until.tv_nsec + most_ms * INT64_C(1000000);
    until.tv_sec += ns / 1000000000;
    until.tv_nsec = ns % 1000000000;
    (void)pthread_mutex_lock(&b->lock);
    while (!b->rung && waited != ETIMEDOUT)
        waited = pthread_cond_timedwait(&b->changed, &b->lock, &until);
    b->rung = false;
    (void)pthread_mutex_unlock(&b->lock);
}
