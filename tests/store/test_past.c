/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What stood at a past instant: replayed, kept by month, verified, erased. */
#include "test.h"

#include "clock/clock.h"
#include "i18n/i18n.h"
#include "journal/past.h"
#include "journal/readings.h"
#include "store/space_fixture.h"
#include "text/buffer.h"
#include "verify/verify.h"

#define DAY_US (86400 * SECOND_US)

static int year = 2090; /* ids only grow: each test has a year of its own */

static int64_t noon(int month, int day)
{
    return day_start_us(day_of(year, month, day)) + DAY_US / 2;
}

static void make_months(struct fixture *f, int64_t most)
{
    struct months_work w = {0};
    for (bool more = true; more;) {
        ARENA_SCOPE(a);
        struct transaction *t;
        assert_ok(transaction_begin(f->db, a, &t));
        assert_ok(months_make(t, most, &w, &more));
        assert_ok(transaction_commit(t));
    }
}

static int64_t states_verified(struct fixture *f)
{
    ARENA_SCOPE(a);
    struct connection *c;
    int64_t states;
    assert_ok(read_begin(f->db, a, &c));
    assert_ok(months_verify(c, &states));
    return states;
}

static void change(struct fixture *f, struct organisation *o, const char *name)
{
    ARENA_SCOPE(a);
    struct transaction *t;
    assert_ok(transaction_begin(f->db, a, &t));
    o->name = name;
    assert_ok(rows_update(t, &organisation_type, o, 7));
    assert_ok(transaction_commit(t));
}

/* The name at noon of a day; NULL: it was not there. */
static const char *name_at(struct fixture *f, struct arena *a, int64_t id, int64_t at_us)
{
    ARENA_SCOPE(work);
    struct connection *c;
    struct past p;
    struct organisation *o = NEW(a, struct organisation, 1);
    int64_t bound;
    assert_ok(read_begin(f->db, work, &c));
    assert_ok(past_bound(c, at_us, &bound));
    assert_ok(past_of(c, a, "organisation", id, bound, &p));
    past_record(&p, &organisation_type, a, ~(uint64_t)0, o);
    return p.known && p.present ? o->name : NULL;
}

struct seen {
    struct arena *arena;
    struct buffer *names;
};

static struct fault *note(void *owner, const struct past *p)
{
    struct seen *seen = owner;
    struct organisation o;
    past_record(p, &organisation_type, seen->arena, ~(uint64_t)0, &o);
    buffer_print(seen->names, "%s%s;", o.name, p->present ? "" : " (gone)");
    return NULL;
}

/* All organisations of an instant, in the order of their ids where states and entries do not mix. */
static const char *names_at(struct fixture *f, struct arena *a, int64_t at_us)
{
    ARENA_SCOPE(work);
    struct connection *c;
    int64_t bound;
    struct seen seen = {a, buffer_new(a, MIB)};
    assert_ok(read_begin(f->db, work, &c));
    assert_ok(past_bound(c, at_us, &bound));
    assert_ok(past_each(c, "organisation", bound, note, &seen));
    return buffer_string(seen.names);
}

/* January to April: Un renamed each month, Deux born in February and deleted in March. */
static void four_months(struct fixture *f, struct organisation *one, struct organisation *two)
{
    ARENA_SCOPE(a);
    struct transaction *t;
    *one = named_organisation("Un");
    *two = named_organisation("Deux");
    clock_hold(noon(1, 10));
    insert_now(f, &organisation_type, one);
    clock_hold(noon(2, 10));
    change(f, one, "Un de février");
    insert_now(f, &organisation_type, two);
    clock_hold(noon(3, 10));
    change(f, one, "Un de mars");
    assert_ok(transaction_begin(f->db, a, &t));
    assert_ok(rows_delete(t, &organisation_type, two->id, two->version, 7));
    assert_ok(transaction_commit(t));
    clock_hold(noon(4, 10));
    change(f, one, "Un d’avril");
}

