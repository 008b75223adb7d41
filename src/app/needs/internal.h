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
/* The field that holds terms of a facet; NULL for skills. */
struct term_list *need_terms(struct need *, enum facet);

#endif
