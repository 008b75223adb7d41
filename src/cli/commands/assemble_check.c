/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* assemble_check.c - `grappe assemble check`: an answer and its certificate, read by somebody who does not
 * trust them. */
#include <math.h>
#include <stdio.h>

#include "certificate/cover_check.h"
#include "commands/assemble.h"
#include "commands/assemble_check.h"
#include "i18n/i18n.h"
#include "options.h"
#include "json/json_tree.h"

#define LIMIT_FILE (1024 * MIB)

struct papers {
    const char *problem, *answer, *proof;
    bool rail;
};

static struct fault *whole_number(const struct json_tree *of, const char *name, int64_t *out)
{
    const struct json_tree *value;
    TRY(json_tree_want(of, name, TREE_NUMBER, &value));
    *out = value->whole ? value->integer : (int64_t)value->number;
    if (!value->whole && (fabs(value->number) > 1e15 || (double)*out != value->number))
        return fault_in(name, fault(FAULT_INVALID, "%s is not a whole number.", name));
    return NULL;
}

static struct fault *read_numbers(struct arena *a, const struct json_tree *of, const char *name,
                                  struct cover_claim *claim)
{
    const struct json_tree *list;
    TRY(json_tree_want(of, name, TREE_LIST, &list));
    int64_t *numbers = NEW(a, int64_t, list->count + 1);
    for (size_t k = 0; k < list->count; k++) {
        TRY(json_tree_expect(&list->items[k], TREE_NUMBER));
        numbers[k] = list->items[k].integer;
        if (!list->items[k].whole)
            return fault_in(name, fault(FAULT_INVALID, "%s is not a whole number.", name));
    }
    claim->members = numbers;
    claim->member_count = list->count;
    return NULL;
}

/* What the answer says, in the words of the checker. */
static struct fault *read_claim(struct arena *a, const struct json_tree *answer, struct cover_claim *claim)
{
    const struct json_tree *status, *gap;
    TRY(json_tree_expect(answer, TREE_OBJECT));
    TRY(json_tree_want(answer, "status", TREE_TEXT, &status));
    claim->infeasible = slice_equal(status->text, S("infeasible"));
    if (claim->infeasible)
        return read_numbers(a, answer, "missing", claim);
    bool optimal = slice_equal(status->text, S("optimal"));
    if (!optimal && !slice_equal(status->text, S("feasible")))
        return fault_in("status",
                        fault(FAULT_INVALID, "There is nothing to check in an answer that is \"%.*s\".",
                              SLICE_ARGS(status->text)));
    TRY(whole_number(answer, "cost", &claim->cost));
    TRY(whole_number(answer, "bound", &claim->bound));
    TRY(json_tree_want(answer, "gap", TREE_NUMBER, &gap));
    double expected = claim->cost > 0 ? (double)(claim->cost - claim->bound) / (double)claim->cost : 0;
    if (fabs(gap->number - expected) > 1e-9)
        return fault_in("gap", fault(FAULT_INVALID, "The gap is not that of cost and bound."));
    if (optimal && claim->cost != claim->bound)
        return fault_in("bound",
                        fault(FAULT_INVALID, "The answer calls itself optimal, but its bound is below its "
                                             "cost."));
    return read_numbers(a, answer, "members", claim);
}

/* By rows or by columns: hardly a file can be read as both. */
static struct fault *read_table(struct arena *a, const struct papers *p, struct slice text,
                                struct check_table **t)
{
    if (p->rail || check_table_read(a, text, false, t))
        return check_table_read(a, text, true, t);
    return NULL;
}

static struct fault *check_run(struct arena *a, int argc, char **argv)
{
    struct papers p = {0};
    char **more = NULL;
    int more_count = 0;
    struct slice problem, answer, proof;
    struct json_tree *tree;
    struct check_table *table;
    struct cover_claim claim = {0};
    const struct command_option options[] = {{"rail", .flag = &p.rail}};
    TRY(options_read(argc, argv, options, COUNT(options),
                     (struct operand){&p.problem, tr("no problem"), &more, &more_count}));
    if (more_count != 2)
        return missing_fault(more_count ? "PROOF" : "ANSWER");
    p.answer = more[0];
    p.proof = more[1];
    TRY(assemble_read_file(a, p.problem, LIMIT_FILE, &problem));
    TRY(assemble_read_file(a, p.answer, LIMIT_FILE, &answer));
    TRY(assemble_read_file(a, p.proof, LIMIT_FILE, &proof));
    TRY(json_tree_read(a, answer, &tree));
    if (slice_starts(slice_trim(problem), S("{")))
        return assemble_check_group(a, problem, tree, proof);
    TRY(read_claim(a, tree, &claim));
    TRY(read_table(a, &p, problem, &table));
    TRY(cover_check(table, &claim, proof));
    (void)puts(claim.infeasible            ? tr("True: no column covers what the answer calls missing.")
               : claim.cost == claim.bound ? tr("True: the group covers all, and none does for less.")
                                           : tr("True: the group covers all, and the bound holds."));
    return NULL;
}

const struct command assemble_check_command = {
    .name = "assemble check",
    .summary = N_("Whether an answer of grappe assemble holds, by its certificate"),
    .help = N_(
        "Usage: grappe assemble check PROBLEM ANSWER PROOF [--rail]\n"
        "\n"
        "Verifies in whole numbers that the members of ANSWER (from --json) cover everything in PROBLEM, "
        "that\n"
        "they cost what it says, and by PROOF (from --proof) that nothing costs less than its bound. Shares "
        "no\n"
        "code with what found them. Ends with 0 when all of it is true.\n"
        "\n"
        "Example: grappe assemble check scp41.txt scp41.json scp41.proof"),
    .run = check_run,
};
