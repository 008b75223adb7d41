/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* movements.c - each row says what a moving ("basic") cell, or the gap of an equation, is in terms of the
 * cells at rest: at 0, or at one end of their range. A gap must be 0. The cost |movement| makes each cell two
 * segments, below and above 0, of slopes -cost and +cost; a moving cell is kept in one of them at a time.
 * While a row is outside its segment, its price is raised until a resting cell pays for moving it back
 * (Fourer 1985 describes the simplex on such costs). */
#include "secrecy/movements.h"

#include <math.h>
#include <string.h>

#include "arena/arena.h"

struct row {
    int32_t cell; /* SECRECY_NO_CELL: the gap of an equation */
    double value, low, high, slope;
    bool touched;
};

struct movements {
    const struct secrecy_model *model;
    size_t cells, capacity, rows;
    double *table; /* rows × capacity */
    struct row *row;
    int32_t *row_of; /* of each moving cell; -1: it rests */
    double *rest;    /* where */
    int8_t *end;     /* -1, 0, 1: at which end of its range, or at 0 */
    double *price;   /* slope of all cost in the movement of a resting cell, its own cost left out */
    int32_t *support;
    int32_t failed; /* row of the last proof */
    uint64_t work;
    struct movement_limits limits;
    int32_t mover;
};

struct movements *movements_new(struct arena *a, size_t cells, size_t equations)
{
    struct movements *m = NEW(a, struct movements, 1);
    *m = (struct movements){.capacity = cells,
                            .table = NEW(a, double, cells *equations + 1),
                            .row = NEW(a, struct row, equations + 1),
                            .row_of = NEW(a, int32_t, cells + 1),
                            .rest = NEW(a, double, cells + 1),
                            .end = NEW(a, int8_t, cells + 1),
                            .price = NEW(a, double, cells + 1),
                            .support = NEW(a, int32_t, cells + 1)};
    return m;
}

static double *row_at(const struct movements *m, size_t row)
{
    return m->table + row * m->capacity;
}

static void write_row(struct movements *m, size_t r)
{
    const struct secrecy_equation *e = &m->model->equations[r];
    double *t = row_at(m, r);
    memset(t, 0, m->capacity * sizeof *t);
    for (size_t i = 0; i < e->count; i++)
        t[e->parts[i]] = 1;
    if (e->total != SECRECY_NO_CELL)
        t[e->total] = -1;
    m->row[r].touched = false;
}

void movements_read(struct movements *m, const struct secrecy_model *model)
{
    m->model = model;
    m->cells = model->count;
    m->rows = model->equation_count;
    for (size_t r = 0; r < m->rows; r++)
        write_row(m, r);
}

uint64_t movements_work(const struct movements *m)
{
    return m->work;
}

static void begin(struct movements *m, int32_t cell, double change, struct movement_limits limits)
{
    m->limits = limits;
    m->mover = cell;
    for (size_t r = 0; r < m->rows; r++) {
        if (m->row[r].touched)
            write_row(m, r);
        m->row[r] = (struct row){.cell = SECRECY_NO_CELL, .value = row_at(m, r)[cell] * change};
    }
    memset(m->price, 0, m->cells * sizeof *m->price);
    memset(m->rest, 0, m->cells * sizeof *m->rest);
    memset(m->end, 0, m->cells * sizeof *m->end);
    for (size_t i = 0; i < m->cells; i++)
        m->row_of[i] = -1;
    m->rest[cell] = change;
}

/* The row farthest outside its segment; -1: none is. */
static int32_t worst_row(const struct movements *m, double tolerance)
{
    int32_t worst = -1;
    for (size_t r = 0; r < m->rows; r++) {
        double outside = fmax(m->row[r].low - m->row[r].value, m->row[r].value - m->row[r].high);
        if (outside > tolerance) {
            tolerance = outside;
            worst = (int32_t)r;
        }
    }
    return worst;
}

