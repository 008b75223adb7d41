/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Ten thousand needs over years of days, with people who are silent, who refuse, and a server that dies
 * before or after a change is made: none is lost, and none ends by itself. */
#include "introductions/introductions.h"
#include "random/random.h"
#include "test.h"

#include <stdlib.h>

enum { NEEDS = 10000, MOST_ASKED = 6, DAYS = 1500, SILENT_PERCENT = 30, CRASH_PERCENT = 10 };

struct asked {
    enum introduction_state state;
    int64_t since, version, acts;   /* acts: that were made */
    int64_t asked_on, first_answer; /* days; -1: none yet */
    bool silent, reasoned;          /* silent: who was asked never looks */
};

struct need_run {
    bool open, silent, reasoned; /* silent: the asker never looks again */
    struct asked asked[MOST_ASKED];
    size_t count;
};

/* What is made is made once: a change says which version it is of. */
static bool made(struct asked *a, const struct introduction_step *s, int64_t version, int64_t day,
                 bool reason)
{
    if (a->version != version)
        return false;
    assert_int_equal(a->state, s->from);
    assert_true(reason || !introduction_needs_reason(s->to));
    a->state = s->to;
    a->since = day;
    a->version++;
    a->acts++;
    a->reasoned = introduction_needs_reason(s->to);
    return true;
}

/* The server may die before the change (it is tried another day) or behind it (it is tried again at once). */
static void act(struct asked *a, const struct introduction_step *s, int64_t day, struct random *random)
{
    int64_t version = a->version;
    if (random_below(random, 100) < CRASH_PERCENT)
        return;
    bool done = made(a, s, version, day, true);
    assert_true(done);
    if (random_below(random, 100) < CRASH_PERCENT)
        assert_false(made(a, s, version, day, true));
    if (a->first_answer < 0 && s->by != PARTY_FACILITATOR)
        a->first_answer = day - a->asked_on;
}

/* Somebody who is waited for does one of the acts that are theirs. */
static void take_a_step(struct asked *a, int party, int64_t day, struct random *random)
{
    const struct introduction_step *mine[16];
    size_t count = 0;
    for (size_t i = 0; i < introduction_step_count; i++)
        if (introduction_steps[i].from == a->state && (introduction_steps[i].by & party))
            mine[count++] = &introduction_steps[i];
    assert_in_range(count, 1, COUNT(mine)); /* whoever is waited for can act */
    act(a, mine[random_below(random, count)], day, random);
}

static void live_a_day(struct need_run *n, struct asked *a, int64_t day, struct random *random)
{
    int waits = introduction_waits(a->state, day - a->since, &reminder_default);
    if (day - a->since < introduction_places[a->state].rest)
        return;
    assert_true(waits != 0); /* it stands in somebody's queue, today like every day */
    const struct {
        int party;
        bool silent;
    } people[] = {{PARTY_ASKER, n->silent}, {PARTY_ANSWERER, a->silent}, {PARTY_FACILITATOR, false}};
    for (size_t i = 0; i < COUNT(people); i++)
        if ((waits & people[i].party) && !people[i].silent && random_below(random, 8) == 0) {
            take_a_step(a, people[i].party, day, random);
            return;
        }
}

static void ask_another(struct need_run *n, int64_t day, struct random *random)
{
    n->asked[n->count++] = (struct asked){.state = INTRODUCTION_PROPOSED,
                                          .since = day,
                                          .asked_on = day,
                                          .version = 1,
                                          .first_answer = -1,
                                          .silent = random_below(random, 100) < SILENT_PERCENT};
}

/* Nobody is asked any more: a facilitator asks another, or closes it with its reason. */
static void look_after(struct need_run *n, size_t open, size_t ordered, int64_t day, struct random *random)
{
    if (!n->open || !need_waits(n->open, open, ordered)) {
        n->open = n->open && !(ordered && !open);
        return;
    }
    if (random_below(random, 5) != 0)
        return;
    if (n->count < MOST_ASKED && random_below(random, 2))
        ask_another(n, day, random);
    else
        n->open = !(n->reasoned = true);
}

static void run(struct need_run *n, struct random *random)
{
    *n = (struct need_run){.open = true, .silent = random_below(random, 100) < SILENT_PERCENT};
    for (uint64_t first = 1 + random_below(random, 4); n->count < first;)
        ask_another(n, 0, random);
    for (int64_t day = 0; day < DAYS && n->open; day++) {
        size_t open = 0, ordered = 0;
        for (size_t i = 0; i < n->count; i++) {
            if (introduction_open(n->asked[i].state))
                live_a_day(n, &n->asked[i], day, random);
            open += introduction_open(n->asked[i].state);
            ordered +=
                n->asked[i].state >= INTRODUCTION_DELIVERED && n->asked[i].state <= INTRODUCTION_FINISHED;
        }
        look_after(n, open, ordered, day, random);
    }
}

static int by_value(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void of_ten_thousand_needs_none_is_lost(void **state)
{
    (void)state;
    struct random random = random_seeded(20261123, 4);
    int64_t *answers = calloc((size_t)NEEDS * MOST_ASKED, sizeof *answers);
    size_t ends[INTRODUCTION_STATES] = {0}, answered = 0, asked = 0, closed_needs = 0;
    for (int i = 0; i < NEEDS; i++) {
        struct need_run n;
        run(&n, &random);
        for (size_t k = 0; k < n.count; k++) {
            const struct asked *a = &n.asked[k];
            ends[a->state]++;
            asked++;
            assert_true(a->reasoned || a->state == INTRODUCTION_RENEWED || introduction_open(a->state));
            assert_int_equal(a->version, a->acts + 1);
            if (a->first_answer >= 0)
                answers[answered++] = a->first_answer;
        }
        closed_needs += !n.open;
    }
    qsort(answers, answered, sizeof *answers, by_value);
    size_t closed = ends[INTRODUCTION_RENEWED] + ends[INTRODUCTION_FINISHED] + ends[INTRODUCTION_DECLINED] +
                    ends[INTRODUCTION_EXPIRED];
    print_message("# %d needs, %zu introductions: %zu delivered, %zu declined, %zu closed by facilitators, "
                  "%zu open\n",
                  NEEDS, asked, ends[INTRODUCTION_RENEWED] + ends[INTRODUCTION_FINISHED],
                  ends[INTRODUCTION_DECLINED], ends[INTRODUCTION_EXPIRED], asked - closed);
    print_message("# closed by a person: %.1f %%; first answer: median %lld days\n",
                  100.0 * (double)closed / (double)asked, (long long)answers[answered / 2]);
    assert_int_equal(closed_needs, NEEDS); /* within four years each came to its end */
    assert_int_equal(closed, asked);
    free(answers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(of_ten_thousand_needs_none_is_lost)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
