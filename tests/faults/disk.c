/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "faults/disk.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fault/fault.h"

enum { MOST_FILES = 16, PIECE = 512 };

/* --- what was asked ---------------------------------------------------------------------------------- */

enum act { ACT_WRITE, ACT_TRUNCATE, ACT_SYNC };
struct call {
    enum act act;
    int file;
    int64_t offset; /* of a truncation: the new length */
    size_t length;
    unsigned char *bytes;
};

/* A file as the power would leave it: `at` is synced; calls `first`.. up to the moment may be missing. */
struct content {
    char *name; /* within the folder */
    unsigned char *at;
    size_t length, capacity;
};

static struct {
    pthread_mutex_t lock; /* around each call and its entry, so that both have one order */
    bool running;
    char *folder;
    struct content files[MOST_FILES];
    int file_count;
    struct call *calls;
    size_t count, capacity, settled; /* settled: calls that no image looks at any more */
} tape = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void *grown(void *old, size_t size)
{
    void *block = realloc(old, size);
    if (!block)
        abort();
    return block;
}

static int file_number(const char *path)
{
    size_t length = tape.folder ? strlen(tape.folder) : 0;
    if (!length || !path || strncmp(path, tape.folder, length) != 0 || path[length] != '/')
        return -1;
    for (int i = 0; i < tape.file_count; i++)
        if (strcmp(tape.files[i].name, path + length + 1) == 0)
            return i;
    if (tape.file_count == MOST_FILES)
        abort();
    tape.files[tape.file_count] = (struct content){.name = strdup(path + length + 1)};
    return tape.file_count++;
}

/* Under the lock. */
static void note(enum act act, const char *path, int64_t offset, const void *bytes, size_t length)
{
    int file = tape.running ? file_number(path) : -1;
    if (file < 0)
        return;
    if (tape.count == tape.capacity) {
        tape.capacity = tape.capacity ? tape.capacity * 2 : 1024;
        tape.calls = grown(tape.calls, tape.capacity * sizeof *tape.calls);
    }
    unsigned char *copy = length ? memcpy(grown(NULL, length), bytes, length) : NULL;
    tape.calls[tape.count++] = (struct call){act, file, offset, length, copy};
}

/* --- failing ----------------------------------------------------------------------------------------- */

static _Thread_local struct {
    bool armed, happened;
    int64_t left;
    enum disk_failure how;
} failing;

void disk_fail(int64_t nth, enum disk_failure how)
{
    failing.armed = true;
    failing.happened = false;
    failing.left = nth;
    failing.how = how;
}

bool disk_heal(void)
{
    failing.armed = false;
    return failing.happened;
}

/* What this call answers instead of being made; SQLITE_OK: let it be made. `error` is a device's. */
static int refusal(bool writes, int error)
{
    if (!failing.armed || failing.left > 1) {
        failing.left--;
        return SQLITE_OK;
    }
    bool first = failing.left-- == 1;
    bool fails = failing.how == DISK_ERROR_ONCE  ? first
                 : failing.how == DISK_FULL_ONCE ? first && writes
                                                 : writes;
    failing.happened |= fails;
    return !fails ? SQLITE_OK : failing.how == DISK_ERROR_ONCE ? error : SQLITE_FULL;
}

/* --- the file system --------------------------------------------------------------------------------- */

struct file {
    sqlite3_file base;
    const char *path; /* SQLite keeps it while the file is open */
    sqlite3_file real[];
};

static sqlite3_vfs *system_vfs;

#define REAL(f) (((struct file *)(f))->real)
#define METHODS(f) (REAL(f)->pMethods)

static int file_close(sqlite3_file *f)
{
    return METHODS(f)->xClose(REAL(f));
}

static int file_read(sqlite3_file *f, void *into, int count, sqlite3_int64 offset)
{
    int refused = refusal(false, SQLITE_IOERR_READ);
    return refused ? refused : METHODS(f)->xRead(REAL(f), into, count, offset);
}

static int file_write(sqlite3_file *f, const void *bytes, int count, sqlite3_int64 offset)
{
    int result = refusal(true, SQLITE_IOERR_WRITE);
    if (result)
        return result;
    (void)pthread_mutex_lock(&tape.lock);
    result = METHODS(f)->xWrite(REAL(f), bytes, count, offset);
    if (result == SQLITE_OK)
        note(ACT_WRITE, ((struct file *)f)->path, offset, bytes, (size_t)count);
    (void)pthread_mutex_unlock(&tape.lock);
    return result;
}