static void check_four_months(struct fixture *f, int64_t one, int64_t two)
{
    ARENA_SCOPE(a);
    assert_null(name_at(f, a, one, noon(1, 9)));
    assert_string_equal(name_at(f, a, one, noon(1, 11)), "Un");
    assert_string_equal(name_at(f, a, one, noon(2, 9)), "Un");
    assert_string_equal(name_at(f, a, one, noon(2, 11)), "Un de février");
    assert_string_equal(name_at(f, a, one, noon(3, 11)), "Un de mars");
    assert_string_equal(name_at(f, a, one, noon(4, 11)), "Un d’avril");
    assert_null(name_at(f, a, two, noon(2, 9)));
    assert_string_equal(name_at(f, a, two, noon(2, 11)), "Deux");
    assert_null(name_at(f, a, two, noon(4, 11)));
    assert_string_equal(names_at(f, a, noon(1, 9)), "");
    assert_string_equal(names_at(f, a, noon(1, 11)), "Un;");
    assert_string_equal(names_at(f, a, noon(2, 11)), "Un de février;Deux;");
    assert_non_null(strstr(names_at(f, a, noon(3, 11)), "Un de mars;"));
    assert_non_null(strstr(names_at(f, a, noon(3, 11)), "Deux (gone);"));
    assert_non_null(strstr(names_at(f, a, noon(4, 11)), "Un d’avril;"));
}

static void a_record_is_what_it_was_with_and_without_months(void **state)
{
    struct fixture *f = *state;
    struct organisation one, two;
    four_months(f, &one, &two);
    check_four_months(f, one.id, two.id);
    make_months(f, 1); /* a piece an entry: broken off after each */
    assert_int_equal(states_verified(f), 5);
    assert_int_equal(count_now(f, "journal"), 6);
    check_four_months(f, one.id, two.id);
    make_months(f, 100);
    assert_int_equal(states_verified(f), 5);
}

/* A month is made when a later entry is there, and only then. */
static void a_month_is_made_once_it_is_over(void **state)
{
    struct fixture *f = *state;
    struct organisation o = named_organisation("Un");
    clock_hold(noon(1, 10));
    insert_now(f, &organisation_type, &o);
    clock_hold(noon(2, 10));
    make_months(f, 10);
    assert_int_equal(states_verified(f), 0);
    change(f, &o, "Un de février");
    make_months(f, 10);
    assert_int_equal(states_verified(f), 1);
}

/* The first of a month at midnight in Paris, in summer and in winter. */
static void a_transaction_is_on_one_side_of_an_instant(void **state)
{
    struct fixture *f = *state;
    ARENA_SCOPE(a);
    struct transaction *t;
    int64_t midnight = day_start_us(day_of(year, 7, 1));
    assert_int_equal(midnight, day_of(year, 7, 1) * DAY_US - 2 * 3600 * SECOND_US);
    assert_int_equal(day_start_us(day_of(year, 1, 1)), day_of(year, 1, 1) * DAY_US - 3600 * SECOND_US);
    struct organisation early = named_organisation("Avant"), late = named_organisation("Après");
    clock_hold(midnight - SECOND_US);
    assert_ok(transaction_begin(f->db, a, &t));
    assert_ok(rows_insert(t, &organisation_type, &early, 7));
    clock_hold(midnight + SECOND_US);
    assert_ok(rows_insert(t, &organisation_type, &late, 7));
    assert_ok(transaction_commit(t));
    assert_string_equal(names_at(f, a, midnight), "");
    assert_non_null(strstr(names_at(f, a, midnight + 2 * SECOND_US), "Avant;"));
    make_months(f, 10);
    assert_int_equal(states_verified(f), 0);
}

