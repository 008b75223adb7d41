/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef GRAPPE_NEED_VIEW_H
#define GRAPPE_NEED_VIEW_H

#include "needs/needs.h"
#include "pages/attached_view.h"
#include "pages/frame.h"
#include "pages/introduction_view.h"
#include "pages/record_draw.h"

struct need_line {
    const char *href, *title, *owner, *state, *detail;
    enum visibility level;
};

struct needs_view {
    struct frame frame;
    const struct need_line *lines;
    size_t count;
    struct pager pager;
};

struct owner_option {
    int64_t id;
    const char *name;
    bool chosen;
};

struct need_form_view {
    struct frame frame;
    const char *text, *error;
    const struct owner_option *owners;
    size_t owner_count;
};

struct need_view {
    struct frame frame;
    struct attached_view attached;
    const char *title, *owner, *owner_href, *state, *heading, *lede, *edit_href, *readings_href, *base;
    const char *announce, *reweighed;   /* reweighed: what one's own weights have changed; NULL */
    bool named;                         /* the title says what the text does not begin with */
    bool may_write, is_draft, unwanted; /* unwanted: the need says what it does not want */
    int64_t version;
    enum visibility level;
    const struct need_reading *reading;
    const struct need_matches *matches;
    size_t shown; /* of the matches; all_href leads to all, NULL when they are */
    const char *all_href;
    const struct form_options *options;
    const char *error, *error_at; /* of a refused fact, and the id of the field it was typed in */
    const char *refused_key, *refused_value;
    const struct introduction_line *introductions; /* about this need */
    size_t introduction_count;
    bool may_propose;                /* it is open, and the viewer's to ask about */
    const struct chip *refused_chip; /* that was to be corrected; NULL: a fact was to be added */
};

/* The ranked list: drawn in C for its bars. */
void matches_draw(struct html *, const struct need_view *, const struct need_match *, size_t count);
void offers_draw(struct html *, const struct need_view *);
void weights_draw(struct html *, const struct need_view *);
void add_fact_draw(struct html *, const struct need_view *);

#endif
