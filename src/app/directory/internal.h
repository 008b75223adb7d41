/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* internal.h - the inside of the directory: every value of every facet numbered, and who has which. */
#ifndef GRAPPE_DIRECTORY_INTERNAL_H
#define GRAPPE_DIRECTORY_INTERNAL_H

#include "directory/directory.h"
#include "directory/directory_map.h"
#include "i18n/i18n.h"
#include "places/places.h"

enum { LANGUAGES = LANGUAGE_EN + 1 };
#define NO_VALUE UINT32_MAX

struct index_value {
    enum directory_facet facet;
    const char *code;
    const struct term *term;      /* NULL: not a term */
    const char *label[LANGUAGES]; /* begins with a capital */
    uint32_t rank[LANGUAGES];     /* its place among all values by label, or by its own order */
    uint32_t parent;              /* the broader term; NO_VALUE: none */
    uint32_t first_child, next;   /* narrower ones, as a list */
    int level;                    /* 1: the broadest */
    uint32_t count;               /* organisations that have it */
    const char *folded; /* labels and synonyms of a term, for reasons: "|decolletage|bar turning|" */
};

struct index_entry {
    uint32_t *values; /* sorted */
    uint32_t value_count;
    uint32_t completeness; /* how much the profile says: orders equals */
    uint32_t place_rank;   /* by commune */
    int size_rank;         /* 0: unknown */
    bool closed;
};

struct directory_index {
    struct index_value *values; /* by facet */
    uint32_t value_count;
    uint32_t first[DIRECTORY_FACETS + 1]; /* facet f has values first[f] .. first[f + 1] */
    struct index_entry *entries;          /* as the catalogue's */
    struct map ground;
    struct drawings *drawings; /* maps drawn lately; its own lock */
    bool tells_members;        /* the class sees who is a member */
};

/* Made with the catalogue, in its arena. */
struct fault *directory_index_new(struct arena *, struct door *, const struct catalogue *,
                                  const struct directory_index **) MUST_CHECK;
uint32_t index_find(const struct directory_index *, enum directory_facet,
                    const char *code); /* NO_VALUE: none */
struct fault *directory_ground_new(struct arena *, struct door *, const struct catalogue *,
                                   struct map *ground) MUST_CHECK;

struct drawings *drawings_new(struct arena *); /* freed with the arena */

/* The commune of a site: the official place when it is known by its code or its name. */
bool site_place(struct arena *, const struct site *, struct place *);

/* The words a reader's eye should find. */
struct marker;
struct marker *marker_new(struct arena *, const char *query, const char *const *labels, size_t label_count);
struct text_line marker_line(struct marker *, const char *text); /* the whole text, cut where words match */
/* Which words of the query (not of the labels) the text meets, as bits. */
uint64_t marker_meets(struct marker *, const char *text);
uint64_t marker_query(const struct marker *); /* all of them */
/* Does the text already speak of this chosen label (by its number)? */
bool marker_mentions(struct marker *, size_t label, const char *text);
/* Which words of the query meet a term's labels and synonyms. Remembered by number. */
uint64_t marker_meets_term(struct marker *, const struct directory_index *, uint32_t value);
/* About `most` characters of a text around the first match, whole words, "…" where something is left out. */
const char *marker_excerpt(struct marker *, const char *text, size_t most);

#endif
