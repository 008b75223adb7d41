/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* test_passwords.c - which passwords are taken, whose they are, and how many are looked at at once. */
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "accounts/internal.h"
#include "app/accounts/desk.h"
#include "i18n/i18n.h"
#include "log/log.h"
#include "roster/roster.h"

static const char good[] = "horloge comtoise bleue", home[] = "192.0.2.7";

static void what_is_refused_says_why(void **state)
{
    struct desk *d = *state;
    static const struct {
        const char *typed, *word;                                 /* in the reason; NULL: it is good */
    } cases[] = {{"\xc3\xa9t\xc3\xa9 au lac \xff", "characters"}, /* not UTF-8 */
                 {"septsep", "characters"},
                 {"neuf sept", NULL},
                 {"MARC EXEMPLE", "neither"},
                 {"Marc@Example.ORG", "neither"},
                 {"marc exemple!", NULL},
                 {"poiuytreza", "keyboard"},
                 {"98765432", "keyboard"},
                 {"qwertyuiop", "keyboard"},
                 {"Marseille13", "keyboard"}, /* among the commonest */
                 {"abababab", "different"},
                 {"abcdabce", NULL}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct fault *f = password_check(d->arena, "Marc Exemple", "marc@example.org", cases[i].typed);
        print_message("# %s\n", cases[i].typed);
        if (!cases[i].word) {
            assert_null(f);
            continue;
        }
        assert_fault(f, FAULT_INVALID);
        assert_string_equal(f->field, "password");
        assert_non_null(strstr(f->text, cases[i].word));
    }
}

static void a_password_is_of_somebody_with_an_e_mail(void **state)
{
    struct desk *d = *state;
    bool has = true;
    int64_t nobody = desk_person(d, "Sans Adresse", NULL, "member", d->firm);
    const struct fault *f = accounts_set_password(d->house, d->space, nobody, good);
    assert_fault(f, FAULT_INVALID);
    assert_string_equal(f->field, "email");
    assert_ok(accounts_has_password(d->house, d->space, nobody, &has));
    assert_false(has);
    assert_fault(accounts_set_password(d->house, d->space, 4242, good), FAULT_NOT_FOUND);
}

/* A longer one than any is refused without being hashed; a wrong one names its field, and counts. */
static void ones_own_is_asked_for_again(void **state)
{
    struct desk *d = *state;
    char endless[4000];
    struct caller caller = desk_caller(home);
    memset(endless, 'x', sizeof endless - 1);
    endless[sizeof endless - 1] = '\0';
    assert_ok(accounts_set_password(d->house, d->space, d->marc, good));
    assert_ok(accounts_check_password(d->house, d->space, d->marc, good, &caller));
    const char *const wrong[] = {"", "Horloge comtoise bleue", "horloge comtoise bleue ", endless};
    for (size_t i = 0; i < COUNT(wrong); i++) {
        const struct fault *f = accounts_check_password(d->house, d->space, d->marc, wrong[i], &caller);
        assert_fault(f, FAULT_INVALID);
        assert_string_equal(f->field, "current");
    }
    assert_fault(accounts_check_password(d->house, d->space, d->anne, good, &caller), FAULT_INVALID);
}

/* Of more threads than may wait, each is told at once whether it may. */
struct guest {
    const char *hash;
    bool good, refused;
};

static void *knock(void *thing)
{
    struct guest *g = thing;
    const struct fault *f = verify_password(g->hash, good, &g->good);
    g->refused = f && f->code == FAULT_LIMIT;
    return NULL;
}

static void a_crowd_waits_only_so_long(void **state)
{
    struct desk *d = *state;
    const long crowd = sysconf(_SC_NPROCESSORS_ONLN) + 36; /* twenty too many */
    struct guest *guests = NEW(d->arena, struct guest, crowd);
    pthread_t *threads = NEW(d->arena, pthread_t, crowd);
    const char *hash = NULL;
    int served = 0, refused = 0;
    assert_ok(accounts_set_password(d->house, d->space, d->marc, good));
    assert_ok(roster_login_hash(house_roster(d->house), d->arena, d->space->name, d->marc, &hash));
    for (int i = 0; i < crowd; i++) {
        guests[i] = (struct guest){.hash = i % 2 ? hash : NULL};
        assert_int_equal(pthread_create(&threads[i], NULL, knock, &guests[i]), 0);
    }
    for (int i = 0; i < crowd; i++) {
        (void)pthread_join(threads[i], NULL);
        served += !guests[i].refused;
        refused += guests[i].refused;
        assert_int_equal(guests[i].good, !guests[i].refused && i % 2);
    }
    print_message("# %d looked at, %d sent away\n", served, refused);
    assert_true(served >= 16 && refused > 0);
    bool again = false;
    assert_ok(verify_password(hash, good, &again)); /* nobody keeps a turn */
    assert_true(again);
}

#define DESK(name) cmocka_unit_test_setup_teardown(name, desk_open, desk_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK(what_is_refused_says_why),
        DESK(a_password_is_of_somebody_with_an_e_mail),
        DESK(ones_own_is_asked_for_again),
        DESK(a_crowd_waits_only_so_long),
    };
    log_quieter_than(LOG_ERROR);
    language_set(LANGUAGE_EN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