static void forgetting_erases_the_states_too(void **state)
{
    struct fixture *f = *state;
    ARENA_SCOPE(a);
    struct organisation one, two;
    struct transaction *t;
    int64_t forgotten, left;
    four_months(f, &one, &two);
    make_months(f, 100);
    assert_ok(transaction_begin(f->db, a, &t));
    assert_ok(journal_forget(t, "organisation", one.id, &forgotten));
    assert_int_equal(forgotten, 4);
    assert_ok(transaction_commit(t));
    struct connection *c;
    assert_ok(read_begin(f->db, a, &c));
    assert_ok(db_integer(c, &left, -1,
                         BY_PROGRAM("test") "SELECT count(*) FROM journal_state WHERE record = $1",
                         ARGS(ARG(one.id))));
    assert_int_equal(left, 0);
    assert_null(name_at(f, a, one.id, noon(3, 11)));
    assert_null(name_at(f, a, one.id, noon(4, 11)));
    clock_hold(noon(4, 20));
    one.version = 4;
    change(f, &one, "Encore là"); /* what came after still cannot say what it was */
    assert_null(name_at(f, a, one.id, noon(4, 21)));
    clock_hold(noon(5, 10));
    insert_now(f, &organisation_type, &(struct organisation){.name = "Mai", .visibility = "space"});
    make_months(f, 100);
    assert_int_equal(states_verified(f), 2);
}

static void a_state_that_is_not_the_replay_is_found(void **state)
{
    struct fixture *f = *state;
    struct organisation one, two;
    four_months(f, &one, &two);
    make_months(f, 100);
    static const char *const crimes[] = {
        "UPDATE journal_state SET state = replace(state, 'Un', 'Nu')",
        "UPDATE journal_state SET gone = 1 - gone WHERE since = (SELECT min(id) FROM journal_month)",
        "UPDATE journal_state SET until = until - 1 WHERE since = (SELECT min(id) FROM journal_month)",
        "UPDATE journal_state SET until = until - 1 WHERE since = (SELECT max(id) FROM journal_month)",
        "DELETE FROM journal_state WHERE since = (SELECT min(id) FROM journal_month)",
        "DELETE FROM journal_state WHERE since = (SELECT max(id) FROM journal_month)",
        "DELETE FROM journal_state",
        "INSERT INTO journal_state SELECT type, record + 1, since, until, gone, state FROM journal_state"};
    for (size_t i = 0; i < COUNT(crimes); i++) {
        ARENA_SCOPE(a);
        struct transaction *t;
        struct verification v;
        assert_ok(transaction_begin(f->db, a, &t));
        assert_ok(db_script(t, arena_print(a, BY_PROGRAM("test") "%s", crimes[i])));
        const struct fault *found = space_verify(transaction_connection(t), a, &v);
        if (!found)
            fail_msg("%s", crimes[i]);
    }
    assert_int_equal(states_verified(f), 5);
}

/* Random changes over a year: every month says the same with and without states. */
static void any_history_is_the_same_with_and_without_months(void **state)
{
    struct fixture *f = *state;
    ARENA_SCOPE(a);
    struct organisation all[12];
    const char *before[13];
    for (int month = 1; month <= 12; month++) {
        clock_hold(noon(month, 15));
        all[month - 1] = named_organisation(arena_print(a, "Née en %d", month));
        insert_now(f, &organisation_type, &all[month - 1]);
        for (int k = 0; k < month; k++)
            if (random_below(&f->random, 3) == 0)
                change(f, &all[k], arena_print(a, "%d.%d", k, month));
    }
    clock_hold(noon(12, 20));
    for (int month = 1; month <= 12; month++) {
        struct buffer *told = buffer_new(a, MIB);
        for (int k = 0; k < 12; k++) {
            const char *name = name_at(f, a, all[k].id, noon(month, 20));
            buffer_print(told, "%s;", name ? name : "-");
        }
        before[month] = buffer_string(told);
    }
    make_months(f, 3);
    assert_true(states_verified(f) >= 11);
    for (int month = 1; month <= 12; month++) {
        struct buffer *told = buffer_new(a, MIB);
        size_t there = 0;
        for (int k = 0; k < 12; k++) {
            const char *name = name_at(f, a, all[k].id, noon(month, 20));
            buffer_print(told, "%s;", name ? name : "-");
            there += name && strstr(names_at(f, a, noon(month, 20)), arena_print(a, "%s;", name)) != NULL;
        }
        assert_string_equal(buffer_string(told), before[month]);
        assert_int_equal(there, month);
    }
}

/* The other stream. */

