/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "test.h"

#include "clock/clock.h"
#include "i18n/i18n.h"
#include "store/space_fixture.h"
#include "verify/verify.h"

static void seal_now(struct fixture *f, int64_t most, int64_t expected)
{
    ARENA_SCOPE(a);
    struct transaction *t;
    int64_t sealed;
    assert_ok(transaction_begin(f->db, a, &t));
    assert_ok(journal_seal(t, most, &sealed));
    assert_int_equal(sealed, expected);
    assert_ok(transaction_commit(t));
}

static void check_journal(struct fixture *f, int64_t sealed, int64_t open)
{
    ARENA_SCOPE(a);
    struct connection *c;
    int64_t found_sealed, found_open;
    assert_ok(read_begin(f->db, a, &c));
    assert_ok(journal_verify(c, &found_sealed, &found_open));
    assert_int_equal(found_sealed, sealed);
    assert_int_equal(found_open, open);
}

/* An organisation with a name it had before. */
static struct organisation changed_twice(struct fixture *f)
{
    ARENA_SCOPE(a);
    struct transaction *t;
    struct organisation o = named_organisation("Un");
    assert_ok(transaction_begin(f->db, a, &t));
    assert_ok(rows_insert(t, &organisation_type, &o, 11));
    o.name = "Deux\n3 - 4:";
    o.headcount = 12;
    assert_ok(rows_update(t, &organisation_type, &o, 12));
    assert_ok(rows_delete(t, &organisation_type, o.id, o.version, 13));
    assert_ok(transaction_commit(t));
    return o;
}

static void the_history_of_a_record_is_told_newest_first(void **state)
{
    struct fixture *f = *state;
    ARENA_SCOPE(a);
    struct connection *c;
    struct journal_entry *entries;
    size_t count;
    clock_hold(1000 * SECOND_US);
    struct organisation o = changed_twice(f);
    clock_hold(0);
    assert_ok(read_begin(f->db, a, &c));
    assert_ok(journal_of_record(c, a, &all_seeing, "organisation", o.id, 10, &entries, &count));
    assert_int_equal(count, 3);
    assert_int_equal(entries[0].act, JOURNAL_DELETE);
    assert_int_equal(entries[0].count, 0);
    assert_int_equal(entries[1].act, JOURNAL_UPDATE);
    assert_int_equal(entries[1].person, 12);
    assert_int_equal(entries[1].at_us, 1000 * SECOND_US);
    assert_int_equal(entries[1].count, 2);
    assert_int_equal(entries[1].changes[0].field, 1);
    assert_string_equal(entries[1].changes[0].before, "Un");
    assert_string_equal(entries[1].changes[0].after, "Deux\n3 - 4:");
    assert_null(entries[1].changes[1].before);
    assert_string_equal(entries[1].changes[1].after, "12");
    assert_int_equal(entries[2].act, JOURNAL_INSERT);
    assert_ok(journal_of_record(c, a, &all_seeing, "organisation", o.id, 1, &entries, &count));
    assert_int_equal(count, 1);
    assert_ok(journal_of_record(c, a, &all_seeing, "site", o.id, 10, &entries, &count));
    assert_int_equal(count, 0);
}

static void a_batch_is_one_transaction(void **state)
{
    struct fixture *f = *state;
    ARENA_SCOPE(a);
    struct transaction *t;
    struct connection *c;
    struct journal_entry *entries;
    size_t count;
    (void)changed_twice(f);
    assert_ok(transaction_begin(f->db, a, &t));
    int64_t batch = journal_batch(t);
    for (int i = 0; i < 4; i++) {
        struct organisation o = named_organisation("Lot");
        assert_ok(rows_insert(t, &organisation_type, &o, 1));
    }
    assert_ok(journal_append(t, 5, JOURNAL_READ, "", 0, NULL, 0));
    assert_ok(transaction_commit(t));
    assert_ok(read_begin(f->db, a, &c));
    assert_ok(journal_of_batch(c, a, batch, &entries, &count));
    assert_int_equal(count, 5);
    assert_int_equal(entries[0].act, JOURNAL_READ);
    for (size_t i = 1; i < count; i++)
        assert_true(entries[i].id < entries[i - 1].id);
}

