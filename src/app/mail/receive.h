/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* receive.h - letters that come in: from somebody of the space a need becomes a draft, and what answers a
 * letter about what they owe a proposed answer (reminders/mail_answer.h); what a mail server says did not
 * arrive is noted as if it had refused at once.
 *
 * Who a letter is from can be forged. So it is read only where a mail server that we were told of vouches for
 * its author, and even then makes a draft, which asks nobody and is confided to the organisation, or an
 * answer that its person has to confirm; who is answered is the person at the address that is known, in words
 * of ours, at most once a day about what was passed over; whoever is not known gets no answer at all. A
 * report is believed only about a letter of ours, of the last 14 days, by the address that it came to, and
 * about the address it went to. */
#ifndef GRAPPE_MAIL_RECEIVE_H
#define GRAPPE_MAIL_RECEIVE_H

#include "house/house.h"
#include "text/slice.h"

enum { DRAFTS_A_DAY = 20 }; /* of one person */

/* vouching: the mail server whose Authentication-Results are believed, as it calls itself; NULL: none, and
 * reports are all that is read. The same letter twice is one. INVALID: it is none. */
struct fault *mail_receive(struct house *, const struct space_info *, struct slice letter,
                           const char *vouching) MUST_CHECK;

#endif
