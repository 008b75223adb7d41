/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "assembly/cover_search.h"

#include <string.h>

__extension__ typedef __int128 wide;

struct search {
    const struct cover *c;
    struct random *random;
    int64_t *weight;         /* of a row: 1, and 1 more each time it was left uncovered */
    int64_t *score;          /* of a column: weight its removal would lose, or its addition gain */
    int32_t *covered;        /* columns of the present choice on a row */
    int32_t *only;           /* their exclusive or: the column itself when there is one */
    int64_t *flipped;        /* when a column last came or went */
    int64_t *touched;        /* when a column of this row last came or went */
    int32_t *place, *chosen; /* the choice as a list; place -1: not in it */
    int32_t *gap_place, *gaps;
    int32_t chosen_count, gap_count, last_added;
    int64_t cost, now, steps;
};

static struct search search_new(struct arena *a, const struct cover *c, struct random *random)
{
    struct search s = {.c = c, .random = random, .last_added = -1};
    s.weight = NEW(a, int64_t, c->rows + 1);
    s.touched = NEW(a, int64_t, c->rows + 1);
    s.covered = NEW(a, int32_t, c->rows + 1);
    s.only = NEW(a, int32_t, c->rows + 1);
    s.gaps = NEW(a, int32_t, c->rows + 1);
    s.gap_place = NEW(a, int32_t, c->rows + 1);
    s.score = NEW(a, int64_t, c->columns + 1);
    s.flipped = NEW(a, int64_t, c->columns + 1);
    s.place = NEW(a, int32_t, c->columns + 1);
    s.chosen = NEW(a, int32_t, c->columns + 1);
    memset(s.place, -1, (size_t)c->columns * sizeof *s.place);
    for (int32_t i = 0; i < c->rows; i++) {
        s.weight[i] = 1;
        s.gaps[i] = s.gap_place[i] = i;
    }
    s.gap_count = c->rows;
    for (int32_t j = 0; j < c->columns; j++)
        s.score[j] = c->column_start[j + 1] - c->column_start[j];
    return s;
}

static void list_add(int32_t *list, int32_t *place, int32_t *count, int32_t item)
{
    place[item] = *count;
    list[(*count)++] = item;
}

static void list_remove(int32_t *list, int32_t *place, int32_t *count, int32_t item)
{
    int32_t last = list[--*count];
    list[place[item]] = last;
    place[last] = place[item];
    place[item] = -1;
}

/* Every column of the row but `except` gains or loses what the row weighs. */
static void tell_row(struct search *s, int32_t row, int32_t except, int64_t change)
{
    const struct cover *c = s->c;
    for (int32_t k = c->row_start[row]; k < c->row_start[row + 1]; k++)
        s->score[c->row_column[k]] += change;
    s->score[except] -= change;
    s->steps += c->row_start[row + 1] - c->row_start[row];
}

static void add(struct search *s, int32_t j)
{
    const struct cover *c = s->c;
    for (int32_t k = c->column_start[j]; k < c->column_start[j + 1]; k++) {
        int32_t row = c->column_row[k];
        if (s->covered[row] == 0) {
            list_remove(s->gaps, s->gap_place, &s->gap_count, row);
            tell_row(s, row, j, -s->weight[row]);
        } else if (s->covered[row] == 1) {
            s->score[s->only[row]] -= s->weight[row];
        }
        s->covered[row]++;
        s->only[row] ^= j;
        s->touched[row] = s->now;
    }
    s->steps += c->column_start[j + 1] - c->column_start[j];
    list_add(s->chosen, s->place, &s->chosen_count, j);
    s->cost += c->cost[j];
    s->flipped[j] = s->now++;
}

static void drop(struct search *s, int32_t j)
{
    const struct cover *c = s->c;
    for (int32_t k = c->column_start[j]; k < c->column_start[j + 1]; k++) {
        int32_t row = c->column_row[k];
        s->covered[row]--;
        s->only[row] ^= j;
        s->touched[row] = s->now;
        if (s->covered[row] == 0) {
            list_add(s->gaps, s->gap_place, &s->gap_count, row);
            tell_row(s, row, j, s->weight[row]);
        } else if (s->covered[row] == 1) {
            s->score[s->only[row]] += s->weight[row];
        }
    }
    s->steps += c->column_start[j + 1] - c->column_start[j];
    list_remove(s->chosen, s->place, &s->chosen_count, j);
    s->cost -= c->cost[j];
    s->flipped[j] = s->now++;
}

