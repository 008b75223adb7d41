/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "secrecy/difference.h"

#include <stdlib.h>

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

static void compare(struct secrecy_model *m, struct secrecy_rules rules, int32_t cell,
                    const struct secrecy_set *now, const struct secrecy_set *before)
{
    ARENA_SCOPE(work);
    bool grown = now->count >= before->count;
    const struct secrecy_set *large = grown ? now : before, *small = grown ? before : now;
    struct secrecy_member *rest = NEW(work, struct secrecy_member, large->count + 1);
    size_t count = 0;
    if (!large->count || !small->count || !difference(large, small, rest, &count))
        return;
    if (!count) {
        m->cells[cell].known |= !before->hidden;
        m->cells[cell].held |= before->hidden;
        return;
    }
    struct secrecy_cell between = cell_of(m, rules, rest, count);
    if (before->hidden || !between.sensitive)
        return;
    int32_t parts[] = {cell, secrecy_add_cell(m, between)};
    if (grown) /* now = before + between */
        secrecy_add_equation(m, cell, parts + 1, 1, before->value);
    else
        secrecy_add_equation(m, SECRECY_NO_CELL, parts, 2, -before->value);
}

void secrecy_add_differences(struct secrecy_model *m, struct secrecy_rules rules,
                             const struct secrecy_set *cells, size_t count, const struct secrecy_set *before,
                             size_t before_count)
{
    for (size_t b = 0; b < before_count; b++)
        for (size_t i = 0; i < count; i++)
            compare(m, rules, (int32_t)i, &cells[i], &before[b]);
}
