/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* reminders.h - a letter to whom an act is owed: when it comes to be owed, and after days of silence as
 * domain/introductions says; to the facilitators from when they are waited for.
 *
 * It says what its reader would see in their own queue, read through their own door, and of a request the
 * facts of its card. Whoever wants no digests gets none. */
#ifndef GRAPPE_REMINDERS_H
#define GRAPPE_REMINDERS_H

#include "house/house.h"
#include "introductions/deals.h"

/* Writes those that are due in a space and were not written yet, each once, whichever server looks: reminders
 * between seven and eight in the evening only, and none of what fell due more than a week ago. *written (may
 * be NULL): letters. Cost: the queue of everybody who is written to once a day, at seven; else of those whom
 * a change since the last round concerns; a look when there was none. */
struct fault *reminders_write(struct house *, const struct space_info *, size_t *written) MUST_CHECK;

/* What a letter of these was about, by its key: type, id, version; false: it was none of them. */
bool reminder_about(struct arena *, const char *key, struct deal_waiting *about);

#endif
