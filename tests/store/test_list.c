/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Every type, filter and order of the composed statements, against the same question answered in plain C. */
#include "test.h"

#include "store/space_fixture.h"
#include "text/fold.h"

enum { ROWS = 24, OPERATORS = OPERATOR_ANY_OF + 1 };

/* What is stored of one type, kept in memory. */
struct table {
    const struct record_type *type;
    char *records;
};

static const void *row_at(const struct table *t, int i)
{
    return t->records + (size_t)i * t->type->size;
}

static int populate(void **state)
{
    (void)set_up(state);
    struct fixture *f = *state;
    for (int round = 0; round < 3; round++)
        for (int i = 0; i < record_type_count; i++) {
            ARENA_SCOPE(a);
            struct transaction *t;
            assert_ok(transaction_begin(f->db, a, &t));
            for (int k = 0; k < ROWS / 3; k++)
                (void)stored(f, a, t, i);
            assert_ok(transaction_commit(t));
        }
    return 0;
}

static struct table table_of(struct connection *c, struct arena *a, const struct record_type *type)
{
    struct table t = {.type = type};
    struct list_query all = {.type = type};
    size_t count;
    assert_ok(rows_list(c, a, &all, &all_seeing, (void **)&t.records, &count, NULL));
    assert_int_equal(count, ROWS);
    return t;
}

static bool is_text(const struct field *f)
{
    return f->kind == KIND_text || f->kind == KIND_longtext || f->kind == KIND_choice;
}

static bool fits(const struct field *f, enum comparison o)
{
    switch (o) {
    case OPERATOR_CONTAINS:
        return is_text(f);
    case OPERATOR_AT_LEAST:
    case OPERATOR_AT_MOST:
        return f->kind != KIND_terms;
    case OPERATOR_HAS_TERM:
        return f->kind == KIND_terms;
    case OPERATOR_ANY_OF:
        return f->kind == KIND_terms || f->kind == KIND_ref;
    case OPERATOR_EQUAL:
    case OPERATOR_KNOWN:
    case OPERATOR_UNKNOWN:
        return true;
    }
    return false;
}

/* A filter whose value comes out of a stored record, so that it finds something. */
static struct filter filter_from(struct arena *a, const struct field *f, enum comparison o,
                                 const void *record)
{
    struct filter by = {.field = f, .comparison = o, .text = "x", .integer = 1};
    const void *at = field_in(f, record);
    if (!field_known(f, record))
        return by;
    if (is_text(f)) {
        const char *text = *(const char *const *)at;
        by.text = o == OPERATOR_CONTAINS ? arena_print(a, "%s", text + strlen(text) / 2) : text;
    } else if (f->kind == KIND_real) {
        by.real = *(const double *)at;
    } else if (f->kind == KIND_flag) {
        by.integer = *(const enum flag *)at;
    } else if (f->kind == KIND_terms) {
        by.any = ((const struct term_list *)at)->ids;
        by.any_count = ((const struct term_list *)at)->count;
        by.integer = by.any[0];
    } else if (f->kind == KIND_interval) {
        const struct interval *i = at;
        by.integer = known_integer(i->lo) ? i->lo : i->hi;
    } else {
        by.any = at;
        by.any_count = 1;
        by.integer = *(const int64_t *)at;
    }
    return by;
}

static bool ordered(enum comparison o, int comparison)
{
    return o == OPERATOR_EQUAL ? comparison == 0 : o == OPERATOR_AT_LEAST ? comparison >= 0 : comparison <= 0;
}

static bool reaches(const struct interval *i, int64_t value, enum comparison o)
{
    bool up = !known_integer(i->hi) || i->hi >= value, down = !known_integer(i->lo) || i->lo <= value;
    return o == OPERATOR_EQUAL ? up && down : o == OPERATOR_AT_LEAST ? up : down;
}

