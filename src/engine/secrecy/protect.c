/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "secrecy/protect.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "i18n/i18n.h"
#include "random/random.h"
#include "secrecy/movements.h"

/* That `cell` can move by its need, for an outsider (SECRECY_NOBODY) or an insider, while the cells of
 * `support` move. */
struct witness {
    int32_t cell, insider;
    bool upwards;
    uint64_t *support; /* bits */
};

struct witnesses {
    struct witness *at;
    size_t count, capacity;
};

struct run {
    struct arena *arena;
    struct secrecy_model model; /* the caller's, and sums that turned out to be secrets */
    size_t cells, given;        /* cells and equations of the caller's */
    struct secrecy_options options;
    struct movements *movements;
    struct witnesses witnesses;
    bool *hidden;
    size_t words;
    double *cost; /* of hiding each cell, in this try */
    int32_t *owners;
    double *scratch, *up, *down, *moves;
    double most;
    uint64_t spent; /* steps, of earlier tries */
    bool stopped;
    int32_t exposed;
};

double secrecy_need_against(const struct secrecy_cell *cell, int32_t insider, bool upwards)
{
    double need = upwards ? cell->up : cell->down, own = 0, largest = 0;
    for (size_t i = 0; i < cell->share_count; i++) {
        largest = fmax(largest, cell->shares[i].value);
        if (cell->shares[i].group == insider)
            own = cell->shares[i].value;
    }
    return insider != SECRECY_NOBODY && own > 0 && own == largest ? fmin(need, .1 * (cell->value - own))
                                                                  : need;
}

static bool has_bit(const uint64_t *bits, size_t i)
{
    return bits[i / 64] >> (i % 64) & 1;
}

/* --- one witness ----------------------------------------------------------------------------------- */

/* Costs of moving for one question: cells that are shown cost their hiding, hidden ones next to nothing but
 * not the same, known ones and the insider's own cannot move. */
static void set_costs(struct run *r, int32_t insider, bool hidden_only)
{
    for (size_t i = 0; i < r->model.count; i++) {
        const struct secrecy_cell *c = &r->model.cells[i];
        bool stays =
            c->known || (!r->hidden[i] && hidden_only) || (insider != SECRECY_NOBODY && c->alone == insider);
        double little = 1e-7 * (1 + (double)(i * 7919 % 1009) / 1009);
        r->scratch[i] = stays ? INFINITY : r->hidden[i] ? little : r->cost[i] + little;
    }
}

static bool find_support(struct run *r, struct witness *w, bool hidden_only)
{
    const struct secrecy_cell *c = &r->model.cells[w->cell];
    double need = secrecy_need_against(c, w->insider, w->upwards);
    struct movement_limits limits = {r->scratch, r->up, r->down};
    set_costs(r, w->insider, hidden_only);
    if (!movements_find(r->movements, w->cell, w->upwards ? need : -need, limits, r->moves))
        return false;
    w->support = NEW(r->arena, uint64_t, r->words);
    for (size_t i = 0; i < r->model.count; i++)
        if (fabs(r->moves[i]) > 1e-9 * fmax(1, need))
            w->support[i / 64] |= UINT64_C(1) << (i % 64);
    return true;
}

static void hide_support(struct run *r, const struct witness *w)
{
    for (size_t i = 0; i < r->model.count; i++)
        r->hidden[i] |= has_bit(w->support, i);
}

/* Groups alone in a cell that an outsider's witness uses, other than in the sensitive cell itself. */
static size_t owners_in(const struct run *r, const struct witness *w, int32_t *owners)
{
    size_t count = 0;
    for (size_t i = 0; i < r->model.count; i++) {
        int32_t owner = has_bit(w->support, i) ? r->model.cells[i].alone : SECRECY_NOBODY;
        bool seen = owner == SECRECY_NOBODY || owner == r->model.cells[w->cell].alone;
        for (size_t k = 0; k < count; k++)
            seen |= owners[k] == owner;
        if (!seen)
            owners[count++] = owner;
    }
    return count;
}

/* The outsider's witness and those against the insiders it makes necessary, appended to `into`. False: there
 * is none (among hidden cells, or at all). */
