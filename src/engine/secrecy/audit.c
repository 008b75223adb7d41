/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "secrecy/audit.h"

#include <math.h>

#include "arena/arena.h"
#include "secrecy/attack.h"
#include "secrecy/protect.h"

struct inspection {
    struct arena *arena;
    const struct secrecy_publication *p;
    struct attacker *attacker;
    int32_t *group; /* of each cell: hidden ones that equations join have the same */
    struct secrecy_audit *out;
    size_t capacity;
};

static const struct secrecy_cell *truth(const struct inspection *n, size_t cell)
{
    return &n->p->truth->cells[n->p->truth_of[cell]];
}

/* --- who can know of whom -------------------------------------------------------------------------- */

static int32_t root(int32_t *group, int32_t cell)
{
    while (group[cell] != cell)
        cell = group[cell] = group[group[cell]];
    return cell;
}

static void join_hidden(struct inspection *n)
{
    const struct secrecy_model *m = n->p->model;
    n->group = NEW(n->arena, int32_t, m->count + 1);
    for (size_t i = 0; i < m->count; i++)
        n->group[i] = (int32_t)i;
    for (size_t e = 0; e < m->equation_count; e++) {
        int32_t first = SECRECY_NO_CELL;
        for (size_t i = 0; i <= m->equations[e].count; i++) {
            int32_t cell = i < m->equations[e].count ? m->equations[e].parts[i] : m->equations[e].total;
            if (cell == SECRECY_NO_CELL || !n->p->hidden[cell])
                continue;
            if (first == SECRECY_NO_CELL)
                first = cell;
            n->group[root(n->group, cell)] = root(n->group, first);
        }
    }
}

static bool knows_of(const struct inspection *n, int32_t insider, size_t cell)
{
    for (size_t i = 0; i < n->p->model->count; i++)
        if (n->p->hidden[i] && truth(n, i)->alone == insider &&
            root(n->group, (int32_t)i) == root(n->group, (int32_t)cell))
            return true;
    return false;
}

/* --- attackers ------------------------------------------------------------------------------------- */

static double slack_of(const struct inspection *n, size_t cell, int32_t insider, double low, double high)
{
    const struct secrecy_cell *c = truth(n, cell);
    double up = secrecy_need_against(c, insider, true), down = secrecy_need_against(c, insider, false);
    return fmin(up > 0 ? (high - c->value - up) / fmax(1, up) : INFINITY,
                down > 0 ? (c->value - low - down) / fmax(1, down) : INFINITY);
}

static void add_finding(struct inspection *n, struct secrecy_finding f)
{
    *PUSH(n->arena, n->out->findings, n->out->count, n->capacity) = f;
}

static struct fault *outsiders(struct inspection *n)
{
    for (size_t i = 0; i < n->p->model->count; i++) {
        double low, high;
        if (n->p->truth_of[i] == SECRECY_NO_CELL || !truth(n, i)->sensitive)
            continue;
        TRY(attacker_bounds(n->attacker, (int32_t)i, &low, &high));
        add_finding(n, (struct secrecy_finding){(int32_t)i, SECRECY_OUTSIDER, SECRECY_NOBODY, low, high,
                                                slack_of(n, i, SECRECY_NOBODY, low, high)});
    }
    return NULL;
}

static void tell_insider(struct inspection *n, int32_t insider, bool learns)
{
    for (size_t i = 0; i < n->p->model->count; i++) {
        if (!n->p->hidden[i] || truth(n, i)->alone != insider)
            continue;
        if (learns)
            attacker_learn(n->attacker, (int32_t)i, truth(n, i)->value);
        else
            attacker_forget(n->attacker, (int32_t)i);
    }
}

static struct fault *attack_as(struct inspection *n, int32_t insider, size_t findings)
{
    tell_insider(n, insider, true);
    for (size_t f = 0; f < findings; f++) {
        struct secrecy_finding *found = &n->out->findings[f];
        size_t cell = (size_t)found->cell;
        double low, high;
        if (truth(n, cell)->alone == insider || !knows_of(n, insider, cell))
            continue;
        TRY(attacker_bounds(n->attacker, found->cell, &low, &high));
        double slack = slack_of(n, cell, insider, low, high);
        if (slack < found->slack)
            *found = (struct secrecy_finding){found->cell, SECRECY_INSIDER, insider, low, high, slack};
    }
    tell_insider(n, insider, false);
    return NULL;
}

static struct fault *insiders(struct inspection *n)
{
    size_t findings = n->out->count;
    for (size_t i = 0; i < n->p->model->count; i++) {
        int32_t insider = n->p->hidden[i] ? truth(n, i)->alone : SECRECY_NOBODY;
        bool first = insider != SECRECY_NOBODY;
        for (size_t k = 0; k < i && first; k++)
            first = !n->p->hidden[k] || truth(n, k)->alone != insider;
        if (first)
            TRY(attack_as(n, insider, findings));
    }
    return NULL;
}

/* Sums of hidden parts that anybody can take: known to the last digit. */
static void residuals(struct inspection *n)
{
    const struct secrecy_model *m = n->p->model;
    ARENA_SCOPE(work);
    int32_t *parts = NEW(work, int32_t, m->count + 1);
    for (size_t e = 0; e < m->equation_count; e++) {
        const struct secrecy_equation *q = &m->equations[e];
        struct secrecy_cell sum = {0};
        size_t count = 0;
        if (q->total != SECRECY_NO_CELL && n->p->hidden[q->total])
            continue;
        for (size_t i = 0; i < q->count; i++)
            if (n->p->hidden[q->parts[i]]) {
                parts[count++] = n->p->truth_of[q->parts[i]];
                sum.value += truth(n, (size_t)q->parts[i])->value;
            }
        sum.shares = secrecy_join_shares(work, n->p->truth, parts, count, &sum.share_count);
        secrecy_apply_rules(n->p->rules, &sum);
        if (count && sum.sensitive)
            add_finding(n, (struct secrecy_finding){q->parts[0], SECRECY_RESIDUAL, SECRECY_NOBODY, sum.value,
                                                    sum.value, -1});
    }
}

struct fault *secrecy_audit(struct arena *a, const struct secrecy_publication *p, struct secrecy_audit *out)
{
    struct inspection n = {.arena = a, .p = p, .out = out};
    *out = (struct secrecy_audit){0};
    n.attacker = attacker_new(a, p->model, p->hidden, p->integers);
    join_hidden(&n);
    TRY(outsiders(&n));
    if (p->insiders)
        TRY(insiders(&n));
    if (p->residuals)
        residuals(&n);
    for (size_t f = 0; f < out->count; f++)
        out->broken += out->findings[f].slack < -1e-6;
    return arena_check(a);
}
