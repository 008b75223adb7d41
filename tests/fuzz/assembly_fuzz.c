/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* assembly_fuzz.c - any bytes as a problem of groups and as a table of the OR-Library: either a fault, or a
 * problem whose answer the checker accepts by its certificate. */
#include <stdint.h>
#include <stdlib.h>

#include "assembly/or_library.h"
#include "certificate/cover_check.h"
#include "commands/assemble_problem.h"
#include "engine/assembly/for_checker.h"
#include "engine/assembly/memory_proof.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST_FIRMS = 40, MOST_ENTRIES = 2000, BUDGET = 100000 }; /* a fuzzer has other things to do */

static struct memory_proof proof;

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void group(struct slice bytes)
{
    ARENA_SCOPE(a);
    struct assemble_problem *read = NEW(a, struct assemble_problem, 1);
    if (assemble_problem_read(a, bytes, read) || read->p.firms > MOST_FIRMS)
        return;
    struct group_problem *p = &read->p;
    struct group_options options = {
        .budget = BUDGET, .best = 1, .decimals = read->decimals, .proof = memory_proof(&proof)};
    struct group_answer answer;
    require(!group_check_problem(p));
    if (group_solve(a, p, &options, &answer) || answer.status == ASSEMBLY_UNKNOWN ||
        proof_is_full(&proof.out))
        return;
    struct check_groups g = for_checker(a, p);
    struct group_claim claim = claim_of(a, p, &answer);
    require(!group_check(&g, &claim, memory_slice(&proof)));
    claim.bound++; /* of this problem, and not true */
    require(group_check(&g, &claim, memory_slice(&proof)) || claim.infeasible);
}

static void cover(struct slice bytes, bool rail)
{
    ARENA_SCOPE(a);
    struct cover c;
    struct cover_answer answer;
    struct check_table *table = NULL;
    if (or_library_parse(a, bytes, rail, &c) || c.row_start[c.rows] > MOST_ENTRIES)
        return;
    require(!check_table_read(a, bytes, rail, &table));
    struct cover_options options = {.seed = 1, .budget = BUDGET, .proof = memory_proof(&proof)};
    if (cover_solve(a, &c, &options, &answer) || answer.status == ASSEMBLY_UNKNOWN)
        return;
    bool infeasible = answer.status == ASSEMBLY_INFEASIBLE;
    int32_t count = infeasible ? answer.missing_count : answer.member_count;
    int64_t *members = NEW(a, int64_t, count + 1);
    for (int32_t k = 0; k < count; k++)
        members[k] = (infeasible ? answer.missing : answer.members)[k] + 1;
    struct cover_claim claim = {infeasible, answer.cost, answer.bound, members, (size_t)count};
    require(!cover_check(table, &claim, memory_slice(&proof)));
    claim.cost++;
    require(infeasible || cover_check(table, &claim, memory_slice(&proof)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice bytes = {(const char *)data, size};
    group(bytes);
    cover(bytes, false);
    cover(bytes, true);
    return 0;
}
