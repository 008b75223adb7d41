/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* cover.c - the table of a set cover, by columns and by rows. */
#include "assembly/cover.h"

#include <string.h>

const char *assembly_status_name(enum assembly_status s)
{
    static const char *const names[] = {[ASSEMBLY_OPTIMAL] = "optimal",
                                        [ASSEMBLY_FEASIBLE] = "feasible",
                                        [ASSEMBLY_INFEASIBLE] = "infeasible",
                                        [ASSEMBLY_UNKNOWN] = "unknown"};
    return names[s];
}

static struct fault *check_costs(const int64_t *cost, int32_t columns)
{
    int64_t sum = 0;
    for (int32_t j = 0; j < columns; j++) {
        if (cost[j] < 0)
            return fault_in("cost", fault(FAULT_INVALID, "The cost of column %d is negative.", j + 1));
        if (cost[j] > COVER_COST_MOST || (sum += cost[j]) > COVER_COSTS_MOST)
            return fault_in("cost", fault(FAULT_LIMIT, "The cost of column %d is too large.", j + 1));
    }
    return NULL;
}

/* Lists of `count` owners from lists of others: what each owns, ascending because the others are visited so.
 */
static void turn(const int32_t *start, const int32_t *owned, int32_t count, int32_t *new_start,
                 int32_t *new_owned, int32_t new_count)
{
    memset(new_start, 0, ((size_t)new_count + 1) * sizeof *new_start);
    for (int32_t k = 0; k < start[count]; k++)
        new_start[owned[k] + 1]++;
    for (int32_t i = 0; i < new_count; i++)
        new_start[i + 1] += new_start[i];
    for (int32_t j = 0; j < count; j++)
        for (int32_t k = start[j]; k < start[j + 1]; k++)
            new_owned[new_start[owned[k]]++] = j;
    for (int32_t i = new_count; i > 0; i--)
        new_start[i] = new_start[i - 1];
    new_start[0] = 0;
}

/* Ascending lists: what stands twice stands together. */
static void drop_repeated(int32_t *start, int32_t *owned, int32_t count)
{
    int32_t kept = 0;
    for (int32_t i = 0, from = 0; i < count; i++) {
        int32_t to = start[i + 1], first = kept;
        for (int32_t k = from; k < to; k++)
            if (kept == first || owned[kept - 1] != owned[k])
                owned[kept++] = owned[k];
        from = to;
        start[i + 1] = kept;
    }
}

struct fault *cover_build(struct arena *a, int32_t rows, int32_t columns, const int64_t *cost,
                          const struct cover_entry *entry, int64_t entries, struct cover *out)
{
    if (rows < 0 || columns < 0)
        return fault(FAULT_INVALID, "A table has no negative size.");
    if (entries > COVER_ENTRIES_MOST)
        return fault(FAULT_LIMIT, "The table has too many entries.");
    TRY(check_costs(cost, columns));
    int32_t *start = NEW(a, int32_t, (size_t)rows + 2), *column = NEW(a, int32_t, entries + 1);
    for (int64_t e = 0; e < entries; e++) {
        if (entry[e].row < 0 || entry[e].row >= rows)
            return fault(FAULT_INVALID, "There is no row %d.", entry[e].row + 1);
        if (entry[e].column < 0 || entry[e].column >= columns)
            return fault(FAULT_INVALID, "There is no column %d.", entry[e].column + 1);
        start[entry[e].row + 2]++;
    }
    for (int32_t i = 0; i < rows; i++)
        start[i + 2] += start[i + 1];
    for (int64_t e = 0; e < entries; e++)
        column[start[entry[e].row + 1]++] = entry[e].column;
    int32_t *column_start = NEW(a, int32_t, (size_t)columns + 1), *column_row = NEW(a, int32_t, entries + 1);
    turn(start, column, rows, column_start, column_row, columns);
    drop_repeated(column_start, column_row, columns);
    turn(column_start, column_row, columns, start, column, rows);
    *out = (struct cover){rows, columns, cost, column_start, column_row, start, column};
    return NULL;
}

void cover_restrict(struct arena *a, const struct cover *c, const int32_t *columns, int32_t count,
                    struct cover *out)
{
    int32_t *start = NEW(a, int32_t, (size_t)count + 1);
    int64_t *cost = NEW(a, int64_t, (size_t)count + 1);
    for (int32_t k = 0; k < count; k++) {
        int32_t j = columns[k];
        cost[k] = c->cost[j];
        start[k + 1] = start[k] + c->column_start[j + 1] - c->column_start[j];
    }
    int32_t *row = NEW(a, int32_t, (size_t)start[count] + 1);
    for (int32_t k = 0; k < count; k++)
        memcpy(row + start[k], c->column_row + c->column_start[columns[k]],
               (size_t)(start[k + 1] - start[k]) * sizeof *row);
    int32_t *row_start = NEW(a, int32_t, (size_t)c->rows + 1),
            *column = NEW(a, int32_t, (size_t)start[count] + 1);
    turn(start, row, count, row_start, column, c->rows);
    *out = (struct cover){c->rows, count, cost, start, row, row_start, column};
}
