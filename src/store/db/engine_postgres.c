/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* engine_postgres.c - a space as one schema of a PostgreSQL database.
 *
 * Writers of all processes take turns on an advisory lock: entries of the journal are numbered in the order
 * of commits, and writers neither deadlock nor fail to serialise. A process keeps its turn for TURN_US, over
 * as many commits as fit: as long, nobody else writes, and what it knows of the newest entry is so. Readers
 * hold no lock.
 */
#include <poll.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "clock/clock.h"
#include "db/place.h"
#include "db/postgres.h"

#define MARK "Grappe 1" /* the comment on a schema of ours */

enum { TURN_US = 20000 }; /* what another process may have to wait for, longer than for one commit */

/* What our SQL calls beside the standard; inlined by the planner. */
#define SCHEMA_MAKE                                                                                          \
    "BEGIN; CREATE SCHEMA IF NOT EXISTS \"%s\"; COMMENT ON SCHEMA \"%s\" IS '" MARK "';"                     \
    "SET LOCAL search_path = \"%s\";"                                                                        \
    "CREATE FUNCTION id_list(bigint[]) RETURNS TABLE(id bigint) LANGUAGE sql IMMUTABLE AS"                   \
    " 'SELECT u.id FROM unnest($1) AS u(id)';"                                                               \
    "CREATE FUNCTION instr(text, text) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT strpos($1, $2)';"   \
    "CREATE FUNCTION asker_reads(bigint) RETURNS boolean LANGUAGE sql STABLE AS"                             \
    " 'SELECT coalesce((nullif(current_setting(''grappe.roles'', true), '''')::bigint & $1) <> 0, false)';"  \
    "CREATE FUNCTION asker_level(text) RETURNS text LANGUAGE sql STABLE AS"                                  \
    " 'SELECT CASE WHEN $1 = ANY (nullif(current_setting(''grappe.levels'', true), '''')::text[])"           \
    " THEN $1 END';"                                                                                         \
    "CREATE FUNCTION asker_organisations() RETURNS bigint[] LANGUAGE sql STABLE AS"                          \
    " 'SELECT nullif(current_setting(''grappe.organisations'', true), '''')::bigint[]';"                     \
    "CREATE FUNCTION asker_competitors() RETURNS bigint[] LANGUAGE sql STABLE AS"                            \
    " 'SELECT nullif(current_setting(''grappe.competitors'', true), '''')::bigint[]';"                       \
    "CREATE FUNCTION asker_person() RETURNS bigint LANGUAGE sql STABLE AS"                                   \
    " 'SELECT nullif(current_setting(''grappe.person'', true), '''')::bigint';"                              \
    "COMMIT"

/* For the place itself: at most seconds until one knows that a server is gone. What the URL says wins. */
static PGconn *link_open(const struct place *place)
{
    enum { MOST = 64 };
    const char *names[MOST] = {"connect_timeout",  "keepalives_idle",  "keepalives_interval",
                               "keepalives_count", "tcp_user_timeout", "application_name",
                               "client_encoding"};
    const char *values[MOST] = {"5", "5", "2", "3", "10000", "grappe", "UTF8"};
    int count = 7;
    char *wrong = NULL;
    PQconninfoOption *given = PQconninfoParse(place->url, &wrong);
    for (PQconninfoOption *o = given; o && o->keyword && count < MOST - 1; o++)
        if (o->val) {
            names[count] = o->keyword;
            values[count++] = o->val;
        }
    PGconn *link = given ? PQconnectdbParams(names, values, 0) : NULL;
    PQconninfoFree(given);
    PQfreemem(wrong);
    return link;
}

static void ignore_notice(void *with, const PGresult *notice)
{
    (void)with, (void)notice;
}

static struct fault *link_check(PGconn *link)
{
    if (!link)
        return fault(FAULT_INVALID, "The address of the database is not understood.");
    if (PQstatus(link) != CONNECTION_OK) {
        const char *words = PQerrorMessage(link);
        return fault(FAULT_IO, "The database does not answer: %.*s", (int)strcspn(words, "\n"), words);
    }
    const char *encoding = PQparameterStatus(link, "server_encoding");
    if (!encoding || strcmp(encoding, "UTF8") != 0)
        return fault(FAULT_INVALID, "The database must be one in UTF-8.");
    (void)PQsetNoticeReceiver(link, ignore_notice, NULL);
    return NULL;
}

