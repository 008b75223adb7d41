/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* demo.h - three fictional spaces that share firms, as one would meet them between Besançon and the
 * Haut-Doubs.
 *
 * The content is written by hand in data/ and is the same in every run, identifiers and instants apart. A
 * firm has one profile in all its spaces; membership and notes of the facilitators are each space's own. */
#ifndef GRAPPE_DEMO_H
#define GRAPPE_DEMO_H

#include <stddef.h>

#include "fault/fault.h"

/* Makes FOLDER with directory.db and the spaces federation, pole and territoire, sealed and closed: all or
 * nothing, in a folder beside that is renamed at the end. CONFLICT when FOLDER exists and is not an empty
 * folder. IO when it cannot be written. Cost: about 7,000 records. */
struct fault *demo_make(const char *folder) MUST_CHECK;
/* The same with the spaces as schemas of a database (house_use_database). */
struct fault *demo_make_in(const char *folder, const char *database) MUST_CHECK;

#endif
