/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "assembly/group.h"

#include "assembly/group_study.h"
#include "certificate/group_check.h"
#include "engine/assembly/for_checker.h"
#include "engine/assembly/memory_proof.h"
#include "engine/assembly/random_groups.h"
#include "test.h"

enum { BUDGET = 1000000000 };

/* --- the table of the method's description: firms A to F, steps P1 to P4; of ties the first
 * ---------------------------- */

enum { A, B, C, D, E, F, FIRMS };

struct variant {
    int32_t members, rivals;
    const char *must, *out; /* letters */
    int64_t cost;           /* -1: there is none */
    const char *group;
};

static struct group_problem hand_problem(const struct variant *v, uint8_t role[FIRMS])
{
    static const struct group_entry entry[] = {{0, 2, 1}, {1, 4, 1}, {1, 3, 1}, {2, 5, 1},
                                               {0, 1, 1}, {2, 2, 1}, {3, 6, 1}, {2, 2, 1},
                                               {0, 4, 1}, {3, 3, 1}, {1, 5, 1}, {3, 2, 1}};
    static const int32_t start[] = {0, 2, 4, 7, 8, 10, 12};
    static const int64_t volume[] = {1, 1, 1, 1}, cost[] = {10, 8, 12, 6, 9, 7};
    static const struct firm_pair pairs[] = {{{C, F}}, {{B, E}}};
    for (int32_t j = 0; j < FIRMS; j++)
        role[j] = strchr(v->must, 'A' + j) ? FIRM_MUST : strchr(v->out, 'A' + j) ? FIRM_EXCLUDED : FIRM_FREE;
    return (struct group_problem){.firms = FIRMS,
                                  .steps = 4,
                                  .volume = volume,
                                  .cost = cost,
                                  .start = start,
                                  .entry = entry,
                                  .role = role,
                                  .max_distance = INFINITY,
                                  .conflict = pairs,
                                  .conflicts = v->rivals,
                                  .max_members = v->members};
}

static void the_published_table_is_found(void **state)
{
    (void)state;
    static const struct variant variants[] = {
        {3, 0, "", "", 29, "CF"},    {3, 1, "", "", 32, "BC"},  {3, 2, "", "", 32, "BC"},
        {3, 0, "D", "", 33, "ADF"},  {3, 0, "", "C", 32, "BE"}, {3, 0, "", "F", 32, "BC"},
        {3, 0, "", "A", 29, "CF"},   {3, 0, "", "B", 29, "CF"}, {3, 0, "", "D", 29, "CF"},
        {3, 0, "", "CE", 33, "ADF"}, {3, 0, "", "CEF", -1, ""}, {1, 0, "", "", -1, ""}};
    for (size_t k = 0; k < COUNT(variants); k++) {
        ARENA_SCOPE(a);
        uint8_t role[FIRMS];
        struct group_problem p = hand_problem(&variants[k], role);
        struct group_answer answer;
        char group[FIRMS + 1] = "";
        assert_ok(group_check_problem(&p));
        assert_ok(group_solve(a, &p, &(struct group_options){.budget = BUDGET, .best = 1}, &answer));
        assert_int_equal(answer.status, variants[k].cost < 0 ? ASSEMBLY_INFEASIBLE : ASSEMBLY_OPTIMAL);
        for (int32_t m = 0; answer.count && m < answer.groups[0].count; m++)
            group[m] = (char)('A' + answer.groups[0].members[m]);
        assert_string_equal(group, variants[k].group);
        if (answer.count)
            assert_int_equal(answer.groups[0].cost, variants[k].cost);
    }
}

/* --- all tried ------------------------------------------------------------------------------------- */

static bool may_be(const struct group_problem *p, const int32_t *members, int32_t count)
{
    int32_t musts = 0, in = 0;
    for (int32_t j = 0; j < p->firms; j++)
        musts += p->role[j] == FIRM_MUST;
    for (int32_t m = 0; m < count; m++) {
        in += p->role[members[m]] == FIRM_MUST;
        if (p->role[members[m]] == FIRM_EXCLUDED)
            return false;
        for (int32_t k = 0; k < m; k++)
            if (group_conflict(p, members[k], members[m]))
                return false;
    }
    return in == musts && count <= p->max_members;
}

static int64_t whole_cost(const struct group_problem *p, const int32_t *members, int32_t count)
{
    uint64_t missing;
    int64_t cost = group_cost(p, members, count, NULL, &missing);
    return missing ? -1 : cost;
}