static void entries_are_sealed_in_order_without_gap(void **state)
{
    struct fixture *f = *state;
    ARENA_SCOPE(a);
    struct connection *c;
    int64_t seq;
    char *link, *later;
    check_journal(f, 0, 0);
    (void)changed_twice(f);
    (void)changed_twice(f);
    check_journal(f, 0, 6);
    seal_now(f, 4, 4);
    check_journal(f, 4, 2);
    assert_ok(read_begin(f->db, a, &c));
    assert_ok(journal_head(c, a, &seq, &link));
    assert_int_equal(seq, 4);
    seal_now(f, 100, 2);
    seal_now(f, 100, 0);
    check_journal(f, 6, 0);
    assert_ok(read_begin(f->db, a, &c));
    assert_ok(journal_head(c, a, &seq, &later));
    assert_int_equal(seq, 6);
    assert_string_not_equal(link, later);
}

static void entries_stay_in_order_when_the_clock_steps_back(void **state)
{
    struct fixture *f = *state;
    clock_hold(now_us() + 3600 * SECOND_US);
    (void)changed_twice(f);
    clock_hold(0);
    seal_now(f, 100, 3);
    (void)changed_twice(f);
    seal_now(f, 100, 3);
    check_journal(f, 6, 0);
}

static void forgetting_a_person_breaks_no_chain(void **state)
{
    struct fixture *f = *state;
    ARENA_SCOPE(a);
    struct transaction *t;
    struct connection *c;
    struct journal_entry *entries;
    size_t count;
    int64_t forgotten;
    struct organisation o = changed_twice(f), other = changed_twice(f);
    seal_now(f, 5, 5);
    assert_ok(transaction_begin(f->db, a, &t));
    assert_ok(journal_forget(t, "organisation", o.id, &forgotten));
    assert_int_equal(forgotten, 3);
    assert_ok(journal_forget(t, "organisation", other.id, &forgotten)); /* one entry is not sealed yet */
    assert_ok(transaction_commit(t));
    seal_now(f, 5, 1);
    check_journal(f, 6, 0);
    assert_ok(read_begin(f->db, a, &c));
    assert_ok(journal_of_record(c, a, &all_seeing, "organisation", o.id, 10, &entries, &count));
    assert_int_equal(count, 3);
    assert_int_equal(entries[1].count, 0);
}

/* Tampering: one statement changes one stored thing; the walk must find it. */

static bool found_after(struct fixture *f, const char *sql)
{
    ARENA_SCOPE(a);
    struct transaction *t;
    int64_t sealed, open;
    assert_ok(transaction_begin(f->db, a, &t));
    if (db_script(t, arena_print(a, BY_PROGRAM("test") "%s", sql)))
        return true; /* a key that is taken: the file itself says no */
    return journal_verify(transaction_connection(t), &sealed, &open) != NULL; /* and rolled back */
}

/* The row of this rank in a table of the journal. */
static const char *the_row(struct arena *a, const char *table, int row)
{
    const char *key = strcmp(table, "journal") == 0        ? "id"
                      : strcmp(table, "journal_seal") == 0 ? "seq"
                                                           : "entry";
    return arena_print(a, "%s = (SELECT %s FROM %s ORDER BY %s LIMIT 1 OFFSET %d)", key, key, table, key,
                       row);
}

/* Every bit of every number in the row of this rank. */
static void flip_numbers(struct fixture *f, int row)
{
    static const char *const columns[][2] = {
        {"journal", "id"},       {"journal", "batch"},      {"journal", "at_us"},
        {"journal", "person"},   {"journal", "act"},        {"journal", "record"},
        {"journal_seal", "seq"}, {"journal_seal", "entry"}, {"journal_values", "entry"}};
    for (size_t n = 0; n < COUNT(columns); n++)
        for (int bit = 0; bit < 63; bit++) {
            ARENA_SCOPE(a);
            const char *t = columns[n][0], *c = columns[n][1];
            char *sql = arena_print(a,
                                    "UPDATE %s SET %s = (%s | (CAST(1 AS BIGINT) << %d)) - (%s & (CAST(1 AS "
                                    "BIGINT) << %d)) WHERE %s",
                                    t, c, c, bit, c, bit, the_row(a, t, row));
            if (!found_after(f, sql))
                fail_msg("%s", sql);
        }
}

