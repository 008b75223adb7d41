/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* test.h - cmocka with what it needs included first, and helpers every unit test uses. */
#ifndef GRAPPE_TEST_H
#define GRAPPE_TEST_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "arena/arena.h"
#include "fault/fault.h"

/* Leaves a test out, and says so, where the published file it reads is not at hand. (What cmocka's skip()
 * prints counts as failed.) */
static inline void needs_shared_data(const char *file, const char *test)
{
    char path[512];
    const char *folder = getenv("SHARED_DATA");
    (void)snprintf(path, sizeof path, "%s/%s", folder ? folder : "", file);
    if (access(path, R_OK) == 0)
        return;
    print_message("# SHARED_DATA has no %s: %s is left out\n", file, test);
    cmocka_set_skip_filter(test);
}

/* Fails with the fault's own words. */
#define assert_ok(call)                                                                                      \
    do {                                                                                                     \
        const struct fault *assert_fault_ = (call);                                                          \
        if (assert_fault_)                                                                                   \
            fail_msg("%s (%s:%d)", assert_fault_->text, assert_fault_->file, assert_fault_->line);           \
    } while (0)

/* In double precision; cmocka's assert_float_equal compares floats. */
#define assert_near(value, expected, tolerance)                                                              \
    do {                                                                                                     \
        double near_value_ = (value), near_expected_ = (expected);                                           \
        if (!(fabs(near_value_ - near_expected_) <= (tolerance)))                                            \
            fail_msg("%s is %.17g, not %.17g", #value, near_value_, near_expected_);                         \
    } while (0)

#define assert_fault(call, expected)                                                                         \
    do {                                                                                                     \
        const struct fault *assert_fault_ = (call);                                                          \
        if (!assert_fault_)                                                                                  \
            fail_msg("%s succeeded", #call);                                                                 \
        assert_int_equal(assert_fault_->code, expected);                                                     \
    } while (0)

#endif
