/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* secrecy_fuzz.c - any bytes as a hierarchy, as bare data, as a published table and as a log: either a fault,
 * or a table that keeps its secrets, and bounds with every shown value between them. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "arena/arena.h"
#include "commands/secrecy_files.h"
#include "commands/secrecy_log.h"
#include "secrecy/attack.h"
#include "secrecy/audit.h"
#include "secrecy/protect.h"
#include "table/table.h"
#include "words/words.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST_PLACES = 120 }; /* a fuzzer has other things to do */

static void require(bool holds)
{
    if (!holds)
        abort();
}

static struct table *opened(struct arena *a, struct slice bytes)
{
    struct table *t = NULL;
    require(!table_open_bytes(a, bytes, NULL, &t));
    return t;
}

/* The dimensions "commune", summed as `path` says or to "total", and "naf". */
static bool named(struct arena *a, struct secrecy_trees *trees, const char *path)
{
    *trees = (struct secrecy_trees){0};
    require(!secrecy_tree_name(a, trees, path ? arena_print(a, "commune=%s", path) : "commune"));
    require(!secrecy_tree_name(a, trees, "naf"));
    for (size_t d = 0; d < trees->count; d++)
        if (secrecy_tree_read(a, trees, d))
            return false;
    return true;
}

static void protect(struct arena *a, const struct secrecy_trees *trees, const struct secrecy_data *data)
{
    struct secrecy_rules rules = {SECRECY_FIRMS, data->digit};
    struct secrecy_model *m = NULL;
    struct secrecy_pattern pattern;
    struct secrecy_audit audit;
    if (trees->layout.places > MOST_PLACES)
        return;
    int32_t *cell_of = NEW(a, int32_t, trees->layout.places);
    require(!secrecy_tabulate(a, &trees->layout, &data->lines, rules, &m, cell_of, NULL));
    require(!secrecy_protect(
        a, m, (struct secrecy_options){.rules = rules, .insiders = true, .residuals = true, .tries = 1},
        &pattern));
    int32_t *same = NEW(a, int32_t, m->count + 1);
    for (size_t i = 0; i < m->count; i++)
        same[i] = (int32_t)i;
    struct secrecy_publication seen = {.model = m,
                                       .hidden = pattern.hidden,
                                       .truth = m,
                                       .truth_of = same,
                                       .rules = rules,
                                       .insiders = true,
                                       .residuals = true};
    require(!secrecy_audit(a, &seen, &audit) && !audit.broken);
}

static void attack(struct arena *a, const struct secrecy_trees *trees,
                   const struct secrecy_published *published)
{
    size_t places = trees->layout.places;
    bool *hidden;
    if (places > MOST_PLACES)
        return;
    int32_t *cell_of = NEW(a, int32_t, places);
    struct secrecy_model *m = secrecy_published_model(a, &trees->layout, published, cell_of, &hidden);
    struct attacker *k = attacker_new(a, m, hidden, false);
    for (size_t i = 0; i < m->count; i++) {
        double low = 0, high = 0;
        if (hidden[i] && !attacker_bounds(k, (int32_t)i, &low, &high))
            require(low >= 0 && high >= low - 1e-6 * fmax(1, fabs(low)));
    }
}

static void read_tables(struct slice bytes, const char *path)
{
    static const struct secrecy_columns columns = {.value = "value", .unit = "unit", .group = "group"};
    ARENA_SCOPE(a);
    struct secrecy_trees trees;
    struct secrecy_data data;
    struct secrecy_published published;
    if (named(a, &trees, path) && !secrecy_data_read(a, opened(a, bytes), "data", &trees, columns, &data))
        protect(a, &trees, &data);
    if (named(a, &trees, path) && !secrecy_published_read(a, opened(a, bytes), "table", &trees, &published))
        attack(a, &trees, &published);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ARENA_SCOPE(a);
    struct slice bytes = {(const char *)data, size};
    struct table *t = NULL;
    int file = memfd_create("input", 0);
    const char *path = arena_print(a, "/proc/self/fd/%d", file);
    require(file >= 0 && write(file, data, size) == (ssize_t)size);
    struct secrecy_log log = {.path = path,
                              .variable = "jobs",
                              .period = "",
                              .units = vocabulary_new(a),
                              .groups = vocabulary_new(a)};
    if (!secrecy_log_read(a, &log))
        for (size_t i = 0; i < log.count; i++)
            require(log.sets[i].value >= 0 && isfinite(log.sets[i].value));
    log.variable = NULL; /* of the last line */
    if (!secrecy_log_read(a, &log))
        require(log.naming_count == log.count);
    if (!table_open_bytes(a, bytes, NULL, &t)) {
        read_tables(bytes, path);
        read_tables(bytes, NULL);
    }
    (void)close(file);
    return 0;
}
