/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* checked.h - integer arithmetic that says when it does not fit, and the mark of an unknown number. */
#ifndef GRAPPE_CHECKED_H
#define GRAPPE_CHECKED_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#define UNKNOWN_INTEGER INT64_MIN /* unknown is not zero */
#define UNKNOWN_REAL ((double)NAN)

static inline bool known_integer(int64_t value)
{
    return value != UNKNOWN_INTEGER;
}

static inline bool known_real(double value)
{
    return !isnan(value);
}

/* True when the exact result fits in *out. */
#define add_fits(a, b, out) (!__builtin_add_overflow(a, b, out))
#define subtract_fits(a, b, out) (!__builtin_sub_overflow(a, b, out))
#define multiply_fits(a, b, out) (!__builtin_mul_overflow(a, b, out))

#endif
