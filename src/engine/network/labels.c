/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>

#include "arena/arena.h"
#include "network/network.h"

static int by_community_and_value(const void *x, const void *y)
{
    const struct community_label *a = x, *b = y;
    return a->community != b->community ? (a->community > b->community) - (a->community < b->community)
                                        : (a->value > b->value) - (a->value < b->value);
}

static int by_chance(const void *x, const void *y)
{
    const struct community_label *a = x, *b = y;
    if (a->p != b->p)
        return a->p < b->p ? -1 : 1;
    return by_community_and_value(x, y);
}

static int by_log_odds(const void *x, const void *y)
{
    const struct community_label *a = x, *b = y;
    if (a->community != b->community)
        return a->community < b->community ? -1 : 1;
    if (a->log_odds != b->log_odds)
        return a->log_odds > b->log_odds ? -1 : 1;
    return by_community_and_value(x, y);
}

static double log_choose(double n, double k)
{
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1);
}

/* That at least `with` of `of` drawn from `nodes`, of which `all` have it, have it too. */
static double at_least(int with, int of, int all, int nodes)
{
    double sum = 0, whole = log_choose(nodes, of);
    int most = of < all ? of : all;
    for (int k = with; k <= most; k++)
        if (of - k <= nodes - all)
            sum += exp(log_choose(all, k) + log_choose(nodes - all, of - k) - whole);
    return sum < 1 ? sum : 1;
}

static void weigh(struct community_label *l, const int *all, int nodes)
{
    double in = l->with + .5, in_not = l->of - l->with + .5;
    double out = all[l->value] - l->with + .5, out_not = nodes - l->of - (all[l->value] - l->with) + .5;
    l->log_odds = log(in / in_not) - log(out / out_not);
    l->p = at_least(l->with, l->of, all[l->value], nodes);
}

/* The greatest number of labels so that, of them, one in twenty is there by chance; and only those that are
 * more frequent than elsewhere. */
static size_t keep(struct community_label *labels, size_t count)
{
    size_t kept = 0, tests = count, most = 0;
    if (count)
        qsort(labels, count, sizeof *labels, by_chance);
    for (size_t i = 0; i < count; i++)
        if (labels[i].p <= .05 * (double)(i + 1) / (double)tests)
            most = i + 1;
    for (size_t i = 0; i < most; i++)
        if (labels[i].log_odds > 0)
            labels[kept++] = labels[i];
    if (kept)
        qsort(labels, kept, sizeof *labels, by_log_odds);
    return kept;
}

struct fault *network_labels(struct arena *a, const struct network *n, const struct communities *c,
                             const struct attribute *attributes, size_t count, int values,
                             struct community_label **labels, size_t *label_count)
{
    int *all = NEW(a, int, values + 1);
    struct community_label *met = *labels = NEW(a, struct community_label, count + 1);
    size_t kinds = 0;
    for (size_t i = 0; i < count; i++) {
        const struct attribute *t = &attributes[i];
        if (t->node < 0 || t->node >= n->nodes || t->value < 0 || t->value >= values)
            return fault(FAULT_INVALID, "Attribute %zu is of a node or a value that does not exist.", i + 1);
        all[t->value]++;
        met[i] = (struct community_label){.community = c->of[t->node], .value = t->value, .with = 1};
    }
    if (count)
        qsort(met, count, sizeof *met, by_community_and_value);
    for (size_t i = 0; i < count; i++) {
        if (kinds && by_community_and_value(&met[kinds - 1], &met[i]) == 0)
            met[kinds - 1].with++;
        else
            met[kinds++] = met[i];
    }
    for (size_t i = 0; i < kinds; i++) {
        met[i].of = c->size[met[i].community];
        weigh(&met[i], all, n->nodes);
    }
    *label_count = keep(met, kinds);
    return arena_check(a);
}
