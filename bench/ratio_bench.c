/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* ratio_bench.c - changes a second of the store beside the database's own library, in the same run.
 *
 * usage: ratio_bench CHANGES [FOLDER…]
 *        TEST_POSTGRES_SETTINGS=fsync=on tests/with_postgres.py ratio_bench CHANGES [FOLDER…]
 * SQLite in each folder (one on a memory disk, one on the disk), then PostgreSQL when there is one. One
 * organisation and its journal entry a transaction, by 1, 8 and 64 threads. Each round runs all sides one
 * after another on fresh spaces; the figures are medians of the rounds, the ratio that of each round's pair
 * with its spread. Syncs are counted: fsync and fdatasync of this process, or the server's own count. */
#include "ratio_sides.h"

#include <ftw.h>
#include <glob.h>
#include <libpq-fe.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "arena/arena.h"
#include "clock/clock.h"

enum { ROUNDS = 7, MOST_SIDES = 3 };

static _Atomic int64_t own_syncs;

/* In the place of the C library's, for SQLite too. */
int fdatasync(int descriptor)
{
    (void)atomic_fetch_add(&own_syncs, 1);
    return (int)syscall(SYS_fdatasync, descriptor);
}

int fsync(int descriptor)
{
    (void)atomic_fetch_add(&own_syncs, 1);
    return (int)syscall(SYS_fsync, descriptor);
}

/* Also what connections that are closed by now did. */
static int64_t server_syncs(void)
{
    PGconn *link = PQconnectdb(getenv("TEST_POSTGRES"));
    PGresult *answer = PQexec(link, "SELECT pg_sleep(0.2), wal_sync FROM pg_stat_wal");
    if (PQresultStatus(answer) != PGRES_TUPLES_OK)
        give_up("syncs", PQerrorMessage(link));
    int64_t syncs = strtoll(PQgetvalue(answer, 0, 1), NULL, 10);
    PQclear(answer);
    PQfinish(link);
    return syncs;
}

/* Of all processes of the server, those that have ended too; to the hundredth of a second. */
static int64_t server_cpu_us(void)
{
    long server = strtol(getenv("TEST_POSTGRES_PID"), NULL, 10);
    unsigned long ticks = 0;
    glob_t all;
    if (glob("/proc/[0-9]*/stat", 0, NULL, &all) != 0)
        give_up("/proc", "cannot be read");
    for (size_t i = 0; i < all.gl_pathc; i++) {
        long pid, parent;
        unsigned long user, system, ended_user, ended_system;
        FILE *f = fopen(all.gl_pathv[i], "re");
        if (f &&
            fscanf(f, "%ld (%*[^)]) %*c %ld %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu %lu %lu", &pid,
                   &parent, &user, &system, &ended_user, &ended_system) == 6 &&
            (pid == server || parent == server))
            ticks += user + system + (pid == server ? ended_user + ended_system : 0);
        if (f)
            (void)fclose(f);
    }
    globfree(&all);
    return (int64_t)ticks * SECOND_US / sysconf(_SC_CLK_TCK);
}

struct writer {
    pthread_t thread;
    const struct side *side;
    void *store;
    int number, changes;
    int64_t *took_us;
};

static void *write_all(void *given)
{
    const struct writer *w = given;
    for (int i = 0; i < w->changes; i++) {
        int64_t start = monotonic_us();
        w->side->change(w->store, w->number, (int64_t)w->number * w->changes + i);
        w->took_us[i] = monotonic_us() - start;
    }
    return NULL;
}

static void run_writers(const struct side *side, void *store, int writers, int each, int64_t *took_us)
{
    struct writer all[MOST_WRITERS];
    for (int i = 0; i < writers; i++) {
        all[i] = (struct writer){.side = side, .store = store, .number = i, .changes = each};
        all[i].took_us = took_us + (size_t)i * (size_t)each;
        if (pthread_create(&all[i].thread, NULL, write_all, &all[i]) != 0)
            give_up("thread", "cannot be started");
    }
    for (int i = 0; i < writers; i++)
        (void)pthread_join(all[i].thread, NULL);
}

