/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "schedule/flow.h"

#include <string.h>

#include "arena/arena.h"

/* Nodes: the source, those on the left, those on the right, the sink. Each arc has its reverse beside it, at
 * its index ^ 1. Lengths are profits with the other sign; a potential keeps the reduced ones from 0 on. */
struct graph {
    int nodes, sink;
    const struct flow_network *network;
    int *head, *next, *to, *room; /* arcs out of a node: a list */
    int64_t *length;
    int arcs;
    int64_t *potential, *distance;
    int *level, *at, *queue;
    struct heap_entry {
        int64_t distance;
        int node;
    } * heap;
    int heap_count;
};

enum { SOURCE };
static const int64_t FAR = INT64_MAX;

static void add_arc(struct graph *g, int from, int to, int room, int64_t length)
{
    for (int half = 0; half < 2; half++) {
        int e = g->arcs++;
        g->to[e] = half ? from : to;
        g->room[e] = half ? 0 : room;
        g->length[e] = half ? -length : length;
        g->next[e] = g->head[half ? to : from];
        g->head[half ? to : from] = e;
    }
}

/* What a node takes: its first units at their reward, the others at none. */
static void add_units(struct graph *g, int from, int to, int most, const int64_t *reward)
{
    int unit = 0;
    for (; reward && unit < FLOW_REWARDS && unit < most && reward[unit]; unit++)
        add_arc(g, from, to, 1, -reward[unit]);
    if (unit < most)
        add_arc(g, from, to, most - unit, 0);
}

static void add_all(struct graph *g)
{
    const struct flow_network *n = g->network;
    for (size_t i = 0; i < n->arc_count; i++)
        add_arc(g, 1 + n->arcs[i].from, 1 + n->left + n->arcs[i].to, 1, -n->arcs[i].profit);
    for (int v = 0; v < n->left; v++)
        add_units(g, SOURCE, 1 + v, n->left_most[v], n->reward ? n->reward + FLOW_REWARDS * v : NULL);
    for (int v = 0; v < n->right; v++)
        add_units(g, 1 + n->left + v, g->sink, n->right_most[v],
                  n->reward ? n->reward + FLOW_REWARDS * (n->left + v) : NULL);
}

/* Nothing flows yet and no way leads back: lengths from the source in the order of the nodes. A way of no
 * length past all of them stands for the units that stay, so no potential of the sink is above 0. */
static void first_potentials(struct graph *g)
{
    memset(g->potential, 0, (size_t)g->nodes * sizeof *g->potential);
    for (int v = 0; v < g->nodes - 1; v++)
        for (int e = g->head[v]; e >= 0; e = g->next[e])
            if (g->room[e] && g->potential[v] + g->length[e] < g->potential[g->to[e]])
                g->potential[g->to[e]] = g->potential[v] + g->length[e];
}

static int64_t reduced(const struct graph *g, int from, int e)
{
    return g->length[e] + g->potential[from] - g->potential[g->to[e]];
}

static void heap_put(struct graph *g, int node, int64_t distance)
{
    int i = g->heap_count++;
    for (; i && g->heap[(i - 1) / 2].distance > distance; i = (i - 1) / 2)
        g->heap[i] = g->heap[(i - 1) / 2];
    g->heap[i] = (struct heap_entry){distance, node};
}

static struct heap_entry heap_take(struct graph *g)
{
    struct heap_entry first = g->heap[0], last = g->heap[--g->heap_count];
    int i = 0;
    for (int child; (child = 2 * i + 1) < g->heap_count; i = child) {
        child += child + 1 < g->heap_count && g->heap[child + 1].distance < g->heap[child].distance;
        if (g->heap[child].distance >= last.distance)
            break;
        g->heap[i] = g->heap[child];
    }
    g->heap[i] = last;
    return first;
}

/* Distances up to that of the sink, or of the way past all: whichever is nearer (Dijkstra). */
static int64_t measure(struct graph *g)
{
    int64_t past = -g->potential[g->sink];
    for (int v = 0; v < g->nodes; v++)
        g->distance[v] = FAR;
    g->distance[SOURCE] = 0;
    g->heap_count = 0;
    heap_put(g, SOURCE, 0);
    while (g->heap_count) {
        struct heap_entry nearest = heap_take(g);
        int v = nearest.node;
        if (nearest.distance >= past || v == g->sink)
            break;
        if (nearest.distance > g->distance[v])
            continue;
        for (int e = g->head[v]; e >= 0; e = g->next[e]) {
            int64_t distance = nearest.distance + (g->room[e] ? reduced(g, v, e) : 0);
            if (g->room[e] && distance < g->distance[g->to[e]]) {
                g->distance[g->to[e]] = distance;
                heap_put(g, g->to[e], distance);
            }
        }
    }
    return g->distance[g->sink] < past ? g->distance[g->sink] : past;
}

