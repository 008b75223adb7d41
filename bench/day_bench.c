/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* day_bench.c - the day queue of a facilitator and of a member, the funnel, and a proposal, of many
 * introductions.
 *
 * usage: day_bench [INTRODUCTIONS [NEEDS [FIRMS]]]
 * One in twenty-five introductions is open, a quarter of those has come to the facilitators; one need in
 * twenty is open, and nobody is asked about one in four of these. CPU time of the process, best of five, of
 * deal_queue() through a door that is open: what a page or a program pays. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "arena/arena.h"
#include "clock/clock.h"
#include "introductions/deals.h"
#include "introductions/funnel.h"
#include "rows/rows.h"

enum { ROUNDS = 5, BATCH = 500, STEP = 25 };

static int64_t introductions = 50000, needs = 10000, firms = 200;

static void must(const struct fault *f)
{
    if (!f)
        return;
    (void)fprintf(stderr, "day_bench: %s\n", f->text);
    exit(1);
}

struct places {
    int64_t *firms, *needs, facilitator, member;
};

static void save(struct door *d, const struct record_type *type, void *record)
{
    must(door_save_any(d, type, record, ALL_FIELDS));
}

static int64_t add_person(struct door *d, const char *name, const char *role, int64_t organisation)
{
    struct person p;
    struct mandate m;
    record_clear(&person_type, &p);
    p.name = name;
    p.role = role;
    p.active = FLAG_YES;
    save(d, &person_type, &p);
    record_clear(&mandate_type, &m);
    m.person = p.id;
    m.organisation = organisation;
    save(d, &mandate_type, &m);
    return p.id;
}

static void add_firms(struct door *d, struct places *at)
{
    must(door_begin(d));
    for (int64_t i = 0; i < firms; i++) {
        struct organisation o;
        record_clear(&organisation_type, &o);
        o.name = arena_print(door_arena(d), "Établissements %" PRId64, i);
        o.visibility = "public";
        save(d, &organisation_type, &o);
        at->firms[i] = o.id;
    }
    at->facilitator = add_person(d, "Claire", "facilitator", at->firms[0]);
    at->member = add_person(d, "Marc", "member", at->firms[1]);
    for (int64_t i = 2; i < firms; i++)
        (void)add_person(d, "Nina", "member", at->firms[i]);
    must(door_commit(d));
}

static void add_needs(struct door *d, struct places *at)
{
    must(door_begin(d));
    for (int64_t i = 0; i < needs; i++) {
        struct need n;
        record_clear(&need_type, &n);
        n.organisation = at->firms[i % firms];
        n.title = "Perçage de platines en laiton";
        n.text = "Perçage de platines en laiton, diamètre 0,8 mm.";
        n.state = i % 20 ? "met" : "open";
        n.visibility = "confidential";
        save(d, &need_type, &n);
        at->needs[i] = n.id;
    }
    must(door_commit(d));
}

/* The records of one introduction, as acts leave them. */
static void add_one(struct transaction *t, const struct places *at, int64_t i)
{
    struct introduction one;
    struct blind_card card;
    bool open = i % STEP == 0;
    int64_t need = i % needs, day = today() - i % 60;
    static const enum introduction_state ways[] = {INTRODUCTION_PROPOSED, INTRODUCTION_ACCEPTED,
                                                   INTRODUCTION_AGREED, INTRODUCTION_QUOTED};
    enum introduction_state state = open ? ways[i / STEP % 4] : INTRODUCTION_DECLINED;
    record_clear(&introduction_type, &one);
    record_clear(&blind_card_type, &card);
    one.organisation = at->firms[need % firms];
    one.need = at->needs[need];
    one.answerer = card.organisation = at->firms[(need + 1 + i / needs) % firms];
    one.subject = card.subject = "Perçage · laiton";
    one.state = card.state = introduction_states[state].code;
    one.reached = introduction_states[open ? state : INTRODUCTION_ACCEPTED].code;
    one.since = one.proposed = card.since = day;
    one.answered = day + i % 5;
    one.due = card.due = !open ? UNKNOWN_INTEGER : i / STEP % 4 == 1 ? today() - 1 : today() + 10;
    one.source = i % 2 ? "match" : "facilitator";
    one.rank = 1 + i % 12;
    must(rows_insert(t, &introduction_type, &one, 0));
    card.introduction = one.id;
    must(rows_insert(t, &blind_card_type, &card, 0));
}

static void fill(struct space *s, struct places *at)
{
    ARENA_SCOPE(work);
    struct door *d = NULL;
    must(door_open_program(s, work, &d));
    add_firms(d, at);
    add_needs(d, at);
    for (int64_t done = 0; done < introductions; done += BATCH) {
        must(door_begin(d));
        for (int64_t i = done; i < done + BATCH && i < introductions; i++)
            add_one(door_transaction(d), at, i);
        must(door_commit(d));
    }
}

static void measure(struct space *s, const char *who, int64_t person, bool funnel)
{
    int64_t best = INT64_MAX;
    size_t count = 0;
    for (int round = 0; round < ROUNDS; round++) {
        ARENA_SCOPE(work);
        struct door *d = NULL;
        struct deal_waiting *all = NULL;
        struct deal_funnel f;
        must(door_open(s, work, person, &d));
        int64_t start = cpu_us();
        if (funnel)
            must(deal_funnel(d, &f));
        else
            must(deal_queue(d, QUEUE_SCREEN, &all, &count));
        int64_t spent = cpu_us() - start;
        best = spent < best ? spent : best;
    }
    (void)printf("%s: %.2f ms, %zu things\n", who, (double)best / 1e3, count);
}

/* About the first need, to firms that nobody asked about it: what they and its owner did before is looked at.
 */
static void measure_proposals(struct space *s, const struct places *at)
{
    int64_t best = INT64_MAX, made = 0;
    for (int round = 0; round < ROUNDS; round++) {
        ARENA_SCOPE(work);
        struct door *d = NULL;
        must(door_open(s, work, at->facilitator, &d));
        int64_t start = cpu_us();
        must(deal_propose(d, &(struct deal_proposal){at->needs[0], at->firms[firms - 1 - round]}, &made));
        int64_t spent = cpu_us() - start;
        best = spent < best ? spent : best;
    }
    (void)printf("a proposal: %.2f ms\n", (double)best / 1e3);
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
    int64_t *const wanted[] = {&introductions, &needs, &firms};
    for (int i = 1; i < argc && i <= (int)COUNT(wanted); i++)
        *wanted[i - 1] = strtoll(argv[i], NULL, 10);
    const char *path = "/dev/shm/day_bench.db";
    ARENA_SCOPE(work);
    struct space *s = NULL;
    struct places at = {NEW(work, int64_t, (size_t)firms), NEW(work, int64_t, (size_t)needs), 0, 0};
    remove_space(path);
    must(space_create(path, &s));
    fill(s, &at);
    must(space_seal(s));
    (void)printf("%" PRId64 " introductions of %" PRId64 " needs, %" PRId64 " firms\n", introductions, needs,
                 firms);
    measure(s, "the facilitator's queue", at.facilitator, false);
    measure(s, "a member's queue", at.member, false);
    measure(s, "the funnel", at.facilitator, true);
    measure_proposals(s, &at);
    space_close(s);
    remove_space(path);
    return 0;
}
