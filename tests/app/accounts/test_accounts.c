/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* test_accounts.c - the ways of signing in, and what ends them. */
#include <liboath/oath.h>
#include <string.h>

#include "accounts/internal.h"
#include "accounts/invitations.h"
#include "accounts/links.h"
#include "accounts/second_step.h"
#include "app/accounts/desk.h"
#include "clock/clock.h"

static const char good[] = "horloge comtoise bleue", home[] = "192.0.2.7", elsewhere[] = "198.51.100.4";

static struct fault *enter(struct desk *d, const char *email, const char *password, const char *address,
                           struct entry *entry)
{
    struct caller caller = desk_caller(address);
    return accounts_sign_in(d->house, d->space, email, password, &caller, entry);
}

static struct fault *ask(struct desk *d, const char *email, const char *address)
{
    struct caller caller = desk_caller(address);
    TRY(link_ask(d->house, d->space, email, "/besoins", &caller));
    desk_post(d);
    return NULL;
}

static struct fault *take(struct desk *d, const char *token, struct entry *entry)
{
    const struct caller caller = desk_caller(elsewhere);
    return link_take(d->house, d->space, token, d->arena, &caller, entry);
}

static void a_link_opens_once_wherever_it_is_opened(void **state)
{
    struct desk *d = *state;
    struct entry entry;
    struct link link;
    assert_ok(ask(d, " Marc@Example.ORG ", home));
    assert_string_equal(d->to, "marc@example.org");
    for (int looked = 0; looked < 3; looked++) /* programs that look into letters burn nothing */
        assert_ok(link_look(d->house, d->space, d->letter, d->arena, &link));
    assert_int_equal(link.person, d->marc);
    assert_string_equal(link.device, "Firefox · Linux");
    assert_ok(take(d, d->letter, &entry));
    assert_false(entry.awaits_step);
    assert_string_equal(entry.back, "/besoins");
    assert_int_equal(desk_behind(d, entry.token.text), d->marc);
    assert_fault(take(d, d->letter, &entry), FAULT_NOT_FOUND);
    assert_fault(link_look(d->house, d->space, d->letter, d->arena, &link), FAULT_NOT_FOUND);
}

static void a_link_is_good_for_a_quarter_of_an_hour(void **state)
{
    struct desk *d = *state;
    struct entry entry;
    assert_ok(ask(d, "marc@example.org", home));
    desk_wait(d, 15 * 60);
    assert_ok(take(d, d->letter, &entry));
    assert_ok(ask(d, "marc@example.org", home));
    desk_wait(d, 15 * 60 + 1);
    assert_fault(take(d, d->letter, &entry), FAULT_NOT_FOUND);
}

static void asking_tells_nothing_of_who_is_here(void **state)
{
    struct desk *d = *state;
    struct person p = desk_load(d, d->marc);
    assert_ok(ask(d, "nobody@example.org", home));
    assert_int_equal(d->letters, 0);
    assert_fault(ask(d, "no address", home), FAULT_INVALID);
    p.active = FLAG_NO;
    desk_save(d, &p);
    assert_ok(ask(d, "marc@example.org", home));
    assert_int_equal(d->letters, 0);
}

static void whoever_hammers_an_account_does_not_stop_its_owner(void **state)
{
    struct desk *d = *state;
    struct entry entry;
    struct caller burglar = desk_caller(elsewhere);
    assert_ok(accounts_set_password(d->house, d->space, d->marc, good));
    for (int i = 0; i < 10; i++)
        assert_fault(enter(d, "marc@example.org", "wrong wrong", elsewhere, &entry), FAULT_DENIED);
    assert_fault(accounts_sign_in(d->house, d->space, "marc@example.org", good, &burglar, &entry),
                 FAULT_LIMIT);
    assert_in_range(burglar.wait_s, 1, 15 * 60);
    assert_fault(enter(d, "marc@example.org", good, "198.51.100.200", &entry),
                 FAULT_LIMIT); /* the same /24 */
    assert_ok(enter(d, "marc@example.org", good, home, &entry));
    assert_int_equal(desk_behind(d, entry.token.text), d->marc);
    desk_wait(d, 15 * 60 + 1); /* and nobody is shut out for good */
    assert_ok(enter(d, "marc@example.org", good, elsewhere, &entry));
}

