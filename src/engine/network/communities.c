/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "network/igraph_guard.h"
#include "random/random.h"

/* igraph 0.10.2 with a negative number of iterations never ends without ties, and stops too soon with them
 * (its issue 2798): always a positive number. */
enum { ITERATIONS = 10 };
static const double FOUND = .75; /* Jaccard from which a community counts as the same (Hennig 2007) */

/* --- how alike two partitions are ---------------------------------------------------------------------- */

struct cell {
    int x, y, count;
};

static int by_pair(const void *a, const void *b)
{
    const struct cell *p = a, *q = b;
    return p->x != q->x ? (p->x > q->x) - (p->x < q->x) : (p->y > q->y) - (p->y < q->y);
}

/* Communities of the one that meet communities of the other, and in how many nodes. */
static struct cell *meetings(struct arena *a, const int *x, const int *y, int nodes, size_t *count)
{
    struct cell *cells = NEW(a, struct cell, nodes + 1);
    for (int v = 0; v < nodes; v++)
        cells[v] = (struct cell){x[v], y[v], 1};
    if (nodes)
        qsort(cells, (size_t)nodes, sizeof *cells, by_pair);
    *count = 0;
    for (int v = 0; v < nodes; v++) {
        if (*count && by_pair(&cells[*count - 1], &cells[v]) == 0)
            cells[*count - 1].count++;
        else
            cells[(*count)++] = cells[v];
    }
    return cells;
}

static int *sizes_of(struct arena *a, const int *of, int nodes)
{
    int *sizes = NEW(a, int, nodes + 1);
    for (int v = 0; v < nodes; v++)
        sizes[of[v]]++;
    return sizes;
}

static double pairs(double count)
{
    return count * (count - 1) / 2;
}

double adjusted_rand(struct arena *a, const int *x, const int *y, int nodes)
{
    size_t count;
    double both = 0, in_x = 0, in_y = 0;
    const struct cell *cells = meetings(a, x, y, nodes, &count);
    const int *sizes_x = sizes_of(a, x, nodes), *sizes_y = sizes_of(a, y, nodes);
    for (size_t i = 0; i < count; i++)
        both += pairs(cells[i].count);
    for (int c = 0; c < nodes; c++) {
        in_x += pairs(sizes_x[c]);
        in_y += pairs(sizes_y[c]);
    }
    double by_chance = in_x * in_y / pairs(nodes), most = (in_x + in_y) / 2;
    return most == by_chance ? NAN : (both - by_chance) / (most - by_chance);
}

/* --- runs ---------------------------------------------------------------------------------------------- */

struct leiden {
    struct graph_held *held;
    igraph_vector_t node_weights;
    igraph_vector_int_t membership;
    double resolution;
};

static struct fault *prepare(struct arena *a, const struct network *n, const struct communities_request *q,
                             struct leiden *l)
{
    double sum = 0;
    TRY(guard_open(a, n, q->seed, &l->held));
    igraph_error_t failed = igraph_vector_init(&l->node_weights, n->nodes);
    if (failed) {
        guard_close(l->held);
        return guard_fault(failed);
    }
    failed = igraph_vector_int_init(&l->membership, n->nodes);
    if (failed) {
        igraph_vector_destroy(&l->node_weights);
        guard_close(l->held);
        return guard_fault(failed);
    }
    for (size_t i = 0; i < n->count; i++) {
        sum += n->ties[i].weight;
        VECTOR(l->node_weights)[n->ties[i].a] += n->ties[i].weight;
        VECTOR(l->node_weights)[n->ties[i].b] += n->ties[i].weight;
    }
    l->resolution = q->resolution;
    if (q->objective == OBJECTIVE_MODULARITY)
        l->resolution /= 2 * sum; /* of nodes that weigh what their ties do */
    else
        igraph_vector_fill(&l->node_weights, 1);
    return NULL;
}

static void leave(struct leiden *l)
{
    igraph_vector_destroy(&l->node_weights);
    igraph_vector_int_destroy(&l->membership);
    guard_close(l->held);
}

