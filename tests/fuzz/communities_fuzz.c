/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* communities_fuzz.c - any bytes as ties and as attributes: either a fault, or a network whose every member
 * is in one community, whatever is asked. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "arena/arena.h"
#include "commands/communities_files.h"
#include "table/table.h"
#include "words/words.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST_NODES = 60, MOST_TIES = 300 }; /* a fuzzer has other things to do */

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void look(struct arena *a, const struct network *n, enum objective objective,
                 struct communities *found)
{
    struct communities_request q = {.objective = objective, .resolution = NAN, .runs = 2, .seed = 1};
    require(!network_communities(a, n, &q, found));
    int members = 0;
    for (int k = 0; k < found->count; k++) {
        members += found->size[k];
        require(found->size[k] > 0 && found->stability[k] >= 0 && found->stability[k] <= 1 + 1e-9);
    }
    require(members == n->nodes);
    for (int v = 0; v < n->nodes; v++)
        require(found->of[v] >= 0 && found->of[v] < found->count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ARENA_SCOPE(a);
    struct slice bytes = {(const char *)data, size};
    struct communities_files f = communities_files_new(a);
    struct network network;
    struct communities found;
    struct community_label *labels;
    size_t label_count;
    struct joints joints;
    struct table *t = NULL;
    if (table_open_bytes(a, bytes, NULL, &t) || communities_ties_read(a, t, "ties", &f, &network) ||
        network.nodes > MOST_NODES || network.count > MOST_TIES)
        return 0;
    look(a, &network, OBJECTIVE_MODULARITY, &found);
    look(a, &network, OBJECTIVE_CPM, &found);
    require(!network_joints(a, &network, true, &joints));
    require(!table_open_bytes(a, bytes, NULL, &t));
    if (!communities_attributes_read(a, t, "attributes", &f))
        require(!network_labels(a, &network, &found, f.attributes, f.attribute_count,
                                (int)vocabulary_count(f.values), &labels, &label_count));
    return 0;
}
