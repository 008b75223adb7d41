/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "test.h"

#include <pthread.h>
#include <sys/stat.h>

#include "clock/clock.h"
#include "hurry/hurry.h"
#include "i18n/i18n.h"
#include "store/space_fixture.h"

#define NAME_ROW(COLUMN)                                                                                     \
    COLUMN(ref, id) COLUMN(text, name) COLUMN(real, half) COLUMN(flag, yes) COLUMN(date, created)
ROW(name_row, NAME_ROW)
#define WRONG_ROW(COLUMN) COLUMN(ref, id) COLUMN(integer, name)
ROW(wrong_row, WRONG_ROW)

static void rows_are_read_by_name_with_unknown_kept(void **state)
{
    struct fixture *f = *state;
    ARENA_SCOPE(a);
    struct connection *c;
    struct name_row *rows;
    size_t count;
    struct organisation o = named_organisation("L’Été");
    insert_now(f, &organisation_type, &o);
    assert_ok(read_begin(f->db, a, &c));
    assert_ok(db_select(c, a, name_row, &rows, &count,
                        BY_PROGRAM("test") "SELECT id AS id, name AS name, $2 AS half, $1 AS yes, created AS "
                                           "created FROM organisation"
                                           " WHERE id IN (SELECT id FROM id_list($3)) AND name_folded = $4",
                        ARGS(ARG(true), ARG(0.5), argument_ids(&o.id, 1), ARG("l'ete"))));
    assert_int_equal(count, 1);
    assert_int_equal(rows[0].id, o.id);
    assert_string_equal(rows[0].name, "L’Été");
    assert_true(rows[0].half > 0.4 && rows[0].half < 0.6);
    assert_int_equal(rows[0].yes, FLAG_YES);
    assert_int_equal(rows[0].created, UNKNOWN_INTEGER);
}

static void mentions(const struct fault *f, const char *first, const char *second)
{
    assert_non_null(f);
    assert_int_equal(f->code, FAULT_BUG);
    assert_non_null(strstr(f->text, first));
    assert_non_null(strstr(f->text, second));
}

static void a_column_in_the_wrong_place_is_found(void **state)
{
    struct fixture *f = *state;
    ARENA_SCOPE(a);
    struct connection *c;
    struct name_row *rows;
    struct wrong_row *wrong;
    size_t count;
    struct organisation o = named_organisation("Un");
    insert_now(f, &organisation_type, &o);
    language_set(LANGUAGE_EN);
    assert_ok(read_begin(f->db, a, &c));
    mentions(db_select(c, a, name_row, &rows, &count,
                       BY_PROGRAM("test") "SELECT id AS id, name AS name FROM organisation", NO_ARGS),
             "name_row", "5");
    mentions(db_select(c, a, wrong_row, &wrong, &count,
                       BY_PROGRAM("test") "SELECT id AS id, naf AS naf FROM organisation", NO_ARGS),
             "naf", "name");
    mentions(db_select(c, a, wrong_row, &wrong, &count,
                       BY_PROGRAM("test") "SELECT id AS id, name AS name FROM organisation", NO_ARGS),
             "name", "another type");
    mentions(db_select(c, a, wrong_row, &wrong, &count,
                       BY_PROGRAM("test") "SELECT id, name FROM organisation WHERE id = $1", NO_ARGS),
             "0", "1");
    mentions(db_select(c, a, wrong_row, &wrong, &count,
                       BY_PROGRAM("test") "SELECT id, name FROM organisation WHERE id = $2", ARGS(ARG(1))),
             "$1", "missing");
    mentions(db_select(c, a, wrong_row, &wrong, &count, BY_PROGRAM("test") "SELECT nothing", NO_ARGS),
             "nothing", "understand");
    mentions(db_select(c, a, wrong_row, &wrong, &count,
                       BY_PROGRAM("test") "SELECT id, name FROM organisation; SELECT 1", NO_ARGS),
             "More", "SELECT 1");
}

static void a_read_connection_cannot_write(void **state)
{
    struct fixture *f = *state;
    ARENA_SCOPE(a);
    struct connection *c;
    int64_t none;
    assert_ok(read_begin(f->db, a, &c));
    assert_non_null(db_integer(c, &none, 0, BY_PROGRAM("test") "DELETE FROM organisation", NO_ARGS));
}

