/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "secrecy/layout.h"

#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "i18n/i18n.h"

/* --- hierarchies ----------------------------------------------------------------------------------- */

/* Bit sets of the leaves under each node, in words of 64. */
struct leaves {
    uint64_t *bits;
    size_t words;
    uint8_t *state; /* 0 new, 1 on the way, 2 done */
    const struct secrecy_dimension *d;
    int32_t bad; /* the node that sums itself up */
};

static void gather(struct leaves *l, int32_t node)
{
    uint64_t *mine = l->bits + (size_t)node * l->words;
    bool leaf = true;
    if (l->state[node] == 1)
        l->bad = node;
    if (l->state[node])
        return;
    l->state[node] = 1;
    for (size_t s = 0; s < l->d->sum_count; s++) {
        if (l->d->sums[s].node != node)
            continue;
        leaf = false;
        for (size_t i = 0; i < l->d->sums[s].count; i++) {
            gather(l, l->d->sums[s].parts[i]);
            for (size_t w = 0; w < l->words; w++)
                mine[w] |= l->bits[(size_t)l->d->sums[s].parts[i] * l->words + w];
        }
    }
    if (leaf)
        mine[(size_t)node / 64] |= UINT64_C(1) << (node % 64);
    l->state[node] = 2;
}

static bool overlaps(const struct leaves *l, const struct secrecy_sum *sum, uint64_t *seen)
{
    memset(seen, 0, l->words * sizeof *seen);
    for (size_t i = 0; i < sum->count; i++)
        for (size_t w = 0; w < l->words; w++) {
            uint64_t more = l->bits[(size_t)sum->parts[i] * l->words + w];
            if (seen[w] & more)
                return true;
            seen[w] |= more;
        }
    return false;
}

static struct fault *check_dimension(const struct secrecy_dimension *d, int32_t *node)
{
    ARENA_SCOPE(work);
    size_t words = d->nodes / 64 + 1;
    struct leaves l = {.bits = NEW(work, uint64_t, d->nodes * words + 1),
                       .words = words,
                       .state = NEW(work, uint8_t, d->nodes + 1),
                       .d = d,
                       .bad = SECRECY_NO_CELL};
    uint64_t *seen = NEW(work, uint64_t, words), *first = NEW(work, uint64_t, words);
    for (size_t n = 0; n < d->nodes && l.bad == SECRECY_NO_CELL; n++)
        gather(&l, (int32_t)n);
    *node = l.bad;
    if (l.bad != SECRECY_NO_CELL)
        return fault(FAULT_INVALID, "It is a part of itself.");
    for (size_t s = 0; s < d->sum_count; s++) {
        *node = d->sums[s].node;
        if (overlaps(&l, &d->sums[s], seen))
            return fault(FAULT_INVALID, "Its parts overlap: zonings that cross need the column \"zoning\".");
        memcpy(first, l.bits + (size_t)*node * words, words * sizeof *first);
        if (memcmp(first, seen, words * sizeof *seen) != 0)
            return fault(FAULT_INVALID, "Its zonings do not hold the same.");
    }
    return NULL;
}

struct fault *secrecy_layout_check(struct secrecy_layout *l, int32_t *node)
{
    static const char *const names[] = {"0", "1", "2"};
    l->places = 1;
    *node = SECRECY_NO_CELL;
    for (size_t d = l->dimensions; d-- > 0;) {
        l->stride[d] = l->places;
        if (l->dimension[d].nodes > LIMIT_SECRECY_NODES ||
            l->dimension[d].nodes > LIMIT_SECRECY_PLACES / l->places)
            return fault(FAULT_LIMIT, "The table has more than %d places.", LIMIT_SECRECY_PLACES);
        l->places *= l->dimension[d].nodes;
    }
    for (size_t d = 0; d < l->dimensions; d++)
        TRY(fault_in(names[d], check_dimension(&l->dimension[d], node)));
    return NULL;
}

/* --- sums ------------------------------------------------------------------------------------------ */

void secrecy_add_sums(struct secrecy_model *m, const struct secrecy_layout *l, const int32_t *cell_of)
{
    for (size_t d = 0; d < l->dimensions; d++)
        for (size_t s = 0; s < l->dimension[d].sum_count; s++) {
            const struct secrecy_sum *sum = &l->dimension[d].sums[s];
            ARENA_SCOPE(work);
            int32_t *parts = NEW(work, int32_t, sum->count + 1);
            for (size_t place = 0; place < l->places; place++) {
                size_t node = place / l->stride[d] % l->dimension[d].nodes, count = 0;
                if (node != (size_t)sum->node || cell_of[place] == SECRECY_NO_CELL)
                    continue;
                size_t base = place - node * l->stride[d];
                for (size_t i = 0; i < sum->count; i++) {
                    int32_t part = cell_of[base + (size_t)sum->parts[i] * l->stride[d]];
                    if (part != SECRECY_NO_CELL)
                        parts[count++] = part;
                }
                if (count != 1 || parts[0] != cell_of[place])
                    secrecy_add_equation(m, cell_of[place], parts, count, 0);
            }
        }
}

