/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* message.h - a letter that came in, read by GMime: who wrote what, or what a mail server says did not
 * arrive.
 *
 * Whatever it says of itself can be forged, its author first of all: only what the space's own mail server
 * wrote on top of it tells who it is from. */
#ifndef GRAPPE_MAIL_MESSAGE_H
#define GRAPPE_MAIL_MESSAGE_H

#include <stdbool.h>

#include "fault/fault.h"
#include "text/slice.h"

struct arena;

enum { MESSAGE_MOST = 4 * 1024 * 1024 };

struct mail_message {
    const char *id;             /* Message-ID without its brackets; NULL: none */
    const char *from;           /* the address of its one author; NULL: none, or several */
    bool vouched;               /* the mail server that was named vouches for that address, see vouched.h */
    const char *subject, *text; /* UTF-8; text: the first part that is plain text; "": none */
    const char *answers; /* the letter that it answers, by what stood before the @ of its Message-ID; NULL */
    bool automatic;      /* a program wrote it: nobody is answered */
    const char *status;  /* a report (RFC 3464) that a letter will never arrive: "5.1.1"; NULL: it is none */
    const char *sub_addresses[3]; /* where it came to: what stands between + and @; NULL: none */
    const char
        *failed_for[2]; /* the address that it did not reach, as it was written to and as it ended; "" */
};
/* by: the mail server that may vouch for its author, as it calls itself; NULL: none may. INVALID: it is no
 * letter, longer than MESSAGE_MOST or in one line than any mail server sends (32 KiB), or holds a byte 0,
 * which would hide what follows. All of it in the arena. */
struct fault *mail_message_read(struct arena *, struct slice bytes, const char *by,
                                struct mail_message *) MUST_CHECK;

#endif
