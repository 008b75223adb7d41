/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* read_log.h - who opened what, on its way to the store; private to door/.
 *
 * A reading waits in memory until the sealer's next turn, within a second, so that no page waits for a disk.
 * A server that is killed loses at most those of that second; one that stops loses none. */
#ifndef GRAPPE_READ_LOG_H
#define GRAPPE_READ_LOG_H

#include "fault/fault.h"
#include "journal/readings.h"

struct read_log;
struct read_log *read_log_new(void);
void read_log_free(struct read_log *);

/* LIMIT when too many wait, which happens only when they cannot be written: what is confidential is then not
 * read either. */
struct fault *read_log_note(struct read_log *, const struct reading *) MUST_CHECK;

/* Writes what waits, in transactions of its own, and seals it; what could not be written waits on. */
struct fault *read_log_flush(struct read_log *, struct db *) MUST_CHECK;

#endif
