/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "taxonomies/taxonomies.h"

#include "arena/arena.h"
#include "i18n/i18n.h"
#include "records/choices.h"
#include "records/records.h"
#include "rows/rows.h"
#include "taxonomy/builtin.h"
#include "taxonomy/taxonomy.h"
#include "text/buffer.h"

static const char *text_or_null(struct arena *a, struct slice s)
{
    return s.len ? slice_text(a, s) : NULL;
}

static struct fault *install_facets(struct transaction *t)
{
    for (const struct choice *c = term_facets; c->code; c++) {
        struct taxonomy facet;
        record_clear(&taxonomy_type, &facet);
        facet.facet = c->code;
        facet.label = tr_in(LANGUAGE_FR, c->label);
        facet.label_en = c->label;
        TRY(rows_insert(t, &taxonomy_type, &facet, 0));
    }
    return NULL;
}

/* Parents before children, so that a reference never points at nothing. */
static struct fault *install_term(struct transaction *t, struct arena *a, const struct term_tree *tree,
                                  int at, int64_t *ids)
{
    const struct term_node *node = &tree->terms[at];
    if (ids[at])
        return NULL;
    if (node->parent != TERM_NONE)
        TRY(install_term(t, a, tree, node->parent, ids));
    struct term term;
    record_clear(&term_type, &term);
    term.facet = facet_name(node->facet);
    term.code = slice_text(a, node->code);
    term.parent = node->parent == TERM_NONE ? 0 : ids[node->parent];
    term.label = slice_text(a, node->fr);
    term.label_en = text_or_null(a, node->en);
    term.synonyms = text_or_null(a, node->synonyms_fr);
    term.synonyms_en = text_or_null(a, node->synonyms_en);
    struct buffer *related = buffer_new(a, LIMIT_LONG_TEXT);
    for (int i = 0; i < node->related_count; i++) {
        buffer_text(related, i ? "|" : "");
        buffer_slice(related, tree->terms[node->related[i]].code);
    }
    term.related = text_or_null(a, buffer_view(related));
    TRY(rows_insert(t, &term_type, &term, 0));
    ids[at] = term.id;
    return NULL;
}

struct fault *taxonomies_install(struct transaction *t, struct arena *a)
{
    struct term_source *sources = NULL;
    const struct term_tree *tree = NULL;
    int count = 0;
    TRY(taxonomy_parse(a, taxonomy_builtin(), &sources, &count));
    TRY(taxonomy_build(a, sources, count, &tree));
    TRY(install_facets(t));
    int64_t *ids = NEW(a, int64_t, count + 1);
    for (int i = 0; i < count; i++)
        TRY(install_term(t, a, tree, i, ids));
    return NULL;
}
