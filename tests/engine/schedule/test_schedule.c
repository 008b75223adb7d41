/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One-to-one meetings: reference cases worked out by hand, tiny cases against every possible schedule, large
 * ones against the bound, repair, and a checker that must refuse what is planted. */
#include "test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "random/random.h"
#include "schedule/schedule.h"
#include "schedule/schedule_check.h"

static const struct schedule_effort usual = {.seed = 1, .shakes = 200};

struct table {
    struct schedule_problem p;
    bool second[1000];
    uint64_t there[1000]; /* up to 64 slots */
    int cap[1000];
    struct meeting_request requests[20000];
};

static struct table *table_new(struct arena *a, int persons, int firsts, int slots, int tables)
{
    struct table *t = NEW(a, struct table, 1);
    t->p = (struct schedule_problem){
        .persons = persons, .slots = slots, .tables = tables, .second = t->second, .requests = t->requests};
    for (int v = 0; v < persons; v++) {
        t->second[v] = v >= firsts;
        t->there[v] = ~(uint64_t)0;
        t->cap[v] = slots;
    }
    return t;
}

static void ask(struct table *t, int a, int b, int64_t weight)
{
    t->requests[t->p.count++] = (struct meeting_request){a, b, weight};
}

static struct schedule solved(struct arena *a, const struct schedule_problem *p)
{
    struct schedule s;
    assert_ok(schedule_solve(a, p, &usual, &s));
    assert_ok(schedule_check(a, p, &s));
    return s;
}

/* --- reference cases -------------------------------------------------------------------------------- */

static void few_tables_go_to_most_persons_when_fair(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    static const struct {
        int tables;
        enum fairness fairness;
        int64_t weight;
        int met;
    } cases[] = {{1, FAIR_NONE, 9, 3}, {1, FAIR_LEVELS, 6, 4}, {2, FAIR_NONE, 11, 4}, {2, FAIR_LEVELS, 9, 5}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct table *t = table_new(a, 5, 2, 2, cases[i].tables);
        t->p.fairness = cases[i].fairness;
        ask(t, 0, 2, 5);
        ask(t, 0, 3, 4);
        ask(t, 0, 4, 3);
        ask(t, 1, 2, 2);
        struct schedule s = solved(a, &t->p);
        assert_true(s.optimal);
        assert_int_equal(s.weight, cases[i].weight);
        assert_int_equal(s.met[0], cases[i].met);
    }
}

static void a_ring_of_four_is_met_but_where_one_is_not_there(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct table *t = table_new(a, 4, 2, 2, 2);
    for (int i = 0; i < 4; i++)
        ask(t, i / 2, 2 + i % 2, 1);
    t->p.there = t->there;
    t->there[2] = 1; /* in slot 0 alone */
    struct schedule s = solved(a, &t->p);
    assert_int_equal(s.weight, 3);
    assert_int_equal(s.weight_bound, 3);
}

static void a_triangle_in_two_slots_has_two_meetings(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct table *t = table_new(a, 3, 3, 2, 2);
    t->p.one_set = true;
    ask(t, 0, 1, 1);
    ask(t, 1, 2, 1);
    ask(t, 2, 0, 1);
    struct schedule s = solved(a, &t->p);
    assert_int_equal(s.weight, 2);
    assert_int_equal(s.weight_bound, 2);
}

static void two_partners_in_the_same_slot_count_for_one(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct table *t = table_new(a, 4, 2, 3, 2);
    for (int i = 0; i < 4; i++)
        ask(t, i / 2, 2 + i % 2, 1);
    t->p.there = t->there;
    t->there[0] = t->there[2] = t->there[3] = 3;
    t->there[1] = 5;
    struct schedule s = solved(a, &t->p);
    assert_int_equal(s.weight, 3);
    assert_int_equal(s.weight_bound, 3); /* from the slots alone it would be 4 */
}

