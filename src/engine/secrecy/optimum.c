/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "secrecy/optimum.h"

#include <glpk.h>
#include <math.h>
#include <string.h>

#include "arena/arena.h"
#include "i18n/i18n.h"
#include "number/checked.h"
#include "secrecy/movements.h"
#include "secrecy/protect.h"

struct search {
    const struct secrecy_model *model;
    struct movements *movements;
    glp_prob *master;
    int *column; /* of each cell that may be hidden or not; 0: it is hidden, or known */
    double *share, *up, *down, *cost, *moves, *weights, most;
    int *index;
    double *coefficient;
    bool insiders, impossible;
    size_t cuts;
};

static void close_master(void *thing)
{
    struct search *s = thing;
    glp_delete_prob(s->master);
}

/* How far a cell can move when hidden to its share. */
static double range(const struct search *s, size_t i, bool upwards, double share)
{
    const struct secrecy_cell *c = &s->model->cells[i];
    return share * (upwards ? s->most - c->value : c->value);
}

static double reach(const struct search *s, size_t i, double weight)
{
    return weight == 0 ? 0 : fabs(weight) * range(s, i, weight > 0, 1);
}

/* "What these cells can add, as far as they are hidden, is at least the need", each clipped to what is left
 * of the need by those that are hidden anyway. */
static void add_cut(struct search *s, int32_t cell, int32_t insider, double change)
{
    double need = fabs(change), own;
    int count = 0;
    movements_proof(s->movements, s->weights);
    own = s->weights[cell];
    if (fabs(own) < 1e-9)
        return;
    for (size_t i = 0; i < s->model->count; i++) {
        const struct secrecy_cell *c = &s->model->cells[i];
        double weight = -s->weights[i] / own * (change > 0 ? 1 : -1);
        s->coefficient[0] = reach(s, i, weight);
        if ((int32_t)i == cell || c->known || (insider != SECRECY_NOBODY && c->alone == insider))
            continue;
        if (!s->column[i])
            need -= s->coefficient[0];
        else if (s->coefficient[0] > 1e-9) {
            s->index[++count] = s->column[i];
            s->coefficient[count] = s->coefficient[0];
        }
    }
    s->impossible |= count == 0;
    if (need <= 1e-9 || count == 0)
        return;
    for (int k = 1; k <= count; k++)
        s->coefficient[k] = fmin(1, s->coefficient[k] / need);
    int row = glp_add_rows(s->master, 1);
    glp_set_row_bnds(s->master, row, GLP_LO, 1, 0);
    glp_set_mat_row(s->master, row, count, s->index, s->coefficient);
    s->cuts++;
}

/* False, with a cut, when the cell cannot move by its need with cells hidden to their shares. */
static bool moves(struct search *s, int32_t cell, int32_t insider, bool upwards)
{
    const struct secrecy_cell *c = &s->model->cells[cell];
    double need = secrecy_need_against(c, insider, upwards), change = upwards ? need : -need;
    if (need <= 0)
        return true;
    for (size_t i = 0; i < s->model->count; i++) {
        bool stays = s->model->cells[i].known || s->share[i] <= 0 ||
                     (insider != SECRECY_NOBODY && s->model->cells[i].alone == insider);
        s->up[i] = range(s, i, true, s->share[i]);
        s->down[i] = range(s, i, false, s->share[i]);
        s->cost[i] = stays && s->share[i] > 0 ? INFINITY : 1 + (double)(i * 7919 % 1009) / 1009;
    }
    if (movements_find(s->movements, cell, change * (1 - 1e-7),
                       (struct movement_limits){s->cost, s->up, s->down}, s->moves))
        return true;
    add_cut(s, cell, insider, change);
    return false;
}

static bool side_is_safe(struct search *s, int32_t cell, bool upwards)
{
    bool safe = moves(s, cell, SECRECY_NOBODY, upwards);
    if (!safe || !s->insiders)
        return safe;
    ARENA_SCOPE(work);
    double *outside = NEW(work, double, s->model->count);
    memcpy(outside, s->moves, s->model->count * sizeof *outside);
    for (size_t i = 0; i < s->model->count; i++) {
        int32_t owner = outside[i] != 0 ? s->model->cells[i].alone : SECRECY_NOBODY;
        bool first = owner != SECRECY_NOBODY && owner != s->model->cells[cell].alone;
        for (size_t k = 0; k < i && first; k++)
            first = outside[k] == 0 || s->model->cells[k].alone != owner;
        if (first)
            safe &= moves(s, cell, owner, upwards);
    }
    return safe;
}

/* True when no cut is missing for the shares at hand. */
static bool is_safe(struct search *s)
{
    bool safe = true;
    for (size_t i = 0; i < s->model->count; i++)
        if (s->model->cells[i].sensitive)
            for (int upwards = 0; upwards < 2; upwards++)
                safe &= side_is_safe(s, (int32_t)i, upwards);
    return safe;
}

static void read_shares(struct search *s, bool whole)
{
    for (size_t i = 0; i < s->model->count; i++)
        if (s->column[i]) {
            double is = whole ? round(glp_mip_col_val(s->master, s->column[i]))
                              : glp_get_col_prim(s->master, s->column[i]);
            s->share[i] = is < 1e-7 ? 0 : fmin(is, 1);
        }
}

