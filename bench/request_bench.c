/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* request_bench.c - a request of the interface for programs beside what it stands on, in the same run on the
 * same disk: a write by eight clients beside commits of plain SQLite by eight threads in turn, a point read
 * beside the same read of the store alone.
 *
 * usage: request_bench [WRITES [READS [FOLDER]]]
 * Each round runs all sides, one after another; printed are the medians and the ratio of each round's pair
 * with its spread. The aims: a write .5, a read .25 of the rate a core. A plain commit is a row of a firm and
 * one of a journal, synchronous=FULL; a write adds token, rights, checks and the answer, but shares commits.
 */
#include <inttypes.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "accounts/accounts.h"
#include "accounts/api_tokens.h"
#include "clock/clock.h"
#include "demo/demo.h"
#include "door/internal.h"
#include "load.h"
#include "log/log.h"
#include "pages/server.h"
#include "rows/rows.h"

enum { ROUNDS = 7 };

static void give_up(const char *what)
{
    (void)fprintf(stderr, "request_bench: %s\n", what);
    exit(1);
}

static void must(const struct fault *f)
{
    if (f)
        give_up(f->text);
}

/* --- plain commits ----------------------------------------------------------------------------------- */

struct plain {
    sqlite3 *db;
    sqlite3_stmt *row, *entry;
    pthread_mutex_t turn;
    int each;
};

static void run_sql(sqlite3 *db, const char *sql)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        give_up(sqlite3_errmsg(db));
}

static void step(sqlite3 *db, sqlite3_stmt *s, int64_t id)
{
    (void)sqlite3_bind_int64(s, 1, id);
    if (sqlite3_step(s) != SQLITE_DONE || sqlite3_reset(s) != SQLITE_OK)
        give_up(sqlite3_errmsg(db));
}

static void *commit_some(void *thing)
{
    struct plain *p = thing;
    for (int i = 0; i < p->each; i++) {
        int64_t id = new_id();
        (void)pthread_mutex_lock(&p->turn);
        run_sql(p->db, "BEGIN IMMEDIATE");
        step(p->db, p->row, id);
        step(p->db, p->entry, id);
        run_sql(p->db, "COMMIT");
        (void)pthread_mutex_unlock(&p->turn);
    }
    return NULL;
}