static int64_t waits_of(const struct schedule_problem *p, const struct schedule *s)
{
    int64_t waits = 0;
    for (int v = 0; v < p->persons; v++) {
        int first = p->slots, last = -1, met = 0;
        for (size_t i = 0; i < p->count; i++)
            if (s->slot[i] >= 0 && (p->requests[i].a == v || p->requests[i].b == v)) {
                first = s->slot[i] < first ? s->slot[i] : first;
                last = s->slot[i] > last ? s->slot[i] : last;
                met++;
            }
        waits += met ? last - first + 1 - met : 0;
    }
    return waits;
}

/* Three visitors of one stand, one of whom comes late: the others come then too. */
static void nobody_waits_who_need_not(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct table *t = table_new(a, 4, 1, 8, 2);
    for (int v = 1; v < 4; v++)
        ask(t, 0, v, 1);
    t->p.there = t->there;
    for (int v = 0; v < 4; v++)
        t->there[v] = v == 2 ? 1 << 6 : 0xff;
    struct schedule s = solved(a, &t->p);
    assert_int_equal(s.weight, 3);
    assert_int_equal(s.waits, 0);
    assert_int_equal(waits_of(&t->p, &s), 0);
}

static void nothing_to_plan_is_a_plan(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct table *none = table_new(a, 0, 0, 0, 0), *no_tables = table_new(a, 4, 2, 3, 0);
    assert_true(solved(a, &none->p).optimal);
    ask(no_tables, 0, 2, 3);
    struct schedule s = solved(a, &no_tables->p);
    enum unmet reason;
    assert_int_equal(s.weight_bound, 0);
    schedule_reasons(a, &no_tables->p, &s, &reason);
    assert_int_equal(reason, UNMET_TABLES);
}

static void wrong_problems_are_refused(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    static const struct meeting_request wrong[] = {{0, 0, 1},  {0, 1, 1}, {2, 3, 1},   {0, 9, 1},
                                                   {-1, 2, 1}, {0, 2, 0}, {0, 2, 5000}};
    for (size_t i = 0; i < COUNT(wrong); i++) {
        struct table *t = table_new(a, 4, 2, 2, 2);
        struct schedule s;
        ask(t, wrong[i].a, wrong[i].b, wrong[i].weight);
        assert_fault(schedule_solve(a, &t->p, &usual, &s), FAULT_INVALID);
    }
}

/* --- every possible schedule ------------------------------------------------------------------------- */

struct search {
    const struct schedule_problem *p;
    int slot[16], best_met[MEETING_LEVELS];
    int64_t best_weight;
};

static bool possible(const struct search *x, size_t request, int slot)
{
    const struct meeting_request *r = &x->p->requests[request];
    int tables = 0, of_a = 0, of_b = 0;
    if (!schedule_there(x->p, r->a, slot) || !schedule_there(x->p, r->b, slot))
        return false;
    for (size_t i = 0; i < request; i++) {
        const struct meeting_request *o = &x->p->requests[i];
        bool a = o->a == r->a || o->b == r->a, b = o->a == r->b || o->b == r->b;
        if (x->slot[i] == slot && (a || b))
            return false;
        tables += x->slot[i] == slot;
        of_a += x->slot[i] >= 0 && a;
        of_b += x->slot[i] >= 0 && b;
    }
    return tables < x->p->tables && (!x->p->cap || (of_a < x->p->cap[r->a] && of_b < x->p->cap[r->b]));
}

static void weigh(struct search *x)
{
    int met[MEETING_LEVELS] = {0}, meetings[16] = {0}, order = 0;
    int64_t weight = 0;
    for (size_t i = 0; i < x->p->count; i++)
        if (x->slot[i] >= 0) {
            weight += x->p->requests[i].weight;
            meetings[x->p->requests[i].a]++;
            meetings[x->p->requests[i].b]++;
        }
    for (int v = 0; v < x->p->persons; v++)
        for (int j = 0; j < MEETING_LEVELS; j++)
            met[j] += meetings[v] > j;
    for (int j = 0; j < MEETING_LEVELS && !order && x->p->fairness == FAIR_LEVELS; j++)
        order = met[j] - x->best_met[j];
    if (order > 0 || (order == 0 && weight > x->best_weight)) {
        memcpy(x->best_met, met, sizeof met);
        x->best_weight = weight;
    }
}

