/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* cover_solve.c - in turns: search for a cheaper cover, try to prove that there is none. */
#include <stdlib.h>
#include <string.h>

#include "assembly/cover_search.h"
#include "assembly/cover_tree.h"

/* Steps; on the machine the figures are from, about a hundred million a second. */
static const int64_t longest_look = 2000000, looks_an_entry = 200, turn_to_look = 5;
enum {
    ROOT_STEPS = 4000,
    ROOT_PATIENCE = 20,
    WIDE_PATIENCE = 40,
    WIDE = 20000,
    LEAST_CHOICE = 5,
    TURN_GROWTH = 3,
    ASK_EVERY = 4096 /* columns */
};
/* Columns a row of the cores that the search cycles through: too few can miss every best cover, too many
 * lead it astray. */
static const double core_sizes[] = {2, 3, 2.5, 4, 1.7, 6};

struct pair {
    int32_t column, by;
};

struct solving {
    struct arena *arena;
    const struct cover *whole;
    const struct cover_options *options;
    struct cover c;     /* without the columns that others make useless */
    int32_t *id;        /* of its columns, in the whole */
    struct pair *pairs; /* which column makes which useless, in the order found */
    int32_t pair_count;
    struct random random;
    struct cover_bound bound;
    int64_t scale;
    int64_t proven; /* no cover costs less */
    struct cover_found best;
    int64_t look; /* steps of the first search; the first turn is some times longer */
    int64_t steps, nodes;
    bool closed; /* the proof that stands is whole */
    bool stopped;
};

static bool ask(void *with)
{
    struct solving *s = with;
    struct cover_progress p = {s->steps, s->options->budget, s->best.cost, s->proven, s->nodes};
    if (!s->stopped && s->options->go_on && !s->options->go_on(s->options->with, &p))
        s->stopped = true;
    return !s->stopped;
}

/* --- useless columns ------------------------------------------------------------------------------- */

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static uint64_t signature(const struct cover *c, int32_t j)
{
    uint64_t s = 0;
    for (int32_t k = c->column_start[j]; k < c->column_start[j + 1]; k++)
        s |= UINT64_C(1) << ((uint32_t)c->column_row[k] * 2654435769U >> 26);
    return s;
}

/* Whether the rows of j are among those of k; both ascending. */
static bool contained(const struct cover *c, int32_t j, int32_t k)
{
    int32_t at = c->column_start[k], end = c->column_start[k + 1];
    for (int32_t r = c->column_start[j]; r < c->column_start[j + 1]; r++) {
        while (at < end && c->column_row[at] < c->column_row[r])
            at++;
        if (at == end || c->column_row[at] != c->column_row[r])
            return false;
    }
    return true;
}

static bool makes_useless(const struct cover *c, const uint64_t *sign, int32_t k, int32_t j)
{
    int32_t length_j = c->column_start[j + 1] - c->column_start[j],
            length_k = c->column_start[k + 1] - c->column_start[k];
    if (k == j || sign[j] & ~sign[k] || c->cost[k] > c->cost[j] || length_k < length_j)
        return false;
    return (c->cost[k] < c->cost[j] || length_k > length_j || k < j) && contained(c, j, k);
}

static int32_t shortest_row(const struct cover *c, int32_t j)
{
    int32_t row = c->column_row[c->column_start[j]];
    for (int32_t k = c->column_start[j]; k < c->column_start[j + 1]; k++) {
        int32_t i = c->column_row[k];
        if (c->row_start[i + 1] - c->row_start[i] < c->row_start[row + 1] - c->row_start[row])
            row = i;
    }
    return row;
}

