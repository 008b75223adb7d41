/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef GRAPPE_RECORD_VIEW_H
#define GRAPPE_RECORD_VIEW_H

#include <string.h>

#include "door/kept.h"
#include "needs/needs.h"
#include "pages/attached_view.h"
#include "pages/frame.h"
#include "pages/names.h"

struct column_view {
    const struct field *field;
    const char *label, *sort_href, *aria_sort; /* sort_href NULL: this list is not ordered by it */
    bool shown, number, heads;                 /* heads: its cells name the row and lead to the record */
};

struct filter_view {
    const struct field *field;
    const char *name, *label, *value;
    const struct choice *choices; /* NULL: a text input */
    size_t choice_count;
};

enum { RECORDS_PER_PAGE = 50 };

/* ?le=2026-06-30: as it stood at the end of that day. */
struct as_of {
    int64_t at_us, day;           /* at_us 0: now */
    const char *typed, *sentence; /* "As it stood on 30 June 2026" */
    const char *now_href;         /* the same page, now */
};
/* A record's page, at the same time. */
char *record_url_as_of(struct arena *, const struct record_type *, int64_t id, const struct as_of *);
/* INVALID for what is no day. */
struct fault *as_of_of(const struct request *, struct as_of *) MUST_CHECK;

struct record_list_view {
    struct frame frame;
    struct as_of as_of;
    bool past; /* how it stood may be asked for */
    const struct record_type *type;
    const char *heading, *lede, *csv_href, *xlsx_href, *new_href, *announce;
    struct pager pager;
    struct column_view columns[LIMIT_FIELDS];
    size_t column_count;
    struct filter_view filters[LIMIT_FIELDS];
    size_t filter_count;
    const struct list_page *page;
    struct markup rows; /* of the page, as drawn */
    bool choose_size;   /* there are more rows than the fewest a page */
    const struct names *names;
    const char *error; /* of a filter; the list is then empty */
    const char *sort;
};

/* The list of any type, as its page or, with format=csv or xlsx, as exactly the rows and columns the page
 * shows. */
struct fault *record_list_draw(struct request *, struct response *, const struct record_type *) MUST_CHECK;

struct record_page_view {
    struct frame frame;
    struct as_of as_of;
    const struct record_type *type;
    const char *heading, *list_href, *edit_href, *delete_href, *owner_href, *owner_name;
    const void *record;
    field_mask shown;
    const struct names *names;
    enum visibility level;
    int64_t version;
    const char *past_href;     /* where ?le= shows it as it stood; NULL: nowhere */
    const char *readings_href; /* who opened it; NULL: not for this viewer */
    const struct history_line *history;
    size_t history_count;
    struct offer_need *needs; /* that an offer fits, for who looks after it */
    size_t need_count;
    struct attached_view attached;
};
void record_facts_draw(struct html *, const struct record_page_view *);
/* "Name: Un → Deux, Headcount: 12"; and when, who and what before it. */
void changes_draw(struct html *, const struct history_line *);
void history_text(struct html *, struct arena *, const struct history_line *);

struct record_edit_view {
    struct frame frame;
    const struct record_type *type;
    const char *heading, *action, *cancel_href;
    const void *record;
    field_mask shown;
    int64_t version;
    const struct form_options *options;
    const struct form_state *state;
    const struct viewer *viewer; /* fields that are not theirs to write are not asked */
};
void record_fields_draw(struct html *, const struct record_edit_view *);

/* What is sealed in a button to undo, and in a mark of the API: one change, or all that was changed at once.
 */
#define MARK_OF_CHANGE "changement"
#define MARK_OF_ALL "ensemble"

struct record_types_view {
    struct frame frame;
    const struct record_type_line {
        const char *href, *title, *purpose;
        int64_t count;
    } * lines;
    size_t count;
};

#endif
