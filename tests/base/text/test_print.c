/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "test.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "text/print.h"

static int PRINTF_LIKE(3, 4) ours(char *out, size_t room, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    int length = text_vprint(out, room, format, list);
    va_end(list);
    return length;
}

/* In as much room as there is, in too little, in none. */
#define SAME(...)                                                                                            \
    do {                                                                                                     \
        char ours_[64], theirs_[64];                                                                         \
        for (size_t room_ = 0; room_ <= sizeof ours_; room_++) {                                             \
            memset(ours_, '#', sizeof ours_);                                                                \
            memset(theirs_, '#', sizeof theirs_);                                                            \
            assert_int_equal(ours(ours_, room_, __VA_ARGS__), snprintf(theirs_, room_, __VA_ARGS__));        \
            assert_string_equal(room_ ? ours_ : "", room_ ? theirs_ : "");                                   \
        }                                                                                                    \
    } while (0)

static void the_same_is_printed_as_by_the_library(void **state)
{
    (void)state;
    const char *none = "";
    SAME("%s", none);
    SAME("/fiches/%s/%lld?par=%d&%%", "organisation", 7919LL, -12);
    SAME("%d %d %d %d", 0, INT_MAX, INT_MIN, 10);
    SAME("%04d-%02d-%02d, %02d %04d %04d %02d", 2026, 1, 19, -3, -5, INT_MIN, 123456);
    SAME("%lld %lld", LLONG_MAX, LLONG_MIN);
    SAME("[%.*s] [%.*s] [%.*s]", 3, "Besançon", 0, "x", 30, "Morteau");
    SAME("%s is followed by %5.2f, %zu and %s", "what it knows", 2.5, (size_t)3, "the rest");
    SAME("%-8s|%08d|%x", "left", 42, 255U);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_same_is_printed_as_by_the_library)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
