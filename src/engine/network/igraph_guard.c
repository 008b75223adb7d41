/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "network/igraph_guard.h"

#include <pthread.h>

#include "arena/arena.h"

static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;

static void quietly(const char *reason, const char *file, int line, igraph_error_t error)
{
    (void)reason, (void)file, (void)line, (void)error;
    IGRAPH_FINALLY_FREE();
}

static void without_words(const char *reason, const char *file, int line)
{
    (void)reason, (void)file, (void)line;
}

struct fault *guard_fault(igraph_error_t error)
{
    if (error == IGRAPH_SUCCESS)
        return NULL;
    return fault(error == IGRAPH_ENOMEM ? FAULT_LIMIT : FAULT_BUG, "The network could not be computed: %s.",
                 igraph_strerror(error));
}

static igraph_error_t fill(const struct network *n, struct graph_held *held)
{
    igraph_vector_int_t ends;
    igraph_error_t failed = igraph_vector_int_init(&ends, 2 * (igraph_integer_t)n->count);
    if (failed)
        return failed;
    for (size_t i = 0; i < n->count; i++) {
        VECTOR(ends)[2 * i] = n->ties[i].a;
        VECTOR(ends)[2 * i + 1] = n->ties[i].b;
    }
    failed = igraph_create(&held->graph, &ends, n->nodes, IGRAPH_UNDIRECTED);
    igraph_vector_int_destroy(&ends);
    if (failed)
        return failed;
    failed = igraph_vector_init(&held->weights, (igraph_integer_t)n->count);
    if (failed) {
        igraph_destroy(&held->graph);
        return failed;
    }
    for (size_t i = 0; i < n->count; i++)
        VECTOR(held->weights)[i] = n->ties[i].weight;
    return IGRAPH_SUCCESS;
}

struct fault *guard_open(struct arena *a, const struct network *n, uint64_t seed, struct graph_held **out)
{
    struct graph_held *held = *out = NEW(a, struct graph_held, 1);
    (void)pthread_mutex_lock(&one_at_a_time);
    igraph_set_error_handler(quietly);
    igraph_set_warning_handler(without_words);
    struct fault *failed = guard_fault(igraph_rng_seed(igraph_rng_default(), seed & 0x7fffffff));
    if (!failed)
        failed = guard_fault(fill(n, held));
    if (failed)
        (void)pthread_mutex_unlock(&one_at_a_time);
    return failed;
}

void guard_close(struct graph_held *held)
{
    igraph_destroy(&held->graph);
    igraph_vector_destroy(&held->weights);
    (void)pthread_mutex_unlock(&one_at_a_time);
}
