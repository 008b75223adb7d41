/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* tolerance.h - ISO 286 standard tolerance grades, by the published table.
 *
 * A tolerance of ± t is a width of 2 t: every function says which of the two it takes. Lengths in
 * nanometres. */
#ifndef GRAPPE_TOLERANCE_H
#define GRAPPE_TOLERANCE_H

#include <stdbool.h>
#include <stdint.h>

#define NM_PER_UM INT64_C(1000)
#define NM_PER_MM INT64_C(1000000)

/* Grades as numbers: IT1 … IT18 are 1 … 18, IT0 is 0, IT01 is -1. */
#define IT_FINEST (-1)
#define IT_COARSEST 18
#define IT_UNKNOWN INT64_MIN

/* The width of a grade at a nominal size; false: no such grade, or a size outside (0, 500 mm]. IT14 and
 * coarser do not exist up to 1 mm; the value of the first step is given all the same. */
bool it_width(int64_t grade, int64_t size_nm, int64_t *width_nm);

/* The grade that a demand of that width asks for: the coarsest one no wider than it. Under IT01: IT_FINEST -
 * 1; IT_UNKNOWN when the size is outside the table or the width is not positive. */
int64_t it_grade_asked(int64_t width_nm, int64_t size_nm);

/* The grade that whoever holds this width can promise: the finest one no narrower than it. Over IT18:
 * IT_COARSEST + 1; IT_UNKNOWN as above. */
int64_t it_grade_held(int64_t width_nm, int64_t size_nm);

#endif
