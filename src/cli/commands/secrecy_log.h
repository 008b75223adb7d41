/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* secrecy_log.h - what has been published before: a line of JSON a cell, with the units it sums. To be kept
 * as secret as the data. docs/engine-secrecy.md documents the format. */
#ifndef GRAPPE_SECRECY_LOG_H
#define GRAPPE_SECRECY_LOG_H

#include "fault/fault.h"
#include "secrecy/difference.h"
#include "text/slice.h"

struct vocabulary;

/* Of an entry; "" where the line does not tell. */
struct secrecy_naming {
    const char *cell, *time;
};

struct secrecy_log {
    const char *path, *variable, *period; /* variable NULL: both as in the last line */
    struct vocabulary *units, *groups;    /* groups may be the units' */
    struct slice text;                    /* as it stood */
    struct secrecy_set *sets;             /* of the same variable and period */
    struct secrecy_naming *namings;       /* of each set */
    size_t count, capacity, naming_count, naming_capacity;
};
/* A file that is not there is an empty log. INVALID with file and line for what is no entry. */
struct fault *secrecy_log_read(struct arena *, struct secrecy_log *) MUST_CHECK;

struct secrecy_log_entry {
    const char *cell;
    const struct secrecy_set *set;
};
/* All or none: the file is written anew. */
struct fault *secrecy_log_append(struct arena *, const struct secrecy_log *, const struct secrecy_log_entry *,
                                 size_t count) MUST_CHECK;

#endif
