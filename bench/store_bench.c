/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* store_bench.c - the store beside the plain SQLite C interface, same rows, same file system, same run.
 *
 * usage: store_bench [ROWS]
 * Inserts ROWS organisations, each with its journal entry, in one transaction; reads lists of 200. CPU time
 * of the process, best of three interleaved rounds; the ratio is ours to plain. The plain side is given the
 * journal's text and digest ready made and copies each text out of SQLite, as any program must. */
#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arena/arena.h"
#include "clock/clock.h"
#include "journal/journal.h"
#include "records/records.h"
#include "rows/rows.h"
#include "text/fold.h"

enum { ROUNDS = 3, PAGE = 200, PAGES = 200 };

static const struct sight member = {.signed_in = true, .role = ROLE_MEMBER};

static void give_up(const char *what)
{
    (void)fprintf(stderr, "store_bench: %s\n", what);
    exit(1);
}

static void must(const struct fault *f)
{
    if (f)
        give_up(f->text);
}

static void plain(int code, sqlite3 *db)
{
    if (code != SQLITE_OK && code != SQLITE_ROW && code != SQLITE_DONE)
        give_up(sqlite3_errmsg(db));
}

/* A firm as a register has it: a third of the fields. */
static struct organisation firm(struct arena *a, int64_t i)
{
    struct organisation o;
    record_clear(&organisation_type, &o);
    o.name = arena_print(a, "Établissements Décolletage n° %" PRId64, i * 7919 % 1000003);
    o.kind = "company";
    o.siren = arena_print(a, "%09" PRId64, i * 104729 % 999999937);
    o.naf = "25.62B";
    o.size_class = "small";
    o.headcount = i % 50;
    o.created = 12000 + i % 6000;
    o.visibility = "space";
    o.activity = "Décolletage de précision de 0,5 à 12 mm, laiton, inox et titane; reprise, tribofinition.";
    return o;
}

static void remove_space(const char *path)
{
    static const char *const endings[] = {"", "-wal", "-shm"};
    ARENA_SCOPE(work);
    for (size_t i = 0; i < COUNT(endings); i++)
        (void)unlink(arena_print(work, "%s%s", path, endings[i]));
}

static struct db *fresh_space(const char *path)
{
    ARENA_SCOPE(work);
    struct db *db = NULL;
    struct transaction *t = NULL;
    remove_space(path);
    must(rows_open(path, true, &db));
    must(transaction_begin(db, work, &t));
    must(rows_create_schema(t));
    must(transaction_commit(t));
    return db;
}

static int64_t insert_ours(const char *path, int64_t rows)
{
    struct db *db = fresh_space(path);
    int64_t start = cpu_us();
    struct arena *work = arena_new(LIMIT_COMMAND_MEMORY);
    struct transaction *t = NULL;
    must(transaction_begin(db, work, &t));
    for (int64_t i = 0; i < rows; i++) {
        ARENA_SCOPE(line);
        struct organisation o = firm(line, i);
        must(rows_insert(t, &organisation_type, &o, 1));
    }
    must(transaction_commit(t));
    arena_free(work);
    int64_t spent = cpu_us() - start;
    db_close(db);
    return spent;
}

static sqlite3 *plain_open(const char *path)
{
    sqlite3 *db = NULL;
    plain(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL), db);
    plain(sqlite3_exec(db, "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -32768",
                       NULL, NULL, NULL),
          db);
    return db;
}

static void plain_step(sqlite3 *db, sqlite3_stmt *s)
{
    plain(sqlite3_step(s), db);
    plain(sqlite3_reset(s), db);
}

static void plain_text(sqlite3_stmt *s, int at, const char *text)
{
    (void)sqlite3_bind_text(s, at, text, -1, SQLITE_STATIC);
}