static struct fault *answer_fault(PGresult *answer)
{
    ExecStatusType status = PQresultStatus(answer);
    const char *words = PQresultErrorMessage(answer);
    struct fault *wrong =
        status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK
            ? NULL
            : fault(FAULT_IO, "The database does not answer: %.*s", (int)strcspn(words, "\n"), words);
    PQclear(answer);
    return wrong;
}

static struct fault *schema_make(PGconn *link, struct arena *work, const char *name)
{
    TRY(answer_fault(PQexec(link, arena_print(work, SCHEMA_MAKE, name, name, name))));
    postgres_make_role(link, work, name);
    return NULL;
}

/* Ours, to be made, or somebody else's. */
static struct fault *schema_check(PGconn *link, struct arena *work, const char *name, bool create, bool *made)
{
    PGresult *found = PQexecParams(link,
                                   "SELECT coalesce(obj_description(n.oid, 'pg_namespace'), ''),"
                                   " EXISTS (SELECT 1 FROM pg_class c WHERE c.relnamespace = n.oid)"
                                   " FROM pg_namespace n WHERE n.nspname = $1",
                                   1, NULL, &name, NULL, NULL, 0);
    bool asked = PQresultStatus(found) == PGRES_TUPLES_OK, there = asked && PQntuples(found) == 1;
    bool ours = there && strcmp(PQgetvalue(found, 0, 0), MARK) == 0;
    bool empty = there && !*PQgetvalue(found, 0, 0) && strcmp(PQgetvalue(found, 0, 1), "f") == 0;
    if (!asked)
        return answer_fault(found);
    PQclear(found);
    *made = !ours && create && (!there || empty);
    if (ours)
        return NULL;
    if (*made)
        return schema_make(link, work, name);
    if (there)
        return fault(FAULT_INVALID, "The schema %s is not one of Grappe.", name);
    return fault(FAULT_NOT_FOUND, "There is no schema %s.", name);
}

static void link_close(void *link)
{
    PQfinish(link);
}

static struct fault *prepare_schema(struct db *d, bool create, bool *fresh)
{
    ARENA_SCOPE(work);
    struct place place;
    TRY(place_read(work, db_path(d), &place));
    PGconn *link = link_open(&place);
    arena_defer(work, link_close, link);
    TRY(link_check(link));
    return schema_check(link, work, place.schema, create, fresh);
}

static struct fault *remove_schema(const char *url)
{
    ARENA_SCOPE(work);
    struct place place;
    TRY(place_read(work, url, &place));
    PGconn *link = link_open(&place);
    arena_defer(work, link_close, link);
    TRY(link_check(link));
    bool made;
    struct fault *wrong = schema_check(link, work, place.schema, false, &made);
    if (wrong)
        return wrong->code == FAULT_NOT_FOUND ? NULL : wrong;
    return answer_fault(PQexec(link, arena_print(work, "DROP SCHEMA \"%s\" CASCADE", place.schema)));
}

/* A number of the schema's name; two that met would only wait for each other. */
static int64_t turn_of(const char *schema)
{
    unsigned char number[sizeof(int64_t)];
    int64_t turn;
    (void)crypto_generichash(number, sizeof number, (const unsigned char *)schema, strlen(schema), NULL, 0);
    memcpy(&turn, number, sizeof turn);
    return turn;
}

static struct fault *connect_schema(struct connection *c, enum purpose purpose, bool fresh)
{
    ARENA_SCOPE(work);
    struct place place;
    struct postgres *p = calloc(1, sizeof *p);
    bool reads = purpose == FOR_READING;
    (void)fresh; /* marked when it was made */
    if (!p)
        abort();
    c->link = p;
    TRY(place_read(work, db_path(c->db), &place));
    p->link = link_open(&place);
    p->turn = turn_of(place.schema);
    TRY(link_check(p->link));
    TRY(answer_fault(PQexec(
        p->link,
        arena_print(work,
                    "SET search_path = \"%s\"; SET standard_conforming_strings = on; SET jit = off;"
                    " SET cursor_tuple_fraction = 1; SET lock_timeout = '10s';"
                    " SET default_transaction_isolation = '%s';"
                    " SET default_transaction_read_only = %s",
                    place.schema, reads ? "repeatable read" : "read committed", reads ? "on" : "off"))));
    if (!PQenterPipelineMode(p->link))
        return postgres_fault(c, NULL);
    return NULL;
}

