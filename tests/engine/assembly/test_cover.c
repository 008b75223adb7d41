/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "assembly/cover.h"

#include "assembly/or_library.h"
#include "certificate/cover_check.h"
#include "engine/assembly/memory_proof.h"
#include "i18n/i18n.h"
#include "random/random.h"
#include "test.h"
#include "text/buffer.h"

enum { MOST_ROWS = 9, MOST_COLUMNS = 12, LARGER = 40, BUDGET = 100000000 };

/* A small table as a file, both readers' only common ground. Some have a row without a column. */
static struct slice random_table(struct arena *a, struct random *r, int rows, int columns, bool unit)
{
    struct buffer *b = buffer_new(a, 1 << 16);
    uint64_t dense = 2 + random_below(r, 4);
    buffer_print(b, "%d %d\n", rows, columns);
    for (int j = 0; j < columns; j++)
        buffer_print(b, "%d ", unit ? 1 : (int)random_below(r, 30));
    for (int i = 0; i < rows; i++) {
        int chosen[LARGER], count = 0;
        for (int j = 0; j < columns; j++)
            if (random_below(r, dense) == 0)
                chosen[count++] = j + 1;
        buffer_print(b, "\n%d", count);
        for (int k = 0; k < count; k++)
            buffer_print(b, " %d", chosen[k]);
    }
    buffer_char(b, '\n');
    return buffer_view(b);
}

static struct slice small_table(struct arena *a, struct random *r, bool unit)
{
    int rows = 1 + (int)random_below(r, MOST_ROWS), columns = 1 + (int)random_below(r, MOST_COLUMNS);
    return random_table(a, r, rows, columns, unit);
}

/* -1: none covers all. */
static int64_t cheapest_by_trying_all(const struct cover *c)
{
    int64_t best = -1;
    for (uint32_t set = 0; set < 1U << c->columns; set++) {
        uint32_t covered = 0;
        int64_t cost = 0;
        for (int32_t j = 0; j < c->columns; j++)
            if (set >> j & 1) {
                cost += c->cost[j];
                for (int32_t k = c->column_start[j]; k < c->column_start[j + 1]; k++)
                    covered |= 1U << c->column_row[k];
            }
        if (covered == (1U << c->rows) - 1 && (best < 0 || cost < best))
            best = cost;
    }
    return best;
}

static struct cover_claim claim_of(struct arena *a, const struct cover_answer *r)
{
    bool infeasible = r->status == ASSEMBLY_INFEASIBLE;
    int32_t count = infeasible ? r->missing_count : r->member_count;
    int64_t *numbers = NEW(a, int64_t, count + 1);
    for (int32_t k = 0; k < count; k++)
        numbers[k] = (infeasible ? r->missing : r->members)[k] + 1;
    return (struct cover_claim){infeasible, r->cost, r->bound, numbers, (size_t)count};
}

static void small_covers_equal_all_tried_and_are_certified(void **state)
{
    (void)state;
    static struct memory_proof proof;
    struct random r = random_seeded(5, 0);
    int infeasible = 0, trees = 0;
    for (int round = 0; round < 3000; round++) {
        ARENA_SCOPE(a);
        struct cover c;
        struct cover_answer answer;
        struct check_table *t;
        struct slice text = small_table(a, &r, round % 3 == 0);
        assert_ok(or_library_parse(a, text, false, &c));
        struct cover_options o = {.seed = (uint64_t)round, .budget = BUDGET, .proof = memory_proof(&proof)};
        assert_ok(cover_solve(a, &c, &o, &answer));
        int64_t best = cheapest_by_trying_all(&c);
        assert_int_equal(answer.status, best < 0 ? ASSEMBLY_INFEASIBLE : ASSEMBLY_OPTIMAL);
        if (best >= 0)
            assert_int_equal(answer.cost, best);
        infeasible += best < 0;
        trees += answer.nodes > 0;
        struct cover_claim claim = claim_of(a, &answer);
        assert_ok(check_table_read(a, text, false, &t));
        assert_ok(cover_check(t, &claim, memory_slice(&proof)));
    }
    assert_true(infeasible > 100 && infeasible < 2900);
    assert_true(trees > 20);
}

