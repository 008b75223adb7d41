/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "taxonomy/taxonomy.h"

#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"

static const char *const facet_names[FACETS] = {"process", "material",      "component",
                                                "market",  "certification", "skill"};

bool facet_parse(struct slice name, enum facet *out)
{
    for (int i = 0; i < FACETS; i++)
        if (slice_equal(name, slice_of(facet_names[i]))) {
            *out = (enum facet)i;
            return true;
        }
    return false;
}

const char *facet_name(enum facet f)
{
    return facet_names[f];
}

static struct fault *parse_line(struct slice line, int number, struct term_source *out)
{
    struct slice facet = {0}, *const columns[] = {
                                  &facet,   &out->code,        &out->parent,      &out->fr,
                                  &out->en, &out->synonyms_fr, &out->synonyms_en, &out->related};
    struct slice part;
    size_t i = 0;
    while (slice_cut(&line, '\t', &part)) {
        if (i >= COUNT(columns))
            return fault(FAULT_INVALID, "Taxonomy, line %d: more than %zu columns.", number, COUNT(columns));
        *columns[i++] = slice_trim(part);
    }
    if (!facet_parse(facet, &out->facet))
        return fault(FAULT_INVALID, "Taxonomy, line %d: \"%.*s\" is not a facet.", number, SLICE_ARGS(facet));
    return NULL;
}

struct fault *taxonomy_parse(struct arena *a, struct slice tsv, struct term_source **out, int *count)
{
    struct slice line;
    int n = 0, capacity = 0;
    bool header = true;
    struct term_source *list = NULL;
    for (int number = 1; slice_cut(&tsv, '\n', &line); number++) {
        struct slice text = slice_trim(line);
        if (!text.len || *text.ptr == '#')
            continue;
        if (header) {
            header = false;
            continue;
        }
        struct term_source *t = PUSH(a, list, n, capacity);
        TRY(parse_line(line, number, t));
        TRY(arena_check(a));
    }
    *out = list;
    *count = n;
    return NULL;
}

struct by_code {
    struct slice code;
    int term;
};

static int compare_codes(const void *a, const void *b)
{
    const struct by_code *x = a, *y = b;
    return slice_compare(x->code, y->code);
}

int taxonomy_find(const struct term_tree *t, struct slice code)
{
    int low = 0, high = t->count - 1;
    while (low <= high) {
        int middle = (low + high) / 2, order = slice_compare(t->terms[t->by_code[middle]].code, code);
        if (order == 0)
            return t->by_code[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle - 1;
    }
    return TERM_NONE;
}

static struct fault *order_by_code(struct arena *a, const struct term_source *source,
                                   const struct term_tree *t, int *by_code)
{
    struct by_code *order = NEW(a, struct by_code, t->count);
    for (int i = 0; i < t->count; i++) {
        if (!source[i].code.len)
            return fault(FAULT_INVALID, "Term %d has no code.", i + 1);
        order[i] = (struct by_code){source[i].code, i};
    }
    qsort(order, (size_t)t->count, sizeof *order, compare_codes);
    for (int i = 0; i < t->count; i++) {
        by_code[i] = order[i].term;
        if (i && slice_equal(order[i].code, order[i - 1].code))
            return fault(FAULT_INVALID, "The code \"%.*s\" is given to two terms.",
                         SLICE_ARGS(order[i].code));
    }
    return NULL;
}

static struct fault *link_parent(const struct term_tree *t, struct slice parent, struct term_node *term)
{
    term->parent = TERM_NONE;
    if (!parent.len)
        return NULL;
    term->parent = taxonomy_find(t, parent);
    if (term->parent == TERM_NONE)
        return fault(FAULT_INVALID, "Term \"%.*s\": its parent \"%.*s\" does not exist.",
                     SLICE_ARGS(term->code), SLICE_ARGS(parent));
    if (t->terms[term->parent].facet != term->facet)
        return fault(FAULT_INVALID, "Term \"%.*s\": its parent \"%.*s\" is of another facet.",
                     SLICE_ARGS(term->code), SLICE_ARGS(parent));
    return NULL;
}

static struct fault *link_related(struct arena *a, const struct term_tree *t, struct slice list,
                                  struct term_node *term)
{
    int *related = NULL, count = 0, capacity = 0;
    struct slice code;
    while (slice_cut(&list, '|', &code)) {
        code = slice_trim(code);
        if (!code.len)
            continue;
        int found = taxonomy_find(t, code);
        if (found == TERM_NONE)
            return fault(FAULT_INVALID, "Term \"%.*s\": the related term \"%.*s\" does not exist.",
                         SLICE_ARGS(term->code), SLICE_ARGS(code));
        *PUSH(a, related, count, capacity) = found;
    }
    term->related = related;
    term->related_count = count;
    return NULL;
}

static struct fault *measure_depth(struct term_node *terms, int at)
{
    int depth = 2;
    for (int up = terms[at].parent; up != TERM_NONE; up = terms[up].parent)
        if (++depth > TAXONOMY_DEPTH_MAX)
            return fault(FAULT_INVALID, "Term \"%.*s\": its parents form a circle, or are more than %d.",
                         SLICE_ARGS(terms[at].code), TAXONOMY_DEPTH_MAX);
    terms[at].depth = depth;
    return NULL;
}

struct fault *taxonomy_build(struct arena *a, const struct term_source *source, int count,
                             const struct term_tree **out)
{
    struct term_tree *t = NEW(a, struct term_tree, 1);
    struct term_node *terms = NEW(a, struct term_node, count);
    int *by_code = NEW(a, int, count);
    *t = (struct term_tree){.terms = terms, .count = count, .by_code = by_code};
    for (int i = 0; i < count; i++)
        terms[i] = (struct term_node){.facet = source[i].facet,
                                      .code = source[i].code,
                                      .fr = source[i].fr,
                                      .en = source[i].en,
                                      .synonyms_fr = source[i].synonyms_fr,
                                      .synonyms_en = source[i].synonyms_en};
    TRY(order_by_code(a, source, t, by_code));
    for (int i = 0; i < count; i++) {
        TRY(link_parent(t, source[i].parent, &terms[i]));
        TRY(link_related(a, t, source[i].related, &terms[i]));
    }
    for (int i = 0; i < count; i++)
        TRY(measure_depth(terms, i));
    *out = t;
    return NULL;
}

int taxonomy_lca(const struct term_tree *t, int a, int b)
{
    while (a != b) {
        int depth_a = a == TERM_NONE ? 1 : t->terms[a].depth,
            depth_b = b == TERM_NONE ? 1 : t->terms[b].depth;
        if (depth_a >= depth_b)
            a = t->terms[a].parent;
        if (depth_b >= depth_a)
            b = t->terms[b].parent;
    }
    return a;
}

double taxonomy_similarity(const struct term_tree *t, int a, int b)
{
    if (t->terms[a].facet != t->terms[b].facet)
        return 0;
    int shared = taxonomy_lca(t, a, b);
    return 2.0 * (shared == TERM_NONE ? 1 : t->terms[shared].depth) / (t->terms[a].depth + t->terms[b].depth);
}

bool taxonomy_within(const struct term_tree *t, int term, int ancestor)
{
    while (term != TERM_NONE && term != ancestor)
        term = t->terms[term].parent;
    return term == ancestor;
}