static void try_all(struct search *x, size_t request)
{
    if (request == x->p->count) {
        weigh(x);
        return;
    }
    for (x->slot[request] = 0; x->slot[request] < x->p->slots; x->slot[request]++)
        if (possible(x, request, x->slot[request]))
            try_all(x, request + 1);
    x->slot[request] = -1;
    try_all(x, request + 1);
}

static struct table *tiny(struct arena *a, struct random *r)
{
    int firsts = 1 + (int)random_below(r, 4), seconds = 1 + (int)random_below(r, 4);
    struct table *t =
        table_new(a, firsts + seconds, firsts, 1 + (int)random_below(r, 4), (int)random_below(r, 4));
    t->p.one_set = random_below(r, 3) == 0;
    t->p.fairness = random_below(r, 2) ? FAIR_LEVELS : FAIR_NONE;
    t->p.there = random_below(r, 3) ? t->there : NULL;
    t->p.cap = random_below(r, 3) ? NULL : t->cap;
    for (int v = 0; v < t->p.persons; v++) {
        t->there[v] = random_next(r) | random_next(r);
        t->cap[v] = 1 + (int)random_below(r, 3);
    }
    for (int x = 0; x < t->p.persons; x++)
        for (int y = x + 1; y < t->p.persons && t->p.count < 8; y++)
            if ((t->p.one_set || t->second[x] != t->second[y]) && random_below(r, 3))
                ask(t, x, y, 1 + (int64_t)random_below(r, 9));
    return t;
}

static void tiny_ones_are_the_best_of_all(void **state)
{
    (void)state;
    struct random random = random_seeded(11, 1);
    int proven = 0;
    for (int i = 0; i < 500; i++) {
        ARENA_SCOPE(a);
        struct table *t = tiny(a, &random);
        struct search x = {.p = &t->p, .best_weight = -1};
        struct schedule s = solved(a, &t->p);
        try_all(&x, 0);
        if (s.weight != x.best_weight ||
            (t->p.fairness == FAIR_LEVELS && memcmp(s.met, x.best_met, sizeof s.met) != 0))
            fail_msg("case %d: %lld, the best is %lld", i, (long long)s.weight, (long long)x.best_weight);
        assert_true(s.weight_bound >= s.weight);
        proven += s.optimal;
    }
    print_message("# 500 tiny cases equal to the best of all schedules, %d of them proven\n", proven);
}

/* --- large ones -------------------------------------------------------------------------------------- */

/* Some are asked far more than others; of the slots a person is there in `presence`, and some come late or
 * leave early. */
static struct table *fair_of(struct arena *a, int side, size_t requests, int slots, int tables,
                             double presence)
{
    struct random r = random_seeded(5, (uint64_t)(presence * 100));
    struct table *t = table_new(a, 2 * side, side, slots, tables);
    bool *asked = NEW(a, bool, side *side);
    while (t->p.count < requests) {
        int x = (int)(side * pow(random_unit(&r), 1.5)), y = (int)(side * pow(random_unit(&r), 1.5));
        if (asked[x * side + y])
            continue;
        asked[x * side + y] = true;
        ask(t, x, side + y, meeting_weight((int)random_below(&r, 10), 1 + (int)random_below(&r, 9)));
    }
    t->p.there = presence < 1 ? t->there : NULL;
    for (int v = 0; v < t->p.persons; v++) {
        int first = random_below(&r, 10) < 3 ? (int)random_below(&r, (uint64_t)slots / 2) : 0;
        int last = random_below(&r, 10) < 3 ? slots - (int)random_below(&r, (uint64_t)slots / 2) : slots;
        t->there[v] = 0;
        for (int s = first; s < last; s++)
            t->there[v] |= (uint64_t)(random_unit(&r) < presence) << s;
    }
    return t;
}

static void two_sides_always_there_reach_the_bound(void **state)
{
    (void)state;
    static const struct {
        size_t requests;
        int slots, tables;
    } cases[] = {{2000, 20, 60}, {4000, 30, 80}, {8000, 40, 100}, {8000, 20, 100}, {8000, 40, 7}};
    for (size_t i = 0; i < COUNT(cases); i++)
        for (int fair = 0; fair < 2; fair++) {
            ARENA_SCOPE(a);
            struct table *t = fair_of(a, 200, cases[i].requests, cases[i].slots, cases[i].tables, 1);
            t->p.fairness = fair ? FAIR_LEVELS : FAIR_NONE;
            struct schedule s = solved(a, &t->p);
            assert_true(s.optimal);
            assert_memory_equal(s.met, s.met_bound, fair ? sizeof s.met : 0);
            if (!fair)
                assert_int_equal(s.weight, s.weight_bound);
        }
}

