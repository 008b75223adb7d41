/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a statement gets that forgot to ask who may see: the views, and nothing else. Every type, every asker,
 * on both engines; and the same statements where there is no lock, to see that they would get something. */
#include "test.h"

#include "db/statement.h"
#include "i18n/i18n.h"
#include "store/space_fixture.h"
#include "text/buffer.h"

enum { LEVELS = 6 };

static const struct sight askers[] = {
    {.role = 0}, /* nobody has asked */
    {.role = ROLE_VISITOR},
    {.signed_in = true, .role = ROLE_MEMBER},
    {.signed_in = true, .role = ROLE_FUNDER},
    {.signed_in = true, .role = ROLE_PLANNER},
    {.role = ROLE_RESPONDENT},
    {.signed_in = true, .role = ROLE_OPERATOR},
    {.signed_in = true, .facilitator = true, .role = ROLE_FACILITATOR},
};

/* Whether the statement runs; *first: the first number it gives. */
static bool runs(struct connection *c, const char *sql, int64_t *first)
{
    struct statement *s;
    bool row;
    *first = 0;
    struct fault *wrong = statement_find(c, slice_of(sql), &s);
    if (!wrong)
        wrong = statement_bind(c, s, NO_ARGS);
    if (!wrong)
        wrong = statement_step(c, s, &row);
    if (wrong)
        return false;
    if (row && !statement_unknown(s, 0))
        *first = statement_integer(s, 0);
    statement_reset(c, s);
    return true;
}

static int64_t number(struct connection *c, const char *sql)
{
    int64_t found;
    if (!runs(c, sql, &found))
        fail_msg("refused: %s", sql);
    return found;
}

/* Statements that reach for a table; %s is the table. */
static const char *const on_tables[] = {
    "SELECT id FROM \"%s\"",
    "SELECT count(*) FROM \"%s\"",
    "SELECT (SELECT count(*) FROM \"%s\")",
    "SELECT count(*) FROM \"seen_organisation\" s, \"%s\" t",
    "SELECT count(*) FROM \"seen_organisation\" WHERE EXISTS (SELECT 1 FROM \"%s\")",
    "SELECT count(*) FROM (SELECT * FROM \"%s\") AS \"seen_organisation\"",
    "WITH \"seen_organisation\" AS (SELECT * FROM \"%s\") SELECT count(*) FROM \"seen_organisation\"",
    "SELECT count(*) FROM \"seen_organisation\" UNION ALL SELECT count(*) FROM \"%s\"",
    "DELETE FROM \"%s\"",
    "DELETE FROM \"%s\" WHERE FALSE",
};
static const char *const on_records[] = {
    "UPDATE \"%s\" SET version = 7",
    "UPDATE \"%s\" SET version = 7 WHERE id = 1 AND version = 1",
    "INSERT INTO \"%s\"(id, version) VALUES(1, 1)",
    "DELETE FROM \"seen_%s\"",
    "UPDATE \"seen_%s\" SET version = 7",
};
/* What there is beside tables of ours. */
static const char *const on_anything[] = {
    "CREATE TEMP TABLE mine(x INTEGER)",
    "CREATE TABLE mine(x INTEGER)",
    "CREATE TEMP VIEW mine AS SELECT * FROM organisation",
    "DROP VIEW \"seen_organisation\"",
    "SELECT count(*) FROM sqlite_schema",
    "SELECT count(*) FROM sqlite_temp_schema",
    "SELECT count(*) FROM pragma_table_list",
    "PRAGMA query_only = OFF",
    "PRAGMA table_info(organisation)",
    "ATTACH ':memory:' AS other",
    "VACUUM INTO 'stolen.db'",
    "REINDEX",
    "RESET ROLE",
    "SET ROLE none",
    "SET SESSION AUTHORIZATION DEFAULT",
    "COPY organisation TO STDOUT",
    "DO $$ BEGIN PERFORM 1; END $$",
    "SELECT salt FROM journal_values FOR UPDATE",
    "SELECT count(*) FROM pg_authid",
};

static void assert_refused(struct connection *c, const char *sql)
{
    int64_t found;
    if (runs(c, sql, &found))
        fail_msg("got %lld from: %s", (long long)found, sql);
}

