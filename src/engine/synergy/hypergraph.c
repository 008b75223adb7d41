/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "synergy/hypergraph.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"

static const double DAYS_A_MONTH = 30.4375;

/* --- lines into groups ------------------------------------------------------------------------------- */

static struct fault *check_line(const struct membership *m, int members, int groups, size_t place)
{
    if (m->group < 0 || m->group >= groups || m->member < 0 || m->member >= members)
        return fault(FAULT_INVALID, "Tie %zu is of a group or a member that does not exist.", place + 1);
    if (m->weight <= 0 || isinf(m->weight))
        return fault(FAULT_INVALID, "Tie %zu has no weight above 0.", place + 1);
    if (isinf(m->day))
        return fault(FAULT_INVALID, "Tie %zu has a day that is none.", place + 1);
    return NULL;
}

static int by_group_and_member(const void *x, const void *y)
{
    const struct membership *a = x, *b = y;
    return a->group != b->group ? (a->group > b->group) - (a->group < b->group)
                                : (a->member > b->member) - (a->member < b->member);
}

/* Lines of a group stand together, each member once; returns how many are left. */
static size_t merge(struct membership *lines, size_t count)
{
    size_t kept = 0;
    if (count)
        qsort(lines, count, sizeof *lines, by_group_and_member);
    for (size_t i = 0; i < count; i++) {
        struct membership *last = kept ? &lines[kept - 1] : NULL;
        if (last && last->group == lines[i].group && last->member == lines[i].member) {
            last->weight = fmax(last->weight, lines[i].weight); /* of a number and NAN, the number */
            last->day = fmin(last->day, lines[i].day);
        } else {
            lines[kept++] = lines[i];
        }
    }
    return kept;
}

static int by_size(const void *x, const void *y)
{
    double a = *(const double *)x, b = *(const double *)y;
    return (a > b) - (a < b);
}

static double median_weight(struct arena *work, const struct membership *lines, size_t count)
{
    double *weights = NEW(work, double, count + 1);
    size_t known = 0;
    for (size_t i = 0; i < count; i++)
        if (!isnan(lines[i].weight))
            weights[known++] = lines[i].weight;
    if (known)
        qsort(weights, known, sizeof *weights, by_size);
    return known ? weights[known / 2] : 1;
}

static void set_ages(struct hypergraph *h, const double *day)
{
    double sum = 0;
    h->newest = NAN;
    for (int g = 0; g < h->groups; g++)
        h->newest = fmax(h->newest, day[g]);
    for (int g = 0; g < h->groups; g++)
        if (!isnan(day[g])) {
            h->age[g] = (h->newest - day[g]) / DAYS_A_MONTH;
            sum += h->age[g];
            h->dated++;
        }
    for (int g = 0; g < h->groups; g++)
        if (isnan(day[g]))
            h->age[g] = h->dated ? sum / h->dated : 0;
}

/* Fills members_of, member, part and age from merged lines; groups of one or of too many stay empty. */
static void fill_groups(struct arena *a, struct arena *work, struct hypergraph *h,
                        const struct membership *lines, size_t count)
{
    double median = median_weight(work, lines, count), *day = NEW(work, double, h->groups + 1);
    size_t kept = 0;
    h->member = NEW(a, int, count + 1);
    h->part = NEW(a, double, count + 1);
    for (int g = 0; g < h->groups; g++)
        day[g] = NAN;
    for (size_t i = 0, end; i < count; i = end) {
        int g = lines[i].group;
        for (end = i; end < count && lines[end].group == g; end++)
            day[g] = fmin(day[g], lines[end].day);
        bool too_large = end - i > (size_t)h->largest;
        h->left_out += too_large;
        for (size_t k = i; k < end && end - i > 1 && !too_large; k++, kept++) {
            h->member[kept] = lines[k].member;
            double weight = isnan(lines[k].weight) ? median : lines[k].weight;
            h->part[kept] = log1p(weight / median) / log(2);
        }
        h->members_of[g + 1] = kept;
    }
    for (int g = 0; g < h->groups; g++) /* groups without a line */
        if (h->members_of[g + 1] < h->members_of[g])
            h->members_of[g + 1] = h->members_of[g];
    set_ages(h, day);
}

/* --- the same seen from the members ------------------------------------------------------------------ */

static void fill_members(struct arena *a, struct hypergraph *h)
{
    size_t count = h->members_of[h->groups];
    h->group = NEW(a, int, count + 1);
    h->share = NEW(a, double, count + 1);
    for (size_t i = 0; i < count; i++)
        h->groups_of[h->member[i] + 1]++;
    for (int v = 0; v < h->members; v++)
        h->groups_of[v + 1] += h->groups_of[v];
    for (int g = 0; g < h->groups; g++)
        for (size_t i = h->members_of[g]; i < h->members_of[g + 1]; i++) {
            size_t at = h->groups_of[h->member[i]]++;
            h->group[at] = g;
            h->share[at] = h->part[i];
        }
    memmove(h->groups_of + 1, h->groups_of, (size_t)h->members * sizeof *h->groups_of);
    h->groups_of[0] = 0;
}

