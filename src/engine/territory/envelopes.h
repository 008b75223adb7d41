/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* envelopes.h - what chance alone would give, from simulated values; private to territory/. */
#ifndef GRAPPE_ENVELOPES_H
#define GRAPPE_ENVELOPES_H

#include "territory/points.h"

/* values: of the simulations made × of_count × radii. Local: quantiles (R's type 7) at each radius. Global:
 * simulations that touch the lowest or highest at any radius are dropped until at most `confidence` of them
 * are left, and the bounds read between the last two steps (as dbmss does). p: by how far the farthest radius
 * is from the simulations' middle, in widths of the local envelope. */
void envelopes(const struct concentration_request *, const double *values, struct concentration *);

#endif
