/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "files/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arena/arena.h"
#include "text/buffer.h"

static struct fault *failed(const char *what)
{
    return fault(FAULT_IO, "A file cannot be kept (%s: %s).", what, strerror(errno));
}

struct fault *folder_make(const char *path)
{
    return mkdir(path, 0700) == 0 || errno == EEXIST ? NULL : failed("mkdir");
}

static bool write_all(int file, struct slice s)
{
    while (s.len) {
        ssize_t written = write(file, s.ptr, s.len);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        s = slice_from(s, (size_t)written);
    }
    return true;
}

struct fault *file_write(struct arena *a, const char *path, struct slice content)
{
    char *half = arena_print(a, "%s.half", path);
    int file = open(half, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0)
        return failed("open");
    bool good = write_all(file, content);
    good &= close(file) == 0;
    if (good && rename(half, path) == 0)
        return NULL;
    struct fault *f = failed("write");
    (void)unlink(half);
    return f;
}

struct fault *file_read(struct arena *a, const char *path, size_t most, struct slice *content, bool *there)
{
    struct buffer *b = buffer_new(a, most);
    char part[4096];
    ssize_t count = -1;
    *content = (struct slice){"", 0};
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    *there = file >= 0;
    if (file < 0)
        return errno == ENOENT ? NULL : failed("open");
    while ((count = read(file, part, sizeof part)) > 0)
        buffer_add(b, part, (size_t)count);
    (void)close(file);
    *content = buffer_view(b);
    return count == 0 ? buffer_check(b) : failed("read");
}
