/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Whom an organisation counts as a competitor: told to itself and the facilitators, and never to the other.
 */
#include "app/introductions/cast.h"
#include "catalogue/catalogue.h"
#include "competitors/competitors.h"
#include "needs/needs.h"

static int64_t declare(struct scene *s, int64_t person, int64_t organisation, int64_t other)
{
    ARENA_SCOPE(a);
    struct competitor c;
    record_clear(&competitor_type, &c);
    c.organisation = organisation;
    c.competitor = other;
    c.note = "Perçage fin";
    assert_ok(door_save(scene_door_in(s, a, person), competitor, &c, ALL_FIELDS));
    return c.id;
}

static size_t ties_told_to(struct cast *c, int64_t person, int64_t organisation)
{
    ARENA_SCOPE(a);
    struct competitor_tie *ties = NULL;
    size_t count = 0;
    assert_ok(competitors_of(scene_door_in(c->scene, a, person), organisation, 0, &ties, &count));
    return count;
}

static void who_is_named_never_learns_of_it(void **state)
{
    struct cast c = cast_of(state);
    int64_t said = declare(c.scene, c.heads[0], c.firms[0], c.firms[1]);
    struct competitor one;
    struct list_page page;
    const struct list_request all = {.type = &competitor_type};
    assert_int_equal(ties_told_to(&c, c.heads[0], c.firms[0]), 1);
    assert_int_equal(ties_told_to(&c, c.facilitator, c.firms[0]), 1);
    assert_int_equal(ties_told_to(&c, c.facilitator, c.firms[1]), 1);
    assert_int_equal(ties_told_to(&c, c.heads[1], c.firms[0]), 0);
    assert_int_equal(ties_told_to(&c, c.heads[1], c.firms[1]), 0);
    assert_fault(door_load(scene_door(c.scene, c.heads[1]), competitor, said, &one, NULL), FAULT_NOT_FOUND);
    assert_ok(door_list(scene_door(c.scene, c.heads[1]), &all, &page));
    assert_int_equal(page.total, 0);
    assert_fault(door_delete(scene_door(c.scene, c.heads[1]), &competitor_type, said, 1), FAULT_NOT_FOUND);
}

static void nobody_declares_for_another(void **state)
{
    struct cast c = cast_of(state);
    struct competitor one;
    record_clear(&competitor_type, &one);
    one.organisation = c.firms[0];
    one.competitor = c.firms[1];
    assert_fault(door_save(scene_door(c.scene, c.heads[1]), competitor, &one, ALL_FIELDS), FAULT_DENIED);
    one.competitor = one.organisation;
    assert_fault(door_save(scene_door(c.scene, c.heads[0]), competitor, &one, ALL_FIELDS), FAULT_INVALID);
}

/* By what everybody reads: a third of what one names. */
static void those_who_do_the_same_are_hinted_at(void **state)
{
    struct cast c = cast_of(state);
    struct competitor_hint *hints = NULL;
    size_t count = 0;
    int64_t polisher = scene_organisation(c.scene, "Polisseuse", "space"),
            secret = scene_organisation(c.scene, "Secrète", "space");
    (void)scene_capability(c.scene, polisher, "Polissage", "satin-brushing", "brass", "space");
    (void)scene_capability(c.scene, secret, "Perçage", "hole-making", "brass", "confidential");
    (void)scene_capability(c.scene, c.firms[0], "Polissage", "satin-brushing", "brass", "space");
    (void)scene_capability(c.scene, c.firms[0], "Perçage caché", "welding", "brass", "confidential");
    assert_ok(competitors_hinted(scene_door(c.scene, c.heads[0]), c.firms[0], &hints, &count));
    assert_int_equal(count, FIRMS + 1); /* the other firms, the brand that drills too, the polisher */
    for (size_t i = 0; i < count; i++) {
        assert_int_not_equal(hints[i].other, secret);
        assert_int_not_equal(hints[i].other, c.firms[0]);
        assert_int_equal(hints[i].common, 1);
        assert_int_equal(hints[i].of, 2); /* what is confidential is not compared, though it is one's own */
    }
    assert_ok(competitors_hinted(scene_door(c.scene, c.heads[0]), secret, &hints, &count));
    assert_int_equal(count, 0);
}

