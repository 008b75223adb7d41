/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* match_files.h - firms and needs out of plain CSV files, for `grappe match` and nothing else.
 *
 * docs/matching.md lists the columns. A cell that cannot be read is named on standard error (file, line,
 * column) and taken as unknown; a line that cannot be read is named and left out. */
#ifndef GRAPPE_CLI_MATCH_FILES_H
#define GRAPPE_CLI_MATCH_FILES_H

#include "matching/matching.h"

struct match_firms {
    struct match_firm *firms;
    struct match_capability *capabilities;
    int firm_count, capability_count, firm_capacity, capability_capacity;
    struct vocabulary *ids; /* number = index of the firm */
};

struct match_needs {
    struct slice *ids;
    struct match_need *needs;
    int64_t *lines;
    int count;
};

/* INVALID: no id or no text column, or no row at all. */
struct fault *match_read_firms(struct arena *, const struct lexicon *, const char *path,
                               struct match_firms *) MUST_CHECK;
struct fault *match_read_needs(struct arena *, const struct lexicon *, const struct match_firms *,
                               const char *path, struct match_needs *) MUST_CHECK;

/* Places by name, from the built-in list. */
extern const struct reading_places match_places;

#endif