static struct fault *run(struct leiden *l, int nodes, int *of, double *quality)
{
    static const double RANDOMNESS = .01; /* of the refinement, as its authors have it */
    GUARD(igraph_community_leiden(&l->held->graph, &l->held->weights, &l->node_weights, l->resolution,
                                  RANDOMNESS, false, ITERATIONS, &l->membership, NULL, quality));
    for (int v = 0; v < nodes; v++)
        of[v] = (int)VECTOR(l->membership)[v];
    return NULL;
}

struct rank {
    int community, size, first;
};

static int largest_first(const void *a, const void *b)
{
    const struct rank *x = a, *y = b;
    return x->size != y->size ? y->size - x->size : (x->first > y->first) - (x->first < y->first);
}

/* Numbers by size. */
static void settle(struct arena *a, int nodes, const int *of, struct communities *c)
{
    struct rank *ranks = NEW(a, struct rank, nodes + 1);
    int *number = NEW(a, int, nodes + 1);
    for (int v = nodes - 1; v >= 0; v--) {
        ranks[of[v]].community = of[v];
        ranks[of[v]].size++;
        ranks[of[v]].first = v;
    }
    if (nodes)
        qsort(ranks, (size_t)nodes, sizeof *ranks, largest_first);
    c->count = 0;
    c->of = NEW(a, int, nodes + 1);
    c->size = NEW(a, int, nodes + 1);
    for (; c->count < nodes && ranks[c->count].size; c->count++) {
        number[ranks[c->count].community] = c->count;
        c->size[c->count] = ranks[c->count].size;
    }
    for (int v = 0; v < nodes; v++)
        c->of[v] = number[of[v]];
}

/* What one run says of the communities that were kept. */
static void compare(const struct network *n, const int *other, struct communities *c, double *rand_sum)
{
    ARENA_SCOPE(work);
    size_t count;
    const struct cell *cells = meetings(work, c->of, other, n->nodes, &count);
    const int *sizes = sizes_of(work, other, n->nodes);
    double *best = NEW(work, double, c->count + 1);
    for (size_t i = 0; i < count; i++) {
        double jaccard = (double)cells[i].count / (c->size[cells[i].x] + sizes[cells[i].y] - cells[i].count);
        best[cells[i].x] = fmax(best[cells[i].x], jaccard);
    }
    for (int k = 0; k < c->count; k++) {
        c->stability[k] += best[k];
        c->found[k] += best[k] >= FOUND;
    }
    *rand_sum += adjusted_rand(work, c->of, other, n->nodes);
}

static double density(const struct network *n)
{
    double sum = 0;
    for (size_t i = 0; i < n->count; i++)
        sum += n->ties[i].weight;
    return sum / pairs(n->nodes);
}

static struct fault *check(const struct network *n, const struct communities_request *q,
                           struct communities_request *used)
{
    *used = *q;
    if (q->runs < 1)
        return fault(FAULT_INVALID, "At least one run is needed.");
    if (isnan(q->resolution) && n->nodes > 1)
        used->resolution = q->objective == OBJECTIVE_MODULARITY ? 1 : 2 * density(n);
    return isinf(used->resolution) || used->resolution < 0
               ? fault(FAULT_INVALID, "The resolution is a number from 0 on.")
               : NULL;
}

static void everybody_alone(struct arena *a, const struct network *n, struct communities *c)
{
    int *of = NEW(a, int, n->nodes + 1);
    for (int v = 0; v < n->nodes; v++)
        of[v] = v;
    settle(a, n->nodes, of, c);
    c->stability = NEW(a, double, n->nodes + 1);
    c->found = NEW(a, int, n->nodes + 1);
    for (int v = 0; v < n->nodes; v++) {
        c->stability[v] = 1;
        c->found[v] = c->runs;
    }
}

