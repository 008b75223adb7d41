/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* disk.h - the disk below the store, as a test wants it: calls that fail on demand, and what a loss of power
 * leaves of a folder of SQLite files.
 *
 * A SQLite VFS around the system's own, made the default. Shared memory (-shm) is no disk: it is neither
 * failed nor kept. */
#ifndef GRAPPE_TEST_DISK_H
#define GRAPPE_TEST_DISK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "random/random.h"

void disk_install(void); /* before the first database is opened */

/* Failing. Only calls of the thread that asked for it count and fail. */
enum disk_failure {
    DISK_ERROR_ONCE, /* that one call: any error of a device */
    DISK_FULL_ONCE,  /* that one, if it writes */
    DISK_FULL_FROM,  /* that one and all that write after it */
    DISK_FAILURES
};
void disk_fail(int64_t nth, enum disk_failure); /* the nth call from now on, 1 the next */
bool disk_heal(void);                           /* no failures any more; did one happen? */

/* Losing power. Everything of the folder counts as written and synced when the recording begins. */
void disk_record(const char *folder);
size_t disk_recorded(void); /* calls so far: a moment of the tape */
void disk_record_end(void); /* the tape stays until the next recording, or disk_tape_free() */
void disk_tape_free(void);

/* Writes into `folder` what the disk holds when the power goes right before call `moment`: all that was
 * synced, and of what was not, each piece of 512 bytes and each new length with p = 1/2. Moments must be
 * asked for in ascending order. Cost O(size of the files). */
void disk_image(size_t moment, struct random *, const char *folder);

#endif
