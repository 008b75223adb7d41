/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* members.h - who is a member of the space on a day, by college and size class, and who came and left in the
 * year before.
 *
 * Memberships say so; an organisation that has none but a day since when it is a member (an imported list
 * knows no more) counts from then on, its college not said. Each organisation counts once a day, by the
 * newest of its lines that stands on it. What the viewer may not see is not counted. */
#ifndef GRAPPE_MEMBERS_H
#define GRAPPE_MEMBERS_H

#include "door/door.h"

enum { MEMBER_COLLEGES = 6, MEMBER_SIZES = 5 }; /* those of choices.h, then: not said */

struct member_line {
    int64_t organisation;
    const char *name, *folded, *college, *size_class; /* codes; NULL: not said */
    int64_t since, until;                    /* of its first line, and of the one that stands */
};
struct member_year {
    int year;
    int64_t members; /* on its last day; of the year of `day`: on that day */
};
struct members {
    int64_t day;
    struct member_line *at, *came, *left; /* by name */
    size_t count, came_count, left_count;
    int64_t of[MEMBER_COLLEGES][MEMBER_SIZES];
    struct member_year *years; /* from the first membership on, at most the last MEMBER_YEARS */
    size_t year_count;
};
enum { MEMBER_YEARS = 15 };

/* As of a day, today or before or after. Cost grows with memberships × years. */
struct fault *members_on(struct door *, int64_t day, struct members *) MUST_CHECK;

/* One person takes over from another: the mandate ends the day before, one with the same title begins.
 * INVALID naming "person" when they are the same or the other acts there already, "since" for a day the
 * mandate does not stand on. */
struct fault *mandate_hand_over(struct door *, int64_t mandate, int64_t version, int64_t person,
                                int64_t since, int64_t *made) MUST_CHECK;

#endif
