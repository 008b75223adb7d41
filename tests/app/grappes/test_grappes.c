/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Who takes part in a grappe on a day, and what introductions came of those who do. */
#include "app/introductions/cast.h"
#include "grappes/grappes.h"

static int64_t add_grappe(struct scene *s, const char *name)
{
    struct grappe g;
    record_clear(&grappe_type, &g);
    g.name = name;
    assert_ok(door_save(scene_program(s), grappe, &g, ALL_FIELDS));
    return g.id;
}

static void take_part(struct scene *s, int64_t grappe, int64_t organisation, int64_t since, int64_t until)
{
    struct grappe_membership m;
    record_clear(&grappe_membership_type, &m);
    m.grappe = grappe;
    m.organisation = organisation;
    m.since = since;
    m.until = until;
    assert_ok(door_save(scene_program(s), grappe_membership, &m, ALL_FIELDS));
}

static void a_grappe_has_who_takes_part_on_the_day_once_and_by_name(void **state)
{
    struct scene *s = *state;
    int64_t cases = add_grappe(s, "Boîtiers"), dials = add_grappe(s, "Cadrans"), day = today();
    int64_t zoe = scene_organisation(s, "Zoé", "space"), eclat = scene_organisation(s, "Éclat", "space");
    int64_t hidden = scene_organisation(s, "Cachée", "private");
    int64_t member = scene_person(s, "Anne", "member", zoe);
    struct grappe_line *lines = NULL;
    size_t count = 0;
    take_part(s, cases, zoe, day - 9, UNKNOWN_INTEGER);
    take_part(s, cases, zoe, day - 5, UNKNOWN_INTEGER);
    take_part(s, cases, eclat, day, day);
    take_part(s, cases, hidden, day, UNKNOWN_INTEGER);
    take_part(s, dials, eclat, day + 1, UNKNOWN_INTEGER);
    assert_ok(grappes_on(scene_door(s, member), day, &lines, &count));
    assert_int_equal(count, 2);
    assert_string_equal(lines[0].grappe->name, "Boîtiers");
    assert_int_equal(lines[0].count, 2); /* who is hidden from the reader is not counted */
    assert_string_equal(lines[0].parts[0].name, "Éclat");
    assert_string_equal(lines[0].parts[1].name, "Zoé");
    assert_int_equal(lines[1].count, 0);
    assert_ok(grappes_on(scene_door(s, member), day + 1, &lines, &count));
    assert_int_equal(lines[0].count, 1);
    assert_int_equal(lines[1].count, 1);
}

static struct deal_funnel funnel_of(struct cast *c, int64_t person)
{
    struct deal_funnel f;
    assert_ok(deal_funnel(scene_door(c->scene, person), &f));
    return f;
}

static void introductions_count_for_the_grappes_of_who_was_asked(void **state)
{
    struct cast c = cast_of(state);
    int64_t cases = add_grappe(c.scene, "Boîtiers"), dials = add_grappe(c.scene, "Cadrans"), day = today();
    for (int k = 0; k < 3; k++)
        take_part(c.scene, cases, c.firms[k], day - 9, k == 2 ? day - 1 : UNKNOWN_INTEGER);
    take_part(c.scene, dials, c.firms[0], day, UNKNOWN_INTEGER);
    assert_ok(answer(&c, 0, propose(&c, c.buyer, 0), "accept", NULL));
    (void)propose(&c, c.facilitator, 1);
    (void)propose(&c, c.buyer, 2); /* it had left */

    struct deal_funnel f = funnel_of(&c, c.facilitator);
    assert_int_equal(f.grappe_count, 2);
    assert_string_equal(f.grappes[0].label, "Boîtiers");
    assert_int_equal(f.grappes[0].came_to[INTRODUCTION_PROPOSED], 2);
    assert_int_equal(f.grappes[0].came_to[INTRODUCTION_ACCEPTED], 1);
    assert_int_equal(f.grappes[1].came_to[INTRODUCTION_PROPOSED], 1);

    f = funnel_of(&c,
                  c.buyer); /* whom the facilitators asked, and so its grappe, is not the buyer's to know */
    assert_int_equal(f.grappes[0].came_to[INTRODUCTION_PROPOSED], 1);
    assert_int_equal(funnel_of(&c, c.heads[0]).grappe_count, 0);
}

/* Its place and what spoke for it, which the introduction does not tell who asks. */
static void what_facilitators_ask_is_ranked_for_them(void **state)
{
    enum { RANKED_SECOND = 4 };
    struct cast c = cast_of(state);
    (void)propose(&c, c.facilitator, 1);
    struct deal_funnel f = funnel_of(&c, c.facilitator);
    assert_string_equal(f.lines[RANKED_SECOND].label, "Ranked second or third");
    assert_int_equal(f.lines[RANKED_SECOND].came_to[INTRODUCTION_PROPOSED], 1);
    assert_true(f.spoke_count > 0);
    f = funnel_of(&c, c.buyer);
    assert_int_equal(f.lines[RANKED_SECOND].came_to[INTRODUCTION_PROPOSED], 0);
    assert_int_equal(f.spoke_count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_grappe_has_who_takes_part_on_the_day_once_and_by_name, scene_open,
                                        scene_close),
        cmocka_unit_test_setup_teardown(introductions_count_for_the_grappes_of_who_was_asked, scene_open,
                                        scene_close),
        cmocka_unit_test_setup_teardown(what_facilitators_ask_is_ranked_for_them, scene_open, scene_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
