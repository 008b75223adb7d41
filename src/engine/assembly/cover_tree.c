/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "assembly/cover_tree.h"

#include <math.h>
#include <string.h>

__extension__ typedef __int128 wide;

enum { NODE_STEPS = 60, NODE_PATIENCE = 5, ASK_EVERY = 16, DEEPEST = 4000 };

/* What is left of the problem: its own table, and where its rows' prices started. */
struct node {
    struct cover c;
    const int32_t *id; /* of each column, in the proof */
    double *price;     /* of the parent, then its own */
    int64_t fixed;     /* cost of the columns taken above */
    int depth;
};

enum choice { OPEN, TAKEN, OUT };

/* A node's columns and rows while decisions fall. */
struct settling {
    const struct node *node;
    uint8_t *choice; /* of a column */
    bool *covered;   /* row */
    int32_t *open;   /* columns left open on a row */
    int32_t rows_left;
    int64_t fixed;
};

/* --- decisions ------------------------------------------------------------------------------------- */

static struct settling settling_new(struct arena *a, const struct node *n)
{
    struct settling s = {n,
                         NEW(a, uint8_t, n->c.columns + 1),
                         NEW(a, bool, n->c.rows + 1),
                         NEW(a, int32_t, n->c.rows + 1),
                         n->c.rows,
                         n->fixed};
    for (int32_t i = 0; i < n->c.rows; i++)
        s.open[i] = n->c.row_start[i + 1] - n->c.row_start[i];
    return s;
}

static struct settling settling_copy(struct arena *a, const struct settling *from)
{
    struct settling s = settling_new(a, from->node);
    memcpy(s.choice, from->choice, (size_t)s.node->c.columns * sizeof *s.choice);
    memcpy(s.covered, from->covered, (size_t)s.node->c.rows * sizeof *s.covered);
    memcpy(s.open, from->open, (size_t)s.node->c.rows * sizeof *s.open);
    s.rows_left = from->rows_left;
    s.fixed = from->fixed;
    return s;
}

static void take(struct cover_tree *t, struct settling *s, int32_t j)
{
    const struct cover *c = &s->node->c;
    s->choice[j] = TAKEN;
    s->fixed += c->cost[j];
    t->members[t->member_count++] = s->node->id[j];
    for (int32_t k = c->column_start[j]; k < c->column_start[j + 1]; k++) {
        s->rows_left -= !s->covered[c->column_row[k]];
        s->covered[c->column_row[k]] = true;
    }
}

static void leave_out(struct settling *s, int32_t j)
{
    const struct cover *c = &s->node->c;
    s->choice[j] = OUT;
    for (int32_t k = c->column_start[j]; k < c->column_start[j + 1]; k++)
        s->open[c->column_row[k]]--;
}

/* Rows that only one column can still cover take it, in their order. False: one has none left. */
static bool take_forced(struct cover_tree *t, struct settling *s)
{
    const struct cover *c = &s->node->c;
    for (int32_t i = 0; i < c->rows; i++) {
        if (s->covered[i] || s->open[i] > 1)
            continue;
        if (!s->open[i])
            return false;
        int32_t k = c->row_start[i];
        while (s->choice[c->row_column[k]] != OPEN)
            k++;
        take(t, s, c->row_column[k]);
    }
    return true;
}

/* --- prices in whole numbers ----------------------------------------------------------------------- */

static int64_t rounded(double price, int64_t scale, int64_t most)
{
    double whole = floor((double)scale * price + .5);
    return whole >= (double)most ? most : (int64_t)whole;
}

/* No price of the proof is larger, so that no sum of them overflows. */
static int64_t price_most(int32_t rows)
{
    return (INT64_C(1) << 60) / (rows + 1);
}