static struct fault *insert_and_fail(struct fixture *f)
{
    ARENA_SCOPE(work);
    struct transaction *t;
    struct organisation o = named_organisation("Un");
    TRY(transaction_begin(f->db, work, &t));
    TRY(rows_insert(t, &organisation_type, &o, 1));
    return fault(FAULT_INVALID, "Something else.");
}

static void a_fault_leaves_nothing(void **state)
{
    struct fixture *f = *state;
    for (int i = 0; i < 3; i++) {
        const struct fault *failed = insert_and_fail(f);
        assert_non_null(failed);
        assert_int_equal(failed->code, FAULT_INVALID);
        assert_int_equal(count_now(f, "organisation"), 0);
        assert_int_equal(count_now(f, "journal"), 0);
    }
}

static void a_thread_has_one_transaction_and_ends_it_once(void **state)
{
    struct fixture *f = *state;
    ARENA_SCOPE(a);
    struct transaction *t, *second;
    struct organisation o = named_organisation("Un");
    assert_ok(transaction_begin(f->db, a, &t));
    assert_fault(transaction_begin(f->db, a, &second), FAULT_BUG);
    assert_ok(transaction_commit(t));
    assert_fault(transaction_commit(t), FAULT_BUG);
    assert_fault(rows_insert(t, &organisation_type, &o, 1), FAULT_BUG);
    assert_fault(db_change(t, NULL, BY_PROGRAM("test") "DELETE FROM organisation", NO_ARGS), FAULT_BUG);
    assert_ok(transaction_begin(f->db, a, &second));
}

static void a_read_sees_one_state_from_begin_to_end(void **state)
{
    struct fixture *f = *state;
    ARENA_SCOPE(a);
    struct connection *before, *after;
    int64_t count;
    struct organisation o = named_organisation("Un");
    assert_ok(read_begin(f->db, a, &before));
    insert_now(f, &organisation_type, &o);
    assert_ok(
        db_integer(before, &count, -1, BY_PROGRAM("test") "SELECT count(*) FROM organisation", NO_ARGS));
    assert_int_equal(count, 0);
    assert_ok(read_begin(f->db, a, &after));
    assert_ok(db_integer(after, &count, -1, BY_PROGRAM("test") "SELECT count(*) FROM organisation", NO_ARGS));
    assert_int_equal(count, 1);
}

/* Writers that meet share commits; each returns only when its own change is there for every reader. */
enum { WRITERS = 8, CHANGES = 25 };

static const char *write_all(struct fixture *f)
{
    for (int i = 0; i < CHANGES; i++) {
        ARENA_SCOPE(a);
        struct transaction *t;
        struct connection *c;
        struct organisation o = named_organisation("Parallèle"), back;
        bool give_up = i % 5 == 4;
        if (transaction_begin(f->db, a, &t) || rows_insert(t, &organisation_type, &o, 1))
            return "insert";
        if (give_up)
            continue;
        if (transaction_commit(t))
            return "commit";
        if (read_begin(f->db, a, &c) || rows_load(c, a, &organisation_type, o.id, &all_seeing, &back))
            return "not there after its commit";
    }
    return NULL;
}

static void *write_many(void *thing)
{
    const char *failed = write_all(thing);
    return failed ? strdup(failed) : NULL;
}

static void writers_at_once_lose_nothing(void **state)
{
    struct fixture *f = *state;
    pthread_t writers[WRITERS];
    for (int i = 0; i < WRITERS; i++)
        assert_int_equal(pthread_create(&writers[i], NULL, write_many, f), 0);
    for (int i = 0; i < WRITERS; i++) {
        void *failed;
        assert_int_equal(pthread_join(writers[i], &failed), 0);
        if (failed)
            fail_msg("%s", (char *)failed);
    }
    assert_int_equal(count_now(f, "organisation"), WRITERS * CHANGES * 4 / 5);
    assert_int_equal(count_now(f, "journal"), WRITERS * CHANGES * 4 / 5);
}