static bool find_witnesses(struct run *r, int32_t cell, bool upwards, bool hidden_only,
                           struct witnesses *into)
{
    const struct secrecy_cell *c = &r->model.cells[cell];
    struct witness outside = {.cell = cell, .insider = SECRECY_NOBODY, .upwards = upwards};
    if ((upwards ? c->up : c->down) <= 0)
        return true;
    if (!find_support(r, &outside, hidden_only))
        return false;
    *PUSH(r->arena, into->at, into->count, into->capacity) = outside;
    if (!hidden_only)
        hide_support(r, &outside);
    if (!r->options.insiders)
        return true;
    size_t count = owners_in(r, &outside, r->owners);
    for (size_t k = 0; k < count; k++) {
        struct witness inside = {.cell = cell, .insider = r->owners[k], .upwards = upwards};
        if (secrecy_need_against(c, r->owners[k], upwards) <= 0)
            continue;
        if (!find_support(r, &inside, hidden_only))
            return false;
        *PUSH(r->arena, into->at, into->count, into->capacity) = inside;
        if (!hidden_only)
            hide_support(r, &inside);
    }
    return true;
}

/* --- a pattern ------------------------------------------------------------------------------------- */

static bool may_go_on(struct run *r)
{
    r->stopped |= r->options.budget && r->spent + movements_work(r->movements) > r->options.budget;
    r->stopped |= r->options.go_on && !r->options.go_on(r->options.with);
    return !r->stopped;
}

static bool protect_cell(struct run *r, int32_t cell)
{
    r->hidden[cell] = true;
    for (int upwards = 1; upwards >= 0; upwards--)
        if (!may_go_on(r) || !find_witnesses(r, cell, upwards, false, &r->witnesses))
            return false;
    return true;
}

static void make_room(struct run *r, size_t cells, size_t equations)
{
    double **arrays[] = {&r->cost, &r->scratch, &r->up, &r->down, &r->moves};
    for (size_t i = 0; i < COUNT(arrays); i++)
        *arrays[i] = NEW(r->arena, double, cells);
    r->movements = movements_new(r->arena, cells, equations);
    r->words = cells / 64 + 1;
    r->hidden = NEW(r->arena, bool, cells);
    r->owners = NEW(r->arena, int32_t, cells);
}

/* A sum that must not be known, as a cell of its own. */
static void add_secret(struct run *r, struct secrecy_cell sum, const int32_t *parts, size_t count)
{
    int32_t cell = secrecy_add_cell(&r->model, sum);
    secrecy_add_equation(&r->model, cell, parts, count, 0);
    r->hidden[cell] = true;
    r->cost[cell] = 0;
    r->up[cell] = r->most;
    r->down[cell] = sum.value;
    movements_read(r->movements, &r->model);
}

/* The sums of hidden parts that tell too much, until there are none. False: one cannot be protected, or there
 * are more than there is room for. */
static bool protect_residuals(struct run *r, size_t room)
{
    for (size_t e = 0; e < r->given; e++) {
        struct secrecy_cell sum;
        int32_t *parts = NULL;
        size_t count = 0;
        if (!secrecy_residual(r->arena, &r->model, r->options.rules, &r->model.equations[e], r->hidden, &sum,
                              &parts, &count) ||
            count < 2)
            continue;
        if (r->model.count == room)
            return false;
        add_secret(r, sum, parts, count);
        if (!protect_cell(r, (int32_t)r->model.count - 1)) {
            r->exposed = parts[0];
            return false;
        }
        e = (size_t)-1; /* more is hidden: once more from the first */
    }
    return true;
}

/* --- shown again ----------------------------------------------------------------------------------- */

static bool residual_appears(struct run *r, int32_t cell)
{
    for (size_t e = 0; r->options.residuals && e < r->given; e++) {
        const struct secrecy_equation *q = &r->model.equations[e];
        bool in = q->total == cell;
        for (size_t i = 0; i < q->count && !in; i++)
            in = q->parts[i] == cell;
        struct secrecy_cell sum;
        int32_t *parts;
        size_t count;
        ARENA_SCOPE(work);
        if (in && secrecy_residual(work, &r->model, r->options.rules, q, r->hidden, &sum, &parts, &count))
            return true;
    }
    return false;
}

