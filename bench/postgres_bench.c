/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* postgres_bench.c - the store on PostgreSQL beside plain libpq: same server, same rows, same run.
 *
 * usage: tests/with_postgres.py build-run/bench/postgres_bench [ROWS]
 * Time on the clock, best of three interleaved rounds, and the ratio of ours to plain. The plain side is
 * given the journal's text and digest ready made, sends a change in one round trip without a savepoint,
 * numbers entries without looking, and copies each text out, as any program must. */
#include <inttypes.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arena/arena.h"
#include "clock/clock.h"
#include "journal/journal.h"
#include "records/records.h"
#include "rows/rows.h"

enum { ROUNDS = 3, PAGES = 200, CHANGES = 500 };

static const struct sight member = {.signed_in = true, .role = ROLE_MEMBER};

static void give_up(const char *what)
{
    (void)fprintf(stderr, "postgres_bench: %s\n", what);
    exit(1);
}

static void must(const struct fault *f)
{
    if (f)
        give_up(f->text);
}

static struct organisation firm(struct arena *a, int64_t i)
{
    struct organisation o;
    record_clear(&organisation_type, &o);
    o.name = arena_print(a, "etablissements decolletage %" PRId64, i * 7919 % 1000003);
    o.kind = "company";
    o.siren = arena_print(a, "%09" PRId64, i * 104729 % 999999937);
    o.naf = "25.62B";
    o.visibility = "space";
    o.activity = "decolletage de precision de 0,5 a 12 mm, laiton, inox et titane; reprise, tribofinition.";
    return o;
}

static struct db *fresh_space(struct arena *a, const char *name)
{
    ARENA_SCOPE(work);
    struct db *db = NULL;
    struct transaction *t = NULL;
    const char *cluster = getenv("TEST_POSTGRES");
    if (!cluster)
        give_up("run me by tests/with_postgres.py");
    must(rows_open(arena_print(a, "%s&schema=%s", cluster, name), true, &db));
    must(transaction_begin(db, work, &t));
    must(rows_create_schema(t));
    must(transaction_commit(t));
    return db;
}

static int64_t insert_ours(struct db *db, int64_t first, int64_t rows, bool each)
{
    int64_t start = now_us();
    struct arena *work = NULL;
    struct transaction *t = NULL;
    for (int64_t i = 0; i < rows; i++) {
        ARENA_SCOPE(line);
        struct organisation o = firm(line, first + i);
        if (!work) {
            work = arena_new(LIMIT_COMMAND_MEMORY);
            must(transaction_begin(db, work, &t));
        }
        must(rows_insert(t, &organisation_type, &o, 1));
        if (each || i == rows - 1) {
            must(transaction_commit(t));
            arena_free(work);
            work = NULL;
        }
    }
    return now_us() - start;
}

/* Plain. */

static void expect(PGconn *link, int answers)
{
    for (int i = 0; i < answers; i++) {
        PGresult *answer = PQgetResult(link);
        ExecStatusType status = PQresultStatus(answer);
        if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
            give_up(PQerrorMessage(link));
        PQclear(answer);
        PQclear(PQgetResult(link));
    }
    PQclear(PQgetResult(link)); /* the end of the batch */
}

static void command(PGconn *link, const char *sql)
{
    (void)PQsendQueryParams(link, sql, 0, NULL, NULL, NULL, NULL, 1);
}

static PGconn *plain_open(const char *schema)
{
    PGconn *link = PQconnectdb(getenv("TEST_POSTGRES"));
    ARENA_SCOPE(work);
    PQclear(PQexec(link, arena_print(work, "SET search_path = \"%s\"", schema)));
    PQclear(PQprepare(link, "row",
                      "INSERT INTO organisation(id, version, name, kind, siren, naf, visibility, activity,"
                      " name_folded, activity_folded, naf_folded, siren_folded)"
                      " VALUES($1, 1, $2, $3, $4, $5, $6, $7, $2, $7, $5, $4)",
                      0, NULL));
    PQclear(PQprepare(link, "entry", "INSERT INTO journal VALUES($1, 1, $2, 1, 0, 'organisation', $3, $4)", 0,
                      NULL));
    PQclear(PQprepare(link, "values", "INSERT INTO journal_values VALUES($1, $2, $3)", 0, NULL));
    PQclear(PQprepare(
        link, "page",
        "SELECT id, version, name, kind, siren, naf, visibility, activity FROM organisation WHERE deleted_us"
        " IS NULL AND visibility IN ('public', 'space') ORDER BY name_folded, id LIMIT 200",
        0, NULL));
    return link;
}

static int64_t big_endian(int64_t value)
{
    return (int64_t)__builtin_bswap64((uint64_t)value);
}

