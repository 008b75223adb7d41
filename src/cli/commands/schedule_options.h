/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* schedule_options.h - what `grappe schedule` and `grappe schedule check` are told alike. */
#ifndef GRAPPE_SCHEDULE_OPTIONS_H
#define GRAPPE_SCHEDULE_OPTIONS_H

#include "commands/schedule_files.h"
#include "options.h"

struct schedule_options {
    const char *requests, *availability, *caps, *late;
    int slots, tables; /* -1: not said */
    bool one_set;
    enum fairness fairness;
};

struct fault *schedule_fairness(char *typed, void *fairness_at) MUST_CHECK; /* levels, none */
/* Rows of an option table. */
#define SCHEDULE_OPTIONS(o)                                                                                  \
    {"slots", .read = option_count, .into = &(o)->slots},                                                    \
        {"tables", .read = option_count, .into = &(o)->tables},                                              \
        {"availability", .text = &(o)->availability}, {"caps", .text = &(o)->caps},                          \
        {"one-set", .flag = &(o)->one_set},                                                                  \
    {                                                                                                        \
        "fair", .read = schedule_fairness, .into = &(o)->fairness                                            \
    }
/* The files, in their order: requests, late requests, availabilities, caps. */
struct fault *schedule_files_read(struct arena *, const struct schedule_options *,
                                  struct schedule_file *) MUST_CHECK;

#endif