static void disconnect_schema(struct connection *c)
{
    struct postgres *p = c->link;
    if (p)
        PQfinish(p->link);
    free(p);
}

/* What was sent, and its answers. */

static struct fault *take_answer(struct connection *c, struct statement *s, PGresult *answer)
{
    ExecStatusType status = PQresultStatus(answer);
    bool good = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
    struct fault *wrong = good || status == PGRES_PIPELINE_ABORTED ? NULL : postgres_fault(c, answer);
    if (good && s)
        postgres_take(s, answer);
    else
        PQclear(answer);
    return wrong;
}

/* The answers to one thing sent: one, and the end of them. */
static struct fault *take_answers(struct connection *c, struct statement *s, bool commits)
{
    const struct postgres *p = c->link;
    PGresult *answer = PQgetResult(p->link), *more;
    bool undone = commits && answer && strcmp(PQcmdStatus(answer), "ROLLBACK") == 0;
    struct fault *wrong = answer ? take_answer(c, s, answer) : postgres_fault(c, NULL);
    while ((more = PQgetResult(p->link)))
        PQclear(more);
    return undone ? fault(FAULT_IO, "Nothing was changed: the database undid everything.") : wrong;
}

/* What follows is not skipped for a fault before it; outside a block, what came before is committed. Also
 * sends what waited on this side. */
static struct fault *sync(struct connection *c)
{
    struct postgres *p = c->link;
    if (!PQpipelineSync(p->link))
        return postgres_fault(c, NULL);
    p->sent[p->sent_count++] = (struct sent){.kind = SENT_SYNC};
    return NULL;
}

/* The end of a synchronisation; before it, why it could not commit. Where neither comes the server is gone:
 * then no answer ever will. */
static struct fault *take_sync(struct connection *c)
{
    const struct postgres *p = c->link;
    struct fault *wrong = NULL;
    PGresult *answer = PQgetResult(p->link);
    if (answer && PQresultStatus(answer) == PGRES_FATAL_ERROR) {
        wrong = postgres_fault(c, answer);
        PQclear(answer);
        PQclear(PQgetResult(p->link));
        answer = PQgetResult(p->link);
    }
    bool ended = PQresultStatus(answer) == PGRES_PIPELINE_SYNC;
    PQclear(answer);
    return wrong || ended ? wrong : postgres_fault(c, NULL);
}

/* The server answers what it has, and goes on with the transaction. */
static struct fault *ask_answers(struct connection *c)
{
    const struct postgres *p = c->link;
    if (!p->in_transaction || p->in_block)
        return sync(c);
    return PQsendFlushRequest(p->link) ? NULL : postgres_fault(c, NULL);
}

struct fault *postgres_settle(struct connection *c)
{
    struct postgres *p = c->link;
    struct outcome mine = {0};
    if (!p->sent_count)
        return NULL;
    struct fault *wrong = p->sent[p->sent_count - 1].kind == SENT_SYNC ? NULL : ask_answers(c);
    for (int i = 0; !wrong && i < p->sent_count; i++) {
        const struct sent *s = &p->sent[i];
        const struct fault *told =
            s->kind == SENT_SYNC ? take_sync(c) : take_answers(c, s->statement, s->kind == SENT_COMMIT);
        struct outcome *of = s->outcome ? s->outcome : &mine;
        if (told && !of->failed)
            *of = (struct outcome){true, c->yielded, *told};
    }
    p->sent_count = 0;
    p->spoiled |= mine.failed && p->in_transaction;
    return mine.failed ? fault_again(&mine.why) : wrong;
}

struct fault *postgres_make_room(struct connection *c)
{
    const struct postgres *p = c->link;
    return p->sent_count >= MOST_SENT - 2 ? postgres_settle(c) : NULL; /* one, and a synchronisation */
}

struct fault *postgres_command(struct connection *c, const char *sql)
{
    struct postgres *p = c->link;
    if (strncmp(sql, "ROLLBACK", 8) == 0) { /* not among what a fault makes the server skip */
        p->face_known = false;
        (void)!postgres_settle(c);
        p->spoiled = false;
    }
    if (p->spoiled)
        return fault(FAULT_IO, "Nothing was changed: the database undid everything.");
    TRY(postgres_make_room(c));
    if (!PQsendQueryParams(p->link, sql, 0, NULL, NULL, NULL, NULL, 1))
        return postgres_fault(c, NULL);
    p->sent[p->sent_count++] = (struct sent){0};
    return NULL;
}