/* An UPDATE that puts another byte at this place, from 1, of a column. */
static char *byte_changed(struct arena *a, const char *table, const char *column, bool text, size_t at,
                          int row)
{
    const char *where = the_row(a, table, row);
    int before = (int)at - 1;
    if (!on_postgres())
        return arena_print(a,
                           "UPDATE %s SET %s = CAST(substr(CAST(%s AS BLOB), 1, %d) ||"
                           " CASE substr(CAST(%s AS BLOB), %d, 1) WHEN x'01' THEN x'02' ELSE x'01' END ||"
                           " substr(CAST(%s AS BLOB), %d) AS %s) WHERE %s",
                           table, column, column, before, column, before + 1, column, before + 2,
                           text ? "TEXT" : "BLOB", where);
    const char *bytes = text ? arena_print(a, "convert_to(%s, 'UTF8')", column) : column;
    const char *changed = arena_print(a, "set_byte(%s, %d, CASE get_byte(%s, %d) WHEN 1 THEN 2 ELSE 1 END)",
                                      bytes, before, bytes, before);
    return arena_print(a, "UPDATE %s SET %s = %s WHERE %s", table, column,
                       text ? arena_print(a, "convert_from(%s, 'UTF8')", changed) : changed, where);
}

#define TEXTS_ROW(COLUMN) COLUMN(text, type) COLUMN(text, changes)
ROW(texts_row, TEXTS_ROW)

/* Every byte of every text and blob in the row of this rank, replaced by another. */
static void flip_bytes(struct fixture *f, int row)
{
    ARENA_SCOPE(work);
    struct connection *c;
    struct texts_row *texts;
    size_t count;
    assert_ok(read_begin(f->db, work, &c));
    assert_ok(db_select(c, work, texts_row, &texts, &count,
                        BY_PROGRAM("test") "SELECT j.type AS type, v.changes AS changes FROM journal j"
                                           " JOIN journal_values v ON v.entry = j.id ORDER BY j.id",
                        NO_ARGS));
    const struct {
        const char *table, *column;
        bool text;
        size_t length;
    } columns[] = {{"journal", "type", true, strlen(texts[row].type)},
                   {"journal", "digest", false, 32},
                   {"journal_seal", "link", false, 32},
                   {"journal_values", "salt", false, 16},
                   {"journal_values", "changes", true, strlen(texts[row].changes)}};
    for (size_t n = 0; n < COUNT(columns); n++)
        for (size_t at = 1; at <= columns[n].length; at++) {
            ARENA_SCOPE(a);
            const char *sql = byte_changed(a, columns[n].table, columns[n].column, columns[n].text, at, row);
            if (!found_after(f, sql))
                fail_msg("%s", sql);
        }
}

static void a_changed_number_or_byte_anywhere_is_found(void **state)
{
    struct fixture *f = *state;
    (void)changed_twice(f);
    (void)changed_twice(f);
    seal_now(f, 100, 6);
    for (int row = 0; row < 5; row++) { /* of the last, a deletion, only its header says something */
        flip_numbers(f, row);
        if (row != 2)
            flip_bytes(f, row);
    }
    check_journal(f, 6, 0);
}

static void a_removed_or_added_entry_is_found(void **state)
{
    struct fixture *f = *state;
    (void)changed_twice(f);
    seal_now(f, 100, 3);
    (void)changed_twice(f);
    static const char *const crimes[] = {
        "DELETE FROM journal WHERE id = (SELECT min(id) FROM journal)",
        "DELETE FROM journal WHERE id = (SELECT entry FROM journal_seal WHERE seq = 2)",
        "DELETE FROM journal WHERE id = (SELECT entry FROM journal_seal WHERE seq = 3)",
        "DELETE FROM journal",
        "DELETE FROM journal_seal WHERE seq = 1",
        "DELETE FROM journal_seal WHERE seq = 2",
        "UPDATE journal_seal SET seq = seq + 1000; UPDATE journal_seal SET seq = seq - 999",
        "INSERT INTO journal SELECT min(id) - 1, batch, at_us, 1, 1, 'site', 1, digest FROM journal",
        "UPDATE journal SET id = -id WHERE id = (SELECT max(id) FROM journal)"};
    for (size_t i = 0; i < COUNT(crimes); i++)
        if (!found_after(f, crimes[i]))
            fail_msg("%s", crimes[i]);
    check_journal(f, 3, 3);
}

static void values_that_are_no_packed_changes_are_a_fault(void **state)
{
    struct fixture *f = *state;
    struct organisation o = changed_twice(f);
    static const char *const damaged[] = {"x",        "1 2 3",  "1 - 99:ab", "1 -- 1:a",
                                          "-1 - 1:a", "1  1:a", "1 - 1:a2"};
    for (size_t i = 0; i < COUNT(damaged); i++) {
        ARENA_SCOPE(work);
        struct transaction *t;
        struct journal_entry *entries;
        size_t count;
        assert_ok(transaction_begin(f->db, work, &t));
        assert_ok(db_change(t, NULL, BY_PROGRAM("test") "UPDATE journal_values SET changes = $1",
                            ARGS(ARG(damaged[i]))));
        assert_fault(journal_of_record(transaction_connection(t), work, &all_seeing, "organisation", o.id, 10,
                                       &entries, &count),
                     FAULT_IO);
    }
}

