/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* secrecy_bench.c - how much is hidden, and how long it takes, on random tables.
 *
 * usage: secrecy_bench [TABLES [whole]]     (whole: only the 10 × 10 tables against all attackers)
 * Tables of 10 × 10 and 30 × 20: units a leaf cell 1 + exponential (mean 3 to 15), 10 to 30 % of cells empty,
 * values ⌊exp(4 + σN)⌋ + 1 with σ .8 to 2, 30 % of units in 30 groups. CPU seconds of one core. The peer is
 * what is done by hand: in no sum a single hidden cell, the cheapest added, and again wherever the audit
 * finds something. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "arena/arena.h"
#include "clock/clock.h"
#include "random/random.h"
#include "secrecy/audit.h"
#include "secrecy/layout.h"
#include "secrecy/optimum.h"
#include "secrecy/protect.h"

static const struct secrecy_rules rules = {SECRECY_FIRMS, 1};

static void must(const struct fault *f)
{
    if (f) {
        (void)fprintf(stderr, "secrecy_bench: %s\n", f->text);
        exit(1);
    }
}

static struct secrecy_model *random_table(struct arena *a, struct random *random, int32_t rows,
                                          int32_t columns)
{
    enum { MOST = 60000 };
    int32_t *node[2] = {NEW(a, int32_t, MOST), NEW(a, int32_t, MOST)};
    int32_t *unit = NEW(a, int32_t, MOST), *group = NEW(a, int32_t, MOST),
            *parts = NEW(a, int32_t, rows + columns);
    double *value = NEW(a, double, MOST), mean = 3 + 12 * random_unit(random);
    double empty = .1 + .2 * random_unit(random), sigma = .8 + 1.2 * random_unit(random);
    size_t count = 0;
    for (int32_t cell = 0; cell < rows * columns; cell++) {
        int here = random_unit(random) < empty ? 0 : (int)(1 - log(1 - random_unit(random)) * mean);
        for (int i = 0; i < here && count < MOST; i++, count++) {
            double normal = sqrt(-2 * log(1 - random_unit(random))) * cos(2 * M_PI * random_unit(random));
            node[0][count] = cell / columns;
            node[1][count] = cell % columns;
            unit[count] = (int32_t)count;
            group[count] = random_unit(random) < .3 ? (int32_t)random_below(random, 30) : 30 + (int32_t)count;
            value[count] = floor(exp(4 + sigma * normal)) + 1;
        }
    }
    for (int32_t i = 0; i < rows + columns; i++)
        parts[i] = i;
    const struct secrecy_sum sums[] = {{rows, parts, (size_t)rows}, {columns, parts, (size_t)columns}};
    struct secrecy_layout l = {
        2, {{(size_t)rows + 1, 1, &sums[0]}, {(size_t)columns + 1, 1, &sums[1]}}, {0}, 0};
    struct secrecy_lines lines = {
        .count = count, .node = {node[0], node[1]}, .unit = unit, .group = group, .value = value};
    struct secrecy_model *m;
    int32_t node_at, *cell_of = NEW(a, int32_t, (rows + 1) * (columns + 1));
    must(secrecy_layout_check(&l, &node_at));
    must(secrecy_tabulate(a, &l, &lines, rules, &m, cell_of, NULL));
    return m;
}

static struct secrecy_audit audited(struct arena *a, const struct secrecy_model *m, const bool *hidden,
                                    bool insiders)
{
    struct secrecy_audit audit;
    int32_t *itself = NEW(a, int32_t, m->count + 1);
    for (size_t i = 0; i < m->count; i++)
        itself[i] = (int32_t)i;
    must(secrecy_audit(a,
                       &(struct secrecy_publication){.model = m,
                                                     .hidden = hidden,
                                                     .truth = m,
                                                     .truth_of = itself,
                                                     .rules = rules,
                                                     .insiders = insiders,
                                                     .residuals = insiders},
                       &audit));
    return audit;
}

static size_t broken(struct arena *a, const struct secrecy_model *m, const bool *hidden, bool insiders)
{
    return audited(a, m, hidden, insiders).broken;
}

/* --- by hand --------------------------------------------------------------------------------------- */

