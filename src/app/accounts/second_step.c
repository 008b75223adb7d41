/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "accounts/second_step.h"

#include <ctype.h>
#include <liboath/oath.h>
#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "accounts/internal.h"
#include "arena/arena.h"
#include "clock/clock.h"
#include "html/html.h"
#include "i18n/i18n.h"
#include "roster/roster.h"
#include "roster/second_steps.h"
#include "roster/sessions.h"

enum { SECRET_BYTES = 20, STEP_S = 30, WINDOW = 1, MOST_TRIES = 5 };
static const char kind[] = "step";
/* RFC 4648 base32: without 0, 1, 8 and 9, which are read for letters. */
static const char letters[] = "ABCDEFGHIJKLMNOP"
                              "QRSTUVWXYZ234567";

static void start_oath(void)
{
    if (oath_init() != OATH_OK)
        abort();
}

/* `count` letters of five random bits each. */
static void draw_letters(char *out, size_t count)
{
    randombytes_buf(out, count);
    for (size_t i = 0; i < count; i++)
        out[i] = letters[(unsigned char)out[i] % 32];
}

/* Without spaces and hyphens, in capitals: codes are read from a screen or a sheet. */
static const char *tidy(struct arena *a, const char *typed)
{
    char *out = arena_text(a, typed, strlen(typed)), *to = out;
    for (const char *p = typed; *p; p++)
        if (*p != ' ' && *p != '-')
            *to++ = (char)toupper((unsigned char)*p);
    *to = '\0';
    return out;
}

struct fault *second_step_of(struct house *h, const struct space_info *s, int64_t person,
                             struct second_step *out)
{
    ARENA_SCOPE(work);
    struct roster_step step;
    TRY(roster_step_find(house_roster(h), work, s->name, person, &step));
    *out = (struct second_step){step.since_us, step.codes};
    return NULL;
}

static const char *grouped(struct arena *a, const char *secret)
{
    const char *out = "";
    for (size_t i = 0; secret[i]; i += 4)
        out = arena_print(a, "%s%s%.4s", out, i ? " " : "", secret + i);
    return out;
}

struct fault *second_step_begin(struct house *h, const struct space_info *s, int64_t person)
{
    enum { LETTERS = SECRET_BYTES * 8 / 5 };
    ARENA_SCOPE(work);
    struct roster_step step;
    char fresh[LETTERS + 1] = "";
    TRY(roster_step_find(house_roster(h), work, s->name, person, &step));
    if (step.since_us)
        return fault(FAULT_CONFLICT, "Your second step is on already.");
    if (step.secret)
        return NULL;
    draw_letters(fresh, LETTERS);
    return roster_step_prepare(house_roster(h), s->name, person, fresh);
}

struct fault *second_step_setup(struct house *h, const struct space_info *s, int64_t person, struct arena *a,
                                struct step_setup *out)
{
    struct roster_step step;
    const char *email = NULL;
    *out = (struct step_setup){0};
    TRY(roster_step_find(house_roster(h), a, s->name, person, &step));
    if (!step.secret || step.since_us)
        return NULL;
    TRY(accounts_email(s, person, a, &email));
    out->secret = grouped(a, step.secret);
    out->uri = url(a, "otpauth://totp/%s:%s?secret=%s&issuer=%s", s->title, email ? email : "", step.secret,
                   s->title);
    return NULL;
}

/* The time step whose code this is; -1: none near now. */
static int64_t step_of_code(const char *secret, const char *code)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    char *key = NULL;
    size_t length = 0;
    uint64_t counter = 0;
    (void)pthread_once(&once, start_oath);
    if (strlen(code) != 6 || oath_base32_decode(secret, strlen(secret), &key, &length) != OATH_OK)
        return -1;
    int found = oath_totp_validate3(key, length, (time_t)(now_us() / SECOND_US), STEP_S, 0, WINDOW, NULL,
                                    &counter, code);
    sodium_memzero(key, length);
    free(key);
    return found >= 0 ? (int64_t)counter : -1;
}

static struct fault *wrong_code(void)
{
    return fault_in("code",
                    fault(FAULT_INVALID, "This code is not good, or was used already: wait for the next."));
}

/* What was typed against the secret, or against the recovery codes. */
static struct fault *is_good(struct house *h, const struct space_info *s, int64_t person, const char *code,
                             bool recovers, bool *good)
{
    ARENA_SCOPE(work);
    struct roster_step step;
    char hash[65];
    if (recovers) {
        token_hash(code, hash);
        return roster_recovery_take(house_roster(h), s->name, person, hash, good);
    }
    TRY(roster_step_find(house_roster(h), work, s->name, person, &step));
    int64_t at = step.secret ? step_of_code(step.secret, code) : -1;
    *good = false;
    return at < 0 ? NULL : roster_step_advance(house_roster(h), s->name, person, at, good);
}

