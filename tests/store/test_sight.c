/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Who sees which row: every type, level, owner's level and asker, against the rule written again in plain
 * C. */
#include "test.h"

#include "store/space_fixture.h"

enum { LEVELS = 6, MOST = 64 };

static const enum visibility levels[LEVELS] = {VISIBILITY_PUBLIC,       VISIBILITY_SPACE,
                                               VISIBILITY_NONCOMPETING, VISIBILITY_GRAPPE,
                                               VISIBILITY_CONFIDENTIAL, VISIBILITY_PRIVATE};

/* One stored record, with what the rule depends on. */
struct row {
    int64_t id, owner; /* owner 0: the space */
    enum visibility level, owner_level;
    int64_t reader;                   /* the person it is for; 0: for more than one */
    const struct record_type *within; /* it hangs on a record of this type; NULL: on none */
    int64_t hangs_on;
    bool off; /* taken off it: hidden but from its own, and from who looks after what it hangs on */
};

struct world {
    struct row rows[MOST];
    int count;
    int64_t organisations[LEVELS]; /* one of each level */
};

static bool competes(const struct sight *s, int64_t owner)
{
    bool found = false;
    for (size_t i = 0; i < s->competitor_count; i++)
        found |= s->competitors[i] == owner;
    return found;
}

static bool level_open(enum visibility level, int64_t owner, bool own, const struct sight *s)
{
    switch (level) {
    case VISIBILITY_PUBLIC:
        return true;
    case VISIBILITY_SPACE:
        return s->signed_in;
    case VISIBILITY_NONCOMPETING:
        return s->facilitator || own || (owner && s->count && !competes(s, owner));
    case VISIBILITY_GRAPPE:
    case VISIBILITY_CONFIDENTIAL:
        return s->facilitator || own;
    case VISIBILITY_PRIVATE:
        return own;
    case VISIBILITY_INHERIT:
        break;
    }
    return false;
}

static int64_t owner_of(const struct record_type *t, const void *record)
{
    if (!t->owner || strcmp(t->owner, "id") == 0)
        return t->owner ? id_of(record) : 0;
    return *(const int64_t *)field_in(field_find(t, t->owner), record);
}

/* What it hangs on is seen, and it was not taken off. Types it may hang on were judged before it. */
static bool seen_there(struct connection *c, struct arena *a, const struct row *r, const struct sight *s)
{
    void *on = record_new(a, r->within);
    if (rows_load(c, a, r->within, r->hangs_on, s, on))
        return false;
    bool looks_after = s->facilitator;
    for (size_t i = 0; i < s->count; i++)
        looks_after |= s->organisations[i] == owner_of(r->within, on);
    return !r->off || looks_after;
}

static bool may_see(struct connection *c, const struct record_type *t, const struct row *r,
                    const struct sight *s)
{
    bool own = false;
    ARENA_SCOPE(a);
    if (s->program)
        return true;
    for (size_t i = 0; i < s->count; i++)
        own |= r->owner && s->organisations[i] == r->owner;
    if (r->within && !own && !seen_there(c, a, r, s))
        return false;
    bool reader = (t->readers & s->role) || (t->readers & ROLE_VISITOR);
    if (r->reader)
        return reader && s->person == r->reader;
    if (!reader || !level_open(r->level, r->owner, own, s))
        return false;
    return !r->owner ||
           level_open(r->owner_level, r->owner, own, s); /* everybody may read organisations as such */
}

static const struct sight askers[] = {
    {.program = "test"},
    {.role = ROLE_VISITOR},
    {.signed_in = true, .role = ROLE_MEMBER},
    {.signed_in = true, .role = ROLE_MEMBER | ROLE_VISITOR},
    {.signed_in = true, .role = ROLE_FUNDER},
    {.signed_in = true, .role = ROLE_PLANNER},
    {.signed_in = true, .role = ROLE_OPERATOR},
    {.role = ROLE_RESPONDENT},
    {.signed_in = true, .facilitator = true, .role = ROLE_FACILITATOR},
};

