/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "certificate/cover_check.h"

#include <string.h>

__extension__ typedef __int128 wide;

enum { MOST_ENTRIES = INT32_MAX / 4, DEEPEST = 4100 };
static const int64_t most_cost = 1000000000, most_scale = 1000000, most_state = (int64_t)4 << 30;

struct check_table {
    int64_t rows, columns;
    int64_t *cost;
    int32_t *start, *row; /* rows of column j: row[start[j] .. start[j + 1]), ascending, each once */
};

/* --- the problem ----------------------------------------------------------------------------------- */

struct reader {
    struct slice rest;
    bool bad;
};

static int64_t read_whole(struct reader *r, int64_t most)
{
    int64_t value = -1;
    r->rest = slice_trim(r->rest);
    while (r->rest.len && r->rest.ptr[0] >= '0' && r->rest.ptr[0] <= '9' && value <= most) {
        value = 10 * (value < 0 ? 0 : value) + (r->rest.ptr[0] - '0');
        r->rest = slice_from(r->rest, 1);
    }
    r->bad |= value < 0 || value > most || (r->rest.len && (unsigned char)r->rest.ptr[0] > ' ');
    return r->bad ? 0 : value;
}

struct check_pair {
    int32_t column, row;
};

struct pairs {
    struct check_pair *list;
    int64_t count, capacity;
};

static void read_owned(struct arena *a, struct reader *r, bool rail, int64_t owner, int64_t others,
                       struct pairs *p)
{
    for (int64_t left = read_whole(r, others); left > 0 && !r->bad && p->count < MOST_ENTRIES; left--) {
        int64_t other = read_whole(r, others) - 1;
        r->bad |= other < 0;
        *PUSH(a, p->list, p->count, p->capacity) = rail ? (struct check_pair){(int32_t)owner, (int32_t)other}
                                                        : (struct check_pair){(int32_t)other, (int32_t)owner};
    }
}

/* Into lists by column; each list is put in order, and what stands twice in it dropped. */
static void gather(struct arena *a, struct check_table *t, const struct pairs *p)
{
    t->start = NEW(a, int32_t, t->columns + 2);
    t->row = NEW(a, int32_t, p->count + 1);
    for (int64_t k = 0; k < p->count; k++)
        t->start[p->list[k].column + 2]++;
    for (int64_t j = 0; j < t->columns; j++)
        t->start[j + 2] += t->start[j + 1];
    for (int64_t k = 0; k < p->count; k++) {
        int32_t at = t->start[p->list[k].column + 1]++, row = p->list[k].row;
        int32_t first = t->start[p->list[k].column];
        for (; at > first && t->row[at - 1] > row; at--)
            t->row[at] = t->row[at - 1];
        t->row[at] = row;
    }
    int32_t kept = 0;
    for (int64_t j = 0, from = 0; j < t->columns; j++) {
        int32_t first = kept;
        for (int64_t k = from; k < t->start[j + 1]; k++)
            if (kept == first || t->row[kept - 1] != t->row[k])
                t->row[kept++] = t->row[k];
        from = t->start[j + 1];
        t->start[j + 1] = kept;
    }
}

struct fault *check_table_read(struct arena *a, struct slice text, bool rail, struct check_table **out)
{
    struct reader r = {.rest = slice_trim(text)};
    struct check_table *t = NEW(a, struct check_table, 1);
    struct pairs p = {0};
    t->rows = read_whole(&r, MOST_ENTRIES);
    t->columns = read_whole(&r, MOST_ENTRIES);
    if (r.bad || t->rows > (int64_t)text.len || t->columns > (int64_t)text.len)
        return fault(FAULT_INVALID, "The problem is no table of the OR-Library.");
    t->cost = NEW(a, int64_t, t->columns + 1);
    for (int64_t j = 0; j < t->columns && !r.bad; j++) {
        t->cost[j] = read_whole(&r, most_cost);
        if (rail)
            read_owned(a, &r, true, j, t->rows, &p);
    }
    for (int64_t i = 0; i < t->rows && !rail && !r.bad; i++)
        read_owned(a, &r, false, i, t->columns, &p);
    if (r.bad || slice_trim(r.rest).len || p.count >= MOST_ENTRIES)
        return fault(FAULT_INVALID, "The problem is no table of the OR-Library.");
    gather(a, t, &p);
    *out = t;
    return NULL;
}

/* --- what stands at a node ------------------------------------------------------------------------- */

struct checking {
    const struct check_table *t;
    struct slice rest; /* of the proof */
    bool ended;        /* a number was wanted beyond its end, or is too large */
    uint64_t scale;
    wide claimed; /* nothing costs less: what is to be shown */
};

