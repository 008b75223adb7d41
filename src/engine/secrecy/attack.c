/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "secrecy/attack.h"

#include <glpk.h>
#include <math.h>

#include "arena/arena.h"
#include "i18n/i18n.h"

struct attacker {
    const struct secrecy_model *model;
    glp_prob *lp;
    int *column; /* of each cell; 0: not hidden */
    double most; /* no value is above; INFINITY: not known */
    double unit; /* values are divided by it */
    bool integers;
};

static void close_programme(void *thing)
{
    struct attacker *t = thing;
    glp_delete_prob(t->lp);
}

static double most_of(const struct secrecy_model *m, const bool *hidden, double *largest)
{
    ARENA_SCOPE(work);
    bool *part = NEW(work, bool, m->count + 1), open = false;
    for (size_t e = 0; e < m->equation_count; e++)
        for (size_t i = 0; i < m->equations[e].count; i++)
            part[m->equations[e].parts[i]] = true;
    *largest = 0;
    for (size_t i = 0; i < m->count; i++) {
        open |= hidden[i] && !part[i];
        if (!hidden[i])
            *largest = fmax(*largest, m->cells[i].value);
    }
    for (size_t e = 0; e < m->equation_count; e++)
        *largest = fmax(*largest, fabs(m->equations[e].constant));
    return open || *largest <= 0 ? INFINITY : 3 * *largest;
}

static void bound(struct attacker *t, int32_t cell)
{
    int column = t->column[cell];
    if (isfinite(t->most))
        glp_set_col_bnds(t->lp, column, t->most > 0 ? GLP_DB : GLP_FX, 0, t->most / t->unit);
    else
        glp_set_col_bnds(t->lp, column, GLP_LO, 0, 0);
}

static void add_row(struct attacker *t, const struct secrecy_equation *e, int *index, double *coefficient)
{
    const struct secrecy_cell *cells = t->model->cells;
    double right = -e->constant;
    int count = 0;
    for (size_t i = 0; i < e->count; i++)
        if (t->column[e->parts[i]]) {
            index[++count] = t->column[e->parts[i]];
            coefficient[count] = 1;
        } else {
            right -= cells[e->parts[i]].value;
        }
    if (e->total != SECRECY_NO_CELL && t->column[e->total]) {
        index[++count] = t->column[e->total];
        coefficient[count] = -1;
    } else if (e->total != SECRECY_NO_CELL) {
        right += cells[e->total].value;
    }
    if (!count)
        return;
    int row = glp_add_rows(t->lp, 1);
    glp_set_row_bnds(t->lp, row, GLP_FX, right / t->unit, right / t->unit);
    glp_set_mat_row(t->lp, row, count, index, coefficient);
}

struct attacker *attacker_new(struct arena *a, const struct secrecy_model *m, const bool *hidden,
                              bool integers)
{
    struct attacker *t = NEW(a, struct attacker, 1);
    double largest = 0;
    *t = (struct attacker){.model = m, .column = NEW(a, int, m->count + 1), .integers = integers};
    t->most = most_of(m, hidden, &largest);
    t->unit = integers || largest <= 0 ? 1 : exp2(floor(log2(largest)) - 10); /* well away from tolerances */
    (void)glp_term_out(GLP_OFF);
    t->lp = glp_create_prob();
    arena_defer(a, close_programme, t);
    for (size_t i = 0; i < m->count; i++)
        if (hidden[i]) {
            t->column[i] = glp_add_cols(t->lp, 1);
            bound(t, (int32_t)i);
            if (integers)
                glp_set_col_kind(t->lp, t->column[i], GLP_IV);
        }
    ARENA_SCOPE(work);
    int *index = NEW(work, int, m->count + 2);
    double *coefficient = NEW(work, double, m->count + 2);
    for (size_t e = 0; e < m->equation_count; e++)
        add_row(t, &m->equations[e], index, coefficient);
    return t;
}

void attacker_learn(struct attacker *t, int32_t cell, double value)
{
    if (t->column[cell])
        glp_set_col_bnds(t->lp, t->column[cell], GLP_FX, value / t->unit, value / t->unit);
}

void attacker_forget(struct attacker *t, int32_t cell)
{
    if (t->column[cell])
        bound(t, cell);
}

/* From the last answer's basis; once more from none when that leads nowhere. */
static int optimise(struct attacker *t)
{
    glp_smcp options;
    glp_init_smcp(&options);
    options.msg_lev = GLP_MSG_OFF;
    if (glp_simplex(t->lp, &options) != 0 || glp_get_status(t->lp) == GLP_UNDEF) {
        glp_std_basis(t->lp);
        if (glp_simplex(t->lp, &options) != 0)
            return GLP_UNDEF;
    }
    return glp_get_status(t->lp);
}

MUST_CHECK static struct fault *contradiction(void)
{
    return fault(FAULT_INVALID, "No values fit what is published: it contradicts itself.");
}

static struct fault *extreme(struct attacker *t, int column, int direction, double *out)
{
    glp_iocp whole;
    glp_set_obj_dir(t->lp, direction);
    int status = optimise(t);
    *out = direction == GLP_MIN ? 0 : INFINITY;
    if (status == GLP_UNBND)
        return NULL;
    if (status == GLP_NOFEAS || status == GLP_INFEAS)
        return contradiction();
    if (status != GLP_OPT)
        return fault(FAULT_BUG, "The bounds of a cell could not be computed.");
    *out = glp_get_col_prim(t->lp, column) * t->unit;
    if (!t->integers)
        return NULL;
    glp_init_iocp(&whole);
    whole.msg_lev = GLP_MSG_OFF;
    status = glp_intopt(t->lp, &whole) == 0 ? glp_mip_status(t->lp) : GLP_UNDEF;
    if (status == GLP_NOFEAS)
        return contradiction();
    if (status != GLP_OPT)
        return fault(FAULT_BUG, "The bounds of a cell could not be computed.");
    *out = glp_mip_col_val(t->lp, column) * t->unit;
    return NULL;
}

struct fault *attacker_bounds(struct attacker *t, int32_t cell, double *low, double *high)
{
    int column = t->column[cell];
    if (!column) {
        *low = *high = t->model->cells[cell].value;
        return NULL;
    }
    glp_set_obj_coef(t->lp, column, 1);
    struct fault *f = extreme(t, column, GLP_MIN, low);
    if (!f)
        f = extreme(t, column, GLP_MAX, high);
    glp_set_obj_coef(t->lp, column, 0);
    return f;
}
