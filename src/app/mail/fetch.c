/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "mail/fetch.h"

#include "arena/arena.h"
#include "clock/clock.h"
#include "log/log.h"
#include "mail/receive.h"
#include "roster/mail_answers.h"

struct fetching {
    struct house *house;
    const struct space_info *space;
    struct mailbox *mailbox;
    const char *url, *vouching;
    struct roster_mailbox read;
};

/* A letter that cannot be read now is not written down: it comes again. */
static struct fault *fetch_one(struct fetching *f, int64_t number)
{
    ARENA_SCOPE(work);
    struct slice letter = {"", 0};
    bool there = false;
    TRY(mailbox_read(f->mailbox, work, f->read.validity, number, &letter, &there));
    struct fault *failed = there ? mail_receive(f->house, f->space, letter, f->vouching) : NULL;
    if (failed && (failed->code == FAULT_IO || failed->code == FAULT_LIMIT || failed->code == FAULT_CONFLICT))
        return failed;
    if (failed) /* it never will be one, and others wait behind it */
        log_fault("received", failed);
    f->read.number = number;
    return roster_mailbox_set(house_roster(f->house), f->url, &f->read);
}

struct fault *mail_fetch(struct house *h, const struct space_info *s, const struct mailbox_settings *from,
                         const char *vouching, size_t *received)
{
    enum { DAYS = 30 }; /* shorter than keys of letters are kept: renumbered, none is received twice */
    ARENA_SCOPE(work);
    struct fetching f = {.house = h, .space = s, .vouching = vouching};
    int64_t validity = 0, *numbers = NULL;
    size_t count = 0, done = 0;
    f.url = arena_print(work, "%s %s", from->url, from->user ? from->user : "");
    TRY(mailbox_open(work, from, &f.mailbox));
    TRY(roster_mailbox(house_roster(h), f.url, &f.read));
    TRY(mailbox_list(f.mailbox, work, today() - DAYS, &validity, &numbers, &count));
    if (validity != f.read.validity)
        f.read = (struct roster_mailbox){.validity = validity};
    for (size_t i = 0; i < count; i++)
        if (numbers[i] > f.read.number) {
            TRY(fetch_one(&f, numbers[i]));
            done++;
        }
    if (received)
        *received = done;
    return NULL;
}