struct fault *postgres_block(struct connection *c)
{
    struct postgres *p = c->link;
    if (!p->in_transaction || p->in_block)
        return NULL;
    TRY(postgres_command(c, "BEGIN"));
    p->in_block = true;
    return NULL;
}

static struct fault *script(struct connection *c, const char *sql)
{
    struct postgres *p = c->link;
    TRY(postgres_block(c));
    TRY(postgres_face(c, is_by_program(sql)));
    TRY(postgres_settle(c));
    if (!PQexitPipelineMode(p->link))
        return postgres_fault(c, NULL);
    PGresult *answer = PQexec(p->link, sql);
    ExecStatusType status = PQresultStatus(answer);
    struct fault *wrong =
        status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK ? NULL : postgres_fault(c, answer);
    PQclear(answer);
    p->spoiled |= wrong && p->in_transaction;
    (void)PQenterPipelineMode(p->link);
    return wrong;
}

/* Nothing was sent unasked: no notice that the server is leaving, no end of the stream. */
static bool alive(struct connection *c)
{
    struct postgres *p = c->link;
    if (postgres_settle(c) || PQstatus(p->link) != CONNECTION_OK)
        return false;
    struct pollfd wire = {.fd = PQsocket(p->link), .events = POLLIN};
    if (poll(&wire, 1, 0) == 0)
        return true;
    return PQconsumeInput(p->link) && PQstatus(p->link) == CONNECTION_OK && wire.revents == POLLIN;
}

/* Transactions. */

/* A command that is prepared, because every change needs it. */
static struct fault *usual(struct connection *c, const char *sql, struct arguments arguments)
{
    struct statement *s;
    TRY(statement_literal(c, sql, &s));
    return statement_queue(c, s, arguments);
}

/* Also where it is not known whether it was got. The answer is not waited for. */
static void turn_end(struct connection *c)
{
    struct postgres *p = c->link;
    if (!p->kept_until)
        return;
    p->kept_until = 0;
    p->face_known = p->as_program = !p->face_lasts; /* as connected */
    if (!usual(c, BY_PROGRAM("turn") "SELECT pg_advisory_unlock_all()", NO_ARGS))
        (void)!sync(c);
}

static struct fault *turn_begin(struct connection *c)
{
    struct postgres *p = c->link;
    if (monotonic_us() > p->kept_until)
        turn_end(c); /* others who wait for it come first */
    p->begun = p->kept_until ? p->begun + 1 : 1;
    if (p->kept_until)
        return NULL;
    p->kept_since++;
    p->kept_until = monotonic_us() + TURN_US;
    return usual(c, BY_PROGRAM("turn") "SELECT pg_advisory_lock($1)", ARGS(ARG(p->turn)));
}

static int64_t turn_until(const struct connection *c)
{
    return ((const struct postgres *)c->link)->kept_until;
}

/* In the first transaction of a turn the server finds the newest entry: most turns have but one. */
static int64_t version(struct connection *c)
{
    const struct postgres *p = c->link;
    return p->kept_until && p->begun > 1 ? p->kept_since : 0;
}

static struct fault *begin(struct connection *c, enum purpose purpose)
{
    struct postgres *p = c->link;
    p->spoiled = p->marked = p->in_block = false;
    p->in_transaction = true;
    p->face_known = p->as_program = !p->face_lasts; /* as connected */
    if (purpose == FOR_WRITING)
        return turn_begin(c);
    TRY(usual(c, BY_PROGRAM("turn") "SELECT 1", NO_ARGS)); /* the snapshot starts with the first read */
    return postgres_settle(c);
}

/* In a block, a statement before COMMIT may have failed, and there is something to roll back; else nothing is
 * left of the transaction, whatever came of it. */
static struct fault *commit(struct connection *c)
{
    struct postgres *p = c->link;
    c->error = ERROR_OK;
    if (p->in_block) {
        TRY(usual(c, BY_PROGRAM("turn") "COMMIT", NO_ARGS));
        p->sent[p->sent_count - 1].kind = SENT_COMMIT;
    } else
        TRY(sync(c));
    struct fault *wrong = postgres_settle(c);
    p->in_transaction &= wrong && p->in_block;
    p->spoiled &= p->in_transaction;
    if (wrong && !p->in_transaction)
        turn_end(c);
    if (wrong && c->error == ERROR_LOST)
        return fault(FAULT_IO, "The database stopped answering while it kept the change: look whether it is "
                               "there before doing it again.");
    return wrong;
}

