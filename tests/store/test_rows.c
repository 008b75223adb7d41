/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "test.h"

#include "store/space_fixture.h"

static void same_record(const struct record_type *t, const void *a, const void *b)
{
    for (int i = 0; i < t->count; i++)
        if (!field_equal(&t->fields[i], a, b))
            fail_msg("%s.%s differs", t->name, t->fields[i].name);
}

static void every_type_comes_back_as_it_was(void **state)
{
    struct fixture *f = *state;
    for (int round = 0; round < 12; round++)
        for (int i = 0; i < record_type_count; i++) {
            ARENA_SCOPE(a);
            const struct record_type *rt = all_record_types[i];
            struct transaction *t;
            struct connection *c;
            assert_ok(transaction_begin(f->db, a, &t));
            void *record = stored(f, a, t, i), *back = record_new(a, rt);
            assert_ok(transaction_commit(t));
            assert_ok(read_begin(f->db, a, &c));
            assert_ok(rows_load(c, a, rt, id_of(record), &all_seeing, back));
            same_record(rt, record, back);
            assert_int_equal(((struct record_head *)back)->version, 1);
        }
}

static void every_type_can_be_changed_into_any_other_state(void **state)
{
    struct fixture *f = *state;
    for (int round = 0; round < 6; round++)
        for (int i = 0; i < record_type_count; i++) {
            ARENA_SCOPE(a);
            const struct record_type *rt = all_record_types[i];
            struct transaction *t;
            assert_ok(transaction_begin(f->db, a, &t));
            void *record = stored(f, a, t, i), *back = record_new(a, rt);
            struct record_head head = *(struct record_head *)record;
            for (int tries = 0; tries < 20 && ((struct record_head *)record)->version == 1; tries++) {
                random_record(a, &f->random, rt, record, pick_stored,
                              f); /* with few fields perhaps the same */
                *(struct record_head *)record = head;
                assert_ok(rows_update(t, rt, record, 7));
            }
            assert_ok(rows_load(transaction_connection(t), a, rt, head.id, &all_seeing, back));
            same_record(rt, record, back);
            assert_int_equal(((struct record_head *)back)->version, 2);
            assert_ok(rows_update(t, rt, record, 7)); /* nothing differs: nothing happens */
            assert_int_equal(((struct record_head *)record)->version, 2);
            assert_ok(transaction_commit(t));
        }
}

static void a_change_made_on_an_old_version_is_a_conflict(void **state)
{
    struct fixture *f = *state;
    ARENA_SCOPE(a);
    struct transaction *t;
    struct organisation o = named_organisation("Un"), mine, theirs;
    insert_now(f, &organisation_type, &o);
    mine = theirs = o;
    theirs.name = "Deux";
    mine.name = "Trois";
    assert_ok(transaction_begin(f->db, a, &t));
    assert_ok(rows_update(t, &organisation_type, &theirs, 1));
    assert_fault(rows_update(t, &organisation_type, &mine, 2), FAULT_CONFLICT);
    assert_int_equal(mine.version, 1);
    assert_fault(rows_delete(t, &organisation_type, mine.id, mine.version, 2), FAULT_CONFLICT);
    assert_ok(rows_load(transaction_connection(t), a, &organisation_type, o.id, &all_seeing, &o));
    assert_string_equal(o.name, "Deux");
}

typedef struct fault *store_one(struct transaction *, const struct record_type *, void *record,
                                int64_t person);

/* Told at once, or at the commit. */
static struct fault *refused(struct fixture *f, store_one *store, const struct record_type *type,
                             void *record)
{
    ARENA_SCOPE(a);
    struct transaction *t;
    assert_ok(transaction_begin(f->db, a, &t));
    struct fault *wrong = store(t, type, record, 1);
    if (!wrong)
        wrong = transaction_commit(t);
    assert_non_null(wrong);
    static struct fault kept;
    kept = *wrong;
    return &kept;
}