static void plain_open(struct plain *p, const char *path)
{
    static const char row[] =
        "INSERT INTO firm VALUES($1, 1, 'Atelier des essais', 'company', '732829320', 'space',"
        " 'Décolletage de précision de 0,5 à 12 mm, laiton, inox et titane; reprise.')";
    static const char entry[] =
        "INSERT INTO journal VALUES($1, $1, 1, 'firm', randomblob(32),"
        " '{\"name\":\"Atelier des essais\",\"kind\":\"company\",\"siren\":\"732829320\"}')";
    (void)pthread_mutex_init(&p->turn, NULL);
    if (sqlite3_open(path, &p->db) != SQLITE_OK)
        give_up(path);
    run_sql(p->db,
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
            "CREATE TABLE firm(id INTEGER PRIMARY KEY, version, name, kind, siren, visibility, activity);"
            "CREATE TABLE journal(id INTEGER PRIMARY KEY, record, act, type, salt, after)");
    if (sqlite3_prepare_v2(p->db, row, -1, &p->row, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(p->db, entry, -1, &p->entry, NULL) != SQLITE_OK)
        give_up(sqlite3_errmsg(p->db));
}

static double plain_rate(struct plain *p, int count)
{
    pthread_t threads[LOAD_CONNECTIONS];
    int64_t began = monotonic_us();
    p->each = count / LOAD_CONNECTIONS;
    for (int i = 0; i < LOAD_CONNECTIONS; i++)
        if (pthread_create(&threads[i], NULL, commit_some, p) != 0)
            give_up("no thread");
    for (int i = 0; i < LOAD_CONNECTIONS; i++)
        (void)pthread_join(threads[i], NULL);
    return p->each * LOAD_CONNECTIONS / ((double)(monotonic_us() - began) / 1e6);
}

/* --- the store alone --------------------------------------------------------------------------------- */

/* Reads a second of one core: each a unit of work with its arena, its connection and its snapshot. */
static double store_rate(struct space *space, int64_t id, int count)
{
    static const struct sight member = {.signed_in = true, .role = ROLE_MEMBER};
    int64_t began = cpu_us();
    for (int i = 0; i < count; i++) {
        ARENA_SCOPE(a);
        struct connection *c = NULL;
        struct organisation o;
        must(read_begin(space_db(space), a, &c));
        must(rows_load(c, a, &organisation_type, id, &member, &o));
    }
    return count / ((double)(cpu_us() - began) / 1e6);
}

/* --- both -------------------------------------------------------------------------------------------- */

struct side {
    double ours[ROUNDS], plain[ROUNDS], ratio[ROUNDS];
};

static int compare(const void *a, const void *b)
{
    double one = *(const double *)a, other = *(const double *)b;
    return (one > other) - (one < other);
}

static void print_side(const char *name, struct side *s)
{
    qsort(s->ours, ROUNDS, sizeof(double), compare);
    qsort(s->plain, ROUNDS, sizeof(double), compare);
    qsort(s->ratio, ROUNDS, sizeof(double), compare);
    (void)printf("%-56s %8.0f/s beside %8.0f/s: ratio %.2f [%.2f..%.2f]\n", name, s->ours[ROUNDS / 2],
                 s->plain[ROUNDS / 2], s->ratio[ROUNDS / 2], s->ratio[0], s->ratio[ROUNDS - 1]);
}

static void note(struct side *s, int round, double ours, double plain)
{
    s->ours[round] = ours;
    s->plain[round] = plain;
    s->ratio[round] = ours / plain;
}

/* A member of the space, who may read, and a facilitator, who may write. */
static const char *token_for(struct arena *a, struct house *house, const char *role, int64_t *firm)
{
    const struct space_info *space = house_at(house, 0);
    ARENA_SCOPE(work); /* its snapshot ends here: it would keep the log of the space from being emptied */
    char token[API_TOKEN_TEXT + 1];
    struct door *d = NULL;
    struct list_filter by = {"role", role};
    struct list_request people = {.type = &person_type, .filters = &by, .filter_count = 1, .per_page = 1},
                        firms = {.type = &organisation_type, .per_page = 1};
    struct list_page page;
    must(door_open_program(space->space, work, &d));
    must(door_list(d, &people, &page));
    must(api_token_make(house, space, ((struct person *)page.records)->id, "bench", SCOPE_READ | SCOPE_WRITE,
                        token));
    must(door_list(d, &firms, &page));
    *firm = ((struct organisation *)page.records)->id;
    return arena_print(a, "Host: x\r\nAuthorization: Bearer %s\r\n", token);
}

static void measure(struct house *house, int port, const char *folder, int writes, int reads)
{
    static const char body[] =
        "{\"name\":\"Atelier des essais\",\"kind\":\"company\",\"visibility\":\"space\","
        "\"activity\":\"Décolletage de précision de 0,5 à 12 mm, laiton, inox.\"}";
    ARENA_SCOPE(a);
    struct side write = {0}, read = {0};
    struct plain plain;
    int64_t firm = 0;
    const char *writer = token_for(a, house, "facilitator", &firm),
               *reader = token_for(a, house, "member", &firm);
    const char *post =
        arena_print(a,
                    "POST /api/v1/records/organisation HTTP/1.1\r\n%sContent-Type: application/json\r\n"
                    "Content-Length: %zu\r\n\r\n%s",
                    writer, strlen(body), body);
    const char *get =
        arena_print(a, "GET /api/v1/records/organisation/%" PRId64 " HTTP/1.1\r\n%s\r\n", firm, reader);
    plain_open(&plain, arena_print(a, "%s/plain.db", folder));
    for (int round = 0; round < ROUNDS; round++) {
        double commits = plain_rate(&plain, writes);
        struct load_cost wrote = load_ask(port, post, writes);
        note(&write, round, writes / ((double)wrote.wall_us / 1e6), commits);
        double loads = store_rate(house_at(house, 0)->space, firm, reads * 4);
        struct load_cost asked = load_ask(port, get, reads);
        note(&read, round, reads / ((double)asked.cpu_us / 1e6), loads);
    }
    print_side("a write, 8 clients, beside commits of plain SQLite", &write);
    print_side("a point read a core, beside the store's", &read);
    (void)sqlite3_finalize(plain.row);
    (void)sqlite3_finalize(plain.entry);
    (void)sqlite3_close(plain.db);
}

int main(int argc, char **argv)
{
    load_begin();
    ARENA_SCOPE(a);
    int writes = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 2000;
    int reads = argc > 2 ? (int)strtol(argv[2], NULL, 10) : 8000;
    char *folder = arena_print(a, "%s/grappe-bench-XXXXXX", argc > 3 ? argv[3] : "/tmp");
    struct house *house = NULL;
    struct server *server = NULL;
    (void)setvbuf(stdout, NULL, _IOLBF, 0);
    log_quieter_than(LOG_WARNING);
    if (!mkdtemp(folder))
        give_up(folder);
    const char *place = arena_print(a, "%s/demo", folder);
    must(demo_make(place));
    must(house_open(place, &house));
    must(server_start(a, house, &(struct server_options){0}, &server));
    measure(house, server_port(server), folder, writes / LOAD_CONNECTIONS * LOAD_CONNECTIONS,
            reads / LOAD_CONNECTIONS * LOAD_CONNECTIONS);
    must(server_stop(server));
    house_close(house);
    for (const char *const *name =
             (const char *const[]){"demo/directory.db", "demo/federation.db", "demo/pole.db",
                                   "demo/territoire.db", "plain.db", NULL};
         *name; name++)
        (void)unlink(arena_print(a, "%s/%s", folder, *name));
    (void)rmdir(arena_print(a, "%s/demo/uploads", folder));
    (void)rmdir(place);
    return rmdir(folder) == 0 ? 0 : 1;
}