static bool solve(struct search *s, bool whole)
{
    glp_smcp simplex;
    glp_iocp integer;
    glp_init_smcp(&simplex);
    simplex.msg_lev = GLP_MSG_OFF;
    simplex.meth = GLP_DUALP;
    if (glp_simplex(s->master, &simplex) != 0 || glp_get_status(s->master) != GLP_OPT)
        return false;
    if (!whole)
        return true;
    glp_init_iocp(&integer);
    integer.msg_lev = GLP_MSG_OFF;
    integer.tm_lim = 20000;
    return glp_intopt(s->master, &integer) == 0 && glp_mip_status(s->master) == GLP_OPT;
}

static void begin(struct search *s, struct arena *a)
{
    const struct secrecy_model *m = s->model;
    double **arrays[] = {&s->share, &s->up, &s->down, &s->cost, &s->moves, &s->weights, &s->coefficient};
    for (size_t k = 0; k < COUNT(arrays); k++)
        *arrays[k] = NEW(a, double, m->count + 1);
    s->index = NEW(a, int, m->count + 1);
    s->column = NEW(a, int, m->count + 1);
    s->movements = movements_new(a, m->count, m->equation_count);
    movements_read(s->movements, m);
    (void)glp_term_out(GLP_OFF);
    s->master = glp_create_prob();
    arena_defer(a, close_master, s);
    for (size_t i = 0; i < m->count; i++) {
        const struct secrecy_cell *c = &m->cells[i];
        s->most = fmax(s->most, 3 * c->value);
        s->share[i] = c->known ? 0 : 1;
        if (c->known || c->sensitive || c->unshown || c->held)
            continue;
        s->column[i] = glp_add_cols(s->master, 1);
        glp_set_col_bnds(s->master, s->column[i], GLP_DB, 0, 1);
        glp_set_col_kind(s->master, s->column[i], GLP_IV);
        glp_set_col_bnds(s->master, s->column[i], GLP_DB, 0, 1);
        glp_set_obj_coef(s->master, s->column[i], c->weight);
    }
}

/* A pivot of the simplex counts as a look at all of its table. */
static uint64_t steps_of(const struct search *s)
{
    uint64_t pivots = (uint64_t)glp_get_it_cnt(s->master), rows = (uint64_t)glp_get_num_rows(s->master);
    return movements_work(s->movements) + pivots * (rows + (uint64_t)glp_get_num_cols(s->master));
}

static bool may_go_on(const struct search *s, const struct secrecy_optimum_options *options)
{
    return (!options->budget || steps_of(s) <= options->budget) &&
           (!options->go_on || options->go_on(options->with));
}

/* Cells hidden in part, until no cut is missing: its cost is the bound. A cut may be missing by less than the
 * programme's tolerance: then nothing moves any more, and another round would add the same one. */
static void find_bound(struct search *s, const struct secrecy_optimum_options *options,
                       struct secrecy_optimum *out)
{
    bool safe = false;
    int pivots = -1;
    for (size_t cuts = (size_t)-1; !safe && !s->impossible && cuts != s->cuts && may_go_on(s, options);) {
        cuts = s->cuts;
        if (!solve(s, false) || glp_get_it_cnt(s->master) == pivots)
            return;
        pivots = glp_get_it_cnt(s->master);
        out->bound = glp_get_obj_val(s->master);
        read_shares(s, false);
        memcpy(out->share, s->share, s->model->count * sizeof *out->share);
        safe = is_safe(s);
    }
}

struct fault *secrecy_find_optimum(struct arena *a, const struct secrecy_model *m,
                                   struct secrecy_optimum_options options, struct secrecy_optimum *out)
{
    struct search *s = NEW(a, struct search, 1);
    *out = (struct secrecy_optimum){
        .cost = UNKNOWN_REAL, .hidden = NEW(a, bool, m->count + 1), .share = NEW(a, double, m->count + 1)};
    if (m->count * m->equation_count > LIMIT_MOVEMENTS)
        return fault(FAULT_LIMIT, "%zu cells and %zu sums are too many to protect at once.", m->count,
                     m->equation_count);
    *s = (struct search){.model = m, .insiders = options.insiders};
    begin(s, a);
    find_bound(s, &options, out);
    for (int round = 0;
         round < options.rounds && !out->proven && !s->impossible && may_go_on(s, &options) && solve(s, true);
         round++) {
        size_t cuts = s->cuts;
        out->bound = glp_mip_obj_val(s->master);
        read_shares(s, true);
        out->proven = is_safe(s);
        if (cuts == s->cuts)
            break;
    }
    if (s->impossible)
        return fault(FAULT_INVALID, "What is known already gives a cell away that must not be.");
    out->cuts = s->cuts;
    out->cost = out->proven ? out->bound : UNKNOWN_REAL;
    for (size_t i = 0; i < m->count; i++)
        out->hidden[i] = s->share[i] > .5;
    return arena_check(a);
}