static int file_truncate(sqlite3_file *f, sqlite3_int64 length)
{
    int result = refusal(false, SQLITE_IOERR_TRUNCATE);
    if (result)
        return result;
    (void)pthread_mutex_lock(&tape.lock);
    result = METHODS(f)->xTruncate(REAL(f), length);
    if (result == SQLITE_OK)
        note(ACT_TRUNCATE, ((struct file *)f)->path, length, NULL, 0);
    (void)pthread_mutex_unlock(&tape.lock);
    return result;
}

/* Noted as it begins: what is written meanwhile may or may not be in it. The real sync would only cost time:
 * nothing here depends on it. */
static int file_sync(sqlite3_file *f, int flags)
{
    (void)flags;
    int result = refusal(false, SQLITE_IOERR_FSYNC);
    if (result)
        return result;
    (void)pthread_mutex_lock(&tape.lock);
    note(ACT_SYNC, ((struct file *)f)->path, 0, NULL, 0);
    (void)pthread_mutex_unlock(&tape.lock);
    return SQLITE_OK;
}

static int file_size(sqlite3_file *f, sqlite3_int64 *size)
{
    int refused = refusal(false, SQLITE_IOERR_FSTAT);
    return refused ? refused : METHODS(f)->xFileSize(REAL(f), size);
}

static int file_lock(sqlite3_file *f, int level)
{
    int refused = refusal(false, SQLITE_IOERR_LOCK);
    return refused ? refused : METHODS(f)->xLock(REAL(f), level);
}

static int file_unlock(sqlite3_file *f, int level)
{
    return METHODS(f)->xUnlock(REAL(f), level);
}

static int file_reserved(sqlite3_file *f, int *out)
{
    return METHODS(f)->xCheckReservedLock(REAL(f), out);
}

static int file_control(sqlite3_file *f, int operation, void *argument)
{
    return METHODS(f)->xFileControl(REAL(f), operation, argument);
}

static int file_sector(sqlite3_file *f)
{
    return METHODS(f)->xSectorSize(REAL(f));
}

static int file_device(sqlite3_file *f)
{
    return METHODS(f)->xDeviceCharacteristics(REAL(f));
}

static int file_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **at)
{
    int refused = refusal(extend, SQLITE_IOERR_SHMMAP);
    return refused ? refused : METHODS(f)->xShmMap(REAL(f), page, size, extend, at);
}

static int file_shm_lock(sqlite3_file *f, int offset, int count, int flags)
{
    return METHODS(f)->xShmLock(REAL(f), offset, count, flags);
}

static void file_shm_barrier(sqlite3_file *f)
{
    METHODS(f)->xShmBarrier(REAL(f));
}

static int file_shm_unmap(sqlite3_file *f, int remove)
{
    return METHODS(f)->xShmUnmap(REAL(f), remove);
}

static int vfs_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *f, int flags, int *got)
{
    static const sqlite3_io_methods methods = {
        2,           file_close,   file_read,     file_write,       file_truncate,  file_sync,
        file_size,   file_lock,    file_unlock,   file_reserved,    file_control,   file_sector,
        file_device, file_shm_map, file_shm_lock, file_shm_barrier, file_shm_unmap, NULL,
        NULL};
    struct file *mine = (struct file *)f;
    (void)vfs;
    f->pMethods = NULL;
    int result = refusal((flags & SQLITE_OPEN_CREATE) != 0, SQLITE_CANTOPEN);
    if (result)
        return result;
    mine->path = path;
    memset(mine->real, 0, (size_t)system_vfs->szOsFile);
    result = system_vfs->xOpen(system_vfs, path, mine->real, flags, got);
    if (mine->real->pMethods)
        f->pMethods = &methods;
    return result;
}

void disk_install(void)
{
    static sqlite3_vfs ours;
    if (system_vfs)
        return;
    system_vfs = sqlite3_vfs_find(NULL);
    ours = *system_vfs;
    ours.zName = "under test";
    ours.szOsFile = (int)sizeof(struct file) + system_vfs->szOsFile;
    ours.xOpen = vfs_open;
    ours.pNext = NULL;
    if (sqlite3_vfs_register(&ours, 1) != SQLITE_OK)
        abort();
}

/* --- the loss of power ------------------------------------------------------------------------------- */

