/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* ratio_sides.h - the ways to store one firm with its journal entry that ratio_bench compares.
 *
 * Plain sides write the same rows into the same tables with the database's own library: statements prepared
 * once, one transaction a change, as durable. They are given the journal's text and digest ready made, and
 * number entries without looking. */
#ifndef GRAPPE_BENCH_RATIO_SIDES_H
#define GRAPPE_BENCH_RATIO_SIDES_H

#include <stdint.h>

enum { MOST_WRITERS = 64 };

struct side {
    const char *name;
    void *(*open)(const char *place, int writers); /* a fresh space */
    void (*change)(void *store, int writer, int64_t number);
    void (*close)(void *store);
};
extern const struct side ours, plain_sqlite, plain_postgres, plain_postgres_unjournaled;

void give_up(const char *what, const char *why) __attribute__((noreturn));

#endif
