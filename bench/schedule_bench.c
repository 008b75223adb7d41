/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* schedule_bench.c - how near to the bound, and how long: 200 x 200 persons, some asked far more than others,
 * there always, in 80 % and in 50 % of the slots (30 % come late, 30 % leave early).
 *
 * usage: schedule_bench [SHAKES]
 * One line a case, fair and by weight alone; then mending: ten persons do not come. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "arena/arena.h"
#include "random/random.h"
#include "schedule/schedule_check.h"

enum { SIDE = 200 };

struct bench {
    struct schedule_problem problem;
    struct meeting_request requests[SIDE * SIDE];
    bool second[2 * SIDE], asked[SIDE * SIDE];
    uint64_t there[2 * SIDE];
};

static double cpu_s(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void ask(struct bench *b, size_t count, struct random *r)
{
    while (b->problem.count < count) {
        int x = (int)(SIDE * pow(random_unit(r), 1.5)), y = (int)(SIDE * pow(random_unit(r), 1.5));
        if (b->asked[x * SIDE + y])
            continue;
        b->asked[x * SIDE + y] = true;
        b->requests[b->problem.count++] = (struct meeting_request){
            x, SIDE + y, meeting_weight((int)random_below(r, 10), 1 + (int)random_below(r, 9))};
    }
}

static void come_and_go(struct bench *b, double presence, struct random *r)
{
    uint64_t half = (uint64_t)b->problem.slots / 2;
    for (int v = 0; v < 2 * SIDE; v++) {
        int first = random_below(r, 10) < 3 ? (int)random_below(r, half) : 0;
        int last = b->problem.slots - (random_below(r, 10) < 3 ? (int)random_below(r, half) : 0);
        b->second[v] = v >= SIDE;
        b->there[v] = 0;
        for (int s = first; s < last; s++)
            b->there[v] |= (uint64_t)(random_unit(r) < presence) << s;
    }
}

static void give_up(const char *why)
{
    (void)fprintf(stderr, "schedule_bench: %s\n", why);
    exit(1);
}

static void mend(struct bench *b, const struct schedule *plan)
{
    ARENA_SCOPE(work);
    struct schedule mended;
    int now = b->problem.slots / 4;
    for (int i = 0; i < 10; i++)
        b->there[i * 17] &= ((uint64_t)1 << now) - 1;
    double began = cpu_s();
    if (schedule_repair(work, &b->problem, plan->slot, now, 0, 1, &mended))
        give_up("not mended");
    (void)printf(", mended in %.3f s", cpu_s() - began);
}

static void run(size_t requests, int slots, int tables, double presence, enum fairness fairness,
                int64_t shakes)
{
    static struct bench b;
    ARENA_SCOPE(work);
    struct random r = random_seeded(7, (uint64_t)(presence * 100));
    struct schedule_effort effort = {.seed = 1, .shakes = shakes};
    struct schedule plan;
    b = (struct bench){.problem = {.persons = 2 * SIDE,
                                   .slots = slots,
                                   .tables = tables,
                                   .second = b.second,
                                   .there = presence < 1 ? b.there : NULL,
                                   .requests = b.requests,
                                   .fairness = fairness}};
    ask(&b, requests, &r);
    come_and_go(&b, presence, &r);
    double began = cpu_s();
    if (schedule_solve(work, &b.problem, &effort, &plan))
        give_up("no schedule");
    double took = cpu_s() - began;
    if (schedule_check(work, &b.problem, &plan))
        give_up("the checker refuses it");
    (void)printf("%5zu %3d %4d  %3.0f %%  %-6s  %.4f of the bound, %d/%d %d/%d %d/%d, %.2f s%s, %lld waits",
                 requests, slots, tables, 100 * presence, fairness == FAIR_LEVELS ? "levels" : "none",
                 (double)plan.weight / (double)plan.weight_bound, plan.met[0], plan.met_bound[0], plan.met[1],
                 plan.met_bound[1], plan.met[2], plan.met_bound[2], took, plan.optimal ? ", optimal" : "",
                 (long long)plan.waits);
    if (presence < 1)
        mend(&b, &plan);
    (void)putchar('\n');
}

int main(int argc, char **argv)
{
    static const struct {
        size_t requests;
        int slots, tables;
    } sizes[] = {{2000, 20, 60}, {4000, 30, 80}, {8000, 40, 100}, {8000, 20, 100}};
    static const double presences[] = {1, .8, .5};
    int64_t shakes = argc > 1 ? strtoll(argv[1], NULL, 10) : 0;
    (void)puts("requests, slots, tables; there; fair; weight, persons with 1, 2, 3 meetings of at most");
    for (size_t i = 0; i < COUNT(sizes); i++)
        for (size_t p = 0; p < COUNT(presences); p++)
            for (int f = 0; f < 2; f++)
                run(sizes[i].requests, sizes[i].slots, sizes[i].tables, presences[p],
                    f ? FAIR_NONE : FAIR_LEVELS, shakes);
    return 0;
}
