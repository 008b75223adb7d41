/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "test.h"

#include <string.h>

#include "app/scene.h"

static struct term load(struct scene *s, const char *code)
{
    struct term t;
    assert_ok(door_load(scene_program(s), term, scene_term(s, code), &t, NULL));
    return t;
}

static struct term fresh(const char *facet, const char *code, const char *label)
{
    struct term t;
    record_clear(&term_type, &t);
    t.facet = facet;
    t.code = code;
    t.label = label;
    return t;
}

/* The rule that refuses is named by the field of the fault. */
static void assert_refused(struct scene *s, struct term *t, const char *field)
{
    const struct fault *f = door_save(scene_program(s), term, t, ALL_FIELDS);
    if (!f)
        fail_msg("%s was saved", t->code);
    assert_int_equal(f->code, FAULT_INVALID);
    assert_string_equal(f->field, field);
}

static void a_broader_term_is_of_the_same_facet(void **state)
{
    struct scene *s = *state;
    struct term t = fresh("process", "essai", "essai");
    t.parent = scene_term(s, "titanium");
    assert_refused(s, &t, "parent");
    t.parent = scene_term(s, "milling");
    assert_ok(door_save(scene_program(s), term, &t, ALL_FIELDS));
}

static void terms_make_no_cycle(void **state)
{
    struct scene *s = *state;
    struct term machining = load(s, "machining");
    machining.parent = scene_term(s, "bar-turning"); /* machining > turning > bar turning */
    assert_refused(s, &machining, "parent");
    machining = load(s, "machining");
    machining.parent = 0;
    assert_ok(door_save(scene_program(s), term, &machining, ALL_FIELDS));
}

static void related_codes_exist(void **state)
{
    struct scene *s = *state;
    struct term t = fresh("process", "essai-deux", "essai deux");
    t.related = "titanium|no-such-code";
    assert_refused(s, &t, "related");
    t.related = "titanium | brass";
    assert_ok(door_save(scene_program(s), term, &t, ALL_FIELDS));
}

static void what_others_rely_on_stays(void **state)
{
    struct scene *s = *state;
    struct term turning = load(s, "turning"), titanium = load(s, "titanium");
    turning.facet = "material";
    turning.parent = 0;
    assert_refused(s, &turning, "facet"); /* it has narrower terms */
    struct term user = fresh("process", "essai-trois", "essai trois");
    user.related = "titanium";
    assert_ok(door_save(scene_program(s), term, &user, ALL_FIELDS));
    titanium.code = "ti";
    assert_refused(s, &titanium, "code");
}

static void a_term_in_use_is_retired_not_removed(void **state)
{
    struct scene *s = *state;
    int64_t firm = scene_organisation(s, "Fraisage Essai", NULL);
    struct term unused = fresh("process", "jamais", "jamais"),
                used = fresh("process", "toujours", "toujours");
    assert_ok(door_save(scene_program(s), term, &unused, ALL_FIELDS));
    assert_ok(door_save(scene_program(s), term, &used, ALL_FIELDS));
    (void)scene_capability(s, firm, "Toujours", "toujours", "", "private");
    assert_fault(door_delete(scene_program(s), &term_type, used.id, used.version), FAULT_CONFLICT);
    assert_ok(door_delete(scene_program(s), &term_type, unused.id, unused.version));
    struct term machining = load(s, "machining");
    assert_fault(door_delete(scene_program(s), &term_type, machining.id, machining.version), FAULT_CONFLICT);
    used.retired = 20000;
    assert_ok(door_save(scene_program(s), term, &used, ALL_FIELDS));
}

static void what_comes_back_is_judged_anew(void **state)
{
    struct scene *s = *state;
    struct term above = fresh("process", "dessus", "dessus"), below = fresh("process", "dessous", "dessous");
    assert_ok(door_save(scene_program(s), term, &above, ALL_FIELDS));
    below.parent = above.id;
    assert_ok(door_save(scene_program(s), term, &below, ALL_FIELDS));
    assert_ok(door_delete(scene_program(s), &term_type, below.id, below.version));
    assert_ok(door_delete(scene_program(s), &term_type, above.id, above.version));
    assert_fault(door_restore(scene_program(s), &term_type, below.id), FAULT_NOT_FOUND);
    assert_ok(door_restore(scene_program(s), &term_type, above.id));
    assert_ok(door_restore(scene_program(s), &term_type, below.id));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_broader_term_is_of_the_same_facet),
        cmocka_unit_test(terms_make_no_cycle),
        cmocka_unit_test(related_codes_exist),
        cmocka_unit_test(what_others_rely_on_stays),
        cmocka_unit_test(a_term_in_use_is_retired_not_removed),
        cmocka_unit_test(what_comes_back_is_judged_anew),
    };
    return cmocka_run_group_tests(tests, scene_open, scene_close);
}
