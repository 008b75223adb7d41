/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* house_space.h - the folder a command works in, and the one of its spaces that is meant. */
#ifndef GRAPPE_HOUSE_SPACE_H
#define GRAPPE_HOUSE_SPACE_H

#include "house/house.h"

/* The house is closed with the arena. name NULL: its only space. NOT_FOUND for a name that is none's, INVALID
 * when there are several to choose from. */
struct fault *house_space_open(struct arena *, const char *folder, const char *name, struct house **,
                               const struct space_info **) MUST_CHECK;

#endif