/* One of each type, of every level where types have levels, each under an owner of every level. */
static void populate(struct fixture *f)
{
    for (int i = 0; i < record_type_count; i++)
        for (int level = VISIBILITY_PUBLIC; level <= VISIBILITY_PRIVATE; level++) {
            ARENA_SCOPE(a);
            const struct record_type *t = all_record_types[i];
            struct transaction *tx;
            void *record = record_new(a, t);
            random_record(a, &f->random, t, record, pick_stored, f);
            if (t->visibility_field)
                *(const char **)field_at(field_find(t, t->visibility_field), record) =
                    visibility_code((enum visibility)level);
            assert_ok(transaction_begin(f->db, a, &tx));
            assert_ok(rows_insert(tx, t, record, 1));
            assert_ok(transaction_commit(tx));
            f->ids[i][f->counts[i]++] = id_of(record);
        }
}

static void try_tables(struct arena *a, struct connection *c, bool locked)
{
    static const char *const others[] = {"journal", "journal_values", "journal_seal", "record_term"};
    int64_t found;
    for (int i = 0; i < record_type_count + (int)COUNT(others); i++) {
        bool records = i < record_type_count;
        const char *table = records ? all_record_types[i]->name : others[i - record_type_count];
        for (size_t k = 0; k < COUNT(on_tables) + (records ? COUNT(on_records) : 0); k++) {
            const char *text = k < COUNT(on_tables) ? on_tables[k] : on_records[k - COUNT(on_tables)];
            struct buffer *sql = buffer_new(a, KIB);
            const char *at = strstr(text, "%s");
            buffer_print(sql, "%.*s%s%s", (int)(at - text), text, table, at + 2);
            if (locked)
                assert_refused(c, buffer_string(sql));
            else if (k < 3 && !runs(c, buffer_string(sql), &found))
                assert_true(k == 0 && !records); /* there is no id */
        }
    }
}

static void tables_are_refused_to_every_asker(void **state)
{
    struct fixture *f = *state;
    language_set(LANGUAGE_EN);
    populate(f);
    for (size_t i = 0; i < COUNT(askers); i++) {
        ARENA_SCOPE(a);
        struct connection *c;
        assert_ok(read_now(f->db, a, &c)); /* a refused statement spoils no snapshot */
        connection_ask(c, &askers[i]);
        try_tables(a, c, true);
        for (size_t k = 0; k < COUNT(on_anything); k++)
            assert_refused(c, on_anything[k]);
        connection_ask(c, &askers[(i + 1) % COUNT(askers)]);
    }
    assert_true(count_now(f, "organisation") == LEVELS);
}

/* The writer too, inside a change. */
static void a_change_gives_no_way_in(void **state)
{
    struct fixture *f = *state;
    populate(f);
    for (size_t k = 0; k < COUNT(on_tables); k++) {
        ARENA_SCOPE(a);
        struct transaction *t;
        struct buffer *sql = buffer_new(a, KIB);
        const char *at = strstr(on_tables[k], "%s");
        buffer_print(sql, "%.*sneed%s", (int)(at - on_tables[k]), on_tables[k], at + 2);
        assert_ok(transaction_begin(f->db, a, &t));
        struct organisation o = named_organisation("Avant");
        assert_ok(rows_insert(t, &organisation_type, &o, 1)); /* with the rights of the program */
        connection_ask(transaction_connection(t), &askers[COUNT(askers) - 1]);
        assert_refused(transaction_connection(t), buffer_string(sql));
        transaction_abandon(t);
    }
    assert_int_equal(count_now(f, "organisation"), LEVELS);
}

static void without_a_lock_they_would_get_something(void **state)
{
    struct fixture *f = *state;
    ARENA_SCOPE(a);
    struct connection *c;
    struct db *open;
    populate(f);
    assert_ok(db_open(f->path, false, &open));
    {
        ARENA_SCOPE(work);
        assert_ok(read_now(open, work, &c));
        try_tables(a, c, false);
        assert_int_equal(number(c, "SELECT count(*) FROM need"), LEVELS);
        assert_true(number(c, "SELECT count(*) FROM journal") >= LEVELS * record_type_count);
    }
    db_close(open);
    assert_ok(read_now(f->db, a, &c)); /* and the program itself has them */
    assert_int_equal(number(c, BY_PROGRAM("test") "SELECT count(*) FROM need"), LEVELS);
}

