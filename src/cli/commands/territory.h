/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* territory.h - the two halves of `grappe territory`: tables of jobs, and points. */
#ifndef GRAPPE_TERRITORY_COMMAND_H
#define GRAPPE_TERRITORY_COMMAND_H

#include <stdbool.h>

#include "command.h"

/* argv[0] is the statistic. NULL when it is none of this half's: *known tells. */
struct fault *territory_tables(struct arena *, int argc, char **argv, bool *known) MUST_CHECK;
struct fault *territory_points(struct arena *, int argc, char **argv, bool *known) MUST_CHECK;

#endif
