/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* taxonomies.h - the terms of a space: the built-in ones to start with, then the space's own. */
#ifndef GRAPPE_TAXONOMIES_H
#define GRAPPE_TAXONOMIES_H

#include "fault/fault.h"

struct arena;
struct transaction;

/* Puts the built-in taxonomies and terms into a new space. Cost: one insert a term. */
struct fault *taxonomies_install(struct transaction *, struct arena *) MUST_CHECK;

#endif