static void plain_change(PGconn *link, struct arena *a, int64_t i)
{
    static const char changes[] =
        "1 - 45:etablissements decolletage 1234563 - 7:company4 - 9:1234567897 - 6:25.62B"
        "5 space6 - 92:decolletage de precision de 0,5 a 12 mm, laiton, inox et titane.";
    static const int binary[] = {1, 1, 1, 1, 1, 1, 1};
    struct organisation o = firm(a, i);
    int64_t id = big_endian(new_id()), entry = big_endian(new_id()), now = big_endian(now_us());
    const char *row[] = {(const char *)&id, o.name, o.kind, o.siren, o.naf, o.visibility, o.activity};
    const int row_lengths[] = {8,
                               (int)strlen(row[1]),
                               (int)strlen(row[2]),
                               (int)strlen(row[3]),
                               (int)strlen(row[4]),
                               (int)strlen(row[5]),
                               (int)strlen(row[6])};
    (void)PQsendQueryPrepared(link, "row", 7, row, row_lengths, binary, 1);
    (void)PQsendQueryPrepared(
        link, "entry", 4,
        (const char *const[]){(const char *)&entry, (const char *)&now, (const char *)&id, changes},
        (const int[]){8, 8, 8, 32}, binary, 1);
    (void)PQsendQueryPrepared(link, "values", 3,
                              (const char *const[]){(const char *)&entry, changes, changes},
                              (const int[]){8, 16, (int)strlen(changes)}, binary, 1);
}

static int64_t insert_plain(PGconn *link, int64_t first, int64_t rows, bool each)
{
    int64_t start = now_us();
    (void)PQenterPipelineMode(link);
    for (int64_t i = 0; i < rows; i++) {
        ARENA_SCOPE(line);
        bool begins = each || i == 0, ends = each || i == rows - 1;
        if (begins)
            command(link, "BEGIN");
        plain_change(link, line, first + i);
        if (ends)
            command(link, "COMMIT");
        (void)PQpipelineSync(link);
        expect(link, 3 + begins + ends);
    }
    (void)PQexitPipelineMode(link);
    return now_us() - start;
}

static int64_t list_ours(struct db *db)
{
    static const char *const read[] = {"name", "kind", "siren", "naf", "visibility", "activity"};
    uint64_t skip = ~UINT64_C(0);
    for (size_t i = 0; i < COUNT(read); i++)
        skip &= ~(UINT64_C(1) << (field_find(&organisation_type, read[i]) - organisation_type.fields));
    int64_t start = now_us();
    for (int i = 0; i < PAGES; i++) {
        struct arena *a = arena_new(LIMIT_REQUEST_MEMORY);
        struct connection *c = NULL;
        void *records = NULL;
        size_t count = 0;
        must(read_now(db, a, &c));
        must(rows_list(c, a, &(struct list_query){.type = &organisation_type, .skip = skip}, &member,
                       &records, &count, NULL));
        arena_free(a);
    }
    return (now_us() - start) * 1000 / PAGES;
}

static int64_t list_plain(PGconn *link)
{
    int64_t start = now_us();
    for (int i = 0; i < PAGES; i++) {
        struct arena *a = arena_new(LIMIT_REQUEST_MEMORY);
        PGresult *page = PQexecPrepared(link, "page", 0, NULL, NULL, NULL, 1);
        for (int row = 0; row < PQntuples(page); row++)
            for (int column = 2; column < PQnfields(page); column++)
                (void)arena_text(a, PQgetvalue(page, row, column), (size_t)PQgetlength(page, row, column));
        PQclear(page);
        arena_free(a);
    }
    return (now_us() - start) * 1000 / PAGES;
}

static void best(int64_t *least, int64_t value)
{
    if (!*least || value < *least)
        *least = value;
}

static void report(const char *what, const char *unit, const int64_t figures[2], double scale)
{
    (void)printf("%s: %.1f %s, plain %.1f %s, ratio %.2f\n", what, (double)figures[0] / scale, unit,
                 (double)figures[1] / scale, unit, (double)figures[0] / (double)figures[1]);
}

int main(int argc, char **argv)
{
    int64_t rows = argc > 1 ? strtoll(argv[1], NULL, 10) : 10000, next = 0;
    int64_t bulk[2] = {0}, change[2] = {0}, list[2] = {0};
    ARENA_SCOPE(work);
    struct db *db = fresh_space(work, "ours");
    db_close(fresh_space(work, "plain"));
    PGconn *link = plain_open("plain");
    for (int round = 0; round < ROUNDS; round++) {
        best(&bulk[0], insert_ours(db, next, rows, false) * 1000 / rows);
        best(&bulk[1], insert_plain(link, next, rows, false) * 1000 / rows);
        next += rows;
        PQclear(PQexec(link, "ANALYZE")); /* the server's own housekeeping, at once */
        best(&change[0], insert_ours(db, next, CHANGES, true) * 1000 / CHANGES);
        best(&change[1], insert_plain(link, next, CHANGES, true) * 1000 / CHANGES);
        next += CHANGES;
        best(&list[0], list_ours(db));
        best(&list[1], list_plain(link));
    }
    report("insert in one transaction, each", "us", bulk, 1e3);
    report("a transaction each", "us", change, 1e3);
    report("list of 200 rows", "us", list, 1e3);
    PQfinish(link);
    db_close(db);
    return 0;
}