static void raise_potentials(struct graph *g, int64_t most)
{
    for (int v = 0; v < g->nodes; v++)
        g->potential[v] += g->distance[v] < most ? g->distance[v] : most;
}

/* Steps from the source over arcs of reduced length 0; false when the sink is not reached (Dinic). */
static bool set_levels(struct graph *g)
{
    int count = 0;
    memset(g->level, -1, (size_t)g->nodes * sizeof *g->level);
    memcpy(g->at, g->head, (size_t)g->nodes * sizeof *g->at);
    g->level[SOURCE] = 0;
    g->queue[count++] = SOURCE;
    for (int i = 0; i < count && g->level[g->sink] < 0; i++)
        for (int v = g->queue[i], e = g->head[v]; e >= 0; e = g->next[e])
            if (g->room[e] && g->level[g->to[e]] < 0 && reduced(g, v, e) == 0) {
                g->level[g->to[e]] = g->level[v] + 1;
                g->queue[count++] = g->to[e];
            }
    return g->level[g->sink] >= 0;
}

/* One unit from the source to the sink; the arcs taken are kept in `queue`, for no deeper call is needed. */
static bool push_one(struct graph *g)
{
    int length = 0, v = SOURCE;
    while (v != g->sink) {
        int e = g->at[v];
        while (e >= 0 && !(g->room[e] && g->level[g->to[e]] == g->level[v] + 1 && reduced(g, v, e) == 0))
            e = g->next[e];
        g->at[v] = e;
        if (e >= 0) {
            g->queue[length++] = e;
            v = g->to[e];
            continue;
        }
        if (!length)
            return false;
        g->level[v] = -1; /* a dead end */
        v = g->to[g->queue[--length] ^ 1];
    }
    for (int i = 0; i < length; i++) {
        g->room[g->queue[i]]--;
        g->room[g->queue[i] ^ 1]++;
    }
    return true;
}

static struct graph *graph_new(struct arena *a, const struct flow_network *n)
{
    struct graph *g = NEW(a, struct graph, 1);
    size_t nodes = (size_t)n->left + (size_t)n->right + 2;
    size_t arcs = 2 * (n->arc_count + (FLOW_REWARDS + 1) * nodes);
    *g = (struct graph){.nodes = (int)nodes, .sink = (int)nodes - 1, .network = n};
    g->head = NEW(a, int, nodes);
    g->next = NEW(a, int, arcs);
    g->to = NEW(a, int, arcs);
    g->room = NEW(a, int, arcs);
    g->length = NEW(a, int64_t, arcs);
    g->potential = NEW(a, int64_t, nodes);
    g->distance = NEW(a, int64_t, nodes);
    g->level = NEW(a, int, nodes);
    g->at = NEW(a, int, nodes);
    g->queue = NEW(a, int, nodes);
    g->heap = NEW(a, struct heap_entry, arcs + 1);
    memset(g->head, -1, nodes * sizeof *g->head);
    return g;
}

static void tell_prices(const struct graph *g, struct flow_prices *p)
{
    int left = g->network->left, right = g->network->right;
    int64_t end = g->potential[g->sink];
    for (int v = 0; v < left; v++)
        p->left[v] = g->potential[1 + v] > 0 ? g->potential[1 + v] : 0;
    for (int v = 0; v < right; v++) {
        int64_t price = end - g->potential[1 + left + v];
        p->right[v] = price > 0 ? price : 0;
    }
    p->unit = -end;
}

void flow_solve(struct arena *a, const struct flow_network *n, bool *used, int64_t *profit,
                struct flow_prices *prices)
{
    struct graph *g = graph_new(a, n);
    int64_t left = n->most;
    add_all(g);
    first_potentials(g);
    *profit = 0;
    while (left > 0) {
        raise_potentials(g, measure(g));
        int64_t gain = -g->potential[g->sink];
        if (gain <= 0)
            break;
        while (left > 0 && set_levels(g))
            for (; left > 0 && push_one(g); left--)
                *profit += gain;
    }
    for (size_t i = 0; i < n->arc_count; i++)
        used[i] = !g->room[2 * i];
    if (prices)
        tell_prices(g, prices);
}
