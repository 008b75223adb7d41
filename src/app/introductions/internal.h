/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* internal.h - shared by the files of this room. */
#ifndef GRAPPE_DEALS_INTERNAL_H
#define GRAPPE_DEALS_INTERNAL_H

#include "introductions/deals.h"
#include "rows/rows.h"

/* What the program reads for itself of the two records of an introduction. */
static const struct sight deals_sight = {.program = "introductions"};

enum { NOBODY = 0 }; /* in the history of what the other side reads: who acted would tell whose side it is */

/* Records that refer to `id` in a field, whoever asks. */
struct fault *deals_list(struct door *, const struct record_type *, const char *field, int64_t id,
                         void **records, size_t *count) MUST_CHECK;
/* Ends a change that was begun: whole, or not at all when something failed. */
struct fault *change_end(struct door *, struct fault *failed) MUST_CHECK;

/* The card of an introduction, whoever asks. NOT_FOUND. */
struct fault *card_find(struct door *, int64_t introduction, struct blind_card *) MUST_CHECK;

/* "Hélène Dastrevigne, Responsable des achats" and how to reach her; NULL for nobody. */
struct fault *deals_contact(struct door *, int64_t person, const char **contact) MUST_CHECK;

/* parties.c: within a transaction, an introduction about to be stored joins those of `with`. */
struct fault *party_join(struct door *, int64_t with, struct introduction *, struct blind_card *) MUST_CHECK;
/* The organisations that `with` stands for; 0, or what is not there: none. */
struct fault *party_firms(struct door *, int64_t with, int64_t **organisations, size_t *count) MUST_CHECK;
/* It is revealed: those of its party that are too are told, and its card learns of them. */
struct fault *party_meet(struct door *, const struct introduction *, struct blind_card *) MUST_CHECK;

/* Within a transaction: the organisation's person behind the door wants to be called. While a wish of the
 * organisation stands, another is written only with other words. */
struct fault *deals_wish_call(struct door *, int64_t introduction, int64_t organisation,
                              const char *words) MUST_CHECK;

/* CONFLICT. */
struct fault *deals_moved_on(void);
/* Within a transaction, on both records as they stand: what `speaker` said for `parties`, written by the
 * viewer. */
struct fault *deals_act_as(struct door *, const struct deal_answer *, int parties, int64_t speaker,
                           struct introduction *, struct blind_card *) MUST_CHECK;

#endif