/* The whole space. */

static struct fault *verified_after(struct fixture *f, const char *sql)
{
    ARENA_SCOPE(a);
    struct transaction *t;
    struct verification v;
    assert_ok(transaction_begin(f->db, a, &t));
    assert_ok(db_script(t, arena_print(a, BY_PROGRAM("test") "%s", sql)));
    return space_verify(transaction_connection(t), a, &v);
}

static void a_whole_space_is_verified_and_damage_is_named(void **state)
{
    struct fixture *f = *state;
    for (int i = 0; i < record_type_count; i++) {
        ARENA_SCOPE(a);
        struct transaction *t;
        assert_ok(transaction_begin(f->db, a, &t));
        for (int k = 0; k < 5; k++)
            (void)stored(f, a, t, i);
        assert_ok(transaction_commit(t));
    }
    assert_null(verified_after(f, "SELECT 1"));
    static const struct {
        const char *sql, *word;
    } damages[] = {
        {"UPDATE organisation SET name = 'x' || name", "name"},
        {"UPDATE organisation SET siren = '732829321' WHERE id = (SELECT min(id) FROM organisation)",
         "siren"},
        {"UPDATE capability SET size_min = 9, size_max = 3", "size"},
        {"UPDATE site SET lat = 91, lon = 1", "lat"},
        {"UPDATE person SET role = 'king'", "role"},
        {"INSERT INTO record_term VALUES('need', 1, 4, (SELECT min(id) FROM term))", "term"},
        {"INSERT INTO record_term VALUES('nothing', 1, 4, (SELECT min(id) FROM term))", "term"}};
    language_set(LANGUAGE_EN);
    for (size_t i = 0; i < COUNT(damages); i++) {
        const struct fault *found = verified_after(f, damages[i].sql);
        if (!found || !strstr(found->text, damages[i].word))
            fail_msg("%s: %s", damages[i].sql, found ? found->text : "not found");
        assert_int_equal(found->code, FAULT_INVALID);
    }
}

/* The newest entry is remembered only as long as nobody else wrote. */
static int64_t last_entry(struct fixture *f)
{
    ARENA_SCOPE(a);
    struct connection *c;
    int64_t last;
    assert_ok(read_begin(f->db, a, &c));
    assert_ok(journal_last(c, &last));
    return last;
}

static void an_entry_follows_those_of_another_program(void **state)
{
    struct fixture *f = *state;
    struct db *other;
    int64_t later = 0, newest;
    assert_ok(db_open(f->path, false, &other));
    for (int i = 0; i < 3; i++) {
        ARENA_SCOPE(a);
        struct transaction *t;
        for (int k = 0; k < 3; k++) { /* from the second on, the newest entry may be known */
            struct organisation mine = named_organisation("Un");
            insert_now(f, &organisation_type, &mine);
            newest = last_entry(f);
            assert_true(newest > later);
            later = newest;
        }
        later = newest + ((int64_t)1 << 40); /* its clock is ahead */
        assert_ok(transaction_begin(other, a, &t));
        assert_ok(
            db_change(t, NULL,
                      BY_PROGRAM("test") "INSERT INTO journal(id, batch, at_us, person, act, type, record,"
                                         " digest) SELECT CAST($1 AS BIGINT), batch, at_us, person, act,"
                                         " type, record, digest FROM journal LIMIT 1",
                      ARGS(ARG(later))));
        assert_ok(transaction_commit(t));
    }
    db_close(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_entry_follows_those_of_another_program, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_history_of_a_record_is_told_newest_first, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_batch_is_one_transaction, set_up, tear_down),
        cmocka_unit_test_setup_teardown(entries_are_sealed_in_order_without_gap, set_up, tear_down),
        cmocka_unit_test_setup_teardown(entries_stay_in_order_when_the_clock_steps_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(forgetting_a_person_breaks_no_chain, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_changed_number_or_byte_anywhere_is_found, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_removed_or_added_entry_is_found, set_up, tear_down),
        cmocka_unit_test_setup_teardown(values_that_are_no_packed_changes_are_a_fault, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_whole_space_is_verified_and_damage_is_named, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