/* What a server is asked that is not there, or not ours. */
static void only_our_schemas_are_opened(struct fixture *f)
{
    struct db *db;
    ARENA_SCOPE(a);
    char place[256];
    new_place(f->folder, "absent", place, sizeof place);
    assert_fault(db_open(place, false, &db), FAULT_NOT_FOUND);
    assert_fault(db_open(getenv("TEST_POSTGRES"), true, &db), FAULT_INVALID);
    assert_fault(db_open(arena_print(a, "%s&schema=public", getenv("TEST_POSTGRES")), true, &db),
                 FAULT_INVALID);
    assert_fault(db_open(arena_print(a, "%s&schema=a'b", getenv("TEST_POSTGRES")), true, &db), FAULT_INVALID);
    assert_fault(db_open("postgresql:///x?host=/nowhere&schema=x", false, &db), FAULT_IO);
    assert_fault(db_open("postgresql://[x?schema=x", false, &db), FAULT_INVALID);
    struct transaction *t;
    assert_ok(transaction_begin(f->db, a, &t));
    assert_ok(db_script(
        t, BY_PROGRAM("test") "CREATE SCHEMA IF NOT EXISTS of_somebody; CREATE TABLE of_somebody.x(y int)"));
    assert_ok(transaction_commit(t));
    assert_fault(db_open(arena_print(a, "%s&schema=of_somebody", getenv("TEST_POSTGRES")), true, &db),
                 FAULT_INVALID);
    assert_string_equal(db_path(f->db), f->path);
}