static void many_networks_together_close_the_password_alone(void **state)
{
    struct desk *d = *state;
    struct entry entry, open;
    assert_ok(accounts_set_password(d->house, d->space, d->marc, good));
    assert_ok(enter(d, "marc@example.org", good, home, &open));
    for (int i = 0; i < 100; i++) {
        char address[32];
        (void)snprintf(address, sizeof address, "203.0.%d.1", i);
        const struct caller one = desk_caller(address);
        assert_ok(attempts_count(d->house, d->space, ATTEMPT_PASSWORD, "marc@example.org", &one));
    }
    assert_fault(enter(d, "marc@example.org", good, home, &entry), FAULT_LIMIT);
    assert_int_equal(desk_behind(d, open.token.text), d->marc); /* who is in stays in */
    assert_ok(ask(d, "marc@example.org", home));
    assert_ok(take(d, d->letter, &entry));
    assert_int_equal(desk_behind(d, entry.token.text), d->marc);
}

static void letters_are_not_sent_without_end(void **state)
{
    struct desk *d = *state;
    struct entry entry;
    for (int i = 0; i < 5; i++)
        assert_ok(ask(d, "marc@example.org", home));
    assert_fault(ask(d, "marc@example.org", home), FAULT_LIMIT);
    for (int i = 0; i < 5; i++)
        assert_ok(ask(d, "nobody@example.org", "2001:db8:1:2::1"));
    assert_fault(ask(d, "nobody@example.org", "2001:db8:1:2:3::9"),
                 FAULT_LIMIT);             /* told alike; the same /56 */
    assert_ok(take(d, d->letter, &entry)); /* those that came are good */
}

static void sessions_end_by_themselves(void **state)
{
    struct desk *d = *state;
    struct entry entry;
    assert_ok(ask(d, "marc@example.org", home));
    assert_ok(take(d, d->letter, &entry));
    desk_wait(d, 30 * 60);
    assert_int_equal(desk_behind(d, entry.token.text), d->marc);
    desk_wait(d, 1);
    assert_int_equal(desk_behind(d, entry.token.text), 0);
    assert_ok(ask(d, "marc@example.org", home));
    assert_ok(take(d, d->letter, &entry));
    for (int minutes = 0; minutes < 12 * 60; minutes += 20) {
        desk_wait(d, 20 * 60);
        assert_int_equal(desk_behind(d, entry.token.text), d->marc);
        assert_ok(accounts_session_seen(d->house, entry.token.text));
    }
    desk_wait(d, 1);
    assert_int_equal(desk_behind(d, entry.token.text), 0);
}

static void open_three(struct desk *d, struct entry entries[3])
{
    for (int i = 0; i < 3; i++) {
        desk_wait(d, 1);
        assert_ok(ask(d, "marc@example.org", home));
        assert_ok(take(d, d->letter, &entries[i]));
    }
}

static void sessions_are_listed_and_ended(void **state)
{
    struct desk *d = *state;
    struct entry entries[3];
    struct session_line *lines = NULL;
    size_t count = 0;
    open_three(d, entries);
    assert_ok(accounts_sessions(d->house, d->space, d->marc, d->arena, &lines, &count));
    assert_int_equal(count, 3);
    assert_string_equal(lines[0].device, "Firefox · Linux");
    assert_string_equal(lines[0].network, "198.51.100.x");
    assert_ok(accounts_session_end(d->house, d->space, d->anne, lines[2].id)); /* nobody else's to end */
    assert_int_equal(desk_behind(d, entries[0].token.text), d->marc);
    assert_ok(accounts_session_end(d->house, d->space, d->marc, lines[2].id));
    assert_int_equal(desk_behind(d, entries[0].token.text), 0);
    assert_ok(accounts_sessions_end(d->house, d->space, d->marc, lines[0].id));
    assert_int_equal(desk_behind(d, entries[1].token.text), 0);
    assert_int_equal(desk_behind(d, entries[2].token.text), d->marc);
}

