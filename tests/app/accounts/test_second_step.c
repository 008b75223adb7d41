/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* test_second_step.c - codes of a telephone whose clock is not ours, and the secret it is given. */
#include <liboath/oath.h>
#include <stdlib.h>
#include <string.h>

#include "accounts/second_step.h"
#include "app/accounts/desk.h"
#include "log/log.h"

static const char home[] = "192.0.2.7";

/* What a telephone shows that is so many half minutes ahead of us, from the secret in its groups. */
static const char *shown(struct desk *d, const struct step_setup *setup, int ahead)
{
    char plain[64], *at = plain, *key = NULL, code[7];
    size_t length = 0;
    for (const char *p = setup->secret; *p; p++)
        if (*p != ' ')
            *at++ = *p;
    assert_int_equal(oath_base32_decode(plain, (size_t)(at - plain), &key, &length), OATH_OK);
    assert_int_equal(
        oath_totp_generate(key, length, (time_t)(d->now_us / 1000000 + 30 * ahead), 30, 0, 6, code), OATH_OK);
    free(key);
    return arena_print(d->arena, "%s", code);
}

static struct fault *check(struct desk *d, const char *code)
{
    struct caller caller = desk_caller(home);
    return second_step_check(d->house, d->space, d->marc, code, &caller);
}

static void begin(struct desk *d, struct step_setup *setup)
{
    assert_ok(second_step_begin(d->house, d->space, d->marc));
    assert_ok(second_step_setup(d->house, d->space, d->marc, d->arena, setup));
}

static void turn_on(struct desk *d, struct step_setup *setup, struct recovery *recovery)
{
    struct caller caller = desk_caller(home);
    begin(d, setup);
    assert_ok(second_step_confirm(d->house, d->space, d->marc, shown(d, setup, 0), &caller, recovery));
    desk_wait(d, 3600);
}

static void a_telephone_may_be_half_a_minute_off(void **state)
{
    struct desk *d = *state;
    struct step_setup setup;
    struct recovery recovery;
    turn_on(d, &setup, &recovery);
    for (int ahead = -3; ahead <= 3; ahead++) {
        bool near = ahead >= -1 && ahead <= 1;
        desk_wait(d, 3600);
        print_message("# %d half minutes ahead\n", ahead);
        if (near)
            assert_ok(check(d, shown(d, &setup, ahead)));
        else
            assert_fault(check(d, shown(d, &setup, ahead)), FAULT_INVALID);
    }
}

/* Neither the one that was used nor one before it, though its time is not over. */
static void no_code_is_good_after_a_later_one(void **state)
{
    struct desk *d = *state;
    struct step_setup setup;
    struct recovery recovery;
    turn_on(d, &setup, &recovery);
    assert_ok(check(d, shown(d, &setup, 1)));
    for (int ahead = 1; ahead >= -1; ahead--)
        assert_fault(check(d, shown(d, &setup, ahead)), FAULT_INVALID);
    desk_wait(d, 30);
    assert_fault(check(d, shown(d, &setup, 0)), FAULT_INVALID);
    assert_ok(check(d, shown(d, &setup, 1)));
}

static void a_secret_is_shown_until_it_is_confirmed(void **state)
{
    struct desk *d = *state;
    struct step_setup first, again;
    struct recovery recovery, others;
    struct second_step known;
    struct caller caller = desk_caller(home);
    begin(d, &first);
    begin(d, &again); /* a page that is read again shows the same */
    assert_string_equal(first.secret, again.secret);
    assert_int_equal(strlen(first.secret), 32 + 7); /* 160 bits, in groups */
    const char *in_uri = strstr(first.uri, "secret=");
    assert_non_null(in_uri);
    for (const char *p = first.secret, *q = in_uri + 7; *p; p++)
        if (*p != ' ')
            assert_int_equal(*p, *q++);
    assert_ok(second_step_of(d->house, d->space, d->marc, &known));
    assert_int_equal(known.since_us, 0); /* not on: nobody is asked for it yet */
    turn_on(d, &first, &recovery);
    assert_ok(second_step_setup(d->house, d->space, d->marc, d->arena, &again));
    assert_null(again.secret);
    assert_fault(second_step_begin(d->house, d->space, d->marc), FAULT_CONFLICT);
    /* other recovery codes take the place of the first ones */
    assert_ok(second_step_confirm(d->house, d->space, d->marc, shown(d, &first, 0), &caller, &others));
    assert_fault(check(d, recovery.codes[0].text), FAULT_INVALID);
    assert_ok(check(d, others.codes[0].text));
    assert_ok(second_step_end(d->house, d->space, d->marc));
    begin(d, &again);
    assert_string_not_equal(again.secret, first.secret);
}

#define DESK(name) cmocka_unit_test_setup_teardown(name, desk_open, desk_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK(a_telephone_may_be_half_a_minute_off),
        DESK(no_code_is_good_after_a_later_one),
        DESK(a_secret_is_shown_until_it_is_confirmed),
    };
    log_quieter_than(LOG_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
