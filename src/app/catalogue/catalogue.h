/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* catalogue.h - a space's organisations as one viewer class sees them, held ready in memory.
 *
 * Search, facets and matching work on it. There are three: what a visitor sees, what everyone signed in sees,
 * what a facilitator sees. What only an organisation's own people see is in none of them, so neither a score
 * nor a count nor a suggestion can betray it. A catalogue is made on first use, kept until the space changes,
 * and never altered: whoever holds it (until their arena ends) has one consistent picture. */
#ifndef GRAPPE_CATALOGUE_H
#define GRAPPE_CATALOGUE_H

#include "door/door.h"

struct catalogue_entry {
    struct organisation organisation; /* fields hidden from the class are unknown */
    field_mask shown;
    const struct site *sites, *main_site; /* main_site: the head office, else the first; NULL: none */
    size_t site_count;
    const struct capability *capabilities;
    size_t capability_count;
    const struct certificate *certificates;
    size_t certificate_count;
    const struct equipment *equipment;
    size_t equipment_count;
    const int64_t *terms; /* of all its records, with the broader terms; sorted, distinct */
    size_t term_count;
};

struct catalogue {
    const struct catalogue_entry *entries; /* by name, folded */
    size_t count;
    const struct term *terms; /* every term in use, by id */
    size_t term_count;
    struct catalogue_build *build;           /* the search index and what matching needs: this room's own */
    const struct directory_index *directory; /* app/directory's own */
};

struct fault *catalogue_of(struct door *, const struct catalogue **) MUST_CHECK;

const struct catalogue_entry *catalogue_find(const struct catalogue *, int64_t organisation); /* NULL: none */
const struct term *catalogue_term(const struct catalogue *, int64_t id);                      /* NULL: none */
const struct term *catalogue_term_by_code(const struct catalogue *, const char *code);        /* NULL: none */
bool catalogue_term_within(const struct catalogue *, int64_t term, int64_t ancestor); /* is it, or below it */
bool entry_has_term(const struct catalogue_entry *, int64_t term);
const char *term_label(const struct term *); /* in the thread's language */

/* Entries whose words meet the query, best first; with an empty query all of them by name, score 0. */
struct catalogue_hit {
    uint32_t entry; /* index into entries */
    float score;    /* comparable within one query */
};
struct fault *catalogue_search(const struct catalogue *, struct arena *, const char *query,
                               const struct catalogue_hit **found, size_t *count) MUST_CHECK;

/* Suggestions for a beginning: names of organisations, then terms, then communes; distinct, at most
 * `most`. */
struct suggestion {
    const char *text, *kind; /* "organisation", "term", "place" */
    int64_t id;              /* of the organisation or the term; 0 for a place */
};
struct fault *catalogue_suggest(const struct catalogue *, struct arena *, const char *typed, size_t most,
                                struct suggestion **, size_t *count) MUST_CHECK;

/* Frees the cached catalogues of a space that is being closed. */
void catalogue_forget(struct space *);

#endif
