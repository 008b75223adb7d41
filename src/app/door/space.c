/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* space.c - an open space. */
#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "catalogue/catalogue.h"
#include "door/internal.h"
#include "journal/journal.h"
#include "log/log.h"
#include "taxonomies/taxonomies.h"

struct space {
    struct db *db;
    char *folder, *name;
    struct known_people *people;
    struct kept_tables *kept;
    int64_t sealed_to; /* the newest entry when the sealer looked last; its thread's alone */
};

/* FOLDER/federation.db: "FOLDER", "federation". An address of a database has no folder: the one we are in. */
static void settle_by_file(struct space *s, const char *path)
{
    ARENA_SCOPE(work);
    const char *slash = place_is_url(path) ? NULL : strrchr(path, '/'), *file = slash ? slash + 1 : path;
    const char *dot = strrchr(file, '.');
    size_t length = dot && dot > file ? (size_t)(dot - file) : strlen(file);
    space_settle_in(s, slash ? arena_text(work, path, (size_t)(slash - path)) : ".",
                    place_is_url(path) ? "space" : arena_text(work, file, length));
}

static struct fault *open_place(const char *path, bool create, struct space **out)
{
    struct db *db = NULL;
    TRY(rows_open(path, create, &db));
    struct space *s = calloc(1, sizeof *s);
    if (!s)
        abort();
    s->db = db;
    s->people = known_people_new();
    s->kept = kept_tables_new();
    settle_by_file(s, path);
    *out = s;
    return NULL;
}

static struct fault *check_schema(struct db *db)
{
    ARENA_SCOPE(work);
    struct connection *c = NULL;
    TRY(read_begin(db, work, &c));
    return rows_check_schema(c);
}

struct fault *space_open(const char *path, struct space **out)
{
    struct space *s = NULL;
    TRY(open_place(path, false, &s));
    struct fault *failed = check_schema(s->db);
    if (failed) {
        struct fault kept = *failed;
        space_close(s);
        return fault_again(&kept);
    }
    *out = s;
    return NULL;
}

static struct fault *fill(struct space *s)
{
    ARENA_SCOPE(work);
    struct transaction *t = NULL;
    TRY(transaction_begin(s->db, work, &t));
    TRY(rows_create_schema(t));
    TRY(taxonomies_install(t, work));
    return transaction_commit(t);
}

struct fault *space_create(const char *path, struct space **out)
{
    struct space *s = NULL;
    TRY(open_place(path, true, &s));
    struct fault *failed = fill(s);
    if (failed) {
        struct fault kept = *failed;
        space_discard(s);
        return fault_again(&kept);
    }
    *out = s;
    return NULL;
}

void space_close(struct space *s)
{
    if (!s)
        return;
    catalogue_forget(s);
    db_close(s->db);
    known_people_free(s->people);
    kept_tables_free(s->kept);
    free(s->folder);
    free(s->name);
    free(s);
}

void space_discard(struct space *s)
{
    ARENA_SCOPE(work);
    const char *place = space_made(s) ? arena_print(work, "%s", space_path(s)) : NULL;
    space_close(s);
    struct fault *failed = place ? db_remove(place) : NULL;
    if (failed)
        log_fault("discard", failed);
}

void space_settle_in(struct space *s, const char *folder, const char *name)
{
    char *new_folder = strdup(folder), *new_name = strdup(name);
    if (!new_folder || !new_name)
        abort();
    free(s->folder);
    free(s->name);
    s->folder = new_folder;
    s->name = new_name;
}

const char *space_folder(const struct space *s)
{
    return s->folder;
}

const char *space_name(const struct space *s)
{
    return s->name;
}

bool space_made(const struct space *s)
{
    return db_fresh(s->db);
}

const char *space_path(const struct space *s)
{
    return db_path(s->db);
}

enum { SEALED_AT_ONCE = 5000 };

static struct fault *seal(struct transaction *t, void *sealed)
{
    return journal_seal(t, SEALED_AT_ONCE, sealed);
}

struct fault *space_seal(struct space *s)
{
    for (int64_t sealed = SEALED_AT_ONCE; sealed == SEALED_AT_ONCE;)
        TRY(transaction_repeat(s->db, seal, &sealed));
    return NULL;
}

struct fault *space_seal_new(struct space *s)
{
    ARENA_SCOPE(work);
    struct connection *c = NULL;
    int64_t newest = 0;
    TRY(read_begin(s->db, work, &c));
    TRY(journal_last(c, &newest));
    if (newest == s->sealed_to)
        return NULL;
    TRY(space_seal(s));
    s->sealed_to = newest;
    return NULL;
}

struct db *space_db(struct space *s)
{
    return s->db;
}

struct known_people *space_people(struct space *s)
{
    return s->people;
}

struct kept_tables *space_kept(struct space *s)
{
    return s->kept;
}