/* --- cells ----------------------------------------------------------------------------------------- */

/* The nodes a leaf is in, itself included, of each node: at[from[node]] up to the next. */
struct above {
    size_t *from;
    int32_t *at;
};

static void climb(const struct secrecy_dimension *d, int32_t node, bool *seen, int32_t *list, size_t *count)
{
    if (seen[node])
        return;
    seen[node] = true;
    list[(*count)++] = node;
    for (size_t s = 0; s < d->sum_count; s++)
        for (size_t i = 0; i < d->sums[s].count; i++)
            if (d->sums[s].parts[i] == node)
                climb(d, d->sums[s].node, seen, list, count);
}

static struct above above_of(struct arena *a, const struct secrecy_dimension *d)
{
    struct above out = {NEW(a, size_t, d->nodes + 1), NULL};
    size_t count = 0, capacity = 0;
    ARENA_SCOPE(work);
    bool *seen = NEW(work, bool, d->nodes + 1);
    int32_t *list = NEW(work, int32_t, d->nodes + 1);
    for (size_t n = 0; n < d->nodes; n++) {
        size_t found = 0;
        climb(d, (int32_t)n, seen, list, &found);
        for (size_t i = 0; i < found; i++) {
            *PUSH(a, out.at, count, capacity) = list[i];
            seen[list[i]] = false;
        }
        out.from[n + 1] = count;
    }
    return out;
}

/* Calls back for each place a line is in. */
static void each_place(const struct secrecy_layout *l, const struct above *above,
                       const struct secrecy_lines *lines, size_t line, void (*with)(void *, size_t, size_t),
                       void *context)
{
    size_t places[LIMIT_SECRECY_ABOVE], count = 1;
    places[0] = 0;
    for (size_t d = 0; d < l->dimensions; d++) {
        size_t node = (size_t)lines->node[d][line], first = above[d].from[node];
        size_t more = above[d].from[node + 1] - first, had = count;
        for (size_t k = more; k-- > 0;)
            for (size_t i = 0; i < had; i++)
                places[k * had + i] = places[i] + (size_t)above[d].at[first + k] * l->stride[d];
        count = had * more;
    }
    for (size_t i = 0; i < count; i++)
        with(context, places[i], line);
}

struct tabulation {
    size_t *from;  /* of each place's lines */
    int32_t *line; /* in the order they came */
};

static void count_line(void *context, size_t place, size_t line)
{
    (void)line;
    ((struct tabulation *)context)->from[place + 1]++;
}
static void put_line(void *context, size_t place, size_t line)
{
    struct tabulation *t = context;
    t->line[t->from[place]++] = (int32_t)line;
}

static struct fault *find_above(struct arena *a, const struct secrecy_layout *l, struct above *above)
{
    size_t places = 1;
    for (size_t d = 0; d < l->dimensions; d++) {
        size_t most = 0;
        above[d] = above_of(a, &l->dimension[d]);
        for (size_t n = 0; n < l->dimension[d].nodes; n++)
            most = above[d].from[n + 1] - above[d].from[n] > most ? above[d].from[n + 1] - above[d].from[n]
                                                                  : most;
        places *= most;
        if (places > LIMIT_SECRECY_ABOVE)
            return fault(FAULT_LIMIT, "A line is in more than %d places.", LIMIT_SECRECY_ABOVE);
    }
    return NULL;
}

static struct tabulation gather_lines(struct arena *a, const struct secrecy_layout *l,
                                      const struct above *above, const struct secrecy_lines *lines)
{
    struct tabulation t = {NEW(a, size_t, l->places + 2), NULL};
    t.from++; /* put_line() moves each start to its end, which is the next one's start */
    for (size_t i = 0; i < lines->count; i++)
        each_place(l, above, lines, i, count_line, &t);
    for (size_t p = 0; p < l->places; p++)
        t.from[p + 1] += t.from[p];
    t.line = NEW(a, int32_t, t.from[l->places] + 1);
    for (size_t i = 0; i < lines->count; i++)
        each_place(l, above, lines, i, put_line, &t);
    t.from--;
    return t;
}

struct pair {
    int32_t group, unit;
    bool natural;
    double value;
};

