/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* readings_bench.c - a read log of many days folded: how long each turn holds the writer, what it leaves.
 *
 * usage: readings_bench [READINGS [DAYS [PEOPLE [RECORDS]]]]
 * READINGS spread evenly over DAYS, each by one of PEOPLE of one of RECORDS, drawn with squared chances, so
 * that some are read far more than others. Wall clock of each turn, CPU of the verification. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arena/arena.h"
#include "clock/clock.h"
#include "journal/readings.h"
#include "limits/limits.h"
#include "random/random.h"
#include "rows/rows.h"

enum { BATCH = 2000, TURN = 5000 };
static const char path[] = "/dev/shm/readings_bench.db";

static int64_t readings = 1000000, days = 60, people = 200, records = 2000;

static void must(const struct fault *f)
{
    if (!f)
        return;
    (void)fprintf(stderr, "readings_bench: %s\n", f->text);
    exit(1);
}

static int64_t drawn(struct random *r, int64_t below)
{
    int64_t i = (int64_t)random_below(r, (uint64_t)below);
    return 1 + i * i / below;
}

static void fill(struct db *db, int64_t first)
{
    struct random random = random_seeded(7, 1);
    struct reading some[BATCH];
    for (int64_t done = 0; done < readings; done += BATCH) {
        ARENA_SCOPE(work);
        struct transaction *t = NULL;
        int64_t sealed;
        clock_hold(day_start_us(first + done * days / readings) + 36000 * SECOND_US + done);
        for (int i = 0; i < BATCH; i++)
            some[i] = (struct reading){.at_us = now_us(),
                                       .person = drawn(&random, people),
                                       .act = JOURNAL_READ,
                                       .type = "need",
                                       .record = drawn(&random, records)};
        must(transaction_begin(db, work, &t));
        must(readings_append(t, some, BATCH));
        must(readings_seal(t, BATCH, &sealed));
        must(transaction_commit(t));
    }
}

static void told(struct db *db, const char *when)
{
    ARENA_SCOPE(work);
    struct connection *c = NULL;
    int64_t whole, open, lines, pages, free_pages, size, start = cpu_us();
    must(read_begin(db, work, &c));
    must(readings_verify(c, &whole, &open, &lines));
    int64_t spent = cpu_us() - start;
    must(db_integer(c, &pages, 0, BY_PROGRAM("bench") "PRAGMA page_count", NO_ARGS));
    must(db_integer(c, &free_pages, 0, BY_PROGRAM("bench") "PRAGMA freelist_count", NO_ARGS));
    must(db_integer(c, &size, 0, BY_PROGRAM("bench") "PRAGMA page_size", NO_ARGS));
    (void)printf("%s: %" PRId64 " whole, %" PRId64 " lines, %" PRId64 " MB, verified in %.2f s\n", when,
                 whole, lines, (pages - free_pages) * size / 1000000, (double)spent / 1e6);
}

static void fold(struct db *db)
{
    int64_t turns = 0, worst = 0, all = 0;
    for (bool more = true; more;) {
        ARENA_SCOPE(work);
        struct transaction *t = NULL;
        int64_t start = monotonic_us();
        must(transaction_begin(db, work, &t));
        must(readings_fold(t, TURN, &more));
        must(transaction_commit(t));
        int64_t spent = monotonic_us() - start;
        worst = spent > worst ? spent : worst;
        all += spent;
        turns += more;
    }
    (void)printf("%" PRId64 " turns, %.1f ms each, %.1f ms at worst\n", turns,
                 turns ? (double)all / 1e3 / (double)turns : 0, (double)worst / 1e3);
}

static void remove_space(void)
{
    static const char *const endings[] = {"", "-wal", "-shm"};
    ARENA_SCOPE(work);
    for (size_t i = 0; i < COUNT(endings); i++)
        (void)unlink(arena_print(work, "%s%s", path, endings[i]));
}

int main(int argc, char **argv)
{
    int64_t *const wanted[] = {&readings, &days, &people, &records};
    for (int i = 1; i < argc && i <= (int)COUNT(wanted); i++)
        *wanted[i - 1] = strtoll(argv[i], NULL, 10);
    ARENA_SCOPE(work);
    struct db *db = NULL;
    struct transaction *t = NULL;
    const int64_t first = today();
    remove_space();
    must(rows_open(path, true, &db));
    must(transaction_begin(db, work, &t));
    must(rows_create_schema(t));
    must(transaction_commit(t));
    fill(db, first);
    told(db, "as noted");
    clock_hold(day_start_us(first + days + LIMIT_READINGS_WHOLE_DAYS));
    fold(db);
    told(db, "folded");
    clock_hold(day_start_us(first + days + LIMIT_READINGS_DAYS));
    fold(db);
    told(db, "a year later");
    db_close(db);
    remove_space();
    return 0;
}
