/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* difference.h - what an earlier publication gives away of this one: where one cell's units are among
 * another's, the difference of both values is that of the few who came or went. */
#ifndef GRAPPE_SECRECY_DIFFERENCE_H
#define GRAPPE_SECRECY_DIFFERENCE_H

#include "secrecy/rules.h"

struct secrecy_member {
    int32_t unit, group;
    bool natural;
    double value;
};
/* By unit, each once. */
struct secrecy_set {
    const struct secrecy_member *at;
    size_t count;
    double value;
    bool hidden; /* of an earlier publication: it was not shown */
};

/* The sets of the model's cells (`cells` of them, from 0 on) against those published before, of the same
 * variable and period; a unit whose value has changed since is another. Shown before and the same: the cell
 * is `known`. Hidden before and the same: it is `held` hidden. Shown before, and one within the other: the
 * difference, if it is sensitive, is an `unshown` cell with its equation: one, however many pairs differ by
 * it, and the table's own where it is a cell of that. Cost O(cells × before × members).
 *
 * Without rules, as an attacker sees it: every difference is such a cell, and a known cell has its value. */
void secrecy_add_differences(struct secrecy_model *, const struct secrecy_rules *,
                             const struct secrecy_set *cells, size_t count, const struct secrecy_set *before,
                             size_t before_count);

#endif
