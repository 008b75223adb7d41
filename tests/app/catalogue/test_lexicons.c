/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "test.h"

#include "catalogue/internal.h"

enum { LAST = 5 };

static const struct shared_lexicon *take(const char *synonyms)
{
    char text[32]; /* gone after the call: what is shared keeps its own */
    (void)snprintf(text, sizeof text, "%s", synonyms);
    struct term_source source = {
        .facet = FACET_PROCESS, .code = S("turning"), .fr = S("tournage"), .synonyms_fr = slice_of(text)};
    const struct shared_lexicon *taken = NULL;
    assert_ok(lexicon_take(&source, 1, &taken));
    return taken;
}

static void give_back(const struct shared_lexicon *taken)
{
    lexicon_release((void *)(uintptr_t)taken);
}

static void the_same_terms_share_one(void **state)
{
    (void)state;
    const struct shared_lexicon *one = take("tour CN"), *same = take("tour CN"),
                                *other = take("tour à cames");
    assert_ptr_equal(one, same);
    assert_ptr_not_equal(one, other);
    assert_true(slice_equal(one->tree->terms[0].synonyms_fr, S("tour CN")));
    assert_ptr_equal(lexicon_taxonomy(one->lexicon), one->tree);
    give_back(one);
    give_back(same);
    give_back(other);
}

/* Who holds one keeps it; of those that nobody holds, the newest stay. */
static void what_nobody_holds_goes_but_for_the_newest(void **state)
{
    (void)state;
    const struct shared_lexicon *held = take("held");
    for (int i = 0; i <= LAST; i++)
        give_back(take((char[]){(char)('a' + i), '\0'}));
    const struct shared_lexicon *newest = take((char[]){'a' + LAST, '\0'});
    assert_true(slice_equal(newest->tree->terms[0].synonyms_fr, ((struct slice){(char[]){'a' + LAST}, 1})));
    assert_ptr_equal(take("held"), held);
    assert_true(slice_equal(held->tree->terms[0].synonyms_fr, S("held")));
    give_back(newest);
    give_back(held);
    give_back(held);
}

static void terms_that_contradict_are_refused(void **state)
{
    (void)state;
    struct term_source twice[] = {
        {.facet = FACET_PROCESS, .code = S("a"), .parent = S("nobody"), .fr = S("a")}};
    const struct shared_lexicon *taken = NULL;
    assert_fault(lexicon_take(twice, 1, &taken), FAULT_INVALID);
    assert_null(taken);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_terms_share_one),
        cmocka_unit_test(what_nobody_holds_goes_but_for_the_newest),
        cmocka_unit_test(terms_that_contradict_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