static void read_by(struct fixture *f, int64_t person, int64_t record, size_t times)
{
    ARENA_SCOPE(a);
    struct transaction *t;
    int64_t sealed;
    struct reading *all = NEW(a, struct reading, times);
    for (size_t i = 0; i < times; i++)
        all[i] = (struct reading){now_us(), person, JOURNAL_READ, "need", record, 1};
    assert_ok(transaction_begin(f->db, a, &t));
    assert_ok(readings_append(t, all, times));
    assert_ok(readings_seal(t, 100, &sealed));
    assert_int_equal(sealed, times);
    assert_ok(transaction_commit(t));
}

static void readings_have_their_own_chain(void **state)
{
    struct fixture *f = *state;
    ARENA_SCOPE(a);
    struct connection *c;
    struct reading *readings;
    size_t count;
    int64_t sealed, open, lines, last;
    read_by(f, 11, 5, 3);
    read_by(f, 12, 6, 1);
    read_by(f, 13, 5, 1);
    assert_ok(read_begin(f->db, a, &c));
    assert_ok(readings_of_record(c, a, "need", 5, 10, &readings, &count));
    assert_int_equal(count, 4);
    assert_int_equal(readings[0].person, 13);
    assert_int_equal(readings[3].person, 11);
    assert_ok(readings_of_record(c, a, "site", 5, 10, &readings, &count));
    assert_int_equal(count, 0);
    assert_ok(readings_verify(c, &sealed, &open, &lines));
    assert_int_equal(sealed, 5);
    assert_int_equal(open, 0);
    assert_ok(journal_last(c, &last));
    assert_int_equal(last, 0);
    static const char *const crimes[] = {
        "UPDATE reading SET person = 14 WHERE person = 12", "UPDATE reading SET record = 6 WHERE person = 13",
        "DELETE FROM reading WHERE person = 12", "UPDATE reading_seal SET entry = entry + 1"};
    for (size_t i = 0; i < COUNT(crimes); i++) {
        ARENA_SCOPE(work);
        struct transaction *t;
        struct verification v;
        assert_ok(transaction_begin(f->db, work, &t));
        assert_ok(db_script(t, arena_print(work, BY_PROGRAM("test") "%s", crimes[i])));
        if (!space_verify(transaction_connection(t), work, &v))
            fail_msg("%s", crimes[i]);
    }
}

/* What is left of who read a record, by person: "11 x3 12 x1". */
static const char *readers_of(struct fixture *f, struct arena *a, int64_t record)
{
    struct connection *c;
    struct reading *readings;
    size_t count;
    int64_t times[20] = {0};
    struct buffer *out = buffer_new(a, KIB);
    assert_ok(read_begin(f->db, a, &c));
    assert_ok(readings_of_record(c, a, "need", record, 100, &readings, &count));
    for (size_t i = 0; i < count; i++)
        times[readings[i].person] += readings[i].times;
    for (int person = 0; person < 20; person++)
        if (times[person])
            buffer_print(out, "%d x%d ", person, (int)times[person]);
    return buffer_string(out);
}

/* All turns; how many did something. */
static int fold_all(struct fixture *f, int64_t most)
{
    int turns = 0;
    for (bool more = true; more;) {
        ARENA_SCOPE(a);
        struct transaction *t;
        assert_ok(transaction_begin(f->db, a, &t));
        assert_ok(readings_fold(t, most, &more));
        assert_ok(transaction_commit(t));
        turns += more;
    }
    return turns;
}

static struct verification verified(struct fixture *f, struct arena *a)
{
    struct connection *c;
    struct verification v;
    assert_ok(read_begin(f->db, a, &c));
    assert_ok(space_verify(c, a, &v));
    return v;
}

static void go_to(int64_t day)
{
    clock_hold(day_start_us(day) + 10 * 3600 * SECOND_US);
}