/* The reduced costs and L, in parts of the unit. */
static wide count_bound(const struct cover *c, int64_t scale, const int64_t *price, int64_t *reduced)
{
    wide bound = 0;
    for (int32_t i = 0; i < c->rows; i++)
        bound += price[i];
    for (int32_t j = 0; j < c->columns; j++) {
        int64_t r = scale * c->cost[j];
        for (int32_t k = c->column_start[j]; k < c->column_start[j + 1]; k++)
            r -= price[c->column_row[k]];
        reduced[j] = r;
        if (r < 0)
            bound += r;
    }
    return bound;
}

int64_t cover_scale(const struct cover *c)
{
    int64_t scale = 1000, rows = 100;
    for (int32_t j = 0; j < c->columns; j++)
        for (; c->column_start[j + 1] - c->column_start[j] > rows && scale < 1000000; rows *= 10)
            scale *= 10;
    return scale;
}

int64_t cover_proven_bound(const struct cover *c, const double *price, int64_t scale)
{
    ARENA_SCOPE(work);
    int64_t *whole = NEW(work, int64_t, c->rows + 1), most = price_most(c->rows);
    for (int32_t i = 0; i < c->rows; i++)
        whole[i] = rounded(price[i], scale, most);
    wide bound = count_bound(c, scale, whole, NEW(work, int64_t, c->columns + 1));
    return bound < 0 ? 0 : (int64_t)((bound + scale - 1) / scale);
}

/* Writes the prices; decides by them what is settled. False: nothing cheaper is below this node. */
static bool settle_by_price(struct cover_tree *t, struct settling *s, const double *price)
{
    ARENA_SCOPE(work);
    const struct cover *c = &s->node->c;
    int64_t *whole = NEW(work, int64_t, c->rows + 1), *reduced = NEW(work, int64_t, c->columns + 1);
    int64_t most = price_most(t->cover->rows);
    for (int32_t i = 0; i < c->rows; i++) {
        whole[i] = rounded(price[i], t->scale, most);
        proof_number(t->proof, (uint64_t)whole[i]);
    }
    wide bound = count_bound(c, t->scale, whole, reduced),
         allowed = (wide)t->scale * (t->beat - 1 - s->fixed);
    if (bound > allowed)
        return false;
    for (int32_t j = 0; j < c->columns; j++)
        if (reduced[j] > 0 && bound + reduced[j] > allowed)
            leave_out(s, j);
        else if (reduced[j] < 0 && bound - reduced[j] > allowed)
            take(t, s, j);
    return true;
}

/* --- nodes ----------------------------------------------------------------------------------------- */

/* The node below: rows not covered, columns open that cover any. */
static struct node shrink(struct arena *a, const struct settling *s, const double *price)
{
    const struct node *n = s->node;
    const struct cover *c = &n->c;
    int32_t *new_row = NEW(a, int32_t, c->rows + 1), *kept = NEW(a, int32_t, c->columns + 1), rows = 0,
            columns = 0;
    double *prices = NEW(a, double, s->rows_left + 1);
    for (int32_t i = 0; i < c->rows; i++) {
        new_row[i] = s->covered[i] ? -1 : rows;
        if (!s->covered[i])
            prices[rows++] = price[i];
    }
    int32_t *start = NEW(a, int32_t, c->columns + 1), *id = NEW(a, int32_t, c->columns + 1), entries = 0;
    int32_t *row = NEW(a, int32_t, c->column_start[c->columns] + 1);
    int64_t *cost = NEW(a, int64_t, c->columns + 1);
    for (int32_t j = 0; j < c->columns; j++) {
        if (s->choice[j] != OPEN)
            continue;
        for (int32_t k = c->column_start[j]; k < c->column_start[j + 1]; k++)
            if (new_row[c->column_row[k]] >= 0)
                row[entries++] = new_row[c->column_row[k]];
        if (entries == start[columns])
            continue;
        cost[columns] = c->cost[j];
        id[columns] = n->id[j];
        kept[columns] = columns;
        start[++columns] = entries;
    }
    struct node below = {.id = id, .price = prices, .fixed = s->fixed, .depth = n->depth + 1};
    const struct cover by_columns = {
        .rows = rows, .columns = columns, .cost = cost, .column_start = start, .column_row = row};
    cover_restrict(a, &by_columns, kept, columns, &below.c);
    return below;
}