/* Those who were not looked at when there is no more time stay: they do no harm. */
static void drop_useless(struct solving *s)
{
    const struct cover *c = s->whole;
    ARENA_SCOPE(work);
    uint64_t *sign = NEW(work, uint64_t, c->columns + 1);
    bool *gone = NEW(work, bool, c->columns + 1);
    int32_t kept = 0;
    s->pairs = NEW(s->arena, struct pair, c->columns + 1);
    s->id = NEW(s->arena, int32_t, c->columns + 1);
    for (int32_t j = 0; j < c->columns; j++)
        sign[j] = signature(c, j);
    for (int32_t j = 0; j < c->columns; j++) {
        if (c->column_start[j] == c->column_start[j + 1])
            continue;
        int32_t row = shortest_row(c, j);
        bool look = !s->stopped && (j % ASK_EVERY != ASK_EVERY - 1 || ask(s));
        for (int32_t k = c->row_start[row]; look && k < c->row_start[row + 1] && !gone[j]; k++)
            if (!gone[c->row_column[k]] && makes_useless(c, sign, c->row_column[k], j)) {
                gone[j] = true;
                s->pairs[s->pair_count++] = (struct pair){j, c->row_column[k]};
            }
        s->steps += look ? (c->row_start[row + 1] - c->row_start[row]) / 4 : 0;
        if (!gone[j])
            s->id[kept++] = j;
    }
    cover_restrict(s->arena, c, s->id, kept, &s->c);
}

/* --- proof ----------------------------------------------------------------------------------------- */

static void begin_proof(const struct solving *s, int64_t bound)
{
    struct proof_out *p = s->options->proof;
    if (!p)
        return;
    proof_back(p, 0);
    proof_text(p, "grappe cover proof 1\n");
    proof_number(p, (uint64_t)bound);
    proof_number(p, (uint64_t)s->scale);
    proof_number(p, (uint64_t)s->pair_count);
    for (int32_t k = 0; k < s->pair_count; k++) {
        proof_number(p, (uint64_t)s->pairs[k].column);
        proof_number(p, (uint64_t)s->pairs[k].by);
    }
}

/* Of what the root alone says: one bound, which a tree without branches closes. */
static void prove_root(struct solving *s)
{
    int32_t *members = NEW(s->arena, int32_t, s->c.columns + 1);
    struct cover_tree t = {.cover = &s->c,
                           .id = s->id,
                           .price = s->bound.price,
                           .scale = s->scale,
                           .beat = s->proven,
                           .budget = 1,
                           .proof = s->options->proof,
                           .members = members};
    if (!t.proof)
        return;
    begin_proof(s, s->proven);
    while (cover_tree_search(&t) != TREE_CLOSED && t.beat > 0)
        begin_proof(s, s->proven = --t.beat);
}

/* --- search ---------------------------------------------------------------------------------------- */

struct ranked {
    double reduced;
    int32_t column;
};

static int by_reduced(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    return x->reduced < y->reduced   ? -1
           : x->reduced > y->reduced ? 1
                                     : (x->column > y->column) - (x->column < y->column);
}

static int by_number(const void *a, const void *b)
{
    return (*(const int32_t *)a > *(const int32_t *)b) - (*(const int32_t *)a < *(const int32_t *)b);
}

/* The columns of least reduced cost, some more where a row has few of them, and those of the best cover. */
static int32_t choose_core(const struct solving *s, const struct ranked *rank, double size, int32_t *core)
{
    ARENA_SCOPE(work);
    int32_t *choice = NEW(work, int32_t, s->c.rows + 1), count = 0;
    bool *in = NEW(work, bool, s->c.columns + 1);
    for (int32_t k = 0; k < s->best.count; k++)
        in[s->best.members[k]] = true;
    for (int32_t r = 0; r < s->c.columns; r++) {
        int32_t j = rank[r].column;
        bool wanted = in[j] || (double)r < size * s->c.rows;
        for (int32_t k = s->c.column_start[j]; k < s->c.column_start[j + 1] && !wanted; k++)
            wanted = choice[s->c.column_row[k]] < LEAST_CHOICE;
        if (!wanted)
            continue;
        core[count++] = j;
        for (int32_t k = s->c.column_start[j]; k < s->c.column_start[j + 1]; k++)
            choice[s->c.column_row[k]]++;
    }
    qsort(core, (size_t)count, sizeof *core, by_number);
    return count;
}

