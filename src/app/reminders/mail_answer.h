/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* mail_answer.h - what somebody answered by mail to a letter about what they owe: kept as an answer that they
 * propose, until they say with one button that they meant it. Nothing is done before; nobody else sees it.
 *
 * A mail server vouches for a domain, not for who in it wrote: so the button is pressed by whoever has the
 * letter that goes to the person's own address, or has signed in. */
#ifndef GRAPPE_MAIL_ANSWER_H
#define GRAPPE_MAIL_ANSWER_H

#include "house/house.h"
#include "introductions/deals.h"

enum { MAIL_ANSWER_DAYS = 14 };

/* What a letter says, without what it quotes and its signature. */
const char *mail_answer_words(struct arena *, const char *text);
/* Its beginning as an act that one of these parties may do: yes, no, call me; false: none of them. What
 * accepts an agreement is read first, so no yes by mail is that. */
bool mail_answer_read(struct arena *, const char *words, enum introduction_state, int parties,
                      enum introduction_act *);

struct mail_answer {
    int64_t record, version; /* of an introduction or a card, as they were written to about it */
    int64_t made_us;
    const char *act, *words; /* act NULL: none could be read */
};
/* Those of the person behind the door, in the order of records, in its arena. */
struct fault *mail_answers(struct house *, const struct space_info *, struct door *, struct mail_answer **,
                           size_t *count) MUST_CHECK;
/* The one about that version of a record; NULL: there is none. */
const struct mail_answer *mail_answer_of(const struct mail_answer *, size_t count, int64_t record,
                                         int64_t version);
/* In the place of an earlier one about the same record. */
struct fault *mail_answer_keep(struct house *, const struct space_info *, int64_t person,
                               const struct mail_answer *) MUST_CHECK;
/* They have said it: nothing happens when there is none. */
struct fault *mail_answer_end(struct house *, const struct space_info *, int64_t person,
                              int64_t record) MUST_CHECK;

#endif
