/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* folder.h - a folder of its own for a test, and nothing of it left. */
#ifndef GRAPPE_TEST_FOLDER_H
#define GRAPPE_TEST_FOLDER_H

#include "test.h"

#include <ftw.h>
#include <stdlib.h>

enum { FOLDER_PATH = 64 };

/* In /tmp, named after what is tested. */
static inline void folder_new(char path[FOLDER_PATH], const char *name)
{
    (void)snprintf(path, FOLDER_PATH, "/tmp/grappe-%s-XXXXXX", name);
    assert_non_null(mkdtemp(path));
}

static inline int folder_remove_one(const char *path, const struct stat *s, int kind, struct FTW *where)
{
    (void)s, (void)kind, (void)where;
    return remove(path);
}

static inline void folder_remove(const char *path)
{
    (void)nftw(path, folder_remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

#endif
