/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* fetch.h - letters that came into a mailbox, received one by one (mail/receive.h). */
#ifndef GRAPPE_MAIL_FETCH_H
#define GRAPPE_MAIL_FETCH_H

#include "house/house.h"
#include "mail/mailbox.h"

enum { FETCH_TRIES = 5 };

/* Those of the last 30 days that were not received yet, each once: how far it came is written down after
 * each, so what stops in the middle goes on there, and a letter that was received but not written down is
 * known by its Message-ID. What is no letter is passed over, and so is, with a line in the log and for the
 * facilitators (mail/trouble.h), what could not be read, or ended the process, FETCH_TRIES times. `vouching`:
 * as in mail_receive(). *received (may be NULL): how many. IO: the mailbox cannot be read now. */
struct fault *mail_fetch(struct house *, const struct space_info *, const struct mailbox_settings *,
                         const char *vouching, size_t *received) MUST_CHECK;

#endif
