/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* concerned.h - on whom something else may wait since an entry of the journal. */
#ifndef GRAPPE_CONCERNED_H
#define GRAPPE_CONCERNED_H

#include "house/house.h"

/* People, each once, in the arena: of the organisations whose introductions changed, the facilitators with
 * them, and whoever changed themselves; *everybody: a rate of reminders did. Cost: a look at each change, and
 * at each mandate of its organisation. */
struct fault *reminders_concerned(const struct space_info *, struct arena *, int64_t after, int64_t **people,
                                  size_t *count, bool *everybody) MUST_CHECK;

#endif
