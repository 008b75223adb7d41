/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What mail servers write of a letter's author, and what senders would like them to have written. */
#include "mail/vouched.h"

#include "arena/arena.h"
#include "limits/limits.h"
#include "test.h"

static void only_what_passed_for_that_domain_vouches(void **state)
{
    static const struct {
        const char *results;
        bool good;
    } cases[] = {
        {"mx; dmarc=pass header.from=b.example", true},
        {"mx 1; spf=fail smtp.mailfrom=x@c.example; dmarc=pass (p=none dis=none) header.from=b.example",
         true},
        {"mx;\r\n\tdkim=pass (2048-bit key) header.d=b.example header.i=@b.example header.s=k", true},
        {"mx; spf=pass smtp.mailfrom=bounce@B.Example", true},
        {"mx; spf=pass smtp.mailfrom=b.example", true},
        {"mx; spf=pass smtp.mailfrom=\"a; x\"@b.example", true},
        {"mx; none", false},
        {"mx", false},
        {"", false},
        {"mx; dmarc=pass", false},
        {"mx; dmarc=pass header.from=c.example", false},
        {"mx; dmarc=fail header.from=b.example", false},
        {"mx; dmarc=none header.from=b.example; spf=pass smtp.mailfrom=b.example", false},
        {"mx; dmarc=fail header.from=b.example; dmarc=pass header.from=b.example", false},
        {"mx; spf=pass smtp.mailfrom=a@c.example", false},
        {"mx; spf=pass smtp.helo=b.example", false},
        {"mx; spf=softfail smtp.mailfrom=a@b.example", false},
        {"mx; dkim=pass header.d=sub.b.example", false},
        {"mx; dkim=pass header.d=notb.example", false},
        {"mx; dkim=fail header.b=pass header.d=b.example", false},
        {"mx; dkim=pass header.i=@b.example header.d=c.example", false},
        {"mx; arc=pass header.from=b.example", false},
        /* what a sender may have put into their own address */
        {"mx; spf=pass smtp.mailfrom=\"x; dmarc=pass header.from=b.example\"@c.example", false},
        {"mx; spf=pass (x; dmarc=pass header.from=b.example) smtp.mailfrom=c.example", false},
        {"mx; spf=pass (a \\) b; dmarc=pass header.from=b.example) smtp.mailfrom=c.example", false},
        {"mx; spf=pass (never closed; dmarc=pass header.from=b.example", false},
        {"mx; spf=pass smtp.mailfrom=\"never closed; dmarc=pass header.from=b.example", false}};
    struct arena *a = arena_new(LIMIT_SCRATCH_MEMORY);
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        print_message("# %s\n", cases[i].results);
        assert_int_equal(vouched_for(a, cases[i].results, "a@b.example"), cases[i].good);
    }
    assert_false(vouched_for(a, "mx; dmarc=pass header.from=", "a@"));
    assert_false(vouched_for(a, "mx; dmarc=pass header.from=a", "a"));
    arena_free(a);
}

static void a_server_is_known_by_its_name(void **state)
{
    static const struct {
        const char *results;
        bool good;
    } cases[] = {{"mx.example; none", true},   {"(first) MX.example (x) 1; none", true},
                 {"mx.example", true},         {"mx.example.evil.example; none", false},
                 {"evil; mx.example", false},  {"(mx.example) evil; none", false},
                 {"\"mx.example; none", false}};
    struct arena *a = arena_new(LIMIT_SCRATCH_MEMORY);
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        print_message("# %s\n", cases[i].results);
        assert_int_equal(vouched_by(a, cases[i].results, "mx.example"), cases[i].good);
    }
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(only_what_passed_for_that_domain_vouches),
                                       cmocka_unit_test(a_server_is_known_by_its_name)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
