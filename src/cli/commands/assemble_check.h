/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* assemble_check.h - the half of `grappe assemble check` that reads problems of groups. */
#ifndef GRAPPE_ASSEMBLE_CHECK_H
#define GRAPPE_ASSEMBLE_CHECK_H

#include "arena/arena.h"
#include "fault/fault.h"
#include "json/json_tree.h"

/* Prints that the answer is true, or says what is wrong with it. Reads the problem by itself. */
struct fault *assemble_check_group(struct arena *, struct slice problem, const struct json_tree *answer,
                                   struct slice proof) MUST_CHECK;

#endif
