/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* replay.h - pieces of a replay; private to journal/. */
#ifndef GRAPPE_JOURNAL_REPLAY_H
#define GRAPPE_JOURNAL_REPLAY_H

#include "journal/past.h"

struct statement;

/* Columns id, record, act, changes (NULL: erased) from `first` on; columns record, gone, state. */
struct fault *past_entry(struct arena *, const struct statement *, int first,
                         struct journal_entry *) MUST_CHECK;
struct fault *past_state(struct arena *, const struct statement *, int first, struct past *) MUST_CHECK;

/* The entries of p->record from `from` on and before `bound`, laid over the state. */
struct fault *past_replay(struct connection *, struct arena *, const char *type, int64_t from, int64_t bound,
                          struct past *) MUST_CHECK;

#endif
