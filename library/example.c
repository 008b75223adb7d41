/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* example.c - the cheapest group of three firms that turns and plates, proven, and the proof checked.
 *
 *   cc example.c $(pkg-config --cflags --libs grappe-engine) -o example && ./example */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <grappe/assembly/group.h>
#include <grappe/certificate/group_check.h>
#include <grappe/i18n/language.h>

enum { FIRMS = 3, STEPS = 2 };

/* A certificate goes wherever its owner writes it: here, to memory. */
struct paper {
    char bytes[4096];
    size_t length;
};

static bool paper_write(void *with, const uint8_t *bytes, size_t count)
{
    struct paper *p = with;
    if (count > sizeof p->bytes - p->length)
        return false;
    memcpy(p->bytes + p->length, bytes, count);
    p->length += count;
    return true;
}

static bool paper_back(void *with, int64_t length)
{
    ((struct paper *)with)->length = (size_t)length;
    return true;
}

/* The problem again in the words of the checker, which shares nothing with the solver. */
static struct fault *check(const struct group *g, const int64_t *pieces, const struct paper *paper)
{
    struct check_groups problem = {
        .firms = FIRMS,
        .steps = STEPS,
        .most_members = 2,
        .adding = (int64_t[]){10, 4, 5},
        .doing = (int64_t[]){2, 3, 1, -1, -1, 2}, /* firm by firm; -1: it cannot */
        .room = (int64_t[]){1, 1, 1, 0, 0, 1},
        .pieces = (int64_t[]){1, 1},
        .wanted = (bool[FIRMS]){false},
        .barred = (bool[FIRMS]){false},
        .reach = INFINITY,
    };
    int64_t members[FIRMS];
    for (int k = 0; k < g->count; k++)
        members[k] = g->members[k];
    struct group_claim claim = {false, g->cost, g->cost, members, g->count, pieces};
    return group_check(&problem, &claim, (struct slice){paper->bytes, paper->length});
}

static struct fault *run(struct arena *a)
{
    static const char *const name[FIRMS] = {"Astre", "Balance", "Cadran"};
    struct group_problem problem = {
        .firms = FIRMS,
        .steps = STEPS,
        .volume = (int64_t[]){1, 1},
        .cost = (int64_t[]){10, 4, 5},
        .start = (int32_t[]){0, 2, 3, 4},
        .entry = (struct group_entry[]){{0, 2, 1}, {1, 3, 1}, {0, 1, 1}, {1, 2, 1}},
        .role = (uint8_t[]){FIRM_FREE, FIRM_FREE, FIRM_FREE},
        .max_distance = INFINITY,
        .max_members = 2,
    };
    struct paper paper = {.length = 0};
    struct proof_out proof = {
        .write = paper_write, .back = paper_back, .with = &paper, .most = sizeof paper.bytes};
    struct group_options options = {.budget = 1000000, .best = 1, .proof = &proof};
    struct group_answer answer;
    TRY(group_check_problem(&problem));
    TRY(group_solve(a, &problem, &options, &answer));
    const struct group *best = &answer.groups[0];
    printf("%s, cost %lld:", assembly_status_name(answer.status), (long long)best->cost);
    for (int k = 0; k < best->count; k++)
        printf(" %s", name[best->members[k]]);
    int64_t pieces[FIRMS * STEPS];
    uint64_t missing;
    (void)group_cost(&problem, best->members, best->count, pieces, &missing);
    TRY(check(best, pieces, &paper));
    puts("; the proof holds");
    return NULL;
}

int main(void)
{
    language_set(LANGUAGE_EN);
    struct arena *a = arena_new((size_t)64 << 20);
    struct fault *f = run(a);
    if (f)
        fprintf(stderr, "%s: %s\n", fault_code_name(f->code), f->text);
    arena_free(a);
    return f != NULL;
}
