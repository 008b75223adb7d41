/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "ratio_sides.h"

#include <inttypes.h>
#include <libpq-fe.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "clock/clock.h"
#include "journal/journal.h"
#include "records/records.h"
#include "rows/rows.h"
#include "text/fold.h"

void give_up(const char *what, const char *why)
{
    (void)fprintf(stderr, "ratio_bench: %s: %s\n", what, why);
    exit(1);
}

static void must(const struct fault *f)
{
    if (f)
        give_up("store", f->text);
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

/* What the journal keeps of it, of the usual length. */
static const char packed[] =
    "1 - 45:Établissements Décolletage n° 1234563 - 7:company4 - 9:1234567897 - 6:25.62B"
    "8 - 5:small9 - 2:1214 - 10:2002-11-0820 - 5:space6 - 92:Décolletage de précision de"
    " 0,5 à 12 mm, laiton, inox et titane; reprise, tribofinition.";

/* Ours. */

static void *ours_open(const char *place, int writers)
{
    ARENA_SCOPE(work);
    struct db *db = NULL;
    struct transaction *t = NULL;
    (void)writers;
    must(db_open(place, true, &db));
    must(transaction_begin(db, work, &t));
    must(rows_create_schema(t));
    must(transaction_commit(t));
    return db;
}

static void ours_change(void *store, int writer, int64_t number)
{
    ARENA_SCOPE(work);
    struct transaction *t = NULL;
    struct organisation o = firm(work, number);
    (void)writer;
    must(transaction_begin(store, work, &t));
    must(rows_insert(t, &organisation_type, &o, 1));
    must(transaction_commit(t));
}

static void ours_close(void *store)
{
    db_close(store);
}

const struct side ours = {"ours", ours_open, ours_change, ours_close};

/* Plain SQLite: one connection that the writers share, which is faster than one for each of them. */

enum { PLAIN_BEGIN, PLAIN_ROW, PLAIN_ENTRY, PLAIN_VALUES, PLAIN_COMMIT, PLAIN_STATEMENTS };
struct plain_file {
    pthread_mutex_t turn;
    sqlite3 *db;
    sqlite3_stmt *statements[PLAIN_STATEMENTS];
};

static void *plain_file_open(const char *place, int writers)
{
    static const char *const texts[PLAIN_STATEMENTS] = {
        "BEGIN IMMEDIATE",
        "INSERT INTO organisation(id, version, name, kind, siren, naf, size_class, headcount, created, "
        "visibility,"
        " activity, name_folded) VALUES(?,1,?,?,?,?,?,?,?,?,?,?)",
        "INSERT INTO journal(id, batch, at_us, person, act, type, record, digest) VALUES(?,?,?,1,0,?,?,?)",
        "INSERT INTO journal_values(entry, salt, changes) VALUES(?,?,?)", "COMMIT"};
    struct plain_file *p = calloc(1, sizeof *p);
    db_close(ours_open(place, writers));
    if (!p || pthread_mutex_init(&p->turn, NULL) != 0 ||
        sqlite3_open_v2(place, &p->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK ||
        sqlite3_exec(p->db, "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -32768",
                     NULL, NULL, NULL) != SQLITE_OK)
        give_up("plain", "cannot open");
    for (int i = 0; i < PLAIN_STATEMENTS; i++)
        if (sqlite3_prepare_v2(p->db, texts[i], -1, &p->statements[i], NULL) != SQLITE_OK)
            give_up("plain", sqlite3_errmsg(p->db));
    return p;
}

static void plain_texts(sqlite3_stmt *s, int first, const char *const *texts, int count)
{
    for (int i = 0; i < count; i++)
        (void)sqlite3_bind_text(s, first + i, texts[i], -1, SQLITE_STATIC);
}

static void plain_run(const struct plain_file *p, int which)
{
    if (sqlite3_step(p->statements[which]) != SQLITE_DONE || sqlite3_reset(p->statements[which]) != SQLITE_OK)
        give_up("plain", sqlite3_errmsg(p->db));
}

static void plain_file_change(void *store, int writer, int64_t number)
{
    ARENA_SCOPE(work);
    struct plain_file *p = store;
    struct organisation o = firm(work, number);
    sqlite3_stmt *row = p->statements[PLAIN_ROW], *entry = p->statements[PLAIN_ENTRY],
                 *values = p->statements[PLAIN_VALUES];
    (void)writer;
    (void)pthread_mutex_lock(&p->turn);
    int64_t id = new_id(), logged = new_id();
    plain_run(p, PLAIN_BEGIN);
    (void)sqlite3_bind_int64(row, 1, id);
    plain_texts(row, 2, (const char *const[]){o.name, o.kind, o.siren, o.naf, o.size_class}, 5);
    (void)sqlite3_bind_int64(row, 7, o.headcount);
    (void)sqlite3_bind_int64(row, 8, o.created);
    plain_texts(row, 9, (const char *const[]){o.visibility, o.activity, fold_text(work, o.name)}, 3);
    plain_run(p, PLAIN_ROW);
    (void)sqlite3_bind_int64(entry, 1, logged);
    (void)sqlite3_bind_int64(entry, 2, logged);
    (void)sqlite3_bind_int64(entry, 3, now_us());
    (void)sqlite3_bind_text(entry, 4, "organisation", -1, SQLITE_STATIC);
    (void)sqlite3_bind_int64(entry, 5, id);
    (void)sqlite3_bind_blob(entry, 6, packed, 32, SQLITE_STATIC);
    plain_run(p, PLAIN_ENTRY);
    (void)sqlite3_bind_int64(values, 1, logged);
    (void)sqlite3_bind_blob(values, 2, packed, 16, SQLITE_STATIC);
    (void)sqlite3_bind_text(values, 3, packed, -1, SQLITE_STATIC);
    plain_run(p, PLAIN_VALUES);
    plain_run(p, PLAIN_COMMIT);
    (void)pthread_mutex_unlock(&p->turn);
}

static void plain_file_close(void *store)
{
    struct plain_file *p = store;
    for (int i = 0; i < PLAIN_STATEMENTS; i++)
        (void)sqlite3_finalize(p->statements[i]);
    (void)sqlite3_close(p->db);
    (void)pthread_mutex_destroy(&p->turn);
    free(p);
}

const struct side plain_sqlite = {"plain", plain_file_open, plain_file_change, plain_file_close};

/* Plain libpq: a connection each, a change in one round trip. */

struct plain_server {
    int writers;
    PGconn *links[MOST_WRITERS];
};

static PGconn *plain_connect(const char *place)
{
    static const char *const texts[][2] = {
        {"row",
         "INSERT INTO organisation(id, version, name, kind, siren, naf, size_class, headcount, created,"
         " visibility, activity, name_folded, activity_folded, naf_folded, siren_folded)"
         " VALUES($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $5, $4)"},
        {"entry", "INSERT INTO journal(id, batch, at_us, person, act, type, record, digest)"
                  " VALUES($1, $1, $2, 1, 0, $3, $4, $5)"},
        {"values", "INSERT INTO journal_values(entry, salt, changes) VALUES($1, $2, $3)"}};
    ARENA_SCOPE(work);
    const char *schema = strstr(place, "&schema=");
    PGconn *link = PQconnectdb(arena_print(work, "%.*s", (int)(schema - place), place));
    PQclear(PQexec(link, arena_print(work, "SET search_path = \"%s\"", schema + 8)));
    for (size_t i = 0; i < COUNT(texts); i++)
        PQclear(PQprepare(link, texts[i][0], texts[i][1], 0, NULL));
    if (PQstatus(link) != CONNECTION_OK || !PQenterPipelineMode(link))
        give_up("plain", PQerrorMessage(link));
    return link;
}

static void *plain_server_open(const char *place, int writers)
{
    struct plain_server *p = calloc(1, sizeof *p);
    if (!p)
        abort();
    p->writers = writers;
    db_close(ours_open(place, writers));
    for (int i = 0; i < writers; i++)
        p->links[i] = plain_connect(place);
    return p;
}

struct parameter {
    const char *at;
    int length;
};
static void plain_send(PGconn *link, const char *name, const struct parameter *p, int count)
{
    const char *values[16];
    int lengths[16], binary[16];
    for (int i = 0; i < count; i++) {
        values[i] = p[i].at;
        lengths[i] = p[i].length;
        binary[i] = 1;
    }
    if (!PQsendQueryPrepared(link, name, count, values, lengths, binary, 1))
        give_up("plain", PQerrorMessage(link));
}

static struct parameter number_of(int64_t *value)
{
    *value = (int64_t)__builtin_bswap64((uint64_t)*value);
    return (struct parameter){(const char *)value, 8};
}

static struct parameter text_of(const char *text)
{
    return (struct parameter){text, (int)strlen(text)};
}

static void send_row(PGconn *link, struct arena *work, int64_t number, struct parameter id)
{
    struct organisation o = firm(work, number);
    const struct parameter row[] = {id,
                                    text_of(o.name),
                                    text_of(o.kind),
                                    text_of(o.siren),
                                    text_of(o.naf),
                                    text_of(o.size_class),
                                    number_of(&o.headcount),
                                    number_of(&o.created),
                                    text_of(o.visibility),
                                    text_of(o.activity),
                                    text_of(fold_text(work, o.name)),
                                    text_of(fold_text(work, o.activity))};
    plain_send(link, "row", row, COUNT(row));
}

static void command(PGconn *link, const char *sql)
{
    (void)PQsendQueryParams(link, sql, 0, NULL, NULL, NULL, NULL, 1);
}

static void expect(PGconn *link, int answers)
{
    for (int i = 0; i < answers; i++) {
        PGresult *answer = PQgetResult(link);
        if (PQresultStatus(answer) != PGRES_COMMAND_OK)
            give_up("plain", PQerrorMessage(link));
        PQclear(answer);
        PQclear(PQgetResult(link));
    }
    PQclear(PQgetResult(link)); /* the end of the batch */
}

static void server_change(PGconn *link, int64_t number, bool journaled)
{
    ARENA_SCOPE(work);
    int64_t ids[] = {new_id(), new_id(), now_us()};
    struct parameter id = number_of(&ids[0]), entry = number_of(&ids[1]), now = number_of(&ids[2]);
    command(link, "BEGIN");
    send_row(link, work, number, id);
    if (journaled) {
        plain_send(link, "entry",
                   (const struct parameter[]){entry, now, text_of("organisation"), id, {packed, 32}}, 5);
        plain_send(link, "values", (const struct parameter[]){entry, {packed, 16}, text_of(packed)}, 3);
    }
    command(link, "COMMIT");
    (void)PQpipelineSync(link);
    expect(link, journaled ? 5 : 3);
}

static void plain_server_change(void *store, int writer, int64_t number)
{
    server_change(((struct plain_server *)store)->links[writer], number, true);
}

static void unjournaled_change(void *store, int writer, int64_t number)
{
    server_change(((struct plain_server *)store)->links[writer], number, false);
}

static void plain_server_close(void *store)
{
    struct plain_server *p = store;
    for (int i = 0; i < p->writers; i++)
        PQfinish(p->links[i]);
    free(p);
}

const struct side plain_postgres = {"plain", plain_server_open, plain_server_change, plain_server_close};
const struct side plain_postgres_unjournaled = {"unjournaled", plain_server_open, unjournaled_change,
                                                plain_server_close};
