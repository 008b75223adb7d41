/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* json_tree.h - a JSON document as plain values, for files of moderate size that people write.
 *
 * Readers ask for what they need and say by name what is missing or of another kind: "firms[3].cost". */
#ifndef GRAPPE_JSON_TREE_H
#define GRAPPE_JSON_TREE_H

#include <stdbool.h>
#include <stdint.h>

#include "arena/arena.h"
#include "fault/fault.h"
#include "text/slice.h"

enum tree_kind { TREE_NULL, TREE_BOOL, TREE_NUMBER, TREE_TEXT, TREE_LIST, TREE_OBJECT };

struct json_tree {
    enum tree_kind kind;
    bool truth;
    double number;
    int64_t integer; /* of a number that is whole */
    bool whole;
    struct slice text; /* NUL-terminated */
    const char *name;  /* as a member of an object */
    struct json_tree *items;
    size_t count;
    /* How messages call it. */
    const struct json_tree *parent;
};

/* INVALID with the line: no JSON, a member named twice, not UTF-8, deeper than 64. */
struct fault *json_tree_read(struct arena *, struct slice text, struct json_tree **) MUST_CHECK;

/* Member of an object; NULL: it is not there, or null. */
const struct json_tree *json_tree_member(const struct json_tree *, const char *name);
/* "firms[3].cost" */
const char *json_tree_path(struct arena *, const struct json_tree *);

/* INVALID naming the value that is of another kind, in the fault's field too. */
struct fault *json_tree_expect(const struct json_tree *, enum tree_kind) MUST_CHECK;
/* INVALID: no member of that name, or of another kind. */
struct fault *json_tree_want(const struct json_tree *, const char *name, enum tree_kind,
                             const struct json_tree **) MUST_CHECK;
/* INVALID naming a member that is none of `known`, NULL at its end. */
struct fault *json_tree_only(const struct json_tree *, const char *const *known) MUST_CHECK;

#endif