static void add_row(struct fixture *f, struct arena *a, struct world *w, const struct record_type *t,
                    int owner, enum visibility level)
{
    void *record = record_new(a, t);
    ARENA_SCOPE(work);
    struct transaction *tx;
    random_record(a, &f->random, t, record, pick_stored, f);
    bool is_organisation = t->owner && strcmp(t->owner, "id") == 0;
    if (t->visibility_field)
        *(const char **)field_at(field_find(t, t->visibility_field), record) = visibility_code(level);
    if (t->owner && !is_organisation)
        *(int64_t *)field_at(field_find(t, t->owner), record) = w->organisations[owner];
    assert_ok(transaction_begin(f->db, work, &tx));
    assert_ok(rows_insert(tx, t, record, 1));
    assert_ok(transaction_commit(tx));
    int64_t owned_by = is_organisation ? id_of(record) : t->owner ? w->organisations[owner] : 0;
    const struct field *hangs = record_hangs_by(t, record);
    w->rows[w->count++] =
        (struct row){.id = id_of(record),
                     .owner = owned_by,
                     .level = level,
                     .owner_level = is_organisation ? level : levels[owner],
                     .reader = t->reader ? *(const int64_t *)field_in(field_find(t, t->reader), record) : 0,
                     .within = hangs ? record_type_find(hangs->to) : NULL,
                     .hangs_on = hangs ? *(const int64_t *)field_in(hangs, record) : 0,
                     .off = record_taken_off(t, record)};
}

/* Rows of a type, in every combination of its own level and its owner's. */
static void populate(struct fixture *f, struct arena *a, struct world *w, const struct record_type *t)
{
    bool owned = t->owner && strcmp(t->owner, "id") != 0;
    w->count = 0;
    for (int owner = 0; owner < (owned ? LEVELS : 1); owner++)
        for (int l = 0; l < (t->visibility_field ? LEVELS : 1); l++)
            add_row(f, a, w, t, owner, t->visibility_field ? levels[l] : t->visibility);
}

static void check_asker(struct connection *c, const struct world *w, const struct record_type *t,
                        const struct sight *s)
{
    ARENA_SCOPE(a);
    int64_t ids[MOST], total, expected = 0;
    for (int i = 0; i < w->count; i++)
        ids[i] = w->rows[i].id;
    void *records, *one = record_new(a, t);
    const char **names;
    size_t count;
    struct list_query query = {.type = t, .ids = ids, .id_count = (size_t)w->count};
    assert_ok(rows_list(c, a, &query, s, &records, &count, &total));
    assert_ok(rows_names(c, a, t, ids, (size_t)w->count, s, &names));
    for (int i = 0; i < w->count; i++) {
        bool may = may_see(c, t, &w->rows[i], s), listed = false;
        for (size_t k = 0; k < count; k++)
            listed |= id_of((char *)records + k * t->size) == ids[i];
        struct fault *hidden = rows_load(c, a, t, ids[i], s, one);
        if (listed != may || !hidden != may)
            fail_msg("%s of level %s, owner %s: role %d, listed %d, loaded %d", t->name,
                     visibility_code(w->rows[i].level), visibility_code(w->rows[i].owner_level), s->role,
                     listed, !hidden);
        assert_true(may || !names[i]);
        expected += may;
    }
    assert_int_equal(total, expected);
    query.limit = 1; /* the count is asked for, not derived */
    assert_ok(rows_list(c, a, &query, s, &records, &count, &total));
    assert_int_equal(total, expected);
}