/* So that nobody's repeated word pushes out of a list what others say. */
static void one_names_another_once(void **state)
{
    struct cast c = cast_of(state);
    int64_t said = declare(c.scene, c.heads[0], c.firms[0], c.firms[1]);
    struct competitor again;
    record_clear(&competitor_type, &again);
    again.organisation = c.firms[0];
    again.competitor = c.firms[1];
    assert_fault(door_save(scene_door(c.scene, c.heads[0]), competitor, &again, ALL_FIELDS), FAULT_CONFLICT);
    (void)declare(c.scene, c.heads[1], c.firms[1], c.firms[0]); /* the other way is another's word */
    assert_ok(door_delete(scene_door(c.scene, c.heads[0]), &competitor_type, said, 1));
    assert_ok(door_save(scene_door(c.scene, c.heads[0]), competitor, &again, ALL_FIELDS));
    assert_fault(door_restore(scene_door(c.scene, c.heads[0]), &competitor_type, said), FAULT_CONFLICT);
}

static struct fault *ask(struct cast *c, int64_t person, int firm, bool despite, int64_t *id)
{
    const struct deal_proposal wish = {c->need, c->firms[firm], .despite = despite};
    return deal_propose(scene_door(c->scene, person), &wish, id);
}

static size_t told_in_draft(struct cast *c, int64_t person, int firm)
{
    struct card_draft draft;
    struct need need;
    struct door *d = scene_door(c->scene, person);
    assert_ok(door_load(d, need, c->need, &need, NULL));
    assert_ok(deal_draft(d, &need, c->firms[firm], 0, &draft));
    assert_int_equal(draft.hint != NULL, person == c->facilitator);
    return draft.competing_count;
}

static void facilitators_confirm_that_they_bring_competitors_together(void **state)
{
    struct cast c = cast_of(state);
    struct proposal *kept = NULL;
    struct list_page page;
    int64_t id = 0, bravo = 0;
    (void)declare(c.scene, c.buyer, c.brand, c.firms[0]);
    assert_int_equal(told_in_draft(&c, c.facilitator, 0), 1);
    assert_int_equal(told_in_draft(&c, c.facilitator, 1), 0);
    assert_fault(ask(&c, c.facilitator, 0, false, &id), FAULT_CONFLICT);
    assert_ok(ask(&c, c.facilitator, 0, true, &id));
    assert_ok(ask(&c, c.facilitator, 1, true, &bravo));
    assert_ok(
        door_list(scene_door(c.scene, c.facilitator), &(struct list_request){.type = &proposal_type}, &page));
    kept = page.records;
    assert_int_equal(page.count, 2);
    assert_int_equal((kept[0].despite == FLAG_YES) + (kept[1].despite == FLAG_YES), 1);
    const char *told = told_to(&c, c.heads[0], &blind_card_type, card_id(&c, id));
    assert_null(strstr(told, "Perçage fin"));
    assert_false(tells_who_asks(&c, told));
}

/* Once both are known to who asks, each is told of the other. */
static void facilitators_confirm_that_they_ask_competitors_together(void **state)
{
    struct cast c = cast_of(state);
    struct deal_proposal wish = {c.need, c.firms[1]};
    int64_t alpha = 0, id = 0;
    (void)declare(c.scene, c.heads[2], c.firms[2], c.firms[0]);
    assert_ok(ask(&c, c.facilitator, 0, false, &alpha));
    wish.with = alpha;
    assert_ok(deal_propose(scene_door(c.scene, c.facilitator), &wish, &id));
    wish.organisation = c.firms[2];
    assert_fault(deal_propose(scene_door(c.scene, c.facilitator), &wish, &id), FAULT_CONFLICT);
    wish.with = id; /* of the same party, though these two do not compete */
    assert_fault(deal_propose(scene_door(c.scene, c.facilitator), &wish, &id), FAULT_CONFLICT);
    wish.despite = true;
    assert_ok(deal_propose(scene_door(c.scene, c.facilitator), &wish, &id));
}

