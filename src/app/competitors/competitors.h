/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* competitors.h - who counts whom as a competitor, as far as the viewer is told, and who might.
 *
 * Only what was declared shuts anybody out: a firm could take itself out of what is inferred by changing its
 * own profile. What is inferred is made of what every member reads in the directory, so it tells nobody
 * anything. */
#ifndef GRAPPE_COMPETITORS_H
#define GRAPPE_COMPETITORS_H

#include "door/door.h"

/* One counts the other as a competitor. An organisation is told of what it said, facilitators of both. */
struct competitor_tie {
    int64_t id, other; /* id: of the declaration */
    bool by_other;     /* it is the other that says so */
    const char *note;
};
/* `other`: between the two alone; 0: the newest LIMIT_LIST_ROWS either way. */
struct fault *competitors_of(struct door *, int64_t organisation, int64_t other, struct competitor_tie **,
                             size_t *count) MUST_CHECK;

/* It does at least a third of the processes that the organisation names. */
struct competitor_hint {
    int64_t other;
    const char *name, *processes; /* those in common, "décolletage, taillage" */
    size_t common, of;            /* how many; how many the organisation names */
};
/* Those who might be competitors, the most in common first. Cost: a look at each organisation. */
struct fault *competitors_hinted(struct door *, int64_t organisation, struct competitor_hint **,
                                 size_t *count) MUST_CHECK;

/* For the door: a declaration names somebody, once. What hides from its declarer since then reads as nobody,
 * and stays. */
struct fault *competitor_saving(struct door *, const void *record, const void *stored) MUST_CHECK;

#endif