/* A column that went comes back only after something next to it has moved. */
static bool may_return(const struct search *s, int32_t j)
{
    const struct cover *c = s->c;
    for (int32_t k = c->column_start[j]; k < c->column_start[j + 1]; k++)
        if (s->touched[c->column_row[k]] > s->flipped[j])
            return true;
    return s->flipped[j] == 0;
}

/* > 0: a has more score to its cost than b; equal ones: who has stood still longer is better. */
static bool better(const struct search *s, int32_t a, int32_t b)
{
    wide left = (wide)s->score[a] * s->c->cost[b], right = (wide)s->score[b] * s->c->cost[a];
    return left != right ? left > right : s->flipped[a] < s->flipped[b];
}
static bool worse(const struct search *s, int32_t a, int32_t b)
{
    wide left = (wide)s->score[a] * s->c->cost[b], right = (wide)s->score[b] * s->c->cost[a];
    return left != right ? left < right : s->flipped[a] < s->flipped[b];
}

static int32_t to_drop(struct search *s, int32_t tabu)
{
    int32_t found = -1;
    for (int32_t k = 0; k < s->chosen_count; k++) {
        int32_t j = s->chosen[k];
        if (j != tabu && (found < 0 || worse(s, j, found)))
            found = j;
    }
    s->steps += s->chosen_count;
    return found;
}

/* The best column of the row, of those that may return; of all when none may, or the search would stick. */
static int32_t to_add(struct search *s, int32_t row)
{
    const struct cover *c = s->c;
    int32_t found = -1, any = -1;
    for (int32_t k = c->row_start[row]; k < c->row_start[row + 1]; k++) {
        int32_t j = c->row_column[k];
        if (any < 0 || better(s, j, any))
            any = j;
        if ((found < 0 || better(s, j, found)) && may_return(s, j))
            found = j;
    }
    s->steps += c->row_start[row + 1] - c->row_start[row];
    return found < 0 ? any : found;
}

static void weigh_gaps(struct search *s)
{
    const struct cover *c = s->c;
    for (int32_t g = 0; g < s->gap_count; g++) {
        int32_t row = s->gaps[g];
        s->weight[row]++;
        for (int32_t k = c->row_start[row]; k < c->row_start[row + 1]; k++)
            s->score[c->row_column[k]]++;
        s->steps += c->row_start[row + 1] - c->row_start[row];
    }
}

static void start_greedily(struct search *s)
{
    while (s->gap_count) {
        int32_t found = -1;
        for (int32_t j = 0; j < s->c->columns; j++)
            if (s->place[j] < 0 && s->score[j] > 0 && (found < 0 || better(s, j, found)))
                found = j;
        s->steps += s->c->columns;
        add(s, found);
    }
}

/* Covers what is uncovered, row by row, as long as that can end below `best`. */
static void mend(struct search *s, int64_t best)
{
    while (s->gap_count) {
        int32_t j = to_add(s, s->gaps[random_below(s->random, (uint64_t)s->gap_count)]);
        bool possible = s->cost + s->c->cost[j] < best;
        if (possible) {
            add(s, j);
            s->last_added = j;
        }
        weigh_gaps(s);
        if (!possible)
            return;
    }
}

bool cover_search(const struct cover *c, struct random *random, const int32_t *start, int32_t start_count,
                  int64_t enough, int64_t *steps, struct cover_found *best)
{
    ARENA_SCOPE(work);
    struct search s = search_new(work, c, random);
    bool improved = false;
    s.now = 1;
    for (int32_t k = 0; k < start_count; k++)
        add(&s, start[k]);
    start_greedily(&s);
    for (;;) {
        while (!s.gap_count && s.chosen_count) {
            if (s.cost < best->cost) {
                best->cost = s.cost;
                best->count = s.chosen_count;
                memcpy(best->members, s.chosen, (size_t)s.chosen_count * sizeof *s.chosen);
                improved = true;
            }
            drop(&s, to_drop(&s, -1));
        }
        if (best->cost <= enough || s.steps >= *steps || !c->rows)
            break;
        int32_t j = to_drop(&s, s.last_added);
        if (j >= 0)
            drop(&s, j);
        mend(&s, best->cost);
    }
    *steps = s.steps;
    return improved;
}
