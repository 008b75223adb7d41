/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef GRAPPE_TAXONOMY_VIEW_H
#define GRAPPE_TAXONOMY_VIEW_H

#include "catalogue/catalogue.h"
#include "pages/frame.h"

struct tree_link {
    const char *href, *label;
    int64_t count;
    bool current;
};

/* A term with its narrower ones. */
struct tree_node {
    const struct term *term;
    const char *label, *other; /* other: in the other language */
    const char *about;         /* the words of the link to its page, where the label opens the branch */
    const char *said;          /* the synonym that met what one searches; NULL */
    int64_t count;             /* organisations that have it */
    bool matched, retired;
    const struct tree_node *children;
    size_t child_count;
};

struct taxonomy_view {
    struct frame frame;
    const struct tree_link *facets;
    size_t facet_count;
    const char *facet, *facet_label, *query, *announce, *new_href;
    const struct tree_node *roots;
    size_t root_count;
    bool open; /* every branch: these are the matches */
};

struct term_view {
    struct frame frame;
    int64_t id;
    const char *name, *other, *facet_label, *facet_href, *code, *retired, *directory_href;
    const char *edit_href, *add_href, *retire_href, *revive_href; /* NULL: not for this person */
    const struct tree_link *broader, *narrower, *related, *organisations;
    size_t broader_count, narrower_count, related_count, organisation_count;
    const char *const *synonyms, *const *synonyms_en;
    size_t synonym_count, synonym_en_count;
    int64_t count;
};

void taxonomy_tree_draw(struct html *, const struct tree_node *, size_t count, int depth, bool open);

#endif
