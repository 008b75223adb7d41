/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* schedule_fuzz.c - any bytes as a file of requests, of availabilities, of caps and as a plan: either a
 * fault, or a problem whose schedule, made and mended, the checker accepts. */
#include <stdint.h>
#include <stdlib.h>

#include "arena/arena.h"
#include "commands/schedule_files.h"
#include "schedule/schedule_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static struct table *opened(struct arena *a, struct slice bytes)
{
    struct table *t = NULL;
    require(!table_open_bytes(a, bytes, NULL, &t));
    return t;
}

static void plan(struct arena *a, struct slice bytes, bool one_set)
{
    enum { MOST_REQUESTS = 300 };
    static const struct schedule_effort effort = {.seed = 1, .shakes = 3};
    struct schedule_file f = {.problem = {.slots = 4, .tables = 3, .one_set = one_set}};
    struct schedule s;
    int *old = NULL;
    if (schedule_requests_read(a, opened(a, bytes), "requests", &f) || f.problem.count > MOST_REQUESTS)
        return;
    if (schedule_availability_read(a, opened(a, bytes), "there", &f))
        f.problem.there = NULL;
    if (schedule_caps_read(a, opened(a, bytes), "caps", &f))
        f.problem.cap = NULL;
    require(!schedule_solve(a, &f.problem, &effort, &s) && !schedule_check(a, &f.problem, &s));
    require(!schedule_repair(a, &f.problem, s.slot, 1, 3, 1, &s) && !schedule_check(a, &f.problem, &s));
    if (!schedule_plan_read(a, opened(a, bytes), "plan", &f, &old) &&
        !schedule_repair(a, &f.problem, old, 1, 3, 1, &s))
        require(!schedule_check(a, &f.problem, &s));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice bytes = {(const char *)data, size};
    for (int one_set = 0; one_set < 2; one_set++) {
        ARENA_SCOPE(work);
        struct table *t = NULL;
        if (table_open_bytes(work, bytes, NULL, &t))
            return 0;
        plan(work, bytes, one_set);
    }
    return 0;
}
