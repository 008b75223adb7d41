/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "mail/fetch.h"

#include "arena/arena.h"
#include "clock/clock.h"
#include "i18n/i18n.h"
#include "log/log.h"
#include "mail/receive.h"
#include "roster/mail_answers.h"

struct fetching {
    struct house *house;
    const struct space_info *space;
    struct mailbox *mailbox;
    const struct mailbox_settings *from;
    const char *url, *vouching;
    struct roster_mailbox read;
};

static struct fault *note_try(const struct fetching *f, int64_t number, const char *why, int64_t *tries)
{
    const struct roster_unread unread = {.number = number, .tried_us = now_us(), .answer = why};
    return roster_unread_tried(house_roster(f->house), f->space->name, f->url, f->read.validity, &unread,
                               tries);
}

static void tell_set_aside(int64_t number, int64_t tries)
{
    log_event(LOG_WARNING, "mailbox", "set_aside=%lld tries=%lld", (long long)number, (long long)tries);
}

/* The list of letters came, and this one did not: it is tried again with the next rounds, then set aside, as
 * others wait behind it. It stays in its mailbox. */
static struct fault *not_read(const struct fetching *f, int64_t number, const struct fault *why)
{
    const struct fault kept = *why;
    int64_t tries = 0;
    if (f->from->go_on && !f->from->go_on(f->from->owner))
        return fault_again(&kept);
    TRY(note_try(f, number, kept.text, &tries));
    if (tries < FETCH_TRIES)
        return fault_again(&kept);
    tell_set_aside(number, tries);
    return NULL;
}

/* A letter may end the process: a try is written down before it is made, and forgotten once it has ended. */
static struct fault *receive(const struct fetching *f, int64_t number, struct slice letter)
{
    int64_t tries = 0;
    TRY(note_try(f, number, tr("The server ended while it read this letter."), &tries));
    if (tries > FETCH_TRIES) {
        tell_set_aside(number, tries);
        return NULL;
    }
    struct fault *failed = mail_receive(f->house, f->space, letter, f->vouching);
    const struct fault kept = failed ? *failed : (struct fault){0};
    TRY(roster_unread_forget(house_roster(f->house), f->url, f->read.validity, number));
    return failed ? fault_again(&kept) : NULL;
}

/* A letter that cannot be read now is not written down: it comes again. */
static struct fault *fetch_one(struct fetching *f, int64_t number)
{
    ARENA_SCOPE(work);
    struct slice letter = {"", 0};
    bool there = false;
    struct fault *unread = mailbox_read(f->mailbox, work, f->read.validity, number, &letter, &there);
    if (unread) {
        TRY(not_read(f, number, unread));
        there = false;
    }
    struct fault *failed = there ? receive(f, number, letter) : NULL;
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
    struct fetching f = {.house = h, .space = s, .from = from, .vouching = vouching};
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