/* The asker is told what it declared itself; what others declared of it changes nothing that it meets. */
static void the_asker_is_asked_about_its_own_words_alone(void **state)
{
    struct cast c = cast_of(state);
    int64_t id = 0;
    (void)declare(c.scene, c.heads[0], c.firms[0], c.brand);
    (void)declare(c.scene, c.buyer, c.brand, c.firms[1]);
    assert_int_equal(told_in_draft(&c, c.buyer, 0), 0);
    assert_int_equal(told_in_draft(&c, c.buyer, 1), 1);
    assert_ok(ask(&c, c.buyer, 0, false, &id));
    assert_fault(ask(&c, c.buyer, 1, false, &id), FAULT_CONFLICT);
    assert_ok(ask(&c, c.buyer, 1, true, &id));
}

static size_t remarks_told_to(struct cast *c, int64_t person)
{
    struct door *d = scene_door(c->scene, person);
    struct need_matches m;
    struct need need;
    size_t found = 0;
    door_read_as(d, READING_PROGRAM); /* of which lists are noted too */
    assert_ok(door_load(d, need, c->need, &need, NULL));
    assert_ok(needs_match(d, &need, NULL, 0, LIMIT_MATCHES, &m));
    for (size_t i = 0; i < m.count; i++)
        found += m.at[i].remark_count;
    return found;
}

static void a_match_tells_of_competitors_whom_it_may(void **state)
{
    struct cast c = cast_of(state);
    (void)declare(c.scene, c.heads[0], c.firms[0], c.brand);
    (void)declare(c.scene, c.facilitator, c.brand, c.firms[1]);
    assert_int_equal(remarks_told_to(&c, c.facilitator), 2);
    assert_int_equal(remarks_told_to(&c, c.buyer), 1);
}

static int64_t add_free(struct scene *s, int64_t organisation, const char *level, int64_t since,
                        int64_t until, int64_t valid)
{
    struct availability f;
    record_clear(&availability_type, &f);
    f.organisation = organisation;
    f.title = "Perceuses";
    f.band = "week";
    f.since = since;
    f.until = until;
    f.valid = valid;
    f.visibility = level;
    assert_ok(door_save(scene_program(s), availability, &f, ALL_FIELDS));
    return f.id;
}

static int64_t rows_of(struct cast *c, int64_t person, const struct record_type *type)
{
    ARENA_SCOPE(a);
    struct list_page page;
    const struct list_request all = {.type = type};
    assert_ok(door_list(scene_door_in(c->scene, a, person), &all, &page));
    assert_int_equal(page.total, page.count);
    return page.total;
}

static bool opens(struct cast *c, int64_t person, int64_t id)
{
    ARENA_SCOPE(a);
    struct availability f;
    const struct fault *hidden = door_load(scene_door_in(c->scene, a, person), availability, id, &f, NULL);
    assert_true(!hidden || hidden->code == FAULT_NOT_FOUND);
    return !hidden;
}

static struct fault *take_back(struct scene *s, int64_t person, int64_t declaration)
{
    ARENA_SCOPE(a);
    return door_delete(scene_door_in(s, a, person), &competitor_type, declaration, 1);
}

