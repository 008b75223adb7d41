/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* term_rules.h - what keeps the trees of terms whole (door/rules.h): matching and facets read them as
 * trees. */
#ifndef GRAPPE_TERM_RULES_H
#define GRAPPE_TERM_RULES_H

#include "fault/fault.h"

struct door;

/* INVALID  a broader term of another facet, or below the term itself; a code in `related` that no term has;
 * another facet for a term with narrower ones; another code for a term that others imply. Cost     a look-up
 * for each broader term; a list of all terms only when facet or code change, or related does. */
struct fault *term_saving(struct door *, const void *record, const void *before) MUST_CHECK;

/* CONFLICT when something uses the term: it can be retired instead. */
struct fault *term_removing(struct door *, const void *stored) MUST_CHECK;

#endif
