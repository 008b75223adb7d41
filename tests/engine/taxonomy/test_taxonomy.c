/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "engine/engine_test.h"

static struct fault *build(struct arena *a, const char *tsv, const struct term_tree **tree)
{
    struct term_source *source;
    int count;
    TRY(taxonomy_parse(a, slice_of(tsv), &source, &count));
    return taxonomy_build(a, source, count, tree);
}

#define HEADER "facet\tcode\tparent\tfr\ten\tsynonyms_fr\tsynonyms_en\trelated\n"

static void similarity_follows_the_formula(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    const struct term_tree *t;
    assert_ok(build(a,
                    HEADER "process\tmachining\t\tu\tm\n"
                           "process\tturning\tmachining\tt\tt\n"
                           "process\tbar\tturning\td\tb\n"
                           "process\tmilling\tmachining\tf\tm\n"
                           "process\tplating\t\tg\tp\n"
                           "material\tbrass\t\tl\tb\n",
                    &t));
    static const struct {
        const char *a, *b;
        double expected; /* depths: machining 2, turning 3, bar 4, milling 3, plating 2; the root 1 */
    } cases[] = {{"turning", "turning", 1},
                 {"turning", "milling", 2.0 * 2 / 6},
                 {"bar", "turning", 2.0 * 3 / 7},
                 {"bar", "milling", 2.0 * 2 / 7},
                 {"machining", "plating", 2.0 * 1 / 4},
                 {"bar", "plating", 2.0 * 1 / 6},
                 {"brass", "plating", 0}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        int x = taxonomy_find(t, slice_of(cases[i].a)), y = taxonomy_find(t, slice_of(cases[i].b));
        assert_near(taxonomy_similarity(t, x, y), cases[i].expected, 1e-15);
        assert_near(taxonomy_similarity(t, y, x), cases[i].expected, 1e-15);
    }
    assert_true(taxonomy_within(t, taxonomy_find(t, S("bar")), taxonomy_find(t, S("machining"))));
    assert_false(taxonomy_within(t, taxonomy_find(t, S("machining")), taxonomy_find(t, S("bar"))));
    assert_int_equal(taxonomy_find(t, S("absent")), TERM_NONE);
}

static void wrong_trees_are_refused(void **state)
{
    (void)state;
    static const char *const cases[] = {
        HEADER "process\ta\tb\tx\tx\n",                      /* unknown parent */
        HEADER "process\ta\tb\tx\tx\nprocess\tb\ta\tx\tx\n", /* a circle */
        HEADER "process\ta\ta\tx\tx\n",                      /* its own parent */
        HEADER "process\ta\t\tx\tx\nprocess\ta\t\ty\ty\n",   /* twice */
        HEADER "process\t\t\tx\tx\n",                        /* no code */
        HEADER "process\ta\t\tx\tx\nmaterial\tb\ta\tx\tx\n", /* parent of another facet */
        HEADER "process\ta\t\tx\tx\t\t\tnowhere\n",          /* unknown related term */
        HEADER "colour\ta\t\tx\tx\n",                        /* unknown facet */
        HEADER "process\ta\t\tx\tx\t\t\t\tmore\n",           /* too many columns */
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        ARENA_SCOPE(a);
        const struct term_tree *t;
        print_message("# case %zu\n", i);
        assert_fault(build(a, cases[i], &t), FAULT_INVALID);
    }
}

static void an_empty_tree_is_a_tree(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    const struct term_tree *t;
    assert_ok(build(a, HEADER, &t));
    assert_int_equal(t->count, 0);
    assert_int_equal(taxonomy_find(t, S("a")), TERM_NONE);
}

static void the_builtin_tree_is_large_enough(void **state)
{
    (void)state;
    ARENA_SCOPE(a);
    const struct term_tree *t = lexicon_taxonomy(builtin_lexicon(a));
    int count[FACETS] = {0};
    for (int i = 0; i < t->count; i++)
        count[t->terms[i].facet]++;
    assert_true(count[FACET_PROCESS] >= 200 && count[FACET_MATERIAL] >= 80 && count[FACET_COMPONENT] >= 120);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(similarity_follows_the_formula),
        cmocka_unit_test(wrong_trees_are_refused),
        cmocka_unit_test(an_empty_tree_is_a_tree),
        cmocka_unit_test(the_builtin_tree_is_large_enough),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