static bool comes_before(const int32_t *a, int32_t a_count, const int32_t *b, int32_t b_count)
{
    for (int32_t k = 0; k < a_count && k < b_count; k++)
        if (a[k] != b[k])
            return a[k] < b[k];
    return a_count < b_count;
}

/* The costs of all groups without idle members, ascending; and the cheapest, of ties that of the first firms.
 */
static int32_t costs_by_trying_all(const struct group_problem *p, int64_t *costs, struct group *first)
{
    int32_t found = 0;
    first->cost = INT64_MAX;
    for (uint32_t set = 0; set < 1U << p->firms; set++) {
        int32_t members[16], count = 0;
        for (int32_t j = 0; j < p->firms; j++)
            if (set >> j & 1)
                members[count++] = j;
        int64_t cost = may_be(p, members, count) ? whole_cost(p, members, count) : -1;
        bool idle = false;
        for (int32_t m = 0; m < count && cost >= 0; m++) {
            int32_t rest[16], kept = 0;
            for (int32_t k = 0; k < count; k++)
                if (k != m)
                    rest[kept++] = members[k];
            int64_t without = whole_cost(p, rest, kept);
            idle |= p->role[members[m]] != FIRM_MUST && without >= 0 && without <= cost;
        }
        if (cost < 0 || idle)
            continue;
        if (cost < first->cost ||
            (cost == first->cost && comes_before(members, count, first->members, first->count))) {
            first->cost = cost;
            first->count = count;
            memcpy(first->members, members, (size_t)count * sizeof *members);
        }
        int32_t at = found++;
        for (; at > 0 && costs[at - 1] > cost; at--)
            costs[at] = costs[at - 1];
        costs[at] = cost;
    }
    return found;
}

static struct group_shape small_shape(struct random *r, int round)
{
    return (struct group_shape){.firms = 1 + (int32_t)random_below(r, 9),
                                .steps = 1 + (int32_t)random_below(r, 4),
                                .members = (int32_t)random_below(r, 5),
                                .distance = round % 3 ? 0 : 20 + 80 * random_unit(r),
                                .competitors = round % 4 ? 0 : 150,
                                .volumes = round % 5 == 0,
                                .roles = round % 2 == 0};
}

/* The checker's own picture of the problem. */
static void small_groups_equal_all_tried_and_are_certified(void **state)
{
    (void)state;
    static struct memory_proof proof;
    struct random r = random_seeded(3, 0);
    int feasible = 0, infeasible = 0, refused = 0;
    for (int round = 0; round < 4000; round++) {
        ARENA_SCOPE(a);
        int64_t costs[512];
        struct group_answer one, several;
        struct group_shape shape = small_shape(&r, round);
        struct group_problem p = random_group_problem(a, &r, &shape);
        if (group_check_problem(&p)) {
            refused++;
            continue;
        }
        struct group first;
        int32_t found = costs_by_trying_all(&p, costs, &first), wanted = found < 5 ? found : 5;
        struct group_options o = {.budget = BUDGET, .best = 1, .proof = memory_proof(&proof)};
        assert_ok(group_solve(a, &p, &o, &one));
        assert_int_equal(one.status, found ? ASSEMBLY_OPTIMAL : ASSEMBLY_INFEASIBLE);
        if (found) {
            assert_int_equal(one.groups[0].cost, costs[0]);
            assert_int_equal(one.groups[0].count, first.count);
            assert_memory_equal(one.groups[0].members, first.members,
                                (size_t)first.count * sizeof *first.members);
        }
        feasible += found > 0;
        infeasible += found == 0;
        struct check_groups g = for_checker(a, &p);
        struct group_claim claim = claim_of(a, &p, &one);
        assert_ok(group_check(&g, &claim, memory_slice(&proof)));
        assert_ok(group_solve(a, &p, &(struct group_options){.budget = BUDGET, .best = 5}, &several));
        assert_int_equal(several.count, wanted);
        for (int32_t k = 0; k < wanted; k++)
            assert_int_equal(several.groups[k].cost, costs[k]);
    }
    assert_true(feasible > 1000 && infeasible > 500 && refused < 400);
}

/* --- false claims ---------------------------------------------------------------------------------- */

static struct slice forged(struct arena *a, struct slice proof, int64_t bound)
{
    size_t head = strlen("grappe group proof 1\n"), old = 1;
    while (proof.ptr[head + old - 1] & 128)
        old++;
    struct memory_proof *m = NEW(a, struct memory_proof, 1);
    struct proof_out *out = memory_proof(m);
    proof_text(out, "grappe group proof 1\n");
    proof_number(out, (uint64_t)bound);
    proof_flush(out);
    struct slice rest = slice_from(proof, head + old);
    assert_true(memory_write(m, (const uint8_t *)rest.ptr, rest.len));
    return memory_slice(m);
}

