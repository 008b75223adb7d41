/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* receive.h - letters that come in: from somebody of the space a need becomes a draft; what a mail server
 * says did not arrive is noted as if it had refused at once.
 *
 * Who a letter is from can be forged. So it makes a draft and nothing more, which asks nobody and is confided
 * to the organisation; who is answered is the person at the address that is known, never the letter; and
 * whoever is not known gets no answer at all. A report is believed only about a letter of ours, by the seal
 * in its Message-ID. */
#ifndef GRAPPE_MAIL_RECEIVE_H
#define GRAPPE_MAIL_RECEIVE_H

#include "house/house.h"
#include "text/slice.h"

enum { DRAFTS_A_DAY = 20 }; /* of one person */

/* The same letter twice is one. INVALID: it is none. */
struct fault *mail_receive(struct house *, const struct space_info *, struct slice letter) MUST_CHECK;

#endif
