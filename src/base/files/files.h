/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* files.h - files of our own, for the program's account alone: written whole or not at all. */
#ifndef GRAPPE_FILES_H
#define GRAPPE_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include "fault/fault.h"
#include "text/slice.h"

struct arena;

/* Mode 0700; nothing when it is there. */
struct fault *folder_make(const char *path) MUST_CHECK;
/* Mode 0600, in the place of what was there. */
struct fault *file_write(struct arena *, const char *path, struct slice content) MUST_CHECK;
/* At most `most` bytes, else LIMIT; *there is false when there is no such file. */
struct fault *file_read(struct arena *, const char *path, size_t most, struct slice *content,
                        bool *there) MUST_CHECK;

#endif