/* The same proof, but as if it were of this bound. */
static struct slice forged(struct arena *a, struct slice proof, int64_t bound)
{
    size_t head = strlen("grappe cover proof 1\n"), old = 1;
    while (proof.ptr[head + old - 1] & 128)
        old++;
    struct memory_proof *m = NEW(a, struct memory_proof, 1);
    struct proof_out *out = memory_proof(m);
    proof_text(out, "grappe cover proof 1\n");
    proof_number(out, (uint64_t)bound);
    proof_flush(out);
    struct slice rest = slice_from(proof, head + old);
    assert_true(memory_write(m, (const uint8_t *)rest.ptr, rest.len));
    return memory_slice(m);
}

/* The table with one figure changed. */
static struct slice neighbour(struct arena *a, struct slice text, struct random *r)
{
    char *copy = arena_text(a, text.ptr, text.len), *costs = strchr(copy, '\n') + 1;
    char *figure = costs + random_below(r, (uint64_t)(strchr(costs, '\n') - costs));
    if (*figure != ' ')
        *figure = (char)('0' + random_below(r, 10));
    return slice_of(copy);
}

struct solved {
    struct slice text;
    struct cover c;
    struct cover_answer answer;
    struct memory_proof proof;
};

static bool solve_text(struct arena *a, struct slice text, struct solved *s)
{
    s->text = text;
    assert_ok(or_library_parse(a, text, false, &s->c));
    struct cover_options o = {.budget = BUDGET, .proof = memory_proof(&s->proof)};
    assert_ok(cover_solve(a, &s->c, &o, &s->answer));
    return s->answer.status == ASSEMBLY_OPTIMAL && s->answer.member_count;
}

/* All columns cover all rows; a bound above the cheapest cover is false whatever it rests on. */
static struct cover_claim everything(struct arena *a, const struct cover *c, int64_t bound)
{
    int64_t *all = NEW(a, int64_t, c->columns), cost = 0;
    for (int32_t j = 0; j < c->columns; j++) {
        all[j] = j + 1;
        cost += c->cost[j];
    }
    return (struct cover_claim){false, cost, bound, all, (size_t)c->columns};
}

static void no_false_claim_is_accepted(void **state)
{
    (void)state;
    enum { FALSE_CLAIMS = 12000, NEIGHBOURS = 2000 };
    static struct solved here, next;
    struct random r = random_seeded(6, 0);
    int false_claims = 0, neighbours = 0;
    while (false_claims < FALSE_CLAIMS || neighbours < NEIGHBOURS) {
        ARENA_SCOPE(a);
        struct check_table *t;
        if (!solve_text(a, small_table(a, &r, false), &here))
            continue;
        assert_ok(check_table_read(a, here.text, false, &t));
        struct slice proof = memory_slice(&here.proof);
        struct cover_claim good = claim_of(a, &here.answer), all = everything(a, &here.c, good.cost + 1);
        struct cover_claim dropped = good, dearer = good, cheaper = good, above = good;
        dropped.member_count--;
        dearer.cost = dearer.bound = good.cost + 1;
        cheaper.cost = cheaper.bound = good.cost - 1;
        above.bound = good.cost + 1;
        char *damaged = arena_text(a, forged(a, proof, all.bound).ptr, proof.len);
        damaged[22 + random_below(&r, proof.len - 22)] ^= (char)(1 << random_below(&r, 7));
        const struct {
            struct cover_claim claim;
            struct slice proof;
        } lies[] = {{dropped, proof},
                    {dearer, forged(a, proof, dearer.bound)},
                    {cheaper, forged(a, proof, cheaper.bound < 0 ? 0 : cheaper.bound)},
                    {above, forged(a, proof, above.bound)},
                    {all, forged(a, proof, all.bound)},
                    {all, {damaged, proof.len}}};
        for (size_t k = 0; k < COUNT(lies) && all.bound <= all.cost; k++, false_claims++)
            assert_fault(cover_check(t, &lies[k].claim, lies[k].proof), FAULT_INVALID);
        if (solve_text(a, neighbour(a, here.text, &r), &next) && next.answer.cost > good.cost) {
            struct cover_claim lie = everything(a, &here.c, next.answer.cost);
            lie.cost = lie.cost < lie.bound ? lie.bound : lie.cost;
            assert_fault(cover_check(t, &lie, memory_slice(&next.proof)), FAULT_INVALID);
            neighbours++;
            false_claims++;
        }
    }
}