/* Where raising the price of a row first makes something move: a resting cell, or the row's own cell over to
 * its other segment. */
struct event {
    int32_t cell; /* SECRECY_NO_CELL: nothing any more */
    bool own;
    double at, range, pull; /* price; how far it can move; what the row gains by moving by one */
};

static void consider(struct event *best, struct event e, double after)
{
    if (e.at < after)
        e.at = after;
    if (best->cell == SECRECY_NO_CELL || e.at < best->at || (e.at == best->at && e.pull > best->pull))
        *best = e;
}

/* Of a resting cell: `end` as it is after the flips of this step so far. */
static void consider_cell(const struct movements *m, struct event *best, int32_t cell, double gain,
                          double after)
{
    double cost = m->limits.cost[cell], sign = gain > 0 ? 1 : -1, pull = fabs(gain);
    int end = m->end[cell] * (int)sign; /* -1: at the far end, two segments to go */
    if (end > 0)
        return;
    double price = sign * m->price[cell] + (end < 0 ? -cost : cost);
    bool up = (sign > 0) == (end == 0);
    consider(best,
             (struct event){cell, false, price / pull, up ? m->limits.up[cell] : m->limits.down[cell], pull},
             after);
}

static struct event next_event(const struct movements *m, size_t r, double direction, size_t support,
                               double after)
{
    const struct row *row = &m->row[r];
    const double *t = row_at(m, r);
    struct event best = {.cell = SECRECY_NO_CELL};
    for (size_t k = 0; k < support; k++)
        consider_cell(m, &best, m->support[k], direction * t[m->support[k]], after);
    if (row->cell != SECRECY_NO_CELL && row->slope * direction > 0) /* the zero end of its segment */
        consider(&best,
                 (struct event){row->cell, true, 2 * fabs(row->slope),
                                direction > 0 ? m->limits.down[row->cell] : m->limits.up[row->cell], 1},
                 after);
    return best;
}

/* A resting cell goes over to the next end of its range. */
static void flip(struct movements *m, int32_t cell, double by)
{
    m->rest[cell] += by;
    m->end[cell] = (int8_t)(m->end[cell] + (by > 0 ? 1 : -1));
    if (m->end[cell] == 0)
        m->rest[cell] = 0;
    for (size_t r = 0; r < m->rows; r++)
        m->row[r].value += row_at(m, r)[cell] * by;
}

static void set_segment(struct movements *m, struct row *row, bool above)
{
    row->low = above ? 0 : -m->limits.down[row->cell];
    row->high = above ? m->limits.up[row->cell] : 0;
    row->slope = above ? m->limits.cost[row->cell] : -m->limits.cost[row->cell];
}

static void raise_price(struct movements *m, size_t r, double by, size_t support)
{
    const double *t = row_at(m, r);
    for (size_t k = 0; k < support; k++)
        m->price[m->support[k]] -= by * t[m->support[k]];
}

/* Row r becomes that of cell `in`; what it was rests at the end of its segment. */
static void exchange(struct movements *m, size_t r, int32_t in, size_t support)
{
    struct row *row = &m->row[r];
    double *mine = row_at(m, r), pivot = mine[in];
    int32_t out = row->cell;
    for (size_t q = 0; q < m->rows; q++) {
        double *t = row_at(m, q), factor = t[in] / pivot;
        if (q == r || t[in] == 0)
            continue;
        for (size_t k = 0; k < support; k++) {
            double *at = &t[m->support[k]];
            *at -= factor * mine[m->support[k]];
            if (fabs(*at) < 1e-11)
                *at = 0;
        }
        t[in] = 0;
        if (out != SECRECY_NO_CELL)
            t[out] = factor;
        t[m->mover] -= factor * mine[m->mover];
        m->row[q].touched = true;
        m->work += support;
    }
    for (size_t k = 0; k < support; k++)
        mine[m->support[k]] /= -pivot;
    mine[m->mover] /= -pivot;
    mine[in] = 0;
    if (out != SECRECY_NO_CELL)
        mine[out] = 1 / pivot;
    row->touched = true;
}