static struct fault *all_runs(const struct network *n, const struct communities_request *q, struct leiden *l,
                              int *of, int *made, double *best, int *best_run)
{
    for (*made = 0; *made < q->runs;) {
        double quality = 0;
        TRY(run(l, n->nodes, of + (size_t)*made * (size_t)n->nodes, &quality));
        if (!*made || quality > *best) {
            *best = quality;
            *best_run = *made;
        }
        ++*made;
        if (q->tell && !q->tell(q->with, *made, q->runs))
            break;
    }
    return NULL;
}

struct fault *network_communities(struct arena *a, const struct network *n,
                                  const struct communities_request *q, struct communities *c)
{
    struct communities_request used;
    struct leiden l = {0};
    double rand_sum = 0;
    int best = 0;
    TRY(check(n, q, &used));
    *c = (struct communities){
        .quality = NAN, .agreement = NAN, .resolution = used.resolution, .runs = used.runs};
    if (!n->count) {
        everybody_alone(a, n, c);
        return arena_check(a);
    }
    struct arena *work = arena_new(LIMIT_COMMAND_MEMORY);
    int *of = NEW(work, int, (size_t)n->nodes *(size_t)used.runs);
    struct fault *failed = prepare(work, n, &used, &l);
    if (!failed) {
        failed = all_runs(n, &used, &l, of, &c->runs, &c->quality, &best);
        leave(&l);
    }
    if (!failed) {
        settle(a, n->nodes, of + (size_t)best * (size_t)n->nodes, c);
        c->stability = NEW(a, double, c->count + 1);
        c->found = NEW(a, int, c->count + 1);
        for (int r = 0; r < c->runs; r++)
            compare(n, of + (size_t)r * (size_t)n->nodes, c, &rand_sum);
        for (int k = 0; k < c->count; k++)
            c->stability[k] /= c->runs;
        if (c->runs > 1) /* itself left out */
            c->agreement = (rand_sum - 1) / (c->runs - 1);
    }
    arena_free(work);
    return failed ? failed : arena_check(a);
}

/* --- against chance ------------------------------------------------------------------------------------ */

/* As many ties for everybody, other partners; the weights are dealt out in a new order. */
static struct fault *rewire(struct arena *work, const struct network *n, uint64_t seed, struct tie *ties)
{
    struct graph_held *g = NULL;
    struct random random = random_seeded(seed, 3);
    igraph_integer_t from, to;
    TRY(guard_open(work, n, seed, &g));
    igraph_error_t failed = igraph_rewire(&g->graph, 10 * (igraph_integer_t)n->count, IGRAPH_REWIRING_SIMPLE);
    for (size_t i = 0; !failed && i < n->count; i++) {
        failed = igraph_edge(&g->graph, (igraph_integer_t)i, &from, &to);
        ties[i] = (struct tie){(int)from, (int)to, n->ties[i].weight};
    }
    guard_close(g);
    for (size_t i = n->count; i > 1; i--) {
        size_t j = random_below(&random, i);
        double kept = ties[i - 1].weight;
        ties[i - 1].weight = ties[j].weight;
        ties[j].weight = kept;
    }
    return guard_fault(failed);
}

struct fault *network_significance(struct arena *a, const struct network *n,
                                   const struct communities_request *q, int *rewirings, double *share)
{
    struct communities real, chance;
    struct communities_request once = *q;
    int reached = 0, made = 0;
    *share = NAN;
    once.runs = 1;
    once.tell = NULL;
    if (!n->count)
        return NULL;
    TRY(network_communities(a, n, &once, &real));
    once.resolution = real.resolution;
    for (bool go_on = true; go_on && made < *rewirings; made++) {
        ARENA_SCOPE(work);
        struct network other;
        struct tie *ties = NEW(work, struct tie, n->count);
        once.seed = q->seed + 1 + (uint64_t)made;
        TRY(rewire(work, n, once.seed, ties));
        TRY(network_clean(work, n->nodes, ties, n->count, &other));
        TRY(network_communities(work, &other, &once, &chance));
        reached += chance.quality >= real.quality;
        go_on = !q->tell || q->tell(q->with, made + 1, *rewirings);
    }
    *rewirings = made;
    *share = (reached + 1.0) / (made + 1.0);
    return NULL;
}