static int by_number(const void *x, const void *y)
{
    int a = *(const int *)x, b = *(const int *)y;
    return (a > b) - (a < b);
}

/* Into `met` those who share a group with v, in order, and into `times` how many groups; returns how many. */
static size_t meet(const struct hypergraph *h, int v, int *times, int *met)
{
    size_t count = 0;
    for (size_t i = h->groups_of[v]; i < h->groups_of[v + 1]; i++)
        for (size_t k = h->members_of[h->group[i]]; k < h->members_of[h->group[i] + 1]; k++) {
            int other = h->member[k];
            if (other != v && !times[other]++)
                met[count++] = other;
        }
    if (count)
        qsort(met, count, sizeof *met, by_number);
    return count;
}

static struct fault *fill_partners(struct arena *a, struct arena *work, struct hypergraph *h)
{
    int *times = NEW(work, int, h->members + 1), *met = NEW(work, int, h->members + 1);
    size_t capacity = 0, count = 0;
    for (int v = 0; v < h->members; v++) {
        size_t more = meet(h, v, times, met);
        if (count + more > LIMIT_SYNERGY_PAIRS)
            return fault(FAULT_LIMIT, "There are more than %d pairs of partners.", LIMIT_SYNERGY_PAIRS);
        if (count + more > capacity) {
            capacity = 2 * (count + more);
            h->partner = arena_grow(a, h->partner, count, capacity, sizeof *h->partner, alignof(int));
            h->together = arena_grow(a, h->together, count, capacity, sizeof *h->together, alignof(int));
        }
        for (size_t i = 0; i < more; i++, count++) {
            h->partner[count] = met[i];
            h->together[count] = times[met[i]];
            times[met[i]] = 0;
        }
        h->partners_of[v + 1] = count;
    }
    return arena_check(a);
}

struct fault *hypergraph_new(struct arena *a, int members, int groups, const struct membership *given,
                             size_t count, int largest, const struct hypergraph **out)
{
    if (members < 0 || groups < 0 || members > LIMIT_SYNERGY_MEMBERS || groups > LIMIT_SYNERGY_TIES ||
        count > LIMIT_SYNERGY_TIES)
        return fault(FAULT_LIMIT, "At most %d members and %d ties can be studied.", LIMIT_SYNERGY_MEMBERS,
                     LIMIT_SYNERGY_TIES);
    struct hypergraph *h = NEW(a, struct hypergraph, 1);
    struct arena *work = arena_new(LIMIT_COMMAND_MEMORY);
    struct membership *lines = NEW(work, struct membership, count + 1);
    struct fault *failed = NULL;
    *h = (struct hypergraph){.members = members,
                             .groups = groups,
                             .largest = largest ? largest : LARGEST_GROUP,
                             .groups_of = NEW(a, size_t, members + 2),
                             .members_of = NEW(a, size_t, groups + 1),
                             .partners_of = NEW(a, size_t, members + 1),
                             .age = NEW(a, double, groups + 1)};
    for (size_t i = 0; i < count && !failed; i++) {
        failed = check_line(&given[i], members, groups, i);
        lines[i] = given[i];
    }
    if (!failed) {
        fill_groups(a, work, h, lines, merge(lines, count));
        fill_members(a, h);
        failed = fill_partners(a, work, h);
    }
    arena_free(work);
    *out = h;
    return failed ? failed : arena_check(a);
}

size_t partner_find(const struct hypergraph *h, int member, int other)
{
    size_t low = h->partners_of[member], high = h->partners_of[member + 1];
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (h->partner[middle] == other)
            return middle;
        if (h->partner[middle] < other)
            low = middle + 1;
        else
            high = middle;
    }
    return SIZE_MAX;
}

void group_weights(const struct hypergraph *h, struct group_law law, double *weight, double *row_sum,
                   double *own)
{
    for (int g = 0; g < h->groups; g++) {
        double others = (double)(h->members_of[g + 1] - h->members_of[g]) - 1, all = 0;
        weight[g] = others > 0 ? pow(others, -law.size_power) * exp(-law.decay * h->age[g]) : 0;
        for (size_t i = h->members_of[g]; i < h->members_of[g + 1]; i++)
            all += h->part[i];
        for (size_t i = h->members_of[g]; i < h->members_of[g + 1]; i++) {
            own[h->member[i]] += weight[g] * h->part[i] * h->part[i];
            row_sum[h->member[i]] += weight[g] * h->part[i] * (all - h->part[i]);
        }
    }
}