static void remove_now(struct fixture *f, const struct record_type *type, int64_t id, int64_t version)
{
    ARENA_SCOPE(a);
    struct transaction *t;
    assert_ok(transaction_begin(f->db, a, &t));
    assert_ok(rows_delete(t, type, id, version, 1));
    assert_ok(transaction_commit(t));
}

static void a_unique_value_that_is_taken_is_named(void **state)
{
    struct fixture *f = *state;
    ARENA_SCOPE(a);
    struct transaction *t;
    struct organisation first = named_organisation("Un"), second = named_organisation("Deux");
    first.siren = second.siren = "732829320";
    insert_now(f, &organisation_type, &first);
    struct fault *wrong = refused(f, rows_insert, &organisation_type, &second);
    assert_int_equal(wrong->code, FAULT_CONFLICT);
    assert_string_equal(wrong->field, "siren");
    assert_non_null(strstr(wrong->text, "SIREN"));
    /* A deleted record gives its value free, and cannot come back while another has it. */
    second.id = 0;
    remove_now(f, &organisation_type, first.id, 1);
    insert_now(f, &organisation_type, &second);
    {
        ARENA_SCOPE(work);
        assert_ok(transaction_begin(f->db, work, &t));
        wrong = rows_restore(t, &organisation_type, first.id, 1);
        assert_non_null(wrong);
        assert_string_equal(wrong->field, "siren");
        assert_fault(rows_insert(t, &organisation_type, &second, 1), FAULT_BUG); /* and no more in this one */
        assert_fault(transaction_commit(t), FAULT_BUG);
    }
    remove_now(f, &organisation_type, second.id, 1);
    assert_ok(transaction_begin(f->db, a, &t));
    assert_ok(rows_restore(t, &organisation_type, first.id, 1));
    assert_ok(transaction_commit(t));
}

static void a_refused_record_leaves_nothing_behind(void **state)
{
    struct fixture *f = *state;
    struct organisation o = named_organisation("Un");
    int64_t absent[] = {4242};
    insert_now(f, &organisation_type, &o);
    int64_t entries = count_now(f, "journal"), rows = count_now(f, "organisation");
    struct organisation dangling = named_organisation("Deux");
    dangling.parent = 99;
    assert_string_equal(refused(f, rows_insert, &organisation_type, &dangling)->field, "parent");
    struct organisation termed = named_organisation("Trois");
    termed.markets = (struct term_list){absent, 1};
    assert_string_equal(refused(f, rows_insert, &organisation_type, &termed)->field, "markets");
    struct organisation nameless = named_organisation(NULL);
    assert_string_equal(refused(f, rows_insert, &organisation_type, &nameless)->field, "name");
    o.markets = (struct term_list){absent, 1};
    o.name = "Autre";
    assert_int_equal(refused(f, rows_update, &organisation_type, &o)->code, FAULT_INVALID);
    assert_int_equal(o.version, 1);
    assert_int_equal(count_now(f, "organisation"), rows);
    assert_int_equal(count_now(f, "journal"), entries);
    assert_int_equal(count_now(f, "record_term"), 0);
}

static void a_deleted_record_is_hidden_and_can_come_back(void **state)
{
    struct fixture *f = *state;
    ARENA_SCOPE(a);
    struct transaction *t;
    struct organisation o = named_organisation("Un");
    struct site s;
    insert_now(f, &organisation_type, &o);
    record_clear(&site_type, &s);
    s.organisation = o.id;
    insert_now(f, &site_type, &s);
    const struct sight member = {.signed_in = true, .role = ROLE_MEMBER};
    struct organisation gone;
    struct site hidden;
    assert_ok(transaction_begin(f->db, a, &t));
    struct connection *c = transaction_connection(t);
    assert_ok(rows_delete(t, &organisation_type, o.id, 1, 1));
    assert_fault(rows_load(c, a, &organisation_type, o.id, &all_seeing, &gone), FAULT_NOT_FOUND);
    assert_fault(rows_load(c, a, &site_type, s.id, &member, &hidden),
                 FAULT_NOT_FOUND); /* its owner is gone */
    assert_ok(rows_restore(t, &organisation_type, o.id, 1));
    assert_ok(rows_load(c, a, &organisation_type, o.id, &member, &gone));
    assert_ok(rows_load(c, a, &site_type, s.id, &member, &hidden));
}