static int32_t cell_at(const struct secrecy_equation *q, size_t i)
{
    return i < q->count ? q->parts[i] : q->total;
}

/* Of the cells that the sum shows, the cheapest; SECRECY_NO_CELL when all are hidden. */
static int32_t cheapest_shown(const struct secrecy_model *m, const bool *hidden,
                              const struct secrecy_equation *q)
{
    int32_t best = SECRECY_NO_CELL;
    for (size_t i = 0; i <= q->count; i++) {
        int32_t cell = cell_at(q, i);
        if (cell != SECRECY_NO_CELL && !hidden[cell] &&
            (best == SECRECY_NO_CELL || m->cells[cell].weight < m->cells[best].weight))
            best = cell;
    }
    return best;
}

/* Until no sum has a single hidden cell. */
static void fill_lines(const struct secrecy_model *m, bool *hidden)
{
    for (bool again = true; again;) {
        again = false;
        for (size_t e = 0; e < m->equation_count; e++) {
            const struct secrecy_equation *q = &m->equations[e];
            size_t count = 0;
            for (size_t i = 0; i <= q->count; i++)
                count += cell_at(q, i) != SECRECY_NO_CELL && hidden[cell_at(q, i)];
            int32_t more = count == 1 ? cheapest_shown(m, hidden, q) : SECRECY_NO_CELL;
            if (more != SECRECY_NO_CELL)
                again = hidden[more] = true;
        }
    }
}

/* One cell more beside a cell that was found out: the cheapest of its sums. False: nothing is left to hide.
 */
static bool hide_beside(const struct secrecy_model *m, bool *hidden, int32_t found)
{
    int32_t best = SECRECY_NO_CELL;
    for (size_t e = 0; e < m->equation_count; e++) {
        const struct secrecy_equation *q = &m->equations[e];
        bool in = false;
        for (size_t i = 0; i <= q->count; i++)
            in |= cell_at(q, i) == found;
        int32_t cell = in ? cheapest_shown(m, hidden, q) : SECRECY_NO_CELL;
        if (cell != SECRECY_NO_CELL &&
            (best == SECRECY_NO_CELL || m->cells[cell].weight < m->cells[best].weight))
            best = cell;
    }
    for (size_t i = 0; i < m->count && best == SECRECY_NO_CELL; i++)
        best = hidden[i] ? SECRECY_NO_CELL : (int32_t)i;
    if (best != SECRECY_NO_CELL)
        hidden[best] = true;
    return best != SECRECY_NO_CELL;
}

/* The value hidden in vain; *at_first: whether the lines alone were not enough. */
static double by_hand(struct arena *a, const struct secrecy_model *m, bool all, bool *at_first)
{
    bool *hidden = NEW(a, bool, m->count + 1), more = true;
    double cost = 0;
    for (size_t i = 0; i < m->count; i++)
        hidden[i] = m->cells[i].sensitive;
    for (int round = 0; more; round++) {
        fill_lines(m, hidden);
        struct secrecy_audit audit = audited(a, m, hidden, all);
        more = audit.broken > 0;
        *at_first = round == 0 ? more : *at_first;
        bool hid = false;
        for (size_t i = 0; i < audit.count; i++)
            if (audit.findings[i].slack < -1e-6)
                hid |= hide_beside(m, hidden, audit.findings[i].cell);
        more &= hid;
    }
    for (size_t i = 0; i < m->count; i++)
        cost += hidden[i] && !m->cells[i].sensitive ? m->cells[i].weight : 0;
    return cost;
}

static void beside_by_hand(int tables, int32_t rows, int32_t columns, bool all)
{
    struct random random = random_seeded(2026, (uint64_t)rows);
    double ours = 0, theirs = 0;
    int open = 0;
    for (int i = 0; i < tables; i++) {
        struct arena *a = arena_new(LIMIT_COMMAND_MEMORY);
        struct secrecy_model *m = random_table(a, &random, rows, columns);
        struct secrecy_pattern p;
        bool at_first = false;
        must(secrecy_protect(
            a, m, (struct secrecy_options){.rules = rules, .insiders = all, .residuals = all, .tries = 8},
            &p));
        ours += p.cost;
        theirs += by_hand(a, m, all, &at_first);
        open += at_first;
        arena_free(a);
    }
    (void)printf("%4d of %2d × %2d, %-9s by hand: value %9.1f, ours / by hand %.3f; lines alone broken %d\n",
                 tables, rows, columns, all ? "all," : "outsider,", theirs / tables, ours / theirs, open);
    (void)fflush(stdout);
}

