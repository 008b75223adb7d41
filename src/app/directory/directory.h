/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* directory.h - who can do this? Organisations by words and facets, with counts, reasons and a map.
 *
 * Works on the catalogue of the viewer's class alone (catalogue.h), so neither a row nor a count nor an order
 * can betray what the class does not see. Values of one facet are alternatives, facets add up; choosing a
 * term narrower than another chosen one replaces it. The counts of a facet are taken with all the other
 * facets applied. */
#ifndef GRAPPE_DIRECTORY_H
#define GRAPPE_DIRECTORY_H

#include "catalogue/catalogue.h"
#include "html/html.h"

enum directory_facet {
    DIRECTORY_PROCESS,
    DIRECTORY_MATERIAL,
    DIRECTORY_COMPONENT,
    DIRECTORY_CERTIFICATION,
    DIRECTORY_MARKET,
    DIRECTORY_SKILL,
    DIRECTORY_SIZE,
    DIRECTORY_EPCI,
    DIRECTORY_COMMUNE,
    DIRECTORY_KIND,
    DIRECTORY_FACETS
};

/* What a facet is called in an address, and to people. */
struct directory_facet_rule {
    const char *name, *label; /* "procede", N_("Process") */
    const char *terms;        /* the facet of the taxonomy; NULL: values of the organisation or its sites */
    int level;     /* of the tree that is offered first; 0: no tree, or every level below the top */
    bool open;     /* shown unfolded from the start */
    bool in_order; /* of the values themselves, not of their counts */
};
extern const struct directory_facet_rule directory_facets[DIRECTORY_FACETS];

/* The facet of a parameter name; false: none. "terme" is any term's: see directory_choice. */
bool directory_facet_named(const char *name, enum directory_facet *);
enum directory_facet directory_facet_of_term(const struct term *); /* DIRECTORY_FACETS: none */

struct directory_choice {
    const char *name;  /* of a facet, or "terme": any term, by code or id */
    const char *value; /* a term's code, a commune's or EPCI's, a choice's */
};

enum {
    DIRECTORY_NAMED = 3,
    DIRECTORY_PER_PAGE = 20,
    DIRECTORY_MOST_PER_PAGE = 200,
    DIRECTORY_FIRST_VALUES = 8
};

struct directory_row;
struct directory_values;

/* How the pages draw what is the same for everybody of a class as long as nothing is searched or chosen: done
 * once, and kept with the catalogue. */
struct directory_look {
    void (*row)(struct html *, const struct directory_row *);
    void (*values)(struct html *, const struct directory_facet_rule *, const struct directory_values *);
};

struct directory_request {
    const char *query; /* NULL or "": everybody */
    const struct directory_choice *choices;
    size_t choice_count;
    const char *sort;                  /* "pertinence" (also NULL), "nom", "commune", "taille" */
    int64_t page, per_page;            /* from 1; 0: DIRECTORY_PER_PAGE */
    const struct directory_look *look; /* NULL: nothing will be drawn */
    const char *unfolded;              /* the facet of which every value is wanted; NULL: none */
};

struct directory_value {
    const char *code, *label;
    int64_t count; /* results if it were chosen beside the other facets */
    int depth;     /* 0, or one more than the value it is below */
    bool chosen;
};

/* The values of the facet's level with most results; around chosen ones the tree is open. */
struct directory_values {
    const struct directory_value *at;
    size_t count, more; /* more: with results too, left out because there are many */
    bool chosen;
    struct markup drawn; /* when it is kept; else empty, as in rows */
};

struct directory_filter { /* in force */
    enum directory_facet facet;
    const char *name, *value; /* as asked */
    const char *code, *label;
    int64_t without; /* results if this facet were dropped */
};

/* A text in which what met the query is marked. */
struct text_piece {
    struct slice text;
    bool matched;
};
struct text_line {
    const struct text_piece *pieces;
    size_t count;
};

struct directory_row {
    const struct catalogue_entry *entry;
    bool closed;
    const char *place, *size;     /* NULL: unknown */
    struct text_line name, skill; /* skill: know-how, or activity in their own words; empty: nothing known */
    const struct capability *named[DIRECTORY_NAMED]; /* of its know-how, */
    size_t named_count, more;                        /* and how much is not */
    const struct directory_mark {
        const char *label;
        bool expired;
    } * marks; /* certificates */
    size_t mark_count;
    struct markup drawn;
};

struct directory_answer {
    const struct catalogue *catalogue;
    const uint32_t *found; /* every result, in order: indices into catalogue->entries */
    size_t total, everybody;
    const struct directory_row *rows; /* of the page */
    size_t row_count;
    int64_t page, per_page, pages;
    const char *sort;
    struct directory_values facets[DIRECTORY_FACETS];
    const struct directory_filter *filters;
    size_t filter_count;
    int64_t without_query; /* results if the words were dropped */
};

/* INVALID naming the facet for a value that does not exist (a value nobody has is none of those), the sort,
 * or the page. Rows only of the page; directory_rows() gives any others. Cost O(organisations × their
 * values). */
struct fault *directory_search(struct door *, const struct directory_request *,
                               struct directory_answer *) MUST_CHECK;

/* The rows of found[first .. first + count), for an export. */
struct fault *directory_rows(struct door *, const struct directory_request *, const struct directory_answer *,
                             size_t first, size_t count, const struct directory_row **) MUST_CHECK;

/* How many organisations of the class have the term or a narrower one. */
int64_t directory_term_count(const struct catalogue *, int64_t term);

/* Suggestions under a search box: organisations, terms, places, each with where it leads. */
struct directory_suggestion {
    const char *label, *hint;
    int64_t organisation;                 /* 0: a filter of the directory */
    const char *facet_name, *facet_value; /* of that filter */
};
struct fault *directory_suggest(struct door *, const char *typed, size_t most, struct directory_suggestion **,
                                size_t *count) MUST_CHECK;

#endif
