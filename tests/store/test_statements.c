/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What both engines make of every statement of the program: those written out, which the linker lists, and
 * those composed from descriptions, for every type, sort and single filter. */
#include "test.h"

#include <libpq-fe.h>

#include "copy/copy.h"
#include "db/statement.h"
#include "i18n/i18n.h"
#include "roster/roster.h"
#include "store/space_fixture.h"

extern const char *const __start_statements[], *const __stop_statements[]; /* the linker's names */

/* The words of another engine, or of the server's own file, which is SQLite everywhere. */
static bool of_one_engine(const char *sql)
{
    static const char *const on_one[] = {
        "PRAGMA",      "sqlite_schema",   "pg_",         "WITH entry",    "FROM space",  "INTO space",
        "FROM login",  "INTO login",      " signed_in",  " attempt",      " api_token",  " pass",
        "second_step", "recovery_code",   " invitation", "server_secret", " wake",       "job_live",
        " letter",     "refused_address", "told_until",  "reminded",      "mail_answer", "mailbox",
        "unread_letter"};
    for (size_t i = 0; i < COUNT(on_one); i++)
        if (strstr(sql, on_one[i]))
            return true;
    return false;
}

/* NULL when the engine understands the statement: no table, column, function or type is unknown to it. */
static const char *prepared_by_sqlite(struct arena *a, const struct fixture *f, const char *sql)
{
    struct connection *c;
    struct statement *s;
    assert_ok(read_now(f->db, a, &c));
    const struct fault *wrong = statement_find(c, slice_of(sql), &s);
    return wrong ? wrong->text : NULL;
}

static const char *prepared_by_postgres(struct arena *a, const char *url, const char *sql)
{
    const char *schema = strstr(url, "&schema=");
    PGconn *link = PQconnectdb(arena_print(a, "%.*s", (int)(schema - url), url));
    PQclear(PQexec(link, arena_print(a, "SET search_path = \"%s\"", schema + 8)));
    PGresult *answer = PQprepare(link, "", sql, 0, NULL); /* types as the server infers them */
    bool good = PQresultStatus(answer) == PGRES_COMMAND_OK;
    const char *words = good ? NULL : arena_print(a, "%s", PQresultErrorMessage(answer));
    PQclear(answer);
    PQfinish(link);
    return words;
}

static const char *refused(struct arena *a, const struct fixture *f, const char *sql)
{
    return on_postgres() ? prepared_by_postgres(a, f->path, sql) : prepared_by_sqlite(a, f, sql);
}

static void every_statement_written_out_is_understood(void **state)
{
    struct fixture *f = *state;
    int count = 0;
    for (const char *const *sql = __start_statements; sql < __stop_statements; sql++) {
        ARENA_SCOPE(a);
        if (of_one_engine(*sql))
            continue;
        const char *words = refused(a, f, *sql);
        if (words)
            fail_msg("%s\n%s", *sql, words);
        count++;
    }
    print_message("# %d statements\n", count);
    assert_true(count > 30);
}

static void a_wrong_statement_is_not(void **state)
{
    struct fixture *f = *state;
    ARENA_SCOPE(a);
    assert_non_null(refused(a, f, BY_PROGRAM("test") "SELECT nothing FROM organisation"));
    assert_non_null(refused(a, f, BY_PROGRAM("test") "SELECT id FROM organisations"));
    if (on_postgres()) { /* what SQLite alone puts up with */
        assert_non_null(refused(a, f, BY_PROGRAM("test") "SELECT id FROM organisation WHERE +name = 'x'"));
        assert_non_null(refused(a, f, BY_PROGRAM("test") "SELECT id FROM organisation WHERE 1"));
        assert_non_null(
            refused(a, f, BY_PROGRAM("test") "SELECT id FROM organisation WHERE folded(name) = 'x'"));
    } else {
        assert_non_null(refused(a, f, BY_PROGRAM("test") "SELECT id FROM organisation WHERE id = ANY($1)"));
    }
}

static const int64_t mine = 5;
static const enum comparison operators[] = {OPERATOR_EQUAL,   OPERATOR_CONTAINS, OPERATOR_AT_LEAST,
                                            OPERATOR_AT_MOST, OPERATOR_HAS_TERM, OPERATOR_KNOWN,
                                            OPERATOR_UNKNOWN, OPERATOR_ANY_OF};

/* A list with this sort and filter runs; an operator that the kind does not have is our own fault, not the
 * engine's. */
static int run_list(struct connection *c, const struct record_type *t, const struct field *sort,
                    const struct field *by, enum comparison o, const struct sight *sight)
{
    ARENA_SCOPE(a);
    struct filter filter = {
        .field = by, .comparison = o, .text = "x", .integer = 1, .real = 1, .any = &mine, .any_count = 1};
    void *records;
    size_t count;
    int64_t total;
    const struct list_query query = {
        .type = t, .sort = sort, .filters = &filter, .filter_count = 1, .descending = o % 2, .offset = 1};
    const struct fault *wrong = rows_list(c, a, &query, sight, &records, &count, &total);
    if (wrong && !strstr(wrong->text, "operator"))
        fail_msg("%s by %s, %s %d: %s", t->name, sort->name, by->name, (int)o, wrong->text);
    return !wrong;
}