static void a_new_password_and_a_closed_account_end_all(void **state)
{
    struct desk *d = *state;
    struct entry entries[3], entry;
    open_three(d, entries);
    assert_ok(ask(d, "marc@example.org", home));
    assert_ok(accounts_set_password(d->house, d->space, d->marc, good));
    for (int i = 0; i < 3; i++)
        assert_int_equal(desk_behind(d, entries[i].token.text), 0);
    assert_fault(take(d, d->letter, &entry), FAULT_NOT_FOUND);
    desk_wait(d, 15 * 60 + 1);
    open_three(d, entries);
    struct person p = desk_load(d, d->marc);
    p.active = FLAG_NO;
    desk_save(d, &p);
    assert_fault(enter(d, "marc@example.org", good, home, &entry), FAULT_DENIED);
    assert_ok(accounts_follow(d->house, d->space, &person_type, &p, false));
    p.active = FLAG_YES;
    desk_save(d, &p);
    assert_ok(accounts_follow(d->house, d->space, &person_type, &p, false));
    for (int i = 0; i < 3; i++) /* none comes back to life */
        assert_int_equal(desk_behind(d, entries[i].token.text), 0);
}

static void passwords_are_long_rather_than_odd(void **state)
{
    struct desk *d = *state;
    char long_one[202] = "";
    memset(long_one, 'x', 201);
    memcpy(long_one, "abric", 5);
    const struct {
        const char *typed;
        bool taken;
    } cases[] = {{"court", false},          {"12345678", false},        {"hgfedcba", false},
                 {"azertyuiop", false},     {"aaaaaaaaaaaa", false},    {"MotDePasse", false},
                 {"éàéàéàéà", false},       {"Marc Exemple", false},    {"marc@example.org", false},
                 {long_one, false},         {long_one + 1, true},       {"cadran bleu", true},
                 {"中文密码也可以", false}, {"une montre ronde", true}, {"tournevis", true}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        print_message("# %s\n", cases[i].typed);
        assert_int_equal(!accounts_set_password(d->house, d->space, d->marc, cases[i].typed), cases[i].taken);
    }
}

/* --- the second step ------------------------------------------------------------------------------- */

/* What a telephone shows now, from the secret in its groups. */
static const char *shown(struct desk *d, const struct step_setup *setup)
{
    char plain[64], *at = plain, *key = NULL, code[7];
    size_t length = 0;
    for (const char *p = setup->secret; *p; p++)
        if (*p != ' ')
            *at++ = *p;
    assert_int_equal(oath_base32_decode(plain, (size_t)(at - plain), &key, &length), OATH_OK);
    assert_int_equal(oath_totp_generate(key, length, (time_t)(d->now_us / SECOND_US), 30, 0, 6, code),
                     OATH_OK);
    free(key);
    return arena_print(d->arena, "%s", code);
}

static void set_up(struct desk *d, struct step_setup *setup, struct recovery *recovery)
{
    struct caller caller = desk_caller(home);
    assert_ok(second_step_setup(d->house, d->space, d->marc, d->arena, setup));
    assert_null(setup->secret); /* looking begins nothing */
    assert_ok(second_step_begin(d->house, d->space, d->marc));
    assert_ok(second_step_setup(d->house, d->space, d->marc, d->arena, setup));
    assert_fault(second_step_confirm(d->house, d->space, d->marc, "000000", &caller, recovery),
                 FAULT_INVALID);
    assert_ok(second_step_confirm(d->house, d->space, d->marc, shown(d, setup), &caller, recovery));
}

static struct entry first_factor(struct desk *d)
{
    struct entry entry;
    assert_ok(ask(d, "marc@example.org", home));
    assert_ok(take(d, d->letter, &entry));
    assert_true(entry.awaits_step);
    assert_int_equal(desk_behind(d, entry.token.text), 0); /* it is no session */
    return entry;
}

static struct fault *step(struct desk *d, const struct entry *entry, const char *code, struct token *session)
{
    struct caller caller = desk_caller(home);
    struct recovery recovery;
    return second_step_enter(d->house, d->space, entry->token.text, code, &caller, session, &recovery);
}

static void a_code_opens_once(void **state)
{
    struct desk *d = *state;
    struct step_setup setup;
    struct recovery recovery;
    struct token session;
    set_up(d, &setup, &recovery);
    const char *used = shown(d, &setup);
    struct entry entry = first_factor(d);
    assert_fault(step(d, &entry, used, &session), FAULT_INVALID); /* it served to turn the step on */
    desk_wait(d, 30);
    const char *code = shown(d, &setup);
    assert_ok(step(d, &entry, code, &session));
    assert_int_equal(desk_behind(d, session.text), d->marc);
    assert_fault(step(d, &entry, code, &session), FAULT_NOT_FOUND); /* the pass is used up */
    entry = first_factor(d);
    assert_fault(step(d, &entry, code, &session), FAULT_INVALID); /* and so is the code */
    desk_wait(d, 30);
    code = arena_print(d->arena, "%.3s %s", shown(d, &setup), shown(d, &setup) + 3); /* as people read it */
    assert_ok(step(d, &entry, code, &session));
}