static void only_a_deleted_record_comes_back(void **state)
{
    struct fixture *f = *state;
    ARENA_SCOPE(a);
    struct transaction *t;
    struct organisation o = named_organisation("Un"), back;
    insert_now(f, &organisation_type, &o);
    assert_ok(transaction_begin(f->db, a, &t));
    assert_fault(rows_restore(t, &organisation_type, o.id, 1), FAULT_NOT_FOUND);
    assert_fault(rows_restore(t, &organisation_type, 1234, 1), FAULT_NOT_FOUND);
    assert_fault(rows_delete(t, &organisation_type, 1234, 1, 1), FAULT_NOT_FOUND);
    assert_ok(rows_delete(t, &organisation_type, o.id, 1, 1));
    assert_fault(rows_delete(t, &organisation_type, o.id, 2, 1), FAULT_NOT_FOUND);
    assert_ok(rows_restore(t, &organisation_type, o.id, 1));
    assert_ok(rows_load(transaction_connection(t), a, &organisation_type, o.id, &all_seeing, &back));
    assert_string_equal(back.name, "Un");
    assert_int_equal(back.version, 3);
}

static void names_come_in_the_order_asked(void **state)
{
    struct fixture *f = *state;
    ARENA_SCOPE(a);
    struct connection *c;
    const char **names;
    struct organisation shown = named_organisation("Ouverte"), hidden = named_organisation("Secrète");
    hidden.visibility = "private";
    insert_now(f, &organisation_type, &shown);
    insert_now(f, &organisation_type, &hidden);
    const int64_t ids[] = {hidden.id, shown.id, 77, shown.id};
    const struct sight facilitator = {.signed_in = true, .facilitator = true, .role = ROLE_FACILITATOR};
    assert_ok(read_begin(f->db, a, &c));
    assert_ok(rows_names(c, a, &organisation_type, ids, COUNT(ids), &facilitator, &names));
    assert_null(names[0]);
    assert_string_equal(names[1], "Ouverte");
    assert_null(names[2]);
    assert_string_equal(names[3], "Ouverte");
}

static void a_field_that_is_not_read_stays_unknown(void **state)
{
    struct fixture *f = *state;
    ARENA_SCOPE(a);
    struct connection *c;
    struct transaction *t;
    size_t count;
    assert_ok(transaction_begin(f->db, a, &t));
    for (int i = 0; i < record_type_count; i++)
        (void)stored(f, a, t, i);
    assert_ok(transaction_commit(t));
    assert_ok(read_begin(f->db, a, &c));
    for (int i = 0; i < record_type_count; i++)
        for (int k = 0; k < all_record_types[i]->count; k++) {
            void *whole, *part;
            struct list_query query = {.type = all_record_types[i]};
            assert_ok(rows_list(c, a, &query, &all_seeing, &whole, &count, NULL));
            query.skip = UINT64_C(1) << k;
            assert_ok(rows_list(c, a, &query, &all_seeing, &part, &count, NULL));
            assert_int_equal(count, 1);
            for (int other = 0; other < query.type->count; other++)
                if (other == k)
                    assert_false(field_known(&query.type->fields[other], part));
                else
                    assert_true(field_equal(&query.type->fields[other], whole, part));
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_type_comes_back_as_it_was, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_type_can_be_changed_into_any_other_state, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_change_made_on_an_old_version_is_a_conflict, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_unique_value_that_is_taken_is_named, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_refused_record_leaves_nothing_behind, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_deleted_record_is_hidden_and_can_come_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(only_a_deleted_record_comes_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(names_come_in_the_order_asked, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_field_that_is_not_read_stays_unknown, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