static void only_our_files_are_opened(void **state)
{
    if (on_postgres()) {
        only_our_schemas_are_opened(*state);
        return;
    }
    struct fixture *f = *state;
    struct db *db;
    char path[128];
    struct stat about;
    (void)snprintf(path, sizeof path, "%s/other", f->folder);
    assert_fault(db_open(path, false, &db), FAULT_NOT_FOUND);
    assert_fault(db_open(f->folder, false, &db), FAULT_IO);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    for (int i = 0; i < 200; i++)
        (void)fputs("this is not a database, whatever its name says\n", file);
    assert_int_equal(fclose(file), 0);
    assert_fault(db_open(path, false, &db), FAULT_INVALID);
    assert_fault(db_open(path, true, &db), FAULT_INVALID);
    assert_int_equal(truncate(path, 0), 0);
    assert_fault(db_open(path, false, &db), FAULT_INVALID); /* an empty file is fresh only to who makes one */
    assert_int_equal(unlink(path), 0);
    assert_int_equal(stat(f->path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    assert_string_equal(db_path(f->db), f->path);
}

static void a_second_program_waits_its_turn(void **state)
{
    struct fixture *f = *state;
    struct db *other;
    assert_ok(db_open(f->path, false, &other));
    for (int i = 0; i < 3; i++) {
        ARENA_SCOPE(a);
        struct transaction *t;
        struct organisation o = named_organisation("Un"), p = named_organisation("Deux");
        insert_now(f, &organisation_type, &o);
        assert_ok(transaction_begin(other, a, &t));
        assert_ok(rows_insert(t, &organisation_type, &p, 1));
        assert_ok(transaction_commit(t));
    }
    db_close(other);
    assert_int_equal(count_now(f, "organisation"), 6);
}

static void many_different_statements_make_room_for_each_other(void **state)
{
    struct fixture *f = *state;
    ARENA_SCOPE(a);
    struct connection *c;
    assert_ok(read_begin(f->db, a, &c));
    for (int filters = 0; filters < 40; filters++)
        for (int i = 0; i < record_type_count; i++)
            for (int way = 0; way < 2; way++) {
                ARENA_SCOPE(work);
                struct filter known[40];
                void *rows;
                size_t count;
                for (int k = 0; k < filters; k++)
                    known[k] = (struct filter){.field = &all_record_types[i]->fields[0],
                                               .comparison = OPERATOR_KNOWN};
                struct list_query query = {.type = all_record_types[i],
                                           .filters = known,
                                           .filter_count = (size_t)filters,
                                           .descending = way};
                assert_ok(rows_list(c, work, &query, &all_seeing, &rows, &count, NULL));
            }
}

static void a_space_of_another_version_is_told_apart(void **state)
{
    struct fixture *f = *state;
    ARENA_SCOPE(work);
    struct connection *c;
    struct transaction *t;
    struct db *other;
    assert_ok(read_now(f->db, work, &c));
    assert_ok(rows_check_schema(c));
    assert_ok(db_open(f->path, false, &other)); /* without views, which hold on to their columns */
    assert_ok(transaction_begin(other, work, &t));
    assert_ok(db_script(t, "ALTER TABLE equipment RENAME COLUMN year TO years"));
    assert_ok(transaction_commit(t));
    db_close(other);
    const struct fault *wrong = rows_check_schema(c);
    assert_non_null(wrong);
    assert_int_equal(wrong->code, FAULT_INVALID);
    assert_non_null(strstr(wrong->text, "this version"));
}

static int64_t counted(struct connection *c, int64_t to, struct fault **failed)
{
    int64_t count = 0;
    *failed =
        db_integer(c, &count, 0,
                   BY_PROGRAM("test") "WITH RECURSIVE n(i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT"
                                      " i + 1 FROM n WHERE i < $1) SELECT CAST(count(*) AS BIGINT) FROM n",
                   ARGS(ARG(to)));
    return count;
}

static int code_of(const struct fault *f)
{
    return f ? (int)f->code : -1;
}

static void in_a_hurry_nothing_waits(void **state)
{
    struct fixture *f = *state;
    ARENA_SCOPE(a);
    struct transaction *t;
    struct connection *c;
    hurry_begin(SECOND_US);
    assert_int_equal(code_of(read_begin(f->db, a, &c)), FAULT_LIMIT); /* it would open a connection */
    assert_false(hurry_end());
    {
        ARENA_SCOPE(before);
        assert_ok(read_begin(f->db, before, &c));
    }
    hurry_begin(SECOND_US);
    bool remote = place_is_url(f->path);
    assert_int_equal(code_of(read_begin(f->db, a, &c)), remote ? FAULT_LIMIT : -1);
    assert_int_equal(hurry_end(), !remote);
    hurry_begin(SECOND_US);
    assert_int_equal(code_of(transaction_begin(f->db, a, &t)), FAULT_LIMIT);
    assert_false(hurry_end());
    assert_ok(transaction_begin(f->db, a, &t));
}

static void in_a_hurry_a_long_statement_ends_early(void **state)
{
    struct fixture *f = *state;
    ARENA_SCOPE(a);
    struct connection *c;
    struct fault *failed;
    if (place_is_url(f->path))
        return; /* nothing runs there in a hurry */
    assert_ok(read_begin(f->db, a, &c));
    int64_t began = monotonic_us();
    hurry_begin(2000);
    (void)counted(c, INT64_C(1) << 40, &failed);
    assert_non_null(failed);
    (void)counted(c, 1, &failed); /* nor does another begin */
    assert_int_equal(code_of(failed), FAULT_LIMIT);
    assert_false(hurry_end());
    assert_true(monotonic_us() - began < SECOND_US);
    assert_int_equal(counted(c, 100000, &failed), 100000);
    assert_null(failed);
}

static void an_address_is_shown_without_its_password(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    static const char *const shown[][2] = {
        {"spaces/pole.db", "spaces/pole.db"},
        {"postgresql://db/grappe?schema=pole", "postgresql://db/grappe?schema=pole"},
        {"postgresql://anne@db/grappe?schema=pole", "postgresql://anne@db/grappe?schema=pole"},
        {"postgresql://anne:h@r:loge@db:5433/grappe?schema=pole",
         "postgresql://anne@db:5433/grappe?schema=pole"},
        {"postgres://db/grappe?password=horloge&schema=pole", "postgres://db/grappe?password=&schema=pole"}};
    for (size_t i = 0; i < COUNT(shown); i++)
        assert_string_equal(place_shown(a, shown[i][0]), shown[i][1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(rows_are_read_by_name_with_unknown_kept, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_column_in_the_wrong_place_is_found, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_read_connection_cannot_write, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_fault_leaves_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_thread_has_one_transaction_and_ends_it_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_read_sees_one_state_from_begin_to_end, set_up, tear_down),
        cmocka_unit_test_setup_teardown(writers_at_once_lose_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(only_our_files_are_opened, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_second_program_waits_its_turn, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_space_of_another_version_is_told_apart, set_up, tear_down),
        cmocka_unit_test_setup_teardown(in_a_hurry_nothing_waits, set_up, tear_down),
        cmocka_unit_test_setup_teardown(in_a_hurry_a_long_statement_ends_early, set_up, tear_down),
        cmocka_unit_test(an_address_is_shown_without_its_password),
        cmocka_unit_test_setup_teardown(many_different_statements_make_room_for_each_other, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
