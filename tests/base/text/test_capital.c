/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "test.h"

#include "text/capital.h"

static void the_first_letter_becomes_a_capital(void **state)
{
    (void)state;
    static const struct {
        const char *text, *shown;
    } cases[] = {{"usinage", "Usinage"},
                 {"électroérosion", "Électroérosion"},
                 {"œillet", "Œillet"},
                 {"ISO 9001", "ISO 9001"},
                 {"", ""},
                 {"3D", "3D"},
                 {"÷", "÷"},
                 {"ça", "Ça"},
                 {"\xC3", "\xC3"},
                 {"ÿ", "ÿ"}};
    ARENA_SCOPE(a);
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_string_equal(capitalised(a, cases[i].text), cases[i].shown);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_first_letter_becomes_a_capital)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
