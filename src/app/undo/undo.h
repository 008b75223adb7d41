/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* undo.h - a change taken back by its author or a facilitator, within UNDO_DAYS.
 *
 * An undo is a change like any other: it passes the door with the viewer's rights of now, leaves entries of
 * its own, and can be taken back itself. It happens whole or not at all: CONFLICT names what was built on the
 * change since (as far as the viewer may see it), DENIED what the viewer may not write any more. */
#ifndef GRAPPE_UNDO_H
#define GRAPPE_UNDO_H

#include "door/door.h"

struct buffer;
struct jobs;

/* NOT_FOUND, in the same words whether there is no such change or it is not the viewer's. */
struct fault *undo_absent(void) MUST_CHECK;

/* One entry of the journal. NOT_FOUND for what is not the viewer's to undo or to see. */
struct fault *undo_entry(struct door *, int64_t entry) MUST_CHECK;
/* All of one transaction. An import as uploads_ask_undo() does: a long one as a job, whose result is to be
 * seen at `link`; *job 0: it was done at once. */
struct fault *undo_batch(struct jobs *, struct door *, int64_t batch, const char *link,
                         int64_t *job) MUST_CHECK;

/* Is this transaction an import that added people, and so gave them access? Only for who may see it. */
struct fault *undo_takes_access(struct door *, int64_t batch, bool *takes) MUST_CHECK;

/* Adds to `names` the records that refer to some of `made` (sorted) and are not among them. Cost: a look-up
 * in an index for each kind of reference. Shared with the undo of imports. */
struct fault *undo_dependents(struct door *, const int64_t *made, size_t count,
                              struct buffer *names) MUST_CHECK;
/* Adds "Know-how Tournage" to a list of what stands in the way; of records that the viewer may not see, once,
 * that there is something. */
struct fault *undo_name(struct door *, struct buffer *names, const struct record_type *,
                        int64_t id) MUST_CHECK;

#endif