static void those_who_come_and_go_are_near_the_bound(void **state)
{
    (void)state;
    static const struct {
        double presence, least;
    } cases[] = {{.8, .995}, {.5, .95}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        ARENA_SCOPE(a);
        struct table *t = fair_of(a, 200, 2000, 20, 60, cases[i].presence);
        t->p.fairness = FAIR_NONE;
        struct schedule_effort brief = {.seed = 1, .shakes = 20};
        struct schedule s;
        assert_ok(schedule_solve(a, &t->p, &brief, &s));
        assert_ok(schedule_check(a, &t->p, &s));
        print_message("# %.0f %% there: %.4f of the bound\n", 100 * cases[i].presence,
                      (double)s.weight / (double)s.weight_bound);
        assert_true((double)s.weight >= cases[i].least * (double)s.weight_bound);
    }
}

static void the_same_seed_gives_the_same(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct table *t = fair_of(a, 30, 300, 12, 10, .6);
    struct schedule x = solved(a, &t->p), y = solved(a, &t->p);
    assert_memory_equal(x.slot, y.slot, t->p.count * sizeof *x.slot);
    assert_memory_equal(x.table, y.table, t->p.count * sizeof *x.table);
}

/* --- mending ----------------------------------------------------------------------------------------- */

static void who_does_not_come_moves_nobody(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct table *t = fair_of(a, 200, 8000, 20, 100, .8);
    struct schedule s = solved(a, &t->p), mended;
    bool *absent = NEW(a, bool, t->p.persons);
    int kept = 0, gained = 0;
    for (int i = 0; i < 10; i++)
        absent[i * 17] = true;
    for (int v = 0; v < t->p.persons; v++)
        t->there[v] &= absent[v] ? 31 : ~(uint64_t)0;
    assert_ok(schedule_repair(a, &t->p, s.slot, 5, 0, 1, &mended));
    assert_ok(schedule_check(a, &t->p, &mended));
    for (size_t i = 0; i < t->p.count; i++) {
        const struct meeting_request *r = &t->requests[i];
        if (s.slot[i] >= 5 && (absent[r->a] || absent[r->b])) {
            assert_int_equal(mended.slot[i], -1);
            continue;
        }
        kept += s.slot[i] >= 0;
        gained += s.slot[i] < 0 && mended.slot[i] >= 5;
        if (s.slot[i] >= 0)
            assert_int_equal(mended.slot[i], s.slot[i]);
        else
            assert_true(mended.slot[i] < 0 || mended.slot[i] >= 5);
    }
    assert_true(kept > 1000 && gained > 0);
}

static void who_comes_late_is_given_something(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct table *t = fair_of(a, 100, 2000, 20, 60, .8);
    struct schedule s = solved(a, &t->p), mended;
    int *old = NEW(a, int, t->p.count + 10), met = 0, moved = 0;
    memcpy(old, s.slot, t->p.count * sizeof *old);
    t->there[t->p.persons] = ~(uint64_t)0;
    t->second[t->p.persons++] = true;
    size_t first = t->p.count;
    for (int i = 0; i < 10; i++) {
        old[t->p.count] = -1;
        ask(t, 9 * i, t->p.persons - 1, 9);
    }
    assert_ok(schedule_repair(a, &t->p, old, 8, 3, 1, &mended));
    assert_ok(schedule_check(a, &t->p, &mended));
    for (size_t i = 0; i < t->p.count; i++) {
        met += i >= first && mended.slot[i] >= 0;
        moved += i < first && old[i] != mended.slot[i];
        if (old[i] >= 0 && old[i] < 8)
            assert_int_equal(mended.slot[i], old[i]);
    }
    assert_true(met >= 3 && moved < 200);
}

