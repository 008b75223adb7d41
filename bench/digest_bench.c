/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* digest_bench.c - a day's digests for everybody of a space, written as letters.
 *
 * usage: digest_bench [PEOPLE [NEEDS]]
 * PEOPLE, each with a mandate of one of a tenth as many organisations; then NEEDS, of which all see four
 * fifths, and a colleague's change in each organisation. CPU time of the process, from the first look to the
 * last row. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "arena/arena.h"
#include "clock/clock.h"
#include "digests/digests.h"
#include "log/log.h"
#include "people.h"

static void add_need(struct door *d, struct arena *a, int i, int64_t organisation)
{
    struct need n;
    record_clear(&need_type, &n);
    n.organisation = organisation;
    n.title = n.text = arena_print(a, "Pignon %d en laiton, décolleté", i);
    n.state = "open";
    n.visibility = i % 5 ? "space" : "confidential";
    must(door_save(d, need, &n, ALL_FIELDS));
}

int main(int argc, char **argv)
{
    int people = argc > 1 ? atoi(argv[1]) : 1000, needs = argc > 2 ? atoi(argv[2]) : 300;
    int organisations = people / 10 + 1;
    char folder[] = "/tmp/grappe-digests-XXXXXX";
    struct house *house = NULL;
    const struct space_info *s = NULL;
    size_t written = 0;
    struct arena *a = arena_new(LIMIT_COMMAND_MEMORY);
    int64_t now = now_us();
    log_quieter_than(LOG_ERROR);
    if (!mkdtemp(folder))
        return 1;
    clock_hold(now);
    must(house_create(folder, &house));
    must(house_add(house, "essai", "Essai", false, &s));
    struct door *d = bench_change(s, a);
    const int64_t *ids = bench_people(d, a, people, organisations, 0);
    must(door_commit(d));
    must(digests_write(house, s, NULL)); /* seen for the first time */
    clock_hold(now += 3600 * SECOND_US);
    d = bench_change(s, a);
    for (int i = 0; i < needs; i++)
        add_need(d, a, i, ids[i % organisations]);
    must(door_commit(d));
    clock_hold(now + 86400 * SECOND_US);
    int64_t cpu = cpu_us(), wall = monotonic_us();
    must(digests_write(house, s, &written));
    (void)printf("%zu letters of %d people, %d needs: %.2f s CPU, %.2f s elapsed\n", written, people, needs,
                 (double)(cpu_us() - cpu) / 1e6, (double)(monotonic_us() - wall) / 1e6);
    arena_free(a); /* and with it the doors */
    house_discard(house);
    return written == (size_t)people ? 0 : 1;
}
