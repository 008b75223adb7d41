/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef GRAPPE_ORGANISATION_VIEW_H
#define GRAPPE_ORGANISATION_VIEW_H

#include "pages/frame.h"
#include "pages/record_draw.h"
#include "pages/record_view.h"

struct know_how_view {
    const char *title, *detail, *figures, *origin, *href;
    bool confirmed;
    enum visibility level;
};

struct hallmark_view {
    const char *label, *title;
    bool expired;
};

struct person_line {
    const char *name, *title, *initials, *succession_href;
};

struct site_line {
    const char *place, *detail;
};

struct link_line {
    const char *label, *detail, *href;
};

struct organisation_view {
    struct frame frame;
    struct attached_view attached;
    const char *name, *place, *kind, *size, *website, *markets, *activity, *note, *closed, *group;
    const char *readings_href, *past_href, *activity_href, *edit_href, *add_know_how, *add_certificate,
        *add_equipment, *add_site, *add_need, *add_offer, *membership, *membership_href;
    enum visibility level;
    const struct hallmark_view *hallmarks;
    size_t hallmark_count;
    const struct know_how_view *know_how;
    size_t know_how_count;
    const struct link_line *equipment, *needs;
    size_t equipment_count, need_count;
    const struct link_line *offers,
        *lacks; /* lacks: what the profile has not, why it should, where it is given */
    size_t offer_count, lack_count, profile_parts;
    const char *add_competitor, *add_free;
    const struct link_line *free; /* capacity, by process or machine park */
    size_t free_count;
    const struct link_line *competitors, *hinted; /* hinted: who might be one, and is not declared */
    size_t competitor_count, hinted_count;
    const struct person_line *people;
    size_t people_count;
    const struct site_line *sites;
    size_t site_count;
    const struct record_page_view *facts; /* the fields that have no place of their own */
    const struct history_line *history;
    size_t history_count;
};

#endif