static void no_false_claim_is_accepted(void **state)
{
    (void)state;
    enum { FALSE_CLAIMS = 10000 };
    static struct memory_proof here, next;
    struct random r = random_seeded(4, 0);
    int lies = 0, neighbours = 0;
    for (int round = 0; lies < FALSE_CLAIMS; round++) {
        ARENA_SCOPE(a);
        struct group_answer one, other;
        struct group_shape shape = small_shape(&r, round);
        struct group_problem p = random_group_problem(a, &r, &shape), q = p;
        struct group_options o = {.budget = BUDGET, .best = 1, .proof = memory_proof(&here)};
        if (group_check_problem(&p))
            continue;
        assert_ok(group_solve(a, &p, &o, &one));
        if (one.status != ASSEMBLY_OPTIMAL || !one.groups[0].count)
            continue;
        struct check_groups g = for_checker(a, &p);
        struct group_claim good = claim_of(a, &p, &one), dropped = good, cheaper = good, above = good,
                           none = good;
        struct slice proof = memory_slice(&here);
        dropped.count--;
        cheaper.cost = cheaper.bound = good.cost - 1;
        above.bound = above.cost = good.cost + 1; /* as if its work cost one more */
        none.infeasible = true;
        assert_fault(group_check(&g, &dropped, proof), FAULT_INVALID);
        assert_fault(group_check(&g, &cheaper, forged(a, proof, cheaper.bound < 0 ? 0 : cheaper.bound)),
                     FAULT_INVALID);
        assert_fault(group_check(&g, &above, forged(a, proof, above.bound)), FAULT_INVALID);
        assert_fault(group_check(&g, &none, forged(a, proof, GROUP_COST_MOST)), FAULT_INVALID);
        lies += 4;
        /* A neighbour, dearer because somebody asks more: its proof, and its group at its price. */
        int64_t *cost = NEW(a, int64_t, p.firms);
        memcpy(cost, p.cost, (size_t)p.firms * sizeof *cost);
        cost[one.groups[0].members[0]] += 3;
        q.cost = cost;
        o.proof = memory_proof(&next);
        assert_ok(group_solve(a, &q, &o, &other));
        if (other.groups[0].cost > good.cost) {
            struct group_claim lie = claim_of(a, &p, &other);
            lie.bound = other.bound;
            lie.cost = lie.cost < lie.bound ? lie.bound : lie.cost;
            assert_fault(group_check(&g, &lie, memory_slice(&next)), FAULT_INVALID);
            neighbours++;
            lies++;
        }
    }
    assert_true(neighbours > 500);
}

/* --- the rest -------------------------------------------------------------------------------------- */

static void what_cannot_be_done_is_left_out(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    const struct variant v = {3, 0, "", "CEF", -1, ""};
    uint8_t role[FIRMS];
    struct group_problem p = hand_problem(&v, role);
    struct group_answer answer;
    assert_ok(
        group_solve(a, &p, &(struct group_options){.budget = BUDGET, .best = 1, .may_miss = true}, &answer));
    assert_int_equal(answer.status, ASSEMBLY_OPTIMAL);
    assert_int_equal(answer.groups[0].missing, 1U << 3); /* P4 */
    assert_int_equal(answer.groups[0].cost, 24);         /* A and D: 10 + 2 + 4 + 6 + 2 */
}

static void large_problems_are_proven_within_their_steps(void **state)
{
    (void)state;
    static const struct group_shape shapes[] = {
        {400, 14, 10, 45, 20}, {400, 14, 8, 45, 20}, {2000, 20, 14, 30, 20}};
    for (size_t k = 0; k < COUNT(shapes); k++) {
        ARENA_SCOPE(a);
        static struct memory_proof proof;
        struct random r = random_seeded(7, 0);
        struct group_problem p = random_group_problem(a, &r, &shapes[k]);
        struct group_answer answer;
        struct group_options o = {.budget = 50000000, .best = 1, .proof = memory_proof(&proof)};
        assert_ok(group_check_problem(&p));
        assert_ok(group_solve(a, &p, &o, &answer));
        assert_int_equal(answer.status, ASSEMBLY_OPTIMAL);
        struct check_groups g = for_checker(a, &p);
        struct group_claim claim = claim_of(a, &p, &answer);
        assert_ok(group_check(&g, &claim, memory_slice(&proof)));
    }
}

