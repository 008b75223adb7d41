/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What only a server does: it goes away, it has several programs writing, it names its errors in its own way.
 */
#include "test.h"

#include <libpq-fe.h>
#include <pthread.h>
#include <stdatomic.h>

#include "db/errors.h"
#include "db/postgres.h"
#include "i18n/i18n.h"
#include "store/space_fixture.h"
#include "verify/verify.h"

static void every_class_of_error_is_known(void **state)
{
    (void)state;
    static const struct {
        const char *state;
        enum error_class class;
    } cases[] = {{"23505", ERROR_UNIQUE}, {"23503", ERROR_REFERENCE}, {"23502", ERROR_CHECK},
                 {"22021", ERROR_CHECK},  {"40001", ERROR_BUSY},      {"40P01", ERROR_BUSY},
                 {"55P03", ERROR_BUSY},   {"08006", ERROR_LOST},      {"57P01", ERROR_LOST},
                 {"25P02", ERROR_BUSY},   {"53100", ERROR_FULL},      {"3D000", ERROR_NONE},
                 {"42601", ERROR_BUG},    {"25006", ERROR_BUG}};
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_int_equal(sqlstate_class(cases[i].state), cases[i].class);
}

/* Somebody at the server's console; waits for the answer. */
static void at_the_console(const char *sql)
{
    PGconn *link = PQconnectdb(getenv("TEST_POSTGRES"));
    PGresult *answer = PQexec(link, sql);
    ExecStatusType status = PQresultStatus(answer);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        fail_msg("%s", PQerrorMessage(link));
    PQclear(answer);
    PQfinish(link);
}

/* Ends all connections of this test's space, and waits until they are gone. */
static void cut_all(const struct fixture *f)
{
    ARENA_SCOPE(a);
    const char *schema = strstr(f->path, "&schema=") + 8;
    at_the_console(
        arena_print(a,
                    "SELECT pg_terminate_backend(b.pid, 5000) FROM (SELECT DISTINCT l.pid FROM pg_locks l"
                    " JOIN pg_class c ON c.oid = l.relation WHERE c.relnamespace ="
                    " '\"%s\"'::regnamespace AND l.pid <> pg_backend_pid()) b",
                    schema));
}