static void a_recovery_code_stands_for_a_lost_telephone_once(void **state)
{
    struct desk *d = *state;
    struct step_setup setup;
    struct recovery recovery;
    struct token session;
    struct second_step state_now;
    set_up(d, &setup, &recovery);
    struct entry entry = first_factor(d);
    assert_ok(step(d, &entry, recovery.codes[3].text, &session));
    entry = first_factor(d);
    assert_fault(step(d, &entry, recovery.codes[3].text, &session), FAULT_INVALID);
    assert_ok(step(d, &entry, recovery.codes[4].text, &session));
    assert_ok(second_step_of(d->house, d->space, d->marc, &state_now));
    assert_int_equal(state_now.codes, 8);
    assert_ok(second_step_end(d->house, d->space, d->marc));
    assert_ok(ask(d, "marc@example.org", home));
    assert_ok(take(d, d->letter, &entry));
    assert_false(entry.awaits_step);
}

static void codes_are_not_guessed(void **state)
{
    struct desk *d = *state;
    struct step_setup setup;
    struct recovery recovery;
    struct token session;
    set_up(d, &setup, &recovery);
    struct entry entry = first_factor(d);
    for (int i = 0; i < 5; i++)
        assert_fault(step(d, &entry, "000000", &session), FAULT_INVALID);
    assert_fault(step(d, &entry, recovery.codes[0].text, &session), FAULT_NOT_FOUND); /* five a pass */
    entry = first_factor(d);
    for (int i = 0; i < 5; i++) /* ten from a network */
        assert_fault(step(d, &entry, "000000", &session), FAULT_INVALID);
    entry = first_factor(d);
    assert_fault(step(d, &entry, "000000", &session), FAULT_LIMIT);
    entry = first_factor(d);
    assert_ok(step(d, &entry, recovery.codes[0].text, &session)); /* whose owner still comes in */
    desk_wait(d, 15 * 60 + 1);
    entry = first_factor(d);
    desk_wait(d, 10 * 60 + 1);
    assert_fault(step(d, &entry, shown(d, &setup), &session), FAULT_NOT_FOUND); /* ten minutes a pass */
}

static void a_space_can_require_the_second_step(void **state)
{
    struct desk *d = *state;
    struct entry entry;
    struct step_pass pass;
    struct step_setup setup;
    struct session s;
    assert_ok(ask(d, "marc@example.org", home));
    assert_ok(take(d, d->letter, &entry));
    assert_ok(second_step_want(d->house, d->space, ROLE_MEMBER));
    assert_ok(accounts_session(d->house, d->space, entry.token.text, &s));
    assert_int_equal(s.factors, 1);
    assert_true(s.wanted & ROLE_MEMBER); /* the server makes a visitor of it */
    entry = first_factor(d);
    assert_ok(second_step_look(d->house, d->space, entry.token.text, &pass));
    assert_true(pass.set_up);
    assert_ok(second_step_setup(d->house, d->space, d->marc, d->arena, &setup));
    struct token session;
    assert_ok(step(d, &entry, shown(d, &setup), &session));
    assert_ok(accounts_session(d->house, d->space, session.text, &s));
    assert_int_equal(s.factors, 2);
}

/* --- invitations ----------------------------------------------------------------------------------- */

static struct fault *invite(struct desk *d, int64_t inviter, const char *email, const char *role,
                            int64_t organisation, struct token *token)
{
    struct door *door = NULL;
    const struct invitation_wish wish = {.email = email, .role = role, .organisation = organisation};
    TRY(door_open(d->space->space, d->arena, inviter, &door));
    TRY(invitation_make(d->house, d->space, door, &wish, NULL));
    desk_post(d);
    (void)snprintf(token->text, sizeof token->text, "%s", d->letter);
    return NULL;
}

static struct fault *accept(struct desk *d, const struct token *token, const char *name, const char *password,
                            struct entry *entry)
{
    const struct caller caller = desk_caller(elsewhere);
    return invitation_accept(d->house, d->space, token->text, name, password, &caller, entry);
}

