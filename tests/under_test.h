/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* under_test.h - which engine a test program runs on: TEST_ENGINE, sqlite unless it says postgres. The
 * cluster is TEST_POSTGRES (with_postgres.py). */
#ifndef GRAPPE_UNDER_TEST_H
#define GRAPPE_UNDER_TEST_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arena/arena.h"

static inline bool on_postgres(void)
{
    const char *engine = getenv("TEST_ENGINE");
    return engine && strcmp(engine, "postgres") == 0;
}

/* An address of the cluster that ends with a schema, or the start of its name, that nobody else uses. */
static inline char *fresh_schema(struct arena *a, const char *name)
{
    static int made;
    const char *cluster = getenv("TEST_POSTGRES");
    return arena_print(a, "%s&schema=%s_%d_%d", cluster ? cluster : "postgresql:///none?", name,
                       (int)getpid(), ++made);
}

/* Where no space is yet: a file of this folder, or a schema. */
static inline void new_place(const char *folder, const char *name, char *place, size_t size)
{
    ARENA_SCOPE(a);
    if (on_postgres())
        (void)snprintf(place, size, "%s", fresh_schema(a, name));
    else
        (void)snprintf(place, size, "%s/%s.db", folder, name);
}

#endif