/* All that this program has open, idle ones too. */
static void cut_idle(void)
{
    at_the_console("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                   " WHERE application_name = 'grappe'");
}

static void a_connection_lost_between_two_units_of_work_is_opened_again(void **state)
{
    struct fixture *f = *state;
    struct organisation o = named_organisation("Avant"), p = named_organisation("Après");
    insert_now(f, &organisation_type, &o);
    assert_int_equal(count_now(f, "organisation"), 1);
    cut_idle();
    insert_now(f, &organisation_type, &p);
    assert_int_equal(count_now(f, "organisation"), 2);
    cut_idle();
    assert_int_equal(count_now(f, "journal"), 2);
}

static void a_change_that_loses_its_connection_is_undone_and_says_so(void **state)
{
    struct fixture *f = *state;
    struct organisation o = named_organisation("Perdue"), p = named_organisation("Suivante");
    {
        ARENA_SCOPE(a);
        struct transaction *t;
        assert_ok(transaction_begin(f->db, a, &t));
        assert_ok(rows_insert(t, &organisation_type, &o, 1));
        cut_all(f);
        assert_ok(rows_insert(t, &organisation_type, &p, 1)); /* sent, nobody knows yet */
        int64_t newest;
        assert_fault(journal_last(transaction_connection(t), &newest), FAULT_IO);
        assert_fault(transaction_commit(t), FAULT_IO);
    }
    assert_int_equal(count_now(f, "organisation"), 0);
    insert_now(f, &organisation_type, &p);
    assert_int_equal(count_now(f, "organisation"), 1);
}

static void *cut_soon(void *fixture)
{
    (void)usleep(300000);
    cut_all(fixture);
    return NULL;
}

static void an_outcome_nobody_knows_is_told_as_such(void **state)
{
    struct fixture *f = *state;
    ARENA_SCOPE(a);
    struct transaction *t;
    pthread_t cutter;
    struct organisation o = named_organisation("Peut-être");
    assert_ok(transaction_begin(f->db, a, &t)); /* a commit that takes a while */
    assert_ok(db_script(
        t, BY_PROGRAM("test") "CREATE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql AS"
                              " 'BEGIN PERFORM pg_sleep(5); RETURN NULL; END';"
                              "CREATE CONSTRAINT TRIGGER lingering AFTER INSERT ON organisation"
                              " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION linger()"));
    assert_ok(rows_insert(t, &organisation_type, &o, 1));
    assert_int_equal(pthread_create(&cutter, NULL, cut_soon, f), 0);
    language_set(LANGUAGE_EN);
    const struct fault *told = transaction_commit(t);
    assert_non_null(told);
    assert_int_equal(told->code, FAULT_IO);
    assert_non_null(strstr(told->text, "look whether it is there"));
    assert_int_equal(pthread_join(cutter, NULL), 0);
    assert_int_equal(count_now(f, "organisation"), 0); /* here it is not */
}

/* Many changes share a commit and do not wait for each other's answers: the refused one alone is not there.
 */

enum { SHARING = 24, SHARED = 20, REFUSED_EACH = 5 };
struct sharer {
    pthread_t thread;
    struct db *db;
    int number, wrong;
};

static void *share_commits(void *given)
{
    struct sharer *s = given;
    for (int i = 0; i < SHARED; i++) {
        ARENA_SCOPE(a);
        struct transaction *t;
        bool refused = i % REFUSED_EACH == 1;
        struct organisation o = named_organisation(arena_print(a, "Société %d %d", s->number, i));
        o.siren = refused ? "732829320" : NULL;
        const struct fault *wrong = transaction_begin(s->db, a, &t);
        if (!wrong && i % 3 == 0) { /* some look first: the answers before theirs come with it */
            int64_t newest;
            wrong = journal_last(transaction_connection(t), &newest);
        }
        if (!wrong && !(wrong = rows_insert(t, &organisation_type, &o, 1)) && i % 7 == 6)
            continue; /* abandoned */
        if (!wrong)
            wrong = transaction_commit(t);
        bool as_said =
            refused ? wrong && wrong->code == FAULT_CONFLICT && strcmp(wrong->field, "siren") == 0 : !wrong;
        s->wrong += !as_said;
    }
    return NULL;
}

static void a_change_that_is_refused_takes_no_other_with_it(void **state)
{
    struct fixture *f = *state;
    struct sharer sharers[SHARING];
    struct organisation taken = named_organisation("Déjà là");
    taken.siren = "732829320";
    insert_now(f, &organisation_type, &taken);
    for (int i = 0; i < SHARING; i++) {
        sharers[i] = (struct sharer){.db = f->db, .number = i};
        assert_int_equal(pthread_create(&sharers[i].thread, NULL, share_commits, &sharers[i]), 0);
    }
    for (int i = 0; i < SHARING; i++) {
        assert_int_equal(pthread_join(sharers[i].thread, NULL), 0);
        assert_int_equal(sharers[i].wrong, 0);
    }
    int stored = 1;
    for (int i = 0; i < SHARED; i++)
        stored += i % REFUSED_EACH == 1 || i % 7 == 6 ? 0 : SHARING;
    assert_int_equal(count_now(f, "organisation"), stored);
    assert_int_equal(count_now(f, "journal"), stored);
}

/* Two programs write; a third must never see an entry appear before one it has seen. */

enum { WRITTEN = 400 }; /* each has its turn several times */
static _Atomic int writing;

static void *write_some(void *place)
{
    struct db *db;
    bool good = !db_open(place, false, &db);
    for (int i = 0; good && i < WRITTEN; i++) {
        ARENA_SCOPE(a);
        struct transaction *t;
        struct organisation o = named_organisation("Ligne");
        good = !transaction_begin(db, a, &t) && !rows_insert(t, &organisation_type, &o, 1) &&
               !transaction_commit(t);
    }
    db_close(db);
    atomic_fetch_sub(&writing, 1);
    return good ? place : NULL;
}

static void entries_appear_in_the_order_of_their_ids_whoever_writes(void **state)
{
    struct fixture *f = *state;
    pthread_t writers[3];
    int64_t newest = 0, up_to = 0;
    atomic_store(&writing, COUNT(writers));
    for (size_t i = 0; i < COUNT(writers); i++)
        assert_int_equal(pthread_create(&writers[i], NULL, write_some, f->path), 0);
    while (atomic_load(&writing)) {
        ARENA_SCOPE(a);
        struct connection *c;
        int64_t now;
        assert_ok(read_begin(f->db, a, &c));
        assert_ok(db_integer(c, &now, 0, BY_PROGRAM("test") "SELECT count(*) FROM journal WHERE id <= $1",
                             ARGS(ARG(newest))));
        assert_int_equal(now, up_to);
        assert_ok(journal_last(c, &newest));
        assert_ok(db_integer(c, &up_to, 0, BY_PROGRAM("test") "SELECT count(*) FROM journal WHERE id <= $1",
                             ARGS(ARG(newest))));
    }
    for (size_t i = 0; i < COUNT(writers); i++) {
        void *good;
        assert_int_equal(pthread_join(writers[i], &good), 0);
        assert_non_null(good);
    }
    assert_int_equal(count_now(f, "journal"), (int64_t)COUNT(writers) * WRITTEN);
}

static struct fault *seal_all(struct transaction *t, void *sealed)
{
    return journal_seal(t, 1000, sealed);
}

/* Something in the database makes way for another transaction twice, at the end or in the middle; then not.
 */
static void what_can_be_run_again_is(void **state)
{
    struct fixture *f = *state;
    for (int i = 0; i < 2; i++) {
        ARENA_SCOPE(a);
        struct organisation o = named_organisation("Scellée");
        int64_t sealed = 0;
        insert_now(f, &organisation_type, &o);
        struct transaction *t;
        assert_ok(transaction_begin(f->db, a, &t));
        assert_ok(db_script(
            t, arena_print(
                   a,
                   BY_PROGRAM("test") "DROP TRIGGER IF EXISTS yielding ON journal_seal;"
                                      "CREATE SEQUENCE IF NOT EXISTS tries;"
                                      "CREATE OR REPLACE FUNCTION yield() RETURNS trigger LANGUAGE plpgsql"
                                      " AS 'BEGIN IF nextval(''tries'') %% 3 <> 0 THEN RAISE EXCEPTION"
                                      " ''yields'' USING ERRCODE = ''40001''; END IF; RETURN NULL; END';"
                                      "CREATE %s TRIGGER yielding AFTER INSERT ON journal_seal %s"
                                      " FOR EACH ROW EXECUTE FUNCTION yield()",
                   i ? "CONSTRAINT" : "", i ? "DEFERRABLE INITIALLY DEFERRED" : "")));
        assert_ok(transaction_commit(t));
        assert_ok(transaction_repeat(f->db, seal_all, &sealed));
        assert_int_equal(sealed, 1);
        struct organisation next = named_organisation("Autre");
        insert_now(f, &organisation_type, &next);
        ARENA_SCOPE(b); /* a person's change is not: it says so */
        assert_ok(transaction_begin(f->db, b, &t));
        struct fault *wrong = journal_seal(t, 1000, &sealed);
        if (!wrong)
            wrong = transaction_commit(t);
        assert_non_null(wrong);
        assert_int_equal(wrong->code, FAULT_IO);
        transaction_abandon(t);
        assert_ok(transaction_repeat(f->db, seal_all, &sealed)); /* the second try, and the third */
    }
}

static const char *pages_of(const struct fixture *f, struct arena *a)
{
    struct connection *c;
    struct verification v;
    assert_ok(read_begin(f->db, a, &c));
    assert_ok(space_verify(c, a, &v));
    return v.pages;
}

static void a_verification_says_what_of_the_pages_it_could_check(void **state)
{
    struct fixture *f = *state;
    ARENA_SCOPE(a);
    language_set(LANGUAGE_EN);
    assert_string_equal(pages_of(f, a), "the server keeps no checksums of its pages; its indexes could not be"
                                        " checked (the extension amcheck)");
    at_the_console("CREATE SCHEMA \"Odd one\"; CREATE EXTENSION amcheck SCHEMA \"Odd one\"");
    const char *checked = pages_of(f, a), *number = strstr(checked, "; ");
    assert_non_null(number);
    assert_true(strtol(number + 2, NULL, 10) > 20);
    assert_non_null(strstr(number, " indexes are whole"));
    at_the_console("DROP EXTENSION amcheck");
}

static void a_long_journal_is_walked_some_entries_at_a_time(void **state)
{
    struct fixture *f = *state;
    ARENA_SCOPE(a);
    struct transaction *t;
    int64_t sealed, open;
    assert_ok(transaction_begin(f->db, a, &t));
    for (int i = 0; i < 1200; i++)
        assert_ok(journal_append(t, 5, JOURNAL_READ, "", 0, NULL, 0));
    assert_ok(journal_seal(t, 1000, NULL));
    assert_ok(transaction_commit(t));
    struct connection *c;
    assert_ok(read_begin(f->db, a, &c));
    assert_ok(journal_verify(c, &sealed, &open));
    assert_int_equal(sealed, 1000);
    assert_int_equal(open, 200);
    assert_ok(journal_verify(c, &sealed, &open)); /* its cursors were closed */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_class_of_error_is_known),
        cmocka_unit_test_setup_teardown(a_connection_lost_between_two_units_of_work_is_opened_again, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_change_that_loses_its_connection_is_undone_and_says_so, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(an_outcome_nobody_knows_is_told_as_such, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_change_that_is_refused_takes_no_other_with_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(entries_appear_in_the_order_of_their_ids_whoever_writes, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_can_be_run_again_is, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_verification_says_what_of_the_pages_it_could_check, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_long_journal_is_walked_some_entries_at_a_time, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