static const struct viewer *as(struct desk *d, int64_t person)
{
    struct door *door = NULL;
    assert_ok(door_open(d->space->space, d->arena, person, &door));
    return door_viewer(door);
}

static void who_may_invite_whom_into_what(void **state)
{
    struct desk *d = *state;
    const struct {
        int64_t inviter, organisation;
        const char *role;
        bool may;
    } cases[] = {{d->anne, d->firm, "member", true},     {d->anne, d->rival, "facilitator", true},
                 {d->anne, 0, "funder", true},           {d->marc, d->firm, "member", true},
                 {d->marc, d->rival, "member", false},   {d->marc, d->firm, "facilitator", false},
                 {d->marc, 0, "member", false},          {0, d->firm, "member", false},
                 {d->anne, 4242424242, "member", false}, {d->anne, 0, "king", false}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct token token;
        print_message("# %zu\n", i);
        assert_int_equal(
            !invite(d, cases[i].inviter, "lea@example.org", cases[i].role, cases[i].organisation, &token),
            cases[i].may);
    }
    assert_int_equal(d->letters, 4);
    assert_string_equal(d->to, "lea@example.org");
}

static void an_invitation_brings_somebody_in_once(void **state)
{
    struct desk *d = *state;
    struct token token;
    struct entry entry;
    struct invitation i;
    bool known = true;
    assert_ok(invite(d, d->marc, "lea@example.org", "member", d->firm, &token));
    assert_ok(invitation_look(d->house, d->space, token.text, d->arena, &i, &known));
    assert_string_equal(i.organisation_name, "Décolletage Exemple");
    assert_string_equal(i.inviter_name, "Marc Exemple");
    assert_false(known);
    struct fault *refused = accept(d, &token, "Léa", "court", &entry);
    assert_string_equal(refused->field, "password");
    refused = accept(d, &token, " ", "", &entry);
    assert_string_equal(refused->field, "name"); /* refused whole: the link is still good */
    assert_ok(accept(d, &token, "Léa Exemple", "un mot de passe à elle", &entry));
    int64_t lea = desk_behind(d, entry.token.text);
    assert_true(viewer_acts_for(as(d, lea), d->firm));
    assert_int_equal(as(d, lea)->roles & ~ROLE_VISITOR, ROLE_MEMBER);
    assert_fault(accept(d, &token, "Léa", "", &entry), FAULT_NOT_FOUND);
    assert_ok(enter(d, "lea@example.org", "un mot de passe à elle", home, &entry));
}

static void somebody_known_gains_the_mandate_and_no_session(void **state)
{
    struct desk *d = *state;
    struct token token;
    struct entry entry;
    assert_ok(invite(d, d->anne, "Marc@example.org", "member", d->rival, &token));
    assert_ok(accept(d, &token, "", "", &entry));
    assert_string_equal(entry.token.text, "");
    assert_false(entry.awaits_step);
    assert_true(viewer_acts_for(as(d, d->marc), d->rival));
    assert_true(viewer_acts_for(as(d, d->marc), d->firm));
    struct person p = desk_load(d, d->marc);
    p.active = FLAG_NO;
    desk_save(d, &p);
    assert_ok(invite(d, d->anne, "marc@example.org", "member", d->firm, &token));
    assert_fault(accept(d, &token, "", "", &entry), FAULT_DENIED);
}

