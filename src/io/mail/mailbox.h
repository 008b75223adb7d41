/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* mailbox.h - letters read from a mailbox by IMAP (RFC 3501), by libcurl.
 *
 * A letter has a number that only grows, good as long as the mailbox keeps its validity. Reading marks it as
 * seen and takes nothing away. */
#ifndef GRAPPE_MAILBOX_H
#define GRAPPE_MAILBOX_H

#include <stdbool.h>
#include <stdint.h>

#include "fault/fault.h"
#include "text/slice.h"

struct arena;

struct mailbox_settings {
    const char *url;             /* imaps://host:port/INBOX; imap:// goes on in TLS, but on this machine */
    const char *user, *password; /* NULL: the server asks for none */
    bool (*go_on)(void *owner);  /* asked about once a second; false: give up. NULL: until the end */
    void *owner;
};
/* From what an operator types: imap[s]://user@host:port/FOLDER, INBOX where there is none. INVALID naming
 * "mailbox". */
struct fault *mailbox_settings_read(struct arena *, const char *url, const char *password,
                                    struct mailbox_settings *) MUST_CHECK;

struct mailbox;
/* Closed with the arena; the settings must outlive it. */
struct fault *mailbox_open(struct arena *, const struct mailbox_settings *, struct mailbox **) MUST_CHECK;
/* The letters that came in from a day on (days since 1970), lowest number first. IO. */
struct fault *mailbox_list(struct mailbox *, struct arena *, int64_t from_day, int64_t *validity,
                           int64_t **numbers, size_t *count) MUST_CHECK;
/* *there false: it is gone meanwhile. One that is longer than MESSAGE_MOST comes empty. IO. */
struct fault *mailbox_read(struct mailbox *, struct arena *, int64_t validity, int64_t number,
                           struct slice *letter, bool *there) MUST_CHECK;

#endif
