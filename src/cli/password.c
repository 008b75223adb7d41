/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "password.h"

#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "files/files.h"
#include "text/slice.h"

struct fault *password_read(struct arena *a, const char *file, const char *variable, const char **password)
{
    enum { MOST = 1024 };
    struct slice content = {0};
    bool there = true;
    *password = getenv(variable);
    if (!file)
        return NULL;
    TRY(file_read(a, file, MOST, &content, &there));
    *password = arena_text(a, content.ptr, strcspn(slice_text(a, content), "\r\n"));
    return there ? NULL : fault(FAULT_NOT_FOUND, "There is no file %s.", file);
}
