/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* load.h - asks a server of this process for a page, many times, from another process: what is counted is the
 * CPU of the server alone, kernel included. */
#ifndef GRAPPE_BENCH_LOAD_H
#define GRAPPE_BENCH_LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LOAD_CONNECTIONS = 8 };

/* First of all: makes the process that asks. A child made later would share the server's memory, which then
 * copies each page it writes to, at its own cost. */
void load_begin(void);

int load_connect(int port);

/* Reads one answer and drops it; its head is left in `head`. Returns the bytes of the body. */
size_t load_read_answer(int socket, char *head, size_t room);

/* Asks on a connection of its own, `count` times, one after another. */
struct load {
    int port, count;
    const char *request;
};
void *load_run(void *load);

/* What `count` exchanges over all connections took: CPU of this process, and time. */
struct load_cost {
    int64_t cpu_us, wall_us;
};
struct load_cost load_ask(int port, const char *request, int count);

/* One line, of the best of five rounds: CPU a request, requests a second, bytes of the body. `headers` end in
 * CRLF each; `again`: as by a browser that has the answer already. */
void load_measure(int port, const char *name, const char *path, const char *headers, bool again, int count);

#endif