static void bounds_of_unfinished_work_are_certified(void **state)
{
    (void)state;
    static struct memory_proof proof, whole;
    struct random r = random_seeded(7, 0);
    int unfinished = 0;
    for (int round = 0; round < 100; round++) {
        ARENA_SCOPE(a);
        struct cover c;
        struct cover_answer answer, finished;
        struct check_table *t;
        struct slice text = random_table(a, &r, LARGER, LARGER, round % 2);
        assert_ok(or_library_parse(a, text, false, &c));
        assert_ok(cover_solve(a, &c, &(struct cover_options){.proof = memory_proof(&proof)}, &answer));
        struct cover_claim claim = claim_of(a, &answer);
        assert_ok(check_table_read(a, text, false, &t));
        assert_ok(cover_check(t, &claim, memory_slice(&proof)));
        struct cover_options o = {.budget = BUDGET, .proof = memory_proof(&whole)};
        assert_ok(cover_solve(a, &c, &o, &finished));
        assert_int_equal(finished.status, ASSEMBLY_OPTIMAL);
        assert_true(answer.bound <= finished.cost && finished.cost <= answer.cost);
        unfinished += answer.status == ASSEMBLY_FEASIBLE;
    }
    assert_true(unfinished > 30);
}

static bool never(void *with, const struct cover_progress *p)
{
    (void)p;
    ++*(int *)with;
    return false;
}

static void published_optima_are_proven(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int64_t optimum;
    } published[] = {{"scp41", 429}, {"scp46", 560}, {"scp51", 253},
                     {"scp61", 138}, {"scp65", 161}, {"scpe1", 5}};
    for (size_t k = 0; k < COUNT(published); k++) {
        ARENA_SCOPE(a);
        char *path = arena_print(a, "%s/orlib-scp/%s.txt", getenv("SHARED_DATA"), published[k].name);
        FILE *file = fopen(path, "rb");
        assert_non_null(file);
        struct buffer *b = buffer_new(a, 1 << 20);
        for (int ch; (ch = fgetc(file)) != EOF;)
            buffer_char(b, (char)ch);
        (void)fclose(file);
        struct solved *s = NEW(a, struct solved, 2);
        struct check_table *t;
        for (int turn = 0; turn < 2; turn++)
            assert_true(solve_text(a, buffer_view(b), &s[turn]));
        assert_int_equal(s[0].answer.cost, published[k].optimum);
        assert_int_equal(s[0].answer.steps, s[1].answer.steps);
        assert_true(slice_equal(memory_slice(&s[0].proof), memory_slice(&s[1].proof)));
        struct cover_claim claim = claim_of(a, &s[0].answer);
        assert_ok(check_table_read(a, buffer_view(b), false, &t));
        assert_ok(cover_check(t, &claim, memory_slice(&s[0].proof)));
        int asked = 0;
        struct cover_answer stopped;
        struct cover_options o = {.budget = INT64_MAX, .go_on = never, .with = &asked};
        assert_ok(cover_solve(a, &s[0].c, &o, &stopped)); /* asked once, unless it was done before */
        assert_true(asked == 1 || (asked == 0 && stopped.status == ASSEMBLY_OPTIMAL));
    }
}

static void tables_by_columns_are_the_same(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct cover by_rows, by_columns;
    assert_ok(or_library_parse(a, S("2 3 4 5 6 2 1 2 2 2 3"), false, &by_rows));
    assert_ok(or_library_parse(a, S("2 3\n4 1 1\n5 2 1 2\n6 1 2\n"), true, &by_columns));
    for (int32_t j = 0; j <= 3; j++)
        assert_int_equal(by_rows.column_start[j], by_columns.column_start[j]);
    for (int32_t k = 0; k < by_rows.column_start[3]; k++)
        assert_int_equal(by_rows.column_row[k], by_columns.column_row[k]);
}