/* What the views show is what the same asker is given one by one. */
static void check_views(struct fixture *f, struct arena *a, struct connection *c, const struct sight *s)
{
    int64_t entries = 0, visible_entries, terms;
    for (int i = 0; i < record_type_count; i++) {
        const struct record_type *t = all_record_types[i];
        int64_t seen = 0, carried = 0;
        for (int k = 0; k < f->counts[i]; k++) {
            void *record = record_new(a, t);
            if (s->role == 0 || rows_load(c, a, t, f->ids[i][k], s, record))
                continue;
            seen++;
            for (int n = 0; n < t->count; n++)
                if (t->fields[n].kind == KIND_terms)
                    carried += (int64_t)((struct term_list *)field_at(&t->fields[n], record))->count;
        }
        connection_ask(c, s);
        entries += seen; /* each has been inserted */
        assert_int_equal(number(c, arena_print(a, "SELECT count(*) FROM \"seen_%s\"", t->name)), seen);
        assert_int_equal(
            number(c, arena_print(a, "SELECT CAST(sum(n) AS BIGINT) FROM \"count_of_%s\"", t->name)), seen);
        terms = number(c, arena_print(a, "SELECT count(*) FROM \"terms_of_%s\"", t->name));
        assert_int_equal(terms, carried);
    }
    visible_entries = number(c, "SELECT count(*) FROM seen_journal");
    assert_int_equal(visible_entries, entries);
    assert_true(s->role || !entries);
}

static void views_show_what_the_asker_may_see(void **state)
{
    struct fixture *f = *state;
    populate(f);
    for (size_t i = 0; i < COUNT(askers); i++) {
        ARENA_SCOPE(a);
        struct connection *c;
        struct sight s = askers[i];
        assert_ok(read_begin(f->db, a, &c));
        check_views(f, a, c, &s);
        s.organisations = f->ids[type_number("organisation")];
        s.count = s.signed_in ? LEVELS : 0;
        check_views(f, a, c, &s);
        s.count = s.count ? 1 : 0;
        s.competitors = s.organisations + 1;
        s.competitor_count = s.count && !s.facilitator ? LEVELS / 2 : 0;
        check_views(f, a, c, &s);
    }
}

/* The next unit of work on the same connection begins with nobody, and so does what follows a refusal. */
static void nobody_asks_until_somebody_does(void **state)
{
    struct fixture *f = *state;
    static const char all[] = "SELECT count(*) FROM \"seen_organisation\"";
    populate(f);
    for (int i = 0; i < 2; i++) {
        ARENA_SCOPE(a);
        struct connection *c;
        assert_ok(i ? read_begin(f->db, a, &c) : read_now(f->db, a, &c));
        assert_int_equal(number(c, all), 0);
        connection_ask(c, &askers[1]);
        assert_int_equal(number(c, all), 1);
        connection_ask(c, &askers[COUNT(askers) - 1]);
        assert_int_equal(number(c, all), LEVELS - 1); /* of a facilitator: all that are not private */
    }
    ARENA_SCOPE(a);
    struct transaction *t;
    struct organisation o = named_organisation("Deux"), same = named_organisation("Fois");
    assert_ok(transaction_begin(f->db, a, &t));
    struct connection *c = transaction_connection(t);
    assert_int_equal(number(c, all), 0);
    connection_ask(c, &askers[COUNT(askers) - 1]);
    assert_int_equal(number(c, all), LEVELS - 1);
    o.siren = same.siren = "732829320";
    assert_ok(rows_insert(t, &organisation_type, &o, 1));
    assert_int_equal(number(c, all), LEVELS);
    struct fault *refused =
        rows_insert(t, &organisation_type, &same, 1); /* told at once, or with the commit */
    assert_fault(refused ? refused : transaction_commit(t), FAULT_CONFLICT);
    transaction_abandon(t);
    assert_ok(transaction_begin(f->db, a, &t));
    assert_int_equal(number(transaction_connection(t), all), 0);
    transaction_abandon(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(tables_are_refused_to_every_asker, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_change_gives_no_way_in, set_up, tear_down),
        cmocka_unit_test_setup_teardown(without_a_lock_they_would_get_something, set_up, tear_down),
        cmocka_unit_test_setup_teardown(views_show_what_the_asker_may_see, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nobody_asks_until_somebody_does, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