static void invitations_end(void **state)
{
    struct desk *d = *state;
    struct token first, second;
    struct entry entry;
    struct door *door = NULL;
    struct invitation *all = NULL;
    size_t count = 0;
    assert_ok(invite(d, d->anne, "lea@example.org", "member", 0, &first));
    assert_ok(door_open(d->space->space, d->arena, d->marc, &door));
    assert_ok(invitations_of(d->house, d->space, door, &all, &count));
    assert_int_equal(count, 0); /* it is not his */
    assert_ok(door_open(d->space->space, d->arena, d->anne, &door));
    assert_ok(invitations_of(d->house, d->space, door, &all, &count));
    assert_int_equal(count, 1);
    assert_ok(invitation_again(d->house, d->space, door, all[0].id, &second));
    assert_fault(accept(d, &first, "Léa", "", &entry), FAULT_NOT_FOUND);
    desk_wait(d, 14 * 24 * 3600 + 1);
    assert_fault(accept(d, &second, "Léa", "", &entry), FAULT_NOT_FOUND);
    assert_ok(invitation_again(d->house, d->space, door, all[0].id, &second));
    assert_ok(invitation_withdraw(d->house, d->space, door, all[0].id));
    assert_fault(accept(d, &second, "Léa", "", &entry), FAULT_NOT_FOUND);
    assert_fault(invitation_withdraw(d->house, d->space, door, all[0].id), FAULT_NOT_FOUND);
    /* and with the rights of who sent it */
    assert_ok(invite(d, d->anne, "lea@example.org", "facilitator", 0, &first));
    struct person p = desk_load(d, d->anne);
    p.role = "member";
    desk_save(d, &p);
    assert_fault(accept(d, &first, "Léa", "", &entry), FAULT_NOT_FOUND);
}

/* --- what is kept ----------------------------------------------------------------------------------- */

static bool file_has(const struct desk *d, const char *name, const char *words)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s/%s", d->folder, name);
    FILE *file = fopen(path, "rb");
    if (!file)
        return false;
    static char bytes[4 << 20];
    size_t length = fread(bytes, 1, sizeof bytes, file);
    (void)fclose(file);
    return memmem(bytes, length, words, strlen(words)) != NULL;
}

static void a_space_handed_over_holds_no_secret(void **state)
{
    static const char *const files[] = {"directory.db", "directory.db-wal", "essai.db", "essai.db-wal"};
    struct desk *d = *state;
    struct step_setup setup;
    struct recovery recovery;
    struct entry entry;
    char hash[65];
    set_up(d, &setup, &recovery);
    assert_ok(accounts_set_password(d->house, d->space, d->anne, good));
    assert_ok(enter(d, "anne@example.org", good, home, &entry));
    assert_ok(ask(d, "anne@example.org", home));
    token_hash(entry.token.text, hash);
    const char *kept_nowhere[] = {entry.token.text, d->letter, good, recovery.codes[0].text};
    for (size_t i = 0; i < COUNT(kept_nowhere); i++)
        for (size_t k = 0; k < COUNT(files); k++)
            assert_false(file_has(d, files[k], kept_nowhere[i]));
    assert_true(file_has(d, files[0], hash) ||
                file_has(d, files[1], hash)); /* the search finds what is there */
    for (size_t k = 2; k < COUNT(files); k++) {
        assert_false(file_has(d, files[k], hash));
        assert_false(file_has(d, files[k], "argon2"));
    }
}

static void devices_are_told_in_words(void **state)
{
    struct desk *d = *state;
    static const struct {
        const char *agent, *words;
    } cases[] = {
        {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 "
         "Safari/537.36 Edg/130.0",
         "Edge · Windows"},
        {"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
         "Version/17.5 Mobile/15E148 Safari/604.1",
         "Safari · iPhone"},
        {"Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile "
         "Safari/537.36",
         "Chrome · Android"},
        {"<script>alert(1)</script>", ""},
        {NULL, ""},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_string_equal(device_words(d->arena, cases[i].agent), cases[i].words);
}

#define DESK(test) cmocka_unit_test_setup_teardown(test, desk_open, desk_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK(a_link_opens_once_wherever_it_is_opened),
        DESK(a_link_is_good_for_a_quarter_of_an_hour),
        DESK(asking_tells_nothing_of_who_is_here),
        DESK(whoever_hammers_an_account_does_not_stop_its_owner),
        DESK(many_networks_together_close_the_password_alone),
        DESK(letters_are_not_sent_without_end),
        DESK(sessions_end_by_themselves),
        DESK(sessions_are_listed_and_ended),
        DESK(a_new_password_and_a_closed_account_end_all),
        DESK(passwords_are_long_rather_than_odd),
        DESK(a_code_opens_once),
        DESK(a_recovery_code_stands_for_a_lost_telephone_once),
        DESK(codes_are_not_guessed),
        DESK(a_space_can_require_the_second_step),
        DESK(who_may_invite_whom_into_what),
        DESK(an_invitation_brings_somebody_in_once),
        DESK(somebody_known_gains_the_mandate_and_no_session),
        DESK(invitations_end),
        DESK(a_space_handed_over_holds_no_secret),
        DESK(devices_are_told_in_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