/* Whichever of the two said so, from the next request on, until it is taken back; in times past as well. */
static void what_is_shut_to_competitors_opens_to_the_others(void **state)
{
    struct cast c = cast_of(state);
    int64_t day = today(), free = add_free(c.scene, c.firms[0], "noncompeting", day, day, day);
    int64_t idle = scene_person(c.scene, "Sans mandat", "member", 0);
    int64_t funder = scene_person(c.scene, "Préfecture", "funder", 0);
    const int64_t told[] = {c.heads[0], c.heads[1], c.heads[2], c.facilitator, c.buyer};
    for (size_t i = 0; i < COUNT(told); i++)
        assert_true(opens(&c, told[i], free));
    assert_false(opens(&c, idle, free)); /* anybody's, as far as is known */
    assert_false(opens(&c, funder, free));
    assert_false(opens(&c, 0, free));
    int64_t said = declare(c.scene, c.heads[0], c.firms[0], c.firms[1]);
    (void)declare(c.scene, c.heads[2], c.firms[2], c.firms[0]);
    assert_false(opens(&c, c.heads[1], free));
    assert_false(opens(&c, c.heads[2], free));
    assert_true(opens(&c, c.heads[3], free));
    assert_true(opens(&c, c.facilitator, free));
    assert_int_equal(rows_of(&c, c.heads[0], &availability_type), 1);
    assert_int_equal(rows_of(&c, c.heads[1], &availability_type), 0);
    struct availability then;
    assert_fault(
        door_load_as_of(scene_door(c.scene, c.heads[1]), &availability_type, free, now_us(), &then, NULL),
        FAULT_NOT_FOUND);
    struct list_page page;
    const struct list_request past = {.type = &availability_type, .as_of = now_us()};
    assert_ok(door_list(scene_door(c.scene, c.heads[1]), &past, &page));
    assert_int_equal(page.total, 0);
    assert_ok(take_back(c.scene, c.heads[0], said));
    assert_true(opens(&c, c.heads[1], free));
}

static const char *first_reader(struct cast *c, int64_t person, int64_t id, size_t lines_wanted)
{
    struct reading_line *lines = NULL;
    size_t count = 0;
    assert_ok(space_seal(c->scene->space));
    assert_ok(door_readings(scene_door(c->scene, person), &availability_type, id, &lines, &count));
    assert_int_equal(count, lines_wanted);
    return lines[count - 1].who;
}

/* By the firm that it was confided to; not once it was open to all, nor by closing it afterwards. */
static void the_owner_is_told_which_firm_opened_what_it_confided(void **state)
{
    struct cast c = cast_of(state);
    struct availability f;
    const char **firm = NULL;
    const int64_t now = now_us();
    int64_t free = add_free(c.scene, c.firms[0], "noncompeting", today(), today(), today() + 9);
    assert_true(opens(&c, c.heads[3], free));
    assert_ok(door_names(scene_program(c.scene), &organisation_type, &c.firms[3], 1, &firm));
    assert_string_equal(first_reader(&c, c.heads[0], free, 1), firm[0]);
    static const char *const levels[] = {"space", "noncompeting"};
    for (size_t i = 0; i < COUNT(levels); i++) {
        clock_hold(now + (int64_t)(i + 1) * SECOND_US);
        struct door *d = scene_door(c.scene, c.heads[0]);
        assert_ok(door_load(d, availability, free, &f, NULL));
        f.visibility = levels[i];
        assert_ok(door_save(d, availability, &f, ALL_FIELDS));
    }
    assert_string_not_equal(first_reader(&c, c.heads[0], free, 2), firm[0]);
    assert_string_equal(first_reader(&c, c.facilitator, free, 2), firm[0]);
    clock_hold(0);
}

/* Of two organisations somebody acts for, one is enough. */
static void who_acts_for_a_competitor_too_is_shut_out(void **state)
{
    struct cast c = cast_of(state);
    int64_t free = add_free(c.scene, c.firms[0], "noncompeting", today(), today(), today());
    struct mandate m;
    record_clear(&mandate_type, &m);
    m.person = c.heads[2];
    m.organisation = c.firms[1];
    assert_ok(door_save(scene_program(c.scene), mandate, &m, ALL_FIELDS));
    assert_true(opens(&c, c.heads[2], free));
    (void)declare(c.scene, c.heads[0], c.firms[0], c.firms[1]);
    assert_false(opens(&c, c.heads[2], free));
}

