/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The pure rules of who sees what, against what the store lets through for the same door, on every type,
 * level of record, of field and of owner, and everybody who may look. */
#include <string.h>

#include "door/internal.h"
#include "scenario/world.h"
#include "test.h"

static int set_up(void **state)
{
    *state = world_new();
    return 0;
}

static int tear_down(void **state)
{
    world_end(*state);
    return 0;
}

static bool visible_by_rule(const struct world *w, const struct thing *t, const struct viewer *v);

static bool hangs_in_sight(const struct world *w, const struct thing *t, const struct viewer *v)
{
    const struct thing *on = t->hangs_on ? world_thing(w, t->hangs_on) : NULL;
    if (!on || viewer_acts_for(v, record_owner(t->type, t->record)))
        return true;
    return visible_by_rule(w, on, v) &&
           (!record_taken_off(t->type, t->record) || record_looked_after(on->type, on->record, v));
}

/* The rule speaks of one record; that its owner and what it hangs on must be visible too is the store's to
 * know. */
static bool visible_by_rule(const struct world *w, const struct thing *t, const struct viewer *v)
{
    const struct thing *owner =
        record_owner(t->type, t->record) ? world_thing(w, record_owner(t->type, t->record)) : NULL;
    return record_visible(t->type, t->record, v) && hangs_in_sight(w, t, v) &&
           (!owner || owner == t || record_visible(owner->type, owner->record, v));
}

static void the_store_lets_through_what_the_rules_say(void **state)
{
    struct world *w = *state;
    int seen = 0, hidden = 0;
    for (int i = 0; i < WHO_COUNT; i++) {
        ARENA_SCOPE(a);
        struct door *d = NULL;
        assert_ok(door_open(world_space(w, "whole"), a, w->who[i].person, &d));
        struct sight sight = door_sight(d);
        for (size_t k = 0; k < w->count; k++) {
            ARENA_SCOPE(one);
            const struct thing *t = &w->things[k];
            struct fault *refused =
                rows_load(door_connection(d), one, t->type, t->id, &sight, record_new(one, t->type));
            bool rule = visible_by_rule(w, t, door_viewer(d));
            if (refused)
                assert_int_equal(refused->code, FAULT_NOT_FOUND);
            if (rule != !refused || rule != may_see_record(w, &w->who[i], t))
                fail_msg("%s, %s of level %d: rule %d, store %d", w->who[i].name, t->type->name,
                         (int)t->level, rule, !refused);
            seen += rule;
            hidden += !rule;
        }
    }
    assert_true(seen > 500 && hidden > 500);
}

static void lists_hold_what_the_rules_say(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < WHO_COUNT; i++)
        for (int k = 0; k < record_type_count; k++) {
            ARENA_SCOPE(a);
            struct door *d = NULL;
            struct list_page page;
            struct list_request asked = {.type = all_record_types[k], .per_page = LIMIT_EXPORT_ROWS};
            int64_t expected = 0;
            assert_ok(door_open(world_space(w, "whole"), a, w->who[i].person, &d));
            assert_ok(door_list(d, &asked, &page));
            for (size_t n = 0; n < w->count; n++)
                expected +=
                    w->things[n].type == asked.type && visible_by_rule(w, &w->things[n], door_viewer(d));
            assert_int_equal(page.total, expected);
            assert_int_equal(page.count, expected);
        }
}

/* A field is never wider than its record, and can be listed only when it is seen on every record of the
 * list. */
static void fields_follow_their_own_level(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < WHO_COUNT; i++) {
        ARENA_SCOPE(a);
        struct door *d = NULL;
        assert_ok(door_open(world_space(w, "whole"), a, w->who[i].person, &d));
        for (size_t k = 0; k < w->count; k++)
            for (int f = 0; f < w->things[k].type->count; f++) {
                const struct thing *t = &w->things[k];
                const struct field *field = &t->type->fields[f];
                bool rule = visible_by_rule(w, t, door_viewer(d)) &&
                            field_visible(t->type, field, t->record, door_viewer(d));
                assert_int_equal(rule, may_see_field(w, &w->who[i], t, field));
                if (field_listable(field, door_viewer(d)) && visible_by_rule(w, t, door_viewer(d)))
                    assert_true(rule);
            }
    }
}