struct state {
    bool *covered, *open; /* rows, columns */
    wide fixed;
};

static int64_t take_number(struct checking *c)
{
    uint64_t value = 0;
    for (int shift = 0; shift < 63; shift += 7) {
        if (!c->rest.len)
            break;
        uint8_t byte = (uint8_t)c->rest.ptr[0];
        c->rest = slice_from(c->rest, 1);
        value |= (uint64_t)(byte & 127) << shift;
        if (byte < 128)
            return (int64_t)value;
    }
    c->ended = true;
    return 0;
}

static struct state state_copy(struct arena *a, const struct check_table *t, const struct state *from)
{
    struct state s = {NEW(a, bool, t->rows + 1), NEW(a, bool, t->columns + 1), from ? from->fixed : 0};
    if (from) {
        memcpy(s.covered, from->covered, (size_t)t->rows * sizeof *s.covered);
        memcpy(s.open, from->open, (size_t)t->columns * sizeof *s.open);
    } else {
        memset(s.open, true, (size_t)t->columns * sizeof *s.open);
    }
    return s;
}

static void choose(const struct check_table *t, struct state *s, int64_t column)
{
    s->open[column] = false;
    s->fixed += t->cost[column];
    for (int32_t k = t->start[column]; k < t->start[column + 1]; k++)
        s->covered[t->row[k]] = true;
}

/* Rows that one open column covers take it, from the first row to the last. False: a row has none. */
static bool choose_forced(const struct check_table *t, struct state *s)
{
    ARENA_SCOPE(work);
    int32_t *count = NEW(work, int32_t, t->rows + 1), *last = NEW(work, int32_t, t->rows + 1);
    for (int32_t j = 0; j < t->columns; j++)
        for (int32_t k = t->start[j]; k < t->start[j + 1] && s->open[j]; k++) {
            count[t->row[k]]++;
            last[t->row[k]] = j;
        }
    for (int64_t i = 0; i < t->rows; i++) {
        if (s->covered[i] || count[i] > 1)
            continue;
        if (!count[i])
            return false;
        choose(t, s, last[i]);
    }
    return true;
}

static bool all_covered(const struct check_table *t, const struct state *s)
{
    return !memchr(s->covered, false, (size_t)t->rows);
}

/* Cost less prices, in units of the scale, over the rows not covered. */
static wide reduced_cost(const struct checking *c, const struct state *s, const int64_t *price, int64_t j)
{
    wide r = (wide)c->scale * c->t->cost[j];
    for (int32_t k = c->t->start[j]; k < c->t->start[j + 1]; k++)
        if (!s->covered[c->t->row[k]])
            r -= price[c->t->row[k]];
    return r;
}

/* Reads the prices and computes what they say: true when nothing cheaper is below; else some columns are
 * settled. Any prices from 0 on give a true bound, so that none need be believed. */
static bool bound_closes(struct checking *c, struct state *s)
{
    ARENA_SCOPE(work);
    const struct check_table *t = c->t;
    int64_t *price = NEW(work, int64_t, t->rows + 1);
    wide *reduced = NEW(work, wide, t->columns + 1), bound = 0;
    for (int64_t i = 0; i < t->rows; i++)
        if (!s->covered[i])
            bound += price[i] = take_number(c);
    for (int64_t j = 0; j < t->columns; j++)
        if (s->open[j] && (reduced[j] = reduced_cost(c, s, price, j)) < 0)
            bound += reduced[j];
    wide room = (wide)c->scale * (c->claimed - 1 - s->fixed);
    if (bound > room)
        return true;
    for (int64_t j = 0; j < t->columns; j++)
        if (s->open[j] && reduced[j] > 0 && bound + reduced[j] > room)
            s->open[j] = false;
        else if (s->open[j] && reduced[j] < 0 && bound - reduced[j] > room)
            choose(t, s, j);
    return false;
}

/* --- the tree -------------------------------------------------------------------------------------- */