static int by_number(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* RATE: changes a second. MIDDLE, LATE: microseconds of one; half, and 99 of 100, took less. SYNCS and CPU
 * (microseconds, of this process and the server): of one change. */
enum { RATE, MIDDLE, LATE, SYNCS, CPU, FIGURES };

static void measure(const struct side *side, const char *place, int writers, int changes, bool server,
                    double figures[FIGURES])
{
    int each = changes / writers, total = each * writers;
    int64_t *took_us = calloc((size_t)total, sizeof *took_us);
    void *store = side->open(place, writers);
    int64_t synced = server ? server_syncs() : 0, own = own_syncs;
    int64_t cpu = cpu_us() + (server ? server_cpu_us() : 0), start = monotonic_us();
    run_writers(side, store, writers, each, took_us);
    int64_t spent = monotonic_us() - start,
            syncs = own_syncs - own; /* before the file is put in order at its end */
    cpu = cpu_us() + (server ? server_cpu_us() : 0) - cpu;
    side->close(store);
    if (server)
        syncs = server_syncs() - synced;
    qsort(took_us, (size_t)total, sizeof *took_us, by_number);
    figures[RATE] = total / ((double)spent / SECOND_US);
    figures[MIDDLE] = (double)took_us[total / 2];
    figures[LATE] = (double)took_us[total - 1 - total / 100];
    figures[SYNCS] = (double)syncs / total;
    figures[CPU] = (double)cpu / total;
    free(took_us);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Least, middle and greatest of the rounds, of one figure or of its ratio to that of others. */
struct spread {
    double low, middle, high;
};
static struct spread spread(double of[ROUNDS][FIGURES], double others[ROUNDS][FIGURES], int figure)
{
    double values[ROUNDS];
    for (int i = 0; i < ROUNDS; i++)
        values[i] = others ? of[i][figure] / others[i][figure] : of[i][figure];
    qsort(values, ROUNDS, sizeof *values, by_value);
    return (struct spread){values[0], values[ROUNDS / 2], values[ROUNDS - 1]};
}

/* Rounds of all sides, the first being ours; figures and ratios. */
static void compare(const struct side *const *sides, const char *const *places, int writers, int changes,
                    bool server)
{
    double figures[MOST_SIDES][ROUNDS][FIGURES];
    for (int round = 0; round < ROUNDS; round++)
        for (int k = 0; sides[k]; k++) {
            ARENA_SCOPE(work);
            const char *place = arena_print(work, "%s%d", places[k], round * 100 + writers);
            measure(sides[k], place, writers, changes, server, figures[k][round]);
        }
    for (int k = 0; sides[k]; k++) {
        double middle[FIGURES];
        for (int i = 0; i < FIGURES; i++)
            middle[i] = spread(figures[k], NULL, i).middle;
        (void)printf("  %2d %-11s %7.0f /s, one %6.0f us, p99 %7.0f us, %5.3f syncs, %6.1f us of CPU",
                     writers, sides[k]->name, middle[RATE], middle[MIDDLE], middle[LATE], middle[SYNCS],
                     middle[CPU]);
        struct spread rate = spread(figures[0], figures[k], RATE), cpu = spread(figures[k], figures[0], CPU);
        if (k)
            (void)printf("; rate x %.2f [%.2f..%.2f], by CPU x %.2f [%.2f..%.2f]", rate.middle, rate.low,
                         rate.high, cpu.middle, cpu.low, cpu.high);
        (void)printf("\n");
    }
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *at)
{
    (void)about, (void)kind, (void)at;
    return remove(path);
}

static void on_files(const char *folder, int changes)
{
    ARENA_SCOPE(work);
    const struct side *const sides[] = {&ours, &plain_sqlite, NULL};
    char *made = arena_print(work, "%s/grappe-ratio-XXXXXX", folder);
    if (!mkdtemp(made))
        give_up("folder", folder);
    const char *const places[] = {arena_print(work, "%s/ours", made), arena_print(work, "%s/plain", made)};
    (void)printf("SQLite in %s, %d changes a round\n", folder, changes);
    for (int writers = 1; writers <= MOST_WRITERS; writers *= 8)
        compare(sides, places, writers, changes, false);
    (void)nftw(made, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void on_server(const char *url, int changes)
{
    ARENA_SCOPE(work);
    const struct side *const sides[] = {&ours, &plain_postgres, &plain_postgres_unjournaled, NULL};
    const char *const places[] = {arena_print(work, "%s&schema=ours", url),
                                  arena_print(work, "%s&schema=plain", url),
                                  arena_print(work, "%s&schema=bare", url)};
    (void)printf("PostgreSQL, %d changes a round\n", changes);
    for (int writers = 1; writers <= MOST_WRITERS; writers *= 8)
        compare(sides, places, writers, changes, true);
}

int main(int argc, char **argv)
{
    int changes = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 0;
    if (changes < MOST_WRITERS)
        give_up("usage", "ratio_bench CHANGES [FOLDER…], 64 changes or more");
    for (int i = 2; i < argc; i++)
        on_files(argv[i], changes);
    if (getenv("TEST_POSTGRES"))
        on_server(getenv("TEST_POSTGRES"), changes);
    return 0;
}
