/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef GRAPPE_DIRECTORY_VIEW_H
#define GRAPPE_DIRECTORY_VIEW_H

#include "directory/directory_map.h"
#include "pages/frame.h"
#include "sheet/sheet.h"

struct facet_view {
    const struct directory_facet_rule *rule;
    const char *label, *id; /* id: "facet-procede" */
    const struct directory_values *values;
    bool open;
    const char *more_href; /* to all its values, or back to the first ones; NULL: all are shown */
    bool unfolded;
};

struct active_view { /* a filter in force, and the page without it */
    const char *label, *facet, *href;
    int64_t without;
};

struct sort_view {
    const char *label, *href; /* href NULL: in force */
};

struct page_link {
    int64_t number;
    const char *href; /* NULL: this page; number 0: a gap */
};

struct directory_view {
    struct frame frame;
    const struct directory_answer *answer;
    const char *query, *sort, *unfolded, *lede, *heading; /* heading: "23 organisations" */
    const char *error;                                    /* of the address; the results are then left out */
    bool choose_size;                                     /* there are more rows than the fewest a page */
    struct facet_view facets[DIRECTORY_FACETS];
    size_t facet_count;
    const struct active_view *active;
    size_t active_count;
    const char *without_query_href; /* NULL: no words */
    struct sort_view sorts[4];
    size_t sort_count;
    const struct page_link *pages;
    size_t page_count;
    const char *range, *csv_href, *xlsx_href, *table_href, *need_href, *new_href;
    const char *notes_href; /* the same words in notes and documents; NULL: none, or no reader of them */
    struct directory_sites sites;
    struct markup map;
};

/* A tree of check boxes. */
void facet_values_draw(struct html *, const struct directory_facet_rule *, const struct directory_values *);
/* The text with what met the query marked. */
void text_line_draw(struct html *, const struct text_line *);

/* All that was found as a file: what the rows show, of every page. */
struct fault *directory_sheet(const struct request *, struct response *, const struct directory_request *,
                              const struct directory_answer *, enum sheet_form) MUST_CHECK;

#endif