static void search_core(struct solving *s, const struct ranked *rank, double size, int64_t steps)
{
    ARENA_SCOPE(work);
    struct cover core;
    int32_t *columns = NEW(work, int32_t, s->c.columns + 1), start_count = 0;
    int32_t *place = NEW(work, int32_t, s->c.columns + 1), *start = NEW(work, int32_t, s->c.columns + 1);
    int32_t count = choose_core(s, rank, size, columns);
    cover_restrict(work, &s->c, columns, count, &core);
    for (int32_t k = 0; k < count; k++)
        place[columns[k]] = k;
    for (int32_t k = 0; k < s->best.count; k++)
        start[start_count++] = place[s->best.members[k]];
    if (cover_search(&core, &s->random, start, start_count, s->proven, &steps, &s->best))
        for (int32_t k = 0; k < s->best.count; k++)
            s->best.members[k] = columns[s->best.members[k]];
    s->steps += steps;
}

/* Slices of the turn's steps over the cores. */
static void search(struct solving *s, int64_t steps)
{
    enum { SLICES = COUNT(core_sizes) };
    ARENA_SCOPE(work);
    struct ranked *rank = NEW(work, struct ranked, s->c.columns + 1);
    for (int32_t j = 0; j < s->c.columns; j++)
        rank[j] = (struct ranked){s->bound.reduced[j], j};
    qsort(rank, (size_t)s->c.columns, sizeof *rank, by_reduced);
    for (int k = 0; k < SLICES && s->best.cost > s->proven && ask(s); k++)
        search_core(s, rank, core_sizes[k], steps / SLICES);
}

/* --- turns ----------------------------------------------------------------------------------------- */

/* Without columns whose rows others of the cover have too: the tree may have taken such, and the search such
 * that cost nothing. */
static void prune(struct solving *s)
{
    ARENA_SCOPE(work);
    int32_t *covered = NEW(work, int32_t, s->c.rows + 1), kept = 0;
    const struct cover *c = &s->c;
    for (int32_t m = 0; m < s->best.count; m++)
        for (int32_t k = c->column_start[s->best.members[m]]; k < c->column_start[s->best.members[m] + 1];
             k++)
            covered[c->column_row[k]]++;
    for (int32_t m = 0; m < s->best.count; m++) {
        int32_t j = s->best.members[m];
        bool needed = false;
        for (int32_t k = c->column_start[j]; k < c->column_start[j + 1]; k++)
            needed |= covered[c->column_row[k]] == 1;
        for (int32_t k = c->column_start[j]; k < c->column_start[j + 1] && !needed; k++)
            covered[c->column_row[k]]--;
        if (needed)
            s->best.members[kept++] = j;
        else
            s->best.cost -= c->cost[j];
    }
    s->best.count = kept;
}

static void raise_root(struct solving *s)
{
    bool wide = s->c.columns > WIDE;
    s->bound = cover_bound_new(s->arena, s->c.rows, s->c.columns);
    cover_bound_start(&s->c, &s->bound);
    s->steps +=
        cover_bound_raise(&s->c,
                          &(struct cover_bound_options){.target = (double)s->best.cost,
                                                        .most_steps = ROOT_STEPS,
                                                        .patience = wide ? WIDE_PATIENCE : ROOT_PATIENCE,
                                                        .go_on = ask,
                                                        .with = s},
                          &s->bound);
    s->scale = cover_scale(&s->c);
    s->proven = cover_proven_bound(&s->c, s->bound.price, s->scale);
    if (s->proven > s->best.cost)
        s->proven = s->best.cost;
}

static void take_over(struct solving *s, const struct cover_tree *t)
{
    s->best.cost = t->cost;
    s->best.count = t->member_count;
    for (int32_t k = 0; k < t->member_count; k++) {
        const int32_t *at = bsearch(&t->members[k], s->id, (size_t)s->c.columns, sizeof *s->id, by_number);
        s->best.members[k] = (int32_t)(at - s->id);
    }
    prune(s);
}

