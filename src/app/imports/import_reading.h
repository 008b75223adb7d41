/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* import_reading.h - what a firm's own words say it can do, for lines that say it in no column. */
#ifndef GRAPPE_IMPORT_READING_H
#define GRAPPE_IMPORT_READING_H

#include "imports/imports.h"

/* Connects options->read_text to the terms of the space: processes (at least one), materials, components,
 * sizes and tolerances found in the description of know-how or activity join what the cells say, and the
 * know-how then has the origin "read". A know-how that columns of terms say is not touched, and one that says
 * it all keeps its origin. The options then live as long as the door's arena. Cost: the catalogue of the
 * space, when it is not in memory yet; then about 20 µs a line. */
struct fault *import_reading(struct door *, struct import_options *) MUST_CHECK;

#endif