static int64_t insert_plain(const char *path, int64_t rows)
{
    static const char changes[] =
        "1 - 45:Établissements Décolletage n° 1234563 - 7:company4 - 9:1234567897 - 6:25.62B"
        "8 - 5:small9 - 2:1214 - 10:2002-11-0820 - 5:space6 - 92:Décolletage de précision de"
        " 0,5 à 12 mm, laiton, inox et titane; reprise, tribofinition.";
    db_close(fresh_space(path));
    int64_t start = cpu_us();
    sqlite3 *db = plain_open(path);
    sqlite3_stmt *row = NULL, *entry = NULL, *values = NULL;
    plain(sqlite3_prepare_v2(
              db,
              "INSERT INTO organisation(id, version, name, kind, siren, naf, size_class, headcount,"
              " created, visibility, activity, name_folded) VALUES(?,1,?,?,?,?,?,?,?,?,?,?)",
              -1, &row, NULL),
          db);
    plain(sqlite3_prepare_v2(db, "INSERT INTO journal VALUES(?,?,?,?,?,?,?,?)", -1, &entry, NULL), db);
    plain(sqlite3_prepare_v2(db, "INSERT INTO journal_values VALUES(?,?,?)", -1, &values, NULL), db);
    plain(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), db);
    int64_t batch = new_id();
    for (int64_t i = 0; i < rows; i++) {
        ARENA_SCOPE(line);
        struct organisation o = firm(line, i);
        int64_t id = new_id(), logged = new_id();
        char *folded = fold_text(line, o.name);
        (void)sqlite3_bind_int64(row, 1, id);
        const char *texts[] = {o.name, o.kind, o.siren, o.naf, o.size_class};
        for (int k = 0; k < 5; k++)
            plain_text(row, k + 2, texts[k]);
        (void)sqlite3_bind_int64(row, 7, o.headcount);
        (void)sqlite3_bind_int64(row, 8, o.created);
        plain_text(row, 9, o.visibility);
        plain_text(row, 10, o.activity);
        plain_text(row, 11, folded);
        plain_step(db, row);
        const int64_t numbers[] = {logged, batch, now_us(), 1, 0};
        for (int k = 0; k < 5; k++)
            (void)sqlite3_bind_int64(entry, k + 1, numbers[k]);
        plain_text(entry, 6, "organisation");
        (void)sqlite3_bind_int64(entry, 7, id);
        (void)sqlite3_bind_blob(entry, 8, changes, 32, SQLITE_STATIC);
        plain_step(db, entry);
        (void)sqlite3_bind_int64(values, 1, logged);
        (void)sqlite3_bind_blob(values, 2, changes, 16, SQLITE_STATIC);
        plain_text(values, 3, changes);
        plain_step(db, values);
    }
    plain(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL), db);
    (void)sqlite3_finalize(row);
    (void)sqlite3_finalize(entry);
    (void)sqlite3_finalize(values);
    (void)sqlite3_close(db);
    return cpu_us() - start;
}

/* What a page of the directory shows: neither the two long texts nor what is rarely filled. */
static uint64_t unshown(void)
{
    static const char *const names[] = {"activity",   "note",          "uid",   "parent",
                                        "group_name", "turnover_band", "masked"};
    uint64_t skip = 0;
    for (size_t i = 0; i < COUNT(names); i++)
        skip |= UINT64_C(1) << (field_find(&organisation_type, names[i]) - organisation_type.fields);
    return skip;
}

static int64_t list_ours(struct db *db, bool counted, uint64_t skip)
{
    int64_t start = cpu_us();
    for (int i = 0; i < PAGES; i++) {
        struct arena *a = arena_new(LIMIT_REQUEST_MEMORY);
        struct connection *c = NULL;
        void *records = NULL;
        size_t count = 0;
        int64_t total = 0;
        must(read_begin(db, a, &c));
        must(rows_list(c, a, &(struct list_query){.type = &organisation_type, .skip = skip}, &member,
                       &records, &count, counted ? &total : NULL));
        arena_free(a);
    }
    return (cpu_us() - start) * 1000 / PAGES;
}

static const char *plain_copy(struct arena *a, sqlite3_stmt *s, int column)
{
    const char *text = (const char *)sqlite3_column_text(s, column);
    return text ? arena_text(a, text, (size_t)sqlite3_column_bytes(s, column)) : NULL;
}