static void enter(struct movements *m, size_t r, struct event e, double direction, double bound,
                  size_t support)
{
    struct row *row = &m->row[r];
    double coefficient = row_at(m, r)[e.cell], by = (bound - row->value) / coefficient;
    double price = direction * e.at;
    bool above = by > 0 ? m->end[e.cell] == 0 : m->end[e.cell] > 0;
    raise_price(m, r, price, support);
    for (size_t q = 0; q < m->rows; q++)
        if (q != r)
            m->row[q].value += row_at(m, q)[e.cell] * by;
    if (row->cell != SECRECY_NO_CELL) {
        m->rest[row->cell] = bound;
        m->end[row->cell] = (int8_t)((bound > 0) - (bound < 0));
        m->row_of[row->cell] = -1;
        m->price[row->cell] = price - row->slope;
    }
    exchange(m, r, e.cell, support);
    *row = (struct row){.cell = e.cell, .value = m->rest[e.cell] + by, .touched = true};
    m->row_of[e.cell] = (int32_t)r;
    set_segment(m, row, above);
}

/* Cells at rest that can move, with a part in row r. */
static size_t support_of(struct movements *m, size_t r)
{
    const double *t = row_at(m, r);
    size_t count = 0;
    for (size_t i = 0; i < m->cells; i++)
        if (fabs(t[i]) > 1e-9 && m->row_of[i] < 0 && (int32_t)i != m->mover && isfinite(m->limits.cost[i]))
            m->support[count++] = (int32_t)i;
    m->work += m->cells;
    return count;
}

/* Brings row r back into its segment; false when nothing can. */
static bool mend(struct movements *m, size_t r)
{
    struct row *row = &m->row[r];
    double direction = row->value < row->low ? 1 : -1, after = 0, slope = row->slope;
    size_t support = support_of(m, r);
    for (;;) {
        double bound = direction > 0 ? row->low : row->high, gap = direction * (bound - row->value);
        struct event e = next_event(m, r, direction, support, after);
        if (e.cell == SECRECY_NO_CELL)
            return false;
        after = e.at;
        if (e.own) {
            set_segment(m, row, direction < 0);
            if (gap > e.range)
                continue; /* the price goes on from the slope it had: see enter() */
            raise_price(m, r, direction * e.at, support);
            return true;
        }
        double coefficient = row_at(m, r)[e.cell];
        if (gap <= e.pull * e.range) {
            row->slope = slope;
            enter(m, r, e, direction, bound, support);
            return true;
        }
        flip(m, e.cell, (direction * coefficient > 0 ? 1 : -1) * e.range);
    }
}

bool movements_find(struct movements *m, int32_t cell, double change, struct movement_limits limits,
                    double *moves)
{
    double tolerance = 1e-9 * fmax(1, fabs(change));
    size_t steps = 0, most = 1000 + 20 * (m->rows + m->cells);
    begin(m, cell, change, limits);
    for (int32_t r; (r = worst_row(m, tolerance)) >= 0;) {
        m->failed = r;
        m->work += m->rows;
        if (++steps > most || !mend(m, (size_t)r))
            return false;
    }
    for (size_t i = 0; i < m->cells; i++)
        moves[i] = m->row_of[i] < 0 ? m->rest[i] : m->row[m->row_of[i]].value;
    return true;
}

void movements_proof(const struct movements *m, double *weights)
{
    const double *t = row_at(m, (size_t)m->failed);
    const struct row *row = &m->row[m->failed];
    for (size_t i = 0; i < m->cells; i++)
        weights[i] = m->row_of[i] < 0 ? -t[i] : 0;
    if (row->cell != SECRECY_NO_CELL)
        weights[row->cell] = 1;
}
