/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* igraph_guard.h - igraph held safely: one call at a time, its chance seeded, its errors as faults; private
 * to network/. */
#ifndef GRAPPE_IGRAPH_GUARD_H
#define GRAPPE_IGRAPH_GUARD_H

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
#include <igraph.h>
#pragma GCC diagnostic pop

#include "network/network.h"

struct graph_held {
    igraph_t graph;
    igraph_vector_t weights;
};

/* From here until guard_close() igraph is ours; `seed` begins its chance. */
struct fault *guard_open(struct arena *, const struct network *, uint64_t seed,
                         struct graph_held **) MUST_CHECK;
void guard_close(struct graph_held *);

struct fault *guard_fault(igraph_error_t) MUST_CHECK; /* NULL for success */
#define GUARD(call) TRY(guard_fault(call))

#endif