struct fault *second_step_check(struct house *h, const struct space_info *s, int64_t person, const char *code,
                                struct caller *caller)
{
    ARENA_SCOPE(work);
    const char *tidied = tidy(work, code), *subject = arena_print(work, "%lld", (long long)person);
    bool recovers = strlen(tidied) > 6, good = false;
    enum attempt attempt = recovers ? ATTEMPT_RECOVERY : ATTEMPT_CODE;
    TRY(attempts_check(h, s, attempt, subject, caller));
    TRY(is_good(h, s, person, tidied, recovers, &good));
    if (good)
        return attempts_forget(h, s, attempt, subject, caller);
    TRY(attempts_count(h, s, attempt, subject, caller));
    return wrong_code();
}

static void draw_recovery(struct arena *a, struct recovery *out, const char *hashes[RECOVERY_CODES])
{
    for (int i = 0; i < RECOVERY_CODES; i++) {
        char plain[17] = "", *hash = NEW(a, char, 65);
        draw_letters(plain, 16);
        token_hash(plain, hash);
        hashes[i] = hash;
        (void)snprintf(out->codes[i].text, sizeof out->codes[i].text, "%.4s-%.4s-%.4s-%.4s", plain, plain + 4,
                       plain + 8, plain + 12);
    }
}

struct fault *second_step_confirm(struct house *h, const struct space_info *s, int64_t person,
                                  const char *code, struct caller *caller, struct recovery *out)
{
    ARENA_SCOPE(work);
    struct roster_step step;
    const char *hashes[RECOVERY_CODES];
    TRY(second_step_check(h, s, person, code, caller));
    TRY(roster_step_find(house_roster(h), work, s->name, person, &step));
    draw_recovery(work, out, hashes);
    return roster_step_confirm(house_roster(h), s->name, person, step.since_us ? step.since_us : now_us(),
                               hashes, RECOVERY_CODES);
}

struct fault *second_step_end(struct house *h, const struct space_info *s, int64_t person)
{
    return roster_step_end(house_roster(h), s->name, person);
}

static struct fault *find(struct house *h, const struct space_info *s, const char *token, struct arena *a,
                          char hash[65], struct roster_pass *pass)
{
    bool may = false;
    token_hash(token, hash);
    TRY(roster_pass_find(house_roster(h), a, hash, kind, s->name, pass));
    if (pass->person && now_us() <= pass->until_us && pass->tries < MOST_TRIES)
        TRY(may_enter(s, pass->person, &may, NULL));
    return may ? NULL : fault(FAULT_NOT_FOUND, "This took too long: sign in again.");
}

struct fault *second_step_look(struct house *h, const struct space_info *s, const char *token,
                               struct step_pass *out)
{
    ARENA_SCOPE(work);
    struct roster_pass pass;
    struct second_step step;
    char hash[65];
    TRY(find(h, s, token, work, hash, &pass));
    TRY(second_step_of(h, s, pass.person, &step));
    *out = (struct step_pass){pass.person, step.since_us == 0};
    return NULL;
}

struct fault *second_step_enter(struct house *h, const struct space_info *s, const char *token,
                                const char *code, struct caller *caller, struct token *session,
                                struct recovery *recovery)
{
    ARENA_SCOPE(work);
    struct roster_pass pass;
    struct step_pass known;
    char hash[65];
    bool taken = false;
    TRY(second_step_look(h, s, token, &known));
    TRY(find(h, s, token, work, hash, &pass));
    TRY(roster_pass_tried(house_roster(h), hash));
    TRY(known.set_up ? second_step_confirm(h, s, pass.person, code, caller, recovery)
                     : second_step_check(h, s, pass.person, code, caller));
    TRY(roster_pass_take(house_roster(h), hash, &taken));
    if (!taken)
        return fault(FAULT_NOT_FOUND, "This took too long: sign in again.");
    return open_session(h, s, pass.person, (enum way)pass.way, 2, caller, session);
}

struct fault *second_step_wanted(struct house *h, const struct space_info *s, int *roles)
{
    int64_t wanted = 0;
    TRY(roster_second_step_wanted(house_roster(h), s->name, &wanted));
    *roles = (int)wanted;
    return NULL;
}

struct fault *second_step_want(struct house *h, const struct space_info *s, int roles)
{
    return roster_second_step_want(house_roster(h), s->name, roles);
}
