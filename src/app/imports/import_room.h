/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* import_room.h - what the files of this room share besides lines: who may import, and the remembered
 * mapping. */
#ifndef GRAPPE_IMPORT_ROOM_H
#define GRAPPE_IMPORT_ROOM_H

#include "imports/imports.h"

struct fault *
import_allowed(const struct door *) MUST_CHECK; /* DENIED to all but facilitators and the program */

/* A door for the same viewer whose memory and transaction end with `work`. */
struct fault *import_own_door(const struct door *, struct arena *work, struct door **) MUST_CHECK;

/* Inside a transaction: keeps the mapping for the next file with this header. */
struct fault *import_remember(struct door *, const struct table *, const struct import_columns *) MUST_CHECK;

#endif
