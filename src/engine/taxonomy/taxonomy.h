/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* taxonomy.h - the trees of terms in which know-how is compared, one tree for each facet.
 *
 * (The records of a space are struct taxonomy and struct term: hence term_tree and term_node here, since app
 * sees both.) A term is an index into terms[]. Above the top terms of a facet stands a root that is not a
 * term: it is written TERM_NONE, its depth is 1, and the depth of a top term is 2. */
#ifndef GRAPPE_TAXONOMY_H
#define GRAPPE_TAXONOMY_H

#include <stdbool.h>

#include "fault/fault.h"
#include "text/slice.h"

struct arena;

enum facet {
    FACET_PROCESS,
    FACET_MATERIAL,
    FACET_COMPONENT,
    FACET_MARKET,
    FACET_CERTIFICATION,
    FACET_SKILL,
    FACETS
};

#define TERM_NONE (-1)
#define TAXONOMY_DEPTH_MAX 32

/* A term as it is written down. Lists are separated by `|`; a synonym that starts with `~` means something
 * else too. All texts UTF-8, kept by the caller. */
struct term_source {
    enum facet facet;
    struct slice code, parent; /* parent: a code of the same facet, or empty */
    struct slice fr, en, synonyms_fr, synonyms_en;
    struct slice related; /* codes of any facet: a component's processes, a process's materials */
};

struct term_node {
    enum facet facet;
    int parent, depth; /* TERM_NONE: a top term */
    const int *related;
    int related_count;
    struct slice code, fr, en, synonyms_fr, synonyms_en;
};

struct term_tree {
    const struct term_node *terms;
    int count;
    const int *by_code; /* indices in the order of the codes */
};

/* "process" … ; false: no such facet. */
bool facet_parse(struct slice name, enum facet *);
const char *facet_name(enum facet);

/* Reads tab-separated lines `facet code parent fr en synonyms_fr synonyms_en related`, header first; empty
 * lines and lines that start with # are skipped. INVALID names the line. */
struct fault *taxonomy_parse(struct arena *, struct slice tsv, struct term_source **, int *count) MUST_CHECK;

/* Links parents and related terms; the texts stay the caller's. Related codes that do not exist are an error
 * as well: a typing mistake must not silently weaken a match.
 *
 * INVALID  a code twice or empty, an unknown or foreign-facet parent, a cycle, an unknown related code.
 * Cost     O(n log n). */
struct fault *taxonomy_build(struct arena *, const struct term_source *, int count,
                             const struct term_tree **) MUST_CHECK;

int taxonomy_find(const struct term_tree *, struct slice code); /* TERM_NONE: unknown */

/* The deepest common ancestor (a term is its own ancestor); TERM_NONE is the root. Facets must be equal. */
int taxonomy_lca(const struct term_tree *, int a, int b);

/* Wu-Palmer similarity 2 depth(lca) / (depth(a) + depth(b)), in (0, 1], 1 only for a = b; 0 between facets.
 * Cost O(depth). Source: Wu and Palmer (1994), ACL 32, 133-138. */
double taxonomy_similarity(const struct term_tree *, int a, int b);

/* True when `ancestor` is `term` or above it. */
bool taxonomy_within(const struct term_tree *, int term, int ancestor);

#endif
