/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* deal_calls.h - telephone calls about an introduction, noted by the facilitators.
 *
 * What was said stays with them; what it meant is an act in the name of who said it, which the history of
 * that side tells with the facilitator as who wrote it down. */
#ifndef GRAPPE_DEAL_CALLS_H
#define GRAPPE_DEAL_CALLS_H

#include "introductions/deals.h"

/* Who may be called: those with a mandate of either side today, of who was asked first. DENIED to all but
 * facilitators. */
struct deal_person {
    int64_t id;
    const char *name, *phone; /* phone NULL: unknown */
    int64_t organisation;
    int party; /* PARTY_ASKER, PARTY_ANSWERER */
};
struct fault *deal_people(struct door *, int64_t introduction, struct deal_person **,
                          size_t *count) MUST_CHECK;

struct deal_call {
    int64_t person;                  /* with whom: one of deal_people() */
    const char *said, *act, *reason; /* act NULL or "": a note and nothing else */
    int64_t version;                 /* of the introduction they looked at; 0: whatever stands */
};
/* Note and act in one transaction. INVALID with the field; DENIED: not for that side to say, or not by a
 * facilitator; CONFLICT: it has moved on. */
struct fault *deal_call_note(struct door *, int64_t introduction, const struct deal_call *) MUST_CHECK;

/* Newest first; none for who may not read them. */
struct fault *deal_calls(struct door *, int64_t introduction, struct call **, size_t *count) MUST_CHECK;

#endif