static struct fault *check_node(struct checking *c, const struct state *from, int64_t column, bool in,
                                int depth)
{
    ARENA_SCOPE(work);
    const struct check_table *t = c->t;
    struct state s = state_copy(work, t, from);
    if (column >= 0) {
        s.open[column] = false;
        if (in)
            choose(t, &s, column);
    }
    if (!choose_forced(t, &s) || s.fixed >= c->claimed)
        return NULL;
    if (all_covered(t, &s))
        return fault(FAULT_INVALID, "A cover costs less than the proof says is possible.");
    if (bound_closes(c, &s) || !choose_forced(t, &s) || s.fixed >= c->claimed)
        return c->ended ? fault(FAULT_INVALID, "The proof ends too early.") : NULL;
    if (all_covered(t, &s))
        return fault(FAULT_INVALID, "A cover costs less than the proof says is possible.");
    int64_t next = take_number(c);
    if (c->ended)
        return fault(FAULT_INVALID, "The proof ends too early.");
    if (next >= t->columns || !s.open[next])
        return fault(FAULT_INVALID, "The proof branches on a column that is settled.");
    if (depth >= DEEPEST || depth * (t->rows + t->columns) > most_state)
        return fault(FAULT_INVALID, "The proof is too deep.");
    TRY(check_node(c, &s, next, true, depth + 1));
    return check_node(c, &s, next, false, depth + 1);
}

/* Column j is of no use beside k: k costs no more, covers all that j covers, and is there itself. */
static bool is_useless(const struct check_table *t, const struct state *s, int64_t j, int64_t k)
{
    if (j >= t->columns || k >= t->columns || j == k || !s->open[j] || !s->open[k] || t->cost[k] > t->cost[j])
        return false;
    int32_t at = t->start[k];
    for (int32_t r = t->start[j]; r < t->start[j + 1]; r++, at++) {
        while (at < t->start[k + 1] && t->row[at] != t->row[r])
            at++;
        if (at == t->start[k + 1])
            return false;
    }
    return true;
}

static struct fault *check_proof(struct checking *c)
{
    ARENA_SCOPE(work);
    static const char head[] = "grappe cover proof 1\n";
    if (!slice_starts(c->rest, S("grappe cover proof 1\n")))
        return fault(FAULT_INVALID, "This is no proof of a cover.");
    c->rest = slice_from(c->rest, sizeof head - 1);
    if (take_number(c) != c->claimed)
        return fault(FAULT_INVALID, "The proof is of another bound.");
    c->scale = (uint64_t)take_number(c);
    if (c->ended || c->scale < 1 || c->scale > (uint64_t)most_scale)
        return fault(FAULT_INVALID, "The scale of the proof is not from 1 to 1,000,000.");
    struct state whole = state_copy(work, c->t, NULL);
    for (int64_t left = take_number(c); left > 0; left--) {
        int64_t j = take_number(c), k = take_number(c);
        if (c->ended || !is_useless(c->t, &whole, j, k))
            return fault(FAULT_INVALID, "The proof leaves out a column that is of use.");
        whole.open[j] = false;
    }
    TRY(check_node(c, &whole, -1, false, 0));
    return c->rest.len ? fault(FAULT_INVALID, "The proof has ended, but the file goes on.") : NULL;
}

/* --- the claim ------------------------------------------------------------------------------------- */

static struct fault *check_members(const struct check_table *t, const struct cover_claim *claim)
{
    ARENA_SCOPE(work);
    struct state s = state_copy(work, t, NULL);
    for (size_t m = 0; m < claim->member_count; m++) {
        int64_t j = claim->members[m] - 1;
        if (j < 0 || j >= t->columns || !s.open[j])
            return fault(FAULT_INVALID, "Member %lld is no column, or named twice.", (long long)(j + 1));
        choose(t, &s, j);
    }
    for (int64_t i = 0; i < t->rows; i++)
        if (!s.covered[i])
            return fault(FAULT_INVALID, "The members leave row %lld uncovered.", (long long)(i + 1));
    return s.fixed == claim->cost
               ? NULL
               : fault(FAULT_INVALID, "The members cost %lld, not what the answer says.", (long long)s.fixed);
}

static struct fault *check_infeasible(const struct check_table *t, const struct cover_claim *claim)
{
    if (!claim->member_count)
        return fault(FAULT_INVALID, "The answer names no row that nobody covers.");
    for (size_t m = 0; m < claim->member_count; m++) {
        int64_t i = claim->members[m] - 1;
        if (i < 0 || i >= t->rows)
            return fault(FAULT_INVALID, "There is no row %lld.", (long long)(i + 1));
        for (int32_t k = 0; k < t->start[t->columns]; k++)
            if (t->row[k] == i)
                return fault(FAULT_INVALID, "Row %lld is covered by a column.", (long long)(i + 1));
    }
    return NULL;
}

struct fault *cover_check(const struct check_table *t, const struct cover_claim *claim, struct slice proof)
{
    struct checking c = {.t = t, .rest = proof, .claimed = claim->bound};
    if (claim->infeasible)
        return check_infeasible(t, claim);
    TRY(check_members(t, claim));
    if (claim->bound < 0 || claim->bound > claim->cost)
        return fault(FAULT_INVALID, "The bound is not between 0 and the cost.");
    return check_proof(&c);
}