static void fewer_tables_are_kept_to(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct table *t = fair_of(a, 50, 800, 10, 30, .9);
    struct schedule s = solved(a, &t->p), mended;
    t->p.tables = 20;
    assert_ok(schedule_repair(a, &t->p, s.slot, 0, 3, 1, &mended));
    assert_ok(schedule_check(a, &t->p, &mended));
}

static void a_plan_of_something_else_is_refused(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct table *t = table_new(a, 4, 2, 2, 2);
    struct schedule mended;
    ask(t, 0, 2, 1);
    ask(t, 0, 3, 1);
    assert_fault(schedule_repair(a, &t->p, (int[]){0, 0}, 2, 0, 1, &mended), FAULT_INVALID);
    assert_ok(schedule_repair(a, &t->p, (int[]){0, 1}, 2, 0, 1, &mended));
}

/* --- the checker ------------------------------------------------------------------------------------- */

enum plant {
    TWICE,
    NO_TABLE,
    NOT_THERE,
    OVER_CAP,
    LIE_WEIGHT,
    LIE_MET,
    FALSE_BOUND,
    FALSE_PRICE,
    SAME_TABLE,
    PLANTS
};

static void plant(struct arena *a, enum plant what, struct table *t, struct schedule *s)
{
    size_t met = 0;
    while (s->slot[met] < 0)
        met++;
    switch (what) {
    case TWICE: { /* two meetings of one person, in the same slot */
        size_t other = met + 1;
        while (s->slot[other] < 0 || t->requests[other].a != t->requests[met].a)
            other++;
        s->slot[other] = s->slot[met];
        break;
    }
    case NO_TABLE:
        t->p.tables--;
        break;
    case NOT_THERE:
        t->there[t->requests[met].a] &= ~((uint64_t)1 << s->slot[met]);
        break;
    case OVER_CAP:
        t->p.cap = t->cap;
        t->cap[t->requests[met].a] = 0;
        break;
    case LIE_WEIGHT:
        s->weight++;
        break;
    case LIE_MET:
        s->met[1]++;
        break;
    case FALSE_BOUND:
        s->weight_bound--;
        break;
    case FALSE_PRICE: {
        int64_t *prices = NEW(a, int64_t, t->p.persons);
        s->price_a = prices;
        s->price_b = prices;
        break;
    }
    case SAME_TABLE:
        for (size_t i = 0; i < t->p.count; i++)
            s->table[i] = s->slot[i] < 0 ? -1 : 0;
        break;
    case PLANTS:
        break;
    }
}

static void what_is_planted_is_refused(void **state)
{
    (void)state;
    for (int what = 0; what < PLANTS; what++) {
        ARENA_SCOPE(a);
        struct table *t = fair_of(a, 20, 200, 8, 10, .8);
        t->p.fairness = FAIR_NONE;
        struct schedule s = solved(a, &t->p);
        plant(a, (enum plant)what, t, &s);
        const struct fault *f = schedule_check(a, &t->p, &s);
        if (!f)
            fail_msg("plant %d was accepted", what);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(few_tables_go_to_most_persons_when_fair),
        cmocka_unit_test(a_ring_of_four_is_met_but_where_one_is_not_there),
        cmocka_unit_test(a_triangle_in_two_slots_has_two_meetings),
        cmocka_unit_test(two_partners_in_the_same_slot_count_for_one),
        cmocka_unit_test(nobody_waits_who_need_not),
        cmocka_unit_test(nothing_to_plan_is_a_plan),
        cmocka_unit_test(wrong_problems_are_refused),
        cmocka_unit_test(tiny_ones_are_the_best_of_all),
        cmocka_unit_test(two_sides_always_there_reach_the_bound),
        cmocka_unit_test(those_who_come_and_go_are_near_the_bound),
        cmocka_unit_test(the_same_seed_gives_the_same),
        cmocka_unit_test(who_does_not_come_moves_nobody),
        cmocka_unit_test(who_comes_late_is_given_something),
        cmocka_unit_test(fewer_tables_are_kept_to),
        cmocka_unit_test(a_plan_of_something_else_is_refused),
        cmocka_unit_test(what_is_planted_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