/* One try to prove the best cover, again for each better one it finds; `explored` says how far it came. */
static bool prove(struct solving *s, int64_t steps, double *explored)
{
    int32_t *members = NEW(s->arena, int32_t, s->c.columns + 1);
    for (int64_t end = s->steps + steps; ask(s);) {
        struct cover_tree t = {.cover = &s->c,
                               .id = s->id,
                               .price = s->bound.price,
                               .scale = s->scale,
                               .beat = s->best.cost,
                               .budget = end - s->steps,
                               .proof = s->options->proof,
                               .go_on = ask,
                               .with = s,
                               .members = members};
        begin_proof(s, t.beat);
        enum cover_outcome outcome = cover_tree_search(&t);
        s->steps += t.steps;
        s->nodes += t.nodes;
        *explored = t.explored;
        if (outcome != TREE_IMPROVED)
            return outcome == TREE_CLOSED;
        take_over(s, &t);
    }
    return false;
}

/* Search and proof in turns, each turn longer. The proof gets all that is left as soon as that looks enough,
 * and little when it is out of reach. */
static void take_turns(struct solving *s)
{
    static const double margin = 1.2, in_reach = 20;
    int64_t turn = turn_to_look * s->look, share = 1;
    while (s->best.cost > s->proven && s->steps < s->options->budget && ask(s)) {
        int64_t left = s->options->budget - s->steps;
        double explored = 0;
        search(s, least(turn, left));
        int64_t before = s->steps, try = turn / share;
        left = s->options->budget - before;
        if (s->best.cost <= s->proven || left <= 0)
            return;
        bool closed = prove(s, least(try, left), &explored);
        double needed = (double)(s->steps - before) / (explored + 1e-12);
        left = s->options->budget - s->steps;
        if (!closed && needed * margin < (double)left)
            closed = prove(s, left, &explored);
        share = needed < in_reach * (double)left ? 1 : 8;
        s->closed = closed;
        if (closed)
            s->proven = s->best.cost;
        turn *= TURN_GROWTH;
    }
}

/* --- answer ---------------------------------------------------------------------------------------- */

static bool has_missing(struct arena *a, const struct cover *c, struct cover_answer *out)
{
    out->missing = NEW(a, int32_t, c->rows + 1);
    for (int32_t i = 0; i < c->rows; i++)
        if (c->row_start[i] == c->row_start[i + 1])
            out->missing[out->missing_count++] = i;
    return out->missing_count > 0;
}

static struct fault *finish(struct solving *s, struct cover_answer *out)
{
    struct proof_out *p = s->options->proof;
    if (!s->closed)
        prove_root(s);
    proof_flush(p);
    if (p && p->broken)
        return fault(FAULT_IO, "The proof cannot be written.");
    out->status = s->proven == s->best.cost ? ASSEMBLY_OPTIMAL : ASSEMBLY_FEASIBLE;
    out->cost = s->best.cost;
    out->bound = s->proven;
    out->nodes = s->nodes;
    out->steps = s->steps;
    out->member_count = s->best.count;
    out->members = NEW(s->arena, int32_t, s->best.count + 1);
    for (int32_t k = 0; k < s->best.count; k++)
        out->members[k] = s->id[s->best.members[k]];
    qsort(out->members, (size_t)out->member_count, sizeof *out->members, by_number);
    return NULL;
}

struct fault *cover_solve(struct arena *a, const struct cover *c, const struct cover_options *o,
                          struct cover_answer *out)
{
    struct solving s = {.arena = a, .whole = c, .options = o, .random = random_seeded(o->seed, 0)};
    *out = (struct cover_answer){.status = ASSEMBLY_INFEASIBLE};
    if (has_missing(a, c, out))
        return NULL;
    drop_useless(&s);
    s.best = (struct cover_found){INT64_MAX, NEW(a, int32_t, s.c.columns + 1), 0};
    s.look = least(longest_look, looks_an_entry * s.c.column_start[s.c.columns]);
    int64_t steps = least(s.look, o->budget);
    (void)cover_search(&s.c, &s.random, NULL, 0, 0, &steps, &s.best);
    s.steps += steps;
    raise_root(&s);
    take_turns(&s);
    prune(&s);
    return finish(&s, out);
}
