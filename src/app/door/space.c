/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* space.c - an open space. */
#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "catalogue/catalogue.h"
#include "clock/clock.h"
#include "contents/contents.h"
#include "door/internal.h"
#include "introductions/agreements.h"
#include "journal/journal.h"
#include "journal/past.h"
#include "log/log.h"
#include "taxonomies/taxonomies.h"

struct space {
    struct db *db;
    char *folder, *name;
    struct known_people *people;
    struct kept_tables *kept;
    struct read_log *readings;
    int64_t sealed_to; /* the newest entry when the sealer looked last; its thread's alone */
    int64_t months_on; /* the day of that entry: its thread's too */
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
    s->readings = read_log_new();
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
    TRY(agreements_install(t, work));
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
    struct fault *lost = read_log_flush(s->readings, s->db);
    if (lost)
        log_fault("readings", lost);
    catalogue_forget(s);
    db_close(s->db);
    read_log_free(s->readings);
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

static struct fault *seal_changes(struct space *s)
{
    for (int64_t sealed = SEALED_AT_ONCE; sealed == SEALED_AT_ONCE;)
        TRY(transaction_repeat(s->db, seal, &sealed));
    return NULL;
}

struct month_piece {
    struct months_work from, to;
    bool more;
};

static struct fault *make_piece(struct transaction *t, void *with)
{
    enum { ENTRIES = 200 };
    struct month_piece *piece = with;
    piece->to = piece->from;
    return months_make(t, ENTRIES, &piece->to, &piece->more);
}

/* States of months that are over, a piece a transaction, so that nobody waits long for the writer. */
static struct fault *make_months(struct space *s)
{
    struct month_piece piece = {.more = true};
    while (piece.more) {
        TRY(transaction_repeat(s->db, make_piece, &piece));
        piece.from = piece.to;
    }
    return NULL;
}

struct fault *space_seal(struct space *s)
{
    TRY(read_log_flush(s->readings, s->db));
    TRY(seal_changes(s));
    return make_months(s);
}

struct fault *space_seal_new(struct space *s)
{
    ARENA_SCOPE(work);
    struct connection *c = NULL;
    int64_t newest = 0;
    TRY(read_log_flush(s->readings, s->db));
    TRY(read_begin(s->db, work, &c));
    TRY(journal_last(c, &newest));
    if (newest == s->sealed_to)
        return NULL;
    TRY(seal_changes(s));
    if (day_at(id_instant_us(newest)) != s->months_on) /* a month begins with a day */
        TRY(make_months(s));
    s->months_on = day_at(id_instant_us(newest));
    s->sealed_to = newest;
    return NULL;
}

static struct fault *fold_some(struct transaction *t, void *more)
{
    enum { READINGS = 5000 };
    return readings_fold(t, READINGS, more);
}

struct fault *space_fold_readings(struct space *s, int turns)
{
    for (bool more = true; more && turns > 0; turns--)
        TRY(transaction_repeat(s->db, fold_some, &more));
    return NULL;
}

int64_t documents_gone_us(void)
{
    return now_us() - UNDO_DAYS * 86400 * SECOND_US;
}

static struct fault *drop_contents(struct transaction *t, void *unused)
{
    (void)unused;
    return contents_drop(t, documents_gone_us(), NULL);
}

struct fault *space_drop_contents(struct space *s)
{
    return transaction_repeat(s->db, drop_contents, NULL);
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

struct read_log *space_readings(struct space *s)
{
    return s->readings;
}
