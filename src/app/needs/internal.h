/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* internal.h - shared by the files of this room. */
#ifndef GRAPPE_NEEDS_INTERNAL_H
#define GRAPPE_NEEDS_INTERNAL_H

#include "catalogue/internal.h"
#include "needs/needs.h"

/* What the text of a need says, by itself. */
struct fault *needs_facts(struct door *, const struct catalogue *, const struct need *, struct match_need *,
                          struct reading **) MUST_CHECK;
/* What else the viewer is told of these. */
struct fault *needs_remark(struct door *, const struct catalogue *, const struct need *, struct need_match *,
                           size_t count) MUST_CHECK;
/* The offers that fit it, with the ranks of out->at. */
struct fault *needs_offers(struct door *, const struct catalogue *, const struct need *,
                           struct need_matches *out) MUST_CHECK;
/* What its organisation offers, with each match that is ranked. */
void needs_remark_offers(struct arena *, struct need_matches *);
/* The field that holds terms of a facet; NULL for skills. */
struct term_list *need_terms(struct need *, enum facet);

#endif
