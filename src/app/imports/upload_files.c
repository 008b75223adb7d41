/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "imports/upload_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arena/arena.h"
#include "clock/clock.h"
#include "files/files.h"

static struct fault *failed(const char *what)
{
    return fault(FAULT_IO, "The uploaded file cannot be kept (%s: %s).", what, strerror(errno));
}

/* FOLDER/uploads, and the name of the space, whose files are in a folder of that name there. */
static char *uploads_folder(struct arena *a, const struct space *s, const char **name)
{
    *name = space_name(s);
    return arena_print(a, "%s/uploads", space_folder(s));
}

static bool is_token(const char *text)
{
    return strlen(text) == UPLOAD_TOKEN && strspn(text, "0123456789abcdef") == UPLOAD_TOKEN;
}

static void place_at(struct arena *a, const char *folder, const char *token, struct upload_place *p)
{
    *p = (struct upload_place){.token = arena_text(a, token, strlen(token)),
                               .folder = arena_print(a, "%s/%s", folder, token)};
    p->content = arena_print(a, "%s/file", p->folder);
    p->about = arena_print(a, "%s/about", p->folder);
    p->mapping = arena_print(a, "%s/mapping", p->folder);
    p->report = arena_print(a, "%s/report", p->folder);
    p->preview = arena_print(a, "%s/preview", p->folder);
    p->job = arena_print(a, "%s/job", p->folder);
}

/* A day after it was last worked on: the folder's time moves with its files. */
static bool too_old(const struct upload_place *p)
{
    struct stat s;
    return stat(p->folder, &s) != 0 || now_us() / SECOND_US - s.st_ctim.tv_sec > UPLOAD_AGE_S;
}

struct fault *upload_place_new(struct door *d, struct upload_place *p)
{
    struct arena *a = door_arena(d);
    unsigned char random[UPLOAD_TOKEN / 2];
    char token[UPLOAD_TOKEN + 1];
    const char *name;
    const char *all = uploads_folder(a, door_space(d), &name), *mine = arena_print(a, "%s/%s", all, name);
    if (sodium_init() < 0)
        return fault(FAULT_BUG, "No random numbers.");
    randombytes_buf(random, sizeof random);
    (void)sodium_bin2hex(token, sizeof token, random, sizeof random);
    place_at(a, mine, token, p);
    TRY(folder_make(all));
    TRY(folder_make(mine));
    return mkdir(p->folder, 0700) == 0 ? NULL : failed("mkdir");
}

struct fault *upload_place_find(struct door *d, const char *token, struct upload_place *p)
{
    struct arena *a = door_arena(d);
    const char *name;
    const char *all = uploads_folder(a, door_space(d), &name);
    if (is_token(token)) {
        place_at(a, arena_print(a, "%s/%s", all, name), token, p);
        if (access(p->about, R_OK) == 0 && !too_old(p))
            return NULL;
    }
    return fault(FAULT_NOT_FOUND, "This file is not here any more: files that wait are removed after a day. "
                                  "Send it again.");
}

/* Whatever stands in it: a write that was cut short leaves a half file. */
void upload_place_remove(const struct upload_place *p)
{
    DIR *folder = opendir(p->folder);
    for (struct dirent *e; folder && (e = readdir(folder));)
        (void)unlinkat(dirfd(folder), e->d_name, 0);
    if (folder)
        (void)closedir(folder);
    (void)rmdir(p->folder);
}

size_t upload_files_sweep(struct arena *a, const struct space *s)
{
    const char *name;
    const char *all = uploads_folder(a, s, &name), *mine = arena_print(a, "%s/%s", all, name);
    size_t waiting = 0;
    DIR *folder = opendir(mine);
    for (struct dirent *e; folder && (e = readdir(folder));) {
        struct upload_place p;
        if (!is_token(e->d_name))
            continue;
        place_at(a, mine, e->d_name, &p);
        if (too_old(&p))
            upload_place_remove(&p);
        else
            waiting += access(p.content, F_OK) == 0;
    }
    if (folder)
        (void)closedir(folder);
    return waiting;
}

void uploads_sweep(const struct space *s)
{
    ARENA_SCOPE(work);
    (void)upload_files_sweep(work, s);
}

struct fault *upload_lock(const struct upload_place *p, int *held)
{
    *held = open(p->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC); /* its files are replaced */
    if (*held < 0)
        return failed("open");
    while (flock(*held, LOCK_EX) != 0)
        if (errno != EINTR) {
            (void)close(*held);
            return failed("flock");
        }
    return NULL;
}

void upload_unlock(int held)
{
    (void)close(held);
}