/* Outside a block, what failed is undone by the next synchronisation; what did not would be committed. */
static void rollback(struct connection *c)
{
    struct postgres *p = c->link;
    (void)!postgres_settle(c);
    bool undone = p->spoiled && !p->in_block;
    p->face_known = false;
    if (undone ? !sync(c) : !postgres_block(c) && !postgres_command(c, "ROLLBACK"))
        (void)!postgres_settle(c);
    p->in_transaction = p->in_block = p->spoiled = false;
    turn_end(c);
}

/* Changes of one transaction follow each other without waiting for answers, and each stands or falls alone. A
 * savepoint is set after its last statement, the next change starts by going back to the newest savepoint: if
 * all went well that is the one just set, and nothing is undone; if not, the server skipped it, and it is the
 * one before the change. */

static struct fault *change_begin(struct connection *c)
{
    struct postgres *p = c->link;
    TRY(postgres_block(c));
    if (!p->marked)
        TRY(usual(c, BY_PROGRAM("turn") "SAVEPOINT change", NO_ARGS));
    p->marked = true;
    return NULL;
}

static struct fault *change_end(struct connection *c, struct outcome *outcome)
{
    struct postgres *p = c->link;
    TRY(usual(c, BY_PROGRAM("turn") "SAVEPOINT change", NO_ARGS));
    for (int i = 0; i < p->sent_count; i++)
        if (!p->sent[i].outcome)
            p->sent[i].outcome = outcome;
    TRY(sync(c));
    TRY(usual(c, BY_PROGRAM("turn") "ROLLBACK TO change", NO_ARGS));
    p->face_known = false; /* what was put on since the savepoint may be gone */
    return NULL;
}

static struct fault *change_undo(struct connection *c)
{
    return postgres_command(c, "ROLLBACK TO change");
}

/* The answer is not waited for: who takes the connection next reads it. */
static bool end_snapshot(struct connection *c)
{
    struct postgres *p = c->link;
    if (!p->in_transaction)
        return true;
    if ((p->in_block && postgres_command(c, p->spoiled ? "ROLLBACK" : "COMMIT")) || sync(c))
        return false;
    p->in_transaction = p->in_block = p->spoiled = false;
    return true;
}

static bool in_transaction(const struct connection *c)
{
    return ((const struct postgres *)c->link)->in_transaction;
}

const struct engine postgres_engine = {
    .dialect = {.integer = "BIGINT",
                .real = "DOUBLE PRECISION",
                .text = "TEXT COLLATE \"C\"",
                .bytes = "BYTEA",
                .table_end = ")",
                .keyed_end = ")",
                .defer_links = "SET CONSTRAINTS ALL DEFERRED",
                .statistics = "ANALYZE record_term, journal",
                .no_index = "",
                .once = "SELECT ",
                .view = "CREATE OR REPLACE VIEW ",
                .views_done = "DO $$ DECLARE name text; BEGIN"
                              " IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '" ASKERS "') THEN"
                              " FOR name IN SELECT viewname FROM pg_views WHERE schemaname = current_schema()"
                              " LOOP EXECUTE format('GRANT SELECT ON %I TO " ASKERS "', name); END LOOP;"
                              " END IF; END $$;\n",
                .views_stay = true,
                .keeps_folds = true},
    .remote = true,
    .prepare_place = prepare_schema,
    .remove_place = remove_schema,
    .connect = connect_schema,
    .disconnect = disconnect_schema,
    .lock = postgres_lock,
    .alive = alive,
    .begin = begin,
    .commit = commit,
    .rollback = rollback,
    .end_snapshot = end_snapshot,
    .in_transaction = in_transaction,
    .version = version,
    .turn_until = turn_until,
    .turn_end = turn_end,
    .change_begin = change_begin,
    .change_end = change_end,
    .change_undo = change_undo,
    .settle = postgres_settle,
    .script = script,
    .prepare = postgres_prepare,
    .close = postgres_close_statement,
    .busy = postgres_busy,
    .send = postgres_send,
    .queue = postgres_queue,
    .step = postgres_step,
    .reset = postgres_reset,
    .changes = postgres_changes,
    .columns = postgres_columns,
    .column_name = postgres_column_name,
    .unknown = postgres_unknown,
    .integer = postgres_integer,
    .bytes = postgres_bytes,
    .cells = postgres_cells,
    .verify = postgres_verify,
};