/* All witnesses of a cell's side are found anew when one of them uses `shown`; kept ones are copied. */
static bool renew_witnesses(struct run *r, int32_t shown, struct witnesses *renewed)
{
    const struct witnesses *old = &r->witnesses;
    for (size_t i = 0, end; i < old->count; i = end) {
        bool uses = false;
        for (end = i; end < old->count && old->at[end].cell == old->at[i].cell &&
                      old->at[end].upwards == old->at[i].upwards;
             end++)
            uses |= has_bit(old->at[end].support, (size_t)shown);
        for (size_t k = i; k < end && !uses; k++)
            *PUSH(r->arena, renewed->at, renewed->count, renewed->capacity) = old->at[k];
        if (uses && !find_witnesses(r, old->at[i].cell, old->at[i].upwards, true, renewed))
            return false;
    }
    return true;
}

static bool is_secondary(const struct run *r, size_t i)
{
    return r->hidden[i] && !r->model.cells[i].sensitive && !r->model.cells[i].unshown;
}

struct dear {
    double weight;
    int32_t cell;
};

static int dearest_first(const void *a, const void *b)
{
    const struct dear *x = a, *y = b;
    if (x->weight != y->weight)
        return x->weight < y->weight ? 1 : -1;
    return (x->cell > y->cell) - (x->cell < y->cell);
}

/* Of each sum that was a secret more is hidden by now, so that nobody can take it any more: that it is not
 * known to the digit is enough, or cells would be hidden for its sake in vain. */
static void relax_secrets(struct run *r)
{
    for (size_t i = r->cells; i < r->model.count; i++) {
        struct secrecy_cell *secret = &r->model.cells[i];
        secret->up = fmin(secret->up, r->options.rules.digit);
        secret->down = fmin(secret->down, r->options.rules.digit);
    }
}

static bool show_what_can_be(struct run *r)
{
    relax_secrets(r);
    struct dear *dear = NEW(r->arena, struct dear, r->model.count + 1);
    size_t count = 0;
    for (size_t i = 0; i < r->model.count; i++)
        if (is_secondary(r, i) && !r->model.cells[i].held)
            dear[count++] = (struct dear){r->model.cells[i].weight, (int32_t)i};
    qsort(dear, count, sizeof *dear, dearest_first);
    for (size_t k = 0; k < count; k++) {
        struct witnesses renewed = {0};
        if (!may_go_on(r))
            return false;
        r->hidden[dear[k].cell] = false;
        if (!residual_appears(r, dear[k].cell) && renew_witnesses(r, dear[k].cell, &renewed))
            r->witnesses = renewed;
        else
            r->hidden[dear[k].cell] = true;
    }
    return true;
}

/* --- tries ----------------------------------------------------------------------------------------- */

enum { GUIDED = 4 };

/* The first try takes costs as they are; the others bend them, and shuffle who is first. */
static double bent(double weight, int attempt, struct random *random)
{
    double noise = random_unit(random);
    switch (attempt) {
    case 0:
        return weight;
    case 1:
        return sqrt(weight);
    case 2:
        return log(1 + weight);
    default:
        return (attempt % 2 ? weight : pow(weight, .75)) * (.3 + 1.4 * noise);
    }
}

/* Cells that the bound hides, cheap; in one of GUIDED ways. */
static double guided(double weight, double share, int way)
{
    const double open = 1 - share;
    const double costs[GUIDED] = {weight * open, weight * (.1 + .9 * open * open),
                                  sqrt(weight) * (.01 + open), log(1 + weight) * (.01 + open)};
    return costs[way];
}

static struct fault *begin_run(struct run *r, struct arena *a, const struct secrecy_model *m,
                               struct secrecy_options options, size_t *room)
{
    size_t secrets = options.residuals ? m->equation_count + 8 : 0;
    *r = (struct run){
        .arena = a, .model = *m, .cells = m->count, .given = m->equation_count, .options = options};
    *room = m->count + secrets;
    if (*room * (m->equation_count + secrets) > LIMIT_MOVEMENTS)
        return fault(FAULT_LIMIT, "%zu cells and %zu sums are too many to protect at once.", m->count,
                     m->equation_count);
    r->model.arena = a; /* what is added is this run's */
    r->model.cells = NEW(a, struct secrecy_cell, *room + 1);
    r->model.equations = NEW(a, struct secrecy_equation, m->equation_count + secrets + 1);
    memcpy(r->model.cells, m->cells, m->count * sizeof *m->cells);
    memcpy(r->model.equations, m->equations, m->equation_count * sizeof *m->equations);
    r->model.capacity = *room + 1;
    r->model.equation_capacity = m->equation_count + secrets + 1;
    make_room(r, *room + 1, m->equation_count + secrets + 1);
    for (size_t i = 0; i < m->count; i++)
        r->most = fmax(r->most, 3 * m->cells[i].value);
    return arena_check(a);
}

