/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* hurry.h - a thread that many depend on, and that must not wait for one of them.
 *
 * From hurry_begin() to hurry_end() whatever would wait on this thread (for the writer of a space, a network,
 * another process, a connection to be opened) is refused, and so is what the time allowed is over for. A
 * refusal goes up like any fault, and is remembered whatever becomes of it: what came out is then dropped,
 * and the same is done again by a thread that may wait. */
#ifndef GRAPPE_HURRY_H
#define GRAPPE_HURRY_H

#include <stdbool.h>
#include <stdint.h>

#include "fault/fault.h"

void hurry_begin(int64_t most_us);
bool hurry_end(void); /* was nothing refused? */

/* Asked before waiting. In a hurry: false, and that is a refusal. */
bool may_wait(void);
/* Asked between the steps of what may take long. In a hurry and late: true, and that is a refusal. Cost: a
 * look at the clock in a hurry, nothing otherwise. */
bool hurry_is_over(void);
/* Was something refused since hurry_begin()? */
bool hurry_refused(void);
/* A refusal, on its way up: LIMIT. */
struct fault *hurry_fault(void) MUST_CHECK;

#endif