static void writing_needs_seeing_and_a_right(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < WHO_COUNT; i++) {
        ARENA_SCOPE(a);
        struct door *d = NULL;
        assert_ok(door_open(world_space(w, "whole"), a, w->who[i].person, &d));
        for (size_t k = 0; k < w->count; k++) {
            const struct thing *t = &w->things[k];
            bool rule = visible_by_rule(w, t, door_viewer(d)) &&
                        record_writable(t->type, t->record, door_viewer(d));
            assert_int_equal(rule, may_write_record(w, &w->who[i], t));
            if (rule && t->type != &organisation_type)
                assert_true(type_creatable(t->type, door_viewer(d)));
        }
    }
}

/* Written out: who × level, where an own organisation stands and where another one, or none, does. */
static void levels_open_to_whom_they_say(void **state)
{
    (void)state;
    static const int64_t own[] = {7}, rivals[] = {8};
    static const struct viewer viewers[] = {
        {.roles = ROLE_VISITOR},
        {.person = 1, .roles = ROLE_VISITOR | ROLE_MEMBER, .organisations = own, .count = 1},
        {.person = 2, .roles = ROLE_VISITOR | ROLE_FUNDER},
        {.person = 3, .roles = ROLE_VISITOR | ROLE_FACILITATOR},
        {.person = 4, .roles = ROLE_VISITOR | ROLE_FACILITATOR, .organisations = own, .count = 1},
        {.program = true, .roles = ROLES_ANYONE},
        {.person = 5,
         .roles = ROLE_VISITOR | ROLE_MEMBER,
         .organisations = own,
         .count = 1,
         .competitors = rivals,
         .competitor_count = 1}};
    /* inherit public space noncompeting grappe confidential private; of organisation 7, 8, 9, and of nobody */
    static const char *const expected[COUNT(viewers)][4] = {
        {".x.....", ".x.....", ".x.....", ".x....."}, {".xxxxxx", ".xxx...", ".xxx...", ".xx...."},
        {".xx....", ".xx....", ".xx....", ".xx...."}, {".xxxxx.", ".xxxxx.", ".xxxxx.", ".xxxxx."},
        {".xxxxxx", ".xxxxx.", ".xxxxx.", ".xxxxx."}, {"xxxxxxx", "xxxxxxx", "xxxxxxx", "xxxxxxx"},
        {".xxxxxx", ".xx....", ".xxx...", ".xx...."}};
    static const int64_t owners[] = {7, 8, 9, 0};
    for (size_t v = 0; v < COUNT(viewers); v++)
        for (size_t o = 0; o < COUNT(owners); o++)
            for (int level = VISIBILITY_INHERIT; level <= VISIBILITY_PRIVATE; level++)
                if (level_visible(&viewers[v], (enum visibility)level, owners[o]) !=
                    (expected[v][o][level] == 'x'))
                    fail_msg("viewer %zu, level %d, owner %lld", v, level, (long long)owners[o]);
    assert_false(viewer_acts_for(&viewers[1], 0));
    assert_int_equal(visibility_of_code("anything"), VISIBILITY_PRIVATE);
    assert_int_equal(visibility_of_code(NULL), VISIBILITY_PRIVATE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(levels_open_to_whom_they_say),
        cmocka_unit_test(the_store_lets_through_what_the_rules_say),
        cmocka_unit_test(lists_hold_what_the_rules_say),
        cmocka_unit_test(fields_follow_their_own_level),
        cmocka_unit_test(writing_needs_seeing_and_a_right),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