static void has_a_certified_bound(const struct group_shape *shape)
{
    ARENA_SCOPE(a);
    static struct memory_proof proof;
    struct random r = random_seeded(9, 0);
    struct group_problem p = random_group_problem(a, &r, shape);
    struct group_answer answer, whole;
    struct group_options o = {.budget = 1, .best = 1, .proof = memory_proof(&proof)};
    assert_ok(group_solve(a, &p, &o, &answer));
    assert_int_equal(answer.status, ASSEMBLY_FEASIBLE);
    assert_ok(group_solve(a, &p, &(struct group_options){.budget = BUDGET, .best = 1}, &whole));
    assert_true(answer.bound <= whole.groups[0].cost && whole.groups[0].cost <= answer.groups[0].cost);
    struct check_groups g = for_checker(a, &p);
    struct group_claim claim = claim_of(a, &p, &answer);
    assert_ok(group_check(&g, &claim, memory_slice(&proof)));
}

static void unfinished_work_has_a_certified_bound(void **state)
{
    (void)state;
    has_a_certified_bound(&(struct group_shape){400, 14, 8, 45, 20});
    has_a_certified_bound(&(struct group_shape){300, 8, 14, 70, 20, .volumes = true});
}

static void what_would_mend_it_is_the_least(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    static const struct variant alone = {1, 0, "", "", -1, ""}, without = {3, 0, "", "CEF", -1, ""},
                                rivals = {2, 2, "C", "", -1, ""};
    uint8_t role[FIRMS];
    struct group_missing m;
    const struct group_options o = {.budget = BUDGET};
    struct group_problem p = hand_problem(&alone, role);
    assert_ok(group_explain_missing(a, &p, &o, &m));
    assert_true(m.by[RELAX_MEMBERS].helps && !m.by[RELAX_EXCLUDED].helps && !m.by[RELAX_DISTANCE].helps);
    assert_int_equal(m.by[RELAX_MEMBERS].members, 2);
    p = hand_problem(&without, role);
    assert_ok(group_explain_missing(a, &p, &o, &m));
    assert_int_equal(m.steps, 1U << 3);
    assert_false(m.by[RELAX_MEMBERS].helps);
    assert_true(m.by[RELAX_EXCLUDED].helps && m.by[RELAX_EXCLUDED].count == 1);
    assert_int_equal(m.by[RELAX_EXCLUDED].firms[0], C);
    p = hand_problem(&rivals, role); /* C with two members: F, its rival, or B, which stands too far away */
    static const double x[] = {90, 50, 0, 90, 90, 1}, y[FIRMS];
    p.x = x;
    p.y = y;
    p.max_distance = 20;
    assert_ok(group_explain_missing(a, &p, &o, &m));
    assert_true(m.by[RELAX_DISTANCE].helps && m.by[RELAX_DISTANCE].distance == 50);
    assert_true(m.by[RELAX_CONFLICT].helps && m.by[RELAX_CONFLICT].count == 1);
    assert_int_equal(m.by[RELAX_CONFLICT].pairs[0].firm[1], F);
}

static void losses_are_those_of_the_table(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    static const struct variant base = {3, 0, "", "", 29, "CF"};
    static const struct {
        int32_t lost[2];
        int64_t cost;
    } expected[] = {{{C, -1}, 32}, {{F, -1}, 32}, {{C, B}, 33}, {{C, E}, 33}, {{F, B}, 35}};
    uint8_t role[FIRMS];
    struct group_problem p = hand_problem(&base, role);
    struct group_answer answer;
    struct group_loss *losses;
    int32_t count;
    assert_ok(group_solve(a, &p, &(struct group_options){.budget = BUDGET, .best = 1}, &answer));
    assert_ok(
        group_losses(a, &p, &(struct group_options){.budget = BUDGET}, &answer.groups[0], &losses, &count));
    assert_int_equal(count, COUNT(expected));
    for (int32_t k = 0; k < count; k++) {
        assert_memory_equal(losses[k].lost, expected[k].lost, sizeof losses[k].lost);
        assert_int_equal(losses[k].instead.cost, expected[k].cost);
    }
}