static void fit(struct content *c, size_t length)
{
    if (length > c->capacity) {
        c->capacity = length * 2;
        c->at = grown(c->at, c->capacity);
    }
    if (length > c->length)
        memset(c->at + c->length, 0, length - c->length);
}

static void put(struct content *c, size_t offset, const unsigned char *bytes, size_t length)
{
    fit(c, offset + length);
    memcpy(c->at + offset, bytes, length);
    c->length = offset + length > c->length ? offset + length : c->length;
}

static void apply(struct content *c, const struct call *call)
{
    if (call->act == ACT_WRITE)
        put(c, (size_t)call->offset, call->bytes, call->length);
    else if (call->act == ACT_TRUNCATE) {
        fit(c, (size_t)call->offset);
        c->length = (size_t)call->offset;
    }
}

/* Half of it, by the dice. */
static void apply_perhaps(struct content *c, const struct call *call, struct random *random)
{
    if (call->act == ACT_TRUNCATE && random_below(random, 2))
        apply(c, call);
    if (call->act != ACT_WRITE)
        return;
    for (size_t done = 0; done < call->length;) { /* pieces lie where the disk has them */
        size_t offset = (size_t)call->offset + done, piece = PIECE - offset % PIECE;
        piece = piece < call->length - done ? piece : call->length - done;
        if (random_below(random, 2))
            put(c, offset, call->bytes + done, piece);
        done += piece;
    }
}

static void read_whole(struct content *c, const char *path)
{
    FILE *file = fopen(path, "rb");
    unsigned char chunk[65536];
    for (size_t got; file && (got = fread(chunk, 1, sizeof chunk, file)) > 0;)
        put(c, c->length, chunk, got);
    if (file)
        (void)fclose(file);
}

void disk_record(const char *folder)
{
    static const char *const known[] = {"space.db", "space.db-wal"};
    disk_tape_free();
    tape.folder = strdup(folder);
    for (size_t i = 0; i < COUNT(known); i++) {
        char path[512];
        (void)snprintf(path, sizeof path, "%s/%s", folder, known[i]);
        int number = file_number(path);
        read_whole(&tape.files[number], path);
    }
    tape.running = true;
}

size_t disk_recorded(void)
{
    (void)pthread_mutex_lock(&tape.lock);
    size_t count = tape.count;
    (void)pthread_mutex_unlock(&tape.lock);
    return count;
}

void disk_record_end(void)
{
    tape.running = false;
}

void disk_tape_free(void)
{
    for (int i = 0; i < tape.file_count; i++) {
        free(tape.files[i].name);
        free(tape.files[i].at);
        tape.files[i] = (struct content){0};
    }
    for (size_t i = 0; i < tape.count; i++)
        free(tape.calls[i].bytes);
    free(tape.calls);
    free(tape.folder);
    tape.folder = NULL;
    tape.calls = NULL;
    tape.count = tape.capacity = tape.settled = 0;
    tape.file_count = 0;
}

/* Calls that every file has synced behind it, up to the moment, go into the files once and for all. A call
 * between is left: its own sync comes later, and later calls of its file must not overtake it. */
static void settle(size_t moment, const size_t synced[MOST_FILES])
{
    for (size_t i = tape.settled; i < moment; i++) {
        struct call *c = &tape.calls[i];
        if (c->act != ACT_SYNC && i < synced[c->file]) {
            apply(&tape.files[c->file], c);
            c->act = ACT_SYNC; /* done */
        }
    }
    while (tape.settled < moment && tape.calls[tape.settled].act == ACT_SYNC)
        tape.settled++;
}

static void write_image(const struct content *c, const char *folder)
{
    char path[512];
    (void)snprintf(path, sizeof path, "%s/%s", folder, c->name);
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(c->at, 1, c->length, file) != c->length || fclose(file) != 0)
        abort();
}

void disk_image(size_t moment, struct random *random, const char *folder)
{
    static size_t synced[MOST_FILES];
    memset(synced, 0, sizeof synced);
    for (size_t i = tape.settled; i < moment; i++)
        if (tape.calls[i].act == ACT_SYNC)
            synced[tape.calls[i].file] = i;
    settle(moment, synced);
    for (int f = 0; f < tape.file_count; f++) {
        struct content image = {.name = tape.files[f].name};
        put(&image, 0, tape.files[f].at, tape.files[f].length);
        for (size_t i = tape.settled; i < moment; i++)
            if (tape.calls[i].file == f)
                apply_perhaps(&image, &tape.calls[i], random);
        write_image(&image, folder);
        free(image.at);
    }
}
