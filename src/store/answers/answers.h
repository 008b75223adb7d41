/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* answers.h - answers to requests that may come twice, kept for a day in the space they changed.
 *
 * An answer is written in the transaction of what it answers: either both are there or neither. */
#ifndef GRAPPE_ANSWERS_H
#define GRAPPE_ANSWERS_H

#include "db/db.h"
#include "db/engine.h"
#include "text/buffer.h"

#define ANSWER_KEPT_US (INT64_C(24) * 3600 * 1000000)

/* request: a hash of what was asked. headers: "Name: value" lines. */
#define KEPT_ANSWER(COLUMN)                                                                                  \
    COLUMN(text, request) COLUMN(integer, status) COLUMN(text, type) COLUMN(text, headers) COLUMN(text, body)
ROW(kept_answer, KEPT_ANSWER)

void answers_define(struct buffer *sql, const struct dialect *);

/* What the person was answered under this key during the last day; *found NULL: nothing. */
struct fault *answer_find(struct connection *, struct arena *, int64_t person, const char *key,
                          struct kept_answer **found) MUST_CHECK;
/* The identifier of what was kept last for the person; 0: nothing is. */
struct fault *answer_last(struct connection *, int64_t person, int64_t *id) MUST_CHECK;
/* Keeps it, and forgets all that are older than a day. */
struct fault *answer_keep(struct transaction *, int64_t person, const char *key,
                          const struct kept_answer *) MUST_CHECK;

#endif
