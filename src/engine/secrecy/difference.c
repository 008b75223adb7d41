/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "secrecy/difference.h"

#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"

static bool same(const struct secrecy_member *a, const struct secrecy_member *b)
{
    return a->unit == b->unit && a->value == b->value;
}

/* The members of `large` that `small` lacks, if all of small's are among them. */
static bool difference(const struct secrecy_set *large, const struct secrecy_set *small,
                       struct secrecy_member *rest, size_t *count)
{
    size_t k = 0;
    *count = 0;
    if (small->count > large->count)
        return false;
    for (size_t i = 0; i < large->count; i++)
        if (k < small->count && same(&large->at[i], &small->at[k]))
            k++;
        else
            rest[(*count)++] = large->at[i];
    return k == small->count;
}

static int by_group(const void *a, const void *b)
{
    const struct secrecy_member *x = a, *y = b;
    return (x->group > y->group) - (x->group < y->group);
}

static struct secrecy_cell cell_of(struct secrecy_model *m, struct secrecy_rules rules,
                                   struct secrecy_member *members, size_t count)
{
    struct secrecy_share *shares = NEW(m->arena, struct secrecy_share, count + 1);
    struct secrecy_cell cell = {.shares = shares, .unshown = true};
    qsort(members, count, sizeof *members, by_group);
    for (size_t i = 0; i < count; i++) {
        if (!i || members[i].group != members[i - 1].group)
            shares[cell.share_count++].group = members[i].group;
        struct secrecy_share *share = &shares[cell.share_count - 1];
        share->units++;
        share->natural += members[i].natural;
        share->value += members[i].value;
        cell.value += members[i].value;
    }
    secrecy_apply_rules(rules, &cell);
    return cell;
}

struct comparison {
    struct secrecy_model *model;
    const struct secrecy_rules *rules; /* NULL: whoever compares knows of none */
    const struct secrecy_set *cells;
    size_t count, given;         /* sets of the table's cells; equations before any was added */
    struct secrecy_set *between; /* who came or went, each once */
    size_t between_count, capacity;
    int32_t first; /* its cell; the others follow */
};

static bool same_members(const struct secrecy_set *a, const struct secrecy_member *members, size_t count)
{
    bool alike = a->count == count;
    for (size_t i = 0; i < count && alike; i++)
        alike = same(&a->at[i], &members[i]);
    return alike;
}

/* The cell of those who came or went, SECRECY_NO_CELL when their sum may be known. It may be a cell of the
 * table, or the difference of another pair: whoever computes it there has it here. */
static int32_t cell_between(struct comparison *c, struct secrecy_member *rest, size_t count)
{
    struct arena *a = c->model->arena;
    for (size_t i = 0; i < c->count; i++)
        if (same_members(&c->cells[i], rest, count))
            return !c->rules || c->model->cells[i].sensitive ? (int32_t)i : SECRECY_NO_CELL;
    for (size_t i = 0; i < c->between_count; i++)
        if (same_members(&c->between[i], rest, count))
            return c->first + (int32_t)i;
    struct secrecy_member *members = NEW(a, struct secrecy_member, count);
    memcpy(members, rest, count * sizeof *rest);
    struct secrecy_cell cell = c->rules ? cell_of(c->model, *c->rules, rest, count) : secrecy_plain_cell(0);
    if (c->rules && !cell.sensitive)
        return SECRECY_NO_CELL;
    *PUSH(a, c->between, c->between_count, c->capacity) = (struct secrecy_set){.at = members, .count = count};
    return secrecy_add_cell(c->model, cell);
}

/* now = before + between, or now + between = before; said once, however often it was published. */
static void add_relation(struct comparison *c, int32_t now, int32_t between, double before, bool grown)
{
    struct secrecy_model *m = c->model;
    int32_t total = grown ? now : SECRECY_NO_CELL;
    for (size_t e = c->given; e < m->equation_count; e++) {
        const struct secrecy_equation *q = &m->equations[e];
        if (q->total == total && q->parts[q->count - 1] == between && (grown || q->parts[0] == now))
            return;
    }
    if (grown)
        secrecy_add_equation(m, now, &between, 1, before);
    else
        secrecy_add_equation(m, SECRECY_NO_CELL, (int32_t[]){now, between}, 2, -before);
}

static void compare(struct comparison *c, int32_t cell, const struct secrecy_set *before)
{
    ARENA_SCOPE(work);
    const struct secrecy_set *now = &c->cells[cell];
    bool grown = now->count >= before->count;
    const struct secrecy_set *large = grown ? now : before, *small = grown ? before : now;
    struct secrecy_member *rest = NEW(work, struct secrecy_member, large->count + 1);
    size_t count = 0;
    if (!large->count || !small->count || !difference(large, small, rest, &count))
        return;
    if (!count) {
        c->model->cells[cell].known |= !before->hidden;
        c->model->cells[cell].held |= before->hidden;
        if (!c->rules && !before->hidden)
            c->model->cells[cell].value = before->value;
        return;
    }
    int32_t between = before->hidden ? SECRECY_NO_CELL : cell_between(c, rest, count);
    if (between != SECRECY_NO_CELL)
        add_relation(c, cell, between, before->value, grown);
}

void secrecy_add_differences(struct secrecy_model *m, const struct secrecy_rules *rules,
                             const struct secrecy_set *cells, size_t count, const struct secrecy_set *before,
                             size_t before_count)
{
    struct comparison c = {.model = m,
                           .rules = rules,
                           .cells = cells,
                           .count = count,
                           .given = m->equation_count,
                           .first = (int32_t)m->count};
    for (size_t b = 0; b < before_count; b++)
        for (size_t i = 0; i < count; i++)
            compare(&c, (int32_t)i, &before[b]);
}
