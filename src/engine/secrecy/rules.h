/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* rules.h - which sums tell too much of those who are in them, and by how much they must stay open. */
#ifndef GRAPPE_SECRECY_RULES_H
#define GRAPPE_SECRECY_RULES_H

#include "secrecy/model.h"

enum secrecy_profile {
    SECRECY_FIRMS,  /* under 3 groups, or one with more than 85 % */
    SECRECY_SURVEY, /* under 5 units */
    SECRECY_FISCAL, /* people among under 11 units; or one group with more than 85 % */
};

struct secrecy_rules {
    enum secrecy_profile profile;
    double digit; /* one unit of the last digit that is shown */
};

struct secrecy_need {
    bool sensitive, few; /* few: for the number of those in it, not for the largest */
    double up, down;
};

/* Of the sum of these shares. 85 % exactly may be shown. up = max(10 % of the value, what keeps the largest
 * from being told better than 85 % of the value would, one digit); down the same, at most the value. A sum
 * of no shares is empty and not sensitive. */
struct secrecy_need secrecy_need_of(struct secrecy_rules, const struct secrecy_share *, size_t count,
                                    double value);

/* Sets sensitive, up, down and alone of a cell from its shares. */
void secrecy_apply_rules(struct secrecy_rules, struct secrecy_cell *);

/* The shares of several cells without a unit in common, by group. */
struct secrecy_share *secrecy_join_shares(struct arena *, const struct secrecy_model *, const int32_t *cells,
                                          size_t count, size_t *share_count);

/* The hidden parts of an equation whose total anybody knows: their sum is known too. Whether that sum tells
 * too much, and what it is. False as well when shares are not known, or nothing is hidden. */
bool secrecy_residual(struct arena *, const struct secrecy_model *, struct secrecy_rules,
                      const struct secrecy_equation *, const bool *hidden, struct secrecy_cell *sum,
                      int32_t **parts, size_t *part_count);

#endif
