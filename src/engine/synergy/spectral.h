/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* spectral.h - each member as a point, so that those of the same circles stand in the same direction.
 *
 *   M = (D + r I)^-1/2 W (D + r I)^-1/2,  W as group_weights() says, D its row sums
 *   coordinates = M U,  U an orthonormal basis of the leading d-dimensional invariant space of M
 *
 * so that the scalar product of two members is (U E^2 U')_xy, whatever the basis. r keeps tiny components,
 * whose eigenvalues would all be 1, from filling the space. */
#ifndef GRAPPE_SPECTRAL_H
#define GRAPPE_SPECTRAL_H

#include <stdint.h>

#include "synergy/hypergraph.h"

struct spectral_options {
    int dimensions;
    double regulariser; /* r, above 0 */
    struct group_law law;
    int rounds; /* of the power iteration */
    uint64_t seed;
};

/* members × dimensions, a row a member; rows of members without partners are 0. Deterministic. Cost O(rounds
 * (ties d + members d^2)). Source: subspace iteration (Golub and Van Loan, Matrix Computations, 7.3), with
 * the orthogonalisation by Cholesky. */
struct fault *spectral_coordinates(struct arena *, const struct hypergraph *, const struct spectral_options *,
                                   double **coordinates) MUST_CHECK;

#endif
