/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* gather_sqlite.c - a commit of SQLite as one write.
 *
 * SQLite appends each page of a transaction to its log in two writes, a head and the page: some eighteen for
 * the change of one record. Here what follows on what was written last is kept until it is asked for or
 * synced, and leaves at once. Nobody reads it meanwhile: with synchronous=FULL a commit is synced before the
 * other connections are told of it. When it cannot be written, the sync says so, and the commit is undone. */
#include <stdlib.h>
#include <string.h>

#include "db/sqlite.h"

enum { MOST_GATHERED = 1 << 16 };

/* Behind the system's own of each file. */
struct gathered {
    const sqlite3_io_methods *system;
    sqlite3_io_methods methods;
    sqlite3_int64 at;
    int used;
    char *bytes; /* NULL until the first write */
};

static sqlite3_vfs *system_vfs;

static int system_size(void)
{
    return (system_vfs->szOsFile + 15) / 16 * 16;
}

static struct gathered *gathered(sqlite3_file *f)
{
    return (struct gathered *)(void *)((char *)f + system_size());
}

/* What was gathered is written, or lost: SQLite undoes the transaction then. */
static int send(sqlite3_file *f)
{
    struct gathered *g = gathered(f);
    int count = g->used;
    g->used = 0;
    return count ? g->system->xWrite(f, g->bytes, count, g->at) : SQLITE_OK;
}

static int file_write(sqlite3_file *f, const void *bytes, int count, sqlite3_int64 at)
{
    struct gathered *g = gathered(f);
    int result = SQLITE_OK;
    if (at != g->at + g->used || count > MOST_GATHERED - g->used)
        result = send(f);
    if (result == SQLITE_OK && count > MOST_GATHERED)
        return g->system->xWrite(f, bytes, count, at);
    if (result != SQLITE_OK)
        return result;
    if (!g->bytes && !(g->bytes = malloc(MOST_GATHERED)))
        abort();
    if (!g->used)
        g->at = at;
    memcpy(g->bytes + g->used, bytes, (size_t)count);
    g->used += count;
    return SQLITE_OK;
}

static int file_read(sqlite3_file *f, void *into, int count, sqlite3_int64 at)
{
    int result = send(f);
    return result == SQLITE_OK ? gathered(f)->system->xRead(f, into, count, at) : result;
}

static int file_truncate(sqlite3_file *f, sqlite3_int64 length)
{
    int result = send(f);
    return result == SQLITE_OK ? gathered(f)->system->xTruncate(f, length) : result;
}

static int file_sync(sqlite3_file *f, int flags)
{
    int result = send(f);
    return result == SQLITE_OK ? gathered(f)->system->xSync(f, flags) : result;
}

static int file_size(sqlite3_file *f, sqlite3_int64 *size)
{
    int result = send(f);
    return result == SQLITE_OK ? gathered(f)->system->xFileSize(f, size) : result;
}

static int file_close(sqlite3_file *f)
{
    struct gathered *g = gathered(f);
    free(g->bytes); /* of a transaction that was not committed */
    g->bytes = NULL;
    return g->system->xClose(f);
}

/* Files but the log are the system's. */
static int file_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *f, int flags, int *got)
{
    (void)vfs;
    int result = system_vfs->xOpen(system_vfs, path, f, flags, got);
    if (result != SQLITE_OK || !(flags & SQLITE_OPEN_WAL))
        return result;
    struct gathered *g = gathered(f);
    *g = (struct gathered){.system = f->pMethods, .methods = *f->pMethods};
    g->methods.xClose = file_close;
    g->methods.xRead = file_read;
    g->methods.xWrite = file_write;
    g->methods.xTruncate = file_truncate;
    g->methods.xSync = file_sync;
    g->methods.xFileSize = file_size;
    f->pMethods = &g->methods;
    return result;
}

void gather_register(void)
{
    static sqlite3_vfs ours;
    if (sqlite3_initialize() != SQLITE_OK || !(system_vfs = sqlite3_vfs_find(NULL)))
        abort();
    ours = *system_vfs;
    ours.zName = GATHERING;
    ours.szOsFile = system_size() + (int)sizeof(struct gathered);
    ours.xOpen = file_open;
    ours.pNext = NULL;
    if (sqlite3_vfs_register(&ours, 0) != SQLITE_OK)
        abort();
}
