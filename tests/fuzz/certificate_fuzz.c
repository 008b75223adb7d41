/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* certificate_fuzz.c - any bytes as the proof of what is not true: never believed. And as the proof of what
 * is true: believed or refused, no more. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "certificate/cover_check.h"
#include "certificate/group_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

/* A triangle: two of three columns are needed, and a bound by prices alone says one and a half. */
static void covers(struct slice proof)
{
    ARENA_SCOPE(a);
    static const int64_t pair[] = {1, 2};
    struct check_table *t = NULL;
    require(!check_table_read(a, S("3 3 2 2 2 2 1 2 2 2 3 2 1 3"), false, &t));
    struct cover_claim claim = {.cost = 4, .bound = 4, .members = pair, .member_count = 2};
    (void)!cover_check(t, &claim, proof);
    claim.infeasible = true;
    require(cover_check(t, &claim, proof));
    require(!check_table_read(a, S("3 3 2 2 1 2 1 2 2 2 3 2 1 3"), false, &t)); /* one is cheaper: 3 */
    claim = (struct cover_claim){.cost = 4, .bound = 4, .members = pair, .member_count = 2};
    require(cover_check(t, &claim, proof));
}

/* Two steps, three firms: the first alone 15, the others together 12. */
static void groups(struct slice proof)
{
    struct check_groups g = {
        .firms = 3,
        .steps = 2,
        .most_members = 2,
        .adding = (int64_t[]){10, 4, 5},
        .doing = (int64_t[]){2, 3, 1, -1, -1, 2},
        .room = (int64_t[]){1, 1, 1, 0, 0, 1},
        .pieces = (int64_t[]){1, 1},
        .wanted = (bool[]){false, false, false},
        .barred = (bool[]){false, false, false},
        .reach = INFINITY,
    };
    struct group_claim claim = {
        .cost = 15, .bound = 15, .members = (int64_t[]){0}, .count = 1, .done = (int64_t[]){1, 1}};
    require(group_check(&g, &claim, proof));
    claim = (struct group_claim){.infeasible = true};
    require(group_check(&g, &claim, proof));
    claim = (struct group_claim){
        .cost = 12, .bound = 12, .members = (int64_t[]){1, 2}, .count = 2, .done = (int64_t[]){1, 0, 0, 1}};
    int64_t decimals;
    if (!group_check_decimals(proof, &decimals))
        (void)!group_check(&g, &claim, proof);
    g.barred[2] = true; /* then 15 is the least, and 12 impossible */
    require(group_check(&g, &claim, proof));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice proof = {(const char *)data, size};
    covers(proof);
    groups(proof);
    return 0;
}
