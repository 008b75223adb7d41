/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* mail_act.h - what somebody owes to an introduction, done from a letter without signing in.
 *
 * A letter holds a token for one person, one record and one version of it. As only acts write these records,
 * the token is of no use once anybody has acted: used once, whoever was first. Who wants a call changes
 * neither record, and has used this token alone. It opens nothing else. Members only: whoever may do more
 * than a member, or signs in with a second step, signs in. */
#ifndef GRAPPE_MAIL_ACT_H
#define GRAPPE_MAIL_ACT_H

#include "house/house.h"
#include "introductions/deals.h"

enum { MAIL_ACT_DAYS = 14 };

/* Is a letter enough for who is behind the door? */
struct fault *mail_act_enough(struct house *, const struct space_info *, const struct door *,
                              bool *enough) MUST_CHECK;
/* Writes a letter, whose LETTER_TOKEN opens that record at that version for its person, as long as they keep
 * the address; about NULL: it has no token. *fresh: none was written under its key before. */
struct fault *mail_act_write(struct house *, const struct space_info *, const struct deal_waiting *about,
                             struct letter *, bool *fresh) MUST_CHECK;

struct mail_act {
    struct door *door;              /* of whom the letter was for; reading through it is not noted */
    const struct record_type *type; /* introduction_type, blind_card_type */
    const void *record;
    int64_t id, version;
    int parties;        /* in whose name they act */
    int64_t written_us; /* the letter */
    const char *hash;   /* of the token */
};
/* NOT_FOUND: the token is none, too old, or no longer for its person to use; CONFLICT: it was
 * used, or somebody has acted. Changes nothing. */
struct fault *mail_act_open(struct house *, const struct space_info *, const char *token, struct arena *,
                            struct mail_act *) MUST_CHECK;
/* One act as that person, as in deals.h; answer.version is not looked at. */
struct fault *mail_act_do(struct house *, const struct mail_act *, struct deal_answer) MUST_CHECK;

#endif
