/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* communities_files.h - the plain files of `grappe communities`. docs/engine-communities.md documents them.
 */
#ifndef GRAPPE_COMMUNITIES_FILES_H
#define GRAPPE_COMMUNITIES_FILES_H

#include "network/network.h"

struct arena;
struct table;
struct vocabulary;

struct communities_files {
    struct vocabulary *members, *values; /* values: of attributes */
    struct attribute *attributes;        /* by member and value, each once */
    size_t attribute_count;
};
struct communities_files communities_files_new(struct arena *);

/* from,to and perhaps weight, above 0. INVALID with file, line and column. */
struct fault *communities_ties_read(struct arena *, struct table *, const char *path,
                                    struct communities_files *, struct network *) MUST_CHECK;
/* member,attribute: after the ties; members without ties have no community, and are passed over. */
struct fault *communities_attributes_read(struct arena *, struct table *, const char *path,
                                          struct communities_files *) MUST_CHECK;

#endif