/* One pattern; false when stopped, or when a cell is exposed. */
static bool try_once(struct run *r, int attempt, size_t room)
{
    struct random random = random_seeded(1, (uint64_t)attempt);
    struct dear *order = NEW(r->arena, struct dear, r->model.count + 1);
    size_t count = 0;
    for (size_t i = 0; i < r->model.count; i++) {
        const struct secrecy_cell *c = &r->model.cells[i];
        r->hidden[i] = (c->sensitive || c->unshown || c->held) && !c->known;
        r->cost[i] = attempt < r->options.tries
                         ? bent(c->weight, attempt, &random)
                         : guided(c->weight, r->options.guide[i], attempt - r->options.tries);
        r->up[i] = r->most - c->value;
        r->down[i] = c->value;
        double first = attempt < 3 || attempt >= r->options.tries ? c->up : c->up * random_unit(&random);
        if (c->sensitive)
            order[count++] = (struct dear){first, (int32_t)i};
    }
    qsort(order, count, sizeof *order, dearest_first);
    movements_read(r->movements, &r->model);
    for (size_t k = 0; k < count; k++)
        if (r->model.cells[order[k].cell].known || !protect_cell(r, order[k].cell)) {
            r->exposed = order[k].cell;
            return false;
        }
    return !r->options.residuals || protect_residuals(r, room);
}

static void measure(const struct run *r, struct secrecy_pattern *p)
{
    p->cost = 0;
    p->secondary = 0;
    for (size_t i = 0; i < r->cells; i++) {
        p->hidden[i] = r->hidden[i];
        p->cost += is_secondary(r, i) ? r->model.cells[i].weight : 0;
        p->secondary += is_secondary(r, i);
    }
}

static void hide_all(const struct secrecy_model *m, struct secrecy_pattern *p)
{
    p->cost = 0;
    p->secondary = 0;
    for (size_t i = 0; i < m->count; i++) {
        bool plain = !m->cells[i].sensitive && !m->cells[i].unshown && !m->cells[i].known;
        p->hidden[i] = !m->cells[i].known;
        p->cost += plain ? m->cells[i].weight : 0;
        p->secondary += plain;
    }
}

struct fault *secrecy_protect(struct arena *a, const struct secrecy_model *m, struct secrecy_options options,
                              struct secrecy_pattern *out)
{
    bool found = false;
    uint64_t spent = 0;
    options.tries = options.tries > 1 ? options.tries : 1;
    *out = (struct secrecy_pattern){.hidden = NEW(a, bool, m->count + 1), .exposed = SECRECY_NO_CELL};
    for (int attempt = 0; attempt < options.tries + (options.guide ? GUIDED : 0); attempt++) {
        ARENA_SCOPE(work);
        struct run r;
        size_t room;
        struct secrecy_pattern p = {.hidden = NEW(work, bool, m->count + 1)};
        TRY(begin_run(&r, work, m, options, &room));
        r.spent = spent;
        bool safe = try_once(&r, attempt, room);
        if (!safe && !r.stopped && !found && attempt == 0) {
            out->exposed = r.exposed;
            return fault(FAULT_INVALID, "What is known already gives a cell away that must not be.");
        }
        p.minimal = safe && show_what_can_be(&r);
        measure(&r, &p);
        if (safe && (!found || p.cost < out->cost)) {
            memcpy(out->hidden, p.hidden, m->count * sizeof *p.hidden);
            out->cost = p.cost;
            out->secondary = p.secondary;
            out->minimal = p.minimal;
            found = true;
        }
        spent += movements_work(r.movements);
        if (r.stopped)
            break;
    }
    if (!found)
        hide_all(m, out);
    return NULL;
}