static void every_list_is_understood(void **state)
{
    struct fixture *f = *state;
    const struct sight member = {.signed_in = true, .role = ROLE_MEMBER, .organisations = &mine, .count = 1},
                       others[] = {{.role = ROLE_VISITOR},
                                   {.signed_in = true, .role = ROLE_MEMBER},
                                   {.signed_in = true, .facilitator = true, .role = ROLE_FACILITATOR},
                                   {.program = "test"}};
    int count = 0;
    language_set(LANGUAGE_EN);
    for (int i = 0; i < record_type_count; i++) {
        const struct record_type *t = all_record_types[i];
        ARENA_SCOPE(work);
        struct connection *c;
        assert_ok(read_now(f->db, work, &c)); /* a refused statement spoils no snapshot */
        for (int sort = 0; sort < t->count; sort++)
            for (int by = 0; by < t->count; by++)
                for (size_t o = 0; o < COUNT(operators); o++)
                    count += run_list(c, t, &t->fields[sort], &t->fields[by], operators[o], &member);
        for (size_t s = 0; s < COUNT(others); s++)
            count += run_list(c, t, &t->fields[0], &t->fields[0], OPERATOR_KNOWN, &others[s]);
    }
    print_message("# %d lists\n", count);
}

/* Copied from this engine to a file, a space says the same. */
static void a_copy_says_the_same(void **state)
{
    struct fixture *f = *state;
    ARENA_SCOPE(a);
    struct db *copy;
    struct transaction *t;
    struct connection *c;
    struct content content, copied;
    for (int i = 0; i < record_type_count; i++) {
        ARENA_SCOPE(work);
        assert_ok(transaction_begin(f->db, work, &t));
        for (int k = 0; k < 5; k++)
            (void)stored(f, work, t, i);
        assert_ok(journal_seal(t, 3, NULL));
        assert_ok(transaction_commit(t));
    }
    for (int i = 0; i < 3; i++) {
        ARENA_SCOPE(work);
        struct organisation o = named_organisation("Disparue");
        o.siren = "732829320"; /* given up by one that is deleted, taken by the next */
        insert_now(f, &organisation_type, &o);
        if (i == 2)
            continue;
        assert_ok(transaction_begin(f->db, work, &t));
        assert_ok(rows_delete(t, &organisation_type, o.id, o.version, 7));
        assert_ok(transaction_commit(t));
    }
    assert_ok(rows_open(arena_print(a, "%s/copy.db", f->folder), true, &copy));
    {
        ARENA_SCOPE(work);
        assert_ok(transaction_begin(copy, work, &t));
        assert_ok(rows_create_schema(t));
        assert_ok(read_begin(f->db, work, &c));
        assert_ok(content_copy(c, t));
        assert_ok(content_of(c, &content));
        assert_ok(content_of(transaction_connection(t), &copied));
        assert_fault(content_copy(c, t), FAULT_CONFLICT);
        assert_ok(transaction_commit(t));
    }
    assert_true(content.records > 60 && content.terms > 0 && content.entries > 60);
    assert_string_equal(content.whole, copied.whole);
    assert_string_equal(content.of_records, copied.of_records);
    {
        ARENA_SCOPE(work);
        struct organisation o = named_organisation("Une de plus");
        assert_ok(transaction_begin(copy, work, &t));
        assert_ok(rows_insert(t, &organisation_type, &o, 7));
        assert_ok(content_of(transaction_connection(t), &copied));
        assert_string_not_equal(content.whole, copied.whole);
    }
    db_close(copy);
}

/* How SQLite finds the records that refer to one; NULL when it would not say. */
static const char *plan_to_follow(struct arena *a, struct connection *c, const char *type, const char *field)
{
    struct statement *s;
    bool row = false;
    const char *sql = arena_print(a,
                                  BY_PROGRAM("test") "EXPLAIN QUERY PLAN SELECT id FROM \"%s\""
                                                     " WHERE \"%s\" = 1 AND deleted_us IS NULL",
                                  type, field);
    assert_ok(statement_find(c, slice_of(sql), &s));
    assert_ok(statement_step(c, s, &row));
    struct slice plan = statement_bytes(s, 3);
    const char *words = row ? arena_text(a, plan.ptr, plan.len) : NULL;
    statement_reset(c, s);
    return words;
}

/* One owner's few are found without reading everybody's. */
static void a_reference_is_found_by_its_index(void **state)
{
    if (on_postgres())
        return; /* what it chooses hangs on what it counted */
    struct fixture *f = *state;
    ARENA_SCOPE(work);
    struct connection *c;
    int references = 0;
    assert_ok(read_now(f->db, work, &c));
    for (int i = 0; i < record_type_count; i++)
        for (int j = 0; j < all_record_types[i]->count; j++) {
            const struct record_type *t = all_record_types[i];
            if (t->fields[j].kind != KIND_ref)
                continue;
            const char *index = arena_print(work, "USING INDEX %s_%s", t->name, t->fields[j].name);
            const char *plan = plan_to_follow(work, c, t->name, t->fields[j].name);
            if (!plan || !strstr(plan, index))
                fail_msg("%s.%s: %s", t->name, t->fields[j].name, plan ? plan : "no plan");
            references++;
        }
    assert_true(references > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_statement_written_out_is_understood, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_wrong_statement_is_not, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_list_is_understood, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_copy_says_the_same, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_reference_is_found_by_its_index, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
