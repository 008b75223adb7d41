/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* synergies_fuzz.c - any bytes as each of the five files: either a fault, or lists that the engine takes, and
 * scores between 0 and 1. */
#include <stdint.h>
#include <stdlib.h>

#include "arena/arena.h"
#include "commands/synergies_files.h"
#include "table/table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST_MEMBERS = 60, MOST_TIES = 300 }; /* a fuzzer has other things to do */

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void rank(struct arena *a, const struct synergy_files *f)
{
    const struct hypergraph *h;
    const struct synergy_model *model;
    struct synergies found;
    int *all = NEW(a, int, f->member_count + 1);
    struct synergy_query *queries = NEW(a, struct synergy_query, f->member_count + 1);
    struct synergy_request q = {.queries = queries,
                                .query_count = (size_t)f->member_count,
                                .candidates = all,
                                .candidate_count = (size_t)f->member_count,
                                .top = 5,
                                .threads = 1};
    if (f->member_count > MOST_MEMBERS || f->tie_count > MOST_TIES)
        return;
    for (int v = 0; v < f->member_count; v++)
        queries[v].member = all[v] = v;
    require(!hypergraph_new(a, f->member_count, f->group_count, f->ties, f->tie_count, 0, &h));
    require(!synergy_model_new(a, h, f->has_attributes ? &f->attributes : NULL, &model));
    require(!synergy_rank(a, model, &q, &found));
    for (size_t i = 0; i < q.query_count; i++)
        for (int k = 0; k < found.count[i]; k++)
            require(found.of[i][k].score > 0 && found.of[i][k].score < 1 + 1e-9);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    for (int which = 0; which < SYNERGY_FILES; which++) {
        ARENA_SCOPE(work);
        struct table *t = NULL;
        struct synergy_files *f = synergy_files_new(work);
        if (table_open_bytes(work, (struct slice){(const char *)data, size}, NULL, &t))
            return 0;
        if (!synergy_file_read(work, t, "file", (enum synergy_file)which, f) &&
            !synergy_files_finish(work, f))
            rank(work, f);
    }
    return 0;
}