static void bad_tables_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text, *said;
    } bad[] = {{"", "ends"},
               {"1", "ends"},
               {"1 x", "whole"},
               {"1 1 2.5 1 1", "whole"},
               {"1 1 nan 1 1", "whole"},
               {"1 1 -3 1 1", "between"},
               {"1 1 9999999999 1 1", "between"},
               {"-1 1 1", "between"},
               {"1 1 1 1 0", "between"},
               {"1 1 1 1 2", "between"},
               {"1 1 1 2 1", "between"},
               {"1 1 1 1", "ends"},
               {"1 1 1 1 1 1", "goes on"},
               {"99999999 99999999 1", "short"}};
    for (size_t k = 0; k < COUNT(bad); k++) {
        ARENA_SCOPE(a);
        struct cover c;
        struct check_table *t;
        print_message("# %s\n", bad[k].text);
        struct fault *f = or_library_parse(a, slice_of(bad[k].text), false, &c);
        assert_non_null(f);
        assert_int_equal(f->code, FAULT_INVALID);
        assert_non_null(strstr(f->text, bad[k].said));
        assert_fault(check_table_read(a, slice_of(bad[k].text), false, &t), FAULT_INVALID);
    }
}

static void tables_out_of_range_are_refused(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct cover c;
    const int64_t cost[] = {1, 2}, negative[] = {1, -1}, huge[] = {1, COVER_COST_MOST + 1};
    const struct cover_entry good = {0, 1}, row = {1, 0}, column = {0, 2};
    assert_ok(cover_build(a, 1, 2, cost, &good, 1, &c));
    assert_fault(cover_build(a, 1, 2, cost, &row, 1, &c), FAULT_INVALID);
    assert_fault(cover_build(a, 1, 2, cost, &column, 1, &c), FAULT_INVALID);
    assert_fault(cover_build(a, 1, 2, negative, &good, 1, &c), FAULT_INVALID);
    assert_fault(cover_build(a, 1, 2, huge, &good, 1, &c), FAULT_LIMIT);
    assert_fault(cover_build(a, -1, 2, cost, &good, 1, &c), FAULT_INVALID);
}

static void nothing_to_cover_costs_nothing(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    static struct solved s;
    struct check_table *t;
    assert_false(solve_text(a, S("0 2 3 4"), &s));
    assert_int_equal(s.answer.status, ASSEMBLY_OPTIMAL);
    assert_int_equal(s.answer.cost, 0);
    struct cover_claim claim = claim_of(a, &s.answer);
    assert_ok(check_table_read(a, s.text, false, &t));
    assert_ok(cover_check(t, &claim, memory_slice(&s.proof)));
}

static bool fails(void *with, const uint8_t *bytes, size_t count)
{
    (void)with;
    (void)bytes;
    return count == 0;
}

static void a_proof_that_cannot_be_written_is_told(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    struct cover c;
    struct cover_answer answer;
    struct memory_proof m;
    assert_ok(or_library_parse(a, S("1 2 4 5 2 1 2"), false, &c));
    struct cover_options o = {.budget = BUDGET, .proof = memory_proof(&m)};
    o.proof->write = fails;
    assert_fault(cover_solve(a, &c, &o, &answer), FAULT_IO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_covers_equal_all_tried_and_are_certified),
        cmocka_unit_test(no_false_claim_is_accepted),
        cmocka_unit_test(bounds_of_unfinished_work_are_certified),
        cmocka_unit_test(published_optima_are_proven),
        cmocka_unit_test(tables_by_columns_are_the_same),
        cmocka_unit_test(bad_tables_are_refused),
        cmocka_unit_test(tables_out_of_range_are_refused),
        cmocka_unit_test(nothing_to_cover_costs_nothing),
        cmocka_unit_test(a_proof_that_cannot_be_written_is_told),
    };
    language_set(LANGUAGE_EN); /* of the messages looked at */
    needs_shared_data("orlib-scp/scp41.txt", "published_optima_are_proven");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
