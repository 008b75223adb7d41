/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "secrecy/rules.h"

#include <math.h>
#include <stdlib.h>

#include "arena/arena.h"

static const double LARGEST_SHARE = .85, WIDTH = .10;

/* More than that share, not by the last bit of a division. */
static bool dominates(double largest, double value)
{
    return largest > LARGEST_SHARE * value * (1 + 1e-12);
}

struct secrecy_need secrecy_need_of(struct secrecy_rules rules, const struct secrecy_share *shares,
                                    size_t count, double value)
{
    enum { FEW_GROUPS = 3, FEW_ANSWERS = 5, FEW_TAXED = 11 };
    int32_t units = 0, natural = 0;
    double largest = 0;
    struct secrecy_need need = {0};
    for (size_t i = 0; i < count; i++) {
        units += shares[i].units;
        natural += shares[i].natural;
        largest = fmax(largest, shares[i].value);
    }
    if (!count)
        return need;
    switch (rules.profile) {
    case SECRECY_FIRMS:
        need.few = count < FEW_GROUPS;
        break;
    case SECRECY_SURVEY:
        need.few = units < FEW_ANSWERS;
        break;
    case SECRECY_FISCAL:
        need.few = natural >= 1 && units < FEW_TAXED;
        break;
    }
    need.sensitive = need.few || (rules.profile != SECRECY_SURVEY && dominates(largest, value));
    need.up = fmax(fmax(WIDTH * value, largest / LARGEST_SHARE - value), rules.digit);
    need.down = fmin(value, need.up);
    return need;
}

void secrecy_apply_rules(struct secrecy_rules rules, struct secrecy_cell *cell)
{
    struct secrecy_need need = secrecy_need_of(rules, cell->shares, cell->share_count, cell->value);
    cell->sensitive = need.sensitive;
    cell->up = need.up;
    cell->down = need.down;
    cell->alone = cell->share_count == 1 ? cell->shares[0].group : SECRECY_NOBODY;
}

static int by_group(const void *a, const void *b)
{
    const struct secrecy_share *x = a, *y = b;
    return (x->group > y->group) - (x->group < y->group);
}

struct secrecy_share *secrecy_join_shares(struct arena *a, const struct secrecy_model *m,
                                          const int32_t *cells, size_t count, size_t *share_count)
{
    size_t all = 0, kept = 0;
    for (size_t i = 0; i < count; i++)
        all += m->cells[cells[i]].share_count;
    struct secrecy_share *joined = NEW(a, struct secrecy_share, all + 1);
    for (size_t i = 0, n = 0; i < count; i++)
        for (size_t k = 0; k < m->cells[cells[i]].share_count; k++)
            joined[n++] = m->cells[cells[i]].shares[k];
    qsort(joined, all, sizeof *joined, by_group);
    for (size_t i = 0; i < all; i++)
        if (kept && joined[kept - 1].group == joined[i].group) {
            joined[kept - 1].units += joined[i].units;
            joined[kept - 1].natural += joined[i].natural;
            joined[kept - 1].value += joined[i].value;
        } else {
            joined[kept++] = joined[i];
        }
    *share_count = kept;
    return joined;
}

bool secrecy_residual(struct arena *a, const struct secrecy_model *m, struct secrecy_rules rules,
                      const struct secrecy_equation *e, const bool *hidden, struct secrecy_cell *sum,
                      int32_t **parts, size_t *part_count)
{
    *part_count = 0;
    if (e->total != SECRECY_NO_CELL && hidden[e->total])
        return false;
    *parts = NEW(a, int32_t, e->count + 1);
    *sum = (struct secrecy_cell){.unshown = true};
    for (size_t i = 0; i < e->count; i++)
        if (hidden[e->parts[i]]) {
            (*parts)[(*part_count)++] = e->parts[i];
            sum->value += m->cells[e->parts[i]].value;
            if (m->cells[e->parts[i]].value > 0 && !m->cells[e->parts[i]].shares)
                return false;
        }
    sum->shares = secrecy_join_shares(a, m, *parts, *part_count, &sum->share_count);
    secrecy_apply_rules(rules, sum);
    return sum->sensitive;
}