static int by_group_then_unit(const void *a, const void *b)
{
    const struct pair *x = a, *y = b;
    int group = (x->group > y->group) - (x->group < y->group);
    return group ? group : (x->unit > y->unit) - (x->unit < y->unit);
}

/* The cell of some lines: a share a group, a unit counted once. */
static struct secrecy_cell cell_of_lines(struct arena *a, const struct secrecy_lines *lines,
                                         const int32_t *line, size_t count, struct secrecy_rules rules)
{
    ARENA_SCOPE(work);
    struct pair *pairs = NEW(work, struct pair, count + 1);
    struct secrecy_share *shares = NEW(a, struct secrecy_share, count + 1);
    size_t kept = 0;
    double value = 0;
    for (size_t i = 0; i < count; i++) {
        pairs[i] = (struct pair){lines->group[line[i]], lines->unit[line[i]],
                                 lines->natural && lines->natural[line[i]], lines->value[line[i]]};
        value += pairs[i].value;
    }
    qsort(pairs, count, sizeof *pairs, by_group_then_unit);
    for (size_t i = 0; i < count; i++) {
        if (!i || pairs[i - 1].group != pairs[i].group)
            shares[kept++] = (struct secrecy_share){.group = pairs[i].group};
        bool new_unit = !i || pairs[i - 1].group != pairs[i].group || pairs[i - 1].unit != pairs[i].unit;
        shares[kept - 1].units += new_unit;
        shares[kept - 1].natural += new_unit && pairs[i].natural;
        shares[kept - 1].value += pairs[i].value;
    }
    struct secrecy_cell cell = {.value = value, .weight = value, .shares = shares, .share_count = kept};
    secrecy_apply_rules(rules, &cell);
    return cell;
}

/* Places with the same lines: looked up by a hash, told apart by the lists. */
struct known_lists {
    size_t *place; /* + 1; 0: free */
    size_t mask;
};

static uint64_t hash_of(const int32_t *line, size_t count)
{
    uint64_t hash = UINT64_C(0x9e3779b97f4a7c15) + count;
    for (size_t i = 0; i < count; i++) {
        hash ^= (uint64_t)line[i] + UINT64_C(0x9e3779b97f4a7c15);
        hash *= UINT64_C(0xff51afd7ed558ccd);
        hash ^= hash >> 33;
    }
    return hash;
}

/* The place that had the same lines before, or this one. */
static size_t same_lines(struct known_lists *known, const struct tabulation *t, size_t place)
{
    size_t count = t->from[place + 1] - t->from[place];
    const int32_t *mine = t->line + t->from[place];
    for (size_t at = hash_of(mine, count) & known->mask;; at = (at + 1) & known->mask) {
        size_t other = known->place[at] - 1;
        if (!known->place[at]) {
            known->place[at] = place + 1;
            return place;
        }
        if (t->from[other + 1] - t->from[other] == count &&
            memcmp(t->line + t->from[other], mine, count * sizeof *mine) == 0)
            return other;
    }
}

struct fault *secrecy_tabulate(struct arena *a, const struct secrecy_layout *l,
                               const struct secrecy_lines *lines, struct secrecy_rules rules,
                               struct secrecy_model **out, int32_t *cell_of,
                               struct secrecy_holdings *holdings)
{
    struct secrecy_model *m = *out = secrecy_model_new(a);
    struct above above[SECRECY_DIMENSIONS];
    TRY(find_above(a, l, above));
    struct tabulation t = gather_lines(a, l, above, lines);
    struct known_lists known = {.mask = 1};
    while (known.mask < 2 * l->places)
        known.mask *= 2;
    known.place = NEW(a, size_t, known.mask);
    known.mask--;
    for (size_t p = 0; p < l->places; p++) {
        size_t count = t.from[p + 1] - t.from[p], first = p;
        cell_of[p] = SECRECY_NO_CELL;
        if (!count && rules.profile == SECRECY_SURVEY)
            cell_of[p] = secrecy_add_cell(m, (struct secrecy_cell){.alone = SECRECY_NOBODY, .unshown = true});
        if (!count)
            continue;
        if (rules.profile != SECRECY_SURVEY)
            first = same_lines(&known, &t, p);
        cell_of[p] = first < p
                         ? cell_of[first]
                         : secrecy_add_cell(m, cell_of_lines(a, lines, t.line + t.from[p], count, rules));
        TRY(arena_check(a));
    }
    secrecy_add_sums(m, l, cell_of);
    if (holdings)
        *holdings = (struct secrecy_holdings){t.from, t.line};
    return arena_check(a);
}
