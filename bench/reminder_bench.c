/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* reminder_bench.c - what rounds of reminders cost: the first of a day, which asks everybody's queue; one
 * after a change; one after none.
 *
 * usage: reminder_bench [PEOPLE [INTRODUCTIONS]]
 * PEOPLE, each with a mandate of one of a tenth as many organisations, one in a hundred a facilitator;
 * INTRODUCTIONS between these, all waited for, of which nothing fell due of late: no letter is written. CPU
 * time of the process. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "arena/arena.h"
#include "clock/clock.h"
#include "log/log.h"
#include "people.h"
#include "reminders/reminders.h"
#include "rows/rows.h"

static const struct sight everything = {.program = "bench"};

/* Proposed forty days ago: its reminders were due long before. */
static int64_t add_introduction(struct door *d, int64_t asker, int64_t answerer)
{
    struct introduction i;
    struct blind_card card;
    record_clear(&introduction_type, &i);
    record_start(&introduction_type, &i);
    record_clear(&blind_card_type, &card);
    record_start(&blind_card_type, &card);
    i.organisation = asker;
    i.answerer = card.organisation = answerer;
    i.subject = card.subject = "Pignon";
    i.since = card.since = today() - 40;
    i.due = card.due = today() - 19;
    must(rows_insert(door_transaction(d), &introduction_type, &i, 0));
    card.introduction = i.id;
    must(rows_insert(door_transaction(d), &blind_card_type, &card, 0));
    return i.id;
}

static void change(const struct space_info *s, struct arena *a, int64_t introduction)
{
    struct introduction i;
    struct door *d = bench_change(s, a);
    must(rows_load(door_connection(d), a, &introduction_type, introduction, &everything, &i));
    i.words = arena_print(a, "%lld", (long long)now_us());
    must(rows_update(door_transaction(d), &introduction_type, &i, 0));
    must(door_commit(d));
}

static void time_round(struct house *h, const struct space_info *s, const char *what)
{
    int64_t cpu = cpu_us();
    must(reminders_write(h, s, NULL));
    (void)printf("%s: %.2f ms CPU\n", what, (double)(cpu_us() - cpu) / 1e3);
}

int main(int argc, char **argv)
{
    int people = argc > 1 ? atoi(argv[1]) : 1000, introductions = argc > 2 ? atoi(argv[2]) : 10000;
    int organisations = people / 10 + 2;
    char folder[] = "/tmp/grappe-reminders-XXXXXX";
    struct house *house = NULL;
    const struct space_info *s = NULL;
    struct arena *a = arena_new(LIMIT_COMMAND_MEMORY);
    int64_t last = 0;
    log_quieter_than(LOG_ERROR);
    if (!mkdtemp(folder))
        return 1;
    must(house_create(folder, &house));
    must(house_add(house, "essai", "Essai", false, &s));
    struct door *d = bench_change(s, a);
    const int64_t *ids = bench_people(d, a, people, organisations, 100);
    for (int i = 0; i < introductions; i++)
        last = add_introduction(d, ids[i % organisations], ids[(i + 1) % organisations]);
    must(door_commit(d));
    (void)printf("%d people, %d introductions\n", people, introductions);
    time_round(house, s, "the first of a day");
    time_round(house, s, "after no change");
    for (int i = 0; i < 2; i++) { /* the minute before the last round is looked at again: first all of them */
        clock_hold(now_us() + 120 * SECOND_US);
        change(s, a, last);
        time_round(house, s, i ? "after a change of one" : "after all had changed");
    }
    arena_free(a); /* and with it the doors */
    house_discard(house);
    return 0;
}
