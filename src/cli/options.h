/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* options.h - what follows a command, read by a table: an option a row. */
#ifndef GRAPPE_OPTIONS_H
#define GRAPPE_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fault/fault.h"

/* One of text, flag and read says where it goes. */
struct command_option {
    const char *name;                               /* "dry-run" */
    const char **text;                              /* its word, as typed */
    bool *flag;                                     /* whether it was said */
    struct fault *(*read)(char *typed, void *into); /* its word, understood or refused */
    void *into;
};

/* Readers for `read`: a whole number from 0 to 100,000 into an int; one from 0 on into a uint64_t; a number
 * of seconds from 0 to a million into a double. */
struct fault *option_count(char *typed, void *int_at) MUST_CHECK;
struct fault *option_seed(char *typed, void *uint64_at) MUST_CHECK;
struct fault *option_seconds(char *typed, void *double_at) MUST_CHECK;

/* What a command may take: 0 s is no limit. */
struct time_limit {
    double seconds;
    int64_t began_us; /* monotonic_us() */
};
bool time_left(const struct time_limit *);

/* The one word that is no option, and those that may follow it. */
struct operand {
    const char **into;
    const char *missing; /* what is said without it; NULL: it may be left out */
    char ***more;        /* NULL: no word may follow */
    int *more_count;
};

/* INVALID, with the word that is too much, not known, or missing (usage_fault()). argv[0] is passed over;
 * options stand before or after the operand. */
struct fault *options_read(int argc, char **argv, const struct command_option *, size_t count,
                           struct operand) MUST_CHECK;

#endif