static void old_readings_become_lines_of_a_day_and_go(void **state)
{
    struct fixture *f = *state;
    ARENA_SCOPE(a);
    const int64_t first = today();
    struct verification v;
    go_to(first);
    read_by(f, 11, 5, 3);
    read_by(f, 12, 5, 1);
    read_by(f, 11, 6, 2);
    go_to(first + 1);
    read_by(f, 11, 5, 2);
    go_to(first + LIMIT_READINGS_WHOLE_DAYS);
    assert_int_equal(fold_all(f, 100), 0);
    go_to(first + LIMIT_READINGS_WHOLE_DAYS + 1);
    assert_int_equal(fold_all(f, 100), 1);
    v = verified(f, a);
    assert_int_equal(v.readings, 2);
    assert_int_equal(v.reading_lines, 3);
    assert_string_equal(readers_of(f, a, 5), "11 x5 12 x1 ");
    read_by(f, 13, 5, 4);
    v = verified(f, a);
    assert_int_equal(v.readings, 6);
    go_to(first + 2 * LIMIT_READINGS_WHOLE_DAYS + 2);
    assert_int_equal(fold_all(f, 4), 2); /* as many turns as it takes */
    v = verified(f, a);
    assert_int_equal(v.readings, 0);
    assert_int_equal(v.reading_lines, 6); /* a turn ended within a day of one person */
    read_by(f, 14, 5, 1);
    assert_string_equal(readers_of(f, a, 5), "11 x5 12 x1 13 x4 14 x1 ");
    go_to(first + LIMIT_READINGS_DAYS + 1);
    assert_int_equal(fold_all(f, 100), 2); /* 14 becomes a line, then the first day goes */
    assert_string_equal(readers_of(f, a, 5), "11 x2 13 x4 14 x1 ");
    v = verified(f, a);
    go_to(first + 2 * LIMIT_READINGS_DAYS + 100);
    (void)fold_all(f, 100);
    assert_string_equal(readers_of(f, a, 5), "");
    read_by(f, 15, 5, 1);
    v = verified(f, a);
    assert_int_equal(v.readings, 1);
    assert_int_equal(v.reading_lines, 0);
}

static void a_fold_that_was_changed_is_found(void **state)
{
    struct fixture *f = *state;
    static const char *const crimes[] = {
        "UPDATE reading_day SET times = 2 WHERE person = 11",
        "UPDATE reading_day SET person = 13 WHERE person = 11",
        "DELETE FROM reading_day WHERE person = 11",
        "DELETE FROM reading_day",
        "INSERT INTO reading_day VALUES(9, 1, 13, 4, 'need', 5, 1)",
        "UPDATE reading SET person = 14 WHERE person = 13",
        "DELETE FROM reading WHERE person = 13",
        "DELETE FROM reading_seal",
        "DELETE FROM reading_seal WHERE seq = (SELECT min(seq) FROM reading_seal)",
        "UPDATE reading_seal SET seq = seq + 1 WHERE seq = (SELECT max(seq) FROM reading_seal)",
        "DELETE FROM journal_values",
    };
    const int64_t first = today();
    go_to(first);
    read_by(f, 11, 5, 3);
    read_by(f, 12, 5, 1);
    go_to(first + LIMIT_READINGS_WHOLE_DAYS + 1);
    assert_int_equal(fold_all(f, 100), 1);
    read_by(f, 13, 5, 2);
    for (size_t i = 0; i < COUNT(crimes); i++) {
        ARENA_SCOPE(a);
        struct transaction *t;
        struct verification v;
        (void)verified(f, a);
        assert_ok(transaction_begin(f->db, a, &t));
        assert_ok(db_script(t, arena_print(a, BY_PROGRAM("test") "%s", crimes[i])));
        if (!space_verify(transaction_connection(t), a, &v))
            fail_msg("%s", crimes[i]);
    }
}

static int tear_down_clock(void **state)
{
    clock_hold(0);
    year++;
    return tear_down(state);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down_clock)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_record_is_what_it_was_with_and_without_months),
        TEST(a_month_is_made_once_it_is_over),
        TEST(a_transaction_is_on_one_side_of_an_instant),
        TEST(forgetting_erases_the_states_too),
        TEST(a_state_that_is_not_the_replay_is_found),
        TEST(any_history_is_the_same_with_and_without_months),
        TEST(readings_have_their_own_chain),
        TEST(old_readings_become_lines_of_a_day_and_go),
        TEST(a_fold_that_was_changed_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