static bool has_term(const struct term_list *list, const struct filter *by)
{
    for (size_t i = 0; i < list->count; i++) {
        if (by->comparison != OPERATOR_ANY_OF && list->ids[i] == by->integer)
            return true;
        for (size_t k = 0; by->comparison == OPERATOR_ANY_OF && k < by->any_count; k++)
            if (list->ids[i] == by->any[k])
                return true;
    }
    return false;
}

static bool matches(struct arena *a, const struct filter *by, const void *record)
{
    const struct field *f = by->field;
    const void *at = field_in(f, record);
    bool known = field_known(f, record);
    if (by->comparison == OPERATOR_KNOWN || by->comparison == OPERATOR_UNKNOWN)
        return known == (by->comparison == OPERATOR_KNOWN);
    if (!known)
        return false;
    if (f->kind == KIND_terms)
        return has_term(at, by);
    if (f->kind == KIND_interval)
        return reaches(at, by->integer, by->comparison);
    if (is_text(f) && by->comparison == OPERATOR_CONTAINS)
        return strstr(fold_text(a, *(const char *const *)at), fold_text(a, by->text)) != NULL;
    if (is_text(f))
        return ordered(by->comparison, strcmp(*(const char *const *)at, by->text));
    if (f->kind == KIND_real) {
        double x = *(const double *)at;
        return ordered(by->comparison, (x > by->real) - (x < by->real));
    }
    int64_t x = f->kind == KIND_flag ? *(const enum flag *)at : *(const int64_t *)at;
    if (by->comparison == OPERATOR_ANY_OF)
        return by->any_count && x == by->any[0];
    return ordered(by->comparison, (x > by->integer) - (x < by->integer));
}

static void check_filter(struct connection *c, struct arena *a, const struct table *t,
                         const struct filter *by)
{
    struct list_query query = {.type = t->type, .filters = by, .filter_count = 1};
    void *found;
    size_t count, expected = 0;
    int64_t total;
    for (int i = 0; i < ROWS; i++)
        expected += matches(a, by, row_at(t, i));
    assert_ok(rows_list(c, a, &query, &all_seeing, &found, &count, &total));
    for (size_t i = 0; i < count; i++)
        if (!matches(a, by, (char *)found + i * t->type->size))
            fail_msg("%s.%s operator %d finds what it should not", t->type->name, by->field->name,
                     (int)by->comparison);
    if (count != expected)
        fail_msg("%s.%s operator %d finds %zu of %zu", t->type->name, by->field->name, (int)by->comparison,
                 count, expected);
    assert_int_equal(total, expected);
}

static void every_filter_finds_what_a_plain_loop_finds(void **state)
{
    struct fixture *f = *state;
    for (int i = 0; i < record_type_count; i++) {
        ARENA_SCOPE(work);
        struct connection *c;
        assert_ok(read_begin(f->db, work, &c));
        struct table t = table_of(c, work, all_record_types[i]);
        for (int k = 0; k < t.type->count; k++)
            for (int o = 0; o < OPERATORS; o++)
                for (int sample = 0; sample < 4; sample++) {
                    ARENA_SCOPE(a);
                    const void *from = row_at(&t, (int)random_below(&f->random, ROWS));
                    struct filter by = filter_from(a, &t.type->fields[k], (enum comparison)o, from);
                    if (fits(by.field, by.comparison))
                        check_filter(c, a, &t, &by);
                    else {
                        struct list_query query = {.type = t.type, .filters = &by, .filter_count = 1};
                        void *found;
                        size_t count;
                        assert_fault(rows_list(c, a, &query, &all_seeing, &found, &count, NULL), FAULT_BUG);
                    }
                }
    }
}

/* What a row is sorted by: a text or a number. */
struct key {
    bool known;
    const char *text;
    double number;
};