static void measure(int tables, int32_t rows, int32_t columns, bool all, int tries)
{
    struct random random = random_seeded(2026, (uint64_t)rows);
    int64_t protecting = 0, auditing = 0, longest = 0;
    double cost = 0, cells = 0;
    size_t open = 0;
    for (int i = 0; i < tables; i++) {
        struct arena *a = arena_new(LIMIT_COMMAND_MEMORY);
        struct secrecy_model *m = random_table(a, &random, rows, columns);
        struct secrecy_pattern p;
        int64_t start = cpu_us();
        must(secrecy_protect(
            a, m, (struct secrecy_options){.rules = rules, .insiders = all, .residuals = all, .tries = tries},
            &p));
        int64_t middle = cpu_us();
        open += broken(a, m, p.hidden, all) > 0;
        auditing += cpu_us() - middle;
        protecting += middle - start;
        longest = middle - start > longest ? middle - start : longest;
        cost += p.cost;
        cells += (double)p.secondary;
        arena_free(a);
    }
    (void)printf(
        "%4d of %2d × %2d, %-9s %2d tries: %6.2f cells, value %9.1f; protect %.4f s (at most %.3f), audit "
        "%.4f s; broken %zu\n",
        tables, rows, columns, all ? "all," : "outsider,", tries, cells / tables, cost / tables,
        (double)protecting / 1e6 / tables, (double)longest / 1e6, (double)auditing / 1e6 / tables, open);
    (void)fflush(stdout);
}

/* Beside the best there is. */
static void compare(int tables, int32_t rows, int32_t columns, bool insiders, int tries)
{
    struct random random = random_seeded(2026, (uint64_t)rows);
    double ours = 0, best = 0, bound = 0, all = 0;
    int64_t start = cpu_us();
    int proven = 0;
    for (int i = 0; i < tables; i++) {
        struct arena *a = arena_new(LIMIT_COMMAND_MEMORY);
        struct secrecy_model *m = random_table(a, &random, rows, columns);
        struct secrecy_pattern p;
        struct secrecy_optimum optimum;
        must(secrecy_find_optimum(
            a, m, (struct secrecy_optimum_options){.insiders = insiders, .rounds = rows <= 10 ? 60 : 0},
            &optimum));
        must(secrecy_protect(a, m,
                             (struct secrecy_options){.rules = rules,
                                                      .insiders = insiders,
                                                      .tries = tries,
                                                      .guide = rows > 10 ? optimum.share : NULL},
                             &p));
        bound += optimum.bound;
        all += p.cost;
        if (optimum.proven) {
            proven++;
            ours += p.cost;
            best += optimum.cost;
            if (broken(a, m, optimum.hidden, false))
                (void)printf("the optimum of table %d is broken\n", i);
        }
        arena_free(a);
    }
    (void)printf("%4d of %2d × %2d, %-9s %2d tries: value / bound %.4f; of %d proven, value / optimum %.4f; "
                 "%.3f s each\n",
                 tables, rows, columns, insiders ? "insiders," : "outsider,", tries, all / bound, proven,
                 proven ? ours / best : 0, (double)(cpu_us() - start) / 1e6 / tables);
    (void)fflush(stdout);
}

int main(int argc, char **argv)
{
    int tables = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 300;
    if (argc > 2) {
        measure(tables, 10, 10, true, 8);
        return 0;
    }
    for (int tries = 1; tries <= 8; tries *= 8)
        for (int all = 0; all < 2; all++)
            measure(tables, 10, 10, all, tries);
    for (int all = 0; all < 2; all++)
        beside_by_hand(tables, 10, 10, all);
    for (int insiders = 0; insiders < 2; insiders++)
        compare(tables, 10, 10, insiders, 8);
    compare(tables / 10, 30, 20, false, 10);
    measure(tables / 10, 30, 20, false, 4);
    measure(tables / 10, 30, 20, true, 4);
    return 0;
}
