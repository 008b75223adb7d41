/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "network/network.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "network/igraph_guard.h"

/* --- ties -------------------------------------------------------------------------------------------- */

static int by_ends(const void *x, const void *y)
{
    const struct tie *a = x, *b = y;
    return a->a != b->a ? (a->a > b->a) - (a->a < b->a) : (a->b > b->b) - (a->b < b->b);
}

static struct fault *check_tie(int nodes, const struct tie *t, size_t place)
{
    if (t->a < 0 || t->a >= nodes || t->b < 0 || t->b >= nodes)
        return fault(FAULT_INVALID, "Tie %zu is of a node that does not exist.", place + 1);
    if (!(t->weight > 0) || isinf(t->weight))
        return fault(FAULT_INVALID, "Tie %zu has no weight above 0.", place + 1);
    return NULL;
}

struct fault *network_clean(struct arena *a, int nodes, const struct tie *ties, size_t count, struct network *n)
{
    *n = (struct network){.nodes = nodes};
    if (nodes < 0 || nodes > LIMIT_NETWORK_NODES || count > LIMIT_NETWORK_TIES)
        return fault(FAULT_LIMIT, "A network has at most %d nodes and %d ties.", LIMIT_NETWORK_NODES,
                     LIMIT_NETWORK_TIES);
    struct tie *clean = NEW(a, struct tie, count + 1);
    size_t kept = 0, last = 0;
    for (size_t i = 0; i < count; i++) {
        TRY(check_tie(nodes, &ties[i], i));
        int low = ties[i].a < ties[i].b ? ties[i].a : ties[i].b;
        if (ties[i].a == ties[i].b)
            n->loops++;
        else
            clean[kept++] = (struct tie){low, ties[i].a + ties[i].b - low, ties[i].weight};
    }
    if (kept)
        qsort(clean, kept, sizeof *clean, by_ends);
    for (size_t i = 1; i < kept; i++) {
        if (by_ends(&clean[last], &clean[i]) == 0)
            clean[last].weight += clean[i].weight;
        else
            clean[++last] = clean[i];
    }
    n->ties = clean;
    n->count = kept ? last + 1 : 0;
    return arena_check(a);
}

/* --- what holds it together --------------------------------------------------------------------------- */

static struct fault *read_joints(struct graph_held *g, const struct network *n, struct joints *j)
{
    igraph_vector_int_t list;
    igraph_integer_t parts = 0;
    GUARD(igraph_vector_int_init(&list, 0));
    igraph_error_t failed = igraph_articulation_points(&g->graph, &list);
    for (igraph_integer_t i = 0; !failed && i < igraph_vector_int_size(&list); i++)
        j->cut[VECTOR(list)[i]] = true;
    if (!failed)
        failed = igraph_bridges(&g->graph, &list);
    for (igraph_integer_t i = 0; !failed && i < igraph_vector_int_size(&list); i++)
        j->bridge[VECTOR(list)[i]] = true;
    if (!failed)
        failed = igraph_connected_components(&g->graph, &list, NULL, &parts, IGRAPH_WEAK);
    for (int v = 0; !failed && v < n->nodes; v++)
        j->part[v] = (int)VECTOR(list)[v];
    igraph_vector_int_destroy(&list);
    j->parts = (int)parts;
    return guard_fault(failed);
}

static struct fault *read_betweenness(struct graph_held *g, const struct network *n, double *betweenness)
{
    igraph_vector_t ways;
    GUARD(igraph_vector_init(&ways, 0));
    igraph_error_t failed = igraph_betweenness(&g->graph, &ways, igraph_vss_all(), false, NULL);
    for (int v = 0; !failed && v < n->nodes; v++)
        betweenness[v] = VECTOR(ways)[v];
    igraph_vector_destroy(&ways);
    return guard_fault(failed);
}

struct fault *network_joints(struct arena *a, const struct network *n, bool between, struct joints *j)
{
    struct graph_held *g = NULL;
    *j = (struct joints){.cut = NEW(a, bool, n->nodes + 1),
                         .bridge = NEW(a, bool, n->count + 1),
                         .part = NEW(a, int, n->nodes + 1),
                         .betweenness = between ? NEW(a, double, n->nodes + 1) : NULL};
    if (!n->nodes)
        return arena_check(a);
    TRY(guard_open(a, n, 0, &g));
    struct fault *failed = read_joints(g, n, j);
    if (!failed && between)
        failed = read_betweenness(g, n, j->betweenness);
    guard_close(g);
    return failed ? failed : arena_check(a);
}

/* --- where to draw it --------------------------------------------------------------------------------- */

static void into_unit(double *values, int count)
{
    double low = INFINITY, high = -INFINITY;
    for (int i = 0; i < count; i++) {
        low = fmin(low, values[i]);
        high = fmax(high, values[i]);
    }
    for (int i = 0; i < count; i++)
        values[i] = high > low ? (values[i] - low) / (high - low) : .5;
}

struct fault *network_layout(struct arena *a, const struct network *n, uint64_t seed, double *x, double *y)
{
    enum { ITERATIONS = 500 };
    struct graph_held *g = NULL;
    igraph_matrix_t places;
    if (!n->nodes)
        return NULL;
    TRY(guard_open(a, n, seed, &g));
    igraph_error_t failed = igraph_matrix_init(&places, 0, 0);
    if (!failed) {
        failed =
            igraph_layout_fruchterman_reingold(&g->graph, &places, false, ITERATIONS, sqrt(n->nodes),
                                               IGRAPH_LAYOUT_AUTOGRID, &g->weights, NULL, NULL, NULL, NULL);
        for (int v = 0; !failed && v < n->nodes; v++) {
            x[v] = MATRIX(places, v, 0);
            y[v] = MATRIX(places, v, 1);
        }
        igraph_matrix_destroy(&places);
    }
    guard_close(g);
    into_unit(x, n->nodes);
    into_unit(y, n->nodes);
    return guard_fault(failed);
}