/* The column that is most in doubt, the larger the better; ties: the first. */
static int32_t branching_column(const struct settling *s, const double *share)
{
    static const double least_doubt = 1e-6;
    const struct cover *c = &s->node->c;
    double best = -1;
    int32_t found = -1;
    for (int32_t j = 0; j < c->columns; j++) {
        if (s->choice[j] != OPEN)
            continue;
        int32_t left = 0;
        for (int32_t k = c->column_start[j]; k < c->column_start[j + 1]; k++)
            left += !s->covered[c->column_row[k]];
        double doubt = (fmin(share[j], 1 - share[j]) + least_doubt) * left;
        if (left && doubt > best) {
            best = doubt;
            found = j;
        }
    }
    return found;
}

static enum cover_outcome visit(struct cover_tree *t, struct node *n);

/* A branch: column j is taken or left out. */
static enum cover_outcome branch(struct cover_tree *t, const struct settling *s, const double *price,
                                 int32_t j, bool in)
{
    ARENA_SCOPE(work);
    struct settling here = settling_copy(work, s);
    int32_t members = t->member_count;
    enum cover_outcome outcome = TREE_CLOSED;
    if (in)
        take(t, &here, j);
    else
        leave_out(&here, j);
    if (take_forced(t, &here) && here.fixed < t->beat) {
        struct node below = shrink(work, &here, price);
        outcome = visit(t, &below);
    } else {
        t->explored += ldexp(1, -s->node->depth - 1);
    }
    if (outcome != TREE_IMPROVED)
        t->member_count = members;
    return outcome;
}

static bool may_go_on(struct cover_tree *t, const struct node *n)
{
    t->nodes++;
    return t->steps < t->budget && n->depth < DEEPEST && !proof_is_full(t->proof) &&
           (t->nodes % ASK_EVERY || !t->go_on || t->go_on(t->with));
}

static enum cover_outcome close_node(struct cover_tree *t, const struct node *n)
{
    t->explored += ldexp(1, -n->depth);
    return TREE_CLOSED;
}

/* With some rows left or none: bound, settle, branch. */
static enum cover_outcome visit(struct cover_tree *t, struct node *n)
{
    ARENA_SCOPE(work);
    if (!may_go_on(t, n))
        return TREE_STOPPED;
    if (!n->c.rows) {
        t->cost = n->fixed;
        return TREE_IMPROVED;
    }
    struct cover_bound b = cover_bound_new(work, n->c.rows, n->c.columns);
    memcpy(b.price, n->price, (size_t)n->c.rows * sizeof *b.price);
    t->steps += cover_bound_raise(&n->c,
                                  &(struct cover_bound_options){.target = (double)(t->beat - n->fixed),
                                                                .most_steps = NODE_STEPS,
                                                                .patience = NODE_PATIENCE},
                                  &b);
    struct settling s = settling_new(work, n);
    if (!settle_by_price(t, &s, b.price) || !take_forced(t, &s) || s.fixed >= t->beat)
        return close_node(t, n);
    if (!s.rows_left) {
        t->cost = s.fixed;
        return TREE_IMPROVED;
    }
    int32_t j = branching_column(&s, b.share);
    proof_number(t->proof, (uint64_t)n->id[j]);
    enum cover_outcome outcome = branch(t, &s, b.price, j, true);
    return outcome == TREE_CLOSED ? branch(t, &s, b.price, j, false) : outcome;
}

enum cover_outcome cover_tree_search(struct cover_tree *t)
{
    ARENA_SCOPE(work);
    struct node whole = {.c = *t->cover, .id = t->id, .depth = 0};
    struct settling s = settling_new(work, &whole);
    t->steps = t->nodes = t->member_count = 0;
    t->explored = 0;
    if (!take_forced(t, &s) || s.fixed >= t->beat)
        return close_node(t, &whole);
    struct node root = shrink(work, &s, t->price);
    root.depth = 0;
    return visit(t, &root);
}