/* The same columns and terms, with the visibility test, into the same struct by hand. */
static int64_t list_plain(sqlite3 *db)
{
    static const char sql[] =
        "SELECT id, version, name, short_name, kind, siren, uid, naf, size_class, headcount, website, parent,"
        " group_name, created, closed, joined, masked, turnover_band, visibility, activity, note FROM "
        "organisation"
        " WHERE deleted_us IS NULL AND +visibility IN ('public','space') ORDER BY name_folded, id LIMIT ? "
        "OFFSET ?";
    static const size_t offsets[] = {
        offsetof(struct organisation, id),         offsetof(struct organisation, version),
        offsetof(struct organisation, name),       offsetof(struct organisation, short_name),
        offsetof(struct organisation, kind),       offsetof(struct organisation, siren),
        offsetof(struct organisation, uid),        offsetof(struct organisation, naf),
        offsetof(struct organisation, size_class), offsetof(struct organisation, headcount),
        offsetof(struct organisation, website),    offsetof(struct organisation, parent),
        offsetof(struct organisation, group_name), offsetof(struct organisation, created),
        offsetof(struct organisation, closed),     offsetof(struct organisation, joined),
        offsetof(struct organisation, masked),     offsetof(struct organisation, turnover_band),
        offsetof(struct organisation, visibility), offsetof(struct organisation, activity),
        offsetof(struct organisation, note)};
    static const char kinds[] = "iittttttt"
                                "i"
                                "t"
                                "i"
                                "t"
                                "iii"
                                "f"
                                "tttt";
    sqlite3_stmt *s = NULL;
    plain(sqlite3_prepare_v2(db, sql, -1, &s, NULL), db);
    int64_t start = cpu_us();
    for (int i = 0; i < PAGES; i++) {
        struct arena *a = arena_new(LIMIT_REQUEST_MEMORY);
        struct organisation *rows = NEW(a, struct organisation, PAGE);
        (void)sqlite3_bind_int(s, 1, PAGE);
        (void)sqlite3_bind_int(s, 2, 0);
        for (int n = 0; sqlite3_step(s) == SQLITE_ROW; n++)
            for (int k = 0; k < (int)COUNT(offsets); k++) {
                char *at = (char *)&rows[n] + offsets[k];
                bool null = sqlite3_column_type(s, k) == SQLITE_NULL;
                if (kinds[k] == 't')
                    *(const char **)(void *)at = plain_copy(a, s, k);
                else if (kinds[k] == 'i')
                    *(int64_t *)(void *)at = null ? UNKNOWN_INTEGER : sqlite3_column_int64(s, k);
                else
                    *(enum flag *)(void *)at = null                       ? FLAG_UNKNOWN
                                               : sqlite3_column_int(s, k) ? FLAG_YES
                                                                          : FLAG_NO;
            }
        plain(sqlite3_reset(s), db);
        arena_free(a);
    }
    int64_t spent = (cpu_us() - start) * 1000 / PAGES;
    (void)sqlite3_finalize(s);
    return spent;
}

static void best(int64_t *least, int64_t value)
{
    if (!*least || value < *least)
        *least = value;
}

int main(int argc, char **argv)
{
    int64_t rows = argc > 1 ? strtoll(argv[1], NULL, 10) : 100000;
    char folder[] = "/tmp/grappe-bench-XXXXXX";
    if (!mkdtemp(folder))
        give_up("no folder");
    ARENA_SCOPE(work);
    const char *ours = arena_print(work, "%s/ours.db", folder),
               *theirs = arena_print(work, "%s/plain.db", folder);
    int64_t insert[2] = {0}, list[4] = {0};
    for (int round = 0; round < ROUNDS; round++) {
        best(&insert[0], insert_ours(ours, rows));
        best(&insert[1], insert_plain(theirs, rows));
        struct db *db = NULL;
        must(rows_open(ours, false, &db));
        sqlite3 *raw = plain_open(ours);
        best(&list[0], list_ours(db, false, 0));
        best(&list[1], list_plain(raw));
        best(&list[2], list_ours(db, true, 0));
        best(&list[3], list_ours(db, false, unshown()));
        (void)sqlite3_close(raw);
        db_close(db);
    }
    (void)printf("insert %" PRId64 " organisations with journal: %.2f s CPU, plain %.2f s, ratio %.2f\n",
                 rows, (double)insert[0] / 1e6, (double)insert[1] / 1e6,
                 (double)insert[0] / (double)insert[1]);
    (void)printf("list of %d rows: %.1f us, plain %.1f us, ratio %.2f; with the total of %" PRId64
                 ": %.1f us;"
                 " of %d fields: %.1f us\n",
                 PAGE, (double)list[0] / 1e3, (double)list[1] / 1e3, (double)list[0] / (double)list[1], rows,
                 (double)list[2] / 1e3, organisation_type.count - 7, (double)list[3] / 1e3);
    remove_space(ours);
    remove_space(theirs);
    (void)rmdir(folder);
    return 0;
}