static void every_asker_sees_what_the_rule_says(void **state)
{
    struct fixture *f = *state;
    struct world w = {0};
    for (int i = 0; i < LEVELS; i++) {
        struct organisation o = named_organisation("Propriétaire");
        o.visibility = visibility_code(levels[i]);
        insert_now(f, &organisation_type, &o);
        w.organisations[i] = o.id;
    }
    for (int i = 0; i < record_type_count; i++) {
        ARENA_SCOPE(a);
        struct connection *c;
        const struct record_type *t = all_record_types[i];
        struct transaction *tx;
        assert_ok(transaction_begin(f->db, a, &tx));
        (void)stored(f, a, tx, i); /* something to refer to */
        assert_ok(transaction_commit(tx));
        populate(f, a, &w, t);
        assert_ok(read_begin(f->db, a, &c));
        for (size_t k = 0; k < COUNT(askers); k++) {
            struct sight s = askers[k];
            check_asker(c, &w, t, &s);
            for (int mine = 0; mine < LEVELS && s.signed_in; mine++) {
                s.organisations =
                    strcmp(t->name, "organisation") == 0 ? &w.rows[mine].id : &w.organisations[mine];
                s.count = 1;
                check_asker(c, &w, t, &s);
                s.competitors = strcmp(t->name, "organisation") == 0 ? &w.rows[(mine + 1) % LEVELS].id
                                                                     : &w.organisations[(mine + 1) % LEVELS];
                s.competitor_count = !s.facilitator; /* who is told everything has none */
                check_asker(c, &w, t, &s);
                s.competitor_count = 0;
            }
            if (s.signed_in) {
                s.organisations = w.organisations;
                s.count = LEVELS;
                check_asker(c, &w, t, &s);
                s.person = w.rows[0].reader;
                check_asker(c, &w, t, &s);
            }
        }
    }
}

/* Sorting by a reference must not tell where a hidden name stands in the alphabet. */
static void a_hidden_name_does_not_order_the_list(void **state)
{
    struct fixture *f = *state;
    ARENA_SCOPE(a);
    struct connection *c;
    struct organisation first = named_organisation("Aaa"), secret = named_organisation("Zzz");
    secret.visibility = "private";
    insert_now(f, &organisation_type, &first);
    insert_now(f, &organisation_type, &secret);
    struct organisation children[3] = {named_organisation("1"), named_organisation("2"),
                                       named_organisation("3")};
    children[0].parent = secret.id;
    children[1].parent = first.id;
    for (int i = 0; i < 3; i++)
        insert_now(f, &organisation_type, &children[i]);
    const int64_t ids[] = {children[0].id, children[1].id, children[2].id};
    struct list_query query = {.type = &organisation_type,
                               .sort = field_find(&organisation_type, "parent"),
                               .descending = true,
                               .ids = ids,
                               .id_count = 3};
    const struct sight member = {.signed_in = true, .role = ROLE_MEMBER};
    struct organisation *rows;
    size_t count;
    assert_ok(read_begin(f->db, a, &c));
    assert_ok(rows_list(c, a, &query, &all_seeing, (void **)&rows, &count, NULL));
    assert_string_equal(rows[0].name, "1");
    assert_ok(rows_list(c, a, &query, &member, (void **)&rows, &count, NULL));
    assert_string_equal(rows[0].name, "2"); /* the hidden one counts as unknown, and unknown comes last */
}

static void an_unknown_level_is_private(void **state)
{
    struct fixture *f = *state;
    ARENA_SCOPE(a);
    struct connection *c;
    struct transaction *t;
    struct organisation o = named_organisation("Un"), back;
    insert_now(f, &organisation_type, &o);
    assert_ok(transaction_begin(f->db, a, &t));
    assert_ok(db_change(t, NULL,
                        BY_PROGRAM("test") "UPDATE organisation SET visibility = 'future' WHERE id = $1",
                        ARGS(ARG(o.id))));
    assert_ok(transaction_commit(t));
    const struct sight facilitator = {.signed_in = true, .facilitator = true, .role = ROLE_FACILITATOR};
    const struct sight owner = {.signed_in = true, .role = ROLE_MEMBER, .organisations = &o.id, .count = 1};
    assert_ok(read_begin(f->db, a, &c));
    assert_fault(rows_load(c, a, &organisation_type, o.id, &facilitator, &back), FAULT_NOT_FOUND);
    assert_ok(rows_load(c, a, &organisation_type, o.id, &owner, &back));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_asker_sees_what_the_rule_says, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_hidden_name_does_not_order_the_list, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_unknown_level_is_private, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