static struct key term_key(struct arena *a, struct connection *c, const struct term_list *list)
{
    struct key least = {0};
    for (size_t i = 0; i < list->count; i++) {
        struct term term;
        assert_ok(rows_load(c, a, &term_type, list->ids[i], &all_seeing, &term));
        const char *folded = fold_text(a, term.label);
        if (!least.known || strcmp(folded, least.text) < 0)
            least = (struct key){.known = true, .text = folded};
    }
    return least;
}

static struct key ref_key(struct arena *a, struct connection *c, const struct record_type *to, int64_t id)
{
    const char **names;
    assert_ok(rows_names(c, a, to, &id, 1, &all_seeing, &names));
    return names[0] ? (struct key){.known = true, .text = fold_text(a, names[0])} : (struct key){0};
}

static struct key key_of(struct arena *a, struct connection *c, const struct field *f, const void *record)
{
    const void *at = field_in(f, record);
    const struct interval *i = at;
    struct key k = {.known = true};
    int rank = 0;
    if (!field_known(f, record))
        return (struct key){0};
    switch (f->kind) {
    case KIND_text:
    case KIND_longtext:
        k.text = fold_text(a, *(const char *const *)at);
        break;
    case KIND_choice:
        while (strcmp(f->choices[rank].code, *(const char *const *)at) != 0)
            rank++;
        k.number = rank;
        break;
    case KIND_ref:
        return ref_key(a, c, record_type_find(f->to), *(const int64_t *)at);
    case KIND_terms:
        return term_key(a, c, at);
    case KIND_interval:
        k.number = (double)(known_integer(i->lo) ? i->lo : i->hi);
        break;
    case KIND_real:
        k.number = *(const double *)at;
        break;
    case KIND_flag:
        k.number = *(const enum flag *)at;
        break;
    case KIND_integer:
    case KIND_measure:
    case KIND_date:
        k.number = (double)*(const int64_t *)at;
        break;
    }
    return k;
}

static int compare_keys(struct key x, struct key y)
{
    return x.text ? strcmp(x.text, y.text) : (x.number > y.number) - (x.number < y.number);
}

static void check_order(struct connection *c, struct arena *a, const struct record_type *type,
                        const struct field *f, bool descending)
{
    struct list_query query = {.type = type, .sort = f, .descending = descending};
    char *rows;
    size_t count;
    assert_ok(rows_list(c, a, &query, &all_seeing, (void **)&rows, &count, NULL));
    assert_int_equal(count, ROWS);
    struct key before = key_of(a, c, f, rows);
    for (size_t i = 1; i < count; i++) {
        struct key now = key_of(a, c, f, rows + i * type->size);
        int order = !before.known ? (now.known ? 1 : 0)
                    : !now.known  ? -1
                                  : compare_keys(before, now) * (descending ? -1 : 1);
        int64_t step = id_of(rows + i * type->size) - id_of(rows + (i - 1) * type->size);
        if (order > 0 || (order == 0 && (descending ? step > 0 : step < 0)))
            fail_msg("%s by %s%s: row %zu is out of order", type->name, descending ? "-" : "", f->name, i);
        before = now;
    }
}

static void every_order_is_the_one_asked_unknown_last(void **state)
{
    struct fixture *f = *state;
    for (int i = 0; i < record_type_count; i++)
        for (int k = 0; k < all_record_types[i]->count; k++)
            for (int way = 0; way < 2; way++) {
                ARENA_SCOPE(a);
                struct connection *c;
                assert_ok(read_begin(f->db, a, &c));
                check_order(c, a, all_record_types[i], &all_record_types[i]->fields[k], way);
            }
}