static void the_front_equals_all_tried(void **state)
{
    (void)state;
    struct random r = random_seeded(8, 0);
    int points = 0;
    for (int round = 0; round < 300; round++) {
        ARENA_SCOPE(a);
        struct group_shape shape = small_shape(&r, 3 * round);
        struct group_problem p = random_group_problem(a, &r, &shape);
        struct front_point *front;
        int32_t count, expected = 0;
        bool whole;
        if (group_check_problem(&p))
            continue;
        assert_ok(group_front(a, &p, &(struct group_options){.budget = BUDGET}, &front, &count, &whole));
        assert_true(whole);
        struct front_point *all = NEW(a, struct front_point, 1 << p.firms);
        int32_t n = 0;
        for (uint32_t set = 0; set < 1U << p.firms; set++) {
            struct group g = {0};
            for (int32_t j = 0; j < p.firms; j++)
                if (set >> j & 1)
                    g.members[g.count++] = j;
            g.cost = may_be(&p, g.members, g.count) ? whole_cost(&p, g.members, g.count) : -1;
            if (g.cost >= 0)
                all[n++] = (struct front_point){g, group_diameter(&p, &g)};
        }
        for (int32_t x = 0; x < n; x++) { /* those no other beats, each value once */
            bool beaten = false;
            for (int32_t y = 0; y < n; y++)
                beaten |= all[y].group.cost <= all[x].group.cost &&
                          all[y].group.count <= all[x].group.count && all[y].diameter <= all[x].diameter &&
                          (y < x || all[y].group.cost < all[x].group.cost ||
                           all[y].group.count < all[x].group.count || all[y].diameter < all[x].diameter);
            bool there = false;
            for (int32_t f = 0; f < count; f++)
                there |= front[f].group.cost == all[x].group.cost &&
                         front[f].group.count == all[x].group.count && front[f].diameter == all[x].diameter;
            assert_true(beaten || there);
            expected += !beaten;
        }
        assert_int_equal(count, expected);
        points += count;
    }
    assert_true(points > 100);
}

static void bad_problems_are_refused(void **state)
{
    (void)state;
    const struct variant v = {3, 0, "", "", 29, "CF"};
    static const char *const fields[] = {"cost", "max_distance_km", "max_members", "conflicts", "must",
                                         "must", "steps",           "volumes"};
    for (size_t k = 0; k < COUNT(fields); k++) {
        uint8_t role[FIRMS];
        struct group_problem p = hand_problem(&v, role);
        const int64_t negative[] = {10, -8, 12, 6, 9, 7}, none[] = {1, 0, 1, 1};
        const struct firm_pair self = {{C, C}}, rivals = {{C, F}};
        const struct group_entry unknown[] = {{0, 2, 1}, {9, 4, 1}, {1, 3, 1}, {2, 5, 1},
                                              {0, 1, 1}, {2, 2, 1}, {3, 6, 1}, {2, 2, 1},
                                              {0, 4, 1}, {3, 3, 1}, {1, 5, 1}, {3, 2, 1}};
        if (k == 0)
            p.cost = negative;
        if (k == 1)
            p.max_distance = NAN;
        if (k == 2)
            p.max_members = -1;
        if (k == 3) {
            p.conflict = &self;
            p.conflicts = 1;
        }
        if (k == 4) {
            role[C] = role[F] = FIRM_MUST;
            p.conflict = &rivals;
            p.conflicts = 1;
        }
        if (k == 5) {
            role[C] = role[F] = FIRM_MUST;
            p.max_members = 1;
        }
        if (k == 6)
            p.entry = unknown;
        if (k == 7)
            p.volume = none;
        struct fault *f = group_check_problem(&p);
        assert_non_null(f);
        assert_string_equal(f->field, fields[k]);
    }
}

static void no_step_is_an_empty_group(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    const struct variant v = {3, 0, "", "", 0, ""};
    uint8_t role[FIRMS];
    static const int32_t start[FIRMS + 1];
    struct group_problem p = hand_problem(&v, role);
    struct group_answer answer;
    p.steps = 0;
    p.start = start;
    assert_ok(group_check_problem(&p));
    assert_ok(group_solve(a, &p, &(struct group_options){.budget = BUDGET, .best = 1}, &answer));
    assert_int_equal(answer.status, ASSEMBLY_OPTIMAL);
    assert_int_equal(answer.groups[0].count, 0);
    assert_int_equal(answer.groups[0].cost, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_published_table_is_found),
        cmocka_unit_test(small_groups_equal_all_tried_and_are_certified),
        cmocka_unit_test(no_false_claim_is_accepted),
        cmocka_unit_test(what_cannot_be_done_is_left_out),
        cmocka_unit_test(large_problems_are_proven_within_their_steps),
        cmocka_unit_test(unfinished_work_has_a_certified_bound),
        cmocka_unit_test(what_would_mend_it_is_the_least),
        cmocka_unit_test(losses_are_those_of_the_table),
        cmocka_unit_test(the_front_equals_all_tried),
        cmocka_unit_test(bad_problems_are_refused),
        cmocka_unit_test(no_step_is_an_empty_group),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
