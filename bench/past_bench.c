/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* past_bench.c - every record of a type as it stood, replayed from the beginning and from the states of
 * months.
 *
 * usage: past_bench [RECORDS [ENTRIES [MONTHS]]]
 * RECORDS are inserted in the first month, then changed at random, ENTRIES in all, spread over MONTHS. Asked
 * for the last day of a month in the middle and of the last one. CPU time of the process, best of three; the
 * ratio is without states to with them. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arena/arena.h"
#include "clock/clock.h"
#include "journal/past.h"
#include "records/records.h"
#include "rows/rows.h"

enum { ROUNDS = 3, BATCH = 500, FIRST_ID = 1000 };

static int64_t records = 100000, entries = 1000000, months = 24;

static void must(const struct fault *f)
{
    if (!f)
        return;
    (void)fprintf(stderr, "past_bench: %s\n", f->text);
    exit(1);
}

static int64_t noon(int64_t month, int day)
{
    return day_start_us(day_of((int)(2090 + month / 12), (int)(month % 12) + 1, day)) + 43200 * SECOND_US;
}

/* A firm's insertion has ten fields; a change has two. */
static void append(struct transaction *t, struct arena *a, int64_t entry)
{
    bool fresh = entry < records;
    int64_t record = FIRST_ID + (fresh ? entry : entry * 7919 % records);
    struct journal_change changes[10];
    size_t count = fresh ? COUNT(changes) : 2;
    for (size_t i = 0; i < count; i++)
        changes[i] = (struct journal_change){.field = (int)i + 1,
                                             .before = fresh ? NULL : "Établissements Dupont",
                                             .after = arena_print(a, "Établissements n° %" PRId64, entry)};
    must(journal_append(t, 7, fresh ? JOURNAL_INSERT : JOURNAL_UPDATE, "organisation", record, changes,
                        count));
}

static void fill(struct db *db)
{
    for (int64_t done = 0; done < entries; done += BATCH) {
        ARENA_SCOPE(work);
        struct transaction *t = NULL;
        clock_hold(noon(done * months / entries, 5 + (int)(done % 20)));
        must(transaction_begin(db, work, &t));
        for (int64_t i = done; i < done + BATCH && i < entries; i++)
            append(t, work, i);
        must(transaction_commit(t));
    }
}

static struct fault *count_one(void *owner, const struct past *p)
{
    *(int64_t *)owner += p->present;
    return NULL;
}

static int64_t measured(struct db *db, int64_t at_us)
{
    int64_t best = INT64_MAX;
    for (int round = 0; round < ROUNDS; round++) {
        ARENA_SCOPE(work);
        struct connection *c = NULL;
        int64_t bound, found = 0, start = cpu_us();
        must(read_begin(db, work, &c));
        must(past_bound(c, at_us, &bound));
        must(past_each(c, "organisation", bound, count_one, &found));
        int64_t spent = cpu_us() - start;
        best = spent < best ? spent : best;
        if (found != records)
            must(fault(FAULT_BUG, "%" PRId64 " records were found", found));
    }
    return best;
}

static void make_months(struct db *db)
{
    struct months_work w = {0};
    for (bool more = true; more;) {
        ARENA_SCOPE(work);
        struct transaction *t = NULL;
        must(transaction_begin(db, work, &t));
        must(months_make(t, BATCH, &w, &more));
        must(transaction_commit(t));
    }
}

static void remove_space(const char *path)
{
    static const char *const endings[] = {"", "-wal", "-shm"};
    ARENA_SCOPE(work);
    for (size_t i = 0; i < COUNT(endings); i++)
        (void)unlink(arena_print(work, "%s%s", path, endings[i]));
}

int main(int argc, char **argv)
{
    int64_t *const wanted[] = {&records, &entries, &months};
    for (int i = 1; i < argc && i <= (int)COUNT(wanted); i++)
        *wanted[i - 1] = strtoll(argv[i], NULL, 10);
    char path[] = "/dev/shm/past_bench.db";
    ARENA_SCOPE(work);
    struct db *db = NULL;
    struct transaction *t = NULL;
    remove_space(path);
    must(rows_open(path, true, &db));
    must(transaction_begin(db, work, &t));
    must(rows_create_schema(t));
    must(transaction_commit(t));
    fill(db);
    const int64_t times[] = {noon(months / 2, 28), noon(months - 1, 28)};
    int64_t without[COUNT(times)];
    for (size_t i = 0; i < COUNT(times); i++)
        without[i] = measured(db, times[i]);
    int64_t start = cpu_us();
    make_months(db);
    (void)printf("%" PRId64 " records, %" PRId64 " entries, %" PRId64 " months made in %.1f s\n", records,
                 entries, months - 1, (double)(cpu_us() - start) / 1e6);
    for (size_t i = 0; i < COUNT(times); i++) {
        int64_t with = measured(db, times[i]);
        (void)printf("%s: without states %.0f ms, with %.0f ms: %.1f times\n",
                     i ? "the last month" : "in the middle", (double)without[i] / 1e3, (double)with / 1e3,
                     (double)without[i] / (double)with);
    }
    db_close(db);
    remove_space(path);
    return 0;
}