/* Each combination is prepared, more than a connection keeps at once. */
static void every_type_sort_and_filter_can_be_prepared(void **state)
{
    struct fixture *f = *state;
    const int64_t mine[] = {1};
    const struct sight member = {.signed_in = true, .role = ROLE_MEMBER, .organisations = mine, .count = 1};
    for (int i = 0; i < record_type_count; i++) {
        ARENA_SCOPE(work);
        struct connection *c;
        const struct record_type *t = all_record_types[i];
        assert_ok(read_begin(f->db, work, &c));
        for (int sort = 0; sort < t->count; sort++)
            for (int k = 0; k < t->count; k++) {
                ARENA_SCOPE(a);
                const struct field *by_field = &t->fields[k];
                enum comparison o = by_field->kind == KIND_terms ? OPERATOR_HAS_TERM : OPERATOR_AT_LEAST;
                struct filter by = {.field = by_field, .comparison = o, .text = "m"};
                struct list_query query = {
                    .type = t, .filters = &by, .filter_count = 1, .sort = &t->fields[sort]};
                void *rows;
                size_t count;
                int64_t total;
                assert_ok(rows_list(c, a, &query, &member, &rows, &count, &total));
            }
    }
}

static void pages_follow_each_other_without_gap_or_repeat(void **state)
{
    struct fixture *f = *state;
    ARENA_SCOPE(a);
    struct connection *c;
    assert_ok(read_begin(f->db, a, &c));
    struct table t = table_of(c, a, &site_type);
    for (int64_t from = 0; from < ROWS; from += 5) {
        struct list_query query = {.type = &site_type, .offset = from, .limit = 5};
        void *page;
        size_t count;
        int64_t total;
        assert_ok(rows_list(c, a, &query, &all_seeing, &page, &count, &total));
        assert_int_equal(total, ROWS);
        for (size_t i = 0; i < count; i++)
            assert_int_equal(id_of((char *)page + i * site_type.size), id_of(row_at(&t, (int)from + (int)i)));
    }
    struct list_query past = {.type = &site_type, .offset = 100};
    void *page;
    size_t count;
    int64_t total;
    assert_ok(rows_list(c, a, &past, &all_seeing, &page, &count, &total));
    assert_int_equal(count, 0);
    assert_int_equal(total, ROWS);
}

static void only_the_records_asked_for_are_listed(void **state)
{
    struct fixture *f = *state;
    ARENA_SCOPE(a);
    struct connection *c;
    assert_ok(read_begin(f->db, a, &c));
    struct table t = table_of(c, a, &need_type);
    const int64_t ids[] = {id_of(row_at(&t, 3)), 99, id_of(row_at(&t, 1))};
    struct list_query query = {.type = &need_type, .ids = ids, .id_count = 3};
    struct need *found;
    size_t count;
    assert_ok(rows_list(c, a, &query, &all_seeing, (void **)&found, &count, NULL));
    assert_int_equal(count, 2);
    assert_int_equal(found[0].id, ids[2]);
    query.id_count = 0;
    assert_ok(rows_list(c, a, &query, &all_seeing, (void **)&found, &count, NULL));
    assert_int_equal(count, 0);
}

static void too_many_filters_are_refused(void **state)
{
    struct fixture *f = *state;
    ARENA_SCOPE(a);
    struct connection *c;
    struct filter many[200];
    for (size_t i = 0; i < COUNT(many); i++)
        many[i] = (struct filter){
            .field = field_find(&site_type, "commune"), .comparison = OPERATOR_CONTAINS, .text = "a"};
    struct list_query query = {.type = &site_type, .filters = many, .filter_count = COUNT(many)};
    void *rows;
    size_t count;
    assert_ok(read_begin(f->db, a, &c));
    assert_fault(rows_list(c, a, &query, &all_seeing, &rows, &count, NULL), FAULT_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_filter_finds_what_a_plain_loop_finds),
        cmocka_unit_test(every_order_is_the_one_asked_unknown_last),
        cmocka_unit_test(every_type_sort_and_filter_can_be_prepared),
        cmocka_unit_test(pages_follow_each_other_without_gap_or_repeat),
        cmocka_unit_test(only_the_records_asked_for_are_listed),
        cmocka_unit_test(too_many_filters_are_refused),
    };
    return cmocka_run_group_tests(tests, populate, tear_down);
}