/* Know-how that is shut to competitors is in no catalogue that members share. */
static void what_members_search_and_match_knows_nothing_of_it(void **state)
{
    struct cast c = cast_of(state);
    const struct catalogue *known = NULL;
    int64_t specialist = scene_organisation(c.scene, "Spécialiste", "space");
    (void)scene_capability(c.scene, specialist, "Perçage", "hole-making", "brass", "noncompeting");
    assert_int_equal(rows_of(&c, c.buyer, &capability_type), FIRMS + 2);
    assert_ok(catalogue_of(scene_door(c.scene, c.buyer), &known));
    assert_int_equal(catalogue_find(known, specialist)->capability_count, 0);
    assert_ok(catalogue_of(scene_door(c.scene, c.facilitator), &known));
    assert_int_equal(catalogue_find(known, specialist)->capability_count, 1);
}

/* In the months before the need's end, while it is said to hold, to whom it is open; the order stays. */
static void a_match_tells_of_free_capacity(void **state)
{
    struct cast c = cast_of(state);
    int64_t day = today();
    int64_t decoy = add_free(c.scene, c.firms[0], "noncompeting", day, UNKNOWN_INTEGER, day);
    struct reading_line *lines = NULL;
    size_t count = 0;
    (void)add_free(c.scene, c.firms[1], "confidential", day, UNKNOWN_INTEGER, day);
    (void)add_free(c.scene, c.firms[2], "noncompeting", day, day + 40, day);
    (void)add_free(c.scene, c.firms[3], "space", day, UNKNOWN_INTEGER, day - 1);
    (void)add_free(c.scene, c.firms[4], "space", day - 70, day - 40, day);
    (void)declare(c.scene, c.heads[2], c.firms[2], c.brand);
    assert_int_equal(remarks_told_to(&c, c.buyer), 1);
    assert_int_equal(remarks_told_to(&c, c.facilitator), 4); /* three, and that one competes */

    assert_ok(space_seal(c.scene->space)); /* who lays out a decoy learns nothing of what is asked */
    assert_ok(door_readings(scene_door(c.scene, c.heads[0]), &availability_type, decoy, &lines, &count));
    assert_int_equal(count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(who_is_named_never_learns_of_it, scene_open, scene_close),
        cmocka_unit_test_setup_teardown(nobody_declares_for_another, scene_open, scene_close),
        cmocka_unit_test_setup_teardown(those_who_do_the_same_are_hinted_at, scene_open, scene_close),
        cmocka_unit_test_setup_teardown(one_names_another_once, scene_open, scene_close),
        cmocka_unit_test_setup_teardown(facilitators_confirm_that_they_ask_competitors_together, scene_open,
                                        scene_close),
        cmocka_unit_test_setup_teardown(facilitators_confirm_that_they_bring_competitors_together, scene_open,
                                        scene_close),
        cmocka_unit_test_setup_teardown(the_asker_is_asked_about_its_own_words_alone, scene_open,
                                        scene_close),
        cmocka_unit_test_setup_teardown(a_match_tells_of_competitors_whom_it_may, scene_open, scene_close),
        cmocka_unit_test_setup_teardown(what_is_shut_to_competitors_opens_to_the_others, scene_open,
                                        scene_close),
        cmocka_unit_test_setup_teardown(who_acts_for_a_competitor_too_is_shut_out, scene_open, scene_close),
        cmocka_unit_test_setup_teardown(the_owner_is_told_which_firm_opened_what_it_confided, scene_open,
                                        scene_close),
        cmocka_unit_test_setup_teardown(what_members_search_and_match_knows_nothing_of_it, scene_open,
                                        scene_close),
        cmocka_unit_test_setup_teardown(a_match_tells_of_free_capacity, scene_open, scene_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
