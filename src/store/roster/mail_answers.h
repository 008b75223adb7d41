/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* mail_answers.h - in the server's directory: what people answered by mail to what they owe, until they say
 * that they meant it; and how far the mailbox was read that it comes from, but for what in it cannot be. */
#ifndef GRAPPE_ROSTER_MAIL_ANSWERS_H
#define GRAPPE_ROSTER_MAIL_ANSWERS_H

#include "db/db.h"

#define MAIL_ANSWER_ROW(COLUMN)                                                                              \
    COLUMN(integer, record)                                                                                  \
    COLUMN(integer, version) /* that they were written to about */                                           \
    COLUMN(text, act)        /* ""; none could be read */                                                    \
    COLUMN(text, words)                                                                                      \
    COLUMN(integer, made_us)
ROW(roster_mail_answer, MAIL_ANSWER_ROW)

/* In the place of an earlier one about the same record. */
struct fault *roster_mail_answer_set(struct db *, const char *space, int64_t person,
                                     const struct roster_mail_answer *) MUST_CHECK;
/* Of one person, in the order of records. */
struct fault *roster_mail_answers(struct db *, struct arena *, const char *space, int64_t person,
                                  struct roster_mail_answer **, size_t *count) MUST_CHECK;
struct fault *roster_mail_answer_end(struct db *, const char *space, int64_t person,
                                     int64_t record) MUST_CHECK;

/* How far a mailbox was read: the number of the last letter, and what makes it valid; 0: not at all. */
#define MAILBOX_ROW(COLUMN) COLUMN(integer, validity) COLUMN(integer, number)
ROW(roster_mailbox, MAILBOX_ROW)
struct fault *roster_mailbox(struct db *, const char *url, struct roster_mailbox *) MUST_CHECK;
struct fault *roster_mailbox_set(struct db *, const char *url, const struct roster_mailbox *) MUST_CHECK;

/* A letter of a mailbox that could not be read, and what stood in the way. */
#define UNREAD_ROW(COLUMN)                                                                                   \
    COLUMN(integer, number)                                                                                  \
    COLUMN(integer, tries)                                                                                   \
    COLUMN(integer, tried_us)                                                                                \
    COLUMN(text, answer)
ROW(roster_unread, UNREAD_ROW)
/* Tried once more in vain; *tries: how often by now. */
struct fault *roster_unread_tried(struct db *, const char *space, const char *url, int64_t validity,
                                  const struct roster_unread *, int64_t *tries) MUST_CHECK;
struct fault *roster_unread_forget(struct db *, const char *url, int64_t validity, int64_t number) MUST_CHECK;
/* Those tried at least so often, newest first. */
struct fault *roster_unread_letters(struct db *, struct arena *, const char *space, int64_t tries,
                                    struct roster_unread **, size_t *count) MUST_CHECK;

#endif
